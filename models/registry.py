"""Finds model cards and backends by their file names, and builds a model from its card.

Knows no backend: each is imported when its first card is built, so that reading cards stays cheap. A registration
made in one process would be unknown in the next; a file name is not.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.contracts import BadCard, Generator, ModelCard

HERE = Path(__file__).parent
CARDS = HERE / "cards"


def backends() -> tuple[str, ...]:
    """The names that a card's `backend` may have, sorted."""
    return tuple(sorted(path.stem for path in (HERE / "backends").glob("*.py") if not path.stem.startswith("_")))


def cards(extra: Iterable[Path] = ()) -> dict[str, ModelCard]:
    """All cards by name: those shipped, then those of the folders `extra`, which replace a shipped one of their name.

    Raises BadCard naming the file that cannot be read, and for a folder that does not exist.
    """
    found: dict[str, ModelCard] = {}
    for folder in (CARDS, *extra):
        if not folder.is_dir():
            raise BadCard(f"there is no folder of model cards at {folder}")
        here: dict[str, ModelCard] = {}
        for path in sorted(folder.glob("*.yaml")):
            card = read(path)
            if card.name in here:
                raise BadCard(f"{path.name}: another card in this folder already has the name {card.name}")
            here[card.name] = card
        found |= here
    return found


def read(path: Path) -> ModelCard:
    """The card in the YAML file `path`. Raises BadCard naming the file and what is wrong."""
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadCard(f"{path.name}: {error}") from error
    return parsed(given, path.name)


def parsed(given: Any, source: str) -> ModelCard:
    """The card in plain data. Raises BadCard naming its `source` and what is wrong."""
    try:
        card = ModelCard.model_validate(given)
    except ValidationError as error:
        raise BadCard(f"{source}: {complaint(error)}") from error
    if card.backend not in backends():
        raise BadCard(f"{source}: {_unknown(card.backend)}")
    return card


def build(card: ModelCard) -> Generator:
    """The model of `card`, not yet asked whether it can serve (`Generator.check` does that).

    Raises BadCard for an unknown backend, an unknown or invalid option. A card marked `outside` gives its backend
    the option `outside`; a backend that never leaves the machine has none, and refuses it.
    """
    if card.backend not in backends():
        raise BadCard(f"{card.name}: {_unknown(card.backend)}")
    options = {**card.options, "outside": True} if card.outside else dict(card.options)
    try:
        generator: Generator = import_module(f"models.backends.{card.backend}").build(options)
    except ValidationError as error:
        raise BadCard(f"{card.name}: {complaint(error)}") from error
    return generator


def complaint(error: ValidationError) -> str:
    """What is wrong in one line: each field with its problem, without the values, which may be secret."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, row['loc'])) or 'card'}: {row['msg']}" for row in problems)


def _unknown(backend: str) -> str:
    return f"unknown backend {backend!r}; known: {', '.join(backends())}"
