"""Reads training examples from files: our utterances (TSV) and anyone's JSONL.

Knows nothing of retrievers: examples made of the embedded digests are handed in by whoever calls the training.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UTTERANCES = Path(__file__).parent / "utterances"
KEYWORDS = Path(__file__).parent / "keywords"
HELD_OUT = Path(__file__).parent / "held_out"


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what it should be recognised as; the weights of labels are positive and relative to each other.

    `weight`: what the example counts against others, where the training asks for it (ridge heads).
    """

    text: str
    labels: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Trial:
    """An utterance that nothing learns from. Any of `routes` is right, any of `fields`; no fields: not judged.

    `kind` says what makes it hard, `earlier` are the messages before it, oldest first.
    """

    kind: str
    routes: frozenset[str]
    fields: frozenset[str]
    text: str
    earlier: tuple[str, ...] = ()


def trials(path: Path = HELD_OUT / "planner.tsv") -> list[Trial]:
    """The hard utterances, of every `kind<TAB>routes<TAB>fields<TAB>text<TAB>earlier…` line; several labels with |.

    Raises ValueError naming file and line for a line of another form.
    """
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, *rest = line.split("\t")
        if len(rest) < 3 or not rest[0] or not rest[2]:
            raise ValueError(f"{path.name}:{number}: not kind<TAB>routes<TAB>fields<TAB>text: {line!r}")
        routes, fields = (frozenset(part for part in labels.split("|") if part) for labels in rest[:2])
        found.append(Trial(kind, routes, fields, rest[2], tuple(rest[3:])))
    return found


def utterances(folder: Path = UTTERANCES) -> dict[str, list[Example]]:
    """The planner's examples, heads `route` and `field`, of every `route<TAB>field<TAB>text` line in *.tsv files.

    The field may be empty. Empty lines and lines that begin with # are skipped; a text that repeats is kept once.
    Raises ValueError naming file and line for a line of another form, or one text with two routes or two fields.
    """
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            columns = [column.strip() for column in line.split("\t")]
            if len(columns) != 3 or not columns[0] or not columns[2]:
                raise ValueError(f"{path.name}:{number}: not route<TAB>field<TAB>text: {line!r}")
            route, field, text = columns
            if seen.setdefault(text, (route, field)) != (route, field):
                raise ValueError(f"{path.name}:{number}: {text!r} already has the labels {seen[text]}")
    return {
        "route": [Example(text, {route: 1.0}) for text, (route, _) in seen.items()],
        "field": [Example(text, {field: 1.0}) for text, (_, field) in seen.items() if field],
    }


def keywords(folder: Path = KEYWORDS) -> list[Example]:
    """The keyword model's examples, of every `text<TAB>term、term、…` line in *.tsv files; the terms count alike.

    Empty lines and lines that begin with # are skipped. Raises ValueError naming file and line for a line of another
    form, a text that repeats, or a term that is not 2 to 12 characters long.
    """
    seen: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            text, _, told = (part.strip() for part in line.partition("\t"))
            terms = told.split("、") if told else []
            if not text or text in seen or not terms or any(not 2 <= len(term) <= 12 for term in terms):
                raise ValueError(f"{path.name}:{number}: not a new text<TAB>term、term: {line!r}")
            seen[text] = dict.fromkeys(terms, 1.0)
    return [Example(text, terms) for text, terms in seen.items()]


def keyword_texts(folder: Path = KEYWORDS) -> dict[str, list[str]]:
    """The texts of the keyword model's examples by the name of their file (labour for labour.tsv), in order."""
    return {
        path.stem: [
            line.partition("\t")[0].strip()
            for line in path.read_text("utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]
        for path in sorted(folder.glob("*.tsv"))
    }


def jsonl(path: Path) -> list[Example]:
    """The examples of a file of `{"text": …, "labels": {label: weight}}` lines.

    Raises ValueError naming file and line for a line of another form.
    """
    examples = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                examples.append(_example(line, f"{path.name}:{number}"))
    return examples


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
        text, labels = row["text"], {str(label): float(weight) for label, weight in row["labels"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f'{where}: not {{"text": …, "labels": {{label: weight}}}}') from error
    if not isinstance(text, str) or not text.strip() or not labels or min(labels.values()) <= 0:
        raise ValueError(f"{where}: text and labels must not be empty, weights must be positive")
    return Example(text, labels)
