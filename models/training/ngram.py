"""Trains the n-gram classifiers: an embedding table with linear heads by Adam, centroid heads by counting; seeded.

Knows nothing of where the examples come from or what their labels mean.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors.numpy import save_file
from torch import Tensor, nn

from models.ngrams import FORMAT, Classifier, Head, Kind, Layout, Rows, features
from models.training.centroids import centroids
from models.training.sources import Example

Examples = Mapping[str, Sequence[Example]]
Tensors = dict[str, NDArray[Any]]


class TrainingOptions(BaseModel):
    """The recipe. `kinds` gives the heads that are not softmax; the rest, but `buckets` and `seed`, concerns the
    linear ones: `dropout` is the share of features left out at every sight of a text, `smoothing` the share of a
    softmax target spread over all labels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    buckets: int = Field(default=2**16, ge=2)
    dimension: int = Field(default=64, ge=1)
    epochs: int = Field(default=30, ge=1)
    batch: int = Field(default=64, ge=1)
    rate: float = Field(default=0.01, gt=0)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    smoothing: float = Field(default=0.05, ge=0, lt=1)
    seed: int = 7
    kinds: dict[str, Kind] = {}


# The recipes of the models that ship, by the name of their folder in models/weights.
RECIPES = {
    "planner": TrainingOptions(epochs=8),
    "keyword": TrainingOptions(kinds={"terms": "centroid"}),
    "article": TrainingOptions(kinds={"articles": "centroid"}),
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
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.tensors, folder / "model.safetensors")
        layout = self.classifier.layout.model_dump()
        (folder / "labels.json").write_text(json.dumps(layout, ensure_ascii=False, indent=1) + "\n", "utf-8")
        (folder / "README.md").write_text(self._card(title, data, scores), "utf-8")

    def _card(self, title: str, data: str, scores: Mapping[str, Mapping[str, float]]) -> str:
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
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Task:
    """One head's data: the rows of every text, and the targets [examples, labels]."""

    head: Head
    rows: list[Rows]
    targets: Tensor


def train(examples_by_head: Examples, options: TrainingOptions | None = None) -> Trained:
    """Train one classifier with a head for each key. The same examples, options and thread count give the same one.

    Raises ValueError for a head without examples, a blank text, or `kinds` of a head that is not there.
    """
    recipe = options or TrainingOptions()
    if unknown := recipe.kinds.keys() - examples_by_head.keys():
        raise ValueError(f"kinds given for heads without examples: {', '.join(sorted(unknown))}")
    tasks = {name: _task(name, rows, recipe) for name, rows in examples_by_head.items()}
    linear = {name: task for name, task in tasks.items() if task.head.kind != "centroid"}
    tensors = _optimise(linear, recipe) if linear else {}
    for name, task in tasks.items():
        if name not in linear:
            counted = centroids(task.rows, task.targets.numpy(), recipe.buckets)
            tensors |= {f"{name}.{part}": tensor for part, tensor in counted.items()}
    layout = Layout(
        format=FORMAT,
        buckets=recipe.buckets,
        dimension=recipe.dimension,
        heads={name: task.head for name, task in tasks.items()},
    )
    counts = {name: len(task.rows) for name, task in tasks.items()}
    return Trained(Classifier(layout, tensors), tensors, recipe, counts)


def _optimise(tasks: Mapping[str, "_Task"], recipe: TrainingOptions) -> Tensors:
    """Train the linear heads together; every batch belongs to one of them."""
    network = _Network(tasks, recipe)
    shuffler = random.Random(recipe.seed)
    optimisers: list[torch.optim.Optimizer] = [
        torch.optim.SparseAdam([network.embedding], lr=recipe.rate),
        torch.optim.Adam(network.heads.parameters(), lr=recipe.rate),
    ]
    batches = [(name, size) for name, task in tasks.items() for size in _sizes(len(task.rows), recipe.batch)]
    steps = recipe.epochs * len(batches)
    schedules = [torch.optim.lr_scheduler.LinearLR(each, 1.0, 0.05, total_iters=steps) for each in optimisers]
    for _ in range(recipe.epochs):
        orders = {name: iter(shuffler.sample(range(len(task.rows)), len(task.rows))) for name, task in tasks.items()}
        shuffler.shuffle(batches)
        for name, size in batches:
            chosen = [next(orders[name]) for _ in range(size)]
            for optimiser in optimisers:
                optimiser.zero_grad()
            network.loss(name, chosen).backward()  # type: ignore[no-untyped-call]
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                schedule.step()
    return network.tensors()


