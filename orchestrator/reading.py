"""How sure it is that a story tells a fact: patterns and examples propose what was told, learned trees judge it.

A pattern knows words, not whose they are or what they are about: of all that patterns read in the examples, a fifth is
not told (`lexhub train reading`). What the examples know of an element, how often its patterns were right in them, and
whether the matter is one in which the fact has a place at all, tell most of these apart. LightGBM; pure, no search.
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from orchestrator import facts, recognition
from orchestrator.contracts import AND, Fact
from orchestrator.domains.pack import Cause
from orchestrator.recognition import Spoken
from orchestrator.wording import plain
from retrievers.trees import lightgbm

TREES = Path(__file__).parent / "reading.txt"
COUNTS = TREES.with_suffix(".json")
FEATURES = (
    "right", "seen", "right_any", "seen_any", "said", "says", "rival", "told", "likely", "first", "asks", "conditioned",
    "patterns", "rivals", "length", "place", "story", "overlap", "choices", "quantity",
)  # fmt: skip
FEW = 3  # readings; of fewer, how often all others were right says more
# The probabilities from which on what a pattern read is taken for told, and what only the examples propose. Patterns
# were written with most examples in view and are less often right elsewhere: chosen on 1,600 unread by their writers.
# With them four in five readings that count are told, of choices and of quantities alike.
BELIEVED, QUANTITY, FURTHER = 0.65, 0.5, 0.8
PROPOSED = 0.05  # the score of the likeliest choice from which on the examples propose it


class Counts(BaseModel):
    """How often what the patterns read in the examples was told: `[right, read]` by field, element and value.

    Quantities stand under the value "". `about` says what was counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    counts: dict[str, dict[str, dict[str, tuple[int, int]]]]

    def field(self, name: str) -> "Right":
        """The counts of one field, and of all."""
        every = [pair for elements in self.counts.values() for values in elements.values() for pair in values.values()]
        right, read = sum(right for right, _ in every), sum(read for _, read in every)
        return Right(self.counts.get(name, {}), (right + 1) / (read + 2))


@dataclass(frozen=True)
class Right:
    """How often readings of a field's elements were right; `all_`: the share of all fields."""

    counts: Mapping[str, Mapping[str, tuple[int, int]]]
    all_: float

    def shares(self, element: str, value: str) -> tuple[float, int, float, int]:
        """Of this value, then of any of the element: the share that was right, smoothed, and how many there were."""
        values = self.counts.get(element, {})
        right_any, seen_any = (sum(pair[at] for pair in values.values()) for at in (0, 1))
        any_ = (right_any + FEW * self.all_) / (seen_any + FEW)
        right, seen = values.get(value, (0, 0))
        return (right + FEW * any_) / (seen + FEW), seen, any_, seen_any


