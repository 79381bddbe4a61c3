"""The article role end to end, with tiny random checkpoints: vectors made at import, a search, what fails."""

import asyncio
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy import article, local, server, settings
from deploy.article import LocalRole, PassageEmbedder, RoleFailed
from deploy.cli import app
from deploy.learned import knowledge
from deploy.settings import ArticleDeployment, BadSettings, Settings
from models.contracts import ModelUnavailable, OutOfMemory
from models.readers import EmbedderOptions, RerankerOptions
from retrievers import embedded, ingest
from retrievers.contracts import EncoderMismatch, Query
from retrievers.library import LocalLibrary
from tests.models import tiny_readers
from tests.retrievers.conftest import LAWS, SHIPPED

RUN = CliRunner()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_readers.embedder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_readers.classifier(tmp_path_factory.mktemp("reranker"))


@pytest.fixture
def roles(encoder: Path, reranker: Path) -> ArticleDeployment:
    return ArticleDeployment(
        encoder=EmbedderOptions(model=str(encoder), device="cpu"),
        reranker=RerankerOptions(model=str(reranker), device="cpu"),
    )


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for the invented laws alone."""
    monkeypatch.setattr(embedded, "shipped", lambda: SHIPPED)
    monkeypatch.setattr(embedded, "fingerprint", lambda: SHIPPED.fingerprint)
    monkeypatch.setenv("LEXHUB_HOME", str(tmp_path))
    return tmp_path


def of(home: Path, roles: ArticleDeployment, **more: Any) -> Settings:
    return settings.load("embedded", {"home": str(home), "article": roles.model_dump(mode="json"), **more})


async def test_from_import_to_search(small: Path, roles: ArticleDeployment, encoder: Path) -> None:
    done = await asyncio.to_thread(RUN.invoke, app, ["ingest", "laws", str(LAWS), "--encoder", str(encoder)])
    assert done.exit_code == 0, done.output
    loaded = of(small, roles, limits={"reading": 60, "retrieval": 150})
    server.check_home(loaded)
    library = local.services(loaded).library
    query = Query(text="坐渡船超载了,能退渡钱吗", as_of=date(2026, 11, 20), top=10)
    hits = await library.search_articles(query)
    assert hits[0].lacking == ()
    assert all({"reranker", "ranker"} <= hit.scores.keys() for hit in hits if hit.passage.citable)
    assert any("embedder" in hit.scores for hit in hits)
    role = LocalRole(roles)
    [best] = [hit for hit in hits if hit.passage.id == hits[0].passage.id]
    [said] = await role.rerank(query.text, [_readable(best.passage)])
    assert best.scores["reranker"] == pytest.approx(said, abs=1e-3)
    plain = await LocalLibrary.open(small, knowledge()).search_articles(query)
    assert [hit.score for hit in plain] != [hit.score for hit in hits]
    assert "reranker" not in plain[0].scores


def test_the_home_remembers_its_embedder(small: Path, encoder: Path, roles: ArticleDeployment) -> None:
    assert RUN.invoke(app, ["ingest", "rebuild", "--encoder", str(encoder), "--dimensions", "16"]).exit_code == 0
    made = ingest.embedder_of(small)
    assert made is not None
    assert (made.model, made.cut) == (str(encoder), 16)
    again = RUN.invoke(app, ["ingest", "laws", str(LAWS)])
    assert again.exit_code == 0, again.output
    assert ingest.embedder_of(small) == made
    with pytest.raises(EncoderMismatch, match=f"lexhub ingest rebuild --encoder {encoder}`"):
        server.check_home(of(small, roles))
    assert "没有变化" in RUN.invoke(app, ["ingest", "rebuild"]).output
    assert RUN.invoke(app, ["ingest", "rebuild", "--encoder", "none"]).exit_code == 0
    assert ingest.embedder_of(small) is None


def test_a_server_does_not_start_without_the_vectors_or_the_model(small: Path, roles: ArticleDeployment) -> None:
    with pytest.raises(EncoderMismatch, match="lexhub ingest rebuild --encoder"):
        server.check_home(of(small, roles))
    with pytest.raises(EncoderMismatch, match="lexhub ingest rebuild --encoder"):
        local.services(of(small, roles))
    server.check_home(of(small, roles.model_copy(update={"encoder": None})))
    away = ArticleDeployment(encoder=EmbedderOptions(model="Qwen/Qwen3-Embedding-0.6B", download=False))
    with pytest.raises(ModelUnavailable, match="hf download Qwen/Qwen3-Embedding"):
        article.require_vectors(of(small, away))


def test_another_checkpoint_is_another_embedder(small: Path, encoder: Path, tmp_path: Path) -> None:
    options = EmbedderOptions(model=str(tiny_readers.embedder(tmp_path / "other", seed=3)), device="cpu")
    ingest.ingest_laws(LAWS, small, knowledge(), embedder=PassageEmbedder(options))
    with pytest.raises(EncoderMismatch, match="made with another embedder"):
        article.require_vectors(of(small, ArticleDeployment(encoder=EmbedderOptions(model=str(encoder)))))
    article.require_vectors(of(small, ArticleDeployment(encoder=options.model_copy(update={"prompt": "问:"}))))


async def test_questions_at_once_are_what_each_is_alone(roles: ArticleDeployment) -> None:
    role = LocalRole(roles)
    texts = ["公司拖欠工资怎么办?", "离婚", "你好,我想咨询一下离婚的问题。"]
    together = await asyncio.gather(*(role.embed(text) for text in texts))
    for text, one in zip(texts, together, strict=True):
        assert one.vector == pytest.approx((await role.embed(text)).vector, abs=1e-5)
        assert one.by.digest == together[0].by.digest


async def test_a_role_that_fails_says_so_and_why(roles: ArticleDeployment, monkeypatch: pytest.MonkeyPatch) -> None:
    role = LocalRole(roles)
    with pytest.raises((RoleFailed, TimeoutError)):
        await role.rerank("借钱", ["还钱"] * 40, deadline=time.time() - 1)
    assert not role.broken

    def full(*_: object) -> None:
        raise OutOfMemory("no memory for a batch")

    monkeypatch.setattr(role._embedder, "questions", full)
    with pytest.raises(RoleFailed, match="model_out_of_memory"):
        await role.embed("借钱")
    assert not role.broken

    def fallen(*_: object) -> None:
        raise ModelUnavailable("the device is lost")

    monkeypatch.setattr(role._reranker, "scores", fallen)
    with pytest.raises(RoleFailed, match="the device is lost"):
        await role.rerank("借钱", ["还钱"])
    assert role.broken == "the device is lost"


def test_settings_of_the_role_are_checked(tmp_path: Path) -> None:
    loaded = settings.load("gpu", {"home": str(tmp_path)})
    assert loaded.article is not None
    assert loaded.article.encoder is not None and loaded.article.encoder.model == "Qwen/Qwen3-Embedding-0.6B"
    assert sum(one.gpus for one in (*loaded.models, loaded.article)) <= 1
    with pytest.raises(BadSettings, match=r"article\.encoder\.modle"):
        settings.load("embedded", {"home": str(tmp_path), "article": {"encoder": {"modle": "x"}}})
    with pytest.raises(BadSettings, match=r"limits\.reading"):
        settings.load("gpu", {"home": str(tmp_path), "limits": {"reading": 5}})


def _readable(passage: Any) -> str:
    place = " ".join(part for part in (passage.part, passage.chapter) if part)
    return f"《{passage.law}》{passage.article}{f'({place})' if place else ''}\n{passage.text}"
