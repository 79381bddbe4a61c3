"""models.local.adapters, lora and slots: many adapters in one batch, each exact; what cannot be exact is refused."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file

from models.backends import transformers_local
from models.backends.transformers_local import LocalModel
from models.contracts import (
    Adaptable,
    DeadlineExceeded,
    GenerationRequest,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
    OutOfMemory,
    Sampling,
)
from models.local import quantisation
from models.local.engine import Engine
from models.local.identity import base_digest
from models.local.sizing import PAGE
from models.local.slots import Pair, Rows, Slotted, marked, slot_of
from tests.models import tiny, tuned
from tests.models.conftest import ask, collect

LONG = "公司拖欠工资三个月,我应该怎么办?" * 21  # more than two pages of the cache
ASKED = [
    (None, "你好"),
    ("plain", "你好"),
    ("wide", "你好"),
    ("late", "工资"),
    ("wide", LONG),
    (None, LONG),
    ("plain", LONG),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny"), context=1024, inner=128)  # for bitsandbytes


@pytest.fixture(scope="module")
def adapters(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of three adapters, no two of the same layers."""
    kinds: dict[str, dict[str, Any]] = {"plain": tuned.PLAIN, "wide": tuned.WIDE, "late": tuned.LATE}
    root = tmp_path_factory.mktemp("adapters")
    return {name: tuned.adapter(root / name, base, seed, **kinds[name]) for seed, name in enumerate(kinds)}


def build(base: Path, adapters: dict[str, Path], **options: Any) -> LocalModel:
    folders = {name: str(folder) for name, folder in adapters.items()}
    return transformers_local.build({"model": str(base), "dtype": "float32", "adapters": folders, **options})


async def engine(model: LocalModel) -> Engine:
    await model.load()
    assert model._engine is not None
    return model._engine


async def loaded(model: LocalModel) -> tuple[str, ...]:
    held = (await engine(model)).adapters
    assert held is not None
    return held.loaded


def request(adapter: str | None, text: str, tokens: int = 20, **values: Any) -> GenerationRequest:
    return ask(text, adapter=adapter, sampling=Sampling(max_tokens=tokens, logprobs=0), **values)


async def said(model: LocalModel, request: GenerationRequest) -> tuple[list[bytes], list[float]]:
    """The tokens of an answer without the one that ends it, and their log-probabilities."""
    told = [token for chunk in (await collect(model, request))[1] for token in chunk.tokens]
    return [one.token for one in told], [one.logprob for one in told]


async def wanted(model: LocalModel, network: Any, base: Path, text: str) -> tuple[list[bytes], Any]:
    """As `said`, by peft and transformers' own generate."""
    running = await engine(model)
    ids, logs = tuned.generated(network, base, text, 20)
    if ids[-1] in running.checkpoint.ends:
        ids, logs = ids[:-1], logs[:-1]
    return [running.grammars.bytes_of(one) for one in ids], pytest.approx(logs, abs=2e-3)


