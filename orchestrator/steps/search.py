"""Search: the articles or cases that a question is after, shown as found and not applied to anybody's facts."""

from models.contracts import AnswerPlan, Ground
from orchestrator import likeness, opinion, suggestion
from orchestrator.state import State
from orchestrator.steps import execute
from orchestrator.steps.common import Run, as_of, message_of

SHOWN = 5
NEAR_CASE = 0.5  # cases that score less than this share of the best are not about the same thing


async def run(state: State, runtime: Run) -> State:
    """Run the plan's search and make the answer plan that lists what was found."""
    text = message_of(state).content or ""
    done = await execute.run({**state, "story": [text]}, runtime)
    results, library = done["results"], runtime.context.library
    terms = [term for term, _ in results.get("keywords", [])]
    field = state.get("domain", "")
    if state["route"] == "case_search":
        rows = results.get("cases", [])
        best = max((row["score"] for row in rows), default=0.0)
        cases = await library.cases([row["id"] for row in rows[:SHOWN] if row["score"] >= NEAR_CASE * best])
        shown = opinion.similar(cases, likeness.Told(text, {}, tuple(terms)), None, runtime.context.today())
        said = f"找到{len(shown)}个最相近的案例:" if shown else "没有找到相近的案例。"
        plan = AnswerPlan(kind="lookup", field=field, conclusions=(said,), cases=shown)
    else:
        hits = results.get("articles", [])
        passages = {one.id: one for one in await library.passages([hit["id"] for hit in hits], as_of(state))}
        pairs = [(passages[hit["id"]], hit["score"]) for hit in hits if hit["id"] in passages]
        verdicts = suggestion.judge(pairs, (), terms, text)
        fitting = [passage for (passage, _), verdict in zip(pairs, verdicts, strict=True) if verdict.fits][:SHOWN]
        said = f"与您的问题最相关的{len(fitting)}条现行规定:" if fitting else "没有找到能够回答这个问题的现行规定。"
        grounds = tuple(Ground(says="", sources=(opinion.source(one, text),)) for one in fitting)
        plan = AnswerPlan(kind="lookup", field=field, conclusions=(said,), grounds=grounds)
    return {**done, "draft": plan.model_dump(mode="json")}
