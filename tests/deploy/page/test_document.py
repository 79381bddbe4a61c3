"""The page's document: nothing from or to another host, no script without the nonce."""

import json
import re
from collections.abc import AsyncIterator

import pytest

from deploy.page import assets
from deploy.page.document import Document, Front, policy
from tests.deploy.page.conftest import Begin, Both

OUTSIDE = re.compile(r"(?:https?:)?//[a-zA-Z0-9.-]+\.[a-z]{2,}")
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.fixture
async def both(begin: Begin) -> AsyncIterator[Both]:
    async with begin() as started:
        yield started


@pytest.mark.parametrize(
    "path", ["/ui/", "/ui/en/", "/ui/theme.css", "/ui/own/style.css", "/ui/own/tools.css", "/ui/own/page.js"]
)
async def test_no_word_of_another_host(both: Both, path: str) -> None:
    answer = await both.page.get(path)
    assert answer.status_code == 200
    assert OUTSIDE.findall(answer.text.replace(NAMESPACE, "")) == []
    assert "gradio.app" not in answer.text and "huggingface" not in answer.text


async def test_every_script_of_the_document_has_its_nonce(both: Both) -> None:
    answer = await both.page.get("/ui/")
    told = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([\w-]+)'", told)
    assert nonce is not None
    tags = re.findall(r"<script[^>]*>", answer.text)
    assert len(tags) >= 3 and all(f'nonce="{nonce[1]}"' in tag for tag in tags)
    again = (await both.page.get("/ui/")).headers["content-security-policy"]
    assert nonce[1] not in again


def test_the_policy_allows_nothing_outside_and_no_inline_script() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("n").split("; "))
    assert rules["default-src"] == "'none'" and rules["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in rules["script-src"]
    for rule in rules.values():
        assert not re.search(r"\*|https?:|(?<!')\b[a-z-]+\.[a-z]{2,}", rule), rule


@pytest.mark.parametrize(("path", "language"), [("/ui/", "zh-CN"), ("/ui/en/", "en")])
async def test_something_is_shown_before_any_script_runs(both: Both, path: str, language: str) -> None:
    text = (await both.page.get(path)).text
    assert re.search(rf'<html [^>]*lang="{language}"', text)
    body = text[text.index("<body>") :]
    assert "12348" in body and ("AI生成" in body or "AI-generated" in body)


async def test_gradio_is_told_to_keep_to_itself(both: Both) -> None:
    text = (await both.page.get("/ui/")).text
    found = re.search(r"window\.gradio_config = (\{.*?\}); window", text, re.S)
    assert found is not None
    config = json.loads(found[1])
    assert config["root"] == "http://localhost/ui"
    assert not config["analytics_enabled"] and not config["run_history"] and config["footer_links"] == []
    assert all(one["api_visibility"] == "private" for one in config["dependencies"])


async def test_own_files_last_and_the_document_does_not(both: Both) -> None:
    page = await both.page.get("/ui/")
    assert page.headers["cache-control"] == "no-store"
    address = re.search(r'href="(own/style\.css\?\w+)"', page.text)
    assert address is not None
    style = await both.page.get(f"/ui/{address[1]}")
    assert "immutable" in style.headers["cache-control"] and style.text == assets.read("style.css")
    assert (await both.page.get("/ui/own/other.css")).status_code == 404


async def test_a_head_tells_of_the_same_document(both: Both) -> None:
    head = await both.page.head("/ui/")
    assert head.status_code == 200 and head.text == "" and int(head.headers["content-length"]) > 1000


def test_a_document_that_gradio_wrote_otherwise_is_an_error() -> None:
    async def app(scope: object, receive: object, send: object) -> None: ...

    with pytest.raises(RuntimeError, match="gradio"):
        Document(app, {}, {}).page("<html></html>", Front("zh", ""), "n")
