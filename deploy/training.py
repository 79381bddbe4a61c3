"""What training and evaluation of the ranking share: the corpus read from files, the questions, held-out models.

Brings `models` and `retrievers` together, which do not know each other. Nothing that serves imports it.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deploy import curriculum
from models import registry
from models.backends import neighbours as neighbours_backend
from models.backends import ngram as ngram_backend
from models.backends.neighbours import NeighbourModel
from models.backends.ngram import NgramModel
from models.embedders.static import StaticEncoder
from models.training import neighbours, ngram
from models.training import sources as written
from models.training.sources import Example
from retrievers import corpus, digests, embedded, generations, sources, tokenise, versions
from retrievers.contracts import Term
from retrievers.corpus import Corpus, Extra
from retrievers.encoding import Encoder
from retrievers.indexes import statutes
from retrievers.ranking import index, texts, training
from retrievers.ranking import synthetic as statute_questions
from retrievers.ranking.synthetic import Spoken
from retrievers.ranking.texts import Texts
from retrievers.ranking.training import Ground, Labelled
from retrievers.tokenise import Tokeniser
from retrievers.versions import Edition

HELD_OUT = 8  # folds in which keyword and article models are trained without the questions that they answer
ONE_ARTICLE = 0.25  # weight of a term that an article of ours has, against one that a lawyer gave the question
FOREMOST = 5  # articles of a trouble that its stories stand for
DAY = date(2026, 11, 1)  # the day on which texts count as in force or not: fixed, so that training is reproducible

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Material:
    """The statutes of a folder or archive with our own words on them, arranged as an import would."""

    editions: list[Edition]
    extras: dict[str, Extra]
    cutter: Tokeniser

    @classmethod
    def read(cls, laws: Path) -> "Material":
        """Read `laws` (as `lexhub ingest laws` does). Raises BadSource."""
        documents, _ = sources.documents(laws)
        shipped = embedded.shipped()
        editions, extras = generations.with_digests(versions.editions(documents), shipped)
        return cls(editions, extras, tokenise.tokeniser(shipped.dictionary))

    def positions(self) -> dict[str, int]:
        """Article id → position."""
        return {id_: at for at, (id_, _, _) in enumerate(corpus.rows(self.editions))}


def ground(material: Material, encoder: Encoder, folder: Path, progress: Progress) -> Ground:
    """Indexes of the material in `folder`, with translations learned from our own questions and digests."""
    bodies = {id_: article.text for id_, _, article in corpus.rows(material.editions)}
    progress(0, 3, "学习用语对应")
    said = [
        (text, bodies[id_])
        for id_, extra in material.extras.items()
        if id_ in bodies
        for text in (*extra.questions, *([extra.digest] if extra.digest else []))
    ]
    learned = training.translation(said, material.cutter)
    progress(1, 3, "建立索引")
    corpus.write(material.editions, material.extras, folder)
    stored = Corpus(folder)
    found = index.places(material.editions)
    headings = [index.heading(edition, a.part, a.chapter) for _, edition, a in corpus.rows(material.editions)]
    texts.build(lambda: list(bodies.values()), headings, found, material.cutter, encoder, learned, folder / "texts")
    progress(2, 3, "编码我们的问法")
    late = [versions.standing(text, DAY)[0] != "in_force" for text in stored.validity]
    return Ground(
        texts=Texts(folder / "texts"),
        places=found,
        own=tuple(index.own(material.extras, material.positions(), material.cutter, encoder)),
        translation=learned,
        prior=statutes.priors(stored.categories)[stored.editions],
        late=np.array(late, np.bool_)[stored.editions],
        same=stored.same,
        cutter=material.cutter,
        encoder=encoder,
    )


def synthetic(material: Material, base: Ground) -> list[Labelled]:
    """Questions made from the statutes, put into our invented teaching cases."""
    articles = [(id_, article.text) for id_, _, article in corpus.rows(material.editions)]
    stories = [case.facts for case in embedded.shipped().cases]
    asked = [text for extra in material.extras.values() for text in extra.questions]
    words = (word for text in asked for word in material.cutter.words(text))
    spoken = Spoken(base.translation, words, material.cutter)
    return statute_questions.questions(articles, base.places, base.late.tolist(), stories, spoken)


def labelled(
    rows: Sequence[Mapping[str, Any]],
    keywords: Mapping[str, Sequence[str]],
    positions: Mapping[str, int],
    folds: NDArray[np.int64],
    encoder: StaticEncoder,
    progress: Progress,
) -> list[Labelled]:
    """Rows of {"query", "relevant"} as training questions; `keywords`: query → a lawyer's terms.

    What keyword and article model say to a question comes from models that were trained without its fold.
    """
    said: dict[int, tuple[tuple[Term, ...], tuple[tuple[int, float], ...]]] = {}
    ours, stories = keyword_examples(), story_examples()
    for done, fold in enumerate(np.unique(folds)):
        progress(done, len(np.unique(folds)), "不看本题的关键词与法条模型")
        kept = [row for row, at in zip(rows, folds, strict=True) if at != fold]
        lawyers = lawyer_examples({row["query"]: keywords.get(row["query"], ()) for row in kept})
        terms = _keyword_model([*lawyers, *ours], encoder)
        named = _article_model({"articles": article_examples(kept), "stories": stories})
        for at in np.flatnonzero(folds == fold).tolist():
            text = rows[at]["query"]
            found = [Term.model_validate(row) for row in terms.answer((text,))["keywords"]]
            proposed = {positions[id_]: weight for id_, weight in named.articles(text).items() if id_ in positions}
            said[at] = tuple(found), tuple(proposed.items())
    return [
        Labelled(
            text=row["query"],
            articles=tuple(row["relevant"]),
            positions=tuple(positions[id_] for id_ in row["relevant"] if id_ in positions),
            keywords=said[at][0],
            proposed=said[at][1],
        )
        for at, row in enumerate(rows)
    ]


def keyword_examples() -> list[Example]:
    """Text → legal terms, all by us: questions with a lawyer's terms, and those of the digests with the terms of one
    article, which count for less, since they say only one thing of the trouble.
    """
    rows = written.keywords()
    for row in digests.digests():
        terms = {**dict.fromkeys(row.terms, ONE_ARTICLE), row.field: ONE_ARTICLE * 0.7}
        rows += [Example(text, terms) for text in (*row.asked_as, row.digest)]
    return rows


def lawyer_examples(lawyers: Mapping[str, Sequence[str]]) -> list[Example]:
    """Questions of others with a lawyer's terms: those of 2 to 12 characters."""
    kept = {text: [term for term in terms if 2 <= len(term) <= 12] for text, terms in lawyers.items()}
    return [Example(text, dict.fromkeys(terms, 1.0)) for text, terms in kept.items() if terms]


