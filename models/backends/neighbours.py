"""The embedded keyword model: the legal terms of the questions that are most like the story.

Needs no GPU, no torch and no download. Knows nothing of what its terms mean: they come from the examples.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.embedders.static import StaticEncoder
from models.neighbours import Neighbours
from models.replies import Reply, Replying

WEIGHTS = Path(__file__).parent.parent / "weights"


class Options(BaseModel):
    """`weights`: a folder of models/weights, or a path. `top`: how many terms at most. `least`: the lowest weight that
    is still given, where the best has 1. `literal`: the least weight of a foremost term that stands in the text itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: str = Field(min_length=1)
    top: int = Field(default=12, ge=1, le=32)
    least: float = Field(default=0.1, ge=0.001, le=1)
    literal: float = Field(default=0.6, gt=0, le=1)


def build(options: dict[str, Any]) -> "NeighbourModel":
    """The model; its weights are read at the first use. Raises pydantic's ValidationError for bad options."""
    return NeighbourModel(Options.model_validate(options))


class NeighbourModel(Replying):
    """A Generator of weighted legal terms."""

    def __init__(self, options: Options, neighbours: Neighbours | None = None) -> None:
        """`neighbours` in place of the weights that the options name: training tries models that are not saved."""
        self._options = options
        self._given = neighbours

    async def check(self) -> None:
        """Load the weights. Raises ModelUnavailable when they are missing or were made with another encoder."""
        self._neighbours  # noqa: B018 - reading the property loads

    def answer(self, texts: tuple[str, ...]) -> Reply:
        """Of the last message."""
        text = texts[-1]
        votes = self._neighbours.votes(text)
        weights = {term: round(voice / votes[0][1], 4) for term, voice in votes}
        for term in self._standing(text):
            weights[term] = max(weights.get(term, 0.0), self._options.literal)
        best = sorted(weights.items(), key=lambda row: -row[1])[: self._options.top]
        return {
            "keywords": [{"term": term, "weight": weight} for term, weight in best if weight >= self._options.least]
        }

    @cached_property
    def _neighbours(self) -> Neighbours:
        return self._given or Neighbours.load(WEIGHTS / self._options.weights, StaticEncoder())

    @cached_property
    def _vocabulary(self) -> dict[str, None]:
        return dict.fromkeys(self._neighbours.foremost)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._vocabulary), default=0)

    def _standing(self, text: str) -> list[str]:
        """The terms that stand in the text."""
        ends = ((start, end) for start in range(len(text)) for end in range(start + 2, start + self._longest + 1))
        parts = dict.fromkeys(text[start:end] for start, end in ends)
        return [part for part in parts if part in self._vocabulary]
