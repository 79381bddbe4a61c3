"""What Open WebUI sends to an OpenAI connection: the check of it, chats, its background chores, its headers.

The requests follow its documentation and its public source. It is not run here: it was run beside a server of ours
(0.12.4, from PyPI), where these requests were seen.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.deploy.stock.conftest import KEY, STORY

# As it tells who is signed in, where that is switched on: names are percent-encoded.
WHO = {
    "X-OpenWebUI-User-Name": "%E5%BC%A0%E4%B8%89",
    "X-OpenWebUI-User-Id": "7d1c",
    "X-OpenWebUI-User-Email": "a@example.org",
    "X-OpenWebUI-User-Role": "admin",
    "X-OpenWebUI-Chat-Id": "c1",
}
SAID = f"USER: {STORY}\nASSISTANT: 为了给出准确的意见,还需要了解:\nUSER: 没约定利息"


@pytest.fixture
def page(base_url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **WHO}
    with httpx.Client(base_url=base_url, headers=headers, timeout=60) as client:
        yield client


def chore(task: str, form: str) -> str:
    """A background request in the manner of its templates, in our words."""
    return f"### Task:\n{task}\n### Guidelines:\n- Be brief.\n### Output:\nJSON format: {form}\n### Chat History:\n<chat_history>\n{SAID}\n</chat_history>"


def asked(page: httpx.Client, content: Any, **more: Any) -> httpx.Response:
    body = {"model": "lexhub", "stream": False, "messages": [{"role": "user", "content": content}], **more}
    return page.post("/chat/completions", json=body)


def test_the_connection_is_checked(page: httpx.Client) -> None:
    rows = page.get("/models").raise_for_status().json()["data"]
    assert {"lexhub", "lexhub-normal"} <= {row["id"] for row in rows}
    assert all(row["object"] == "model" and row["owned_by"] for row in rows)


def test_the_models_say_that_they_take_no_tools(page: httpx.Client) -> None:
    """Open WebUI 0.12 reads it there, and else sends tools of its own with every message, which are refused."""
    for row in page.get("/models").raise_for_status().json()["data"]:
        able = row["info"]["meta"]["capabilities"]
        assert not any(able.values()) and {"builtin_tools", "vision", "file_upload"} <= set(able)


def test_a_chat_streams(page: httpx.Client) -> None:
    body = {
        "model": "lexhub", "stream": True, "stream_options": {"include_usage": True},
        "messages": [{"role": "system", "content": "User: 张三"}, {"role": "user", "content": STORY}],
    }  # fmt: skip
    with page.stream("POST", "/chat/completions", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in answer.iter_lines() if line]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    assert "还需要了解" in text
    assert chunks[-1]["usage"]["total_tokens"] > 0


@pytest.mark.parametrize(
    ("task", "form", "wanted"),
    [
        ("Generate a title.", '{ "title": "your concise title here" }', {"title": f"{STORY[:24]}…"}),
        ("Generate tags.", '{ "tags": ["tag1", "tag2"] }', {"tags": []}),
        ("Suggest questions.", '{ "follow_ups": ["Question 1?"] }', {"follow_ups": []}),
    ],
)
def test_chores_are_no_consultations(page: httpx.Client, task: str, form: str, wanted: dict[str, Any]) -> None:
    made = asked(page, chore(task, form), max_completion_tokens=1000).raise_for_status().json()
    message = made["choices"][0]["message"]
    assert json.loads(message["content"]) == wanted
    assert "lexhub" not in message


def test_what_only_looks_like_a_chore_is_a_message(page: httpx.Client) -> None:
    for text in (f"### Task:\n{STORY}", f"请看<chat_history>{STORY}</chat_history>"):
        message = asked(page, text).raise_for_status().json()["choices"][0]["message"]
        assert message["lexhub"]["status"] == "question"


def test_a_chore_gives_no_markup_back(page: httpx.Client) -> None:
    text = chore("Generate a title.", '{ "title": "x" }').replace(STORY, "<img src=x onerror=alert(1)>![a](http://x)")
    made = asked(page, text).raise_for_status().json()
    assert "<img" not in made["choices"][0]["message"]["content"]
    assert "](http" not in made["choices"][0]["message"]["content"]


def test_pictures_are_refused_in_words_for_people(page: httpx.Client) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    answer = asked(page, [{"type": "text", "text": "看看这张借条"}, picture])
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (400, "unsupported_parameter", "messages")
    assert "只接受文字" in error["message"]
