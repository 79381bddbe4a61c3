"""`lexhub eval`: how good the product is on judged questions. Prints tables, draws plots, writes JSON."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import consulting, evaluate_planner, jsonl
from deploy.cli.progress import bars

if TYPE_CHECKING:
    from orchestrator.services import Services
    from retrievers.contracts import Library

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
app.command("consult")(consulting.consult)
app.add_typer(consulting.rubric, name="rubric", help="评阅人的评分表:六项各 1 到 5 分")
Told = dict[str, tuple[float, float, float]]
FOLDS = 5
SCENE = "3-2.jsonl"
RECITED = "1-1.jsonl"


@app.callback()
def _only_subcommands() -> None:
    """One subcommand for each thing that is judged."""


app.command("planner")(evaluate_planner.planner)


@app.command()
def retrieval(
    laws: Annotated[Path | None, typer.Option(help="法律法规(文件夹或压缩包):交叉验证要用它重新训练排序")] = None,
    stard: Annotated[Path | None, typer.Option(help='STARD:{"qid","query","relevant"}')] = None,
    lecoqa: Annotated[Path | None, typer.Option(help='LeCoQA:{"query","keywords"}')] = None,
    lecard_queries: Annotated[Path | None, typer.Option(help='LeCaRD:{"qid","query"},案例须已导入')] = None,
    lecard_qrels: Annotated[Path | None, typer.Option(help="LeCaRD 评分(TREC 格式)")] = None,
    lawbench: Annotated[Path | None, typer.Option(help="LawBench 文件夹(1-1、3-2)")] = None,
    out: Annotated[Path, typer.Option(help="图与 JSON 写到哪里")] = Path("eval"),
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """法条与案例检索的质量,含 95% 区间。"""
    from deploy import local, settings
    from deploy.settings import BadSettings

    told: dict[str, Told] = {}
    if stard is not None:
        if laws is None:
            raise BadSettings("--stard needs --laws: each fold is ranked by a ranker that never saw it")
        told |= _cross_validated(laws, stard, lecoqa)
    if (lecard_queries is None) != (lecard_qrels is None):
        raise BadSettings("give --lecard-queries together with --lecard-qrels")
    if lecard_queries is not None or lawbench is not None:
        services = local.services(settings.load(profile))
        if lecard_queries is not None and lecard_qrels is not None:
            told["LeCaRD, whole collection"] = asyncio.run(_cases(services, lecard_queries, lecard_qrels))
        if lawbench is not None:
            told |= asyncio.run(_lawbench(services, lawbench))
    if not told:
        raise BadSettings("nothing to evaluate: give --stard, --lecard-queries or --lawbench")
    for name, row in told.items():
        table = Table(name, *row)
        table.add_row("", *(f"{mean:.3f} [{low:.3f}, {high:.3f}]" for mean, low, high in row.values()))
        console.print(table)
    out.mkdir(parents=True, exist_ok=True)
    (out / "retrieval.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    _draw(told, out / "retrieval.png")
    console.print(f"已写入 {out / 'retrieval.json'} 和 {out / 'retrieval.png'}")


def _cross_validated(laws: Path, stard: Path, lecoqa: Path | None) -> dict[str, Told]:
    """STARD by five folds, drawn at random and in blocks of neighbouring questions (topics)."""
    import tempfile

    from deploy import training
    from models.embedders.static import StaticEncoder
    from retrievers import corpus
    from retrievers.evaluation import folds, metrics

    rows = list(jsonl.rows(stard, "qid", "query", "relevant"))
    lawyers = {line["query"]: line["keywords"] for line in jsonl.rows(lecoqa, "query", "keywords")} if lecoqa else {}
    judged = {row["qid"]: dict.fromkeys(row["relevant"], 1.0) for row in rows}
    material = training.Material.read(laws)
    ids = [id_ for id_, _, _ in corpus.rows(material.editions)]
    told = {}
    with bars(console) as progress, tempfile.TemporaryDirectory() as folder:
        encoder = StaticEncoder()
        base = training.ground(material, encoder, Path(folder), progress)
        made, count = training.synthetic(material, base), len(rows)
        for name, outer, inner in (
            ("STARD, random folds", folds.random(count, FOLDS), folds.random(count, training.HELD_OUT)),
            ("STARD, topics held out", folds.blocked(count, FOLDS), folds.blocked(count, training.HELD_OUT)),
        ):
            questions = training.labelled(rows, lawyers, material.positions(), inner, encoder, progress)
            found = training.cross_validated(base, questions, made, outer, progress)
            runs = {row["qid"]: [ids[at] for at in places] for row, places in zip(rows, found, strict=True)}
            told[name] = metrics.measured(runs, judged, metrics.STATUTES)
    return told


async def _cases(services: "Services", queries: Path, qrels: Path) -> Told:
    from deploy.settings import BadSettings
    from orchestrator import finding
    from retrievers.evaluation import metrics

    judged: dict[str, dict[str, float]] = {}
    for line in qrels.read_text("utf-8").splitlines():
        if line.strip():
            qid, *_, case, grade = line.split()
            judged.setdefault(qid, {})[case] = float(grade)
    rows = {str(row["qid"]): str(row["query"]) for row in jsonl.rows(queries, "qid", "query")}
    runs = {}
    for qid, text in rows.items():
        hits = await finding.cases(services, text, top=100)
        runs[qid] = [hit.case.id for hit in hits]
    if not any(set(found) & set(judged.get(qid, {})) for qid, found in runs.items()):
        raise BadSettings("none of the judged cases was found: import them first (`lexhub ingest cases`)")
    return metrics.measured(runs, {qid: judged[qid] for qid in rows if qid in judged}, metrics.CASES)


async def _lawbench(services: "Services", folder: Path) -> dict[str, Told]:
    """Task 3-2, the article for a scene, where the corpus has it; task 1-1, recite an article, by exact lookup."""
    from deploy import batch
    from orchestrator import finding
    from retrievers.evaluation import metrics

    told: dict[str, Told] = {}
    rows = [row for row in jsonl.rows(folder / SCENE, "id", "question", "relevant") if row["relevant"]]
    judged = {row["id"]: dict.fromkeys(row["relevant"], 1.0) for row in rows}
    # The benchmark's articles are those of its time: laws that were superseded since answer as of the corpus's own day.
    reaches = (await services.library.state()).reaches
    for name, day in (("today", None), (f"as of {reaches}", reaches)):
        runs = {}
        for row in rows:
            ranking = await finding.ranking(services, row["question"], top=20, as_of=day)
            batch.require_whole(ranking)
            runs[row["id"]] = list(ranking.scores)
        told[f"LawBench 3-2, article for a scene, {name}"] = metrics.measured(
            runs, judged, {name: metrics.STATUTES[name] for name in ("R@10", "R@20", "MRR@10")}
        )
    told["LawBench 1-1, recite the article"] = await _recited(services.library, folder / RECITED)
    return told


async def _recited(library: "Library", path: Path) -> Told:
    """ROUGE-L as LawBench has it: over jieba's words. The texts of the benchmark are those of its time, 2023."""
    import logging
    from datetime import date

    import jieba
    import numpy as np
    from rouge_chinese import Rouge

    jieba.setLogLevel(logging.WARNING)
    rouge = Rouge()
    told: Told = {}
    rows = list(jsonl.rows(path, "question", "answer"))
    draws = np.random.default_rng(0).integers(0, len(rows), (2000, len(rows)))
    for name, day in (("ROUGE-L today", None), ("ROUGE-L as of 2023-01-01", date(2023, 1, 1))):
        scores = []
        for row in rows:
            resolved = await library.resolve(row["question"], day)
            text = next((one.excerpt or one.passage.text for one in resolved if one.passage), "")
            pair = (" ".join(jieba.cut(one)) for one in (text, row["answer"].removeprefix("答案:")))
            scores.append(rouge.get_scores(*pair)[0]["rouge-l"]["f"] if text else 0.0)
        low, high = np.quantile(np.array(scores)[draws].mean(axis=1), (0.025, 0.975))
        told[name] = (float(np.mean(scores)), float(low), float(high))
    return told


def _draw(told: dict[str, Told], path: Path) -> None:
    import matplotlib as plotting

    plotting.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(told), 1, figsize=(7, 1.2 + 1.1 * len(told)), squeeze=False)
    for axis, (name, row) in zip(axes[:, 0], told.items(), strict=True):
        means: list[Any] = [mean for mean, _, _ in row.values()]
        errors = [[mean - low for mean, low, _ in row.values()], [high - mean for mean, _, high in row.values()]]
        axis.barh(list(row), means, xerr=errors, color="#3b6ea5", height=0.6)
        axis.set_xlim(0, 1)
        axis.set_title(name, fontsize=9, loc="left")
        axis.invert_yaxis()
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
