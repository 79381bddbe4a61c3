"""What is in a checkpoint's folder, read before anything of it is loaded: its settings, its weights, what may not be.

transformers follows a folder's files to places outside it and to code; whatever could make it do so is refused here.
Knows nothing of architectures.
"""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from models.contracts import ModelUnavailable

TOKENIZERS = ("tokenizer.json", "tokenizer.model")  # the second is SentencePiece's, turned into a fast one at loading
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
# Beside the weights, transformers reads files with these endings; which ones depends on the tokenizer.
TEXTS = ("*.json", "*.jinja", "*.txt", "*.model", "additional_chat_templates/*.jinja")
CONFIGS = ("tokenizer_config.json", "generation_config.json")  # beside config.json, which must be there
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
STRAY = {
    "adapter_config.json": "an adapter, which would bring a base model or weights of its own: merge it",
    "shard-*.safetensors": "a distributed checkpoint: save it as one",
}
# Settings by which a checkpoint could choose code, or files other than those checked here.
CODE = "auto_map"
STEERING = ("transformers_weights", "fusion_config", "experts_implementation", "fast_tokenizer_files")


def title(folder: Path) -> str:
    """How a message names the checkpoint: the folder's name, or the hub's name of one in the hub's cache."""
    if folder.parent.name == "snapshots" and (repository := folder.parent.parent.name).startswith("models--"):
        return repository.removeprefix("models--").replace("--", "/")
    return folder.name


def inspect(folder: Path, ignore_code: bool = False) -> dict[str, Any]:
    """The folder's config.json. Raises ModelUnavailable, naming the file, when the folder must not be loaded.

    A checkpoint that brings code is refused, since that code may compute something else than transformers' own class
    of its name; with `ignore_code` the latter is taken. Code of a checkpoint is never run.
    """
    config = _settings(folder / "config.json")
    others = [path for path in (folder / name for name in CONFIGS) if path.is_file()]
    for path, values in [(folder / "config.json", config), *((path, _settings(path)) for path in others)]:
        if values.get(CODE) and not ignore_code:
            raise refusal(
                folder,
                f"{path.name} has {CODE}: it wants to run code of its own, which is never done here; set the option "
                "ignore_code if transformers' own class of that name computes the same, or serve it with a server "
                "that has this model, behind an http_endpoint card",
            )
        if steering := next((key for key in STEERING if values.get(key) is not None), None):
            raise refusal(folder, f"{path.name} has {steering}, which is not allowed")
    for pattern, what in STRAY.items():
        if stray := next(folder.glob(pattern), None):
            raise refusal(folder, f"{stray.name} is {what}")
    for path in weights(folder):
        try:
            # Only the header is read; it must fit the file's length.
            with safe_open(path, framework="pt"):
                pass
        except (OSError, SafetensorError) as error:
            raise refusal(folder, f"{path.name} is damaged: {error}") from error
    if not any((folder / name).is_file() for name in TOKENIZERS):
        slow = " (vocab.json is for a slow tokenizer)" if (folder / "vocab.json").is_file() else ""
        raise refusal(folder, f"tokenizer.json is missing{slow}")
    return config


def weights(folder: Path) -> tuple[Path, ...]:
    """The safetensors files that will be loaded, as transformers chooses them. Raises ModelUnavailable."""
    if (single := folder / WEIGHTS).is_file():
        return (single,)
    if not (folder / INDEX).is_file():
        old = next((path.name for pattern in PICKLES for path in sorted(folder.glob(pattern))), None)
        if old is None:
            raise refusal(folder, f"there is no {WEIGHTS}")
        raise refusal(
            folder,
            f"{old} is a pickle, which is never opened here; "
            f"turn it into safetensors with `lexhub models convert {folder}`",
        )
    shards = _settings(folder / INDEX).get("weight_map")
    if not isinstance(shards, dict) or not shards or not all(isinstance(name, str) for name in shards.values()):
        raise refusal(folder, f"{INDEX} has no weight_map")
    names = sorted(set(shards.values()))
    for name in names:
        # In the hub's cache a shard is a link to a file elsewhere, so only its name can be judged.
        if name != Path(name).name or "\\" in name or not name.endswith(".safetensors"):
            raise refusal(folder, f"{INDEX} points to {name!r}, which is no safetensors file of this folder")
        if not (folder / name).is_file():
            raise refusal(folder, f"{name} is missing, which {INDEX} names")
    return tuple(folder / name for name in names)


def parts(folder: Path) -> dict[str, Path]:
    """Every file that loading may read, by its path inside the folder (with /). Raises ModelUnavailable."""
    texts = {path for pattern in TEXTS for path in folder.glob(pattern) if path.is_file()}
    return {path.relative_to(folder).as_posix(): path for path in sorted({*texts, *weights(folder)})}


def refusal(folder: Path, reason: str) -> ModelUnavailable:
    """The error for a folder that is not loaded."""
    return ModelUnavailable(f"{title(folder)} cannot be loaded: {reason}")


def _settings(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise refusal(path.parent, f"there is no {path.name}") from error
    except (OSError, ValueError) as error:
        raise refusal(path.parent, f"{path.name} cannot be read: {error}") from error
    if not isinstance(values, dict):
        raise refusal(path.parent, f"{path.name} is no JSON object")
    return values
