"""Weights in 8 or 4 bits, by bitsandbytes: LLM.int8, and NF4 with its scales quantised too. Works on CPUs as well.

int8 keeps columns with large activations in 16 bits, and chooses them for a whole batch: a request's scores depend a
little on those beside it, and its steps cannot be captured in a CUDA graph.
"""

import logging
from importlib.util import find_spec
from typing import Any, Literal

import torch
from transformers import BitsAndBytesConfig

from models.contracts import ModelUnavailable

Quantisation = Literal["none", "int8", "int4"]


def plan(name: str, config: dict[str, Any], wanted: Quantisation, dtype: torch.dtype | None) -> Any:
    """The BitsAndBytesConfig to load the checkpoint `name` with, None when its weights are loaded as they are.

    `config` is its config.json, `dtype` that of its other weights and of the arithmetic (None: the checkpoint's own,
    computed in bf16). Raises ModelUnavailable when it was saved quantised in another way, or bitsandbytes is missing.
    """
    saved = config.get("quantization_config")
    if saved:
        kind = _kind(saved)
        if kind is None:
            raise ModelUnavailable(
                f"{name} cannot be loaded: it was saved quantised as {saved.get('quant_method')!r}; here only "
                "bitsandbytes serves. Take the full weights, or serve it behind an http_endpoint card"
            )
        if wanted not in ("none", kind):
            raise ModelUnavailable(f"{name} cannot be loaded as {wanted}: it was saved as {kind}")
    if saved or wanted != "none":
        _require(name)
    if saved or wanted == "none":
        return None
    if wanted == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype or torch.bfloat16,
    )


def warm(name: str, model: Any) -> None:
    """Multiply with every quantised layer once: what this device cannot do shows now, not at the first request.

    Raises ModelUnavailable naming the layer.
    """
    from bitsandbytes.nn import Linear4bit, Linear8bitLt

    for place, layer in model.named_modules():
        if isinstance(layer, Linear4bit | Linear8bitLt):
            row = torch.zeros(1, layer.in_features, dtype=model.dtype, device=model.device)
            try:
                with torch.inference_mode():
                    layer(row)
            except (RuntimeError, AssertionError, ValueError, NotImplementedError) as error:
                reason = f"{place} ({layer.in_features} to {layer.out_features}) fails on {model.device}: {error}"
                raise ModelUnavailable(f"{name} cannot be loaded quantised: {reason}") from error


def _kind(saved: dict[str, Any]) -> Quantisation | None:
    """What bitsandbytes made of saved weights; None when others quantised them."""
    if saved.get("quant_method", "bitsandbytes") != "bitsandbytes":
        return None
    return "int8" if saved.get("load_in_8bit") else "int4" if saved.get("load_in_4bit") else None


def _require(name: str) -> None:
    if find_spec("bitsandbytes") is None:
        raise ModelUnavailable(
            f"{name} cannot be loaded quantised without bitsandbytes; get it with `pip install 'lexhub[quantised]'`"
        )
    if find_spec("kernels") is not None:
        raise ModelUnavailable(
            f"{name} cannot be loaded quantised beside the package kernels: through it bitsandbytes fetches code from "
            "the hub and runs it; `pip uninstall kernels`"
        )
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns at every single multiplication
