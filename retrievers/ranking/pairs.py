"""Pairs of texts that belong together, for training an encoder: structure of the statutes, our questions and stories.

Inverse cloze and structure follow Lee et al. 2019 (Latent Retrieval for Weakly Supervised Open Domain Question
Answering, section 6) and Chang et al. 2020 (Pre-training Tasks for Embedding-based Large-scale Retrieval, section 3).
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from retrievers import corpus
from retrievers.corpus import Extra
from retrievers.lawrefbook import Article
from retrievers.ranking.index import heading, places
from retrievers.versions import Edition

SEED = 7
_SENTENCE = re.compile(r"(?<=[。；：\n])")
ARTICLES = 3  # that govern a trouble, drawn for each story of it
_SHORTEST = 7  # characters of a sentence that says something

Rows = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Stories:
    """What clients tell of one kind of trouble, and the ids of the articles that govern it, the foremost first."""

    trouble: str
    texts: tuple[str, ...]
    articles: tuple[str, ...]


def pairs(
    editions: Sequence[Edition], extras: Mapping[str, Extra], stories: Sequence[Stories] = ()
) -> dict[str, tuple[Rows, float]]:
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
    sources |= _told(stories, texts, extras, draw)
    return {name: source for name, source in sources.items() if source[0]}


def _told(
    stories: Sequence[Stories], texts: Mapping[str, str], extras: Mapping[str, Extra], draw: random.Random
) -> dict[str, tuple[Rows, float]]:
    """Stories with articles that govern them, with others of the same trouble, and with questions on those articles."""
    governed: Rows = []
    alike: Rows = []
    asked: Rows = []
    for one in (one for one in stories if one.texts):
        articles = [id_ for id_ in one.articles if id_ in texts]
        questions = [question for id_ in articles if id_ in extras for question in extras[id_].questions]
        for text in one.texts:
            drawn = draw.sample(articles, min(ARTICLES, len(articles)))
            governed += [(text, texts[id_], one.trouble) for id_ in drawn]
            if (other := draw.choice(one.texts)) != text:
                alike.append((text, other, one.trouble))
            if questions:
                asked.append((text, draw.choice(questions), one.trouble))
    return {"story, article": (governed, 0.15), "story, story": (alike, 0.09), "story, question": (asked, 0.09)}


def _cloze(articles: Sequence[tuple[str, Edition, Article]], draw: random.Random) -> Iterator[tuple[str, str, str]]:
    for id_, _, article in articles:
        sentences = [part for part in _SENTENCE.split(article.text) if len(part) >= _SHORTEST]
        if len(sentences) > 1:
            at = draw.randrange(len(sentences))
            yield sentences[at], "".join(sentences[:at] + sentences[at + 1 :]), id_
