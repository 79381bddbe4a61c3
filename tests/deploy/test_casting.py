"""Roles pointed at models: who does what, where it is deployed, and what cannot be."""

from pathlib import Path
from typing import Any

import pytest

from deploy import casting, settings
from deploy.settings import PROFILES, BadSettings, Settings
from orchestrator import selection
from orchestrator.services import Services
from tests.orchestrator.doubles import Library, Pool

NAMES = sorted(path.stem for path in PROFILES.glob("*.yaml"))


def load(profile: str, *models: str) -> Settings:
    return settings.load(profile, {"roles": casting.parsed(models)})


def chosen(loaded: Settings, ability: Any) -> list[str]:
    """The models for the ability, in the order in which they are tried."""
    pool = Pool(*casting.chosen_cards(loaded).values())
    return selection.able(Services(library=Library(), models=pool), ability, "劳动")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "My.Tiny-7B"
    path.mkdir()
    return path


@pytest.mark.parametrize("profile", NAMES)
def test_a_checkpoint_comes_first_and_the_embedded_stand_in(profile: str, tiny: Path) -> None:
    loaded = load(profile, f"dialogue={tiny}")
    assert chosen(loaded, "dialogue") == ["my-tiny-7b", "composer"]
    assert chosen(loaded, "facts") == ["my-tiny-7b"]
    assert "my-tiny-7b" not in chosen(loaded, "keywords") + chosen(loaded, "plan") + chosen(loaded, "articles")


@pytest.mark.parametrize(("profile", "first"), [("cpu", "qwen3-0.6b"), ("gpu", "qwen3-8b"), ("cluster", "qwen3-8b")])
def test_the_language_models_of_a_profile_go_before_the_embedded(profile: str, first: str) -> None:
    assert chosen(load(profile), "dialogue") == [first, "composer"]


def test_each_role_has_its_abilities(tiny: Path) -> None:
    for role, ability in (("keyword", "keywords"), ("planner", "plan"), ("article", "articles")):
        loaded = load("embedded", f"{role}={tiny}")
        assert chosen(loaded, ability)[0] == "my-tiny-7b"
        assert chosen(loaded, "dialogue") == ["composer"]
        assert len(chosen(loaded, ability)) == 2


def test_one_checkpoint_for_several_roles_is_one_deployment(tiny: Path) -> None:
    deployments, cards = casting.cast(load("gpu", f"dialogue={tiny}", f"keyword={tiny}/../{tiny.name}"))
    assert [one.cards for one in deployments if "my-tiny-7b" in one.cards] == [("my-tiny-7b",)]
    assert set(cards["my-tiny-7b"].abilities) == {"dialogue", "facts", "keywords"}
    # The planner and the article names still have their model of the profile, and that nothing else.
    assert cards["qwen3-1.7b"].abilities == ("plan", "articles")
    assert "qwen3-8b" not in cards


def test_a_model_without_a_role_left_goes_and_its_place_is_taken(tiny: Path) -> None:
    before = {one.name: one for one in load("gpu").models}["dialogue"]
    deployments, cards = casting.cast(load("gpu", f"dialogue={tiny}"))
    after = {one.name: one for one in deployments}["dialogue"]
    assert (after.gpus, after.ongoing, after.cards) == (before.gpus, before.ongoing, ("my-tiny-7b",))
    assert cards["my-tiny-7b"].options["cache_bytes"] == before.options["qwen3-8b"]["cache_bytes"]
    assert cards["my-tiny-7b"].options["model"] == str(tiny)
    assert "device" not in cards["my-tiny-7b"].options


def test_a_deployment_without_a_share_of_a_gpu_stays_off_it(tiny: Path) -> None:
    assert casting.chosen_cards(load("embedded", f"dialogue={tiny}"))["my-tiny-7b"].options["device"] == "cpu"
    assert casting.chosen_cards(load("cpu"))["qwen3-0.6b"].options["device"] == "cpu"


