"""models.registry and the cards that ship."""

from pathlib import Path

import pytest

from models import registry
from models.contracts import ABILITIES, BadCard, ModelCard

SHIPPED = registry.cards()


def card(**changes: object) -> ModelCard:
    values = {"name": "x", "label": "试", "backend": "scripted", "abilities": ["plan"], "options": {"replies": ["好"]}}
    return ModelCard.model_validate(values | changes)


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def test_every_ability_has_a_shipped_card_and_files_are_named_after_their_cards() -> None:
    assert {ability for found in SHIPPED.values() for ability in found.abilities} == set(ABILITIES)
    assert {path.stem for path in registry.CARDS.glob("*.yaml")} == set(SHIPPED)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_card_builds(name: str) -> None:
    assert callable(registry.build(SHIPPED[name]).generate)


def test_an_extra_folder_adds_cards_and_replaces_shipped_ones(tmp_path: Path) -> None:
    write(
        tmp_path, "a.yaml", "{name: mine, label: 我的, backend: scripted, abilities: [plan], options: {replies: [好]}}"
    )
    write(tmp_path, "b.yaml", "{name: endpoint, label: 改过, backend: scripted, abilities: [dialogue]}")
    found = registry.cards([tmp_path])
    assert found["mine"].label == "我的"
    assert found["endpoint"].label == "改过"
    assert found.keys() == SHIPPED.keys() | {"mine"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{name: a", "a.yaml"),
        ("- 1", "a.yaml"),
        ("{name: a, label: b, backend: scripted, abilities: [fly]}", "abilities"),
        ("{name: a, label: b, backend: scripted, abilities: [plan], colour: red}", "colour"),
        ("{name: a, label: b, backend: nothing, abilities: [plan]}", "known: .*scripted"),
    ],
)
def test_a_bad_card_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    write(tmp_path, "a.yaml", text)
    with pytest.raises(BadCard, match=complaint):
        registry.cards([tmp_path])


def test_two_cards_of_one_name_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        write(tmp_path, name, "{name: same, label: b, backend: scripted, abilities: [plan]}")
    with pytest.raises(BadCard, match="same"):
        registry.cards([tmp_path])
    with pytest.raises(BadCard, match="no folder"):
        registry.cards([tmp_path / "none"])


def test_unknown_backends_and_options_are_refused() -> None:
    with pytest.raises(BadCard, match=r"known: .*composer.*ngram"):
        registry.build(card(backend="../registry"))
    with pytest.raises(BadCard, match="colour"):
        registry.build(card(options={"replies": ["好"], "colour": "red"}))


def test_only_an_endpoint_may_be_outside() -> None:
    with pytest.raises(BadCard, match="outside"):
        registry.build(card(outside=True))


def test_a_secret_does_not_appear_in_a_complaint() -> None:
    options = {"base_url": "http://127.0.0.1:1/v1", "model": "m", "api_key": ["sk-secret"]}
    with pytest.raises(BadCard) as caught:
        registry.build(card(backend="http_endpoint", options=options))
    assert "sk-secret" not in str(caught.value)
