"""Finds a checkpoint and loads it: safetensors only, no code from the checkpoint is run, nothing is made up.

Knows nothing of generation.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import torch
from huggingface_hub import snapshot_download
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.contracts import ModelUnavailable
from models.local import folders, pins, quantisation
from models.local.architectures import require_causal
from models.local.formats import ChatFormat
from models.local.quantisation import Quantisation

FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.jinja", "*.txt", "*.model")
OTHERS = ("*/*", "consolidated*")  # other formats of the same weights
Dtype = Literal["auto", "float32", "bfloat16", "float16"]


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
                    model,
                    revision=revision,
                    endpoint=hub,
                    allow_patterns=list(FILES),
                    ignore_patterns=list(OTHERS),
                    local_files_only=local,
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
    dtype: Dtype,
    attention: str,
    context: int | None,
    chat_format: ChatFormat | None = None,
    quantised: Quantisation = "none",
    sha256: Mapping[str, str] | None = None,
    ignore_code: bool = False,
) -> Checkpoint:
    """The checkpoint of a folder, on `device`. Raises ModelUnavailable with the reason when it cannot be loaded.

    Before anything is loaded: the folder holds nothing that must not be loaded, its architecture is one we serve, its
    files are those of the pins `sha256` (hex by file name; without any a warning is logged). After it: every tensor of
    the model came from the checkpoint, and every tensor of the checkpoint went into the model.
    """
    name = folders.title(folder)
    config = folders.inspect(folder, ignore_code)
    _require_readable(folder)
    require_causal(name, config)
    number = choose_dtype(config, dtype, device)
    plan = quantisation.plan(name, config, quantised, number)
    pins.verify(folder, sha256 or {})
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        model, report = AutoModelForCausalLM.from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            dtype=number or "auto",
            attn_implementation=attention,
            # Straight to the device: a tensor at a time, no second copy of the model in memory.
            device_map={"": device},
            # Those that do not fit would only be told in the log; here they are refused by name.
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            # Even None would take the place of what the checkpoint says of itself.
            **({} if plan is None else {"quantization_config": plan}),
        )
    except Exception as error:  # tokenizers raises bare Exceptions
        raise folders.refusal(folder, f"{' '.join(str(error).split())[:400]}") from error
    _require_whole(folder, report)
    if getattr(model, "hf_quantizer", None) is not None:
        quantisation.warm(name, model)
    if chat_format is None and not tokenizer.chat_template:
        raise ModelUnavailable(f"{name} has no chat template in its tokenizer; name one in the option `format`")
    if chat_format is not None and chat_format.bos and tokenizer.bos_token_id is None:
        raise ModelUnavailable(f"{name} has no first token, which its format begins with")
    if not getattr(tokenizer, "is_fast", False):
        raise ModelUnavailable(f"{name} has no fast tokenizer (tokenizer.json)")
    longest = getattr(model.config.get_text_config(), "max_position_embeddings", None) or tokenizer.model_max_length
    limit = min(int(longest), context or int(longest))
    return Checkpoint(model.eval(), tokenizer, _ends(model, tokenizer), limit, chat_format)


def choose_dtype(config: dict[str, Any], wanted: Dtype, device: str) -> torch.dtype | None:
    """The numbers that a checkpoint with this config.json computes in on `device`; None is as it was saved.

    `auto` is as it was saved, but on a CPU only bf16 where the CPU multiplies it itself, otherwise fp32. Measured with
    138M parameters on two cores, 8 prompts of 256, tokens/s of prefill and of decoding: fp32 700 and 30, bf16 with
    AVX512-BF16 2,300 and 140, held to AVX-512 alone 650 and 24, to AVX2 49 and 4; fp16 210 and 20.
    """
    if wanted != "auto":
        chosen: torch.dtype = getattr(torch, wanted)
        return chosen
    if not device.startswith("cpu"):
        return None
    able = torch.cpu.get_capabilities()
    native = any(able.get(one, False) for one in ("avx512_bf16", "amx_bf16", "bf16"))
    saved = config.get("dtype") or config.get("torch_dtype")
    return torch.bfloat16 if saved == "bfloat16" and native else torch.float32


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


def _require_whole(folder: Path, report: dict[str, Any]) -> None:
    """Raise ModelUnavailable naming tensors that were made up at random, or left out. Tied ones are neither."""
    misfits = [f"{key} is {saved}, not {wanted}" for key, saved, wanted in sorted(report["mismatched_keys"])]
    for label, rows in (
        ("does not have", sorted(report["missing_keys"])),
        ("has tensors of another shape", misfits),
        ("has tensors that its architecture lacks", sorted(report["unexpected_keys"])),
    ):
        if rows:
            more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
            raise folders.refusal(folder, f"it {label}: {', '.join(rows[:8])}{more}")


def _ends(model: Any, tokenizer: Any) -> tuple[int, ...]:
    given = model.generation_config.eos_token_id
    ids = [] if given is None else [given] if isinstance(given, int) else list(given)
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in ids:
        ids.append(tokenizer.eos_token_id)
    if not ids:
        raise ModelUnavailable("the checkpoint names no token that ends an answer")
    return tuple(ids)
