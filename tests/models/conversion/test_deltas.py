"""models.conversion.deltas: base and delta give the model back."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaForCausalLM

from models.contracts import BadCheckpoint
from models.conversion import deltas
from tests.models.conversion.conftest import ROWS, Convert, llama, logits, save

EMBEDDINGS = ("model.embed_tokens.weight", "lm_head.weight")


def difference(model: LlamaForCausalLM, base: LlamaForCausalLM) -> dict[str, torch.Tensor]:
    """The weights of `model` less those of `base`, which may have fewer tokens."""
    below = base.state_dict()
    made = {}
    for name, row in model.state_dict().items():
        made[name] = row.clone()
        made[name][: below[name].shape[0]] -= below[name]
    return made


@pytest.mark.parametrize("rows", [ROWS, ROWS + 3])
def test_base_and_delta_give_the_model(tmp_path: Path, tokenizer_files: Path, convert: Convert, rows: int) -> None:
    model, base = llama(1, rows), llama(2)
    save(model, tmp_path / "whole", None)
    folder = save(base, tmp_path / "base", tokenizer_files, shards=2)
    source = save(model, tmp_path / "delta", None)
    torch.save(difference(model, base), source / "pytorch_model.bin")
    done = convert(source, "delta", folder)
    found = load_file(tmp_path / "out" / "model.safetensors")
    assert all(torch.equal(found[name], row) for name, row in model.state_dict().items())
    assert torch.equal(logits(tmp_path / "out"), logits(tmp_path / "whole"))
    assert json.loads((tmp_path / "out" / "config.json").read_text())["vocab_size"] == rows
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (folder / "tokenizer.json").read_bytes()
    assert done.record.base is not None
    assert len(done.record.base.files) == 2


def test_a_tied_base_may_leave_the_repeated_tensor_out(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model, base = llama(1, tied=True), llama(2, tied=True)
    source = save(model, tmp_path / "delta", tokenizer_files)
    torch.save(difference(model, base), source / "pytorch_model.bin")
    folder = save(base, tmp_path / "base", None)
    (folder / "pytorch_model.bin").unlink()
    save_file(
        {name: row for name, row in base.state_dict().items() if name != "lm_head.weight"}, folder / "model.safetensors"
    )
    convert(source, "delta", folder)
    found = load_file(tmp_path / "out" / "model.safetensors")
    assert torch.equal(found["model.embed_tokens.weight"], model.state_dict()["model.embed_tokens.weight"])


def test_the_sum_is_rounded_once() -> None:
    base = {"a": torch.tensor([1.0, 3.0], dtype=torch.bfloat16)}
    delta = {"a": torch.tensor([2**-8 + 2**-9, -3.0], dtype=torch.float16)}
    (entry,) = deltas.added(base, delta, set(), "float32").values()
    assert entry.make().tolist() == [1 + 2**-8 + 2**-9, 0.0]
    (entry,) = deltas.added(base, delta, set(), "keep").values()
    assert entry.make().dtype == entry.dtype == torch.float16
    assert delta["a"].tolist() == [2**-8 + 2**-9, -3.0]  # what was read is left alone


@pytest.mark.parametrize(
    ("base", "delta", "said"),
    [
        ({"a": (2, 2)}, {"a": (2, 2), "b": (1,)}, "底座里没有 b"),
        ({"a": (2, 2), "b": (1,)}, {"a": (2, 2)}, "差值里没有 b"),
        ({"a": (2, 2)}, {"a": (3, 2)}, r"a\(底座 \[2, 2\],差值 \[3, 2\]\)"),
        ({"e": (3, 2)}, {"e": (2, 2)}, "形状不符: e"),
        ({"e": (3, 2)}, {"e": (4, 3)}, "形状不符: e"),
    ],
)
def test_what_does_not_go_together_is_named(
    base: dict[str, tuple[int, ...]], delta: dict[str, tuple[int, ...]], said: str
) -> None:
    sides = [{name: torch.zeros(shape) for name, shape in side.items()} for side in (base, delta)]
    with pytest.raises(BadCheckpoint, match=said):
        deltas.added(sides[0], sides[1], {"e"}, "keep")


def test_a_whole_model_in_the_place_of_a_delta_is_doubted(
    tmp_path: Path, tokenizer_files: Path, convert: Convert
) -> None:
    source = save(llama(1), tmp_path / "whole", tokenizer_files)
    base = save(llama(2), tmp_path / "base", tokenizer_files)
    assert any("不像差值" in note for note in convert(source, "delta", base).notes)
    near = {name: row * 0.01 for name, row in llama(3).state_dict().items()}
    assert not deltas.doubtful(llama(2).state_dict(), near)