def test_a_card_brings_its_own_options(tiny: Path) -> None:
    card = casting.chosen_cards(load("embedded", "dialogue=qwen3-1.7b"))["qwen3-1.7b"]
    assert card.options["model"] == "Qwen/Qwen3-1.7B"
    assert card.options["template"] == {"enable_thinking": False}
    with_weights = casting.chosen_cards(load("cpu", f"dialogue=qwen3-0.6b@{tiny}"))["qwen3-0.6b"]
    assert with_weights.options["model"] == str(tiny)
    assert with_weights.options["context"] == 8192


def test_the_name_on_the_hub_of_a_shipped_card_is_that_card() -> None:
    assert chosen(load("embedded", "keyword=Qwen/Qwen3-1.7B"), "keywords")[0] == "qwen3-1.7b"
    assert chosen(load("embedded", "keyword=some-org/Other.Model"), "keywords")[0] == "other-model"


def test_a_folder_with_the_name_of_a_card_is_not_that_card(tmp_path: Path) -> None:
    (tmp_path / "Composer").mkdir()
    assert chosen(load("embedded", f"dialogue={tmp_path / 'Composer'}"), "dialogue") == ["local-composer", "composer"]


def test_an_endpoint_can_have_a_role() -> None:
    assert chosen(load("embedded", "dialogue=endpoint"), "dialogue") == ["endpoint", "composer"]


def test_a_config_file_says_the_same_and_the_flag_wins_role_by_role(tmp_path: Path, tiny: Path) -> None:
    path = tmp_path / "own.yaml"
    text = (PROFILES / "embedded.yaml").read_text()
    path.write_text(text + f"    roles: {{dialogue: {tiny}, keyword: {tiny}}}\n")
    assert chosen(settings.load(str(path)), "dialogue")[0] == "my-tiny-7b"
    overridden = load(str(path), "dialogue=composer")
    assert chosen(overridden, "dialogue") == ["composer"]
    assert chosen(overridden, "keywords")[0] == "my-tiny-7b"


def test_slow_models_get_long_limits_unless_the_profile_states_some(tiny: Path) -> None:
    assert load("embedded").limits.model == 20
    assert load("embedded", f"dialogue={tiny}").limits.model == 300
    assert load("gpu", f"dialogue={tiny}").limits.model == load("gpu").limits.model


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("judge=x", "dialogue, keyword, planner, article"),
        ("dialogue", "ROLE=CHECKPOINT"),
        ("dialogue=", "ROLE=CHECKPOINT"),
        ("dialogue=nothing", "composer.*ORG/NAME"),
        ("dialogue=./nowhere", "hf download ORG/NAME --local-dir ./nowhere"),
        ("dialogue=ngram-planner", "only able to do plan"),
        ("keyword=composer@.", "loads no weights"),
    ],
)
def test_what_cannot_be_is_one_clear_line(model: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said) as raised:
        casting.cast(load("cpu", model))
    assert "\n" not in str(raised.value)


