"""`lexhub train`: make the shipped small weights again, from our own texts and, where given, STARD and LeCoQA."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import train_dialogues, train_lora
from deploy.cli.progress import bars

if TYPE_CHECKING:
    from deploy.clients.scripts import Client
    from models.training.sources import Example

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Stard = Annotated[Path | None, typer.Option(help='STARD 训练题(JSONL:{"query","relevant"},MIT)')]
Lecoqa = Annotated[Path | None, typer.Option(help='LeCoQA 训练题(JSONL:{"query","keywords"},MIT)')]
Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹(默认:随产品发布的位置)")]

Laws = Annotated[Path, typer.Argument(help="法律法规:LawRefBook 文件夹或压缩包")]

FOLDS = 3
LIGHT = 0.3  # what a client counts with whom in view the fields were written
WEIGHTS = Path(__file__).parent.parent.parent / "models" / "weights"
OURS = "本项目自写的口语问法(retrievers/embedded 的 asked_as)、要旨与检索词、各领域的叙述(orchestrator/examples)"


@app.command()
def planner(out: Out = None) -> None:
    """路线与领域分类器。"""
    from deploy import curriculum

    said, others = curriculum.planner()
    data = "自写语料 models/training/utterances;领域另用本项目自写的口语问法、要旨、检索词、教学案例"
    data += "与要素包的文字(deploy/curriculum.py)。"
    _train("planner", "规划模型:路线与领域", data, said, out, others)


@app.command()
def keyword(lecoqa: Lecoqa = None, out: Out = None) -> None:
    """关键词模型:口语叙述 → 法律用语。编码器变了,要重新训练。"""
    from deploy import training
    from deploy.cli import jsonl
    from models.embedders.static import StaticEncoder
    from models.training import neighbours, sources

    lawyers = {line["query"]: line["keywords"] for line in jsonl.rows(lecoqa, "query", "keywords")} if lecoqa else {}
    judged, ours, encoder_ = training.lawyer_examples(lawyers), training.keyword_examples(), StaticEncoder()
    written = sources.keywords()
    with console.status("交叉验证"):
        scores = neighbours.evaluate(judged or written, ours if judged else ours[len(written) :], encoder_)
    console.print(scores)
    folder = (out or WEIGHTS) / "keyword"
    data = "本项目自写的问法与律师用语(models/training/keywords)、要旨的问法与检索词。"
    data += "另用 LeCoQA 开发集一半(MIT)的律师关键词。" if judged else ""
    counts = {"written": len(written), "digests": len(ours) - len(written), "LeCoQA": len(judged)}
    trained = neighbours.train([*judged, *ours], encoder_)
    neighbours.save(trained, folder, "关键词模型:口语 → 法律用语", data, counts, scores)
    console.print(f"已写入 {folder}")


@app.command()
def article(stard: Stard = None, out: Out = None) -> None:
    """法条模型:叙述 → 可能适用的条文。"""
    from deploy import training
    from deploy.cli import jsonl

    rows = training.article_examples(list(jsonl.rows(stard, "query", "relevant")) if stard else [])
    data = f"{OURS}。" + ("另用 STARD 开发集一半(MIT)的问题与条文标注。" if stard else "")
    _train("article", "法条模型:叙述 → 条文", data, {"articles": rows, "stories": training.story_examples()}, out)


@app.command()
def encoder(
    laws: Laws,
    dimensions: Annotated[int, typer.Option(min=8, help="向量维数")] = 256,
    steps: Annotated[int, typer.Option(min=1, help="步数")] = 300,
    out: Out = None,
) -> None:
    """法律文本编码器:从零训练的静态词向量。改了它,要接着 `train ranker`。"""
    from deploy import curriculum, training
    from models.embedders.static import StaticEncoder
    from models.training import encoder as recipe
    from retrievers import corpus
    from retrievers.ranking.pairs import pairs

    material = training.Material.read(laws)
    stories = curriculum.stories(spared=False)
    made_of = pairs(material.editions, material.extras, stories)
    sources = {name: recipe.Pairs(rows, share) for name, (rows, share) in made_of.items()}
    texts = [article.text for _, edition, article in corpus.rows(material.editions) if edition.current]
    said = [text for extra in material.extras.values() for text in (*extra.questions, extra.digest)]
    said += [text for one in stories for text in one.texts]
    options = recipe.EncoderOptions(dimensions=dimensions, steps=steps)
    console.print(f"编码器:{ {name: len(source.rows) for name, source in sources.items()} }")
    folder = (out or WEIGHTS) / "encoder"
    with bars(console) as progress:
        progress(0, 1, "训练分词")
        cutter = recipe.tokenizer(iter([*texts, *said * 3]), options)
        progress(1, 1, "训练分词")
        made = recipe.train(cutter, sources, options, lambda done, total: progress(done, total, "训练编码器"))
    recipe.save(made, folder, options, {name: len(source.rows) for name, source in sources.items()})
    console.print(f"已写入 {folder},指纹 {StaticEncoder(folder).digest}")


@app.command()
def ranker(laws: Laws, stard: Stard = None, lecoqa: Lecoqa = None, out: Out = None) -> None:
    """法条排序:用语对应(IBM 模型一)、他人问题的散列、线性与提升树排序。"""
    import tempfile

    import numpy as np

    from deploy import training
    from deploy.cli import jsonl
    from models.embedders.static import StaticEncoder
    from retrievers.ranking import knowledge
    from retrievers.ranking.training import knowledge as gathered
    from retrievers.ranking.training import train

    if stard is None:
        raise typer.BadParameter("排序要从标注了条文的问题学习", param_hint="--stard")
    rows = list(jsonl.rows(stard, "query", "relevant"))
    lawyers = {line["query"]: line["keywords"] for line in jsonl.rows(lecoqa, "query", "keywords")} if lecoqa else {}
    material = training.Material.read(laws)
    with bars(console) as progress, tempfile.TemporaryDirectory() as folder:
        encoder_ = StaticEncoder()
        base = training.ground(material, encoder_, Path(folder), progress)
        folds = np.random.default_rng(0).permutation(len(rows)) % training.HELD_OUT
        questions = training.labelled(rows, lawyers, material.positions(), folds, encoder_, progress)
        made = gathered(base, questions, train(base, questions, progress, training.synthetic(material, base)))
    folder_ = out or knowledge.WEIGHTS
    made.save(folder_)
    console.print(f"已写入 {folder_}")


Scripts = Annotated[list[Path], typer.Option(help="咨询人脚本的文件夹,可多次")]
Mended = Annotated[list[Path], typer.Option(help="领域文件对照修改过的咨询人脚本,学习时分量较轻,可多次")]


@app.command()
def asking(scripts: Scripts, mended: Mended = [], out: Out = None) -> None:  # noqa: B006 - typer reads it
    """追问什么、何时不必追问:从咨询人脚本里律师要问的事实学习。先导入官方法律全文(lexhub ingest laws)。"""
    import asyncio

    from deploy import local, settings
    from deploy.learning import asking as learning
    from orchestrator import asking as asked
    from orchestrator import worth

    clients = [(one, 1.0) for one in _clients(scripts)] + [(one, LIGHT) for one in _clients(mended)]
    heard = asyncio.run(learning.openings(local.services(settings.load("embedded")), clients))
    scores = learning.cross_validated(heard)
    console.print(f"{len(heard)} 位咨询人,交叉验证:{scores}")
    full = learning.fullness(heard, f"{len(heard)} scripted clients (deploy/clients), cross-validated {scores}")
    folder = out or worth.TREES.parent
    (folder / worth.TREES.name).write_text(learning.trees(heard), "utf-8")
    (folder / asked.WEIGHTS.name).write_text(full.model_dump_json(indent=2) + "\n", "utf-8")
    console.print(f"已写入 {folder / worth.TREES.name} 和 {folder / asked.WEIGHTS.name}")


@app.command("recognition")
def recognition_(out: Out = None) -> None:
    """案由识别:用语、例句、检索到的法条各占多少分量,从各领域的例句学习。先导入官方法律全文(lexhub ingest laws)。"""
    import asyncio

    from deploy import local, settings
    from deploy.learning import recognition as learning
    from orchestrator import recognition
    from orchestrator.weights import Weights

    seen = asyncio.run(learning.seen(local.services(settings.load("embedded"))))
    first, three = learning.cross_validated(seen)
    about = (
        f"{len(seen)} examples that the encoder does not know, cross-validated: {first:.3f} first, {three:.3f} of three"
    )
    console.print(f"{len(seen)} 条例句,交叉验证:案由居首 {first:.3f},在前三位 {three:.3f}")
    made = Weights(about=about, weights=learning.fitted(seen))
    path = (out or recognition.WEIGHTS.parent) / recognition.WEIGHTS.name
    path.write_text(made.model_dump_json(indent=2) + "\n", "utf-8")
    console.print(f"已写入 {path}")


@app.command(name="reading")
def reading_(out: Out = None) -> None:
    """叙述里读到的事实有多可信:从标注过的例句学习。领域文件变了,要重新训练。"""
    import asyncio

    from deploy import local, settings
    from deploy.learning import reading as learning
    from orchestrator import reading

    rows = asyncio.run(learning.readings(local.services(settings.load("embedded"))))
    scores = learning.cross_validated(rows)
    console.print(f"{len(rows)} 处读出的事实,交叉验证:{scores}")
    folder = out or reading.TREES.parent
    about = f"{len(rows)} readings of the examples (orchestrator/examples), cross-validated {scores}"
    made = learning.counts(rows, about).model_dump_json(indent=None)
    (folder / reading.COUNTS.name).write_text(made + "\n", "utf-8")
    (folder / reading.TREES.name).write_text(learning.trees(rows), "utf-8")
    console.print(f"已写入 {folder / reading.TREES.name} 和 {folder / reading.COUNTS.name}")


@app.command()
def citing(scripts: Scripts, out: Out = None) -> None:
    """结论之外再列哪些法条:从咨询人脚本里律师列出的法条学习。先导入官方法律全文(lexhub ingest laws)。"""
    import asyncio

    from deploy import local, settings
    from deploy.learning import citing as learning
    from orchestrator import citing as shown
    from orchestrator.weights import Weights

    told = asyncio.run(learning.told(local.services(settings.load("embedded")), _clients(scripts)))
    score = learning.cross_validated(told)
    console.print(f"{len(told)} 位咨询人,交叉验证:应引法条列出 {score:.3f}")
    about = (
        f"{len(told)} scripted clients (deploy/clients), cross-validated recall {score:.3f} with {learning.MORE} more"
    )
    made = Weights(about=about, weights=learning.fitted(told))
    path = (out or shown.WEIGHTS.parent) / shown.WEIGHTS.name
    path.write_text(made.model_dump_json(indent=2) + "\n", "utf-8")
    console.print(f"已写入 {path}")


def _clients(folders: list[Path]) -> "list[Client]":
    from deploy.clients.scripts import load

    return [client for folder in folders for client in load(folder)]


def _train(
    name: str,
    title: str,
    data: str,
    examples: "dict[str, list[Example]]",
    out: Path | None,
    others: "dict[str, list[Example]] | None" = None,
) -> None:
    from models.training import ngram

    recipe = ngram.RECIPES[name]
    console.print(f"{title}:{ {head: len(rows) for head, rows in examples.items()} }")
    scores = ngram.evaluate(examples, recipe, FOLDS, others)
    table = Table("head", *next(iter(scores.values())))
    for head, row in scores.items():
        table.add_row(head, *(f"{value:.3f}" for value in row.values()))
    console.print(table)
    folder = (out or WEIGHTS) / name
    ngram.train(ngram.joined(examples, others or {}), recipe).save(folder, title, data, scores)
    console.print(f"已写入 {folder}")


app.command("dialogues")(train_dialogues.dialogues)
app.command("lora")(train_lora.lora)
