"""Where each article stands: its law, its chapter, its neighbours, the articles that it refers to.

Positions throughout. Written with a generation, so that loading needs no text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrievers import numerals
from retrievers.contracts import CorruptIndex

FILE = "places.npz"
MOST_REFERENCES = 6  # an article that refers to more is a list of penalties or an index
_REFERENCE = re.compile(
    f"(?:本(?:法|条例|规定|解释|办法|细则|规则))第([{numerals.DIGITS}]+)条(?:之([一二三四五六七八九十]+))?"
)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """One article: the edition it is in, its part and chapter, number and text."""

    edition: int
    law: str
    part: str
    chapter: str
    number: int
    sub: int
    text: str


@dataclass(frozen=True)
class Places:
    """All articles. `laws`, `chapters` [articles]: which; `lengths` [articles]: characters; `law_sizes` [laws].

    `first` [articles]: whether the article opens its edition, `references` [pairs, 2]: from, to.
    """

    laws: Numbers
    chapters: Numbers
    lengths: Numbers
    law_sizes: Numbers
    first: NDArray[np.bool_]
    references: Numbers
    chapter_count: int

    @property
    def count(self) -> int:
        """How many articles."""
        return len(self.laws)

    @property
    def law_count(self) -> int:
        """How many laws."""
        return len(self.law_sizes)

    @classmethod
    def of(cls, rows: Sequence[Place]) -> Self:
        """The places of these articles, in the order of positions."""
        laws: dict[str, int] = {}
        chapters: dict[tuple[int, str, str], int] = {}
        numbers = {(row.edition, row.number, row.sub): at for at, row in enumerate(rows)}
        law = np.array([laws.setdefault(row.law, len(laws)) for row in rows], np.int64)
        chapter = [chapters.setdefault((row.edition, row.part, row.chapter), len(chapters)) for row in rows]
        editions = np.array([row.edition for row in rows], np.int64)
        references = []
        for at, row in enumerate(rows):
            named = {(row.edition, *_number(match)) for match in _REFERENCE.finditer(row.text)}
            found = [numbers[key] for key in sorted(named) if key in numbers and numbers[key] != at]
            if len(found) <= MOST_REFERENCES:
                references += [(at, to) for to in found]
        return cls(
            laws=law,
            chapters=np.array(chapter, np.int64),
            lengths=np.array([len(row.text) for row in rows], np.int64),
            law_sizes=np.bincount(law),
            first=np.diff(editions, prepend=-1) != 0,
            references=np.array(references, np.int64).reshape(-1, 2),
            chapter_count=len(chapters),
        )

    def save(self, folder: Path) -> None:
        """Write FILE into `folder`."""
        np.savez(
            folder / FILE,
            laws=self.laws,
            chapters=self.chapters,
            lengths=self.lengths,
            law_sizes=self.law_sizes,
            first=self.first,
            references=self.references,
            chapter_count=np.int64(self.chapter_count),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The places of a generation. Raises CorruptIndex."""
        try:
            with np.load(folder / FILE) as kept:
                arrays = {name: kept[name] for name in kept.files}
            return cls(**{**arrays, "chapter_count": int(arrays["chapter_count"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptIndex(f"{folder / FILE}: {error}") from error


def _number(match: re.Match[str]) -> tuple[int, int]:
    return numerals.to_int(match[1]), numerals.to_int(match[2]) if match[2] else 0
