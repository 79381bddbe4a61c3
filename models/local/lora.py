"""Reads the folder of an adapter as peft and `lexhub train lora` write it: plain LoRA on linear layers, safetensors.

What could not be served exactly is refused, never left out.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from peft.tuners.tuners_utils import check_target_module_exists
from peft.utils.other import get_pattern_key
from pydantic import BaseModel, ValidationError
from safetensors import SafetensorError, safe_open

from models.contracts import ModelUnavailable
from models.local.identity import base_digest
from models.local.slots import Pair

CONFIG, WEIGHTS, RECORD = "adapter_config.json", "adapter_model.safetensors", "ADAPTER.json"
# What a configuration may say; anything else must be as if it were not there.
_TRAINING = {"lora_dropout", "inference_mode", "task_type", "auto_mapping", "peft_version", "init_lora_weights"}
_BASE = {"base_model_name_or_path", "revision"}
_LAYERS = {"target_modules", "exclude_modules", "layers_to_transform", "layers_pattern"}
_SCALING = {"peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern"}
_KNOWN = _TRAINING | _BASE | _LAYERS | _SCALING
_PLAIN_STARTS = (True, False, "gaussian", "orthogonal")  # with the others the base was changed as well
_NAME = re.compile(r"base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.weight")


class _Trained(BaseModel):
    digest: str


class _Record(BaseModel):
    """The part of ADAPTER.json that must be kept to."""

    base: _Trained


@dataclass(frozen=True, slots=True)
class Base:
    """What an adapter must fit: the folder of the checkpoint and its linear layers, [in, out] of each by its name."""

    folder: Path
    layers: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Lora:
    """An adapter whose papers and shapes were found right. `scales`: the scaling of each layer, by its name."""

    name: str
    folder: Path
    scales: Mapping[str, float]

    @classmethod
    def open(cls, name: str, folder: Path, base: Base, most: int) -> "Lora":
        """The adapter in `folder`. Raises ModelUnavailable with the reason when it is none that can be served on
        `base`, or when a rank is over `most`.
        """
        config = _config(name, folder)
        _require_base(name, folder, base.folder)
        scales = {}
        for module, (down, up) in _shapes(name, folder).items():
            if module not in base.layers:
                raise _refused(name, f"{module} is no linear layer of the base that can have one")
            inner, outer = base.layers[module]
            rank = _of(config.rank_pattern, module, config.r)
            if (down, up) != ([rank, inner], [outer, rank]):
                wanted = f"{[rank, inner]} and {[outer, rank]}"
                raise _refused(name, f"{module} has the shapes {down} and {up}, not {wanted} as the base needs")
            if rank > most:
                raise _refused(name, f"{module} has rank {rank}, the card takes {most} (adapter_rank)")
            alpha = _of(config.alpha_pattern, module, config.lora_alpha)
            scales[module] = alpha / (math.sqrt(rank) if config.use_rslora else rank)
        targets = {module for module in base.layers if check_target_module_exists(config, module)}
        if wrong := sorted(targets ^ scales.keys()):
            raise _refused(name, f"its tensors are not those of its target modules: {', '.join(wrong[:4])}")
        return cls(name, folder, scales)

    def pairs(self, dtype: torch.dtype) -> dict[str, Pair]:
        """The tensors by layer, in `dtype`. Raises ModelUnavailable when they cannot be read or are not finite."""
        made = {}
        try:
            with safe_open(self.folder / WEIGHTS, "pt") as file:
                for module, scale in self.scales.items():
                    down, up = (file.get_tensor(f"base_model.model.{module}.lora_{side}.weight") for side in "AB")
                    made[module] = Pair(down.to(dtype), (up.float().T * scale).to(dtype))
        except (OSError, SafetensorError) as error:
            raise _refused(self.name, f"{WEIGHTS} cannot be read: {error}") from error
        for module, pair in made.items():
            if not all(bool(part.isfinite().all()) for part in pair):
                raise _refused(self.name, f"{module} has numbers that {dtype} cannot hold")
        return made


def _config(name: str, folder: Path) -> Any:
    """The configuration. Raises ModelUnavailable for any but plain LoRA."""
    path = folder / CONFIG
    if not path.is_file():
        raise _refused(name, f"there is no {CONFIG} in {folder.name}")
    if not (folder / WEIGHTS).is_file():
        raise _refused(name, f"there is no {WEIGHTS} in {folder.name}; other formats are not read")
    try:
        said = json.loads(path.read_text("utf-8"))
        if not isinstance(said, dict) or said.get("peft_type") != "LORA":
            raise _refused(name, "only LoRA can be served")
        usual = {**vars(LoraConfig()), "loftq_config": {}}
        if odd := sorted(key for key, value in said.items() if key not in _KNOWN and value and value != usual.get(key)):
            raise _refused(name, f"only plain LoRA can be served, not with {', '.join(odd)}")
        if said.get("init_lora_weights", True) not in _PLAIN_STARTS:
            raise _refused(name, f"it began as {said['init_lora_weights']}, which changes the base as well")
        return LoraConfig(**{key: value for key, value in said.items() if key in _KNOWN - {"peft_version"}})
    except (OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise _refused(name, f"{CONFIG}: {' '.join(str(error).split())[:300]}") from error


def _require_base(name: str, folder: Path, base: Path) -> None:
    """Raise ModelUnavailable when the adapter's record names another base than that of the folder `base`."""
    path = folder / RECORD
    if not path.is_file():
        return
    try:
        digest = _Record.model_validate_json(path.read_bytes()).base.digest
    except (OSError, ValidationError) as error:
        raise _refused(name, f"{RECORD}: {' '.join(str(error).split())[:300]}") from error
    if digest != base_digest(base):
        raise _refused(name, f"it was trained on another base than {base.name}: {RECORD} has its digest {digest}")


def _shapes(name: str, folder: Path) -> dict[str, tuple[list[int], list[int]]]:
    """The shapes of both tensors of each layer. Raises ModelUnavailable for a tensor that is not of plain LoRA."""
    found: dict[str, dict[str, list[int]]] = {}
    try:
        with safe_open(folder / WEIGHTS, "pt") as file:
            for key in file.keys():  # noqa: SIM118 - it is no dict
                if (named := _NAME.fullmatch(key)) is None:
                    raise _refused(name, f"the tensor {key} is not one of plain LoRA on a linear layer")
                found.setdefault(named["module"], {})[named["side"]] = list(file.get_slice(key).get_shape())
    except (OSError, SafetensorError) as error:
        raise _refused(name, f"{WEIGHTS} cannot be read: {error}") from error
    for module, sides in found.items():
        if len(sides) != 2:
            raise _refused(name, f"{module} has lora_{next(iter(sides))} only")
    return {module: (sides["A"], sides["B"]) for module, sides in found.items()}


def _of(pattern: Mapping[str, int] | None, module: str, usual: int) -> int:
    """What peft takes for `module`: the value of the pattern that meets its name, or the usual one."""
    return (pattern or {}).get(get_pattern_key((pattern or {}).keys(), module), usual)


def _refused(name: str, why: str) -> ModelUnavailable:
    return ModelUnavailable(f"the adapter {name} cannot be served: {why}")
