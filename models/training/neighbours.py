"""Makes the examples of `models.neighbours` from texts with labels, and judges them by cross-validation."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.embedders.static import StaticEncoder
from models.neighbours import NEAREST, POWER, Layout, Neighbours
from models.training import shipping
from models.training.sources import Example

SEED = 7


def train(examples: Sequence[Example], encoder: StaticEncoder) -> Neighbours:
    """Of these examples. Raises ValueError when there are none."""
    if not examples:
        raise ValueError("there are no examples")
    labels = sorted({label for example in examples for label in example.labels})
    numbers = {label: number for number, label in enumerate(labels)}
    return Neighbours(
        encoder,
        labels,
        encoder.encode([example.text for example in examples]),
        np.cumsum([0, *(len(example.labels) for example in examples)]),
        np.array([numbers[label] for example in examples for label in example.labels], np.int64),
        np.array([weight for example in examples for weight in example.labels.values()], np.float32),
    )


def evaluate(
    judged: Sequence[Example], others: Sequence[Example], encoder: StaticEncoder, folds: int = 5
) -> dict[str, float]:
    """Of the `judged` in folds, by the rest and all `others`: `top1` (the best label is one of the example's),
    `recall5` and `recall10`, over all labels of the example. Raises ValueError for fewer examples than folds.
    """
    if not 2 <= folds <= len(judged):
        raise ValueError(f"{folds} folds need at least two, and as many examples")
    shuffled = random.Random(SEED).sample(list(judged), len(judged))
    sums = {"top1": 0.0, "recall5": 0.0, "recall10": 0.0}
    for fold in range(folds):
        kept = [example for at, example in enumerate(shuffled) if at % folds != fold]
        trained = train([*kept, *others], encoder)
        for example in shuffled[fold::folds]:
            best = [label for label, _ in trained.votes(example.text)[:10]]
            sums["top1"] += bool(best) and best[0] in example.labels
            sums["recall5"] += len(example.labels.keys() & set(best[:5])) / len(example.labels)
            sums["recall10"] += len(example.labels.keys() & set(best)) / len(example.labels)
    return {name: value / len(judged) for name, value in sums.items()}


def save(
    trained: Neighbours, folder: Path, title: str, data: str, counts: Mapping[str, int], scores: Mapping[str, float]
) -> None:
    """Write model.safetensors, labels.json and the model card README.md into `folder`, which is made if needed.

    `data` is a paragraph on where the examples come from, `counts` how many there are of each kind.
    """
    lines = [
        f"# {title}",
        "",
        f"The {NEAREST} examples nearest by the encoder's vectors vote with power {POWER} of the cosine.",
        "",
        "## Data",
        "",
        data.strip(),
        "",
        "| kind | examples |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in counts.items()),
        f"| labels | {len(trained.labels)} |",
        "",
        "## Scores",
        "",
        "Means over cross-validation folds, on questions not learned.",
        "",
        "| measure | value |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in scores.items()),
        "",
        "## Limits",
        "",
        "It knows the terms of what it has seen the like of, and understands nothing.",
        "",
    ]
    layout = Layout(encoder=trained.encoder.digest, labels=trained.labels)
    shipping.write(folder, trained.tensors(), lines, layout.model_dump())
