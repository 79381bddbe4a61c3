"""`lexhub models live`: the models of a running server, over its admin API: join, leave, and who gets the requests."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.running import server
from models.contracts import Ability as AbilityName

if TYPE_CHECKING:
    from orchestrator.traffic import Revision

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
URL = typer.Option(help="服务的地址;默认本机,端口取 LEXHUB_PORT。密钥取环境变量 LEXHUB_API_KEY,需要 admin 权限")
Url = Annotated[str | None, URL]
Why = Annotated[str, typer.Option(help="为什么;随版本保存")]
Model = Annotated[str, typer.Argument(help="模型的名称")]
Ability = Annotated[AbilityName, typer.Argument(help="能力:plan、keywords、articles、facts、dialogue")]
Field = Annotated[str, typer.Option(help="只在这个法律领域")]
Key = Annotated[str, typer.Option(help="只对这个名称的密钥")]
BREAKERS = {"closed": "正常", "open": "断开", "half_open": "试探"}
STATES = {
    "ready": "可用",
    "starting": "启动中",
    "drained": "已停用",
    "unhealthy": "不健康",
    "failed": "失败",
    "removing": "移除中",
}


@app.command("list")
def listed(url: Url = None) -> None:
    """列出运行中的模型:状态、副本、排队、延迟、错误率、断路器、分流。"""
    with server(url) as client:
        told = client.admin.models()
    table = Table(title=f"模型(策略第 {told.revision} 版)")
    for heading in ("名称", "能力", "状态", "副本", "进行/等待", "首字/全程(秒)", "错误率", "断路器", "成本", "分流"):
        table.add_column(heading, overflow="fold")
    for row in told.models:
        state = STATES.get(row["state"], row["state"])
        if "breaker" not in row:
            table.add_row(row["name"], "", state)
            continue
        first, total = row["latency"]["first_s"], row["latency"]["total_s"]
        share = [f"权重{row['weight']:g}"] if row["weight"] is not None else []
        share += [f"灰度{row['canary']:g}%"] if row["canary"] is not None else []
        table.add_row(
            row["name"],
            "、".join(row["abilities"]),
            f"{state}:{row['reason']}" if row["reason"] else state,
            str(row["replicas"]),
            f"{row['ongoing']}/{row['queued']}",
            "—" if first is None else f"{first:.2f}/{total:.2f}",
            f"{row['error_rate']:.1%}({row['failures']}/{row['requests']})",
            BREAKERS[row["breaker"]["state"]],
            f"{row['cost']:g}",
            "、".join(share),
        )
    console.print(table)


@app.command()
def add(
    card: Annotated[str, typer.Argument(help="模型卡的名称,或模型卡的 YAML/JSON 文件")],
    replicas: Annotated[int, typer.Option(min=1, help="副本数")] = 1,
    gpus: Annotated[float | None, typer.Option(min=0, help="每个副本占多少 GPU")] = None,
    cpus: Annotated[float | None, typer.Option(min=0, help="每个副本占多少 CPU")] = None,
    ongoing: Annotated[int | None, typer.Option(min=1, help="每个副本同时处理多少请求")] = None,
    queued: Annotated[int | None, typer.Option(min=1, help="最多多少请求排队")] = None,
    url: Url = None,
) -> None:
    """加入一个模型,不重启;起来之前不接请求。"""
    import yaml

    from deploy.settings import BadSettings
    from deploy.shapes.admin import Deployment

    given: Any = card
    if card.endswith((".yaml", ".yml", ".json")):
        try:
            given = yaml.safe_load(Path(card).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise BadSettings(f"{card}: {error}") from error
    deployment = Deployment(replicas=replicas, gpus=gpus, cpus=cpus, ongoing=ongoing, queued=queued)
    with server(url) as client:
        row = client.admin.join(given, deployment)
    console.print(f"{row['name']}:{STATES.get(row['state'], row['state'])};用 `lexhub models live list` 看是否可用。")


@app.command()
def remove(model: Model, url: Url = None) -> None:
    """移除一个加入的模型;先要停用。"""
    with server(url) as client:
        client.admin.leave(model)
    console.print(f"{model}:移除中,正在处理的请求会做完。")


@app.command()
def drain(model: Model, why: Why = "", url: Url = None) -> None:
    """停用:不再接新请求。"""
    with server(url) as client:
        _changed(client.admin.drain(model, why))


@app.command()
def resume(model: Model, why: Why = "", url: Url = None) -> None:
    """恢复接请求。"""
    with server(url) as client:
        _changed(client.admin.resume(model, why))


@app.command()
def weight(
    model: Model,
    weight: Annotated[float | None, typer.Argument(min=0, help="权重;不写即取消")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """按权重分流:有权重的模型之间按比例分会话。"""
    with server(url) as client:
        _changed(client.admin.weigh(model, weight, why))


@app.command()
def canary(
    model: Model,
    percent: Annotated[float | None, typer.Argument(min=0, max=100, help="百分之几的会话;不写即结束")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """灰度:百分之几的会话先用这个模型。"""
    with server(url) as client:
        _changed(client.admin.try_out(model, percent, why))


@app.command()
def pin(ability: Ability, model: Model, field: Field = "", key: Key = "", why: Why = "", url: Url = None) -> None:
    """固定:某种能力(可限于某领域、某密钥)先用这个模型。检查点文件的指纹见 `lexhub models pin`。"""
    with server(url) as client:
        _changed(client.admin.pin(ability, model, field, key, why))


@app.command()
def unpin(ability: Ability, field: Field = "", key: Key = "", why: Why = "", url: Url = None) -> None:
    """取消固定。"""
    with server(url) as client:
        _changed(client.admin.unpin(ability, field, key, why))


@app.command()
def chain(
    ability: Ability,
    models: Annotated[list[str] | None, typer.Argument(help="先后顺序;不写即取消")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """某种能力的候选顺序。"""
    with server(url) as client:
        _changed(client.admin.chain(ability, models or [], why))


@app.command()
def rollback(
    revision: Annotated[int, typer.Argument(min=0, help="回到第几版;0 为没有任何策略")], why: Why = "", url: Url = None
) -> None:
    """回到某一版策略。"""
    with server(url) as client:
        _changed(client.admin.roll_back(revision, why))


@app.command()
def history(limit: Annotated[int, typer.Option(min=1, max=500, help="至多多少版")] = 20, url: Url = None) -> None:
    """策略的各个版本:何时、由谁、为什么、是什么。"""
    import json
    from datetime import datetime

    with server(url) as client:
        rows = client.admin.revisions(limit)
    for row in rows:
        at = datetime.fromtimestamp(row.at).isoformat(" ", "seconds")
        policy = {name: value for name, value in row.policy.model_dump(mode="json").items() if value}
        head = f"{row.revision}  {at}  {row.who}  {row.why}"
        console.print(f"{head}\n   {json.dumps(policy, ensure_ascii=False)}", markup=False, soft_wrap=True)


@app.command()
def decisions(limit: Annotated[int, typer.Option(min=1, max=500, help="至多多少条")] = 20, url: Url = None) -> None:
    """最近的模型选择(一个副本的):选了谁、为什么、别的为什么没有选、结果如何。"""
    with server(url) as client:
        rows = client.admin.decisions(limit)
    for row in rows:
        console.print(
            f"{row.request}  {row.task} → {row.model or row.error}  {row.ms:.0f} ms", markup=False, soft_wrap=True
        )
        console.print(f"   {row.reason}", markup=False, soft_wrap=True)
        for name, reason in row.others.items():
            console.print(f"   {name}:{reason}", markup=False, soft_wrap=True)
        if row.failed:
            console.print(f"   失败:{'、'.join(row.failed)}", markup=False, soft_wrap=True)


def _changed(revision: "Revision") -> None:
    console.print(f"策略第 {revision.revision} 版已保存,各副本约一秒内生效。")
