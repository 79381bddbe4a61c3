"""`lexhub models`: the model cards of this installation, and the weights that they load."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from models.contracts import ModelCard

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
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


def _pinned(card: "ModelCard") -> str:
    if card.backend not in LOADING:
        return "—"
    if card.options.get("sha256"):
        return "已固定(SHA-256)"
    return "只固定版本" if card.options.get("revision") else "未固定"
