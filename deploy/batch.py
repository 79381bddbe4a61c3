"""Many searches at once, on every core: processes that each open the library, and share its files' memory."""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Literal

from deploy import local, settings
from deploy.article import RoleFailed
from orchestrator import finding
from orchestrator.services import Services
from retrievers.contracts import CaseFilter, Ranking

FEW = 100  # so few are searched here: another process would first load the library
PORTION = 16  # questions that a process takes at a time

Kind = Literal["articles", "cases"]
Row = Mapping[str, Any]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of every row {"qid", "query", "pool"?}: the best `top`, of cases only those that `only` lets in."""

    profile: str
    kind: Kind
    top: int
    only: CaseFilter | None = None


def search(job: Job, rows: Sequence[Row], workers: int | None = None) -> Iterator[Found]:
    """One {"qid", "hits": [{"id", "score"}]} for each row, in order. Raises what opening and searching raise."""
    # An article role is loaded once: every process would take the memory of its models again.
    workers = 1 if settings.load(job.profile).article is not None else workers or os.cpu_count() or 1
    if workers == 1 or len(rows) <= FEW:
        services = local.services(settings.load(job.profile))
        for row in rows:
            yield asyncio.run(_found(services, job, row))
        return
    portions = [rows[start : start + PORTION] for start in range(0, len(rows), PORTION)]
    context = get_context("spawn")  # a copy of a process with threads may hang
    with ProcessPoolExecutor(workers, context, _open, (job,)) as pool:
        for found in pool.map(_portion, portions):
            yield from found


_opened: tuple[Services, Job]


def _open(job: Job) -> None:
    global _opened
    _opened = local.services(settings.load(job.profile)), job


def _portion(rows: Sequence[Row]) -> list[Found]:
    async def found() -> list[Found]:
        return [await _found(*_opened, row) for row in rows]

    return asyncio.run(found())


def require_whole(ranking: Ranking) -> None:
    """Raise RoleFailed when a model that the search should have asked failed: a measurement must not hide that."""
    if ranking.lacking:
        raise RoleFailed(";".join(ranking.lacking))


async def _found(services: Services, job: Job, row: Row) -> Found:
    text = str(row["query"])
    if job.kind == "articles":
        ranking = await finding.ranking(services, text, top=job.top)
        require_whole(ranking)
        hits = list(ranking.scores.items())
    else:
        cases = await finding.cases(services, text, top=job.top, pool=row.get("pool"), only=job.only)
        hits = [(hit.case.id, hit.score) for hit in cases]
    return {"qid": row["qid"], "hits": [{"id": id_, "score": score} for id_, score in hits]}
