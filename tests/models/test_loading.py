"""models.local.loading, folders and architectures: what may be loaded, and that nothing is made up."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from models.contracts import ModelUnavailable
from models.local import loading, pins
from models.local.architectures import CAUSAL
from models.local.loading import Checkpoint, choose_dtype, load
from tests.models import tiny

WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound checkpoint, never changed."""
    return tiny.checkpoint(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))


@pytest.fixture
def sharded(folder: Path) -> Path:
    """The copy, its weights in two files."""
    tensors = load_file(folder / WEIGHTS)
    (folder / WEIGHTS).unlink()
    homes = {key: f"model-0000{1 + number % 2}-of-00002.safetensors" for number, key in enumerate(sorted(tensors))}
    for name in set(homes.values()):
        here = {key: tensor for key, tensor in tensors.items() if homes[key] == name}
        save_file(here, folder / name, metadata={"format": "pt"})
    (folder / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": homes}))
    return folder


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be loaded: what is refused is refused before."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was loaded")

    monkeypatch.setattr(AutoTokenizer, "from_pretrained", never)
    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", never)


def opened(folder: Path) -> Checkpoint:
    return load(folder, "cpu", "float32", "sdpa", None)


def refused(folder: Path) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        opened(folder)
    return str(caught.value)


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def retensor(folder: Path, edit: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / WEIGHTS)
    edit(tensors)
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})


# --- What it is


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"model_type": "bloom"}, "'bloom' is not served here"),
        ({"model_type": None}, "None is not served here"),
        ({"model_type": ["qwen3"]}, "is not served here"),
        ({"architectures": ["Qwen3Model"]}, "Qwen3ForCausalLM"),
        ({"architectures": None}, "Qwen3ForCausalLM"),
        ({"architectures": ["Qwen3ForCausalLM", "Qwen3Model"]}, "Qwen3ForCausalLM"),
        ({"transformers_weights": "other.safetensors"}, "transformers_weights"),
    ],
)
def test_only_listed_architectures_are_loaded(folder: Path, values: dict[str, object], said: str) -> None:
    change(folder / "config.json", **values)
    assert said in refused(folder)


def test_every_listed_architecture_is_one_of_transformers() -> None:
    assert {name: MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[name] for name in CAUSAL}.keys() == CAUSAL


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_code_of_a_checkpoint_is_refused(folder: Path, file: str) -> None:
    change(folder / file, auto_map={"AutoModelForCausalLM": "evil.Model", "AutoTokenizer": ["evil.T", None]})
    said = refused(folder)
    assert file in said and "auto_map" in said and "http_endpoint" in said


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("stray", ["adapter_config.json", "shard-00001-model-00001-of-00001.safetensors"])
def test_what_would_bring_other_weights_is_refused(folder: Path, stray: str) -> None:
    (folder / stray).write_text('{"base_model_name_or_path": "some/where"}')
    assert stray in refused(folder)


# --- Which files


@pytest.mark.parametrize(
    "name", ["../whole.safetensors", "/etc/x.safetensors", "sub/x.safetensors", "..\\x.safetensors"]
)
@pytest.mark.usefixtures("untouched")
def test_an_index_may_not_point_outside(sharded: Path, name: str) -> None:
    index = json.loads((sharded / INDEX).read_text())
    index["weight_map"][next(iter(index["weight_map"]))] = name
    (sharded / INDEX).write_text(json.dumps(index))
    assert repr(name) in refused(sharded)


def test_shards_load_and_a_missing_one_is_named(sharded: Path, whole: Path) -> None:
    shards = sorted(sharded.glob("model-*.safetensors"))
    assert len(shards) > 1
    names = dict(opened(whole).model.state_dict())
    assert all(torch.equal(names[key], value) for key, value in opened(sharded).model.state_dict().items())
    shards[0].unlink()
    assert shards[0].name in refused(sharded)


@pytest.mark.parametrize("kind", ["single", "sharded"])
def test_links_of_the_hubs_cache_are_followed(whole: Path, tmp_path: Path, kind: str, request: Any) -> None:
    source = whole if kind == "single" else request.getfixturevalue("sharded")
    cache = tmp_path / "hub" / "models--lexhub--tiny"
    snapshot, blobs = cache / "snapshots" / "abc", cache / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for number, path in enumerate(sorted(source.iterdir())):
        shutil.copy(path, blobs / str(number))
        (snapshot / path.name).symlink_to(f"../../blobs/{number}")
    assert load(snapshot, "cpu", "auto", "sdpa", None, sha256=pins.pins(snapshot)).context == tiny.CONTEXT
    (snapshot / "config.json").unlink()
    assert refused(snapshot).startswith("lexhub/tiny cannot be loaded: there is no config.json")


