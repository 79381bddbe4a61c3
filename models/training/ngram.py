"""Trains the n-gram classifiers: ridge heads by least squares, centroid heads by counting; seeded.

Knows nothing of where the examples come from or what their labels mean.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy import sparse

from models.ngrams import FORMAT, Classifier, Head, Kind, Layout, features
from models.training import shipping
from models.training.centroids import centroids
from models.training.ridge import calibrated, ridge
from models.training.sources import Example

Examples = Mapping[str, Sequence[Example]]
Tensors = dict[str, NDArray[Any]]


class TrainingOptions(BaseModel):
    """The recipe. `kinds` gives the heads that are not ridge; `penalty` is that of the ridge heads; `kept`: of how many
    features, the strongest, the centroids of a head are made (all where it is not named).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    buckets: int = Field(default=2**16, ge=2)
    penalty: float = Field(default=1.0, gt=0)
    seed: int = 7
    kinds: dict[str, Kind] = Field(default_factory=dict)
    kept: dict[str, int] = Field(default_factory=dict)


# The recipes of the models that ship, by the name of their folder in models/weights.
RECIPES = {
    "planner": TrainingOptions(),
    # Of stories a tenth of the features finds as much as all.
    "article": TrainingOptions(kinds={"articles": "centroid", "stories": "centroid"}, kept={"stories": 400}),
}


