"""`lexhub bench scale`: building, memory, speed and recall of the case index as it grows, on invented cases."""

import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)
QUESTIONS, JUDGED = 200, 100
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Built:
    """Seconds of an import, the most memory that it had (bytes), and the size of what it wrote (bytes)."""

    seconds: float
    memory: int
    size: int


@dataclass(frozen=True)
class Searched:
    """Seconds to load; bytes of memory once every page of the files is in it, as predicted from their sizes and as it
    is; milliseconds of each search; of the exact ten best, the share that was found: by the lists of vectors, and by
    the whole search.
    """

    loading: float
    predicted: int
    memory: int
    spent: list[float]
    nearest: float
    whole: float


def scale(
    cases: Annotated[int, typer.Option(min=100_000, help="多少个虚构案例")] = 1_000_000,
    out: Annotated[Path, typer.Option(help="图写到哪里")] = Path("bench"),
) -> None:
    """案例索引随规模变化:导入用时与内存、占用内存(预测与实测)、检索延迟、近似检索的召回率。"""
    sizes = (cases // 100, cases // 10, cases)
    console.print(f"{platform.processor() or platform.machine()},{os.cpu_count()} 核;虚构案例 {sizes} 个")
    built, searched = [], []
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            built.append(_apart(partial(_build, Path(home), size)))
            console.print(f"{size} 个:导入 {built[-1].seconds:.0f} 秒,导入时内存最多 {_gib(built[-1].memory)}")
            searched.append(_apart(partial(_search, Path(home))))
    console.print(_table("案例", [f"{size:,}" for size in sizes], {
        "导入": [f"{one.seconds:.0f} s" for one in built],
        "导入时内存": [_gib(one.memory) for one in built],
        "磁盘": [_gib(one.size) for one in built],
        "载入": [f"{one.loading:.2f} s" for one in searched],
        "内存,预测": [_gib(one.predicted) for one in searched],
        "内存,实测": [f"{_gib(one.memory)} ({one.memory / one.predicted - 1:+.1%})" for one in searched],
        "一次检索 p50": [f"{_quantile(one.spent, 0.5):.1f} ms" for one in searched],
        "一次检索 p99": [f"{_quantile(one.spent, 0.99):.1f} ms" for one in searched],
        "向量召回@10": [f"{one.nearest:.3f}" for one in searched],
        "整个检索召回@10": [f"{one.whole:.3f}" for one in searched],
    }))  # fmt: skip
    console.print("界限(一百万):内存 6 GiB 以下,与预测相差 10% 以内,p50 40 ms 以下,向量召回@10 不低于 0.95")
    out.mkdir(parents=True, exist_ok=True)
    _draw(sizes, searched, out / "scale.png")
    console.print(f"已写入 {out / 'scale.png'}")


def _table(name: str, heads: Sequence[str], rows: Mapping[str, Sequence[str]]) -> Table:
    table = Table(name, *heads)
    for label, cells in rows.items():
        table.add_row(label, *cells)
    return table


def _apart(work: Callable[[], Outcome]) -> Outcome:
    """The outcome of `work` in a fresh process, whose memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work).result()


def _build(home: Path, size: int) -> Built:
    from retrievers import embedded, generations
    from retrievers.evaluation.stories import Stories

    shipped = embedded.shipped()
    store = generations.cases_store(home)
    stories = Stories(shipped.cases)
    started = time.perf_counter()
    with store.writing():
        generations.build_cases(store, stories.cases(size), shipped)
    seconds = time.perf_counter() - started
    manifest = store.verified(store.current() or "")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
    return Built(seconds, memory, sum(stored.size for stored in manifest.files.values()))


def _search(home: Path) -> Searched:
    import psutil

    from retrievers import embedded, generations
    from retrievers.contracts import Query
    from retrievers.evaluation.stories import Stories
    from retrievers.indexes import bm25
    from retrievers.indexes.precedents import Precedents
    from retrievers.indexes.precedents import memory as memory_of

    questions = list(Stories(embedded.shipped().cases).questions(QUESTIONS))
    store = generations.cases_store(home)
    manifest = store.verified(store.current() or "")
    folder = store.generation(manifest.digest)
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    precedents = Precedents(folder)
    loading = time.perf_counter() - started
    for text in questions[:10]:
        precedents.search(Query(text=text, top=10))
    spent, found = [], []
    for text in questions:
        started = time.perf_counter()
        hits = precedents.search(Query(text=text, top=10))
        spent.append((time.perf_counter() - started) * 1000)
        found.append({hit.case.id for hit in hits})
    precedents.warm()
    memory = psutil.Process().memory_info().rss - before
    predicted = memory_of({name: stored.size for name, stored in manifest.files.items()})
    nearest = _nearest(folder, questions[:JUDGED])
    bm25.BUDGET = 10**12
    exact = [{hit.case.id for hit in precedents.search(Query(text=text, top=10))} for text in questions[:JUDGED]]
    kept = sum(len(some & every) for some, every in zip(found, exact, strict=False))
    return Searched(loading, predicted, memory, spent, nearest, kept / max(sum(map(len, exact)), 1))


def _nearest(folder: Path, questions: Sequence[str]) -> float:
    """Recall of the ten nearest by the index against all vectors, made anew from the texts in full precision."""
    import numpy as np

    from retrievers.cases import Cases, text
    from retrievers.indexes.latent import Latent
    from retrievers.portions import portions

    index = Latent(folder)
    asked = [place for question in questions if (place := index.place(question)) is not None]
    wanted = np.stack(asked)
    scores, rows, before = np.full((len(asked), 10), -2, np.float32), np.zeros((len(asked), 10), np.int64), 0
    for block in portions(Cases(folder).all(), 5000):
        places = [index.place(text(case)) for case in block]
        vectors = np.stack([np.zeros_like(wanted[0]) if place is None else place for place in places])
        both = np.concatenate([scores, wanted @ vectors.T], axis=1)
        numbers = np.concatenate([rows, np.broadcast_to(np.arange(len(block)) + before, (len(asked), len(block)))], 1)
        best = np.argpartition(-both, 9, axis=1)[:, :10]
        scores, rows = np.take_along_axis(both, best, 1), np.take_along_axis(numbers, best, 1)
        before += len(block)
    found = [set(index.nearest(place, 10).tolist()) for place in asked]
    return float(np.mean([len(some & set(every)) / 10 for some, every in zip(found, rows.tolist(), strict=True)]))


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _gib(size: float) -> str:
    return f"{size / 2**30:.2f} GiB"


def _draw(sizes: Sequence[int], searched: Sequence[Searched], path: Path) -> None:
    import matplotlib as plotting

    plotting.use("Agg")
    from matplotlib import pyplot

    figure, (speed, memory, quality) = pyplot.subplots(1, 3, figsize=(11, 3.4))
    speed.plot(sizes, [_quantile(one.spent, 0.5) for one in searched], marker="o", label="p50")
    speed.plot(sizes, [_quantile(one.spent, 0.99) for one in searched], marker="o", label="p99")
    speed.set_ylabel("ms a search")
    memory.plot(sizes, [one.memory / 2**30 for one in searched], marker="o", label="measured")
    memory.plot(sizes, [one.predicted / 2**30 for one in searched], marker="x", linestyle=":", label="predicted")
    memory.set_ylabel("GiB")
    quality.plot(sizes, [one.nearest for one in searched], marker="o", label="vectors")
    quality.plot(sizes, [one.whole for one in searched], marker="o", label="whole search")
    quality.set_ylabel("recall@10 against exact")
    quality.set_ylim(0.8, 1.01)
    for axis in (speed, memory, quality):
        axis.set_xscale("log")
        axis.set_xlabel("cases")
        axis.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
