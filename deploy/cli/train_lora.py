"""`lexhub train lora`: a LoRA adapter of a language model from dialogues of one's own."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.progress import bars

if TYPE_CHECKING:
    from models.training.lora.adapter import Scores
    from models.training.lora.base import Base
    from models.training.lora.dialogues import Dialogues
    from models.training.lora.rendering import Curriculum

console = Console(highlight=False)
SHOWN = 10  # lines named where many dialogues were too long

Data = Annotated[Path, typer.Argument(help='对话,JSONL:每行 {"messages": [{"role": …, "content": …}, …]}')]
Model = Annotated[str, typer.Option(help="基础模型:文件夹、模型库中的名称(如 Qwen/Qwen3-8B),或模型卡的名称")]
Template = Annotated[
    str, typer.Option(help='对话模板的参数,JSON,须与部署时相同,如 {"enable_thinking": false};默认按模型卡')
]
Format = Annotated[str, typer.Option(help="提示格式的名称,用于自身没有对话模板的模型;默认按模型卡")]


def lora(
    dialogues: Data,
    model: Model = "",
    out: Annotated[Path | None, typer.Option(help="适配器写到哪个文件夹")] = None,
    held_out: Annotated[Path | None, typer.Option(help="验证用的对话,格式相同,不参加训练")] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查数据并统计,不训练;不填 --model 则不数词元")] = False,
    rank: Annotated[int, typer.Option(min=1, help="秩")] = 16,
    alpha: Annotated[float, typer.Option(min=0.001, help="缩放:alpha / rank")] = 32,
    dropout: Annotated[float, typer.Option(min=0, max=0.9, help="丢弃率")] = 0.05,
    epochs: Annotated[int, typer.Option(min=1, help="轮数")] = 3,
    learning_rate: Annotated[float, typer.Option(min=1e-9, help="最高学习率(先升后按余弦降到零)")] = 1e-4,
    batch: Annotated[int, typer.Option(min=1, help="一次算多少个样本")] = 8,
    accumulate: Annotated[int, typer.Option(min=1, help="几次合成一步")] = 1,
    length: Annotated[int, typer.Option(min=16, help="样本最长多少词元;过长的对话在一轮回答之后截断")] = 2048,
    quantised: Annotated[bool, typer.Option("--quantised", help="QLoRA:底座以 4 位(nf4)载入")] = False,
    targets: Annotated[str, typer.Option(help="加适配器的线性层,逗号分隔名称的结尾,如 q_proj,v_proj")] = "all-linear",
    patience: Annotated[int, typer.Option(min=0, help="验证损失连续几轮不降就停,取最好的一轮;0 为不提前停")] = 0,
    checkpointing: Annotated[bool, typer.Option("--checkpointing", help="以重算换显存")] = False,
    seed: Annotated[int, typer.Option(min=0, help="随机种子;CPU 上同样的输入得到逐字节相同的适配器")] = 0,
    every: Annotated[int, typer.Option(min=1, help="每多少步存一次进度")] = 100,
    resume: Annotated[bool, typer.Option("--resume", help="接着被中断的训练")] = False,
    template: Template = "",
    format: Format = "",
    device: Annotated[str, typer.Option(help="auto、cpu、cuda:0")] = "auto",
) -> None:
    """用自己的对话训练 LoRA 适配器。

    提示格式与部署时用同一段代码写出,只学助手的回答。有问题的行会逐行指出,不会开始训练。

    请注意许可:训练数据或基础模型的许可不允许的,训练出的适配器不得分发;数据中的个人信息应当先去除,模型可能记住它们。
    """
    from models.training.lora import course
    from models.training.lora.dialogues import read
    from models.training.lora.recipe import Recipe

    if check and not model:
        for path in (dialogues, *([held_out] if held_out else [])):
            _show(read(path), None, length)
        return
    if not model:
        raise typer.BadParameter("为哪个基础模型训练?", param_hint="--model")
    if out is None and not check:
        raise typer.BadParameter("适配器写到哪个文件夹?", param_hint="--out")
    names = tuple(part for part in map(str.strip, targets.split(",")) if part)
    if not names:
        raise typer.BadParameter("至少一个名称", param_hint="--targets")
    base = _base(model, template, format, device)
    with bars(console) as progress:
        prepared = course.prepare(base, dialogues, held_out, length, progress)
    _show(prepared.data, prepared.learned, length)
    if prepared.held_out:
        _show(prepared.held_out, prepared.tested, length)
    if check or out is None:
        return
    recipe = Recipe(
        rank=rank,
        alpha=alpha,
        dropout=dropout,
        epochs=epochs,
        learning_rate=learning_rate,
        batch=batch,
        accumulate=accumulate,
        length=length,
        quantised=quantised,
        targets=names,
        patience=patience,
        checkpointing=checkpointing,
        seed=seed,
    )
    with bars(console) as progress:
        made = course.train(base, prepared, recipe, out, progress, resume, every)
    _report(made.scores)
    console.print(f"已写入 {out}", markup=False, soft_wrap=True)


def _base(model: str, template: str, format: str, device: str) -> "Base":
    """The base that `model` means: that of a card by its name or its checkpoint's, else a folder or a hub's name."""
    from deploy.settings import BadSettings
    from models import registry
    from models.training.lora.base import Base

    local = [card for card in registry.cards().values() if card.backend == "transformers_local"]
    options = next(
        (card.options for card in local if model in (card.name, card.options.get("model"))), {"model": model}
    )
    known = {name: value for name, value in options.items() if name in Base.model_fields}
    if template:
        try:
            known["template"] = json.loads(template)
        except ValueError as error:
            raise BadSettings(f"--template: not JSON: {error}") from error
        if not isinstance(known["template"], dict):
            raise BadSettings("--template: an object is needed")
    if format:
        known["format"] = format
    return Base.model_validate({**known, "device": device})


def _show(dialogues: "Dialogues", made: "Curriculum | None", length: int) -> None:
    import numpy as np

    table = Table("量", dialogues.name)
    table.add_row("对话", str(len(dialogues.rows)))
    table.add_row("轮数(回答)", str(sum(row.answers for row in dialogues.rows)))
    table.add_row("字数", str(sum(len(message.content) for row in dialogues.rows for message in row.messages)))
    if made is not None:
        middle, most = np.percentile(made.tokens, (50, 95))
        table.add_row("每段词元 p50 / p95 / 最长", f"{middle:.0f} / {most:.0f} / {max(made.tokens)}")
        table.add_row("样本", str(len(made.examples)))
        table.add_row("学习的词元", str(made.taught))
        table.add_row(f"超过 {length} 词元", f"截去结尾 {len(made.cut)},未用 {len(made.left_out)}")
    console.print(table)
    if made is None:
        return
    for label, lines in (("过长,结尾的回答未用", sorted(made.cut)), ("过长,整段未用", sorted(made.left_out))):
        if lines:
            more = f"……共 {len(lines)} 行" if len(lines) > SHOWN else ""
            console.print(f"{label}:第 {'、'.join(map(str, lines[:SHOWN]))} 行{more}")


def _report(scores: "Scores") -> None:
    table = Table("成绩", "每词元损失", "困惑度")
    for label, loss in (
        *((f"训练,第 {epoch} 轮", loss) for epoch, loss in enumerate(scores.training, 1)),
        ("验证,训练前", scores.before),
        ("验证,训练后", scores.after),
    ):
        if loss is not None:
            table.add_row(label, f"{loss:.4f}", f"{math.exp(min(loss, 700)):.2f}")
    console.print(table)