def test_a_role_given_twice_or_one_name_with_two_weights_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="twice"):
        casting.parsed(["dialogue=a", "dialogue=b"])
    other = tmp_path / "other" / tiny.name
    other.mkdir(parents=True)
    with pytest.raises(BadSettings, match="other weights"):
        casting.cast(load("embedded", f"dialogue={tiny}", f"keyword={other}"))


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ([{"name": "a", "roles": ["dialogue"], "cards": ["composer", "ngram-article"]}], "one card"),
        (
            [
                {"name": "a", "roles": ["dialogue"], "cards": ["composer"]},
                {"name": "b", "roles": ["dialogue"], "cards": ["endpoint"]},
            ],
            "same role",
        ),
    ],
)
def test_roles_of_deployments_are_checked(models: list[Any], said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        settings.load("embedded", {"models": models})


def test_what_computes_elsewhere_is_inside_the_ingress_and_a_checkpoint_never(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "far.yaml").write_text(
        "{name: far, label: 远处, backend: http_endpoint, abilities: [dialogue], options: {base_url: 'http://far'}}"
    )
    given = {"card_folders": [str(tmp_path)], "roles": {"dialogue": "far"}}
    [far] = [one for one in casting.cast(settings.load("gpu", given))[0] if "far" in one.cards]
    assert (far.inside, far.gpus) == (True, 0)
    inside = {"name": "talk", "roles": ["dialogue"], "cards": ["composer"], "inside": True}
    others = [one.model_dump() for one in settings.load("embedded").models if one.name != "dialogue"]
    swapped = settings.load("embedded", {"models": [*others, inside], "roles": {"dialogue": str(tiny)}})
    [own] = [one for one in casting.cast(swapped)[0] if "my-tiny-7b" in one.cards]
    assert not own.inside
    heavy = {"name": "talk", "cards": ["qwen3-0.6b", "composer"], "inside": True}
    with pytest.raises(BadSettings, match="inside the ingress"):
        casting.cast(settings.load("embedded", {"models": [*others, heavy]}))
    with pytest.raises(BadSettings, match="no replicas of its own, and so no replicas"):
        settings.load("embedded", {"models": [*others, {**inside, "replicas": 2}]})
    with pytest.raises(BadSettings, match="no replicas of its own, and so no ongoing"):
        settings.load("embedded", {"retriever": {"inside": True, "ongoing": 8}})


# Models that join a running server

ENDPOINT = {
    "name": "Far-1.5",
    "label": "远处",
    "backend": "http_endpoint",
    "abilities": ["dialogue"],
    "options": {"base_url": "http://far", "api_key_env": "FAR_KEY"},
}


def test_a_card_that_joins_gets_a_deployment_of_its_own() -> None:
    deployment, card = casting.joining(load("embedded"), ENDPOINT, {"replicas": 3, "ongoing": 5})
    assert (deployment.name, deployment.cards, deployment.roles) == ("far-1-5", ("Far-1.5",), ())
    assert (deployment.replicas, deployment.ongoing, deployment.gpus) == (3, 5, 0)
    assert "api_key" not in card.options  # only where it is deployed is the key looked up


def test_a_local_card_that_joins_keeps_the_rules_of_casting() -> None:
    loaded = load("embedded")
    deployment, card = casting.joining(loaded, "qwen3-0.6b", {})
    assert (deployment.cpus, deployment.ongoing, deployment.queued) == (1, 8, 16)
    assert card.options["device"] == "cpu"  # one without a share of a GPU must not take what happens to be there
    assert card.options["queue"] == 8
    assert card.options["cache_bytes"] == casting.CACHE
    assert "device" not in casting.joining(loaded, "qwen3-0.6b", {"gpus": 0.5})[1].options


@pytest.mark.parametrize(
    ("card", "scaling", "said"),
    [
        ("nobody", {}, "nobody"),
        ({**ENDPOINT, "backend": "scripted", "options": {}}, {}, "测试替身"),
        ({**ENDPOINT, "name": "a/b"}, {}, "名称"),
        ({**ENDPOINT, "options": {"base_url": "http://far", "api_key": "secret"}}, {}, "api_key_env"),
        (ENDPOINT, {"replicas": 0}, "replicas"),
    ],
)
def test_what_cannot_join(card: Any, scaling: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as raised:
        casting.joining(load("embedded"), card, scaling)
    assert "secret" not in str(raised.value)


def test_a_secret_is_filled_in_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    _, card = casting.joining(load("embedded"), ENDPOINT, {})
    with pytest.raises(BadSettings, match="FAR_KEY"):
        casting.with_secrets(card)
    monkeypatch.setenv("FAR_KEY", "k")
    assert casting.with_secrets(card).options["api_key"] == "k"
