"""What the tests of adapters share: a tiny base, dialogues, and a run with few steps."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer

from models.training.lora.adapter import Record
from models.training.lora.base import Base
from models.training.lora.course import prepare, train
from models.training.lora.recipe import Recipe
from tests.models import tiny

TAUGHT = {
    "拖欠工资怎么办": "先申请劳动仲裁。",
    "想离婚怎么办": "可以起诉离婚。",
    "押金不退怎么办": "看合同怎么约定。",
    "被车撞了怎么办": "先报警再就医。",
    "借钱不还怎么办": "收集转账记录。",
    "买到假货怎么办": "向商家要求赔偿。",
    "被辞退了怎么办": "可以要求补偿。",
    "没签合同怎么办": "保留上班的证据。",
}
HELD_OUT = {"工资被扣怎么办": "先申请劳动仲裁。", "房东不退押金": "看合同怎么约定。"}
RECIPE = Recipe(rank=8, alpha=16, dropout=0.1, epochs=3, learning_rate=5e-3, batch=2, accumulate=2, length=256)
Row = dict[str, Any]


def silent(done: int, total: int, label: str) -> None:
    """Nobody looks."""


def asked(question: str, *more: str, system: str = "") -> Row:
    """A dialogue: question, answer, question, answer, ..."""
    opening = [{"role": "system", "content": system}] if system else []
    turns = [
        {"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate((question, *more))
    ]
    return {"messages": [*opening, *turns]}


def written(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """So small a model is slower on two threads, and much slower beside other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny base."""
    return tiny.checkpoint(tmp_path_factory.mktemp("base") / "tiny-base")


@pytest.fixture
def base(folder: Path) -> Base:
    return Base(model=str(folder), device="cpu")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return written(tmp_path / "data.jsonl", [asked(*pair) for pair in TAUGHT.items()])


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    return written(tmp_path / "held_out.jsonl", [asked(*pair) for pair in HELD_OUT.items()])


Made = Callable[..., Record]


@pytest.fixture
def made(base: Base, data: Path) -> Made:
    """Train on `data` with RECIPE changed as said, into the folder `out`."""

    def run(out: Path, held_out: Path | None = None, report: Any = silent, **changed: Any) -> Record:
        options = {name: changed.pop(name) for name in ("resume", "every") if name in changed}
        recipe = RECIPE.model_copy(update=changed)
        return train(base, prepare(base, data, held_out, recipe.length, silent), recipe, out, report, **options)

    return run


def with_template(folder: Path, target: Path, template: str) -> Path:
    """The tiny base's words with another chat template; its weights are not needed."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = template
    tokenizer.save_pretrained(target)
    for name in ("config.json", "generation_config.json", "model.safetensors"):
        (target / name).write_bytes((folder / name).read_bytes())
    return target
