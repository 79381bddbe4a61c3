"""`lexhub search`: articles or cases for one question, or for a file of them, in this process."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from deploy.cli import jsonl

if TYPE_CHECKING:
    from orchestrator.services import Services

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Question = Annotated[str | None, typer.Argument(help="问题")]
Queries = Annotated[Path | None, typer.Option(help='JSONL:{"qid","query"},案例可加 "pool"')]
Out = Annotated[Path | None, typer.Option(help='JSONL:{"qid","hits":[{"id","score"}]}')]
Top = Annotated[int, typer.Option(min=1, max=1000)]
Profile = Annotated[str, typer.Option(help="配置")]


@app.command()
def articles(
    question: Question = None, queries: Queries = None, out: Out = None, top: Top = 10, profile: Profile = "embedded"
) -> None:
    """检索法条。"""
    asyncio.run(_search("articles", question, queries, out, top, profile))


@app.command()
def cases(
    question: Question = None, queries: Queries = None, out: Out = None, top: Top = 10, profile: Profile = "embedded"
) -> None:
    """检索案例。"""
    asyncio.run(_search("cases", question, queries, out, top, profile))


async def _search(
    kind: str, question: str | None, queries: Path | None, out: Path | None, top: int, profile: str
) -> None:
    from deploy import local, settings
    from deploy.settings import BadSettings

    if (question is None) == (queries is None) or (queries is None) != (out is None):
        raise BadSettings("give one question, or --queries together with --out")
    services = local.services(settings.load(profile))
    if question is not None:
        for hit in await _hits(services, kind, question, top, None):
            console.print(f"{hit['score']:8.3f}  {hit['id']}  {hit['shown']}", markup=False, soft_wrap=True)
        return
    assert queries is not None and out is not None
    found = []
    for row in track(list(jsonl.rows(queries, "qid", "query")), "检索"):
        hits = await _hits(services, kind, str(row["query"]), top, row.get("pool"))
        found.append({"qid": row["qid"], "hits": [{"id": hit["id"], "score": hit["score"]} for hit in hits]})
    console.print(f"{jsonl.write(out, found)} 条查询 → {out}")


async def _hits(services: "Services", kind: str, text: str, top: int, pool: list[str] | None) -> list[dict[str, Any]]:
    """The hits of the same search that a consultation makes: keywords first, then proposals, then the index."""
    from orchestrator import finding

    if kind == "articles":
        found = await finding.articles(services, text, top=top)
        return [
            {"id": hit.passage.id, "score": hit.score, "shown": hit.passage.text[:60].replace("\n", " ")}
            for hit in found
        ]
    cases = await finding.cases(services, text, top=top, pool=pool)
    return [{"id": hit.case.id, "score": hit.score, "shown": hit.case.title} for hit in cases]
