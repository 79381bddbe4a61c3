"""`lexhub doctor`: what this machine has, what is installed and loaded, and what would not work."""

import asyncio
import os
import shutil
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from retrievers.storage import Store

GIB = 2**30
PACKAGES = ("torch", "transformers", "ray", "langgraph", "fastapi", "scipy", "faiss-cpu", "pydantic", "numpy")
MEMORY_GB, DISK_GB = 3, 3  # what the embedded server takes at most, and an installation with the official corpus


def doctor() -> None:
    """检查这台机器能不能运行,哪里有问题。"""
    from deploy import machine, settings
    from deploy.casting import chosen_cards
    from deploy.cli import fits
    from deploy.learned import knowledge
    from orchestrator.papers import fonts
    from retrievers.contracts import RetrievalError
    from retrievers.library import LocalLibrary

    console = Console(highlight=False)
    table = Table("检查", "结果", "")
    faults = 0

    def row(name: str, shown: str, good: bool = True) -> None:
        nonlocal faults
        faults += not good
        table.add_row(name, shown, "[green]正常[/]" if good else "[red]有问题[/]")

    row("Python", sys.version.split()[0], sys.version_info >= (3, 11))
    row("CPU", f"{os.cpu_count()} 核")
    has = machine.found()
    row("内存", f"{has.memory / GIB:.1f} GiB(可用 {has.available / GIB:.1f} GiB)", has.memory >= MEMORY_GB * GIB)
    home = settings.default_home()
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free / 2**30
    row("数据目录", f"{home}(可用 {free:.0f} GiB)", free >= DISK_GB and os.access(home, os.W_OK))
    for name in PACKAGES:
        try:
            row(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            row(name, "未安装", False)
    gpus = (f"{one.name}(显存 {one.memory / GIB:.1f} GiB,可用 {one.free / GIB:.1f} GiB)" for one in has.gpus)
    row("GPU", "、".join(gpus) or "没有(embedded 与 cpu 配置不需要)")
    try:
        row("PDF 字体", str(fonts.find()))
    except fonts.NoFont as error:
        row("PDF 字体", f"没有(md 和 docx 不需要)。{error}")
    for path in sorted(settings.PROFILES.glob("*.yaml")):
        try:
            loaded = settings.load(path.stem)
            names = "、".join(chosen_cards(loaded))
            usable = not loaded.needs_gpu or bool(has.gpus)
            row(f"配置 {path.stem}", names if usable else f"{names}(这台机器没有 GPU,不能使用)")
        except settings.BadSettings as error:
            row(f"配置 {path.stem}", str(error), False)
    try:
        library = LocalLibrary.open(home, knowledge())
        state = asyncio.run(library.state())
        row("法条库", f"{state.articles} 条({state.official} 条官方原文,{state.digests} 条要旨),截至 {state.reaches}")
        row("案例库", f"{state.cases} 个(其中教学案例 {state.invented} 个)")
        for name, store in _stores(home).items():
            row(f"索引 {name}", _generation(store))
    except RetrievalError as error:
        row("语料", str(error), False)
    console.print(table)
    for part in fits.told(has):
        console.print(part)
    if faults:
        raise typer.Exit(1)


def _stores(home: Path) -> dict[str, "Store"]:
    """Every corpus of the home by name."""
    from retrievers import generations
    from retrievers.documents import corpora

    named = {name: corpora.store(home, name) for name in corpora.names(home)}
    return {"laws": generations.laws_store(home), "cases": generations.cases_store(home), **named}


def _generation(store: "Store") -> str:
    """What serves: its digest, size, the memory of a case index, since when. Raises CorruptIndex naming a bad file."""
    from retrievers.indexes import precedents
    from retrievers.ranking import vectors

    made = store.verified(store.current() or "")
    files = {name: stored.size for name, stored in made.files.items()}
    told = [made.digest[:12], f"{sum(files.values()) / 2**20:.0f} MiB"]
    if made.kind == "cases":
        told.append(f"内存至多 {precedents.memory(files) / 2**20:.0f} MiB")
    if (embedder := vectors.made(store.generation(made.digest))) is not None:
        told.append(f"向量由 {embedder.model} 计算")
    if (swapped := store.last_swap()) is not None:
        told.append(f"{datetime.fromtimestamp(swapped / 1e9):%Y-%m-%d %H:%M} 起使用")
    return ",".join(told)