def evaluate(
    examples_by_head: Examples, options: TrainingOptions | None = None, folds: int = 5
) -> dict[str, dict[str, float]]:
    """Cross-validated scores of each head: `top1` (the best label is one of the example's), `recall5`, `recall10`.

    Recall counts labels that occur in the training part, since no other could be found; `known` is the share of
    labels that do. Raises ValueError for fewer than two folds, or fewer examples than folds.
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
        classifier = train(kept, recipe).classifier
        for name, rows in shuffled.items():
            totals[name].append(_score(classifier, name, rows[fold::folds]))
    return {
        name: {measure: sum(row[measure] for row in rows) / folds for measure in rows[0]}
        for name, rows in totals.items()
    }


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


def _task(name: str, examples: Sequence[Example], recipe: TrainingOptions) -> _Task:
    if not examples:
        raise ValueError(f"the head {name} has no examples")
    labels = sorted({label for example in examples for label in example.labels})
    index = {label: position for position, label in enumerate(labels)}
    targets = torch.zeros(len(examples), len(labels))
    rows = []
    for position, example in enumerate(examples):
        rows.append(features(example.text, recipe.buckets))
        if not rows[-1].size:
            raise ValueError(f"the head {name} has an example without text: {example.text!r}")
        for label, weight in example.labels.items():
            targets[position, index[label]] = weight
    kind = recipe.kinds.get(name, "softmax")
    if kind == "softmax":
        targets /= targets.sum(dim=1, keepdim=True)
        targets = targets * (1 - recipe.smoothing) + recipe.smoothing / len(labels)
    return _Task(Head(kind=kind, labels=tuple(labels)), rows, targets)


def _sizes(count: int, batch: int) -> list[int]:
    """How many examples each batch of an epoch has: `batch`, and what is left."""
    return [min(batch, count - start) for start in range(0, count, batch)]


class _Network(nn.Module):
    """The table and the heads while they are trained."""

    def __init__(self, tasks: Mapping[str, _Task], recipe: TrainingOptions) -> None:
        super().__init__()
        self._tasks = tasks
        self._dropout = recipe.dropout
        self._generator = torch.Generator().manual_seed(recipe.seed)
        # Rows that no text touches must stay zero: inference leaves zero rows out.
        self.embedding = nn.Parameter(torch.zeros(recipe.buckets, recipe.dimension))
        self.heads = nn.ModuleDict()
        for name, task in tasks.items():
            layer = nn.Linear(recipe.dimension, len(task.head.labels))
            nn.init.normal_(layer.weight, std=recipe.dimension**-0.5, generator=self._generator)
            nn.init.zeros_(layer.bias)
            self.heads[name] = layer

    def loss(self, name: str, chosen: Sequence[int]) -> Tensor:
        """The loss of the head `name` on the examples at these positions."""
        task = self._tasks[name]
        bags = [self._thinned(task.rows[position]) for position in chosen]
        offsets = np.cumsum([0, *(len(bag) for bag in bags[:-1])])
        vectors = nn.functional.embedding_bag(
            torch.from_numpy(np.concatenate(bags)), self.embedding, torch.from_numpy(offsets), mode="mean", sparse=True
        )
        logits = self.heads[name](vectors)
        targets = task.targets[list(chosen)]
        if task.head.kind == "softmax":
            return nn.functional.cross_entropy(logits, targets)
        # Summed over the labels: a mean over thousands of them, nearly all absent, would teach nothing.
        return nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(chosen)

    def _thinned(self, rows: Rows) -> Rows:
        kept = rows[(torch.rand(len(rows), generator=self._generator) >= self._dropout).numpy()]
        return kept if kept.size else rows

    def tensors(self) -> Tensors:
        """What is saved, in half precision."""
        found = {"embedding": self.embedding}
        for name, layer in self.heads.items():
            found |= {f"{name}.{part}": parameter for part, parameter in layer.named_parameters()}
        return {name: tensor.detach().half().numpy() for name, tensor in found.items()}
