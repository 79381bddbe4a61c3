"""The library and the models behind handles whose replicas are silent, lost or full: no Ray, the test answers."""

import time
from collections.abc import AsyncIterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from ray.exceptions import ActorUnavailableError
from ray.serve.exceptions import BackPressureError

from deploy.lines import Opening, Outboxes
from deploy.remote.library import LibraryOverloaded, LibraryUnavailable, RemoteLibrary, RemoteRole
from deploy.remote.models import RemotePool
from deploy.remote.retrying import Hedging
from deploy.settings import ArticleDeployment
from models.backends.scripted import Options, ScriptedModel
from models.contracts import Chunk, DeadlineExceeded, GenerationRequest, Message, ModelCard, ModelUnavailable
from models.readers import EmbedderOptions
from tests.deploy.remote.calls import Call, Handle, Stream

SOON = Hedging(after_s=0.02)
CARD = ModelCard(name="composer", label="文书", backend="composer", abilities=("dialogue",))


def lost() -> Exception:
    return ActorUnavailableError("the node is gone", None)


def request(deadline: float | None = None) -> GenerationRequest:
    return GenerationRequest(task="dialogue", messages=(Message(role="user", content="你好"),), deadline=deadline)


async def said(pool: RemotePool, asked: GenerationRequest) -> list[str]:
    return [chunk.text async for chunk in pool.generator(CARD.name).generate(asked)]


def pool(handle: Handle, replicas: int = 2) -> RemotePool:
    return RemotePool({CARD.name: CARD}, {CARD.name: handle}, 0.02, {CARD.name} if replicas > 1 else set())  # type: ignore[dict-item]


async def test_a_search_outlives_a_silent_retriever_and_a_lost_one() -> None:
    handle = Handle([Call, partial(Call, lost()), partial(Call, ["合同法"])])
    assert await RemoteLibrary(handle, SOON, 5).document_corpora() == ["合同法"]  # type: ignore[arg-type]
    assert len(handle.calls) == 3 and handle.calls[0].cancelled


async def test_a_retriever_that_never_answers_is_unavailable_and_a_full_one_overloaded() -> None:
    with pytest.raises(LibraryUnavailable, match=r"0\.1 s"):
        await RemoteLibrary(Handle([Call]), SOON, 0.1).state()  # type: ignore[arg-type]
    full = BackPressureError(num_queued_requests=9, max_queued_requests=8)
    with pytest.raises(LibraryOverloaded):
        await RemoteLibrary(Handle([partial(Call, full)]), SOON, 5).state()  # type: ignore[arg-type]


async def test_the_article_role_is_asked_again_where_it_has_another_replica() -> None:
    encoder = EmbedderOptions(model="some/encoder")
    for replicas, calls in ((1, 1), (2, 2)):
        handle = Handle([Call])
        role = RemoteRole(ArticleDeployment(replicas=replicas, encoder=encoder), handle, 0.2)  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            await role.embed("问题")
        assert len(handle.calls) == calls


async def test_a_model_that_is_silent_is_asked_at_another_replica_unseen() -> None:
    handle = Handle([partial(Stream, silent=True), partial(Stream, Chunk(text="甲"), Chunk(text="乙"))])
    assert await said(pool(handle), request()) == ["甲", "乙"]
    assert [call.cancelled for call in handle.calls] == [True, True]  # what ended is let go as well


async def test_a_session_whose_own_replica_is_silent_goes_to_any_other() -> None:
    handle = Handle([partial(Stream, silent=True), partial(Stream, Chunk(text="甲"))])
    assert await said(pool(handle), request().model_copy(update={"session": "甲案"})) == ["甲"]
    assert [given.get("session_id") for given in handle.given] == ["甲案", None]


class Written:
    """A handle of a model that writes token by token: the first `silent` requests get no replica, the rest this one."""

    def __init__(self, silent: int) -> None:
        self._silent, self._replica, self.asked = silent, Outboxes("replica"), 0
        self.send, self.line = SimpleNamespace(remote=self._send), SimpleNamespace(remote=self._replica.line)

    def options(self, **more: object) -> "Written":
        return self

    def _send(self, name: str, wanted: GenerationRequest, opening: Opening, carried: object) -> Any:
        self.asked += 1
        if self.asked <= self._silent:
            return Stream(silent=True)
        return Generated(self._replica.send(ScriptedModel(Options(replies=("甲乙丙丁",), piece=1)), wanted, opening))


class Generated(Stream):
    """The stream of a generator."""

    def __init__(self, items: AsyncIterator[Any]) -> None:
        super().__init__()
        self._items = items

    async def __anext__(self) -> Any:
        return await anext(self._items)


async def test_a_model_that_writes_token_by_token_is_asked_again_when_no_replica_takes_the_request() -> None:
    card = CARD.model_copy(update={"backend": "http_endpoint"})
    for silent in (0, 1):
        handle = Written(silent)
        made = RemotePool({card.name: card}, {card.name: handle}, 0.02, {card.name})  # type: ignore[dict-item]
        assert [piece for piece in await said(made, request()) if piece] == ["甲", "乙", "丙", "丁"]
        assert handle.asked == silent + 1


async def test_a_model_that_breaks_off_is_not_begun_again() -> None:
    handle = Handle([partial(Stream, Chunk(text="甲"), error=lost()), partial(Stream, Chunk(text="乙"))])
    got: list[str] = []
    with pytest.raises(ModelUnavailable):
        async for chunk in pool(handle).generator(CARD.name).generate(request()):
            got.append(chunk.text)
    assert got == ["甲"] and len(handle.calls) == 1


async def test_a_model_with_one_replica_is_asked_once_and_until_its_deadline() -> None:
    handle = Handle([partial(Stream, silent=True)])
    with pytest.raises(DeadlineExceeded):
        await said(pool(handle, replicas=1), request(time.time() + 0.2))
    assert len(handle.calls) == 1


async def test_a_model_all_of_whose_replicas_are_lost_is_unavailable_soon() -> None:
    began = time.monotonic()
    with pytest.raises(ModelUnavailable):
        await said(pool(Handle([partial(Stream, error=lost())])), request(time.time() + 60))
    assert time.monotonic() - began < 30


async def test_a_card_without_a_handle_is_hosted_here() -> None:
    card = ModelCard(
        name="here", label="此处", backend="scripted", abilities=("dialogue",), options={"replies": ["你好"]}
    )
    made = RemotePool({card.name: card}, {}, 0.02, set())
    assert "".join([chunk.text async for chunk in made.generator("here").generate(request())]) == "你好"
    assert [one.name for one in made.cards()] == ["here"]