@pytest.mark.parametrize("file", ["pytorch_model.bin", "model.pt", "consolidated.00.pth"])
@pytest.mark.usefixtures("untouched")
def test_pickles_alone_are_refused_with_the_way_out(folder: Path, file: str) -> None:
    (folder / WEIGHTS).rename(folder / file)
    said = refused(folder)
    assert file in said and f"lexhub models convert {folder}" in said


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._mark,)


def test_no_pickle_is_opened_and_no_code_is_trusted(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    mark = tmp_path / "exploded"
    for name in ("pytorch_model.bin", "training_args.bin", "adapter_model.bin", "optimizer.pt"):
        (folder / name).write_bytes(pickle.dumps(Bomb(mark)))
    pickle.loads((folder / "pytorch_model.bin").read_bytes())
    assert mark.exists()  # it does explode
    mark.unlink()
    trusted = []

    def watched(original: Any) -> Any:
        def called(*args: Any, **values: Any) -> Any:
            trusted.append(values["trust_remote_code"])
            return original(*args, **values)

        return called

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a pickle was opened")

    for kind in (AutoTokenizer, AutoModelForCausalLM):
        monkeypatch.setattr(kind, "from_pretrained", watched(kind.from_pretrained))
    monkeypatch.setattr(torch, "load", never)
    monkeypatch.setattr(pickle, "load", never)
    monkeypatch.setattr(pickle, "Unpickler", never)
    assert opened(folder).context == tiny.CONTEXT
    assert trusted == [False, False]
    assert not mark.exists()


@pytest.mark.usefixtures("untouched")
def test_a_truncated_file_is_named(sharded: Path) -> None:
    shard = sorted(sharded.glob("model-*.safetensors"))[1]
    shard.write_bytes(shard.read_bytes()[:-100])
    assert f"{shard.name} is damaged" in refused(sharded)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("config.json", "{", "config.json cannot be read"),
        ("tokenizer_config.json", "[]", "tokenizer_config.json is no JSON object"),
        ("tokenizer.json", "{}", "cannot be loaded"),
    ],
)
def test_a_broken_text_is_refused(folder: Path, file: str, text: str, said: str) -> None:
    (folder / file).write_text(text)
    assert said in refused(folder)


@pytest.mark.usefixtures("untouched")
def test_a_slow_tokenizer_alone_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").rename(folder / "vocab.json")
    said = refused(folder)
    assert "tokenizer.json is missing" in said and "vocab.json" in said


# --- That it is whole


def test_missing_tensors_are_named_and_never_made_up(folder: Path) -> None:
    key = "model.layers.1.self_attn.q_proj.weight"
    retensor(folder, lambda tensors: tensors.pop(key))
    assert f"does not have: {key}" in refused(folder)


def test_tensors_that_do_not_fit_are_named(folder: Path) -> None:
    key = "model.layers.0.mlp.up_proj.weight"
    retensor(folder, lambda tensors: tensors.update({key: torch.zeros(95, 64)}))
    said = refused(folder)
    assert key in said and "95" in said and "96" in said


def test_tensors_that_would_be_left_out_are_named(folder: Path) -> None:
    change(folder / "config.json", num_hidden_layers=1, layer_types=["full_attention"])
    assert "lacks: model.layers.1." in refused(folder)


def test_tied_weights_are_not_missing(folder: Path) -> None:
    change(folder / "config.json", tie_word_embeddings=True)
    retensor(folder, lambda tensors: tensors.pop("lm_head.weight"))
    model = opened(folder).model
    assert torch.equal(model.get_output_embeddings().weight, model.get_input_embeddings().weight)


# --- What it computes in


@pytest.mark.parametrize(
    ("saved", "wanted", "device", "able", "chosen"),
    [
        ("bfloat16", "auto", "cpu", {"avx512_bf16": True}, torch.bfloat16),
        ("bfloat16", "auto", "cpu", {"avx512_f": True, "avx512_bf16": False}, torch.float32),
        ("float16", "auto", "cpu", {"avx512_bf16": True}, torch.float32),
        (None, "auto", "cpu", {"avx512_bf16": True}, torch.float32),
        ("float16", "auto", "cuda:0", {}, None),
        ("float32", "bfloat16", "cpu", {}, torch.bfloat16),
    ],
)
def test_the_numbers_suit_the_device(
    monkeypatch: pytest.MonkeyPatch, saved: str | None, wanted: Any, device: str, able: dict[str, bool], chosen: Any
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    for key in ("dtype", "torch_dtype"):
        assert choose_dtype({key: saved}, wanted, device) is chosen


def test_what_is_fetched_is_what_may_be_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def fetched(model: str, **values: Any) -> str:
        asked.update(values)
        return str(tmp_path)

    monkeypatch.setattr(loading, "snapshot_download", fetched)
    assert loading.locate("lexhub/tiny", "abc", None, download=False) == tmp_path
    assert asked["revision"] == "abc"
    assert not any(pattern.endswith((".bin", ".pt", ".py")) for pattern in asked["allow_patterns"])
