"""What reaches a log line: nothing of a client's, and what an operator needs to find a request again."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from deploy import logs
from deploy.logs import JsonFormatter, MaskingFormatter
from deploy.observing import middleware
from deploy.observing.context import hashed, new_id, request_id
from tests.deploy.conftest import Start
from tests.deploy.observing.readings import scraped
from tests.deploy.test_consultation_api import STORY, new, say


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a JSON log writes; the log is put back afterwards."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root, ours = logging.getLogger(), logging.getLogger("lexhub")
    handlers, levels = list(root.handlers), (root.level, ours.level)
    logs.install("json", {"deployment": "ingress", "replica": "r1"})
    yield written
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def written(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.parametrize("formatter", [MaskingFormatter(), JsonFormatter({})])
def test_identity_data_is_masked_in_messages_and_tracebacks(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("电话13812345678")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "身份证 %s", ("11010519491231002X",), sys.exc_info())
    record.told = {"code": "电话13812345678"}
    line = formatter.format(record)
    assert "13812345678" not in line
    assert "11010519491231002X" not in line
    assert "ValueError" in line


async def test_a_request_is_found_by_its_id(start: Start, lines: io.StringIO) -> None:
    async with start() as client:
        id = await new(client)
        lines.truncate(0)
        lines.seek(0)
        await say(client, id, {"content": STORY}, **{"X-Request-ID": "find-me"})
        refused = await client.get("/v1/consultations/nobody", headers={"X-Request-ID": "and-me"})
        assert (await client.get("/healthz")).status_code == 200
    assert refused.headers["X-Request-ID"] == "and-me"
    told = written(lines)
    turn = next(row for row in told if row["logger"] == "lexhub.turns")
    assert (turn["request"], turn["session"], turn["turn"], turn["status"]) == ("find-me", hashed(id), 1, "question")
    found, missed = [row for row in told if row["logger"] == "lexhub.access"]  # one line a request, none for /healthz
    assert found["request"] == "find-me" and found["session"] == hashed(id) and found["replica"] == "r1"
    assert (found["method"], found["route"]) == ("POST", "/v1/consultations/{id}/messages")
    assert (found["status"], found["key"]) == (200, "loopback")
    assert (missed["request"], missed["status"], missed["code"]) == ("and-me", 404, "session_not_found")
    text = json.dumps(told, ensure_ascii=False)
    assert id not in text
    assert not any(piece in text for piece in ("拉黑", "五万", "朋友"))


async def test_refusals_are_one_line_together_and_push_no_request_out(
    start: Start, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "TOLD_EVERY_S", 0.2)
    async with start(ingress={"ongoing": 1, "queued": 1}) as client:
        asked = (client.post("/v1/articles/search", json={"query": f"借款{number}"}) for number in range(6))
        answers = await asyncio.gather(*asked)
        refused = sum(one.status_code == 503 for one in answers)
        assert refused == 4
        await asyncio.sleep(0.4)
        kept = (await client.get("/v1/admin/requests")).json()["requests"]
        assert (await scraped(client)).sum("lexhub_errors_total", code="overloaded") == refused
    assert {row["status"] for row in kept} == {200}
    [line] = [row for row in written(lines) if row["message"] == "refused"]
    assert (line["code"], line["requests"]) == ("overloaded", refused)


def test_an_id_that_a_client_gives_is_kept_only_when_it_is_fit_for_a_line() -> None:
    assert new_id("4bf92f35-77b3:a_b.c") == "4bf92f35-77b3:a_b.c"
    for bad in ("a b", "甲", "a\nb", "x" * 65, "{}", "13812345678"):
        assert new_id(bad) == f"sha256-{hashed(bad)}"  # who quotes it is still found
    assert len({new_id() for _ in range(100)}) == 100


def test_a_text_line_begins_with_its_request() -> None:
    record = logging.LogRecord("lexhub", logging.WARNING, "f", 1, "slow", (), None)
    token = request_id.set("r-7")
    assert MaskingFormatter().format(record).startswith("[r-7] ")
    request_id.reset(token)
    assert not MaskingFormatter().format(record).startswith("[")
