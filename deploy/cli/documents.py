"""Private documents on the command line: `lexhub ingest documents`, `search documents`, `documents list`.

Whoever runs it has the home's files, and so sees every corpus; what API keys see is said in the settings.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from deploy.cli import ingest_preview
from deploy.cli.ingest_preview import AsJson, DryRun, previewed
from deploy.cli.progress import bars

if TYPE_CHECKING:
    from retrievers.documents.ingest import Report

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Corpus = Annotated[str, typer.Option(help="文件库的名称;哪些密钥可以查看,在设置的 corpora 里写明")]


def ingest(
    corpus: Corpus,
    path: Annotated[Path | None, typer.Argument(help="文件夹或文件(DOCX、PDF、Markdown、TXT)")] = None,
    remove: Annotated[str | None, typer.Option(help="从文件库里删去这个文件,名称以 lexhub documents list 为准")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="文件库原有的内容全部不要,只留下这次给出的")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """导入本单位的内部文件(合同、规章、手册)到一个文件库,或者从中删去一个文件。"""
    from deploy import settings
    from deploy.settings import BadSettings
    from retrievers.documents import ingest as documents

    if (path is None) == (remove is None):
        raise BadSettings("give a PATH to import, or --remove FILE")
    home = settings.default_home()
    if previewed(dry_run, as_json):
        if path is None:
            raise BadSettings("--dry-run is for an import, not for --remove")
        ingest_preview.documents(path, home, corpus, anew, as_json)
        return
    with bars(console) as progress:
        if path is not None:
            report = documents.ingest(path, home, corpus, progress, anew=anew)
        elif remove is not None:
            report = documents.remove(remove, home, corpus, progress)
    _show(report)


def search(
    question: Annotated[str, typer.Argument(help="问题")],
    corpus: Annotated[list[str] | None, typer.Option(help="只在这些文件库里找,可以重复给出;不填则全部")] = None,
    top: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """检索内部文件。"""
    asyncio.run(_search(question, corpus, top, profile))


@app.command("list")
def listed(corpus: Annotated[str | None, typer.Argument(help="只列出这个文件库里的文件")] = None) -> None:
    """列出文件库,或者一个文件库里的文件。"""
    from deploy import settings
    from retrievers.contracts import NoSuchDocument
    from retrievers.documents import corpora

    home = settings.default_home()
    if corpus is None:
        for name in corpora.names(home):
            files = corpora.files(home, name)
            console.print(f"{name}  {len(files)} 个文件,{sum(one.passages for one in files)} 段", markup=False)
        return
    if not corpora.holds(home, corpus):
        raise NoSuchDocument(f"没有名为“{corpus}”的文件库。")
    for one in corpora.files(home, corpus):
        console.print(f"{one.name}  {one.size / 1000:.1f} KB,{one.passages} 段", markup=False, soft_wrap=True)


async def _search(question: str, corpus: list[str] | None, top: int, profile: str) -> None:
    from deploy import local, settings
    from orchestrator import finding

    services = local.services(settings.load(profile))
    if corpus:
        services = replace(services, corpora=tuple(corpus))
    terms, _ = await finding.keywords(services, question)
    for hit in await finding.documents(services, question, terms, top=top):
        passage = hit.passage
        console.print(f"{hit.score:8.3f}  {passage.id}  {passage.place}", markup=False, soft_wrap=True)
        console.print(f"          {' '.join(passage.text[:100].split())}", markup=False, soft_wrap=True)


def _show(report: "Report") -> None:
    said = {"新增": report.added, "更新": report.replaced, "删去": report.removed}
    counts = [f"{what} {len(names)} 个文件" for what, names in said.items() if names]
    if report.unchanged:
        counts.append(f"{report.unchanged} 个文件没有变化")
    console.print(
        f"{','.join(counts) or '没有可以导入的文件'};文件库现有 {report.passages} 段;用时 {report.seconds:.1f} 秒"
    )
    if report.skipped:
        console.print(f"跳过 {len(report.skipped)} 个文件:")
        for name, reason in report.skipped:
            console.print(f"  {name}:{reason}", markup=False, soft_wrap=True)
    console.print("已生效。" if report.changed else "内容与现有文件库相同,没有变化。")
