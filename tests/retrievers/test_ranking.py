"""The ranking of articles on a small invented law: places, what was asked, translations, training, the saved weights."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from retrievers import corpus, embedded, generations, ingest, tokenise
from retrievers.contracts import CorruptIndex, EncoderMismatch, Query, Term
from retrievers.corpus import Extra
from retrievers.encoding import Vectors
from retrievers.indexes.statutes import Statutes, priors
from retrievers.lawrefbook import Article
from retrievers.library import LocalLibrary
from retrievers.ranking import asked, index, synthetic, texts, training
from retrievers.ranking.asked import Asked, AskedIndex, hashed
from retrievers.ranking.features import CANDIDATES, FEATURES, asking
from retrievers.ranking.knowledge import Knowledge
from retrievers.ranking.pairs import Stories, pairs
from retrievers.ranking.places import Places
from retrievers.ranking.ranker import Ranker
from retrievers.ranking.synthetic import Spoken
from retrievers.ranking.texts import Texts
from retrievers.ranking.training import Ground, Labelled
from retrievers.ranking.translation import LEAST, Translation, keys
from retrievers.storage import Store
from retrievers.versions import Edition

TODAY = date(2026, 11, 21)
THINGS = ("灯笼", "风筝", "纸船", "陶罐", "竹椅", "草帽", "木屐", "铜铃", "石磨", "布伞")
LAY = (
    "亮的那个",
    "天上飞的",
    "水里漂的",
    "装水的",
    "坐的那个",
    "头上戴的",
    "脚上穿的",
    "响的那个",
    "磨豆子的",
    "挡雨的",
)


class Hashing:
    """A random projection of characters: enough to tell texts apart, and nothing to train."""

    digest, dimensions = "hashing-1", 32
    table = np.random.default_rng(5).standard_normal((500, 32)).astype(np.float32)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [[ord(character) % len(self.table) for character in text] for text in texts]

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(found, texts, strict=True):
            for character in text:
                row += np.random.default_rng(ord(character)).standard_normal(self.dimensions)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


def law(count: int = 10) -> Edition:
    rows = [
        Article(
            at + 1,
            0,
            f"第{at + 1}条",
            f"出借{thing}的,借用人应当按期归还{thing},损坏的应当修好。",
            f"第{at // 5 + 1}章",
        )
        for at, thing in enumerate(THINGS[:count])
    ]
    rows.append(Article(count + 1, 0, f"第{count + 1}条", "违反本法第一条、本法第二条的,由乡老责令改正。", "附则"))
    return Edition("器物出借法", "2020-01-01", "民法商法", "test", tuple(rows))


EXTRAS = {
    f"器物出借法#{at + 1}": Extra("借贷", "", (f"{thing}出借",), (f"{said}借出去不还怎么办", f"{said}被人弄坏了"))
    for at, (thing, said) in enumerate(zip(THINGS, LAY, strict=True))
}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("ground")
    edition, cutter, encoder = law(), tokenise.tokeniser(()), Hashing()
    positions = {id_: at for at, (id_, _, _) in enumerate(corpus.rows([edition]))}
    said = [(text, edition.articles[positions[id_]].text) for id_, extra in EXTRAS.items() for text in extra.questions]
    learned = training.translation(said, cutter)
    places = index.places([edition])
    bodies = [article.text for article in edition.articles]
    headings = [index.heading(edition, article.part, article.chapter) for article in edition.articles]
    texts.build(lambda: bodies, headings, places, cutter, encoder, learned, folder)
    count = len(bodies)
    return Ground(
        texts=Texts(folder),
        places=places,
        own=tuple(index.own(EXTRAS, positions, cutter, encoder)),
        translation=learned,
        prior=np.ones(count, np.float32),
        late=np.zeros(count, np.bool_),
        same=np.arange(count),
        cutter=cutter,
        encoder=encoder,
    )


def questions() -> list[Labelled]:
    return [
        Labelled(
            f"邻居拿走我{said}东西{tail}", (f"器物出借法#{at + 1}",), (at,), (Term(term=thing, weight=1),), ((at, 0.9),)
        )
        for at, (thing, said) in enumerate(zip(THINGS, LAY, strict=True))
        for tail in ("不肯还", "说是借的", "还弄坏了")
    ]


@pytest.fixture(scope="module")
def knowledge(ground: Ground) -> Knowledge:
    asked_before = questions()
    return training.knowledge(ground, asked_before, training.train(ground, asked_before, lambda *step: None))


def test_places_know_chapters_edges_and_references() -> None:
    places = index.places([law(), Edition("另法", "2021-01-01", "经济法", "test", (Article(1, 0, "第一条", "略。"),))])
    assert places.count == 12 and places.law_count == 2
    assert places.chapters[0] == places.chapters[4] != places.chapters[5]
    assert places.references.tolist() == [[10, 0], [10, 1]]
    assert np.flatnonzero(places.first).tolist() == [0, 11]


def test_places_survive_saving_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    places = index.places([law()])
    places.save(tmp_path)
    assert Places.load(tmp_path).references.tolist() == places.references.tolist()
    (tmp_path / "places.npz").write_bytes(b"nothing")
    with pytest.raises(CorruptIndex, match=r"places\.npz"):
        Places.load(tmp_path)


def test_translation_finds_the_article_for_words_it_does_not_contain() -> None:
    model = Translation.train([(keys(["坐", "坏"]), keys(["椅", "修"])), (keys(["飞", "坏"]), keys(["筝", "修"]))] * 3)
    rows = model.matrix([keys(["椅"]), keys(["筝"])])
    scores = model.scores(keys(["坐"]), rows)
    assert scores[0] > scores[1]
    assert not model.scores(keys(["从未见过"]), rows).any()
    again = Translation.of(model.arrays())
    np.testing.assert_allclose(
        again.scores(keys(["坐"]), again.matrix([keys(["椅"]), keys(["筝"])])), scores, rtol=1e-2
    )
    assert model.table.data.min() >= LEAST


def test_a_question_like_one_asked_before_finds_its_article_chapter_and_law(tmp_path: Path) -> None:
    places, encoder = index.places([law()]), Hashing()
    said = [
        Asked((at,), hashed([word]), hashed(tokenise.bigrams(word)), encoder.encode([word])[0], learned=at == 3)
        for at, word in enumerate(LAY)
    ]
    asked.build(said, places, encoder.dimensions, tmp_path)
    found = AskedIndex(tmp_path, places)
    bigrams = dict.fromkeys(hashed(tokenise.bigrams("装水的")), 1.0)
    like = found.likeness({hashed(["装水的"])[0]: 1.0}, bigrams, encoder.encode(["装水的"])[0])
    for scores in (like.words_a, like.bigrams_a, like.nearest_a, like.sum_a):
        assert int(scores.argmax()) == 3
    assert int(like.nearest_c.argmax()) == places.chapters[3]
    assert found.per_article.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] and found.own_per_article.sum() == 9


def test_keywords_proposals_and_references_reach_the_candidates(ground: Ground, tmp_path: Path) -> None:
    features = ground.features([], tmp_path)
    asked_ = asking("邻居不还", (Term(term="铜铃", weight=1),), ground.cutter, ground.encoder)
    found, matrix = features.candidates(asked_, {8: 0.7})
    assert matrix.shape == (len(found), len(FEATURES)) and len(found) <= CANDIDATES
    row = dict(zip(FEATURES, matrix[found.tolist().index(7)], strict=True))
    assert row["keywords"] == 1 and row["keyword_vectors"] > 0
    assert dict(zip(FEATURES, matrix[found.tolist().index(8)], strict=True))["proposed"] == pytest.approx(0.7)
    about = asking("违反规定由乡老责令改正", (), ground.cutter, ground.encoder)
    found, matrix = features.candidates(about, {})
    assert found[0] == 10
    assert {0, 1} <= {int(at) for at, row in zip(found, matrix, strict=True) if row[FEATURES.index("referred")] > 0}
    assert not matrix[:, FEATURES.index("keyword_vectors")].any()


def test_training_is_reproducible_and_what_it_learned_ranks_first(ground: Ground, knowledge: Knowledge) -> None:
    again = training.train(ground, questions(), lambda *step: None)
    assert again.linear == knowledge.ranker.linear
    assert again.trees.model_to_string() == knowledge.ranker.trees.model_to_string()
    assert knowledge.questions[0].articles == ("器物出借法#1",)


def test_knowledge_survives_saving_and_refuses_another_encoder(knowledge: Knowledge, tmp_path: Path) -> None:
    knowledge.save(tmp_path)
    loaded = Knowledge.load(Hashing(), tmp_path)
    assert loaded.questions[3].bigrams == knowledge.questions[3].bigrams and loaded.digest
    features = np.random.default_rng(1).random((5, len(FEATURES)), np.float32)
    np.testing.assert_allclose(loaded.ranker.scores(features), knowledge.ranker.scores(features), rtol=1e-5)
    other = Hashing()
    other.digest = "hashing-2"
    with pytest.raises(EncoderMismatch, match="train ranker"):
        Knowledge.load(other, tmp_path)
    assert not any(said in path.read_bytes().decode("utf-8", "ignore") for path in tmp_path.iterdir() for said in LAY)


@pytest.mark.parametrize("name", ["learned.safetensors", "learned.json", "linear.json", "trees.txt"])
def test_each_damaged_file_of_the_weights_is_refused(knowledge: Knowledge, tmp_path: Path, name: str) -> None:
    knowledge.save(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:100] if name != "trees.txt" else b"")
    with pytest.raises(CorruptIndex):
        Knowledge.load(Hashing(), tmp_path)


def test_a_generation_is_searched_with_what_was_learned(knowledge: Knowledge, tmp_path: Path) -> None:
    knowledge.save(tmp_path / "weights")
    learned = Knowledge.load(Hashing(), tmp_path / "weights")
    shipped = embedded.Shipped((), EXTRAS, (), (), "0123456789abcdef")
    store = Store(tmp_path / "laws")
    with store.writing():
        assert generations.build_laws(store, [law()], shipped, learned)
        assert not generations.build_laws(store, [law()], shipped, learned)
    statutes = Statutes(store.generation(store.current() or ""), learned)
    hits = statutes.search(Query(text="邻居拿走我坐的那个东西不肯还", top=3), TODAY)
    assert hits[0].passage.id == "器物出借法#5"
    assert 0 < hits[1].score <= hits[0].score < 1 and hits[0].scores["nearest"] > 0.9


def test_priors_put_amending_texts_last() -> None:
    found = priors([("民法典", "民法典"), ("某法修正案", "民法商法"), ("某杂项", "其他")])
    assert found[0] > found[1] and found[0] > found[2]


def test_pairs_come_from_structure_and_our_questions() -> None:
    found = pairs([law()], EXTRAS)
    assert {"question, article", "heading, article", "article, article referred to"} <= found.keys()
    assert not {"story, article", "story, story", "story, question"} & found.keys()
    assert all(left and right and key for rows, _ in found.values() for left, right, key in rows)


def test_stories_go_with_what_governs_them_and_with_their_like() -> None:
    asked = next(id_ for id_, extra in EXTRAS.items() if extra.questions)
    told = Stories("物权/借物", ("邻居借走我的灯笼一直不还", "他把我借给他的灯笼弄坏了"), (asked, "没有的法#1"))
    found = pairs([law()], EXTRAS, [told, Stories("物权/没有条文", ("灯笼不见了",), ())])
    text = next(article.text for article in law().articles if f"器物出借法#{article.number}" == asked)
    assert found["story, article"][0] == [(story, text, told.trouble) for story in told.texts]
    assert {(left, right) for left, right, _ in found["story, story"][0]} <= {told.texts, told.texts[::-1]}
    assert {right for _, right, _ in found["story, question"][0]} <= set(EXTRAS[asked].questions)


def test_synthetic_questions_tell_articles_in_peoples_words(ground: Ground) -> None:
    articles = [(f"器物出借法#{at + 1}", article.text) for at, article in enumerate(law().articles)]
    asked = [text for extra in EXTRAS.values() for text in extra.questions]
    spoken = Spoken(ground.translation, (word for text in asked for word in ground.cutter.words(text)), ground.cutter)
    late = [at == 2 for at in range(len(articles))]
    made = synthetic.questions(articles, ground.places, late, ["甲去赶集。"], spoken)
    assert [one.text for one in made] == [
        one.text for one in synthetic.questions(articles, ground.places, late, ["甲去赶集。"], spoken)
    ]
    assert made and all(one.positions != (2,) for one in made)
    assert spoken.told("飞船", random.Random(1)) == "飞船"
    told = {spoken.told("出借", random.Random(seed)) for seed in range(30)}
    assert told <= {word for text in asked for word in ground.cutter.words(text)}


def test_the_ranker_of_nothing_gives_nothing(knowledge: Knowledge) -> None:
    assert (
        Ranker(knowledge.ranker.linear, knowledge.ranker.trees).scores(np.zeros((0, len(FEATURES)), np.float32)).size
        == 0
    )


def test_another_encoder_is_refused_until_the_index_is_rebuilt(
    knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = embedded.Shipped((), EXTRAS, (), (), "0123456789abcdef")
    monkeypatch.setattr(embedded, "shipped", lambda: shipped)
    knowledge.save(tmp_path / "weights")
    old = Knowledge.load(Hashing(), tmp_path / "weights")
    store = generations.laws_store(tmp_path)
    with store.writing():
        generations.build_laws(store, [law()], shipped, old)
    encoder = Hashing()
    encoder.digest = "hashing-2"
    newer = replace(old, encoder=encoder, digest="newer")
    monkeypatch.setattr(embedded, "ensure", lambda *_: None)
    with pytest.raises(EncoderMismatch, match="lexhub ingest rebuild"):
        LocalLibrary(tmp_path, newer)
    assert ingest.rebuild(tmp_path, newer)
    assert not ingest.rebuild(tmp_path, newer)
    assert store.verified(store.current() or "").encoder == "hashing-2"
