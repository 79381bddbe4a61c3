"""Verify: the whole answer once more. Its citations become a list with status and quotation."""

import time

from models.contracts import AnswerPlan
from orchestrator import inhouse
from orchestrator.contracts import Citation
from orchestrator.inert import shown
from orchestrator.premises import BASIS
from orchestrator.state import State
from orchestrator.steps.common import Run, as_of, documents_of, emit, entry
from retrievers.contracts import Passage


async def run(state: State, runtime: Run) -> State:
    """List what the answer cites. Only passages in force are listed: the sentences passed the same check when sent."""
    started = time.perf_counter()
    plan = AnswerPlan.model_validate(state["draft"])
    # Our word on law that does not exist or is gone is no citation; the law that a wrong belief is corrected by is one.
    own = {shown(note) for note in (*plan.corrections, *plan.notices) if BASIS not in note}
    # What the caller's own documents cite is their word, not the answer's.
    theirs = inhouse.part(documents_of(state))
    body = "".join(text for text in state["written"] if text != theirs and not any(note in text for note in own))
    excerpts = {one.id: one.excerpt for ground in plan.grounds for one in ground.sources}
    citations: dict[str, Citation] = {}
    for resolution in await runtime.context.library.resolve(body, as_of(state)):
        passage = resolution.passage
        if resolution.outcome == "found" and passage is not None and passage.citable:
            quote = excerpts.get(passage.id) or resolution.excerpt or passage.text
            citations.setdefault(passage.id, _citation(passage, quote))
    rows = [citation.model_dump(mode="json") for citation in citations.values()]
    emit(runtime, "citations", citations=rows)
    official = sum(row["status"] == "verified" for row in rows)
    counted = f"{official}条为官方原文,{len(rows) - official}条为要旨"
    return {
        "results": {"citations": rows},
        "trace": [entry("verify", f"引用{len(rows)}条:{counted}", started)],
    }


def _citation(passage: Passage, excerpt: str) -> Citation:
    official = passage.kind == "official"
    return Citation(
        id=passage.id,
        law=passage.law,
        article=passage.article,
        version=passage.version,
        quote=(excerpt if excerpt in passage.text else passage.text) if official else "",
        digest="" if official else passage.text,
        status=passage.authority,
    )
