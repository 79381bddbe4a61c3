"""Budgets of memory against a machine, and checkpoints looked at before anything starts."""

from pathlib import Path
from typing import Any

import pytest
import torch

from deploy import casting, checkpoints, fitting, machine, settings
from deploy.cli import fits
from deploy.fitting import GIB, DoesNotFit
from deploy.machine import Gpu, Machine
from deploy.settings import BadSettings
from models.contracts import BadCard, ModelUnavailable
from models.local import sizing
from tests.models import tiny

H200 = Gpu("H200", 139 * GIB, 139 * GIB)
READERS = 16 * GIB  # what an embedder and a reranker beside the language models may take
LAPTOP = Machine(4, 16 * GIB, 12 * GIB)


@pytest.fixture(autouse=True)
def _a_processor_that_multiplies_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine's own does: `auto` is then as the checkpoint was saved."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_machine(has: Machine) -> None:
        monkeypatch.setattr(machine, "found", lambda: has)

    return set_machine


def needs(profile: str) -> list[fitting.Need]:
    deployments, cards = casting.cast(settings.load(profile))
    return fitting.needs(deployments, cards, {card.name: card.size for card in cards.values() if card.size})


def test_the_gpu_profile_fits_one_h200_with_room_for_the_readers() -> None:
    wanted = needs("gpu")
    assert {one.name for one in wanted} == {"qwen3-8b", "qwen3-1.7b"}
    assert sum(one.all for one in wanted) + READERS < H200.free
    fitting.require(wanted, Machine(16, 128 * GIB, 100 * GIB, (H200,)))
    # Dozens of consultations of 4,096 tokens at once, or the card is wasted.
    dialogue = next(one for one in wanted if one.name == "qwen3-8b")
    assert dialogue.tokens // 4096 >= 64


def test_shares_of_the_card_add_up_to_less_than_one() -> None:
    assert sum(one.gpus for one in settings.load("gpu").models) <= 1


def test_a_card_that_is_too_small_is_refused_with_the_table() -> None:
    with pytest.raises(DoesNotFit) as raised:
        fitting.require(needs("gpu"), Machine(16, 128 * GIB, 100 * GIB, (Gpu("A100", 80 * GIB, 79 * GIB),)))
    text = str(raised.value)
    assert raised.value.code == "models_do_not_fit"
    assert "qwen3-8b(GPU)" in text and "qwen3-1.7b(GPU)" in text and "79.0" in text and "cache_bytes" in text


def test_two_cards_do_not_hold_a_model_that_neither_holds() -> None:
    half = Gpu("small", 80 * GIB, 75 * GIB)
    with pytest.raises(DoesNotFit):
        fitting.require(needs("gpu"), Machine(16, 128 * GIB, 100 * GIB, (half, half)))


def test_the_cpu_profile_fits_a_laptop_but_not_a_small_board() -> None:
    fitting.require(needs("cpu"), LAPTOP)
    with pytest.raises(DoesNotFit, match=r"qwen3-0\.6b"):
        fitting.require(needs("cpu"), Machine(2, 4 * GIB, 3 * GIB))


def test_the_budget_of_cache_is_kept_and_not_made_larger_than_requests_can_fill(checkpoint: Path) -> None:
    size = sizing.size(checkpoint)
    card = casting.chosen_cards(settings.load("embedded", {"roles": {"dialogue": str(checkpoint)}}))["tiny"]
    assert fitting.need(card, size, "cpu").tokens == 8 * tiny.CONTEXT  # as many requests as are let in
    small = card.model_copy(update={"options": {**card.options, "cache_bytes": 2**20}})
    needed = fitting.need(small, size, "cpu")
    assert needed.cache <= 2**20 < needed.cache + sizing.held(size, sizing.PAGE, size.dtype)


def test_a_model_on_a_gpu_must_state_its_budget(checkpoint: Path) -> None:
    card = casting.chosen_cards(settings.load("cpu"))["qwen3-0.6b"]
    bare = card.model_copy(update={"options": {"model": str(checkpoint)}})
    with pytest.raises(BadSettings, match="cache_bytes"):
        fitting.need(bare, sizing.size(checkpoint), "gpu")


def test_quantised_weights_need_less() -> None:
    card = casting.chosen_cards(settings.load("gpu"))["qwen3-8b"]
    assert card.size is not None
    whole, eight, four = (
        fitting.need(card, card.size, "gpu", quantised=kind).weights for kind in (None, "int8", "int4")
    )
    assert whole > eight > four > whole / 4


def test_a_server_without_language_models_looks_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> Machine:
        raise AssertionError("the machine was looked at")

    monkeypatch.setattr(machine, "found", never)
    checkpoints.prepare(settings.load("embedded"), print)


