"""models.training.lora: dialogues are learned, and a run can be repeated and resumed."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from models.contracts import Message, ModelUnavailable
from models.local.identity import base_digest
from models.local.loading import load
from models.local.prompting import prompt_ids
from models.training.lora import course
from models.training.lora.adapter import RECORD, Record
from models.training.lora.base import Base
from models.training.lora.course import UNFINISHED, prepare
from models.training.lora.learning import padded, share
from models.training.lora.recipe import BadTraining
from models.training.lora.rendering import Example
from tests.models.training.conftest import TAUGHT, Made, asked, files, silent, with_template, written

# peft 0.21 asks a base by the name that transformers 5.23 renamed.
loads = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


def test_the_learning_rate_rises_and_falls() -> None:
    shares = [share(step, 100, 0.1) for step in range(100)]
    assert shares[0] == pytest.approx(0.1) and shares[9] == shares[10] == 1.0
    assert all(earlier > later for earlier, later in pairwise(shares[10:]))
    assert 0 < shares[-1] < 0.01
    assert [share(step, 1, 0.03) for step in range(1)] == [1.0]


@loads
def test_taught_answers_are_given(folder: Path, made: Made, held_out: Path, tmp_path: Path) -> None:
    before, out = files(folder), tmp_path / "adapter"
    record = made(out, held_out, epochs=40, batch=8, accumulate=1, learning_rate=2e-2, dropout=0.0, rank=16)
    assert files(folder) == before
    assert record.scores.training[-1] < 0.05 < 1 < record.scores.training[0]
    assert record.scores.before is not None and record.scores.after is not None
    assert record.scores.after < record.scores.before

    served = load(folder, "cpu", "float32", "sdpa", None)
    model = PeftModel.from_pretrained(served.model, out)
    for question, answer in TAUGHT.items():
        prompt = torch.tensor([prompt_ids(served, [Message(role="user", content=question)], {})])
        said = model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=40
        )
        assert served.tokenizer.decode(said[0, prompt.shape[1] :]) == f"{answer}<|im_end|>"
    with model.disable_adapter():
        said = model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=20
        )
    assert answer not in served.tokenizer.decode(said[0, prompt.shape[1] :])


def test_the_folder_says_what_it_was_made_from(
    folder: Path, base: Base, made: Made, data: Path, held_out: Path, tmp_path: Path
) -> None:
    out = tmp_path / "adapter"
    record = made(out, held_out, epochs=1)
    assert set(files(out)) == {"adapter_model.safetensors", "adapter_config.json", RECORD, "README.md"}
    assert Record.model_validate_json((out / RECORD).read_text("utf-8")) == record
    assert record.base.model == "tiny-base"
    assert record.base.digest == base_digest(folder) == prepare(base, data, None, 256, silent).words.digest
    assert (record.data.dialogues, record.data.examples, record.data.file) == (8, 8, "data.jsonl")
    assert record.held_out is not None and record.held_out.dialogues == 2
    card = (out / "README.md").read_text("utf-8")
    for part in (record.base.digest, record.data.sha256, "不得分发", "tiny-base", "| rank | 8 |"):
        assert part in card
    assert str(tmp_path) not in card + (out / "adapter_config.json").read_text() + (out / RECORD).read_text()


def test_the_digest_tells_bases_apart(folder: Path, tmp_path: Path) -> None:
    other = with_template(folder, tmp_path / "other", "{{ messages }}")
    assert base_digest(other) == base_digest(folder)
    (other / "config.json").write_text(
        (folder / "config.json").read_text().replace('"num_hidden_layers": 2', '"num_hidden_layers": 3')
    )
    assert base_digest(other) != base_digest(folder)
    (other / "config.json").write_bytes((folder / "config.json").read_bytes())
    (other / "model.safetensors").write_bytes(b"more" + (folder / "model.safetensors").read_bytes())
    assert base_digest(other) != base_digest(folder)
    (other / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match="no checkpoint"):
        base_digest(other)


class Killed(BaseException):
    """The process is gone."""


def killed_at(step: int) -> Callable[[int, int, str], None]:
    def report(done: int, total: int, label: str) -> None:
        if label == "训练" and done == step:
            raise Killed

    return report


def test_two_runs_are_the_same_bytes_and_so_is_a_resumed_one(made: Made, held_out: Path, tmp_path: Path) -> None:
    made(tmp_path / "one", held_out)
    made(tmp_path / "two", held_out)
    assert files(tmp_path / "one") == files(tmp_path / "two") | {"README.md": files(tmp_path / "one")["README.md"]}

    # Two steps an epoch: killed in the middle of the first one, then behind the second.
    again = tmp_path / "again"
    for step, resume in ((1, False), (4, True)):
        with pytest.raises(Killed):
            made(again, held_out, killed_at(step), every=1, resume=resume)
        assert set(files(again)) == {UNFINISHED}
    with pytest.raises(BadTraining, match="--resume"):
        made(again, held_out)
    with pytest.raises(BadTraining, match="other data, another base or another recipe"):
        made(again, held_out, resume=True, rank=4)
    made(again, held_out, resume=True)
    assert set(files(again)) == set(files(tmp_path / "one"))
    for name in ("adapter_model.safetensors", "adapter_config.json", RECORD):
        assert files(again)[name] == files(tmp_path / "one")[name]
    with pytest.raises(BadTraining, match="finished adapter"):
        made(again, held_out, resume=True)

    made(tmp_path / "other", held_out, seed=1)
    assert files(tmp_path / "other")["adapter_model.safetensors"] != files(again)["adapter_model.safetensors"]


def test_two_runs_cannot_share_a_folder(made: Made, tmp_path: Path) -> None:
    def report(done: int, total: int, label: str) -> None:
        if not refused:
            with pytest.raises(BadTraining, match="at work") as error:
                made(tmp_path / "out")
            refused.append(error.value)

    refused: list[BadTraining] = []
    made(tmp_path / "out", report=report, epochs=1)
    assert refused and "lock" not in files(tmp_path / "out")


def test_a_damaged_state_is_named(made: Made, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / UNFINISHED).write_bytes(b"\x00" * 100)
    with pytest.raises(BadTraining, match="damaged"):
        made(tmp_path / "out", resume=True)


def test_accumulated_batches_are_one_step(made: Made, tmp_path: Path) -> None:
    at_once = made(tmp_path / "at_once", dropout=0.0, batch=8, accumulate=1)
    in_parts = made(tmp_path / "in_parts", dropout=0.0, batch=1, accumulate=8)
    recomputed = made(tmp_path / "recomputed", dropout=0.0, batch=8, accumulate=1, checkpointing=True)
    assert at_once.scores.steps == in_parts.scores.steps == 3
    assert in_parts.scores.training == pytest.approx(at_once.scores.training, rel=1e-4)
    assert recomputed.scores.training == pytest.approx(at_once.scores.training, rel=1e-4)


def loss_of(folder: Path, adapter: Path, examples: Sequence[Example]) -> float:
    """The mean loss of a taught token, an example at a time, as transformers works it out."""
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(folder), adapter).eval()
    total = tokens = 0.0
    for example in examples:
        ids, _, labels = padded([example])
        count = int(example.taught.sum())
        with torch.no_grad():
            total += float(model(input_ids=ids, labels=labels).loss) * count
        tokens += count
    return total / tokens


@loads
def test_patience_keeps_the_best_epoch(folder: Path, base: Base, made: Made, data: Path, tmp_path: Path) -> None:
    # Other answers than those taught: after a while, the more is learned, the worse they are told.
    contrary = written(
        tmp_path / "contrary.jsonl", [asked("押金不退怎么办", "去法院起诉房东。"), asked("天气不错", "谢谢夸奖。")]
    )
    options = {"epochs": 16, "batch": 8, "accumulate": 1, "learning_rate": 2e-2, "dropout": 0.0, "rank": 16}
    patient = made(tmp_path / "patient", contrary, patience=2, **options)
    steps = patient.scores.steps
    assert 3 <= steps < 16
    with pytest.raises(Killed):
        made(tmp_path / "killed", contrary, killed_at(steps - 1), patience=2, **options)
    resumed = made(tmp_path / "killed", contrary, patience=2, resume=True, **options)
    assert resumed.scores == patient.scores
    name = "adapter_model.safetensors"
    assert files(tmp_path / "killed")[name] == files(tmp_path / "patient")[name]
    whole = made(tmp_path / "whole", contrary, **options)
    assert whole.scores.steps == 16
    assert patient.scores.after is not None and whole.scores.after is not None
    assert patient.scores.after < whole.scores.after

    # The folder holds the adapter of that score, not the last one.
    tested = prepare(base, data, contrary, 256, silent).tested
    assert tested is not None
    assert loss_of(folder, tmp_path / "patient", tested.examples) == pytest.approx(patient.scores.after, rel=1e-4)
    assert loss_of(folder, tmp_path / "whole", tested.examples) == pytest.approx(whole.scores.after, rel=1e-4)


@loads
def test_a_quantised_base_learns(
    folder: Path, base: Base, data: Path, made: Made, held_out: Path, tmp_path: Path
) -> None:
    record = made(tmp_path / "qlora", held_out, quantised=True, epochs=8, learning_rate=2e-2, batch=8, accumulate=1)
    assert record.scores.before is not None and record.scores.after is not None
    assert record.scores.after < record.scores.before / 2
    assert record.scores.training[-1] < record.scores.training[0] / 2
    assert "bitsandbytes" in record.versions
    # It also helps the base as it is served: whole, not in 4 bits.
    tested = prepare(base, data, held_out, 256, silent).tested
    assert tested is not None
    assert loss_of(folder, tmp_path / "qlora", tested.examples) < record.scores.before * 0.7


def test_a_run_that_cannot_be_made_is_refused(
    made: Made, base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadTraining, match="nothing is held out"):
        made(tmp_path / "patient", patience=1)
    with pytest.raises(BadTraining, match="no_such_layer"):
        made(tmp_path / "layers", targets=("no_such_layer",))
    with pytest.raises(BadTraining, match="the loss of step 2"):
        made(tmp_path / "fast", learning_rate=1e30)
    made(tmp_path / "two", targets=("q_proj", "v_proj"), epochs=1)
    config = json.loads((tmp_path / "two" / "adapter_config.json").read_text())
    assert config["target_modules"] == ["q_proj", "v_proj"]
    monkeypatch.setattr(course.Learner, "_step", lambda *_: (_ for _ in ()).throw(torch.OutOfMemoryError("full")))
    with pytest.raises(Exception, match="--checkpointing") as full:
        made(tmp_path / "full")
    assert getattr(full.value, "code", "") == "model_out_of_memory"
