"""`lexhub bench page`: how soon a visitor sees the page and can write, in a real browser with an empty cache."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)


def page(
    rounds: Annotated[int, typer.Option(min=1, help="访问多少次,每次都是空缓存")] = 20,
    url: Annotated[str, typer.Option(help="正在运行的服务,如 http://127.0.0.1:8000;默认自己启动一个")] = "",
) -> None:
    """网页多快出现、多快可以打字:首次绘制、最大内容绘制、输入框可用、传输的字节;无头 Chromium,空缓存。"""
    from deploy.benchmarks import page as measuring
    from deploy.settings import BadSettings

    load = os.getloadavg()[0]
    try:
        with _server(url) as base:
            visits = measuring.measure(f"{base.rstrip('/')}/ui/", rounds)
    except BadSettings as error:
        console.print(f"错误:{error}", markup=False)
        raise typer.Exit(1) from error
    table = Table("量", "p50", "p95", "界限")
    for name, bar, values in (
        ("首次绘制", f"{measuring.FIRST_PAINT_MS} ms", [one.first_paint for one in visits]),
        ("首次内容绘制", "", [one.first_contentful_paint for one in visits]),
        ("最大内容绘制", "", [one.largest_contentful_paint for one in visits]),
        ("输入框可以打字", "", [one.typeable for one in visits]),
    ):
        table.add_row(name, *(f"{measuring.quantile(values, share):.0f} ms" for share in (0.5, 0.95)), bar)
    sizes = [one.transferred / 1024 for one in visits]
    table.add_row("传输", *(f"{measuring.quantile(sizes, share):.0f} KiB" for share in (0.5, 0.95)), "")
    table.add_row("请求", *(f"{measuring.quantile([one.requests for one in visits], s):.0f}" for s in (0.5, 0.95)), "")
    console.print(table)
    console.print(f"{rounds} 次访问;{os.cpu_count()} 核,开始时系统负载 {load:.1f}(高于 0.5 时偏慢)")


@contextmanager
def _server(url: str) -> Iterator[str]:
    """The server to measure: the one at `url`, else one of our own, stopped at the end."""
    if url:
        yield url
        return
    from deploy.benchmarks import readiness
    from deploy.server import free_port

    port = free_port()
    command = [sys.executable, "-m", "deploy.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        readiness.wait(server, base, 120)
        readiness.wait(server, base, 60, probe="/ui/config")
        yield base
    finally:
        server.terminate()
        server.wait(30)
