"""Execute (HuggingGPT stages 2 and 3): whatever task of the plan is ready runs, in parallel, on its chosen model.

A failed task degrades the answer with a label; its result is empty, never invented.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from models.contracts import ModelError
from orchestrator import finding, inhouse, planning
from orchestrator.contracts import ConsultationError, Plan, Task, TraceEntry
from orchestrator.state import Json, State
from orchestrator.steps.common import Run, as_of, causes_of, emit, entry, message_of, story_of
from orchestrator.wording import plain
from retrievers.contracts import Query, RetrievalError, Term

ARTICLES_FOUND = 60
ARTICLES_TOLD = 20  # of them in the trace and to whoever follows the turn
CASES_FOUND = 6
DOCUMENTS_FOUND = 10
LATER = ("answer", "verify", "lookup", "calculate", "reply")  # tasks that have a step of their own in the graph


class Work:
    """One run of a plan: results by task name, trace entries and degraded tasks as they come in."""

    def __init__(self, state: State, runtime: Run) -> None:
        self.state, self.runtime, self.services = state, runtime, runtime.context
        self.results: dict[str, Any] = {}
        self.trace: list[Json] = []
        self.degraded: list[str] = []

    @property
    def text(self) -> str:
        """What is searched with: the story of a consultation and what is asked about it, else the message itself."""
        story, asked = story_of(self.state), self.state.get("asked", "")
        return "\n".join(part for part in (story, asked) if part) or (message_of(self.state).content or "")

    def failed(self, task: str, error: Exception, started: float) -> None:
        """Label the answer as degraded by this task and say why in the trace."""
        self.degraded.append(task)
        code = getattr(error, "code", "timeout")
        self.trace.append(entry(task, f"任务失败({code}),答复将注明缺少这一部分", started, error=str(error)))

    def lacks(self, task: str, said: Sequence[str], started: float) -> None:
        """Label the answer as degraded by a part of a task that was done without it."""
        self.degraded.append(task)
        self.trace.append(entry(task, f"{';'.join(said)};本次检索没有用到", started))


async def run(state: State, runtime: Run) -> State:
    """Run the plan's retrieval tasks. Returns their results, and which of them failed."""
    work = Work(state, runtime)
    plan = Plan.model_validate(state["plan"])
    done = {task.id for task in plan.tasks if task.task in LATER}
    pending = {task.id: task for task in plan.tasks if task.id not in done}
    while pending:
        batch = [task for task in planning.ready(plan, done) if task.id in pending]
        await asyncio.gather(*(_timed(work, task) for task in batch))
        done |= {task.id for task in batch}
        for task in batch:
            del pending[task.id]
    if work.services.corpora and state["route"] != "case_search":
        await _documents(work)
    return {
        "results": work.results,
        "trace": work.trace,
        "degraded": [*state.get("degraded", []), *work.degraded],
    }


async def _timed(work: Work, task: Task) -> None:
    started = time.perf_counter()
    doing: dict[str, Callable[[Work, float], Awaitable[None]]] = {
        "keywords": _keywords,
        "articles": _articles,
        "cases": _cases,
    }
    try:
        with work.services.observer.step(task.task):
            await doing[task.task](work, started)
    except (ModelError, RetrievalError, ConsultationError) as error:
        work.failed(task.task, error, started)
    emit(work.runtime, "step", task=task.task, id=task.id, ms=round((time.perf_counter() - started) * 1000, 1))


async def _keywords(work: Work, started: float) -> None:
    terms, made = await finding.keywords(work.services, work.text, work.state.get("domain", ""))
    work.results["keywords"] = [[one.term, one.weight] for one in terms]
    shown = "、".join(one.term for one in terms[:8])
    work.trace.append(_noted(made, f"{made.note};关键词:{shown}", started))


async def _articles(work: Work, started: float) -> None:
    query = _query(work, ARTICLES_FOUND, await _proposed(work))
    hits = await work.services.library.search_articles(query)
    if lacking := hits[0].lacking if hits else ():
        work.lacks("article_reading", lacking, started)
    rows = [{"id": hit.passage.id, "score": round(hit.score, 4)} for hit in hits]
    work.results["articles"] = rows
    told = list(zip(rows, hits, strict=True))[:ARTICLES_TOLD]
    scored = [{**row, "scores": hit.scores} for row, hit in told]
    work.trace.append(entry("articles", f"检索到{len(rows)}条法条", started, hits=scored))
    named = [{**row, "name": hit.passage.name, "status": hit.passage.status} for row, hit in told]
    emit(work.runtime, "articles", articles=named)


async def _proposed(work: Work) -> finding.Proposals:
    """What the article model proposes; its failure only costs its proposals, and is labelled."""
    started = time.perf_counter()
    try:
        kept, missing, made = await finding.proposals(
            work.services, work.text, work.state.get("domain", ""), as_of(work.state)
        )
    except (ModelError, ConsultationError) as error:
        work.failed("article_model", error, started)
        return ()
    note = f"{made.note};提出{len(kept) + missing}条,其中语料中没有或已失效{missing}条"
    work.trace.append(_noted(made, note, started))
    return kept


async def _cases(work: Work, started: float) -> None:
    query = _query(work, CASES_FOUND, ())
    hits = await work.services.library.search_cases(query)
    rows = [{"id": hit.case.id, "score": round(hit.score, 4)} for hit in hits]
    work.results["cases"] = rows
    work.trace.append(entry("cases", f"检索到{len(rows)}个案例", started, hits=rows))
    emit(
        work.runtime,
        "cases",
        cases=[{**row, "title": hit.case.title, "kind": hit.case.kind} for row, hit in zip(rows, hits, strict=True)],
    )


async def _documents(work: Work) -> None:
    """No task of the plan: which corpora there are depends on who asks, and a plan is kept with the session."""
    started = time.perf_counter()
    about = work.state.get("asked") or work.text
    terms = [Term(term=term, weight=weight) for term, weight in work.results.get("keywords", [])]
    try:
        hits = await finding.documents(work.services, about, terms, top=DOCUMENTS_FOUND)
    except RetrievalError as error:
        work.failed("documents", error, started)
        return
    shown = inhouse.fitting(hits, about, [term.term for term in terms])
    rows = [one.model_dump(mode="json") for one in shown]
    work.results["documents"] = rows
    scored = [{"id": hit.passage.id, "score": round(hit.score, 4), "scores": hit.scores} for hit in hits]
    note = f"内部文件检索到{len(hits)}段,采用{len(shown)}段"
    work.trace.append(entry("documents", note, started, hits=scored))
    if rows:
        emit(work.runtime, "documents", documents=rows)


def _query(work: Work, top: int, proposed: tuple[tuple[str, float], ...]) -> Query:
    keywords = tuple(Term(term=term, weight=weight) for term, weight in work.results.get("keywords", []))
    causes = " ".join(cause.name for cause in causes_of(work.state))
    return Query(
        text=plain(f"{work.text}\n{causes}".strip()),
        keywords=keywords,
        proposed=proposed,
        field=work.state.get("domain", ""),
        as_of=as_of(work.state),
        top=top,
    )


def _noted(made: TraceEntry, note: str, started: float) -> Json:
    ms = round((time.perf_counter() - started) * 1000, 1)
    return made.model_copy(update={"note": note, "ms": ms}).model_dump(mode="json")
