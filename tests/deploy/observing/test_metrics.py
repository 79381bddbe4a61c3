"""What is counted while clients consult, and that no label takes a client's words."""

import hashlib
from typing import Any

import pytest

from deploy.observing.metrics import Metrics
from deploy.observing.replicas import Watching
from orchestrator.services import Services
from tests.deploy.conftest import Start
from tests.deploy.observing.readings import scraped
from tests.deploy.test_consultation_api import STORY, new, reply_to, say
from tests.orchestrator.doubles import Library, Pool, scripted

SECRET = "甲秘密乙"
PLAN = '{"route": "consult", "field": "民间借贷"}'


async def test_a_consultation_is_counted_from_question_to_answer(start: Start) -> None:
    async with start() as client:
        id = await new(client, confirm="auto")
        reply, turns = await say(client, id, {"content": STORY}), 1
        asked = len(reply["questions"])
        while reply["status"] == "question":
            reply, turns = await say(client, id, reply_to(reply)), turns + 1
            asked += len(reply["questions"])
        page = await scraped(client)
    assert page.sum("lexhub_turns_total") == turns
    assert page.sum("lexhub_turns_total", mode="professional", route="consult", status="answer") == 1
    assert page.sum("lexhub_turn_seconds_count", mode="professional", status="question") == turns - 1
    assert page.sum("lexhub_turn_fields_total", field="民间借贷") == turns
    assert page.sum("lexhub_questions_asked_total") == asked
    assert page.sum("lexhub_citations_total", result="digest") == len(reply["citations"]) > 0
    assert page.sum("lexhub_citations_total", result="rejected") == 0
    assert page.sum("lexhub_sessions_open") == 1
    assert page.sum("lexhub_turns_in_progress") == page.sum("lexhub_model_calls_in_progress") == 0
    for step in ("plan", "keywords", "articles", "cases", "answer", "verify"):
        assert page.sum("lexhub_step_seconds_count", step=step) == 1, step
    assert page.sum("lexhub_storage_seconds_count", operation="commit") == turns
    for task in ("plan", "keywords", "articles", "dialogue"):
        assert page.sum("lexhub_model_calls_total", task=task, result="ok") == 1, task
        assert page.sum("lexhub_model_first_chunk_seconds_count", task=task) == 1, task
    assert page.sum("lexhub_model_tokens_total", model="composer", direction="out") > 0
    assert page.sum("lexhub_retrieval_seconds_count", call="search_articles") >= 1
    route = "/v1/consultations/{id}/messages"
    assert page.sum("lexhub_http_requests_total", method="POST", route=route, status="200") == turns
    assert page.sum("lexhub_http_request_seconds_count", method="POST", route=route) == turns
    assert page.sum("lexhub_corpus_up") == 1 and page.sum("lexhub_corpus_articles") > 500
    assert page.values("lexhub_model_healthy", "model") >= {"composer", "neighbour-keyword"}


async def test_retries_fallbacks_failures_and_degraded_tasks_are_counted(start: Start) -> None:
    pool = Pool(
        scripted("planner", "plan", PLAN),
        scripted("keys", "keywords", failures=["ModelUnavailable"] * 99),
        scripted("arts", "articles", '{"articles": []}'),
        scripted("first", "dialogue", failures=["ModelOverloaded"] * 99).model_copy(update={"rank": 1}),
        scripted("second", "dialogue", "您可以要求还款。"),
    )
    services = Services(library=Library(), models=pool)
    async with start(services) as client:
        answer = await client.post(
            "/v1/chat/completions", json={"model": "lexhub-normal", "messages": [{"role": "user", "content": STORY}]}
        )
        assert answer.status_code == 200, answer.text
        page = await scraped(client)
    assert page.sum("lexhub_model_calls_total", model="keys", result="model_unavailable") == 2
    assert page.sum("lexhub_model_retries_total", model="keys") == 1
    assert page.sum("lexhub_model_calls_total", model="first", result="model_overloaded") == 2
    assert page.sum("lexhub_model_fallbacks_total", model="second") == 1
    assert page.sum("lexhub_model_calls_total", model="second", result="ok") == 1
    assert page.sum("lexhub_degraded_total", task="keywords") == 1
    assert page.sum("lexhub_turns_total", mode="normal", status="answer") == 1


