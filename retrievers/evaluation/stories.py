"""Invented judgments in any number, to measure search at scale: they say nothing of law and are never shipped.

Each has a subject out of many, told with words of that subject, clauses of our teaching cases of its field, and words
of general Chinese by how frequent they are (Zipf), so that posting lists and neighbourhoods are like those of texts.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from retrievers import tokenise
from retrievers.contracts import Case

SUBJECTS, SUBJECT_WORDS = 2000, 40
_CLAUSE = re.compile("(?<=[。;；，,])")
_NUMBER = re.compile(r"\d+")
_REGIONS = ("北京", "上海", "广东", "四川", "河南", "浙江", "陕西", "吉林")


@dataclass(frozen=True)
class Subject:
    """What a group of cases is about: its name, its field of law, the words it is told with."""

    name: str
    field: str
    words: tuple[str, ...]


class Stories:
    """Writes the cases and the questions; the same `seed` writes the same."""

    def __init__(self, teaching: Sequence[Case], seed: int = 7) -> None:
        known = {word: often for word, often in sorted(tokenise.frequencies().items()) if 2 <= len(word) <= 4}
        self._seed, self._words, self._frequent = seed, list(known), list(accumulate(known.values()))
        self._clauses: dict[str, list[str]] = {}
        for case in teaching:
            self._clauses.setdefault(case.field, []).extend(part for part in _CLAUSE.split(case.facts) if part)
        draw, fields = random.Random(seed), sorted(self._clauses)
        self._subjects = [
            Subject(f"{''.join(words[:2])}纠纷", draw.choice(fields), tuple(words))
            for words in (draw.sample(self._words, SUBJECT_WORDS) for _ in range(SUBJECTS))
        ]

    def cases(self, count: int) -> Iterator[Case]:
        """`count` judgments of some 250 characters."""
        draw = random.Random(self._seed + 1)
        for number in range(count):
            subject = draw.choice(self._subjects)
            yield Case(
                id=f"虚构-{number:08}",
                title=f"{subject.name}第{number}号",
                kind="judgment",
                field=subject.field,
                cause=subject.name,
                facts=self._text(draw, subject, own=14, clauses=3, general=40),
                region=draw.choice(_REGIONS),
                year=draw.randrange(2000, 2025),
            )

    def questions(self, count: int) -> Iterator[str]:
        """`count` questions about the same subjects, of some 80 characters."""
        draw = random.Random(self._seed + 2)
        for _ in range(count):
            yield self._text(draw, draw.choice(self._subjects), own=6, clauses=2, general=8)

    def _text(self, draw: random.Random, subject: Subject, own: int, clauses: int, general: int) -> str:
        told = [
            *draw.sample(subject.words, own),
            *draw.choices(self._clauses[subject.field], k=clauses),
            *draw.choices(self._words, cum_weights=self._frequent, k=general),
        ]
        draw.shuffle(told)
        marks = draw.choices(("", "", "", "，", "。"), k=len(told))
        text = "".join(word + mark for word, mark in zip(told, marks, strict=True))
        return _NUMBER.sub(lambda _: str(draw.randrange(1, 100_000)), text)
