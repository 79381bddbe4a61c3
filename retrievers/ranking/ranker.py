"""The trained ranker: features to scores. A linear model and gradient-boosted trees, averaged, then calibrated.

Trees by LightGBM's LambdaMART (Burges 2010, From RankNet to LambdaRank to LambdaMART). Knows features, not articles.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.special import expit

from retrievers.contracts import CorruptIndex
from retrievers.ranking.features import FEATURES
from retrievers.trees import lightgbm

Floats = NDArray[np.float32]


class Linear(BaseModel):
    """Standardisation and weights by feature, and the calibration of the averaged score.

    `spread_linear`, `spread_trees`: what the two scores are divided by before they are averaged. `slope`, `offset`: the
    logistic curve from the averaged score to the probability that an article governs the question (Platt 1999).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    weight: tuple[float, ...]
    spread_linear: float = Field(default=1.0, gt=0)
    spread_trees: float = Field(default=1.0, gt=0)
    slope: float = 1.0
    offset: float = 0.0

    def scores(self, features: Floats) -> NDArray[np.float64]:
        """[candidates, features] → [candidates]."""
        standard = (features - np.array(self.mean)) / np.array(self.deviation)
        return np.asarray(standard @ np.array(self.weight))


@dataclass(frozen=True)
class Ranker:
    """Safe for concurrent use."""

    linear: Linear
    trees: Any

    def scores(self, features: Floats) -> Floats:
        """[candidates, FEATURES] → [candidates]: the probability of each to govern the question."""
        averaged = self.averaged(features)
        return np.asarray(expit(self.linear.slope * averaged + self.linear.offset), np.float32)

    def averaged(self, features: Floats) -> NDArray[np.float64]:
        """The two scores, centred among the candidates and averaged: [candidates]."""
        if not len(features):
            return np.zeros(0)
        linear = self.linear.scores(features)
        trees = self.trees.predict(features, num_threads=1)
        return np.asarray(
            (linear - linear.mean()) / self.linear.spread_linear + (trees - trees.mean()) / self.linear.spread_trees
        )

    def save(self, folder: Path) -> None:
        """Write linear.json and trees.txt into `folder`."""
        (folder / "linear.json").write_text(self.linear.model_dump_json(indent=1) + "\n", "utf-8")
        (folder / "trees.txt").write_text(self.trees.model_to_string(), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Ranker":
        """The ranker saved in `folder`. Raises CorruptIndex naming what is missing or of another version."""
        library = lightgbm()
        try:
            linear = Linear.model_validate(json.loads((folder / "linear.json").read_text("utf-8")))
            trees = library.Booster(model_str=(folder / "trees.txt").read_text("utf-8"))
        except (OSError, ValueError, ValidationError, library.basic.LightGBMError) as error:
            raise CorruptIndex(f"{folder}: the ranker cannot be read: {error}; `lexhub train ranker`") from error
        if linear.features != FEATURES:
            raise CorruptIndex(f"{folder}: the ranker was trained on other features; `lexhub train ranker`")
        return cls(linear, trees)
