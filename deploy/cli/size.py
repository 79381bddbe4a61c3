"""`lexhub size`: the replicas that a cluster has room for, and what they carry as far as it was measured."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deploy.capacity import Row
    from deploy.settings import Settings

console = Console(highlight=False)
GIB = 2**30
UNKNOWN = "未测"


def size(
    nodes: Annotated[int, typer.Option(min=1, help="节点数")],
    gpus_per_node: Annotated[int, typer.Option(min=1, help="每个节点的显卡数")] = 1,
    gpu_gb: Annotated[float, typer.Option(min=1, help="每张显卡的显存(GiB)")] = 80,
    answer_tokens: Annotated[int, typer.Option(min=1, help="一次答复写多少词元(假定值,请按自己的记录给出)")] = 600,
    engine: Annotated[Path | None, typer.Option(help="在同型号显卡上 lexhub bench engine 写出的 engine.json")] = None,
    costs: Annotated[Path | None, typer.Option(help="lexhub bench cost --out 写出的文件;默认用随附的实测值")] = None,
    profile: Annotated[str, typer.Option(help="以哪个配置为底")] = "cluster",
    write: Annotated[Path | None, typer.Option(help="把配置写到这个文件")] = None,
) -> None:
    """按节点数和显卡给出各部件的副本数、显存和实测容量;没有在您的显卡上测过的一律标明未测。"""
    from deploy import capacity, settings

    hardware = capacity.Hardware(nodes, gpus_per_node, int(gpu_gb * GIB))
    args = capacity.scaled(settings.arguments(profile), hardware)
    loaded = settings.complete(args, source=profile)
    known = capacity.measured(costs or capacity.MEASURED)
    rows = capacity.rows(loaded, hardware, engine, known)
    console.print(_table(rows, f"{nodes} 个节点,每个 {gpus_per_node} 张 {gpu_gb:g} GiB 显卡"))
    console.print(f"处理器数据:{known.turns} 轮,{known.machine};每轮存储 {known.bytes_per_turn / 1024:.1f} KiB")
    console.print(_carried(rows, loaded, answer_tokens))
    if write is not None:
        write.write_text(capacity.written(args, hardware), "utf-8")
        console.print(f"已写入 {write};请填写 sessions、api_keys 和 host")


def _table(rows: "list[Row]", title: str) -> Table:
    table = Table(
        "部件", "副本", "每个副本", "显存", "缓存词元", "每秒词元", "每秒轮数", title=title, title_justify="left"
    )
    for row in rows:
        of, need = row.scaling, row.need
        count = f"{of.replicas}–{of.upto}" if of.upto > of.replicas else str(of.replicas)
        takes = f"{of.cpus:g} 核" + (f",{of.gpus:g} 卡" if of.gpus else "")
        memory = f"{need.one / GIB:.1f} GiB" if need is not None else UNKNOWN if of.gpus else "—"
        tokens = f"{need.tokens:,}" if need is not None else "—"
        rate = f"{row.rate:,.0f}" if row.rate is not None else UNKNOWN if of.gpus else "—"
        turns = f"{row.turns:.1f}" if row.turns is not None else "—" if of.gpus else UNKNOWN
        table.add_row(row.name, count, takes, memory, tokens, rate, turns)
    return table


def _carried(rows: "list[Row]", loaded: "Settings", answer_tokens: int) -> str:
    """What the whole cluster carries: the least of its parts that were measured."""
    carried = {row.name: row.turns * row.scaling.upto for row in rows if row.turns is not None}
    dialogue = next(row for row in rows if row.scaling.gpus >= 1)
    if dialogue.rate is None:
        name = min(carried, key=lambda one: carried[one])
        return (
            f"处理器部分至多每秒 {carried[name]:.0f} 轮(先满的是 {name})。大模型的速度没有测过:"
            "请在同型号显卡上运行 lexhub bench engine,再用 --engine 给出 engine.json"
        )
    carried[dialogue.name] = dialogue.rate * dialogue.scaling.upto / answer_tokens
    name = min(carried, key=lambda one: carried[one])
    return f"至多每秒 {carried[name]:.1f} 轮(先满的是 {name};每次答复假定 {answer_tokens} 个词元)"
