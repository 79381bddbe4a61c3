"""models.local.quantisation: weights in 8 and 4 bits, through the whole backend, on the CPU."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from models.backends import transformers_local
from models.contracts import ModelUnavailable, Sampling
from models.local import quantisation
from models.local.decoding import TextStream
from models.local.loading import Checkpoint, load
from models.local.prompting import prompt_ids
from models.local.quantisation import Quantisation
from tests.models import tiny
from tests.models.conftest import ask, collect

KINDS: tuple[Quantisation, ...] = ("int8", "int4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint with full weights; bitsandbytes wants sides of whole blocks of 64."""
    return tiny.checkpoint(tmp_path_factory.mktemp("full"), inner=128)


def opened(folder: Path, kind: Quantisation) -> Checkpoint:
    return load(folder, "cpu", "float32", "sdpa", None, quantised=kind)


def scores(checkpoint: Checkpoint) -> torch.Tensor:
    """The scores of every place of a prompt, [places, vocabulary]."""
    prompt = prompt_ids(checkpoint, ask("公司拖欠工资怎么办?").messages, {})
    with torch.inference_mode():
        found: torch.Tensor = checkpoint.model(torch.tensor([prompt])).logits[0].float()
    return found


@pytest.mark.parametrize(("kind", "close"), [("int8", 0.999), ("int4", 0.9)])
def test_fewer_bits_say_nearly_the_same(folder: Path, kind: Quantisation, close: float) -> None:
    full, small = opened(folder, "none"), opened(folder, kind)
    alike = torch.nn.functional.cosine_similarity(scores(full), scores(small), dim=-1)
    assert close < float(alike.mean()) < 1
    layers = [one.model.get_memory_footprint() - _ends(one) for one in (full, small)]
    assert layers[1] < layers[0] * (0.3 if kind == "int8" else 0.2)


def _ends(checkpoint: Checkpoint) -> int:
    """The bytes of what stays in full: the embeddings of both ends."""
    model = checkpoint.model
    return sum(one.weight.nbytes for one in (model.get_input_embeddings(), model.get_output_embeddings()))


@pytest.mark.parametrize("kind", KINDS)
async def test_the_whole_backend_serves_it(folder: Path, kind: Quantisation) -> None:
    model = transformers_local.build({"model": str(folder), "dtype": "float32", "quantisation": kind})
    said, chunks = await collect(model, ask("你好", sampling=Sampling(max_tokens=16)))
    await model.aclose()
    checkpoint = opened(folder, kind)
    ids = torch.tensor([prompt_ids(checkpoint, ask("你好").messages, {})])
    out = checkpoint.model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=16)
    text = TextStream(checkpoint.tokenizer, ())
    assert said == "".join([*map(text.feed, out[0, ids.shape[1] :].tolist()), text.close()])
    assert len(chunks) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_were_saved_so_are_loaded_so(folder: Path, tmp_path: Path, kind: Quantisation) -> None:
    made = opened(folder, kind)
    made.model.save_pretrained(tmp_path)
    made.tokenizer.save_pretrained(tmp_path)
    for wanted in ("none", kind):
        assert torch.equal(scores(opened(tmp_path, wanted)), scores(made))
    other: Quantisation = "int4" if kind == "int8" else "int8"
    with pytest.raises(ModelUnavailable, match=f"as {other}: it was saved as {kind}"):
        opened(tmp_path, other)


@pytest.mark.parametrize("method", ["gptq", "awq", "fp8"])
def test_other_ways_of_saving_are_refused(method: str) -> None:
    with pytest.raises(ModelUnavailable, match=method):
        quantisation.plan("one", {"quantization_config": {"quant_method": method, "bits": 4}}, "none", None)


def test_without_bitsandbytes_the_command_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantisation, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'lexhub\[quantised\]'"):
        opened(folder, "int8")
    assert opened(folder, "none").model is not None


def test_bitsandbytes_may_not_fetch_code(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantisation, "find_spec", lambda name: object())
    with pytest.raises(ModelUnavailable, match="pip uninstall kernels"):
        opened(folder, "int4")


def test_a_layer_that_the_device_cannot_multiply_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("no kernel")

    monkeypatch.setattr("bitsandbytes.nn.Linear4bit.forward", fails)
    with pytest.raises(ModelUnavailable, match=r"layers\.0\.self_attn\.q_proj \(64 to 64\) fails on cpu: no kernel"):
        opened(folder, "int4")


def test_four_bits_are_nf4_computed_in_bf16_unless_told_otherwise() -> None:
    made: dict[str, Any] = quantisation.plan("one", {}, "int4", None).to_dict()
    assert (made["bnb_4bit_quant_type"], made["bnb_4bit_use_double_quant"]) == ("nf4", True)
    assert made["bnb_4bit_compute_dtype"] == "bfloat16"
    assert quantisation.plan("one", {}, "int4", torch.float32).to_dict()["bnb_4bit_compute_dtype"] == "float32"
    assert json.dumps(made)
