"""models.conversion.adapters: a LoRA merged as peft merges it."""

import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from models.contracts import BadCheckpoint
from tests.models.conversion.conftest import ROWS, Convert, llama, logits, save
from tests.models.conversion.test_reading import Hostile

pytestmark = pytest.mark.filterwarnings("default")  # peft's remarks on what it saves


@pytest.fixture
def base(tmp_path: Path, tokenizer_files: Path) -> Path:
    return save(llama(1, dtype=torch.float32), tmp_path / "base", tokenizer_files)


def adapter(base: Path, folder: Path, rows: int = ROWS, **options: object) -> Path:
    """A random LoRA of `base`, with embeddings of so many rows."""
    model = AutoModelForCausalLM.from_pretrained(base, use_safetensors=False)
    torch.manual_seed(3)
    if rows != ROWS:
        model.resize_token_embeddings(rows)
    settings = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"], "task_type": "CAUSAL_LM"}
    adapted = get_peft_model(model, LoraConfig(**(settings | options), init_lora_weights=False))
    for name, parameter in adapted.named_parameters():
        if "modules_to_save" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    adapted.save_pretrained(folder)
    return folder


def peft_says(base: Path, folder: Path, rows: int = ROWS) -> dict[str, torch.Tensor]:
    """The merged weights as peft itself gives them."""
    model = AutoModelForCausalLM.from_pretrained(base, use_safetensors=False)
    if rows != ROWS:
        model.resize_token_embeddings(rows)
    return PeftModel.from_pretrained(model, folder).merge_and_unload().state_dict()


def pickled(folder: Path) -> Path:
    """The adapter in the old form."""
    torch.save(load_file(folder / "adapter_model.safetensors"), folder / "adapter_model.bin")
    (folder / "adapter_model.safetensors").unlink()
    return folder


@pytest.mark.parametrize("form", [Path, pickled])
def test_merged_as_peft_does_it(tmp_path: Path, base: Path, convert: Convert, form: type) -> None:
    folder = form(adapter(base, tmp_path / "adapter"))
    done = convert(folder, "lora", base, shard=40_000)
    out = tmp_path / "out"
    found = {name: row for path in out.glob("*.safetensors") for name, row in load_file(path).items()}
    expected = peft_says(base, folder)
    assert set(found) == set(expected)
    assert all(torch.equal(found[name], row) for name, row in expected.items())
    assert not torch.equal(logits(out), logits(base))
    assert (out / "generation_config.json").read_bytes() == (base / "generation_config.json").read_bytes()
    assert list(done.record.source.files) == [path.name for path in folder.glob("adapter_model.*")]
    assert done.record.peft is not None


@pytest.mark.parametrize("trained", [None, ["embed_tokens", "lm_head"]])
def test_a_grown_vocabulary_comes_with_the_adapter(
    tmp_path: Path, base: Path, convert: Convert, trained: list[str] | None
) -> None:
    rows = ROWS + 8
    folder = adapter(base, tmp_path / "adapter", rows, modules_to_save=trained)
    convert(folder, "lora", base)
    found = load_file(tmp_path / "out" / "model.safetensors")
    expected = peft_says(base, folder, rows)
    assert found["lm_head.weight"].shape[0] == rows
    assert all(torch.equal(found[name], row) for name, row in expected.items())
    assert json.loads((tmp_path / "out" / "config.json").read_text())["vocab_size"] == rows


def test_an_adapter_of_another_model_is_refused(
    tmp_path: Path, tokenizer_files: Path, base: Path, convert: Convert
) -> None:
    folder = adapter(base, tmp_path / "adapter")
    weights = load_file(folder / "adapter_model.safetensors")
    lost = next(name for name in weights if "v_proj.lora_B" in name)
    torch.save({name: row for name, row in weights.items() if name != lost}, folder / "adapter_model.bin")
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(BadCheckpoint, match=r"v_proj\.lora_B"):
        convert(folder, "lora", base)


def test_other_kinds_of_adapters_are_refused(tmp_path: Path, base: Path, convert: Convert) -> None:
    folder = adapter(base, tmp_path / "adapter")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM"}))
    with pytest.raises(BadCheckpoint, match="PROMPT_TUNING"):
        convert(folder, "lora", base)


def test_an_adapter_names_no_modules_to_import(tmp_path: Path, base: Path, convert: Convert) -> None:
    folder = adapter(base, tmp_path / "adapter")
    settings = json.loads((folder / "adapter_config.json").read_text())
    settings |= {"megatron_config": {"x": 1}, "megatron_core": "antigravity"}
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    with pytest.raises(BadCheckpoint, match="megatron"):
        convert(folder, "lora", base)


@pytest.mark.parametrize("where", ["adapter", "base"])
def test_hostile_files_are_refused(tmp_path: Path, base: Path, convert: Convert, where: str) -> None:
    folder = pickled(adapter(base, tmp_path / "adapter"))
    path = folder / "adapter_model.bin" if where == "adapter" else base / "pytorch_model.bin"
    torch.save(torch.load(path, weights_only=True) | {"extra": Hostile(tmp_path / "mark")}, path)
    with pytest.raises(BadCheckpoint, match=rf"^{path.name} .*拒绝"):
        convert(folder, "lora", base)
    assert not (tmp_path / "mark").exists()


def test_a_base_that_is_not_whole_is_refused(tmp_path: Path, base: Path, convert: Convert) -> None:
    folder = adapter(base, tmp_path / "adapter")
    state = torch.load(base / "pytorch_model.bin", weights_only=True)
    del state["model.norm.weight"]
    torch.save(state, base / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint, match=r"缺少 model\.norm\.weight"):
        convert(folder, "lora", base)
