"""Weights of a linear model over named features, as a file that people can read."""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Weights(BaseModel):
    """For each feature its weight; `about` says what they were learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    weights: dict[str, float]


@cache
def read(path: Path) -> dict[str, float]:
    """The weights in the file. Raises OSError, pydantic's ValidationError."""
    return Weights.model_validate(json.loads(path.read_text("utf-8"))).weights
