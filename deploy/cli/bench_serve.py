"""`lexhub bench serve`: what the server itself costs, with models that answer at once, and how it bears load."""

import subprocess
import sys
import tempfile
import venv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.console import Console
from rich.table import Table

LITELLM = "1.106.2"  # the version that figures are compared with
console = Console(highlight=False)


class Part(StrEnum):
    """What can be measured."""

    STORAGE = "storage"
    PROXYING = "proxying"
    TURNS = "turns"
    EVENTS = "events"
    OPENINGS = "openings"
    OVERLOAD = "overload"


def serve(
    part: Annotated[list[Part] | None, typer.Option(help="只测这一部分(可重复);默认全部")] = None,
    litellm: Annotated[
        Path | None, typer.Option(help="LiteLLM 代理的程序;默认在缓存目录中为它单独建一个环境", exists=True)
    ] = None,
    skip_litellm: Annotated[bool, typer.Option("--skip-litellm", help="不与 LiteLLM 对比")] = False,
    workers: Annotated[int, typer.Option(min=1, help="LiteLLM 的进程数")] = 1,
    rounds: Annotated[int, typer.Option(min=1, help="轮流测几遍,取中位")] = 3,
    consultations: Annotated[int, typer.Option(min=1, help="同时进行的咨询数")] = 1000,
    overload: Annotated[float, typer.Option(min=1, help="过载的倍数")] = 10,
    out: Annotated[Path | None, typer.Option(help="另写成 JSON")] = None,
) -> None:
    """服务本身的开销与承载:延迟、吞吐、事件流、内存、数据库、过载;模型立即应答,LiteLLM 代理在同一次运行中对比。"""
    from deploy.benchmarks.serving import suite
    from deploy.benchmarks.serving.parts import Plan

    parts = [one.value for one in part or list(Part)]
    wanted = not skip_litellm and Part.PROXYING.value in parts
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(
            work=Path(folder),
            litellm=(litellm or _installed()) if wanted else None,
            workers=workers,
            rounds=rounds,
            consultations=consultations,
            overload=overload,
        )
        report = suite.run(plan, parts, console.print, out)
    console.print(f"{report.cores} 核;开始时系统负载 {report.load:.1f}(高于 0.5 时,只有比值可信)")
    figures = Table("部分", "量", "值")
    for row in report.figures:
        figures.add_row(row.part, row.what, f"{row.value:.4g} {row.unit}")
    bars = Table("部分", "界限", "实测", "要求", "目标", "达到")
    for bar in report.bars:
        sign = "≤" if bar.most else "≥"
        aim = "" if bar.aim is None else f"{sign} {bar.aim:g}"
        bars.add_row(
            bar.part, bar.what, f"{bar.got:.3g} {bar.unit}", f"{sign} {bar.bar:g}", aim, "是" if bar.held else "否"
        )
    console.print(figures)
    console.print(bars)


def _installed() -> Path:
    """LiteLLM's proxy in an environment of its own, made once."""
    folder = Path(platformdirs.user_cache_dir("lexhub")) / f"litellm-{LITELLM}"
    binary = folder / "bin" / "litellm"
    if not binary.exists():
        console.print(f"正在安装 LiteLLM {LITELLM} 到 {folder}")
        venv.create(folder, with_pip=True)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", f"litellm[proxy]=={LITELLM}"]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return binary
