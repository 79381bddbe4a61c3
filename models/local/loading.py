"""Finds a checkpoint and loads it: safetensors only, no code from the checkpoint is run.

Knows nothing of generation.
"""

import shlex
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import torch
from huggingface_hub import snapshot_download
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.contracts import ModelUnavailable
from models.local.formats import ChatFormat

FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.jinja", "*.txt", "*.model")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model with its tokenizer. `ends` are the ids of the tokens that end an answer.

    `chat_format` stands for the tokenizer's own chat template where a card names one.
    """

    model: Any
    tokenizer: Any
    ends: tuple[int, ...]
    context: int
    chat_format: ChatFormat | None = None

    @property
    def stop(self) -> tuple[str, ...]:
        """Texts that end an answer besides those that a request names."""
        return self.chat_format.stop if self.chat_format is not None else ()


def locate(model: str, revision: str | None, hub: str | None, download: bool) -> Path:
    """The folder of a checkpoint: `model` itself when it is one, else the hub's `model`, fetched unless it is here.

    Raises ModelUnavailable with the command that fetches it when it is not here and cannot be had.
    """
    if (folder := Path(model)).is_dir():
        return folder
    if model.startswith((".", "/", "~")) or model.count("/") != 1:
        raise ModelUnavailable(f"there is no folder {model}")
    # What is here is used without asking the hub, so that a server without a network starts at once.
    for local in (True, False) if download else (True,):
        try:
            return Path(
                snapshot_download(
                    model, revision=revision, endpoint=hub, allow_patterns=list(FILES), local_files_only=local
                )
            )
        except (OSError, ValueError, RuntimeError) as error:
            # huggingface_hub raises errors of several families; all of those it documents are one of these.
            failure = error
    said = f"{type(failure).__name__}: {' '.join(str(failure).split())[:200]}"
    fetch = fetching(model, revision, hub)
    raise ModelUnavailable(f"{model} is not on this machine; fetch it with `{fetch}` ({said})")


def fetching(model: str, revision: str | None, hub: str | None) -> str:
    """The command that fetches the hub's `model` to where `locate` finds it."""
    prefix = f"HF_ENDPOINT={shlex.quote(hub)} " if hub else ""
    return prefix + shlex.join(["hf", "download", model, *(["--revision", revision] if revision else [])])


def load(
    folder: Path,
    device: str,
    dtype: Literal["auto", "float32", "bfloat16", "float16"],
    attention: str,
    context: int | None,
    chat_format: ChatFormat | None = None,
) -> Checkpoint:
    """The checkpoint of a folder, on `device`. Raises ModelUnavailable with the reason when it cannot be loaded."""
    _require_readable(folder)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = AutoModelForCausalLM.from_pretrained(
            folder, use_safetensors=True, trust_remote_code=False, dtype=dtype, attn_implementation=attention
        ).to(device)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelUnavailable(f"{folder.name} cannot be loaded: {' '.join(str(error).split())[:400]}") from error
    if chat_format is None and not tokenizer.chat_template:
        raise ModelUnavailable(f"{folder.name} has no chat template in its tokenizer; name one in the option `format`")
    if chat_format is not None and chat_format.bos and tokenizer.bos_token_id is None:
        raise ModelUnavailable(f"{folder.name} has no first token, which its format begins with")
    if not getattr(tokenizer, "is_fast", False):
        raise ModelUnavailable(f"{folder.name} has no fast tokenizer (tokenizer.json)")
    longest = getattr(model.config.get_text_config(), "max_position_embeddings", None) or tokenizer.model_max_length
    limit = min(int(longest), context or int(longest))
    return Checkpoint(model.eval(), tokenizer, _ends(model, tokenizer), limit, chat_format)


def choose_device(wanted: str) -> str:
    """`wanted`, or for `auto` the first CUDA device when there is one, else the CPU."""
    return ("cuda:0" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted


def _require_readable(folder: Path) -> None:
    """Raise ModelUnavailable for a tokenizer that only SentencePiece can read when that is not installed."""
    if (folder / "tokenizer.json").is_file() or not (folder / "tokenizer.model").is_file():
        return
    if find_spec("sentencepiece") is None:
        raise ModelUnavailable(
            f"{folder.name} has only a tokenizer.model; `pip install sentencepiece` makes it readable"
        )


def _ends(model: Any, tokenizer: Any) -> tuple[int, ...]:
    given = model.generation_config.eos_token_id
    ids = [] if given is None else [given] if isinstance(given, int) else list(given)
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in ids:
        ids.append(tokenizer.eos_token_id)
    if not ids:
        raise ModelUnavailable("the checkpoint names no token that ends an answer")
    return tuple(ids)
