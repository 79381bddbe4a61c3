"""Searches that also ask the article role, over the invented laws: candidates by vector, reranking, what fails."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from deploy.learned import knowledge
from retrievers import corpus, generations, ingest
from retrievers.contracts import EncoderMismatch, Hit, Query, RetrievalError
from retrievers.encoding import Embedded, EmbedderName, Vectors
from retrievers.indexes import statutes
from retrievers.library import LocalLibrary
from retrievers.ranking import features, index, vectors
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)
NAME = EmbedderName("某家/嵌入模型", "0123456789abcdef")
ASKED = "坐渡船超载了,能退渡钱吗"

pytestmark = pytest.mark.usefixtures("shipped")


class Embedder:
    """A random projection of characters that counts what it has read."""

    dimensions = 64

    def __init__(self, name: EmbedderName = NAME) -> None:
        self.name = name
        self.read: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> Vectors:
        found = sum((np.random.default_rng(ord(one)).standard_normal(64) for one in text), np.zeros(64))
        return np.asarray(found / np.linalg.norm(found), np.float32)


class Role:
    """Finds the article whose text it is given near, and rates texts by a rule."""

    def __init__(
        self,
        near: str = "",
        rate: Callable[[str], float] | None = None,
        by: EmbedderName = NAME,
        error: Exception | None = None,
    ) -> None:
        self.embeds, self.reranks = bool(near), rate is not None
        self._near, self._rate, self._by, self._error = near, rate, by, error
        self.texts: list[str] = []

    async def embed(self, question: str) -> Embedded:
        if self._error is not None:
            raise self._error
        return Embedded(Embedder().vector(self._near), self._by)

    async def rerank(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        if self._error is not None:
            raise self._error
        assert question == ASKED
        assert self._rate is not None
        self.texts += texts
        return [self._rate(text) for text in texts]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("read")


@pytest.fixture
def built(home: Path) -> Path:
    """A home with the invented laws and the vectors of `Embedder`, made once."""
    ingest.ingest_laws(LAWS, home, knowledge(), embedder=Embedder())
    return home


def library(home: Path, role: Role | None) -> LocalLibrary:
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY, role=role)


async def found(home: Path, role: Role | None, **more: object) -> list[Hit]:
    return await library(home, role).search_articles(Query.model_validate({"text": ASKED, "top": 200, **more}))


async def a_stranger(home: Path) -> tuple[str, str]:
    """The id and the readable text of an article in force that the search itself ranks last."""
    hit = [one for one in await found(home, None) if one.passage.citable][-1]
    one = hit.passage
    place = " ".join(part for part in (one.part, one.chapter) if part)
    return one.id, f"《{one.law}》{one.article}{f'({place})' if place else ''}\n{one.text}"


async def test_an_article_that_only_the_vector_finds_comes_in(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id_, text = await a_stranger(built)
    for name in ("CANDIDATES", "BY_TEXT", "REFERRING"):
        monkeypatch.setattr(features, name, 2)
    monkeypatch.setattr(statutes, "NEAR", 1)
    assert id_ not in {hit.passage.id for hit in await found(built, None, top=2)}
    hits = await found(built, Role(near=text, rate=lambda read: 0.99 if read == text else 0.01), top=2)
    assert hits[0].passage.id == id_
    assert hits[0].scores["embedder"] == pytest.approx(1, abs=1e-3)
    assert hits[0].scores["reranker"] == pytest.approx(0.99, abs=1e-3)
    assert hits[0].scores["ranker"] < hits[0].score
    assert hits[0].lacking == ()


async def test_the_reranker_orders_and_the_probability_stays(built: Path) -> None:
    plain = await found(built, None)
    last = [hit for hit in plain if hit.passage.citable][-1].passage.text
    role = Role(rate=lambda text: 1.0 if text.endswith(last) else 0.0)
    hits = await found(built, role)
    assert {hit.passage.id for hit in hits} == {hit.passage.id for hit in plain}
    assert hits[0].passage.text == last
    assert role.texts[0].startswith("《")
    assert sum(hit.score for hit in hits) == pytest.approx(sum(hit.score for hit in plain), rel=0.02)
    gone = [hit for hit in hits if not hit.passage.citable]
    assert gone, "texts that are not in force are neither read nor moved"
    assert all("reranker" not in hit.scores for hit in gone)
    assert hits[-len(gone) :] == gone


async def test_only_the_best_are_read_and_the_nearest_among_them(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = await a_stranger(built)
    monkeypatch.setattr(statutes, "READ", 3)
    monkeypatch.setattr(statutes, "READ_NEAR", 1)
    role = Role(near=text, rate=lambda _: 0.5)
    await found(built, role)
    assert len(role.texts) == 3
    assert text in role.texts


async def test_a_search_that_is_not_thorough_asks_nobody(built: Path) -> None:
    role = Role(near="甲", rate=lambda _: 0.5, error=AssertionError("asked"))
    plain = await found(built, None)
    assert await found(built, role, thorough=False) == plain


@pytest.mark.parametrize("error", [RetrievalError("没有内存了"), TimeoutError()])
async def test_what_fails_is_told_in_every_hit_and_the_rest_goes_on(built: Path, error: Exception) -> None:
    plain = await found(built, None)
    hits = await found(built, Role(near="甲", rate=lambda _: 0.5, error=error))
    assert [hit.model_copy(update={"lacking": ()}) for hit in hits] == plain
    assert {len(hit.lacking) for hit in hits} == {2}
    embedder, reranker = hits[0].lacking
    assert embedder.startswith("向量模型本次不可用") and reranker.startswith("重排模型本次不可用")
    assert (str(error) or "timeout") in embedder


async def test_vectors_of_another_embedder_are_never_compared(built: Path) -> None:
    other = EmbedderName("别家/模型", "ffff", 256)
    hits = await found(built, Role(near="甲", by=other))
    assert all("embedder" not in hit.scores for hit in hits)
    assert "lexhub ingest rebuild --encoder 别家/模型 --dimensions 256" in hits[0].lacking[0].replace("'", "")
    told = ingest.embedder_of(built)
    assert told is not None
    vectors.require(told, NAME, built)
    with pytest.raises(EncoderMismatch, match=r"某家/嵌入模型.*--dimensions 256"):
        vectors.require(told, other, built)


async def test_a_home_without_vectors_says_how_to_make_them(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path, knowledge())
    assert ingest.embedder_of(tmp_path) is None
    hits = await found(tmp_path, Role(near="甲"))
    assert "lexhub ingest rebuild --encoder" in hits[0].lacking[0]


def test_only_what_is_new_is_read_again(tmp_path: Path) -> None:
    one = next(path for path in sorted(LAWS.rglob("*.md")) if "租赁" in path.name)
    first, second = Embedder(), Embedder()
    ingest.ingest_laws(one, tmp_path, knowledge(), embedder=first)
    ingest.ingest_laws(LAWS, tmp_path, knowledge(), embedder=second)
    assert second.read
    assert not set(first.read) & set(second.read)
    store = generations.laws_store(tmp_path)
    folder = store.generation(store.current() or "")
    told = vectors.made(folder)
    assert told is not None
    stored = vectors.PassageVectors(folder, told)
    texts = [
        index.readable(edition.law, article.part, article.chapter, article.name, article.text)
        for edition in corpus.read_editions(folder)
        for article in edition.articles
    ]
    assert set(texts) & set(first.read) and set(texts) & set(second.read)
    for text in texts:
        assert stored.nearest(first.vector(text), 1)[0][0] == pytest.approx(1, abs=2e-3)
    changed = ingest.rebuild(tmp_path, knowledge(), embedder=Embedder(EmbedderName("某家/嵌入模型", "another")))
    assert changed and vectors.made(store.generation(store.current() or "")) != told
    assert not ingest.rebuild(tmp_path, knowledge(), embedder=Embedder(EmbedderName("某家/嵌入模型", "another")))
    assert ingest.rebuild(tmp_path, knowledge()), "without an embedder the vectors go"
    assert ingest.embedder_of(tmp_path) is None


def test_a_build_that_was_killed_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BLOCK", 4)

    class Dying(Embedder):
        def passages(self, texts: Sequence[str]) -> Vectors:
            if len(self.read) >= 8:
                raise MemoryError
            return super().passages(texts)

    first, second = Dying(), Embedder()
    with pytest.raises(MemoryError):
        ingest.ingest_laws(LAWS, tmp_path, knowledge(), embedder=first)
    ingest.ingest_laws(LAWS, tmp_path, knowledge(), embedder=second)
    assert len(first.read) == 8
    assert not set(first.read) & set(second.read)


async def test_a_newer_generation_takes_over_with_its_vectors(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path, knowledge())
    served = library(tmp_path, Role(near="甲"))
    query = Query(text=ASKED)
    assert (await served.search_articles(query))[0].lacking
    await asyncio.to_thread(ingest.rebuild, tmp_path, knowledge(), embedder=Embedder())
    served.renew()
    assert not (await served.search_articles(query))[0].lacking


@pytest.mark.parametrize("error", [None, RetrievalError("没有内存了")])
async def test_a_ranking_names_what_a_search_finds(built: Path, error: Exception | None) -> None:
    role = Role(near="甲", rate=lambda text: len(text) % 7 / 7, error=error)
    for helped, thorough in ((None, True), (role, True), (role, False)):
        hits = await found(built, helped, thorough=thorough)
        query = Query(text=ASKED, top=200, thorough=thorough)
        ranking = await library(built, helped).rank_articles(query)
        assert list(ranking.scores.items()) == [(hit.passage.id, hit.score) for hit in hits]
        assert ranking.lacking == hits[0].lacking
