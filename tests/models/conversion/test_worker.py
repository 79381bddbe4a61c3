"""models.conversion.worker, writing and architecture: whole checkpoints."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

from models.backends import transformers_local
from models.contracts import BadCheckpoint
from tests.models.conftest import ask, collect
from tests.models.conversion.conftest import Convert, llama, logits, save


def edit(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.parametrize("shards", [1, 3])
def test_the_converted_model_says_the_same_to_the_last_bit(
    tmp_path: Path, tokenizer_files: Path, convert: Convert, shards: int
) -> None:
    model = llama(1)
    save(model, tmp_path / "whole", None)
    done = convert(save(model, tmp_path / "old", tokenizer_files, shards), shard=40_000)
    out = tmp_path / "out"
    assert torch.equal(logits(out), logits(tmp_path / "whole"))
    written = sorted(path.name for path in out.glob("*.safetensors"))
    assert len(written) > 1
    index = json.loads((out / "model.safetensors.index.json").read_text())
    assert sorted(set(index["weight_map"].values())) == written
    assert set(index["weight_map"]) == set(model.state_dict())
    assert not list(out.glob("*.bin"))
    assert done.record.dtype == json.loads((out / "config.json").read_text())["dtype"] == "float16"
    assert done.record.size == index["metadata"]["total_size"] == sum(row.nbytes for row in model.state_dict().values())


def test_what_is_beside_the_weights_is_kept_and_told(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    source = save(llama(1), tmp_path / "old", tokenizer_files)
    edit(source / "config.json", torch_dtype="float32", architectures=["LLaMAForCausalLM"], our_own="kept")
    done = convert(source)
    out = tmp_path / "out"
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        assert (out / name).read_bytes() == (source / name).read_bytes(), name
    config = json.loads((out / "config.json").read_text())
    assert (config["architectures"], config["our_own"]) == (["LlamaForCausalLM"], "kept")
    assert "torch_dtype" not in config
    record = json.loads((out / "CONVERSION.json").read_text())
    digest = hashlib.sha256((source / "pytorch_model.bin").read_bytes()).hexdigest()
    assert record["source"] == {"name": "old", "files": {"pytorch_model.bin": digest}}
    assert (record["base"], record["kind"], record["torch"]) == (None, "checkpoint", torch.__version__)
    assert done.pins == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {(out / "config.json").stat().st_mode & 0o777}
    assert done.notes == ()


async def test_the_converted_model_is_served(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    convert(save(llama(1), tmp_path / "old", tokenizer_files), dtype="float32")
    model = transformers_local.build({"model": str(tmp_path / "out"), "device": "cpu"})
    _, chunks = await collect(model, ask("你好", sampling={"max_tokens": 8}))
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 0
    await model.aclose()


def test_another_dtype(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1, dtype=torch.float32)
    convert(save(model, tmp_path / "old", tokenizer_files), dtype="bfloat16")
    found = load_file(tmp_path / "out" / "model.safetensors")
    assert all(torch.equal(found[name], row.bfloat16()) for name, row in model.state_dict().items())
    assert json.loads((tmp_path / "out" / "config.json").read_text())["dtype"] == "bfloat16"


def test_numbers_too_large_for_float16_are_refused(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1, dtype=torch.bfloat16)
    with torch.no_grad():
        model.model.norm.weight[3] = 1e5
    with pytest.raises(BadCheckpoint, match=r"model\.norm\.weight.*float16"):
        convert(save(model, tmp_path / "old", tokenizer_files), dtype="float16")


def test_tied_weights_are_written_once(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1, tied=True)
    assert "lm_head.weight" in model.state_dict()
    save(model, tmp_path / "whole", None)
    convert(save(model, tmp_path / "old", tokenizer_files, shards=2))  # in two files, so that no storage is shared
    assert "lm_head.weight" not in load_file(tmp_path / "out" / "model.safetensors")
    assert torch.equal(logits(tmp_path / "out"), logits(tmp_path / "whole"))


def test_tensors_that_share_memory_are_written_whole(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1)
    source = save(model, tmp_path / "old", tokenizer_files)
    state = model.state_dict()
    both = torch.cat([state["model.layers.0.mlp.gate_proj.weight"], state["model.layers.0.mlp.up_proj.weight"]])
    state["model.layers.0.mlp.gate_proj.weight"], state["model.layers.0.mlp.up_proj.weight"] = both[:48], both[48:]
    name = "model.layers.0.self_attn.q_proj.weight"
    state[name] = state[name].t().contiguous().t()
    torch.save(state, source / "pytorch_model.bin")
    convert(source)
    assert torch.equal(logits(tmp_path / "out"), logits(source))


def test_tables_of_older_checkpoints_are_left_out(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1)
    source = save(model, tmp_path / "old", tokenizer_files)
    tables = {f"model.layers.{at}.self_attn.rotary_emb.inv_freq": torch.ones(4) for at in range(2)}
    torch.save(model.state_dict() | tables, source / "pytorch_model.bin")
    convert(source)
    assert set(load_file(tmp_path / "out" / "model.safetensors")) == set(model.state_dict())


@pytest.mark.filterwarnings("default")
def test_experts_fit_by_their_names_on_disk(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    config = Qwen3MoeConfig(
        vocab_size=448,
        hidden_size=32,
        intermediate_size=48,
        moe_intermediate_size=16,
        num_experts=4,
        num_experts_per_tok=2,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        eos_token_id=1,
    )
    torch.manual_seed(0)
    model = Qwen3MoeForCausalLM(config).eval()
    model.save_pretrained(tmp_path / "new")
    state = load_file(tmp_path / "new" / "model.safetensors")
    source = save(model, tmp_path / "old", tokenizer_files)
    torch.save(state, source / "pytorch_model.bin")
    convert(source)
    found = load_file(tmp_path / "out" / "model.safetensors")
    assert set(found) == set(state)
    assert all(torch.equal(found[name], row) for name, row in state.items())
    assert torch.equal(logits(tmp_path / "out"), logits(source))


def test_tensors_that_do_not_fit_are_named(tmp_path: Path, tokenizer_files: Path, convert: Convert) -> None:
    model = llama(1)
    source = save(model, tmp_path / "old", tokenizer_files)
    state = model.state_dict() | {"score.weight": torch.zeros(2)}
    del state["model.layers.1.mlp.up_proj.weight"]
    state["model.norm.weight"] = torch.zeros(7)
    torch.save(state, source / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint) as caught:
        convert(source)
    said = str(caught.value)
    assert "缺少 model.layers.1.mlp.up_proj.weight" in said
    assert "多出 score.weight" in said
    assert "model.norm.weight(文件 [7],架构 [32])" in said
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"auto_map": {"AutoModelForCausalLM": "modeling.Model"}}, "auto_map"),
        ({"model_type": "chatglm"}, "chatglm"),
        ({"quantization_config": {"quant_method": "gptq"}}, "量化"),
        ({"num_attention_heads": 5}, "config.json"),
    ],
)
def test_architectures_that_cannot_be_served_are_refused(
    tmp_path: Path, tokenizer_files: Path, convert: Convert, change: dict[str, object], said: str
) -> None:
    source = save(llama(1), tmp_path / "old", tokenizer_files)
    edit(source / "config.json", **change)
    with pytest.raises(BadCheckpoint, match=said):
        convert(source)
