"""`lexhub eval planner`: how often the whole decision, model and rules together, takes the right route and field."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import jsonl

if TYPE_CHECKING:
    from models.contracts import Generator
    from models.training.sources import Trial
    from orchestrator.services import Services

console = Console(highlight=False)
FOLDS = 4
SHOWN = 4  # confusions of a label
NO_FIELD = ("smalltalk", "out_of_scope")  # of such utterances the field is not judged
Judged = tuple["Trial", str, str]  # with the route and the field that were taken


def planner(
    folds: Annotated[int, typer.Option(min=0, help="交叉验证的折数;0 只测留出的难句")] = FOLDS,
    lawbench: Annotated[Path | None, typer.Option(help="LawBench 文件夹(2-4)")] = None,
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """路线与领域的准确率:自写语料(交叉验证,近似句不分开)、难句、LawBench 2-4。"""
    from deploy import local, settings
    from models.training import sources

    services = local.services(settings.load(profile))
    if folds:
        _told("utterances, cross-validated", _cross_validated(services, folds))
    _told("hard utterances", asyncio.run(_judged(services, sources.trials())))
    if lawbench is not None:
        asyncio.run(_lawbench(services, lawbench / "2-4.jsonl"))


async def _judged(services: "Services", trials: "Sequence[Trial]") -> list[Judged]:
    from orchestrator import routing

    found: list[Judged] = []
    for trial in trials:
        made = await routing.route(services, trial.text, list(trial.earlier), "professional")
        found.append((trial, made.route, made.domain))
    return found


def _cross_validated(services: "Services", count: int) -> list[Judged]:
    """Each utterance by a planner that learned from the other folds."""
    from deploy import curriculum
    from models.backends.ngram import NgramModel, Options
    from models.training import folds, ngram
    from models.training.sources import Trial

    said, others = curriculum.planner()
    fields = {example.text: next(iter(example.labels)) for example in said["field"]}
    fold = dict(
        zip(
            texts := [example.text for example in said["route"]],
            folds.grouped(texts, count, ngram.RECIPES["planner"].seed).tolist(),
            strict=True,
        )
    )
    found: list[Judged] = []
    for out in range(count):
        kept = {name: [row for row in rows if fold[row.text] != out] for name, rows in said.items()}
        classifier = ngram.train(ngram.joined(kept, others), ngram.RECIPES["planner"]).classifier
        model = NgramModel(Options(task="plan", weights="planner"), classifier)
        trials = [
            Trial(
                kind="",
                routes=frozenset(row.labels),
                fields=frozenset(() if set(row.labels) & set(NO_FIELD) else {fields.get(row.text, "")} - {""}),
                text=row.text,
            )
            for row in said["route"]
            if fold[row.text] == out
        ]
        found += asyncio.run(_judged(replace(services, models=_Pool(services.models, model)), trials))
        console.print(f"{out + 1}/{count}")
    return found


class _Pool:
    """The models of another pool, but one planner."""

    def __init__(self, pool: Any, planner: "Generator") -> None:
        self._pool, self._planner, self.watch = pool, planner, pool.watch

    def cards(self) -> Any:
        return self._pool.cards()

    def load(self, name: str) -> Any:
        return self._pool.load(name)

    def generator(self, name: str) -> "Generator":
        card = next(card for card in self._pool.cards() if card.name == name)
        return self._planner if "plan" in card.abilities else self._pool.generator(name)


def _told(title: str, judged: Sequence[Judged], asked: Sequence[str] = ("route", "field")) -> None:
    """Print the shares and, of each thing asked, what it was taken for."""
    table = Table(title, *asked)
    kinds = sorted({trial.kind for trial, _, _ in judged} - {""})
    groups = {"all": judged, **{kind: [row for row in judged if row[0].kind == kind] for kind in kinds}}
    for name, rows in groups.items():
        table.add_row(name, *(_share(_right(rows, what)) for what in asked))
    console.print(table)
    for name in asked:
        at, wanted = (1, "routes") if name == "route" else (2, "fields")
        table = Table(f"{name}: right of", "", "taken for")
        missed: Counter[tuple[str, str]] = Counter()
        rows_of: dict[str, list[bool]] = {}
        for row in judged:
            labels: frozenset[str] = getattr(row[0], wanted)
            if len(labels) == 1:
                [label] = labels
                rows_of.setdefault(label, []).append(row[at] == label)
                missed[label, str(row[at])] += row[at] != label
        for label, right in sorted(rows_of.items()):
            others = [f"{taken} {count}" for (is_, taken), count in missed.most_common() if is_ == label and count]
            table.add_row(f"{label} ({len(right)})", f"{sum(right) / len(right):.3f}", "、".join(others[:SHOWN]))
        console.print(table)


def _right(rows: Sequence[Judged], what: str) -> list[bool]:
    if what == "route":
        return [route in trial.routes for trial, route, _ in rows]
    return [field in trial.fields for trial, _, field in rows if trial.fields]


def _share(right: Sequence[bool]) -> str:
    """The share with its 95 % interval (Wilson)."""
    if not right:
        return ""
    count, share, z = len(right), sum(right) / len(right), 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    return f"{share:.3f} [{middle - half:.3f}, {middle + half:.3f}] of {count}"


async def _lawbench(services: "Services", path: Path) -> None:
    """Task 2-4: which of the benchmark's categories a consultation belongs to."""
    import yaml

    from models.training.sources import HELD_OUT, Trial

    table = yaml.safe_load((HELD_OUT / "lawbench_2_4.yaml").read_text("utf-8"))
    rows = list(jsonl.rows(path, "question", "answer"))
    trials = [Trial("", frozenset(), frozenset({row["answer"]}), row["question"]) for row in rows]
    judged = [(trial, "", _category(table, trial.text, field)) for trial, _, field in await _judged(services, trials)]
    _told("LawBench 2-4", judged, ("field",))


def _category(table: Mapping[str, Mapping[str, str]], text: str, field: str) -> str:
    return next((name for name, words in table["words"].items() if re.search(words, text)), table["fields"][field])
