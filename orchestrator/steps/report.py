"""Report: the reply of the turn, and the opinion that a report is written from (orchestrator/reports.py)."""

from models.contracts import AnswerPlan
from orchestrator.contracts import Citation, Opinion
from orchestrator.facts import settled
from orchestrator.state import State
from orchestrator.steps.common import Run, concluded, documents_of, dumped, facts_of, story_of


async def run(state: State, runtime: Run) -> State:
    """Close the turn. The opinion of a consultation is kept; that of a lookup, a search or a supposition is not."""
    plan = AnswerPlan.model_validate(state["draft"])
    answer = "".join(state["written"]).strip()
    citations = [Citation.model_validate(row) for row in state.get("results", {}).get("citations", [])]
    facts = facts_of(state)
    made = concluded(
        state,
        runtime,
        answer,
        facts=list(facts.values()),
        citations=citations,
        cases=[case.model_dump(mode="json") for case in plan.cases],
        documents=documents_of(state),
    )
    kept: State = {"reply": made, "draft": {}, "written": [], "facts": dumped(settled(facts))}
    if state["route"] == "consult" and citations:
        # What 那第二款呢 means after this answer: the first article of its grounds, before those of its calculations.
        grounds = [source.id for ground in plan.grounds for source in ground.sources]
        named = {citation.id for citation in citations}
        kept["last_lookup"] = next((id for id in grounds if id in named), citations[0].id)
    if state["route"] == "consult" and not state.get("asked"):
        opinion = Opinion(
            plan=plan,
            answer=answer,
            citations=tuple(citations),
            facts=tuple(facts.values()),
            question=story_of(state),
            on=runtime.context.today(),
            documents=tuple(documents_of(state)),
        )
        kept["opinion"] = opinion.model_dump(mode="json")
    return kept