async def test_a_failed_turn_is_counted_by_its_code(start: Start) -> None:
    pool = Pool(scripted("planner", "plan", PLAN), scripted("writer", "dialogue", "…"))
    async with start(Services(library=Library(broken={"search_articles", "resolve", "state"}), models=pool)) as client:
        id = await new(client, mode="normal", confirm="auto")
        answer = await client.post(f"/v1/consultations/{id}/messages", json={"content": STORY})
        assert answer.status_code == 500
        page = await scraped(client)
    assert page.sum("lexhub_turns_total", mode="normal", status="failed") == 1
    assert page.sum("lexhub_turn_failures_total", code="retrieval_failed") == 1
    assert page.sum("lexhub_errors_total", code="retrieval_failed") == 1
    assert page.sum("lexhub_retrieval_errors_total", call="search_articles", code="retrieval_failed") >= 1
    assert page.sum("lexhub_corpus_up") == 0


async def test_the_events_of_streams_are_counted(start: Start) -> None:
    async with start() as client:
        id = await new(client)
        headers = {"Accept": "text/event-stream"}
        text = (await client.post(f"/v1/consultations/{id}/messages", json={"content": STORY}, headers=headers)).text
        await client.get(f"/v1/consultations/{id}/events")  # all at once
        page = await scraped(client)
    sent = text.count("\nevent: ") + text.startswith("event: ")
    for route in ("/v1/consultations/{id}/messages", "/v1/consultations/{id}/events"):
        assert page.sum("lexhub_sse_events_total", route=route) == sent, route


async def test_no_label_takes_what_a_client_made_up(start: Start) -> None:
    async with start() as client:
        for path in (
            f"/v1/{SECRET}",
            f"/v1/models/{SECRET}",
            f"/v1/consultations/{SECRET}",
            f"/v1/articles/{SECRET}/1",
        ):
            assert (await client.get(path)).status_code == 404
        assert (await client.request("SECRETLY", "/healthz")).status_code == 405
        body: dict[str, Any] = {"model": f"dialogue:{SECRET}", "messages": [{"role": "user", "content": SECRET}]}
        assert (await client.post("/v1/chat/completions", json=body)).status_code == 404
        await client.post("/v1/consultations", content=SECRET)
        await say(client, await new(client, mode="normal"), {"content": SECRET}, **{"X-Request-ID": "mine"})
        page = await scraped(client)
    assert SECRET not in page.text and "SECRETLY" not in page.text
    assert page.sum("lexhub_http_requests_total", method="other", status="405") == 1
    assert page.sum("lexhub_http_requests_total", route="/v1/models/{name}", status="404") == 1
    assert page.sum("lexhub_http_requests_total", route="none", status="404") == 1
    assert page.sum("lexhub_errors_total", code="no_such_article") == 1


async def test_with_keys_the_page_takes_the_scope_metrics_or_admin(start: Start) -> None:
    digest = hashlib.sha256
    keys = [
        {"name": scope, "sha256": digest(scope.encode()).hexdigest(), "scopes": [scope]}
        for scope in ("metrics", "admin", "consult")
    ]
    async with start(api_keys=keys) as client:
        told = {
            scope: (await client.get("/metrics", headers={"Authorization": f"Bearer {scope}"})).status_code
            for scope in ("metrics", "admin", "consult", "wrong")
        }
        assert told == {"metrics": 200, "admin": 200, "consult": 403, "wrong": 401}
        assert (await client.get("/metrics")).status_code == 401


async def test_an_unexpected_error_is_answered_counted_and_named_by_its_request(start: Start) -> None:
    class Broken(Library):
        async def article(self, *args: Any, **more: Any) -> Any:
            raise RuntimeError(SECRET)

    async with start(Services(library=Broken(), models=Pool(scripted("a", "dialogue")))) as client:
        answer = await client.get("/v1/articles/民法典/1", headers={"X-Request-ID": "find-me"})
        page = await scraped(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert answer.headers["X-Request-ID"] == "find-me"
    assert SECRET not in answer.text
    assert page.sum("lexhub_errors_total", code="internal_error") == 1


@pytest.mark.parametrize("served", [False, True])
async def test_the_id_is_on_the_response_once(start: Start, served: bool) -> None:
    """Ray Serve adds it itself; twice would reach clients as `a, a`."""
    async with start(watching=Watching(served=served)) as client:
        answer = await client.get("/healthz", headers={"X-Request-ID": "mine"})
    assert answer.headers.get_list("x-request-id") == ([] if served else ["mine"])


def test_names_follow_prometheus() -> None:
    for family in Metrics().registry.collect():
        if family.name.startswith("process_"):
            continue
        assert family.name.startswith("lexhub_"), family.name
        assert family.documentation, family.name
        if family.type == "histogram":
            assert family.name.endswith("_seconds"), family.name
        assert not family.name.endswith("_total"), family.name  # the writer adds it to counters
