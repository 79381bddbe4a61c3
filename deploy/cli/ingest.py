"""`lexhub ingest`: official texts, cases and private documents into the corpora of this home."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from deploy import settings
from deploy.cli import documents, ingest_preview
from deploy.cli.ingest_preview import AsJson, DryRun, previewed
from deploy.cli.progress import bars

if TYPE_CHECKING:
    from deploy.article import PassageEmbedder
    from retrievers.ingest import Report

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
app.command("documents")(documents.ingest)
Source = Annotated[Path, typer.Argument(help="文件夹或文件")]
Encoder = Annotated[
    str,
    typer.Option(help="法条向量用的嵌入模型:文件夹或 Hub 上的名称,none 为不用;不填则沿用现有索引所用的模型"),
]
Dimensions = Annotated[int | None, typer.Option(min=8, help="只取向量的前几维(模型须支持)")]
Format = Annotated[str, typer.Option(help="强制按此格式读取:lexhub、cail、scm、lecard、guiding;不填则按内容识别")]


@app.command()
def laws(
    path: Source,
    encoder: Encoder = "",
    dimensions: Dimensions = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """导入法律法规:国家法律法规数据库的 DOCX、LawRefBook 的 Markdown、JSONL,或者它们的文件夹、tar/zip 压缩包。"""
    if previewed(dry_run, as_json):
        ingest_preview.laws(path, settings.default_home(), as_json)
        return
    _run("laws", path, encoder=encoder, dimensions=dimensions)


@app.command()
def cases(path: Source, format: Format = "", dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """导入案例:JSONL(本系统、CAIL、LeCaRD、指导性案例),也可以是 .xz 或 .gz;LeCaRD 的 JSON 文件夹;案例的 Markdown。"""
    if previewed(dry_run, as_json):
        ingest_preview.cases(path, settings.default_home(), format, as_json)
        return
    _run("cases", path, format)


@app.command()
def rates(
    path: Annotated[Path, typer.Argument(help="CSV 表,格式见 orchestrator/rates/tables/README.md")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """导入随地区或年份变化的标准(LPR、平均工资、人均可支配收入等),立即生效,不必重启。"""
    from orchestrator.rates import add

    if previewed(dry_run, as_json):
        ingest_preview.rates(path, settings.default_home(), as_json)
        return

    changed, total = add(settings.default_home(), path)
    console.print(f"新增或更新 {changed} 行,现有 {total} 行。")


@app.command()
def rebuild(encoder: Encoder = "", dimensions: Dimensions = None) -> None:
    """换了编码器、嵌入模型、排序或程序版本之后,用已存的文本重建法条、案例和内部文件的索引。"""
    from deploy.learned import knowledge
    from retrievers import embedded, ingest
    from retrievers.documents import ingest as documents

    home = settings.default_home()
    embedder = _embedder(home, encoder, dimensions)
    if embedder is not None:
        embedded.ensure(home, knowledge())  # a fresh home, too, can be given vectors
    with bars(console) as progress:
        changed = ingest.rebuild(home, knowledge(), progress, embedder)
        changed = documents.rebuild(home, progress) or changed
    console.print("已重建并生效。" if changed else "索引与现有程序一致,没有变化。")


def _embedder(home: Path, encoder: str, dimensions: int | None) -> "PassageEmbedder | None":
    """The embedder that was asked for, else the one that the serving vectors were made with."""
    from retrievers import ingest

    if not encoder and (made := ingest.embedder_of(home)) is not None:
        encoder, dimensions = made.model, made.cut if dimensions is None else dimensions
    if encoder in ("", "none"):
        return None
    from deploy.article import PassageEmbedder
    from models.readers import EmbedderOptions

    console.print(f"嵌入模型 {encoder} …")
    return PassageEmbedder(EmbedderOptions(model=encoder, dimensions=dimensions))


def _run(kind: str, path: Path, form: str = "", encoder: str = "", dimensions: int | None = None) -> None:
    from deploy.learned import knowledge
    from retrievers import embedded, ingest

    home = settings.default_home()
    # Before the embedded corpus is renewed, which would forget the embedder.
    embedder = _embedder(home, encoder, dimensions) if kind == "laws" else None
    embedded.ensure(home, knowledge())
    with bars(console) as progress:
        if kind == "laws":
            report = ingest.ingest_laws(path, home, knowledge(), progress, embedder)
        else:
            report = ingest.ingest_cases(path, home, progress, form)
    _show(kind, report)


def _show(kind: str, report: "Report") -> None:
    if kind == "laws":
        console.print(
            f"{report.laws} 部法律法规,{report.versions} 个版本,{report.articles} 条;用时 {report.seconds:.1f} 秒"
        )
    else:
        console.print(f"{report.cases} 个案例;用时 {report.seconds:.1f} 秒")
    for label, count in report.others:
        console.print(f"不是法律法规,未导入:{label} {count} 个")
    if report.skipped:
        what = "文件" if kind == "laws" else "案例"
        console.print(f"跳过 {max(report.faulty, len(report.skipped))} 个有问题的{what}:")
        for name, reason in report.skipped:
            console.print(f"  {name}:{reason}", markup=False, soft_wrap=True)
        if report.faulty > len(report.skipped):
            console.print(f"  ……其余 {report.faulty - len(report.skipped)} 个不再列出")
    console.print("已生效。" if report.changed else "内容与现有语料相同,没有变化。")
