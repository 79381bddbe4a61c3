"""`lexhub route`: the dispatcher's decision for a text or a file of them; nothing is carried out."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli import jsonl

console = Console(highlight=False)


def route(
    text: Annotated[str | None, typer.Argument(help="消息")] = None,
    source: Annotated[Path | None, typer.Option("--in", help='JSONL:{"id","text","history"}')] = None,
    out: Annotated[Path | None, typer.Option(help='JSONL:{"id","route","domain"}')] = None,
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """计划与模型选择:走哪条路线、哪些任务、各选哪个模型、为什么。"""
    asyncio.run(_route(text, source, out, profile))


async def _route(text: str | None, source: Path | None, out: Path | None, profile: str) -> None:
    from deploy import local, settings
    from deploy.settings import BadSettings
    from orchestrator import routing
    from orchestrator.contracts import clean_text

    if (text is None) == (source is None) or (source is None) != (out is None):
        raise BadSettings("give one text, or --in together with --out")
    services = local.services(settings.load(profile))
    if text is not None:
        made = await routing.route(services, clean_text(text), [], "professional")
        console.print_json(made.model_dump_json())
        return
    assert source is not None and out is not None
    found = []
    for row in jsonl.rows(source, "id", "text"):
        made = await routing.route(services, clean_text(row["text"]), row.get("history") or [], "professional")
        found.append({"id": row["id"], "route": made.route, "domain": made.domain})
    console.print(f"{jsonl.write(out, found)} 条 → {out}")
