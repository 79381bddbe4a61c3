"""`lexhub bench cost`: CPU and storage of a turn by part of the server, what `lexhub size` reckons with."""

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)


def cost(
    consultations: Annotated[int, typer.Option(min=4, help="测多少次完整咨询")] = 24,
    out: Annotated[Path | None, typer.Option(help="另写成 JSON,供 lexhub size 使用")] = None,
) -> None:
    """一轮咨询用多少处理器时间(按部件)、存多少字节;其他程序在忙也不影响。"""
    from deploy import settings
    from deploy.benchmarks import costs, readiness
    from deploy.cli.bench import STORIES
    from deploy.server import free_port

    port = free_port()
    hosted = {f"model-{one.name}": ",".join(one.cards) for one in settings.load("embedded").models}

    def named(deployment: str) -> str:
        return hosted.get(deployment, deployment)

    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, "-m", "deploy.cli", "serve", "--port", str(port), "--profile", str(_profile(Path(home)))],
            env={**os.environ, "LEXHUB_HOME": home},
            stdout=subprocess.DEVNULL,
        )
        try:
            readiness.wait(server, f"http://127.0.0.1:{port}", 300, warm=True)
            _consult(port, STORIES[:4])  # to warm up
            parts = costs.processes(server.pid)
            sessions = Path(home) / "sessions.sqlite"
            before, held = costs.spent(parts), costs.stored(sessions)
            turns = _consult(port, [STORIES[at % len(STORIES)] for at in range(consultations)])
            after, grown = costs.spent(parts), costs.stored(sessions) - held
            measured = costs.Costs(
                machine=f"{platform.machine()},{os.cpu_count()} 核",
                turns=turns,
                seconds={named(name): round((after[name] - before[name]) / turns, 5) for name in sorted(after)},
                memory={named(name): bytes_ for name, bytes_ in costs.memory(parts).items()},
                bytes_per_turn=round(grown / turns),
            )
        finally:
            server.terminate()
            server.wait(30)
    table = Table(
        "部件", "每轮处理器时间", "每个副本的内存", title=f"{turns} 轮,{measured.machine}", title_justify="left"
    )
    for name, seconds in measured.seconds.items():
        table.add_row(name, f"{seconds * 1000:.1f} ms", f"{measured.memory[name] / 2**20:.0f} MiB")
    console.print(table)
    console.print(f"每轮存储 {measured.bytes_per_turn / 1024:.1f} KiB")
    if out is not None:
        out.write_text(measured.model_dump_json(indent=1) + "\n", "utf-8")


def _profile(folder: Path) -> Path:
    """The server of one machine with its models and its retriever in replicas of their own, as a cluster has them."""
    import yaml

    from deploy import settings

    content = yaml.safe_load(settings.profile_path("embedded").read_text("utf-8"))
    args = content["applications"][0]["args"]
    for one in (*args["models"], args["retriever"]):
        one.pop("inside", None)
    path = folder / "profile.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def _consult(port: int, stories: "tuple[str, ...] | list[str]") -> int:
    """Consultations from the story to the answer, one after the other; the number of their turns."""
    import httpx

    turns = 0
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client:
        for story in stories:
            id = client.post("/v1/consultations", json={}).json()["id"]
            message: dict[str, Any] | None = {"content": story}
            while message is not None:
                answer = client.post(f"/v1/consultations/{id}/messages", json=message)
                answer.raise_for_status()
                reply, turns = answer.json(), turns + 1
                if reply["status"] == "question":
                    message = {"reply": {one["id"]: one["options"][0] for one in reply["questions"]}}
                else:
                    message = {"confirm": {"ok": True}} if reply["status"] == "confirm" else None
    return turns
