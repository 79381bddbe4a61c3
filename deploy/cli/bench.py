"""`lexhub bench`: figures that anyone can measure again. Each starts its own server and stops it."""

import os
import platform
import statistics
import subprocess
import sys
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import bench_cost, bench_engine, bench_page, bench_retrieval, bench_scale, bench_serve, bench_sessions

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
app.command("retrieval")(bench_retrieval.retrieval)
app.command("scale")(bench_scale.scale)
app.command("engine")(bench_engine.engine)
app.command("sessions")(bench_sessions.sessions)
app.command("cost")(bench_cost.cost)
app.command("serve")(bench_serve.serve)
app.command("page")(bench_page.page)

# One consultation: the story, what is answered to any question, and the confirmation. Ours, invented.
STORIES = (
    "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转的账,现在他把我拉黑了,怎么办?",
    "在一家饭店干了两年,老板一直没跟我签合同,上个月说生意不好让我走人,还欠我两个月工资,每月6000。",
    "我跟老公结婚八年,他去年开始动手打我,我想离婚,有一个五岁的女儿,房子是婚后买的,还有贷款。",
    "租房押一付三,合同还有半年,房东突然说要卖房让我下周搬走,押金也不想退,怎么办呀?",
    "上周骑电动车被一辆右转的小汽车撞了,骨折住院花了三万多,交警认定对方全责,保险公司一直拖着不赔。",
    "网上买的所谓进口奶粉,收到一查是假货,花了1280元,商家只肯退钱,我能要求更多赔偿吗?",
    "父亲去世没留遗嘱,留下一套房子和二十万存款,我和哥哥还有妈妈,哥哥说嫁出去的女儿没有份。",
    "弟弟昨天因为打架被派出所带走刑事拘留了,对方鉴定是轻伤二级,家里人现在能做什么?",
)


@app.command()
def consult(
    turns: Annotated[int, typer.Option(min=8, help="测多少次完整咨询")] = 40,
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """一次完整咨询的速度与内存:就绪时间、首个事件、给出意见的一轮、整个服务的内存。"""
    from deploy import settings
    from deploy.benchmarks import readiness
    from deploy.server import free_port

    port = free_port()
    loaded = settings.load(profile, {"port": port})
    console.print(f"数据目录 {loaded.home};{platform.processor() or platform.machine()},{os.cpu_count()} 核")
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "serve", "--profile", profile, "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        corpus = readiness.wait(server, url, 120)["corpus"]
        ready = time.monotonic() - started
        measured = _measure(url, turns)
        memory = _memory(server.pid)
    finally:
        stopped = time.monotonic()
        server.terminate()
        server.wait(30)
        stopped = time.monotonic() - stopped
    table = Table("量", "p50", "p95", "界限")
    table.add_row("从启动到就绪", f"{ready:.1f} s", "", "25 s")
    table.add_row("一轮的首个事件", *_shown(measured["first"]), "p50 100 ms")
    table.add_row("提问或核对事实的一轮", *_shown(measured["asked"]), "")
    table.add_row("给出意见的一轮", *_shown(measured["answer"]), "p50 600 ms")
    table.add_row("整个服务的内存(PSS)", f"{memory / 2**30:.2f} GiB", "", "3 GiB")
    table.add_row("停止", f"{stopped:.1f} s", "", "10 s")
    console.print(table)
    console.print(
        f"语料:{corpus['articles']} 条({corpus['official']} 条官方原文),{corpus['cases']} 个案例;{turns} 次咨询"
    )


def _measure(url: str, turns: int) -> dict[str, list[float]]:
    import httpx

    found: dict[str, list[float]] = {"first": [], "asked": [], "answer": []}
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        for at in range(turns + 2):
            kept = found if at >= 2 else {"first": [], "asked": [], "answer": []}  # two to warm up
            id = client.post("/v1/consultations", json={}).json()["id"]
            message: dict[str, Any] = {"content": STORIES[at % len(STORIES)]}
            for _ in range(8):
                reply, first, whole = _turn(client, id, message)
                kept["first"].append(first)
                kept["answer" if reply["status"] == "answer" else "asked"].append(whole)
                if reply["status"] == "question":
                    message = {"reply": {one["id"]: one["options"][0] for one in reply["questions"]}}
                elif reply["status"] == "confirm":
                    message = {"confirm": {"ok": True}}
                else:
                    break
            client.delete(f"/v1/consultations/{id}")
    return found


def _turn(client: Any, id: str, message: dict[str, Any]) -> tuple[dict[str, Any], float, float]:
    """The reply, and the milliseconds to the first event and to the last."""
    import json

    began = time.perf_counter()
    first, reply = 0.0, {}
    headers = {"Accept": "text/event-stream"}
    with client.stream("POST", f"/v1/consultations/{id}/messages", json=message, headers=headers) as stream:
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event:"):
                first = first or (time.perf_counter() - began) * 1000
                kind = line[6:].strip()
            elif line.startswith("data:") and kind == "done":
                reply = json.loads(line[5:])
    return reply, first, (time.perf_counter() - began) * 1000


def _shown(values: list[float]) -> tuple[str, str]:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.0f} ms", f"{ordered[int(len(ordered) * 0.95)]:.0f} ms"


def _memory(pid: int) -> int:
    """Bytes of the process tree as proportional set size, so that shared pages count once. Ray's own daemons count."""
    import psutil

    total = 0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total
