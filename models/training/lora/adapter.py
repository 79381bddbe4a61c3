"""The folder of a trained adapter: its tensors, peft's configuration, what it was made from, and its model card.

A folder is finished when it has ADAPTER.json, which is written last.
"""

import json
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import Field
from safetensors.torch import save_file

from models.contracts import Value
from models.training.lora.base import Base
from models.training.lora.dialogues import Dialogues
from models.training.lora.recipe import Recipe
from models.training.lora.rendering import Curriculum
from models.training.lora.resuming import Run, adapter_tensors

RECORD = "ADAPTER.json"
LIBRARIES = ("torch", "transformers", "peft", "safetensors")


class Trained(Value):
    """What an adapter was trained for: `digest` is the base's (models/local/identity.py), `template` the values that
    its chat template was given, `format` the format of ours that stood in the template's place.
    """

    model: str
    revision: str | None = None
    digest: str
    template: dict[str, Any] = Field(default_factory=dict)
    format: str | None = None


class Data(Value):
    """A file of dialogues: its name and SHA-256, and what it gave. `cut` dialogues lost answers at their end,
    `left_out` ones were too long altogether.
    """

    file: str
    sha256: str
    dialogues: int
    examples: int
    taught_tokens: int
    cut: int
    left_out: int

    @classmethod
    def of(cls, dialogues: Dialogues, made: Curriculum) -> "Data":
        """The figures of `dialogues` and what was made of them."""
        return cls(
            file=dialogues.name,
            sha256=dialogues.sha256,
            dialogues=len(dialogues.rows),
            examples=len(made.examples),
            taught_tokens=made.taught,
            cut=len(made.cut),
            left_out=len(made.left_out),
        )


class Scores(Value):
    """Mean losses of a taught token: of each epoch while it trained, and of the held-out dialogues before and after."""

    steps: int
    training: tuple[float, ...]
    before: float | None = None
    after: float | None = None

    @classmethod
    def of(cls, run: Run, patience: int) -> "Scores":
        """The scores of a finished run; with `patience` the adapter is the best epoch's, else the last one's."""
        if not run.held_out:
            return cls(steps=run.step, training=tuple(run.trained))
        after = run.held_out[run.best] if patience else run.held_out[-1]
        return cls(steps=run.step, training=tuple(run.trained), before=run.held_out[0], after=after)


class Record(Value):
    """ADAPTER.json."""

    base: Trained
    data: Data
    held_out: Data | None
    recipe: Recipe
    scores: Scores
    versions: dict[str, str]


def record(base: Base, digest: str, data: Data, held_out: Data | None, recipe: Recipe, run: Run) -> Record:
    """What is to be known of a finished run."""
    return Record(
        base=Trained(
            model=base.name, revision=base.revision, digest=digest, template=base.template, format=base.format
        ),
        data=data,
        held_out=held_out,
        recipe=recipe,
        scores=Scores.of(run, recipe.patience),
        versions={name: version(name) for name in (*LIBRARIES, *(("bitsandbytes",) if recipe.quantised else ()))},
    )


def save(model: Any, made: Record, folder: Path) -> None:
    """Write the adapter of `model` (a PeftModel) and its papers to `folder`; the same run gives the same bytes."""
    weights = folder / "adapter_model.safetensors"
    save_file(adapter_tensors(model), weights, {"format": "pt"})
    weights.chmod(0o644)  # safetensors leaves it readable to its maker only
    config = model.peft_config["default"].to_dict()
    # peft keeps the targets as a set, whose order differs from process to process.
    config |= {"inference_mode": True, "target_modules": sorted(config["target_modules"])}
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")
    (folder / "README.md").write_text(_card(made, folder.resolve().name), "utf-8")
    (folder / RECORD).write_text(made.model_dump_json(indent=2) + "\n", "utf-8")


def _card(made: Record, name: str) -> str:
    base, data, recipe, scores = made.base, made.data, made.recipe, made.scores
    revision = f"(版本 {base.revision})" if base.revision else ""
    rows = {
        "训练损失(每轮)": "、".join(f"{loss:.4f}" for loss in scores.training),
        "验证损失,训练前": _loss(scores.before),
        "验证损失,训练后": _loss(scores.after),
    }
    return "\n".join(
        (
            f"# LoRA 适配器:{name}",
            "",
            "由律枢 `lexhub train lora` 训练,只能与下面的基础模型一起使用。底座权重没有改动,也不在本文件夹内。",
            "",
            "## 基础模型",
            "",
            f"{base.model}{revision},指纹 `{base.digest}`(config.json 与各 safetensors 的名称、大小)。",
            f"对话模板的参数:`{json.dumps(base.template, ensure_ascii=False)}`;",
            f"提示格式:{base.format or '模型自带的模板'}。",
            "",
            "## 数据",
            "",
            *_data("训练", data),
            *(_data("验证", made.held_out) if made.held_out else ("没有留出验证数据,下面没有验证损失。",)),
            "",
            "只对助手的回答计算损失。使用、分发本适配器,须符合基础模型和训练数据的许可;"
            "训练数据的许可不允许的,不得分发。训练数据中的个人信息可能被模型记住并说出,分发前请核查。",
            "",
            "## 配方",
            "",
            "| 项 | 值 |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in recipe.model_dump(mode="json").items()),
            f"| 步数 | {scores.steps} |",
            "",
            "## 成绩",
            "",
            "每个回答词元的平均负对数似然,括号内为困惑度。",
            "",
            "| 项 | 值 |",
            "|---|---|",
            *(f"| {label} | {value} |" for label, value in rows.items()),
            "",
            "损失降低只说明更像训练数据,不说明法律上正确:引用仍由律枢逐句核对。",
            "",
            "## 版本",
            "",
            ", ".join(f"{library} {number}" for library, number in made.versions.items()),
            "",
        )
    )


def _data(label: str, data: Data) -> tuple[str, str]:
    return (
        f"- {label}:{data.file},SHA-256 `{data.sha256}`",
        f"  {data.dialogues} 段对话,{data.examples} 个样本,{data.taught_tokens} 个学习的词元;"
        f"过长而截去结尾的 {data.cut} 段,过长而未用的 {data.left_out} 段。",
    )


def _loss(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}({math.exp(min(value, 700)):.2f})"