async def test_mixed_in_one_batch_each_says_what_it_says_alone_and_what_peft_says(
    base: Path, adapters: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long prompts are read in pieces, beside the tokens that others decode.
    model = build(base, adapters, batch_tokens=64)
    steps: list[set[int | None]] = []
    running = await engine(model)
    assert running.adapters is not None
    rows, place = running.adapters.rows, running.adapters.rows.place

    def noted(requests: Any, tokens: int) -> None:
        steps.append({slot for slot, _ in requests})
        place(requests, tokens)

    monkeypatch.setattr(rows, "place", noted)
    alone = [await said(model, request(*one)) for one in ASKED]
    together = await asyncio.gather(*(said(model, request(*one)) for one in ASKED))
    networks = {name: tuned.merged(base, adapters.get(name or "")) for name in (None, *adapters)}
    for one, mine, shared in zip(ASKED, alone, together, strict=True):
        assert mine == await wanted(model, networks[one[0]], base, one[1]), one
        assert shared == await wanted(model, networks[one[0]], base, one[1]), one
    assert any(len(step) == 4 for step in steps)  # all three and none in one step
    # The adapters do change what is said.
    assert len({tuple(tokens) for (_, text), (tokens, _) in zip(ASKED, alone, strict=True) if text == "你好"}) == 3
    await model.aclose()


async def test_on_a_base_in_four_bits_it_says_what_peft_says(base: Path, adapters: dict[str, Path]) -> None:
    pytest.importorskip("bitsandbytes")
    model = build(base, adapters, quantisation="int4")
    # A base in four bits is not merged: peft too computes the adapter beside it.
    network = tuned.beside(base, adapters["wide"], quantisation.plan("tiny", {}, "int4", torch.float32))
    both = await asyncio.gather(said(model, request("wide", "工资")), said(model, request(None, "工资")))
    assert both[0] == await wanted(model, network, base, "工资")
    with network.disable_adapter():
        assert both[1] == await wanted(model, network, base, "工资")
    await model.aclose()


async def test_keys_made_with_an_adapter_are_not_found_by_the_same_prompt_without_it(
    base: Path, adapters: dict[str, Path]
) -> None:
    model = build(base, adapters)
    networks = {name: tuned.merged(base, adapters.get(name or "")) for name in (None, "plain")}
    usage = (await collect(model, request(None, LONG)))[1][-1].usage
    assert usage is not None and usage.prompt_tokens > 2 * PAGE
    for name in (None, "plain", None, "plain"):
        assert await said(model, request(name, LONG)) == await wanted(model, networks[name], base, LONG)
    await model.aclose()


async def test_a_request_that_begins_again_for_want_of_memory_keeps_its_adapter(
    base: Path, adapters: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build(base, adapters)
    small = [request(name, "我想离婚", 60) for name in ("plain", None, "wide")]
    alone = [await said(model, one) for one in small]
    running = await engine(model)
    plain, steps = running.checkpoint.model.forward, []

    def forward(**values: Any) -> Any:
        steps.append(values["input_ids"].shape[1])
        if steps[-1] > 350:
            raise torch.OutOfMemoryError("no memory (made up)")
        return plain(**values)

    monkeypatch.setattr(running.checkpoint.model, "forward", forward)
    others = [asyncio.create_task(said(model, one)) for one in small]
    while len(steps) < 6:
        await asyncio.sleep(0.001)
    with pytest.raises(OutOfMemory):
        await said(model, request("plain", LONG))
    for other, (tokens, logs) in zip(others, alone, strict=True):
        assert await other == (tokens, pytest.approx(logs, abs=2e-3))
    await model.aclose()


async def test_the_least_recently_used_adapter_makes_room(base: Path, adapters: dict[str, Path]) -> None:
    model = build(base, adapters, adapter_slots=2)
    assert isinstance(model, Adaptable)
    assert (set(model.adapters), model.adapter_slots) == ({"plain", "wide", "late"}, 2)
    first = {name: await said(model, request(name, "你好")) for name in ("plain", "wide")}
    assert await loaded(model) == ("plain", "wide")
    assert await said(model, request("plain", "你好")) == first["plain"]
    assert await loaded(model) == ("wide", "plain")
    late = await said(model, request("late", "你好"))
    assert await loaded(model) == ("plain", "late")
    # What the one before left in the slot does not show.
    assert late == await wanted(model, tuned.merged(base, adapters["late"]), base, "你好")
    assert await said(model, request("wide", "你好")) == first["wide"]
    assert await loaded(model) == ("late", "wide")
    await model.aclose()


async def test_an_adapter_in_use_is_not_replaced(base: Path, adapters: dict[str, Path]) -> None:
    model = build(base, adapters, adapter_slots=1)
    alone = await said(model, request("late", "你好"))
    stream = model.generate(request("plain", "你好", 800))
    await anext(stream)
    with pytest.raises(ModelOverloaded, match="late"):
        await said(model, request("late", "你好"))
    with pytest.raises(DeadlineExceeded, match="late"):
        await said(model, request("late", "你好", deadline=time.time() + 0.1))
    waiting = asyncio.create_task(said(model, request("late", "你好", deadline=time.time() + 60)))
    await asyncio.sleep(0.05)
    # The base, and the adapter that is there, need no slot; but nobody overtakes who waits for one.
    assert (await said(model, request(None, "你好")))[0]
    second = asyncio.create_task(said(model, request("plain", "你好", deadline=time.time() + 60)))
    await asyncio.sleep(0.05)
    assert not waiting.done() and not second.done()
    assert await loaded(model) == ("plain",)
    await stream.aclose()  # type: ignore[attr-defined]
    assert await waiting == alone
    assert (await second)[0]
    await model.aclose()


async def test_who_gives_up_while_an_adapter_loads_leaves_no_trace(
    base: Path, adapters: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build(base, adapters, adapter_slots=1)
    running = await engine(model)
    held = running.adapters
    assert held is not None
    fill, done = held._fill, []

    def slow(*values: Any) -> None:
        time.sleep(0.2)
        fill(*values)
        done.append(values[1])

    monkeypatch.setattr(held, "_fill", slow)
    gone = asyncio.create_task(said(model, request("plain", "你好")))
    await asyncio.sleep(0.05)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert done == ["plain"]  # a thread cannot be stopped, so its end was waited for
    assert held.loaded == ()
    with pytest.raises(DeadlineExceeded):
        await said(model, request("wide", "你好", deadline=time.time() + 0.05))
    monkeypatch.undo()
    tokens, _ = await said(model, request("late", "你好"))
    assert tokens == (await wanted(model, tuned.merged(base, adapters["late"]), base, "你好"))[0]
    assert not +held._users
    await model.aclose()


async def test_the_adapter_in_its_folder_now_is_loaded(base: Path, adapters: dict[str, Path], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(adapters["plain"], mine)
    model = build(base, {"mine": mine, "late": adapters["late"]}, adapter_slots=1)
    first = await said(model, request("mine", "你好"))
    tuned.adapter(mine, base, 7, **tuned.PLAIN)
    assert await said(model, request("mine", "你好")) == first
    await said(model, request("late", "你好"))
    changed = await said(model, request("mine", "你好"))
    assert changed == await wanted(model, tuned.merged(base, mine), base, "你好")
    assert changed != first
    # One of layers that nothing was prepared for, and one that is gone: the model goes on without them.
    tuned.adapter(mine, base, 7, **tuned.WIDE)
    await said(model, request("late", "你好"))
    with pytest.raises(ModelUnavailable, match=r"mine was changed: model\.layers\.0\.mlp"):
        await said(model, request("mine", "你好"))
    shutil.rmtree(mine)
    with pytest.raises(ModelUnavailable, match="adapter_config"):
        await said(model, request("mine", "你好"))
    assert (await said(model, request("late", "你好")))[0]
    await model.aclose()


async def test_an_unknown_adapter_is_refused(base: Path, adapters: dict[str, Path]) -> None:
    with pytest.raises(NoSuchAdapter, match="other"):
        await collect(build(base, adapters), request("other", "你好"))
    with pytest.raises(ValidationError):
        build(base, {"a/b": adapters["plain"]})


def changed(folder: Path, **values: Any) -> None:
    """Change the adapter's configuration."""
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def edited(folder: Path, edit: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Change the adapter's tensors."""
    path = folder / "adapter_model.safetensors"
    tensors = load_file(path)
    edit(tensors)
    save_file(tensors, path)


def renamed(folder: Path) -> None:
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")


def recorded(folder: Path) -> None:
    (folder / "ADAPTER.json").write_text(json.dumps({"base": {"model": "x", "digest": "0" * 64}}))


FIRST = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
UNFIT: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no folder": (shutil.rmtree, "there is no folder"),
    "not safetensors": (renamed, "no adapter_model.safetensors"),
    "no json": (lambda folder: (folder / "adapter_config.json").write_text("["), "adapter_config.json"),
    "another kind": (lambda folder: changed(folder, peft_type="IA3"), "only LoRA"),
    "dora": (lambda folder: changed(folder, use_dora=True), "use_dora"),
    "bias": (lambda folder: changed(folder, bias="lora_only"), "bias"),
    "whole modules": (lambda folder: changed(folder, modules_to_save=["lm_head"]), "modules_to_save"),
    "from the future": (lambda folder: changed(folder, use_marvel=True), "use_marvel"),
    "another base": (lambda folder: changed(folder, init_lora_weights="pissa"), "pissa"),
    "recorded base": (recorded, "another base"),
    "large": (lambda folder: changed(folder, r=32), "shapes"),
    "missing": (lambda folder: edited(folder, lambda all_: all_.pop(FIRST)), "lora_B only"),
    "fewer layers": (lambda folder: changed(folder, target_modules=["q_proj", "v_proj", "o_proj"]), "o_proj"),
    "more layers": (lambda folder: changed(folder, target_modules=["q_proj"]), "v_proj"),
    "torn": (lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"x" * 40), "cannot be read"),
    "strange": (lambda folder: edited(folder, lambda all_: all_.update(lora=torch.ones(1))), "the tensor lora"),
    "misshapen": (
        lambda folder: edited(folder, lambda all_: all_.update({FIRST: torch.ones(4, 60)})),
        "q_proj has the",
    ),
}


@pytest.mark.parametrize("case", UNFIT)
async def test_an_adapter_that_could_not_be_served_exactly_stops_the_start(
    case: str, base: Path, adapters: dict[str, Path], tmp_path: Path
) -> None:
    spoil, reason = UNFIT[case]
    folder = tmp_path / "unfit"
    shutil.copytree(adapters["plain"], folder)
    spoil(folder)
    with pytest.raises(ModelUnavailable, match=reason):
        await build(base, {"unfit": folder}).load()


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"r": 24, "target_modules": ["q_proj"]}, "rank 24"),
        ({"r": 4, "target_modules": ["lm_head"]}, "lm_head"),
        ({"r": 4, "target_modules": ["embed_tokens"]}, "lora_embedding"),
    ],
)
async def test_an_adapter_of_other_layers_or_a_higher_rank_stops_the_start(
    config: dict[str, Any], reason: str, base: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelUnavailable, match=reason):
        await build(base, {"unfit": tuned.adapter(tmp_path / "a", base, 1, **config)}).load()


