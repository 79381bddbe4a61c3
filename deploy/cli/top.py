"""`lexhub top`: a running server in the terminal, live."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from deploy.cli.running import server

if TYPE_CHECKING:
    from deploy.observing.frames import Frame, Reading
    from deploy.sdk import Lexhub

BREAKERS = {"closed": "闭合", "half_open": "半开", "open": "断开"}
STATES = {"ready": "就绪", "unhealthy": "不健康", "drained": "已停用", "starting": "启动中", "removing": "移除中"}
RESULTS = {"verified": "原文核对", "digest": "要旨", "rejected": "未通过而删去"}


def top(
    url: Annotated[str | None, typer.Option(help="服务地址(默认本机 8000 或 $LEXHUB_PORT)")] = None,
    key: Annotated[str | None, typer.Option(envvar="LEXHUB_API_KEY", help="API 密钥,需要 admin 权限")] = None,
    interval: Annotated[float, typer.Option(min=0.2, help="每隔多少秒刷新")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="只看一次(相隔 interval 秒读两次)")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON;不加 --once 时每次一行")] = False,
) -> None:
    """实时查看运行中的服务:流量、延迟、模型、引用核对、错误。按 Ctrl-C 退出。"""
    from deploy import settings
    from deploy.observing.frames import frame

    where = url or settings.local_url()
    console = Console(highlight=False)
    with server(where, key) as client:
        before = _reading(client)

        def following() -> "Frame":
            nonlocal before
            time.sleep(interval)
            after = _reading(client)
            made, before = frame(before, after, client.admin.models().models), after
            return made

        if once or as_json:
            while True:
                now = following()
                if as_json:
                    print(json.dumps(asdict(now), ensure_ascii=False), flush=True)
                else:
                    console.print(shown(now, where))
                if once:
                    return
        with Live(Text("正在读取…"), console=console, screen=True, auto_refresh=False) as live:
            try:
                while True:
                    live.update(shown(following(), where), refresh=True)
            except KeyboardInterrupt:
                return


def _reading(client: "Lexhub") -> "Reading":
    from deploy.observing.frames import Reading

    return Reading(client.admin.metrics(), time.monotonic())


def shown(frame: "Frame", where: str) -> Group:
    """A frame for the terminal."""
    head = Table.grid(padding=(0, 3))
    head.add_row(
        "请求", f"{frame.requests_per_s:.1f}/秒", f"p50 {_s(frame.requests.p50)}", f"p95 {_s(frame.requests.p95)}"
    )
    head.add_row("咨询轮次", f"{frame.turns_per_s:.1f}/秒", f"p50 {_s(frame.turns.p50)}", f"p95 {_s(frame.turns.p95)}")
    going = frame.in_flight
    head.add_row(
        f"会话 {going['sessions']:g}",
        f"处理中:请求 {going['requests']:g}",
        f"轮次 {going['turns']:g}",
        f"模型调用 {going['model_calls']:g}",
    )
    citations = "  ".join(f"{RESULTS.get(name, name)} {number:g}" for name, number in frame.citations.items())
    rows: list[Any] = [
        Text(f"律枢 {where} · 最近 {frame.seconds:g} 秒 · 累计 {_totals(frame.totals)}", style="bold"),
        head,
        Text(f"引用(累计) {citations or '—'}"),
        Text(f"各轮结果 {_counts(frame.statuses)}    降级 {_counts(frame.degraded)}"),
        Text(f"错误 {_counts(frame.errors)}", style="red" if frame.errors else ""),
        _table(frame),
        Text(
            "副本  "
            + "  ".join(f"{name}×{number} {frame.memory[name] / 1e6:.0f} MB" for name, number in frame.replicas.items())
        ),
        Text(f"语料  {frame.corpus['laws']:g} 部法律,{frame.corpus['articles']:g} 条,{frame.corpus['cases']:g} 个案例"),
    ]
    if not frame.corpus["up"]:
        rows[-1] = Text("法条库不能服务", style="bold red")
    return Group(*rows)


def _table(frame: "Frame") -> Table:
    table = Table("模型", "状态", "副本", "处理中", "次/秒", "失败", "首个片段 p50", "p95", "断路器", "成本")
    for row in frame.models:
        bad = row.state != "ready" or row.breaker == "open"
        table.add_row(
            row.name,
            STATES.get(row.state, row.state),
            "—" if row.replicas is None else str(row.replicas),
            f"{row.ongoing:g}",
            f"{row.calls_per_s:.1f}",
            "—" if row.error_rate is None else f"{row.error_rate:.0%}",
            _s(row.first_chunk.p50),
            _s(row.first_chunk.p95),
            BREAKERS.get(row.breaker, "—"),
            "—" if row.cost is None else f"{row.cost:g}",
            style="red" if bad else "",
        )
    return table


def _totals(totals: Mapping[str, float]) -> str:
    names = {"requests": "请求", "turns": "轮次", "questions": "反问", "errors": "错误"}
    return " ".join(f"{names[name]} {number:g}" for name, number in totals.items())


def _counts(counts: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {number:g}" for name, number in sorted(counts.items())) or "—"


def _s(seconds: "float | None") -> str:
    if seconds is None:
        return "—"
    return f"{seconds * 1000:.0f} 毫秒" if seconds < 1 else f"{seconds:.1f} 秒"
