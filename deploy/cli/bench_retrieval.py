"""`lexhub bench retrieval`: speed and memory of searching the corpora of this home, with questions of our own."""

import asyncio
import os
import platform
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from orchestrator.services import Services

console = Console(highlight=False)


def retrieval(
    questions: Annotated[int, typer.Option(min=50, help="测多少个问题")] = 300,
    out: Annotated[Path, typer.Option(help="图写到哪里")] = Path("bench"),
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """检索的速度与内存:载入、一次检索(法条加案例)的延迟、批量检索每秒多少条。"""
    import psutil

    from deploy import local, settings
    from retrievers import embedded

    loaded = settings.load(profile)
    console.print(f"数据目录 {loaded.home};{platform.processor() or platform.machine()},{os.cpu_count()} 核")
    everything = sorted({text for extra in embedded.shipped().extras.values() for text in extra.questions})
    asked = random.Random(7).sample(everything, min(questions, len(everything)))
    local.services(loaded)  # makes the embedded corpus where there is none, and warms the file cache
    started = time.perf_counter()
    services = local.services(loaded)
    opened = time.perf_counter() - started
    state = asyncio.run(services.library.state())
    spent = asyncio.run(_each(services, asked))
    memory = psutil.Process().memory_info().rss
    rate = _batched(profile, asked)
    table = Table("量", "p50", "p99", "界限")
    for name, values in spent.items():
        limit = "p50 20 ms,p99 60 ms" if name == "一次检索(法条加案例)" else ""
        table.add_row(name, f"{_quantile(values, 0.5):.1f} ms", f"{_quantile(values, 0.99):.1f} ms", limit)
    table.add_row("批量检索法条", f"{rate:.0f} 条/秒", "", "150 条/秒")
    table.add_row("载入(内存映射)", f"{opened:.2f} s", "", "2 s")
    table.add_row("本进程内存(RSS)", f"{memory / 2**20:.0f} MiB", "", "")
    console.print(table)
    console.print(f"语料:{state.articles} 条法条,{state.cases} 个案例;{len(asked)} 个问题")
    out.mkdir(parents=True, exist_ok=True)
    _draw(spent, out / "retrieval.png")
    console.print(f"已写入 {out / 'retrieval.png'}")


async def _each(services: "Services", asked: list[str]) -> dict[str, list[float]]:
    """Milliseconds of every question, one after the other, keywords and proposals included."""
    from orchestrator import finding

    spent: dict[str, list[float]] = {"检索法条": [], "检索案例": [], "一次检索(法条加案例)": []}
    for at, text in enumerate([*asked[:10], *asked]):  # ten to warm up
        start = time.perf_counter()
        await finding.articles(services, text, top=20)
        middle = time.perf_counter()
        await finding.cases(services, text, top=10)
        end = time.perf_counter()
        terms, _ = await finding.keywords(services, text)
        await asyncio.gather(
            finding.articles(services, text, top=20, terms=terms), finding.cases(services, text, top=10, terms=terms)
        )
        both = time.perf_counter() - end
        if at >= 10:
            for name, value in zip(spent, (middle - start, end - middle, both), strict=True):
                spent[name].append(value * 1000)
    return spent


def _batched(profile: str, asked: list[str]) -> float:
    """Questions a second on all cores: the slope between two batches, so that starting the processes is left out."""
    from deploy import batch

    def seconds(times: int) -> float:
        rows = [{"qid": str(at), "query": text} for at, text in enumerate(asked * times)]
        started = time.perf_counter()
        for _ in batch.search(batch.Job(profile, "articles", 100), rows):
            pass
        return time.perf_counter() - started

    few, many = seconds(1), seconds(6)
    return 5 * len(asked) / max(many - few, 1e-9)


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _draw(spent: dict[str, list[float]], path: Path) -> None:
    import matplotlib as plotting

    plotting.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(6, 3.5))
    for label, values in zip(("articles", "cases", "both"), spent.values(), strict=True):
        shares = [place / len(values) for place in range(1, len(values) + 1)]
        axis.plot(sorted(values), shares, label=label)
    axis.axvline(20, color="grey", linestyle=":", label="bar at p50")
    axis.set_xlabel("ms a search")
    axis.set_ylabel("share of questions")
    axis.set_xlim(left=0)
    axis.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
