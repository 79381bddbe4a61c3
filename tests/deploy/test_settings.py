"""Settings: what a profile may say, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from deploy import settings
from deploy.casting import chosen_cards
from deploy.settings import PROFILES, BadSettings
from models.contracts import NEEDED

NAMES = sorted(path.stem for path in PROFILES.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_profile_is_valid(name: str, tmp_path: Path) -> None:
    loaded = settings.load(name, {"home": str(tmp_path)})
    assert loaded.profile == name.split("-")[0]  # cluster-4 is a cluster
    cards = chosen_cards(loaded)
    assert {ability for card in cards.values() for ability in card.abilities} >= set(NEEDED)


def test_the_environment_gives_home_and_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(tmp_path))
    monkeypatch.setenv("LEXHUB_PORT", "8111")
    loaded = settings.load("embedded")
    assert (loaded.home, loaded.port) == (tmp_path, 8111)


def test_the_font_is_a_path_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.load("embedded", {"font": "~/甲.ttf"}).font == tmp_path / "甲.ttf"
    assert settings.load("embedded").font is None


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"unknown": 1}, "unknown"),
        ({"port": 99999}, "port"),
        ({"host": "0.0.0.0"}, "api_keys"),
        ({"profile": "cluster"}, "SQLite"),
        ({"models": []}, "models"),
        (
            {"models": [{"name": "a", "cards": ["composer"]}, {"name": "a", "cards": ["neighbour-keyword"]}]},
            "same name",
        ),
        ({"models": [{"name": "a", "cards": ["composer"]}, {"name": "b", "cards": ["composer"]}]}, "twice"),
        ({"api_keys": [{"name": "a", "sha256": "short"}]}, "sha256"),
        ({"api_keys": [{"name": "a", "sha256": "0" * 64}, {"name": "a", "sha256": "1" * 64}]}, "same name"),
        ({"api_keys": [{"name": "a", "sha256": "0" * 64}], "corpora": {"hr": ["a", "b"]}}, r"corpora\.hr.*'b'"),
        ({"corpora": {"hr": ["a"]}}, r"corpora\.hr"),
        ({"corpora": {"*": []}}, "name of a corpus"),
    ],
)
def test_bad_settings_are_refused_by_name(overrides: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=said):
        settings.load("embedded", {"home": str(tmp_path), **overrides})


def test_unknown_profiles_name_the_known() -> None:
    with pytest.raises(BadSettings, match="embedded"):
        settings.load("nothing")


def test_a_file_that_is_no_profile_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("applications: []")
    with pytest.raises(BadSettings, match=r"x\.yaml"):
        settings.load(str(path))


def test_test_doubles_are_refused_in_a_shipped_profile(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "double.yaml").write_text(
        "{name: double, label: d, backend: scripted, abilities: [plan, keywords, articles, dialogue], options: {replies: [x]}}"
    )
    models = [{"name": "double", "cards": ["double"]}]
    wanted = {"home": str(tmp_path), "card_folders": [str(cards)], "models": models}
    with pytest.raises(BadSettings, match="test doubles"):
        chosen_cards(settings.load("embedded", wanted))
    assert "double" in chosen_cards(settings.load("embedded", {**wanted, "shipped": False}))


def test_every_ability_must_be_there(tmp_path: Path) -> None:
    loaded = settings.load("embedded", {"home": str(tmp_path), "models": [{"name": "a", "cards": ["composer"]}]})
    with pytest.raises(BadSettings, match="keywords"):
        chosen_cards(loaded)


def test_unknown_cards_name_the_known(tmp_path: Path) -> None:
    loaded = settings.load("embedded", {"home": str(tmp_path), "models": [{"name": "a", "cards": ["gpt"]}]})
    with pytest.raises(BadSettings, match="composer"):
        chosen_cards(loaded)
