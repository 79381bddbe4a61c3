"""models.training.lora: what is taught, that it is learned, and that a run can be repeated and resumed."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.contracts import Message, ModelUnavailable
from models.local.identity import base_digest
from models.local.loading import load
from models.local.prompting import prompt_ids
from models.training.lora import course
from models.training.lora.adapter import RECORD, Record
from models.training.lora.base import Base, words
from models.training.lora.course import UNFINISHED, prepare, train
from models.training.lora.dialogues import BadDialogues, read
from models.training.lora.learning import padded, share
from models.training.lora.recipe import BadTraining, Recipe
from models.training.lora.rendering import Example, curriculum
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
# Thinking models of Qwen3's kind: the prompt opens the answer with what its history does not show.
THINKING = tiny.TEMPLATE.replace("assistant\n{% endif %}", "assistant\n<think>\n\n</think>\n\n{% endif %}")
RECIPE = Recipe(rank=8, alpha=16, dropout=0.1, epochs=3, learning_rate=5e-3, batch=2, accumulate=2, length=256)
Row = dict[str, Any]
# peft 0.21 asks a base by the name that transformers 5.23 renamed.
loads = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


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


def taught_texts(folder: Path, example: Example) -> list[str]:
    """The runs of taught tokens as text, control tokens shown."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    runs: list[list[int]] = [[]]
    for token, taught in zip(example.ids.tolist(), example.taught.tolist(), strict=True):
        if taught:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [tokenizer.decode(run) for run in runs if run]


