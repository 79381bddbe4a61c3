"""All indexes of one generation of statutes: built together, loaded together.

Knows what an edition and our words on its articles are; the modules beside it know positions only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import corpus, tokenise
from retrievers.corpus import Extra
from retrievers.encoding import Embedder, Encoder
from retrievers.ranking import asked, texts, vectors
from retrievers.ranking.asked import Asked, AskedIndex, hashed
from retrievers.ranking.features import Features
from retrievers.ranking.knowledge import Knowledge
from retrievers.ranking.places import Place, Places
from retrievers.ranking.texts import Texts
from retrievers.tokenise import Tokeniser
from retrievers.versions import Edition

Progress = Callable[[int, int, str], None]
Floats = NDArray[np.float32]


def build(
    editions: Sequence[Edition],
    extras: Mapping[str, Extra],
    cutter: Tokeniser,
    knowledge: Knowledge,
    folder: Path,
    progress: Progress,
) -> None:
    """Write all indexes of these editions into `folder`. Raises ValueError when there is no text."""
    found = places(editions)
    found.save(folder)
    bodies = [article.text for _, _, article in corpus.rows(editions)]
    headings = [heading(edition, article.part, article.chapter) for _, edition, article in corpus.rows(editions)]
    read = _watched(bodies, progress)
    texts.build(read, headings, found, cutter, knowledge.encoder, knowledge.translation, folder / "texts")
    positions = {id_: at for at, (id_, _, _) in enumerate(corpus.rows(editions))}
    said = own(extras, positions, cutter, knowledge.encoder)
    for one in knowledge.questions:
        if known := tuple(positions[id_] for id_ in one.articles if id_ in positions):
            said.append(Asked(known, one.words, one.bigrams, one.vector, learned=True))
    asked.build(said, found, knowledge.encoder.dimensions, folder / "asked")


def places(editions: Iterable[Edition]) -> Places:
    """Where each article of the editions stands."""
    numbered = {id(edition): at for at, edition in enumerate(editions)}
    return Places.of([
        Place(numbered[id(edition)], edition.law, a.part, a.chapter, a.number, a.sub, a.text)
        for _, edition, a in corpus.rows(editions)
    ])  # fmt: skip


def heading(edition: Edition, part: str, chapter: str) -> str:
    """What stands above an article."""
    return f"{edition.law}\n{part}\n{chapter}"


def readable(law: str, part: str, chapter: str, name: str, text: str) -> str:
    """An article as the embedder and the reranker read it: its name and place, then its text."""
    place = " ".join(one for one in (part, chapter) if one)
    return f"《{law}》{name}{f'({place})' if place else ''}\n{text}"


def embed(
    editions: Sequence[Edition],
    embedder: Embedder,
    folder: Path,
    work: Path,
    before: Path | None,
    progress: Progress,
) -> None:
    """Write the vectors of all articles into `folder`; as `vectors.build`."""
    texts_ = [
        readable(edition.law, article.part, article.chapter, article.name, article.text)
        for _, edition, article in corpus.rows(editions)
    ]
    vectors.build(texts_, embedder, folder, work, before, progress)


def own(extras: Mapping[str, Extra], positions: Mapping[str, int], cutter: Tokeniser, encoder: Encoder) -> list[Asked]:
    """Our own words: each question, each digest, and the terms, which are no question and have no vector."""
    found: list[Asked] = []
    texts_, owners = [], []
    for id_, extra in extras.items():
        if (at := positions.get(id_)) is None:
            continue
        if extra.terms:
            terms = "\n".join(extra.terms)
            found.append(Asked((at,), hashed(cutter.words(terms)), hashed(tokenise.bigrams(terms))))
        for text in (*extra.questions, *([extra.digest] if extra.digest else [])):
            texts_.append(text)
            owners.append(at)
    vectors = encoder.encode(texts_)
    for text, at, vector in zip(texts_, owners, vectors, strict=True):
        found.append(Asked((at,), hashed(cutter.words(text)), hashed(tokenise.bigrams(text)), vector))
    return found


def load(folder: Path, knowledge: Knowledge, prior: Floats) -> Features:
    """The signals of a generation; `prior`: a factor for each article. Raises CorruptIndex."""
    found = Places.load(folder)
    loaded = Texts(folder / "texts")
    return Features(loaded, AskedIndex(folder / "asked", found), found, knowledge.translation, prior)


def _watched(bodies: list[str], progress: Progress) -> Callable[[], Iterator[str]]:
    """The texts, once for each of the three readings, with progress over all."""
    done = 0

    def read() -> Iterator[str]:
        nonlocal done
        for body in bodies:
            if done % 500 == 0:
                progress(done, 3 * len(bodies), "建立索引")
            done += 1
            yield body
        progress(done, 3 * len(bodies), "建立索引")

    return read
