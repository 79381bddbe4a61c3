"""Show: the fact sheet goes out for confirmation. Kept apart from `confirm`, which must do nothing but interrupt."""

from orchestrator.state import State
from orchestrator.steps.common import Run, emit, facts_of, reply


async def run(state: State, runtime: Run) -> State:
    """Send the facts, with what changed marked."""
    facts = list(facts_of(state).values())
    emit(runtime, "confirm", facts=[fact.model_dump(mode="json") for fact in facts])
    return {"reply": reply(state, "confirm", facts=facts)}
