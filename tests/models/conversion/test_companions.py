"""models.conversion.companions: the tokenizer that goes with the weights."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from models.contracts import BadCheckpoint
from models.conversion import companions
from tests.models.tiny import CORPUS

PIECES = 400
TRAIN = """
import json, sys
import sentencepiece
with open(sys.argv[2], "wb") as file:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(json.loads(sys.argv[1])), model_writer=file, vocab_size=int(sys.argv[3]),
        model_type="bpe", byte_fallback=True, split_digits=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, minloglevel=2,
    )
print("null")
"""
CUT = """
import json, sys
from sentencepiece import SentencePieceProcessor
cutter = SentencePieceProcessor(model_file=sys.argv[1])
print(json.dumps([cutter.encode(text) for text in sys.argv[2:]]))
"""
COPY = """
import json, sys
from pathlib import Path
from models.contracts import BadCheckpoint
from models.conversion import companions
try:
    print(json.dumps(companions.copy(Path(sys.argv[1]), [Path(sys.argv[2])], int(sys.argv[3]))))
except BadCheckpoint as error:
    print(json.dumps(str(error)))
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    return folder


def apart(code: str, *arguments: object) -> Any:
    """What `code` prints as JSON in an interpreter of its own.

    Under pytest SentencePiece crashes: a warning inside its C code becomes an error.
    """
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tokenizer of an old LLaMA: `tokenizer.model` with LLaMA's own rules, and its settings."""
    if find_spec("sentencepiece") is None:
        pytest.skip("sentencepiece is not installed")
    folder = tmp_path_factory.mktemp("pieces")
    apart(TRAIN, json.dumps([*CORPUS, *companions.SAMPLES] * 3), folder / "tokenizer.model", PIECES)
    settings = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.parametrize("name", ["LlamaTokenizer", pytest.param("LLaMATokenizer", marks=pytest.mark.long)])
def test_tokenizer_json_is_made_and_cuts_as_sentencepiece_does(
    tmp_path: Path, out: Path, pieces: Path, name: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(pieces, source)
    settings = json.loads((source / "tokenizer_config.json").read_text()) | {"tokenizer_class": name}
    if name == "LLaMATokenizer":
        settings |= {"bos_token": "", "eos_token": "", "unk_token": ""}  # as the first conversions had them
    (source / "tokenizer_config.json").write_text(json.dumps(settings))
    (source / "added_tokens.json").write_text(json.dumps({"[PAD]": PIECES}))
    notes = apart(COPY, out, source, PIECES + 1)
    assert any("tokenizer.json" in note for note in notes), notes
    assert any("对话模板" in note for note in notes)
    tokenizer = AutoTokenizer.from_pretrained(out)
    texts = ["公司拖欠工资,怎么办?", "hello  world 2024", "从未见过的字:龘"]
    for text, ids in zip(texts, apart(CUT, pieces / "tokenizer.model", *texts), strict=True):
        assert tokenizer(text, add_special_tokens=False)["input_ids"] == ids
        assert tokenizer(text)["input_ids"][0] == tokenizer.bos_token_id == 1
    assert (tokenizer.eos_token_id, tokenizer.unk_token_id) == (2, 0)
    assert tokenizer.convert_tokens_to_ids("[PAD]") == PIECES


def test_a_tokenizer_that_would_cut_otherwise_is_refused(tmp_path: Path, out: Path, pieces: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(pieces, source)
    (source / "tokenizer_config.json").unlink()  # nothing says that this is LLaMA's
    assert "切分不同" in apart(COPY, out, source, 448)


def test_what_is_not_installed_is_said(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tokenizer.model").write_bytes(b"pieces")
    monkeypatch.setattr(companions, "find_spec", lambda name: None)
    with pytest.raises(BadCheckpoint, match="pip install sentencepiece"):
        companions.copy(out, [tmp_path], 400)


def test_tokens_beyond_the_embeddings_are_refused(out: Path, tokenizer_files: Path) -> None:
    size = len(AutoTokenizer.from_pretrained(tokenizer_files))
    assert companions.copy(out, [tokenizer_files], size) == ()
    with pytest.raises(BadCheckpoint, match="超出"):
        companions.copy(out, [tokenizer_files], size - 1)


def test_the_first_folder_with_a_tokenizer_gives_all_of_it(tmp_path: Path, out: Path, tokenizer_files: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    shutil.copytree(tokenizer_files, second)
    first.mkdir()
    (second / "generation_config.json").write_text("{}")
    companions.copy(out, [first, second], 448)
    assert (out / "tokenizer.json").is_file()
    shutil.copytree(tokenizer_files, first, dirs_exist_ok=True)
    (first / "chat_template.jinja").unlink()
    for path in out.glob("*"):
        path.unlink()
    notes = companions.copy(out, [first, second], 448)
    assert any("对话模板" in note for note in notes)
    assert not (out / "chat_template.jinja").exists()
    assert (out / "generation_config.json").read_text() == "{}"


def test_no_tokenizer(tmp_path: Path, out: Path) -> None:
    with pytest.raises(BadCheckpoint, match="没有分词器"):
        companions.copy(out, [tmp_path], 448)


@pytest.mark.parametrize("damage", ["code", "json"])
def test_a_tokenizer_that_cannot_be_used(tmp_path: Path, out: Path, tokenizer_files: Path, damage: str) -> None:
    source = tmp_path / "source"
    shutil.copytree(tokenizer_files, source)
    if damage == "code":
        settings = json.loads((source / "tokenizer_config.json").read_text())
        settings["auto_map"] = {"AutoTokenizer": ["tokenization.Tokenizer", None]}
        (source / "tokenizer_config.json").write_text(json.dumps(settings))
    else:
        (source / "tokenizer.json").write_text("{")
    with pytest.raises(BadCheckpoint, match="auto_map" if damage == "code" else "分词器"):
        companions.copy(out, [source], 448)
