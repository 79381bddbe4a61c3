"""models.training.lora: which dialogues are taken, and what of them is taught."""

import json
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from models.contracts import Message, ModelUnavailable
from models.local import formats
from models.local.loading import load
from models.local.prompting import prompt_ids
from models.training.lora.base import Base, words
from models.training.lora.course import prepare
from models.training.lora.dialogues import BadDialogues, read
from models.training.lora.learning import padded
from models.training.lora.recipe import BadTraining
from models.training.lora.rendering import Example, curriculum
from tests.models import tiny
from tests.models.training.conftest import TAUGHT, asked, silent, with_template, written

# Thinking models of Qwen3's kind: the prompt opens the answer with what its history does not show.
THINKING = tiny.TEMPLATE.replace("assistant\n{% endif %}", "assistant\n<think>\n\n</think>\n\n{% endif %}")


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


def test_a_format_of_ours_is_written_as_serving_writes_it(folder: Path, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template, tokenizer.bos_token = None, "<|endoftext|>"
    bare = with_template(folder, tmp_path / "bare", "")
    tokenizer.save_pretrained(bare)
    (bare / "chat_template.jinja").unlink(missing_ok=True)
    base = Base(model=str(bare), format="chatlaw")
    row = asked("工资没发", "几个月了?", "三个月", "可以申请仲裁。", system="你是律师")
    examples = prepare(base, written(tmp_path / "d.jsonl", [row]), None, 256, silent).learned.examples
    said = [["几个月了?<|im_end|>"], ["可以申请仲裁。<|im_end|>"]]
    assert [taught_texts(bare, example) for example in examples] == said
    served = load(bare, "cpu", "float32", "sdpa", None, formats.find("chatlaw"))
    messages = [Message.model_validate(message) for message in row["messages"]]
    for example, upto in zip(examples, (2, 4), strict=True):
        prompt = prompt_ids(served, messages[:upto], {})
        assert example.ids[: len(prompt)].tolist() == prompt and example.taught[len(prompt)]
    marked = written(tmp_path / "marked.jsonl", [asked("问题", "回答。\nConsult:\n再问")])
    with pytest.raises(BadDialogues, match=r"marked.jsonl:1: messages.1: .*Consult"):
        prepare(base, marked, None, 256, silent)


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
