"""What embedders and rerankers share: finding a checkpoint, refusing what is unsafe, loading it, naming its content.

Loaded by sentence-transformers, which reads a checkpoint's own pooling, prompts and templates. Safetensors only, and no
code of a checkpoint is run.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from models.contracts import ModelUnavailable, OutOfMemory
from models.local.loading import choose_device, locate
from models.readers import Options

KINDS = (".safetensors", ".json", ".jinja", ".txt", ".model")  # of the files that decide what a checkpoint says
_BLOCK = 1 << 20


def found(options: Options) -> Path:
    """The folder of the checkpoint. Raises ModelUnavailable with the command that fetches it, or what is unsafe."""
    folder = locate(options.model, options.revision, options.hub, options.download)
    if not any(folder.rglob("*.safetensors")):
        raise ModelUnavailable(f"{options.model}: there is no file of safetensors in it")
    for weights in folder.rglob("pytorch_model*.bin"):
        # sentence-transformers takes these for a module of its own that has no safetensors beside them.
        if not any(weights.parent.glob("*.safetensors")):
            raise ModelUnavailable(f"{options.model}: {weights.relative_to(folder)} is not safetensors")
    return folder


def loaded(kind: type[Any], folder: Path, options: Options, **more: Any) -> Any:
    """The checkpoint as a `kind` of sentence-transformers. Raises ModelUnavailable with the reason, OutOfMemory."""
    device = choose_device(options.device)
    dtype = "float32" if options.dtype == "auto" and device == "cpu" else options.dtype
    safe = {"trust_remote_code": False, "local_files_only": True}
    weights = {"use_safetensors": True, "dtype": dtype}
    try:
        return kind(str(folder), device=device, model_kwargs=weights, **safe, **more)
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(f"{options.model} does not fit into the memory of {device}") from error
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, TypeError) as error:
        # A folder that is no such checkpoint fails in any of these ways.
        raise ModelUnavailable(f"{options.model} cannot be loaded: {' '.join(str(error).split())[:400]}") from error


def digest(folder: Path, *also: object) -> str:
    """Names weights, tokenizer, pooling and prompts of a checkpoint, and what else its output depends on."""
    whole = hashlib.sha256(json.dumps(also).encode())
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix in KINDS and path.is_file() and not any(part.startswith(".") for part in name.parts):
            whole.update(b"\0" + name.as_posix().encode() + b"\0")
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    whole.update(block)
    return whole.hexdigest()[:24]