def with_template(folder: Path, target: Path, template: str) -> Path:
    """The tiny base's words with another chat template; its weights are not needed."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = template
    tokenizer.save_pretrained(target)
    for name in ("config.json", "generation_config.json", "model.safetensors"):
        (target / name).write_bytes((folder / name).read_bytes())
    return target


def test_only_answers_and_their_ends_are_taught(folder: Path, base: Base, tmp_path: Path) -> None:
    row = asked("工资没发", "几个月了?", "三个月", "可以申请仲裁。", system="你是律师")
    learned = prepare(base, written(tmp_path / "d.jsonl", [row]), None, 256, silent).learned
    (example,) = learned.examples
    assert taught_texts(folder, example) == ["几个月了?<|im_end|>", "可以申请仲裁。<|im_end|>"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    whole = tokenizer.apply_chat_template(row["messages"], tokenize=False)
    assert tokenizer.decode(example.ids) == whole.removesuffix("\n")
    assert learned.taught == int(example.taught.sum())


def test_a_prompt_is_what_serving_writes(folder: Path, base: Base, tmp_path: Path) -> None:
    row = asked("工资没发", "几个月了?", "三个月", "可以申请仲裁。", system="你是律师")
    (example,) = prepare(base, written(tmp_path / "d.jsonl", [row]), None, 256, silent).learned.examples
    served = load(folder, "cpu", "float32", "sdpa", None)
    messages = [Message.model_validate(message) for message in row["messages"]]
    for upto in (2, 4):
        prompt = prompt_ids(served, messages[:upto], {})
        assert example.ids[: len(prompt)].tolist() == prompt
        assert not example.taught[len(prompt) - 1] and example.taught[len(prompt)]


def test_where_the_format_rewrites_history_each_answer_is_an_example(folder: Path, tmp_path: Path) -> None:
    thinking = with_template(folder, tmp_path / "thinking", THINKING)
    base = Base(model=str(thinking))
    row = asked("工资没发", "几个月了?", "三个月", "可以申请仲裁。")
    examples = prepare(base, written(tmp_path / "d.jsonl", [row]), None, 256, silent).learned.examples
    assert [taught_texts(folder, example) for example in examples] == [
        ["几个月了?<|im_end|>"],
        ["可以申请仲裁。<|im_end|>"],
    ]
    served = load(thinking, "cpu", "float32", "sdpa", None)
    messages = [Message.model_validate(message) for message in row["messages"]]
    for example, upto in zip(examples, (1, 3), strict=True):
        prompt = prompt_ids(served, messages[:upto], {})
        assert example.ids[: len(prompt)].tolist() == prompt
        assert example.taught.tolist() == [place >= len(prompt) for place in range(len(example.ids))]


def test_a_format_that_ends_no_answer_ends_with_the_tokenizers_own_end(folder: Path, tmp_path: Path) -> None:
    plain = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant: "
    base = Base(model=str(with_template(folder, tmp_path / "plain", plain)))
    row = asked("工资没发", "几个月了?", "三个月", "可以申请仲裁。")
    examples = prepare(base, written(tmp_path / "d.jsonl", [row]), None, 256, silent).learned.examples
    assert [taught_texts(folder, example) for example in examples] == [
        ["几个月了?<|im_end|>"],
        ["可以申请仲裁。<|im_end|>"],
    ]


def test_a_long_dialogue_ends_with_an_answer_or_is_left_out(folder: Path, base: Base, tmp_path: Path) -> None:
    long = "因为" * 60
    rows = [asked("工资没发", "几个月了?", "三个月", long), asked("你好", "好。"), asked("你好吗", long)]
    dialogues = read(written(tmp_path / "d.jsonl", rows))
    writer = words(base).writer
    whole = curriculum(dialogues, writer, 10_000)
    assert not whole.cut and not whole.left_out
    short = curriculum(dialogues, writer, 100)
    assert short.cut == {1: 1}
    assert short.left_out == (3,)
    assert [taught_texts(folder, example) for example in short.examples] == [
        ["几个月了?<|im_end|>"],
        ["好。<|im_end|>"],
    ]
    assert short.tokens == whole.tokens
    exact = curriculum(dialogues, writer, whole.tokens[0])
    assert 1 not in exact.cut and len(exact.examples[0].ids) == whole.tokens[0]
    assert curriculum(dialogues, writer, whole.tokens[0] - 1).cut == {1: 1}
    with pytest.raises(BadDialogues, match="longer than 20 tokens"):
        prepare(base, written(tmp_path / "e.jsonl", rows[2:]), None, 20, silent)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[]", "valid dictionary"),
        ('{"text": "你好"}', "messages: Field required"),
        ('{"messages": []}', "messages"),
        (
            json.dumps({"messages": [{"role": "user", "content": "问"}, {"role": "tool", "content": "答"}]}),
            "messages.1.role",
        ),
        (
            json.dumps({"messages": [{"role": "user", "content": "问"}, {"role": "assistant", "content": 3}]}),
            "messages.1.content",
        ),
        (
            json.dumps(
                {"messages": [{"role": "user", "content": "问"}, {"role": "assistant", "content": "答", "weight": 0}]}
            ),
            "messages.1.weight",
        ),
        (json.dumps(asked("问", "  ")), "messages.1: empty"),
        (json.dumps(asked("问", "答", "再问")), "last message"),
        (
            json.dumps({"messages": [{"role": "assistant", "content": "答"}, {"role": "assistant", "content": "答"}]}),
            "messages.0: user",
        ),
        (
            json.dumps(
                {
                    "messages": [
                        *asked("问", "答")["messages"],
                        {"role": "system", "content": "规则"},
                        {"role": "assistant", "content": "答"},
                    ]
                }
            ),
            "messages.2: user",
        ),
        (json.dumps(asked("问", "答", system="规则"))[:-1] + ', "x": "\udcff"}', "not JSON in UTF-8"),
        ('{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "答"}]}', "surrogate"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "d.jsonl"
    good = json.dumps(asked("你好", "好。"))
    path.write_bytes(f"{good}\n\n{line}\n{good}\n".encode("utf-8", "surrogateescape"))
    with pytest.raises(BadDialogues, match=f"d.jsonl:3: .*{why}") as refused:
        read(path)
    assert refused.value.code == "bad_dialogues"


def test_what_cannot_be_learned_is_refused(base: Base, data: Path, tmp_path: Path) -> None:
    armed = written(tmp_path / "armed.jsonl", [asked("你好", "好。"), asked("你好", "好。<|im_end|>\n")])
    with pytest.raises(BadDialogues, match=r"armed.jsonl:2: .*<\|im_end\|>"):
        prepare(base, armed, None, 256, silent)
    leaked = written(tmp_path / "leaked.jsonl", [asked("新问题", "好。"), asked(*next(iter(TAUGHT.items())))])
    with pytest.raises(BadDialogues, match=r"leaked.jsonl:2: .*data.jsonl:1"):
        prepare(base, data, leaked, 256, silent)
    with pytest.raises(BadTraining, match="512 tokens"):
        prepare(base, data, None, 513, silent)
    with pytest.raises(BadDialogues, match="No such file"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(BadDialogues, match="no dialogue"):
        read(written(tmp_path / "empty.jsonl", []))
    with pytest.raises(ModelUnavailable, match="no folder"):
        prepare(Base(model=str(tmp_path / "nowhere")), data, None, 256, silent)


def test_a_batch_is_padded_where_nothing_is_learned(base: Base, data: Path) -> None:
    batch = prepare(base, data, None, 256, silent).learned.examples[:3]
    ids, attended, labels = padded(batch)
    for row, example in enumerate(batch):
        size = len(example.ids)
        assert ids[row, :size].tolist() == example.ids.tolist()
        assert attended[row].tolist() == [1] * size + [0] * (ids.shape[1] - size)
        assert [label != -100 for label in labels[row, :size].tolist()] == example.taught.tolist()
        assert (labels[row, size:] == -100).all()
    assert len({len(example.ids) for example in batch}) > 1


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
    other = with_template(folder, tmp_path / "other", THINKING)
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
