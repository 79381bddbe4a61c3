"""`lexhub models`: checkpoints of this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from deploy.cli.progress import bars

if TYPE_CHECKING:
    from models.conversion.jobs import Converted

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="检查点、差值权重或 peft 适配器的文件夹")]
Base = Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="差值或适配器的底座的文件夹")]
GB = 10**9


@app.command()
def convert(
    source: Folder,
    out: Annotated[Path, typer.Argument(help="写到哪个文件夹(不能已经存在)")],
    base: Base = None,
    kind: Annotated[
        Literal["auto", "checkpoint", "delta", "lora"],
        typer.Option(
            help="来源是什么:完整的检查点、对底座的差值、LoRA 适配器;auto 按文件识别,给了底座而没有适配器的当作差值"
        ),
    ] = "auto",
    dtype: Annotated[
        Literal["bfloat16", "float16", "float32", "keep"], typer.Option(help="权重的数值类型;keep 保持原样")
    ] = "keep",
    shard_gb: Annotated[float, typer.Option(min=0.001, help="每个权重文件至多多少 GB")] = 5,
) -> None:
    """把旧的 .bin 权重、差值权重或 LoRA 适配器转换、合并成 safetensors;.bin 在单独的进程里只按张量读取。"""
    from models.conversion import jobs, process

    found = jobs.recognised(kind, source, base)
    with bars(console) as progress:
        converted = process.convert(found, source, base, out, dtype, int(shard_gb * GB), progress)
    _show(converted, out)


def _show(converted: "Converted", out: Path) -> None:
    import yaml

    record = converted.record
    console.print(
        f"已写入 {out}:{record.tensors} 个张量,{record.size / GB:.2f} GB,{record.dtype};架构与形状已核对。",
        markup=False,
        soft_wrap=True,
    )
    for note in converted.notes:
        console.print(f"注意:{note}。", markup=False, soft_wrap=True)
    console.print("模型卡里这样写明文件的指纹:")
    pins = {"options": {"model": str(out), "sha256": converted.pins}}
    console.print(yaml.safe_dump(pins, sort_keys=False, allow_unicode=True, width=1000), markup=False, soft_wrap=True)
