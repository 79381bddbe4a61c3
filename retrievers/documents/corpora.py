"""The corpora of private documents of a home: where they lie, what they hold, and a loaded one that is searched.

Private bytes: no other user of the machine can enter their folder. Decides nobody's access.
"""

import re
from pathlib import Path

from retrievers.contracts import CORPUS_NAME, BadSource, DocumentHit, DocumentPassage, Query
from retrievers.documents.archive import Archive, Filed, searched
from retrievers.indexes.fused import Fused, Wishes
from retrievers.storage import Store
from retrievers.tokenise import Tokeniser

_CANDIDATES = 20  # passages of each corpus that tell how well the corpus as a whole fits the query


def folder(home: Path) -> Path:
    """The folder of all corpora of private documents."""
    return home / "corpora" / "documents"


def store(home: Path, name: str) -> Store:
    """Where the corpus `name` is kept. Raises BadSource for what is no name of a corpus."""
    if re.fullmatch(CORPUS_NAME, name) is None:
        raise BadSource(f"“{name[:40]}”不能作文件库的名称:限 40 个字以内的文字、数字、- 和 _")
    return Store(folder(home) / name)


def names(home: Path) -> list[str]:
    """The corpora that hold something."""
    if not folder(home).is_dir():
        return []
    return sorted(path.name for path in folder(home).iterdir() if holds(home, path.name))


def holds(home: Path, name: str) -> bool:
    """Whether there is a corpus of this name with something in it."""
    return re.fullmatch(CORPUS_NAME, name) is not None and store(home, name).current() is not None


def files(home: Path, name: str) -> list[Filed]:
    """The files of the corpus by name; none where there is no such corpus. Raises CorruptIndex."""
    kept = store(home, name)
    digest = kept.current()
    if digest is None:
        return []
    kept.verified(digest)
    return Archive(kept.generation(digest)).files()


class Documents:
    """A loaded generation of one corpus. Safe for concurrent use."""

    def __init__(self, folder: Path, corpus: str) -> None:
        self._corpus = corpus
        self._archive = Archive(folder)
        self._index = Fused(folder)
        self.tokeniser: Tokeniser = self._index.tokeniser

    def search(self, query: Query) -> list[DocumentHit]:
        """The best passages first, at most `query.top`.

        The index's scores say only which passage of this corpus is the best. They are multiplied by `fit`, the share
        of the query's words, weighted by rarity in general Chinese, that the best ones hold: with that the scores of
        different corpora can be compared.
        """
        ranked = self._index.rank(query.text, query.keywords, max(query.top, _CANDIDATES), Wishes())
        found = self._archive.at([one.position for one in ranked])
        weights = self._weights(query)
        fits = []
        for one in ranked[:_CANDIDATES]:
            file, _, piece = found[one.position]
            held = set(self.tokeniser.words(searched(file, piece)))
            fits.append(sum(weight for word, weight in weights.items() if word in held))
        fit = max(fits, default=0.0) / max(sum(weights.values()), 1e-9)
        hits = []
        for one in ranked[: query.top]:
            file, ordinal, piece = found[one.position]
            passage = DocumentPassage(
                corpus=self._corpus, file=file, ordinal=ordinal, place=piece.place, text=piece.text
            )
            hits.append(DocumentHit(passage=passage, score=one.score * fit, scores={**one.parts, "fit": round(fit, 4)}))
        return hits

    def _weights(self, query: Query) -> dict[str, float]:
        """The words of question and keywords with their weights; a word that both hold counts by the heavier."""
        weights: dict[str, float] = {}
        for text, weight in ((query.text, 1.0), *((term.term, term.weight) for term in query.keywords)):
            for word in self.tokeniser.words(text):
                weights[word] = max(weights.get(word, 0.0), weight * self.tokeniser.rarity(word))
        return weights