async def test_numbers_that_are_none_are_refused_when_they_are_read(
    base: Path, adapters: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "nan"
    shutil.copytree(adapters["plain"], folder)
    edited(folder, lambda all_: all_[FIRST].fill_(float("nan")))
    model = build(base, {"nan": folder})
    with pytest.raises(ModelUnavailable, match="q_proj has numbers"):
        await said(model, request("nan", "你好"))
    assert (await said(model, request(None, "你好")))[0]
    await model.aclose()


async def test_an_adapter_trained_here_knows_its_base(base: Path, adapters: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(adapters["plain"], folder)
    (folder / "ADAPTER.json").write_text(json.dumps({"base": {"model": "x", "digest": base_digest(base)}, "data": 1}))
    model = build(base, {"mine": folder})
    assert (await said(model, request("mine", "你好")))[0]
    await model.aclose()


def slotted(tokens: int) -> tuple[torch.nn.Linear, Rows, Slotted]:
    base = torch.nn.Linear(6, 5)
    rows = Rows(2, 3, torch.device("cpu"))
    rows.reserve(tokens)
    layer = Slotted(base, rows, 2, 3, torch.float32)
    layer.fill(0, Pair(torch.randn(3, 6), torch.randn(3, 5)))
    layer.fill(1, Pair(torch.randn(2, 6), torch.randn(2, 5)))
    return base, rows, layer


@torch.no_grad()
def test_tokens_of_no_adapter_and_padding_are_the_bases_own() -> None:
    base, rows, layer = slotted(16)
    x = torch.randn(1, 8, 6)
    rows.place([(1, 2), (None, 1), (0, 3)], 8)  # two rows of padding, as for a CUDA graph
    out = layer(x)[0]
    place = rows.foreign.data_ptr()
    for token, slot in enumerate([1, 1, None, 0, 0, 0, None, None]):
        rows.place([(slot, 1)], 1)
        assert torch.allclose(layer(x[:, token : token + 1])[0, 0], out[token], atol=1e-6)
        if slot is None:
            assert torch.equal(base(x)[0, token], out[token])
    assert rows.foreign.data_ptr() == place
    # A step after which nothing is left of the one before.
    rows.place([(0, 8)], 8)
    rows.place([(None, 8)], 8)
    assert torch.equal(layer(x), base(x))


@torch.no_grad()
def test_what_overflows_in_one_slot_reaches_no_other_token() -> None:
    _, rows, layer = slotted(4)
    x = torch.randn(1, 4, 6)
    rows.place([(0, 4)], 4)
    sound = layer(x)
    layer.fill(1, Pair(torch.full((3, 6), float("inf")), torch.ones(3, 5)))
    assert torch.equal(layer(x), sound)
    layer.fill(1, None)
    rows.place([(1, 4)], 4)
    assert torch.equal(layer(x), layer.base(x))


def test_the_name_of_a_request_tells_its_slot() -> None:
    assert slot_of(marked("lexhub-3", 12)) == 12
    assert slot_of(marked("lexhub-3", None)) is None
    assert slot_of("__warmup_DECODING_0__") is None
