"""What a replica does with work that nobody waits for any more: nothing."""

import time
from typing import Any

import pytest

from deploy.deployments import ModelServer, RetrieverServer
from deploy.observing.replicas import Watching
from models.contracts import DeadlineExceeded, GenerationRequest, Message
from retrievers.contracts import Query, SearchTooLate
from tests.orchestrator.doubles import Library, Pool, scripted


def request(left: float) -> GenerationRequest:
    return GenerationRequest(messages=(Message(role="user", content="你好"),), deadline=time.time() + left)


async def test_a_model_replica_drops_a_request_past_its_deadline() -> None:
    model = Pool(scripted("a", "dialogue", "好的")).generator("a")
    server = ModelServer.__new__(ModelServer)  # its own start needs Serve
    server._models, server.watching = {"a": model}, Watching()
    with pytest.raises(DeadlineExceeded):
        await anext(aiter(server.generate("a", request(-0.1))))
    assert model.requests == []
    assert [chunk.text async for chunk in server.generate("a", request(5))] == ["好的"]


async def test_a_retriever_replica_drops_a_search_past_its_deadline() -> None:
    asked: list[Query] = []

    class Asked(Library):
        async def search_articles(self, query: Query) -> Any:
            asked.append(query)
            return []

        search_cases = search_articles

        async def documents(self, query: Query, corpora: Any) -> Any:
            return await self.search_articles(query)

    server = RetrieverServer.__new__(RetrieverServer)
    server._library, server.watching = Asked(), Watching()  # type: ignore[assignment]
    late = Query(text="借款", deadline=time.time() - 0.1)
    for search in (server.search_articles(late), server.search_cases(late), server.documents(late, ["hr"])):
        with pytest.raises(SearchTooLate):
            await search
    assert asked == []
    await server.search_articles(Query(text="借款", deadline=time.time() + 5))
    await server.search_cases(Query(text="借款"))
    assert len(asked) == 2