class Reading:
    """What one story tells, of a matter with these causes. `chances`: how likely each cause of the field is
    (recognition.py).
    """

    def __init__(self, causes: Sequence[Cause], story: Spoken, chances: Mapping[str, float]) -> None:
        pack, like = story.pack, story.like
        self._field, self._causes, self._like = pack.name, causes, like
        self._text = facts.stated(plain(story.text))
        self._grams = _pairs(self._text)
        self._has, self._told = defaultdict[str, float](float), defaultdict[str, float](float)
        for cause in pack.causes:
            chance = chances.get(cause.id, 0.0)
            for id in cause.elements:
                self._has[id] += chance
            for id, rate in like.told.get(cause.id, {}).items():
                self._told[id] += chance * rate
        self._elements = {element.id: element for element in pack.elements}
        self._conditioned = {
            condition.element for cause in causes for finding in cause.findings for condition in finding.when
        }

    def features(self, id: str, value: str, right: Right | None = None) -> tuple[float, ...]:
        """The values of FEATURES for the reading that the element has this value ("" for a quantity).

        right, right_any: how often this value, and any of the element, was right where patterns read it in the
        examples, seen, seen_any: how often they did; said, says: how sure a clause tells the element, and this value;
        rival: the same of the surest other value; told: in which share of the examples of the likely causes the element
        is told; likely: how likely those causes are that have it; first, asks, conditioned: whether the first cause has
        it, a recognised one asks for it, a finding of one hangs on it; patterns, rivals: how often patterns of the
        value match, and of how many others; length, place: of the last match, characters, and where in the story;
        overlap: how much of the question, label and value stands in the story.
        """
        element = self._elements[id]
        share, seen, any_, seen_any = (right or _right(self._field)).shares(id, value)
        values = self._like.values.get(id, {})
        matches = facts.spans(element, self._text)
        own = matches.get(value, [])
        last = max(own, key=lambda span: span[1], default=None)
        grams = _pairs(element.question + element.label + value)
        return (
            share,
            math.log1p(seen),
            any_,
            math.log1p(seen_any),
            self._like.said.get(id, 0.0),
            values.get(value, 0.0),
            max((score for other, score in values.items() if other != value), default=0.0),
            self._told[id],
            self._has[id],
            float(bool(self._causes) and id in self._causes[0].elements),
            float(any(id in cause.asks for cause in self._causes)),
            float(id in self._conditioned),
            float(len(own)),
            float(len(matches.keys() - {value})),
            float(last[1] - last[0]) if last else 0.0,
            last[1] / len(self._text) if last else -1.0,
            float(len(self._text)),
            len(grams & self._grams) / (len(grams) or 1),
            float(len(element.choices)),
            float(element.kind != "choice"),
        )

    def believed(self, read: Mapping[str, Fact]) -> dict[str, Fact]:
        """The facts without those that patterns read in the story though they are likely not told.

        Of several values of a fact each is judged for itself. Replies stand, and what the client does not know.
        """
        own = {id for cause in self._causes for id in cause.elements}
        doubted = {id: fact for id, fact in read.items() if id in own and fact.source == "story" and not fact.unclear}
        rows = [(id, value) for id, fact in doubted.items() for value in counted(fact)]
        chances = _judged([self.features(id, value) for id, value in rows])
        out = {row for row, chance in zip(rows, chances, strict=True) if chance < (BELIEVED if row[1] else QUANTITY)}
        kept: dict[str, Fact] = {}
        for id, fact in read.items():
            if id not in doubted:
                kept[id] = fact
                continue
            values = [value for value in counted(fact) if (id, value) not in out]
            if len(values) == len(counted(fact)):
                kept[id] = fact
            elif values:
                kept[id] = fact.model_copy(update={"value": AND.join(values)})
        return kept

    def further(self, known: Collection[str]) -> dict[str, Fact]:
        """What the examples know to be told, of the elements not known, though no pattern reads it."""
        rows = self.proposed(known)
        chances = _judged([self.features(id, value) for id, value in rows])
        return {
            id: Fact(id=id, label=self._elements[id].label, value=value, source="story")
            for (id, value), chance in zip(rows, chances, strict=True)
            if chance >= FURTHER
        }

    def proposed(self, known: Collection[str]) -> list[tuple[str, str]]:
        """Of each choice element of the causes that is not known, the likeliest value by the examples, if one is."""
        ids = dict.fromkeys(id for cause in self._causes for id in cause.elements if id not in known)
        rows = []
        for id in ids:
            allowed = {choice.value for choice in self._elements[id].choices}
            scores = {value: score for value, score in self._like.values.get(id, {}).items() if value in allowed}
            if scores and max(scores.values()) >= PROPOSED:
                rows.append((id, max(scores, key=lambda value: scores[value])))
        return rows


def reading(causes: Sequence[Cause], story: Spoken, unasked: Spoken, votes: Mapping[str, float]) -> Reading:
    """What the story tells, of a matter with these causes; `unasked`: what of it was told unasked, `votes` as in
    `recognition.Recognised`.
    """
    return Reading(causes, story, recognition.probabilities(unasked, votes))


def counted(fact: Fact) -> tuple[str, ...]:
    """The values under which a fact is counted: its choices; "" for a quantity."""
    quantity = fact.number is not None or fact.iso is not None or fact.low is not None
    return ("",) if quantity else fact.values


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _judged(rows: Sequence[tuple[float, ...]]) -> Iterable[float]:
    if not rows:
        return []
    values: NDArray[np.float64] = _trees().predict(np.array(rows, np.float64), num_threads=1)
    return map(float, values)


@cache
def _trees() -> Any:
    return lightgbm().Booster(model_file=str(TREES))


@cache
def _right(field: str) -> Right:
    return Counts.model_validate(json.loads(COUNTS.read_text("utf-8"))).field(field)
