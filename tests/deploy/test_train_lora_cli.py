"""`lexhub train lora` on the command line, in this process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from deploy.cli import app, train_lora
from deploy.settings import BadSettings
from models.training.lora.adapter import RECORD, Record
from models.training.lora.dialogues import BadDialogues
from tests.models import tiny

RUN = CliRunner()
ANSWERS = {
    "拖欠工资怎么办": "先申请劳动仲裁。",
    "押金不退怎么办": "看合同怎么约定。",
    "借钱不还": "收集转账记录。" * 12,
}


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("base") / "tiny-base")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return written(tmp_path / "data.jsonl", ANSWERS)


def written(path: Path, answers: dict[str, str]) -> Path:
    rows = [
        {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}
        for question, answer in answers.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_an_adapter_is_made(base: Path, data: Path, tmp_path: Path) -> None:
    out, held_out = tmp_path / "adapter", written(tmp_path / "held_out.jsonl", {"工资没发": "先申请劳动仲裁。"})
    options = [
        "--rank",
        "4",
        "--epochs",
        "2",
        "--batch",
        "2",
        "--length",
        "100",
        "--targets",
        "q_proj, v_proj",
        "--seed",
        "3",
    ]
    asked = ["train", "lora", str(data), "--model", str(base), "--out", str(out), "--held-out", str(held_out)]
    done = RUN.invoke(app, [*asked, *options, "--device", "cpu", "--template", '{"enable_thinking": false}'])
    assert done.exit_code == 0, done.output
    assert "过长,整段未用:第 3 行" in done.output
    assert "验证,训练后" in done.output
    made = Record.model_validate_json((out / RECORD).read_text("utf-8"))
    assert (made.recipe.rank, made.recipe.targets, made.recipe.seed) == (4, ("q_proj", "v_proj"), 3)
    assert (made.scores.steps, made.data.left_out, made.base.template) == (2, 1, {"enable_thinking": False})
    assert f"{made.scores.after:.4f}" in done.output


def test_checking_trains_nothing(base: Path, data: Path, tmp_path: Path) -> None:
    counted = RUN.invoke(app, ["train", "lora", str(data), "--check"])
    assert counted.exit_code == 0, counted.output
    characters = sum(map(len, [*ANSWERS, *ANSWERS.values()]))
    assert f" {characters} " in counted.output and "词元" not in counted.output
    spoken = RUN.invoke(app, ["train", "lora", str(data), "--check", "--model", str(base), "--length", "100"])
    assert spoken.exit_code == 0, spoken.output
    assert "截去结尾 0,未用 1" in spoken.output
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_bad_lines_are_named_and_nothing_is_written(base: Path, data: Path, tmp_path: Path) -> None:
    with data.open("a") as file:
        file.write('{"messages": [{"role": "user", "content": "你好"}]}\n')
    for asked in (["--check"], ["--model", str(base), "--out", str(tmp_path / "out")]):
        done = RUN.invoke(app, ["train", "lora", str(data), *asked])
        assert isinstance(done.exception, BadDialogues)
        assert "data.jsonl:4: " in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_what_is_missing_is_asked_for(base: Path, data: Path) -> None:
    for given, missing in ((["--out", "x"], "--model"), (["--model", str(base)], "--out")):
        done = RUN.invoke(app, ["train", "lora", str(data), *given])
        assert done.exit_code == 2 and missing in done.output


def test_a_card_says_where_its_base_is_and_how_it_is_asked() -> None:
    for name in ("qwen3-8b", "Qwen/Qwen3-8B"):
        base = train_lora._base(name, "", "", "cpu")
        assert (base.model, base.template) == ("Qwen/Qwen3-8B", {"enable_thinking": False})
    assert train_lora._base("lawyer-llama-13b", "", "", "cpu").format == "lawyer-llama"
    assert train_lora._base("some/model", "", "alpaca", "cpu").format == "alpaca"
    assert train_lora._base("qwen3-8b", "{}", "", "cpu").template == {}
    assert train_lora._base("some/model", "", "", "cpu").template == {}
    for bad in ("{", "[]"):
        with pytest.raises(BadSettings, match="--template"):
            train_lora._base("some/model", bad, "", "cpu")


def test_the_help_reminds_of_licences() -> None:
    assert "不得分发" in RUN.invoke(app, ["train", "lora", "--help"]).output
