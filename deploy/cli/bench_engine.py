"""`lexhub bench engine`: the engine on this machine, with random weights of real sizes, against its contenders."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console(highlight=False)


class SizeName(StrEnum):
    """A size that can be measured; auto fits the machine."""

    AUTO = "auto"
    TINY = "30m"
    SMALL = "0.6b"
    MIDDLE = "1.7b"
    LARGE = "8b"


class Wish(StrEnum):
    """Whether to measure something that may not be installed."""

    AUTO = "auto"
    NO = "no"


def engine(
    size: Annotated[SizeName, typer.Option(help="模型大小;auto:无 GPU 时 30m,有 GPU 时 8b 与 1.7b")] = SizeName.AUTO,
    requests: Annotated[str, typer.Option(help="同时多少路,逗号分隔")] = "1,8,32,64,128",
    prompt: Annotated[int | None, typer.Option(min=32, help="提示的词元数(默认 GPU 1024,CPU 128)")] = None,
    new: Annotated[int, typer.Option(min=2, help="每路写多少词元")] = 128,
    repeat: Annotated[int, typer.Option(min=1, help="每档测几次,取中位")] = 3,
    out: Annotated[Path, typer.Option(help="表、图、JSON 写到哪里")] = Path("bench"),
    work: Annotated[Path | None, typer.Option(help="权重放在哪里,留给下次用(默认用完即删)")] = None,
    skip_plain: Annotated[bool, typer.Option("--skip-plain", help="不测 transformers 的 generate")] = False,
    skip_server: Annotated[bool, typer.Option("--skip-server", help="不测整个服务")] = False,
    vllm: Annotated[Wish, typer.Option(help="装有 vLLM 时一并测")] = Wish.AUTO,
) -> None:
    """推理引擎的速度:各路数下的吞吐与延迟、占带宽上限的比例,与 generate、vLLM、整个服务对比。"""
    from deploy.benchmarks.engine import machine, suite, tables
    from deploy.benchmarks.engine.shapes import SIZES
    from deploy.cli.bench import STORIES

    on_gpu = machine.device() == "cuda"
    names = [size.value] if size is not SizeName.AUTO else ["8b", "1.7b"] if on_gpu else ["30m"]
    plan = suite.Plan(
        shapes=tuple(SIZES[name] for name in names),
        loads=suite.loads(prompt or (1024 if on_gpu else 128), new, _counts(requests)),
        repeat=repeat,
        out=out,
        stories=STORIES,
        work=work,
        plain=not skip_plain,
        server=not skip_server,
        vllm=vllm is Wish.AUTO,
    )
    report = suite.run(plan, console.print)
    console.print(tables.machine(report))
    console.print(tables.tables(report))
    console.print(f"已写入 {out / 'engine.json'} 与 {len(report.sizes)} 张图")
    if any(one.failures for one in report.sizes):
        raise typer.Exit(1)


def _counts(given: str) -> list[int]:
    """The numbers in 1,8,32. Raises typer.BadParameter."""
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise typer.BadParameter(f"{given!r} 应为逗号分隔的正整数,如 1,8,64", param_hint="--requests")
    return [int(part) for part in parts]
