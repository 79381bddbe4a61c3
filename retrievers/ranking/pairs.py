"""Pairs of texts that belong together, for training an encoder: structure of the statutes and our own questions.

Inverse cloze and structure follow Lee et al. 2019 (Latent Retrieval for Weakly Supervised Open Domain Question
Answering, section 6) and Chang et al. 2020 (Pre-training Tasks for Embedding-based Large-scale Retrieval, section 3).
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from retrievers import corpus
from retrievers.corpus import Extra
from retrievers.lawrefbook import Article
from retrievers.ranking.index import heading, places
from retrievers.versions import Edition

SEED = 7
_SENTENCE = re.compile(r"(?<=[。；：\n])")
_SHORTEST = 7  # characters of a sentence that says something

Rows = list[tuple[str, str, str]]


def pairs(editions: Sequence[Edition], extras: Mapping[str, Extra]) -> dict[str, tuple[Rows, float]]:
    """Source → rows of (left, right, key), its share of a batch. Rows with one key are no negatives of each other."""
    articles = [(id_, edition, article) for id_, edition, article in corpus.rows(editions)]
    found = places(editions)
    current = [at for at, (_, edition, _) in enumerate(articles) if edition.current]
    texts = {id_: article.text for id_, _, article in articles}
    draw = random.Random(SEED)
    sources: dict[str, tuple[Rows, float]] = {
        "question, article": ([(q, texts[i], i) for i, e in extras.items() if i in texts for q in e.questions], 0.35),
        "question, digest": ([(q, e.digest, i) for i, e in extras.items() if e.digest for q in e.questions], 0.1),
        "question, question": (
            [(a, b, i) for i, e in extras.items() for a, b in combinations(e.questions, 2)], 0.1,
        ),
        "digest, article": ([(e.digest, texts[i], i) for i, e in extras.items() if e.digest and i in texts], 0.1),
        "heading, article": (
            [
                (heading(articles[at][1], articles[at][2].part, articles[at][2].chapter), articles[at][2].text,
                 str(found.chapters[at]))
                for at in current if articles[at][2].chapter
            ], 0.1,
        ),
        "sentence, rest of its article": (list(_cloze([articles[at] for at in current], draw)), 0.15),
        "article, neighbour": (
            [
                (articles[at][2].text, articles[at + 1][2].text, articles[at][0])
                for at in current if at + 1 < len(articles) and found.chapters[at] == found.chapters[at + 1]
            ], 0.08,
        ),
        "article, article referred to": (
            [
                (articles[a][2].text, articles[b][2].text, articles[a][0])
                for a, b in found.references.tolist() if articles[a][1].current
            ], 0.04,
        ),
    }  # fmt: skip
    return {name: source for name, source in sources.items() if source[0]}


def _cloze(articles: Sequence[tuple[str, Edition, Article]], draw: random.Random) -> Iterator[tuple[str, str, str]]:
    for id_, _, article in articles:
        sentences = [part for part in _SENTENCE.split(article.text) if len(part) >= _SHORTEST]
        if len(sentences) > 1:
            at = draw.randrange(len(sentences))
            yield sentences[at], "".join(sentences[:at] + sentences[at + 1 :]), id_
