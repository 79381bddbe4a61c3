"""`lexhub search`: articles, cases or private documents for one question, or for a file of them, in this process."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from deploy.cli import documents, jsonl

if TYPE_CHECKING:
    from deploy.batch import Kind
    from orchestrator.services import Services
    from retrievers.contracts import CaseFilter

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
app.command("documents")(documents.search)
Question = Annotated[str | None, typer.Argument(help="问题")]
Queries = Annotated[Path | None, typer.Option(help='JSONL:{"qid","query"},案例可加 "pool"')]
Out = Annotated[Path | None, typer.Option(help='JSONL:{"qid","hits":[{"id","score"}]}')]
Top = Annotated[int, typer.Option(min=1, max=1000)]
Profile = Annotated[str, typer.Option(help="配置")]
Levels = Annotated[list[str] | None, typer.Option(help="只要这些法院层级:最高、高级、中级、基层")]
Year = Annotated[int | None, typer.Option(help="裁判年份的范围,含当年")]
Regions = Annotated[list[str] | None, typer.Option(help="只要这些省、自治区、直辖市的法院")]
Charges = Annotated[list[str] | None, typer.Option(help="只要这些罪名或案由,如 盗窃罪")]
Fields = Annotated[list[str] | None, typer.Option(help="只要这些法律领域,如 刑事")]
Kinds = Annotated[list[str] | None, typer.Option(help="只要这些来源:judgment、guiding、invented(教学案例)")]


@app.command()
def articles(
    question: Question = None, queries: Queries = None, out: Out = None, top: Top = 10, profile: Profile = "embedded"
) -> None:
    """检索法条。"""
    _search("articles", question, queries, out, top, profile, None)


@app.command()
def cases(
    question: Question = None,
    queries: Queries = None,
    out: Out = None,
    top: Top = 10,
    profile: Profile = "embedded",
    level: Levels = None,
    year_from: Year = None,
    year_to: Year = None,
    region: Regions = None,
    charge: Charges = None,
    field: Fields = None,
    kind: Kinds = None,
) -> None:
    """检索案例;筛选条件可以重复给出,例如 --region 北京 --region 上海。"""
    given = {
        "levels": level or (),
        "year_from": year_from,
        "year_to": year_to,
        "regions": region or (),
        "charges": charge or (),
        "fields": field or (),
        "kinds": kind or (),
    }
    only = _filter(given) if any(given.values()) else None
    _search("cases", question, queries, out, top, profile, only)


def _filter(given: dict[str, Any]) -> "CaseFilter":
    from pydantic import ValidationError

    from deploy.settings import BadSettings
    from retrievers.contracts import CaseFilter

    try:
        return CaseFilter.model_validate(given)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
        raise BadSettings("; ".join(faults)) from error


def _search(
    kind: "Kind",
    question: str | None,
    queries: Path | None,
    out: Path | None,
    top: int,
    profile: str,
    only: "CaseFilter | None",
) -> None:
    from deploy import batch, local, settings
    from deploy.settings import BadSettings

    if (question is None) == (queries is None) or (queries is None) != (out is None):
        raise BadSettings("give one question, or --queries together with --out")
    if queries is not None and out is not None:
        rows = list(jsonl.rows(queries, "qid", "query"))
        job = batch.Job(profile, kind, top, only)
        found = track(batch.search(job, rows), "检索", total=len(rows), console=console)
        console.print(f"{jsonl.write(out, found)} 条查询 → {out}")
    elif question is not None:
        asyncio.run(_show(local.services(settings.load(profile)), kind, question, top, only))


async def _show(services: "Services", kind: "Kind", question: str, top: int, only: "CaseFilter | None") -> None:
    for hit in await _hits(services, kind, question, top, only):
        console.print(f"{hit['score']:8.3f}  {hit['id']}  {hit['shown']}", markup=False, soft_wrap=True)
        for said in hit.get("compared", ()):
            console.print(f"          {said}", markup=False, soft_wrap=True)


async def _hits(
    services: "Services",
    kind: "Kind",
    text: str,
    top: int,
    only: "CaseFilter | None",
) -> list[dict[str, Any]]:
    """The hits of the same search that a consultation makes: keywords first, then proposals, then the index."""
    from orchestrator import finding

    if kind == "articles":
        found = await finding.articles(services, text, top=top)
        for said in found[0].lacking if found else ():
            console.print(f"注意:{said}", markup=False, soft_wrap=True)
        return [
            {"id": hit.passage.id, "score": hit.score, "shown": hit.passage.text[:60].replace("\n", " ")}
            for hit in found
        ]
    cases = await finding.cases(services, text, top=top, only=only)
    cases = await finding.compared(cases, text, (), services.today())
    return [
        {
            "id": hit.case.id,
            "score": hit.score,
            "shown": hit.case.title,
            "compared": [
                f"{label}:{';'.join(said)}" for label, said in (("相同", hit.alike), ("不同", hit.differing)) if said
            ],
        }
        for hit in cases
    ]
