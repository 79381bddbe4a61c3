"""Two BM25 indexes over the same documents, legal words and character bigrams, fused into one ranking.

The query follows ChatLaw's Algorithm 1 in BM25 form: the weighted question plus the sum over the keywords. Knows
positions only, not what the documents are: priors, proposals and masks come from the caller.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import tokenise
from retrievers.contracts import CorruptIndex, Term
from retrievers.indexes import bm25
from retrievers.indexes.top import best
from retrievers.tokenise import Tokeniser

QUESTION = 0.6  # weight of the question against keywords of weight 1
WORDS = 0.4  # share of the word index; bigrams have the rest
LATE = np.float32(1e-6)  # puts late documents behind all others, in their own order
PROPOSED = 0.8  # what a proposal of weight 1 adds, where 1 is the best text score

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document's position, its score, and the named parts of the score."""

    position: int
    score: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asks of a ranking besides the text.

    `proposed`: position → weight. `prior`: factor for each document. `late`: documents that come after all others.
    `allowed`: only these. `same`: documents with equal numbers are the same text, of which only the best is given.
    """

    proposed: Mapping[int, float] = field(default_factory=dict)
    prior: Floats | None = None
    late: NDArray[np.bool_] | None = None
    allowed: NDArray[np.bool_] | None = None
    same: NDArray[np.int64] | None = None


def build(
    documents: Callable[[], Iterable[str]],
    tokeniser: Tokeniser,
    folder: Path,
    b: float = bm25.B,
    work: Path | None = None,
) -> None:
    """Write both indexes and the tokeniser's dictionary into `folder`; `documents` is read twice.

    `b` is BM25's: how much long documents are discounted; `work` as `bm25.build` has it. Raises ValueError when there
    is no text.
    """
    for name, cut in (("words", tokeniser.words), ("bigrams", tokenise.bigrams)):
        kept = work / f"{name}-{tokeniser.digest[:16]}" if work is not None else None
        bm25.build_texts(documents(), cut, folder / name, b, kept)
    (folder / "dictionary.txt").write_text("\n".join(tokeniser.dictionary), encoding="utf-8")


class Fused:
    """Both indexes, loaded. Safe for concurrent use. `words` is the share of the word index; bigrams have the rest."""

    def __init__(self, folder: Path, words: float = WORDS) -> None:
        self._share = words
        try:
            dictionary = (folder / "dictionary.txt").read_text(encoding="utf-8")
        except OSError as error:
            raise CorruptIndex(f"{folder / 'dictionary.txt'}: {error.strerror}") from error
        self.tokeniser = tokenise.tokeniser(tuple(dictionary.splitlines()))
        self._words = bm25.Bm25(folder / "words")
        self._bigrams = bm25.Bm25(folder / "bigrams")
        if self._words.documents != self._bigrams.documents:
            raise CorruptIndex(f"{folder}: the two indexes hold different numbers of documents")
        self.documents = self._words.documents

    def rank(self, text: str, keywords: Sequence[Term], top: int, wishes: Wishes) -> list[Ranked]:
        """The best documents first, at most `top`; without any score a document is not found."""
        parts = self.parts(text, keywords)
        total: Floats = sum(parts.values(), np.zeros(self.documents, np.float32))
        if wishes.prior is not None:
            total = total * wishes.prior
        for position, weight in wishes.proposed.items():
            total[position] += PROPOSED * weight
        if wishes.allowed is not None:
            total = np.where(wishes.allowed, total, np.float32(0))
        if wishes.late is not None:
            total = np.where(wishes.late, total * LATE, total)
        ranked: list[Ranked] = []
        for position in best(total, top, wishes.same).tolist():
            scores = {name: round(float(part[position]), 4) for name, part in parts.items() if part[position]}
            if wishes.prior is not None:
                scores["prior"] = round(float(wishes.prior[position]), 4)
            if position in wishes.proposed:
                scores["proposed"] = wishes.proposed[position]
            ranked.append(Ranked(position, float(total[position]), scores))
        return ranked

    def warm(self) -> None:
        """Read every page of the mapped files into memory."""
        self._words.warm()
        self._bigrams.warm()

    def parts(self, text: str, keywords: Sequence[Term]) -> dict[str, Floats]:
        """The named parts of every document's score; the best document of each index has the index's whole share."""
        parts: dict[str, Floats] = {}
        for name, index, cut, share in (
            ("bm25_words", self._words, self.tokeniser.words, self._share),
            ("bm25_bigrams", self._bigrams, tokenise.bigrams, 1 - self._share),
        ):
            scale = QUESTION if keywords else 1.0
            # The root: a word that a long story repeats counts more, but not as often as it stands there.
            question = index.scores({token: scale * sqrt(count) for token, count in Counter(cut(text)).items()})
            wanted: dict[str, float] = {}
            for keyword in keywords:
                for token in set(cut(keyword.term)):
                    wanted[token] = wanted.get(token, 0.0) + keyword.weight
            added = index.scores(wanted)
            top = float((question + added if wanted else question).max(initial=0.0))
            if top > 0:
                question *= np.float32(share / top)
                parts[name] = question
                if wanted:
                    added *= np.float32(share / top)
                    parts[name.replace("bm25", "keywords")] = added
        return parts
