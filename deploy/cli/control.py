"""`lexhub models live`: the models of a running server, over its admin API: join, leave, and who gets the requests."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
URL = typer.Option(help="服务的地址;默认本机,端口取 LEXHUB_PORT。密钥取环境变量 LEXHUB_API_KEY,需要 admin 权限")
Url = Annotated[str | None, URL]
Why = Annotated[str, typer.Option(help="为什么;随版本保存")]
Model = Annotated[str, typer.Argument(help="模型的名称")]
Ability = Annotated[str, typer.Argument(help="能力:plan、keywords、articles、facts、dialogue")]
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
    told = _call(url, "GET", "/models")
    table = Table(title=f"模型(策略第 {told['revision']} 版)")
    for heading in ("名称", "能力", "状态", "副本", "进行/等待", "首字/全程(秒)", "错误率", "断路器", "成本", "分流"):
        table.add_column(heading, overflow="fold")
    for row in told["models"]:
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

    given: Any = card
    if card.endswith((".yaml", ".yml", ".json")):
        try:
            given = yaml.safe_load(Path(card).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise BadSettings(f"{card}: {error}") from error
    options = {"gpus": gpus, "cpus": cpus, "ongoing": ongoing, "queued": queued}
    deployment = {"replicas": replicas, **{name: value for name, value in options.items() if value is not None}}
    row = _call(url, "POST", "/models", {"card": given, "deployment": deployment})
    console.print(f"{row['name']}:{STATES.get(row['state'], row['state'])};用 `lexhub models live list` 看是否可用。")


@app.command()
def remove(model: Model, url: Url = None) -> None:
    """移除一个加入的模型;先要停用。"""
    _call(url, "DELETE", f"/models/{quote(model, safe='')}")
    console.print(f"{model}:移除中,正在处理的请求会做完。")


@app.command()
def drain(model: Model, why: Why = "", url: Url = None) -> None:
    """停用:不再接新请求。"""
    _changed(_call(url, "POST", f"/models/{quote(model, safe='')}/drain", {"why": why}))


@app.command()
def resume(model: Model, why: Why = "", url: Url = None) -> None:
    """恢复接请求。"""
    _changed(_call(url, "POST", f"/models/{quote(model, safe='')}/resume", {"why": why}))


@app.command()
def weight(
    model: Model,
    weight: Annotated[float | None, typer.Argument(min=0, help="权重;不写即取消")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """按权重分流:有权重的模型之间按比例分会话。"""
    _changed(_call(url, "PUT", f"/models/{quote(model, safe='')}/weight", {"weight": weight, "why": why}))


@app.command()
def canary(
    model: Model,
    percent: Annotated[float | None, typer.Argument(min=0, max=100, help="百分之几的会话;不写即结束")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """灰度:百分之几的会话先用这个模型。"""
    _changed(_call(url, "PUT", f"/models/{quote(model, safe='')}/canary", {"percent": percent, "why": why}))


@app.command()
def pin(ability: Ability, model: Model, field: Field = "", key: Key = "", why: Why = "", url: Url = None) -> None:
    """固定:某种能力(可限于某领域、某密钥)先用这个模型。检查点文件的指纹见 `lexhub models pin`。"""
    body = {"ability": ability, "model": model, "field": field, "key": key, "why": why}
    _changed(_call(url, "PUT", "/pins", body))


@app.command()
def unpin(ability: Ability, field: Field = "", key: Key = "", why: Why = "", url: Url = None) -> None:
    """取消固定。"""
    which = urlencode({"ability": ability, "field": field, "key": key, "why": why})
    _changed(_call(url, "DELETE", f"/pins?{which}"))


@app.command()
def chain(
    ability: Ability,
    models: Annotated[list[str] | None, typer.Argument(help="先后顺序;不写即取消")] = None,
    why: Why = "",
    url: Url = None,
) -> None:
    """某种能力的候选顺序。"""
    _changed(_call(url, "PUT", f"/chains/{quote(ability, safe='')}", {"models": models or [], "why": why}))


@app.command()
def rollback(
    revision: Annotated[int, typer.Argument(min=0, help="回到第几版;0 为没有任何策略")], why: Why = "", url: Url = None
) -> None:
    """回到某一版策略。"""
    _changed(_call(url, "POST", "/rollback", {"revision": revision, "why": why}))


@app.command()
def history(limit: Annotated[int, typer.Option(min=1, max=500, help="至多多少版")] = 20, url: Url = None) -> None:
    """策略的各个版本:何时、由谁、为什么、是什么。"""
    import json
    from datetime import datetime

    for row in _call(url, "GET", f"/revisions?limit={limit}")["revisions"]:
        at = datetime.fromtimestamp(row["at"]).isoformat(" ", "seconds")
        policy = {name: value for name, value in row["policy"].items() if value}
        head = f"{row['revision']}  {at}  {row['who']}  {row['why']}"
        console.print(f"{head}\n   {json.dumps(policy, ensure_ascii=False)}", markup=False, soft_wrap=True)


@app.command()
def decisions(limit: Annotated[int, typer.Option(min=1, max=500, help="至多多少条")] = 20, url: Url = None) -> None:
    """最近的模型选择(一个副本的):选了谁、为什么、别的为什么没有选、结果如何。"""
    for row in _call(url, "GET", f"/decisions?limit={limit}")["decisions"]:
        result = row["model"] or row["error"]
        console.print(f"{row['request']}  {row['task']} → {result}  {row['ms']:.0f} ms", markup=False, soft_wrap=True)
        console.print(f"   {row['reason']}", markup=False, soft_wrap=True)
        for name, reason in row["others"].items():
            console.print(f"   {name}:{reason}", markup=False, soft_wrap=True)
        if row["failed"]:
            console.print(f"   失败:{'、'.join(row['failed'])}", markup=False, soft_wrap=True)


def _changed(revision: dict[str, Any]) -> None:
    console.print(f"策略第 {revision['revision']} 版已保存,各副本约一秒内生效。")


def _call(url: str | None, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The answer of the admin API. Raises BadSettings with what the server says, or that there is none."""
    import httpx

    from deploy import settings
    from deploy.settings import BadSettings

    where = (url or settings.local_url()).rstrip("/")
    key = settings.own_key()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.request(
            method, f"{where}/v1/admin{path}", json=body, headers=headers, timeout=30, trust_env=False
        )
    except httpx.HTTPError as error:
        raise BadSettings(f"{where} 没有应答:{error}") from error
    if answer.is_success:
        return answer.json()
    try:
        told = answer.json()["error"]
        raise BadSettings(f"{told['code']}: {told['message']}")
    except (ValueError, KeyError, TypeError):
        raise BadSettings(f"{where} 的应答不是 Lexhub 的:HTTP {answer.status_code}") from None
