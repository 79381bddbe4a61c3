"""Ask: pause until the client answers. The only thing this step does is interrupt, since a resumed step runs again."""

from langgraph.types import interrupt

from orchestrator.contracts import Question
from orchestrator.state import State
from orchestrator.steps.common import Run, facts_of, reply


async def run(state: State, runtime: Run) -> State:
    """Interrupt with the questions; resumes with the keys of the next turn (message, turn, key)."""
    questions = [Question.model_validate(row) for row in state["questions"]]
    made = reply(state, "question", questions=questions, facts=list(facts_of(state).values()))
    if state.get("stateless"):
        return {"reply": made}
    resumed: State = interrupt(made)
    return {**resumed, "reply": made}


def leads_to(state: State) -> str:
    """Back to intake with the next message; a stateless run ends with its questions."""
    return "__end__" if state.get("stateless") else "intake"