def prepare(profile: str, *models: str) -> list[str]:
    """What is told while the checkpoints of the profile are prepared."""
    told: list[str] = []
    checkpoints.prepare(settings.load(profile, {"roles": casting.parsed(models)}), told.append)
    return told


def test_a_whole_checkpoint_is_told_with_its_needs(checkpoint: Path, on: Any) -> None:
    on(LAPTOP)
    (said,) = prepare("cpu", f"dialogue={checkpoint}")
    assert said.startswith("tiny(CPU)")


def test_a_gpu_profile_without_a_gpu_is_refused_before_anything_is_fetched(on: Any) -> None:
    on(LAPTOP)
    with pytest.raises(DoesNotFit, match="needs a GPU"):
        prepare("gpu")


def test_a_model_that_cannot_fit_is_not_fetched(on: Any) -> None:
    on(LAPTOP)
    with pytest.raises(DoesNotFit, match="qwen3-8b"):
        prepare("embedded", "dialogue=qwen3-8b")


def test_a_hub_that_cannot_be_reached_gives_the_command(
    on: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on(LAPTOP)
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    told: list[str] = []
    options = {"qwen3-0.6b": {"hub": "http://127.0.0.1:9"}}
    models = [
        {"name": "embedded", "cards": ["neighbour-keyword", "ngram-planner", "ngram-article", "composer"]},
        {"name": "dialogue", "roles": ["dialogue"], "cards": ["qwen3-0.6b"], "options": options},
    ]
    with pytest.raises(ModelUnavailable, match=r"`HF_ENDPOINT=http://127\.0\.0\.1:9 hf download Qwen/Qwen3-0\.6B`"):
        checkpoints.prepare(settings.load("embedded", {"models": models}), told.append)
    assert "hf download Qwen/Qwen3-0.6B" in told[0]


def test_a_folder_that_is_no_checkpoint_is_named(on: Any, tmp_path: Path) -> None:
    on(LAPTOP)
    with pytest.raises(ModelUnavailable, match=r"no \*\.safetensors"):
        prepare("cpu", f"dialogue={tmp_path}")


def test_bad_options_of_a_card_are_named(on: Any, checkpoint: Path) -> None:
    on(LAPTOP)
    models = [
        {"name": "embedded", "cards": ["neighbour-keyword", "ngram-planner", "ngram-article", "composer"]},
        {"name": "dialogue", "cards": ["qwen3-0.6b"], "options": {"qwen3-0.6b": {"contxt": 1}}},
    ]
    with pytest.raises(BadCard, match=r"qwen3-0\.6b: contxt"):
        checkpoints.prepare(settings.load("embedded", {"models": models}), print)


def test_the_memory_of_this_machine_is_found() -> None:
    has = machine.found()
    assert 0 < has.available <= has.memory


@pytest.mark.parametrize(
    ("has", "fit", "profile"),
    [
        (Machine(16, 128 * GIB, 100 * GIB, (H200,)), ["装得下"] * 3, "gpu"),
        (
            Machine(8, 32 * GIB, 20 * GIB, (Gpu("L4", 24 * GIB, 23 * GIB),)),
            ["装得下", "装得下", "int8 装得下"],
            "embedded",
        ),
        (Machine(8, 32 * GIB, 20 * GIB), ["装得下", "装得下", "int4 装得下"], "embedded"),
        (Machine(2, 8 * GIB, 7 * GIB), ["装得下", "装不下", "装不下"], "embedded"),
    ],
)
def test_the_doctor_says_what_fits_and_recommends(has: Machine, fit: list[str], profile: str) -> None:
    qwen = [row for row in fits.rows(has) if row.name.startswith("qwen3-")]
    assert [row.fits for row in qwen] == fit
    assert f"--profile {profile}" in str(list(fits.told(has))[-1])
    assert {row.files for row in qwen} == {
        f"不在这台机器上:hf download Qwen/Qwen3-{one}" for one in ("0.6B", "1.7B", "8B")
    }


def test_the_doctor_asks_no_hub_for_a_folder() -> None:
    (row,) = [row for row in fits.rows(LAPTOP) if row.name == "chatlaw-13b"]
    assert row.files.startswith("没有文件夹 ./ChatLaw-13B")


def test_the_doctor_reads_a_checkpoint_that_is_here(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (
        f"{{name: own, label: o, backend: transformers_local, abilities: [dialogue], options: {{model: {checkpoint}}}}}"
    )
    (tmp_path / "own.yaml").write_text(text)
    monkeypatch.setattr(fits.registry, "CARDS", tmp_path)
    (row,) = fits.rows(LAPTOP)
    assert row.weights == sizing.weights(sizing.size(checkpoint))
    assert (row.fits, row.files) == ("装得下", f"在 {checkpoint}")
