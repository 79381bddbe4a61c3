"""`lexhub train`: make the shipped small weights again, from our own texts and, where given, STARD and LeCoQA."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from models.training.sources import Example

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Stard = Annotated[Path | None, typer.Option(help='STARD 训练题(JSONL:{"query","relevant"},MIT)')]
Lecoqa = Annotated[Path | None, typer.Option(help='LeCoQA 训练题(JSONL:{"query","keywords"},MIT)')]
Out = Annotated[Path | None, typer.Option(help="写到哪里(默认:随产品发布的 models/weights)")]

FOLDS = 3
OURS = "本项目自写的口语问法(retrievers/embedded 的 asked_as)、要旨与检索词"


@app.command()
def planner(out: Out = None) -> None:
    """路线与领域分类器。"""
    from models.training.sources import Example, utterances
    from retrievers import digests

    examples = utterances()
    asked = [Example(question, {row.field: 1.0}) for row in digests.digests() for question in row.asked_as]
    seen = {example.text for example in examples["field"]}
    examples["field"] += [example for example in asked if example.text not in seen]
    _train("planner", "规划模型:路线与领域", f"自写语料 models/training/utterances;领域另用{OURS}。", examples, out)


@app.command()
def keyword(lecoqa: Lecoqa = None, out: Out = None) -> None:
    """关键词模型:口语叙述 → 法律用语。"""
    from models.training.sources import Example
    from retrievers import digests

    rows = [
        Example(text, dict.fromkeys(row.terms, 1.0))
        for row in digests.digests()
        for text in (*row.asked_as, row.digest)
    ]
    if lecoqa is not None:
        from deploy.cli import jsonl

        for line in jsonl.rows(lecoqa, "query", "keywords"):
            terms = [term for term in line["keywords"] if 2 <= len(term) <= 12]
            if terms:
                rows.append(Example(line["query"], dict.fromkeys(terms, 1.0)))
    data = f"{OURS}。" + ("另用 LeCoQA 开发集一半(MIT)的律师关键词。" if lecoqa else "")
    _train("keyword", "关键词模型:口语 → 法律用语", data, {"terms": rows}, out)


@app.command()
def article(stard: Stard = None, out: Out = None) -> None:
    """法条模型:叙述 → 可能适用的条文。"""
    from models.training.sources import Example
    from retrievers import digests

    rows = [
        Example(text, {row.id: 1.0})
        for row in digests.digests()
        for text in (*row.asked_as, row.digest, " ".join(row.terms))
    ]
    if stard is not None:
        from deploy.cli import jsonl

        for line in jsonl.rows(stard, "query", "relevant"):
            ids = [id for id in line["relevant"] if "@" not in id]
            if ids:
                rows.append(Example(line["query"], dict.fromkeys(ids, 1.0)))
    data = f"{OURS}。" + ("另用 STARD 开发集一半(MIT)的问题与条文标注。" if stard else "")
    _train("article", "法条模型:叙述 → 条文", data, {"articles": rows}, out)


def _train(name: str, title: str, data: str, examples: "dict[str, list[Example]]", out: Path | None) -> None:
    from models.backends.ngram import WEIGHTS
    from models.training import ngram

    recipe = ngram.RECIPES[name]
    console.print(f"{title}:{ {head: len(rows) for head, rows in examples.items()} }")
    scores = ngram.evaluate(examples, recipe, FOLDS)
    table = Table("head", *next(iter(scores.values())))
    for head, row in scores.items():
        table.add_row(head, *(f"{value:.3f}" for value in row.values()))
    console.print(table)
    folder = (out or WEIGHTS) / name
    ngram.train(examples, recipe).save(folder, title, data, scores)
    console.print(f"已写入 {folder}")