def article_examples(others: Sequence[Mapping[str, Any]]) -> list[Example]:
    """Text → articles: our questions, digests and terms, and other questions with their labels."""
    rows = [
        Example(text, {row.id: 1.0})
        for row in digests.digests()
        for text in (*row.asked_as, row.digest, " ".join(row.terms))
    ]
    rows += [Example(text, {row.id: 1.0}) for row in digests.questions() for text in row.asked_as]
    for row in others:
        if ids := [id_ for id_ in row["relevant"] if "@" not in id_]:
            rows.append(Example(row["query"], dict.fromkeys(ids, 1.0)))
    return rows


def story_examples() -> list[Example]:
    """Story → the foremost of the articles that govern it."""
    return [
        Example(text, dict.fromkeys(one.articles[:FOREMOST], 1.0))
        for one in curriculum.stories()
        for text in one.texts
        if one.articles
    ]


def _keyword_model(examples: list[Example], encoder: StaticEncoder) -> NeighbourModel:
    """The shipped keyword model, of these examples instead."""
    options = neighbours_backend.Options.model_validate(registry.cards()["neighbour-keyword"].options)
    return NeighbourModel(options, neighbours.train(examples, encoder))


def _article_model(examples: dict[str, list[Example]]) -> NgramModel:
    """The shipped article model, trained on these examples instead."""
    options = ngram_backend.Options.model_validate(registry.cards()["ngram-article"].options)
    return NgramModel(options, ngram.train(examples, ngram.RECIPES["article"]).classifier)


def cross_validated(
    base: Ground,
    questions: Sequence[Labelled],
    made: Sequence[Labelled],
    folds: NDArray[np.int64],
    progress: Progress,
) -> list[NDArray[np.int64]]:
    """For each question the positions found, best first, by a ranker that learned from the other folds and `made`."""
    found: dict[int, NDArray[np.int64]] = {}
    for fold in np.unique(folds):
        kept = [question for question, at in zip(questions, folds, strict=True) if at != fold]
        ranker = training.train(base, kept, progress, made)
        with tempfile.TemporaryDirectory() as folder:
            features = base.features(kept, Path(folder))
            for at in np.flatnonzero(folds == fold).tolist():
                judged = base.candidates(features, questions[at], helped=True)
                scores = ranker.scores(judged.features)
                found[at] = judged.positions[np.lexsort((-scores, base.late[judged.positions]))]
    return [found[at] for at in range(len(questions))]
