"""`lexhub models`: the model cards of this installation, and the weights that they load; `live`: a running server's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import control
from deploy.cli.progress import bars

if TYPE_CHECKING:
    from models.contracts import ModelCard
    from models.conversion.jobs import Converted

app = typer.Typer(no_args_is_help=True)
app.add_typer(control.app, name="live", help="运行中的服务的模型:加入、移除、停用、权重、固定、灰度、回滚")
console = Console(highlight=False)
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="检查点、差值权重或 peft 适配器的文件夹")]
Base = Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="差值或适配器的底座的文件夹")]
GB = 10**9
ABILITIES = {"plan": "规划", "keywords": "关键词", "articles": "法条", "facts": "事实", "dialogue": "对话"}
LOADING = ("transformers_local",)  # the backends that load weights which others made


@app.command("list")
def listed(profile: Annotated[str, typer.Option(help="配置;其中的卡片目录也会列出")] = "embedded") -> None:
    """列出模型卡片:名称、后端、能力、许可证、权重是否已固定。"""
    from deploy import settings
    from models import registry

    table = Table(title="模型卡片")
    for heading in ("名称", "后端", "能力", "许可证", "权重"):
        table.add_column(heading, overflow="fold")  # names are for copying, so never cut
    for card in registry.cards(settings.load(profile).card_folders).values():
        able = "、".join(ABILITIES[one] for one in card.abilities)
        table.add_row(card.name, card.backend, able, card.licence or "未写明", _pinned(card))
    console.print(table)


@app.command()
def pin(model: Annotated[str, typer.Argument(help="检查点文件夹,或已下载到本机的模型名称")]) -> None:
    """计算检查点各文件的 SHA-256,输出可以直接写进模型卡片 options 的几行。"""
    import yaml

    from models.local.loading import locate
    from models.local.pins import pins

    folder = locate(model, None, None, download=False)
    # In the hub's cache a folder has the name of its revision.
    options = {"revision": folder.name} if folder.parent.name == "snapshots" else {}
    print(yaml.safe_dump({"options": {**options, "sha256": pins(folder)}}, sort_keys=False), end="")


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


def _pinned(card: "ModelCard") -> str:
    if card.backend not in LOADING:
        return "—"
    if card.options.get("sha256"):
        return "已固定(SHA-256)"
    return "只固定版本" if card.options.get("revision") else "未固定"
