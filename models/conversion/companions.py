"""The files beside the weights: tokenizer, chat template, generation settings."""

import json
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer

from models.contracts import BadCheckpoint
from models.conversion.architecture import named, refuse_code
from models.conversion.reading import read_json

FAST = "tokenizer.json"
SETTINGS = "tokenizer_config.json"
GENERATION = "generation_config.json"
VOCABULARIES = (FAST, "tokenizer.model", "vocab.json", "vocab.txt")
TOKENIZER = (
    *VOCABULARIES,
    SETTINGS,
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    "chat_template.jinja",
)
# Names from before LLaMA came to transformers, which it takes for no class of its own and reads without its rules.
RENAMED = {"LLaMATokenizer": "LlamaTokenizer"}
# Compared with the original. None begins with a space: there transformers differs by design, adding no second one.
SAMPLES = (
    "公司拖欠我三个月工资,我能要求支付经济补偿吗?",
    "根据《中华人民共和国劳动合同法》第38条……",
    "两个空格  and some English words, 3.14%\n第二行",
    "㐂生僻字与😀",
)


def copy(out: Path, folders: list[Path], rows: int) -> tuple[str, ...]:
    """Copy tokenizer and generation settings to `out`, each from the first of `folders` that has it.

    A tokenizer without tokenizer.json gets one. `rows`: how many tokens the model has. The notes returned say what the
    user should know. Raises BadCheckpoint when there is no tokenizer, or none that goes with the model.
    """
    if settings := next((path for folder in folders if (path := folder / GENERATION).is_file()), None):
        shutil.copyfile(settings, out / GENERATION)
    source = next((folder for folder in folders if any((folder / name).is_file() for name in VOCABULARIES)), None)
    if source is None:
        raise BadCheckpoint(f"{'、'.join(folder.name for folder in folders)} 里没有分词器({'、'.join(VOCABULARIES)})")
    for name in TOKENIZER:
        if (source / name).is_file():
            shutil.copyfile(source / name, out / name)
    for path in (out / SETTINGS, out / GENERATION):
        if path.is_file():
            refuse_code(path, read_json(path))
    made = not (out / FAST).is_file()
    tokenizer = _made(out) if made else _loaded(out)
    beyond = [token for token, at in tokenizer.get_vocab().items() if at >= rows]
    if beyond:
        raise BadCheckpoint(
            f"分词器里的 {named(beyond)} 超出了模型的 {rows} 个词,遇到就会出错;"
            "如果模型从未用过,请从 added_tokens.json、special_tokens_map.json、tokenizer_config.json 删去再转换"
        )
    notes = [f"分词器由 tokenizer.model 等文件生成了 {FAST}"] if made else []
    if not tokenizer.chat_template:
        notes.append("分词器没有对话模板:使用时要在模型卡里写明提示格式")
    return tuple(notes)


def _loaded(folder: Path) -> Any:
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:
        # tokenizers raises bare Exceptions, SentencePiece and protobuf their own.
        raise BadCheckpoint(f"分词器不能用: {' '.join(str(error).split())[:300]}") from error
    if not getattr(tokenizer, "is_fast", False):
        raise BadCheckpoint(f"分词器 {type(tokenizer).__name__} 没有 {FAST} 的形式,这里不能使用")
    return tokenizer


def _made(folder: Path) -> Any:
    """The tokenizer, its tokenizer.json made by transformers and, for SentencePiece, compared with the original."""
    pieces = folder / "tokenizer.model"
    # Without it transformers takes the file for tiktoken's, and asks for that.
    if pieces.is_file() and find_spec("sentencepiece") is None:
        raise BadCheckpoint(f"要由 tokenizer.model 生成 {FAST},需要先安装 sentencepiece: pip install sentencepiece")
    if (folder / SETTINGS).is_file():
        settings = _mended(read_json(folder / SETTINGS))
        (folder / SETTINGS).write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", "utf-8")
    _loaded(folder).save_pretrained(folder)
    tokenizer = _loaded(folder)
    if pieces.is_file():
        _compare(tokenizer, pieces)
    return tokenizer


def _mended(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings as transformers 4 took them: LLaMA began each text with <s> unless told not to, "" was no token."""
    told = {name: value for name, value in settings.items() if value != ""}
    name = told.get("tokenizer_class")
    if RENAMED.get(str(name), name) != "LlamaTokenizer":
        return told
    return {"add_bos_token": True, **told, "tokenizer_class": "LlamaTokenizer"}


def _compare(tokenizer: Any, pieces: Path) -> None:
    original = import_module("sentencepiece").SentencePieceProcessor(model_file=str(pieces))
    for text in SAMPLES:
        if tokenizer(text, add_special_tokens=False)["input_ids"] != original.encode(text):
            raise BadCheckpoint(
                f"生成的 {FAST} 与 tokenizer.model 切分不同(例如 {text!r});"
                f"多半是 {SETTINGS} 缺少或写错了 tokenizer_class,请改正或放入作者的 {FAST}"
            )