@dataclass(frozen=True, slots=True)
class Trained:
    """A classifier with the recipe and the amount of data it was made of."""

    classifier: Classifier
    tensors: Tensors
    options: TrainingOptions
    counts: dict[str, int]

    def save(self, folder: Path, title: str, data: str, scores: Mapping[str, Mapping[str, float]]) -> None:
        """Write model.safetensors, labels.json and the model card README.md into `folder`, which is made if needed.

        `data` is a paragraph on where the examples come from, `scores` what `evaluate` returned.
        """
        shipping.write(folder, self.tensors, self._card(title, data, scores), self.classifier.layout.model_dump())

    def _card(self, title: str, data: str, scores: Mapping[str, Mapping[str, float]]) -> list[str]:
        lines = [
            f"# {title}",
            "",
            "A classifier over hashed character 1- to 4-grams: no torch at inference, no text is stored.",
            "",
            "## Data",
            "",
            data.strip(),
            "",
            "| head | kind | labels | examples |",
            "|---|---|---|---|",
        ]
        for name, head in self.classifier.layout.heads.items():
            lines.append(f"| {name} | {head.kind} | {len(head.labels)} | {self.counts[name]} |")
        lines += ["", "## Recipe", "", "| option | value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in self.options.model_dump().items()]
        lines += ["", "## Scores", "", "Means over cross-validation folds, on texts not trained on.", ""]
        lines += ["| head | measure | value |", "|---|---|---|"]
        lines += [f"| {head} | {name} | {value:.3f} |" for head, row in scores.items() for name, value in row.items()]
        lines += ["", "## Limits", "", "It recognises wording it has seen the like of, and understands nothing.", ""]
        return lines


def train(examples_by_head: Examples, options: TrainingOptions | None = None, calibrate: bool = True) -> Trained:
    """Train one classifier with a head for each key. The same examples, options and thread count give the same one.

    Without `calibrate` the order of the labels is right and their probabilities are not: that is three times as fast.

    Raises ValueError for a head without examples, a blank text, or `kinds` or `kept` of a head that is not there.
    """
    recipe = options or TrainingOptions()
    if unknown := (recipe.kinds.keys() | recipe.kept.keys()) - examples_by_head.keys():
        raise ValueError(f"kinds or features given for heads without examples: {', '.join(sorted(unknown))}")
    heads: dict[str, Head] = {}
    tensors: Tensors = {}
    for name, examples in examples_by_head.items():
        # Calibration leaves examples out in turn, so that files sorted by label must be mixed first.
        mixed = random.Random(recipe.seed).sample(list(examples), len(examples))
        heads[name], found = _head(name, mixed, recipe, calibrate)
        tensors |= {f"{name}.{part}": tensor for part, tensor in found.items()}
    layout = Layout(format=FORMAT, buckets=recipe.buckets, heads=heads)
    counts = {name: len(examples) for name, examples in examples_by_head.items()}
    return Trained(Classifier(layout, tensors), tensors, recipe, counts)


def evaluate(
    examples_by_head: Examples, options: TrainingOptions | None = None, folds: int = 5, others: Examples | None = None
) -> dict[str, dict[str, float]]:
    """Cross-validated scores of each head: `top1` (the best label is one of the example's), `recall5`, `recall10`.

    `others` are learned from in every fold and never judged. Recall counts labels that occur in the training part,
    since no other could be found; `known` is the share of labels that do. Raises ValueError for fewer than two folds,
    or fewer examples than folds.
    """
    recipe = options or TrainingOptions()
    if folds < 2 or any(len(rows) < folds for rows in examples_by_head.values()):
        raise ValueError(f"{folds} folds need at least two, and as many examples for every head")
    shuffler = random.Random(recipe.seed)
    shuffled = {name: shuffler.sample(list(rows), len(rows)) for name, rows in examples_by_head.items()}
    totals: dict[str, list[dict[str, float]]] = {name: [] for name in shuffled}
    for fold in range(folds):
        kept = {
            name: [row for index, row in enumerate(rows) if index % folds != fold] for name, rows in shuffled.items()
        }
        classifier = train(joined(kept, others or {}), recipe, calibrate=False).classifier
        for name, rows in shuffled.items():
            totals[name].append(_score(classifier, name, rows[fold::folds]))
    return {
        name: {measure: sum(row[measure] for row in rows) / folds for measure in rows[0]}
        for name, rows in totals.items()
    }


def joined(examples_by_head: Examples, others: Examples) -> dict[str, list[Example]]:
    """The examples with the `others` for their heads."""
    return {name: [*rows, *others.get(name, ())] for name, rows in examples_by_head.items()}


def _score(classifier: Classifier, head: str, examples: Sequence[Example]) -> dict[str, float]:
    labels = frozenset(classifier.layout.heads[head].labels)
    top1 = found5 = found10 = possible = total = 0
    for example in examples:
        wanted = labels & example.labels.keys()
        best = [label for label, _ in classifier.ranked(head, [example.text])[:10]]
        top1 += best[0] in wanted
        found5 += len(wanted.intersection(best[:5]))
        found10 += len(wanted.intersection(best))
        possible += len(wanted)
        total += len(example.labels)
    return {
        "top1": top1 / len(examples),
        "recall5": found5 / max(possible, 1),
        "recall10": found10 / max(possible, 1),
        "known": possible / total,
    }


def _head(name: str, examples: Sequence[Example], recipe: TrainingOptions, calibrate: bool) -> tuple[Head, Tensors]:
    """The head trained on these examples, and its tensors."""
    if not examples:
        raise ValueError(f"the head {name} has no examples")
    labels = sorted({label for example in examples for label in example.labels})
    index = {label: position for position, label in enumerate(labels)}
    rows = []
    for example in examples:
        rows.append(features(example.text, recipe.buckets))
        if not rows[-1].size:
            raise ValueError(f"the head {name} has an example without text: {example.text!r}")
    given = [
        (position, index[label], weight)
        for position, example in enumerate(examples)
        for label, weight in example.labels.items()
    ]
    places, columns, weights = zip(*given, strict=True)
    wanted = sparse.csc_matrix((np.array(weights, np.float32), (places, columns)), (len(examples), len(labels)))
    kind = recipe.kinds.get(name, "ridge")
    if kind == "centroid":
        return Head(kind=kind, labels=tuple(labels)), centroids(rows, wanted, recipe.buckets, recipe.kept.get(name))
    targets = wanted.toarray()
    targets /= targets.sum(axis=1, keepdims=True)
    counts = np.array([example.weight for example in examples], np.float32)
    scale = calibrated(rows, targets, recipe.buckets, recipe.penalty, counts) if calibrate else 1.0
    head = Head(kind=kind, labels=tuple(labels), scale=scale)
    return head, ridge(rows, targets, recipe.buckets, recipe.penalty, counts)
