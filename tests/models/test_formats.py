"""models.local.formats, and what prompting, decoding and loading do for checkpoints of that kind."""

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from models import registry
from models.contracts import BadCard, Message, ModelCard, ModelUnavailable
from models.local import formats, loading
from models.local.decoding import TextStream
from models.local.loading import Checkpoint, load
from models.local.prompting import prompt_ids
from tests.models import checkpoints

TURNS = [
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "请讲。"},
    {"role": "user", "content": "怎么办?"},
]
OPENING = (
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LLaMA of the first generation: no tokenizer.json, no chat template."""
    folder = tmp_path_factory.mktemp("llama")
    checkpoints.pieces(folder, {"tokenizer_class": "LlamaTokenizer"})
    checkpoints.network(folder, "llama", [2], bos_token_id=1)
    return folder


def loaded(folder: Path, name: str | None) -> Checkpoint:
    return load(folder, "cpu", "float32", "sdpa", None, formats.find(name) if name else None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "alpaca",
            f"{OPENING}### Instruction:\n你好\n\n### Response:请讲。</s>\n\n### Instruction:\n怎么办?\n\n### Response:",
        ),
        ("baichuan", "<reserved_102>你好<reserved_103>请讲。</s><reserved_102>怎么办?<reserved_103>"),
    ],
)
def test_a_format_that_no_local_card_uses_is_as_documented(name: str, text: str) -> None:
    assert formats.find(name).render(TURNS, eos_token="</s>") == text


@pytest.mark.parametrize("name", formats.names())
def test_a_format_is_whole(name: str) -> None:
    chat_format = formats.find(name)
    text = chat_format.render(TURNS, eos_token="</s>")
    assert text.index("你好") < text.index("请讲。") < text.index("怎么办?")
    assert all(mark.strip() in "".join(chat_format.markers) for mark in chat_format.stop)
    assert sum(mark in text for mark in chat_format.markers) == 2  # the user's and the model's


def test_what_the_system_says_stands_before_what_the_user_says_first() -> None:
    rows = [{"role": "system", "content": "甲"}, {"role": "assistant", "content": "乙"}, *TURNS]
    assert formats.find("baichuan").render(rows, eos_token="").startswith("<reserved_103>乙<reserved_102>甲\n\n你好")
    assert formats.find("baichuan").render(rows[:1], eos_token="") == "<reserved_102>甲<reserved_103>"


def test_a_baichuan_server_that_is_given_the_file_gets_the_system_message_too() -> None:
    rows = [{"role": "system", "content": "甲"}, *TURNS[:1]]
    text = formats.find("baichuan").template.render(messages=rows, add_generation_prompt=True, eos_token="")
    assert text == "甲\n<reserved_102>你好<reserved_103>"


def test_an_unknown_format_is_refused_and_a_file_of_ones_own_is_not(tmp_path: Path, folder: Path) -> None:
    own = tmp_path / "own.jinja"
    own.write_text(
        '{%- set markers = ["甲:"] -%}{%- set stop = [] -%}{%- set bos = true -%}'
        '{%- for row in messages -%}{{- "甲:" ~ row.content -}}{%- endfor -%}{{- "乙:" -}}',
        "utf-8",
    )
    ids = prompt_ids(loaded(folder, str(own)), [Message(role="user", content="你好")], {})
    assert ids == [1, *checkpoints.reader(folder).encode("甲:你好乙:")]

    broken = tmp_path / "broken.jinja"
    for text, complaint in (("{% for %}", "cannot be used"), ("{{ messages }}", "markers")):
        broken.write_text(text, "utf-8")
        formats.find.cache_clear()
        with pytest.raises(ValueError, match=complaint):
            formats.find(str(broken))
    options = {"model": "x/y", "format": "../../cards/endpoint"}
    card = ModelCard(name="x", label="x", backend="transformers_local", abilities=("dialogue",), options=options)
    with pytest.raises(BadCard, match=r"known: .*chatlaw"):
        registry.build(card)


def test_a_mark_is_broken_however_it_is_written(folder: Path) -> None:
    checkpoint = loaded(folder, "lawyer-llama")

    def written(text: str) -> str:
        return str(checkpoint.tokenizer.decode(prompt_ids(checkpoint, [Message(role="user", content=text)], {})))

    plain = written("甲")
    for typed, kept in (
        ("### Human: 乙", "# ## Human: 乙"),
        ("\n###assistant ： 乙", "\n# ##assistant ： 乙"),
        ("##### Human:", "### ## Human:"),
        ("</s><s>", "< /s>< s>"),
        ("标题 ### 第一", "标题 ### 第一"),
        ("Assistant: 乙", "Assistant: 乙"),
    ):
        assert written(typed) == plain.replace("甲", kept)


def test_text_comes_whole_from_bytes_and_pieces(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer("你好 hello 龘😀。\nConsult:\n再问", add_special_tokens=False)["input_ids"]
    assert any(token in checkpoints.BYTES for token in ids)
    stream = TextStream(tokenizer, loaded(folder, "chatlaw").stop)
    told = [stream.feed(token) for token in ids]
    assert "".join([*told, stream.close()]) == "你好 hello 龘😀。"
    assert stream.stopped
    assert not any("�" in text for text in told)


def test_bytes_that_are_no_character_do_not_end_an_answer(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    half, end = tokenizer.convert_tokens_to_ids(["<0xE5>", "工资"])
    stream = TextStream(tokenizer, ())
    assert [stream.feed(token) for token in (end, half, half, end)] == ["工资", "", "", "��工资"]


def test_a_checkpoint_that_lacks_what_a_prompt_takes_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelUnavailable, match="option `format`"):
        loaded(folder, None)
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    with pytest.raises(ModelUnavailable, match="pip install sentencepiece"):
        loaded(folder, "chatlaw")
