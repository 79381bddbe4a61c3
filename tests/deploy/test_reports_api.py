"""Reports over the API in every format: content, file names, and what is said where no font is there."""

import json
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import httpx
import pytest
from pypdf import PdfReader

from orchestrator import reports
from orchestrator.papers import fonts
from orchestrator.papers.paper import Paper
from retrievers.contracts import Passage
from tests.deploy.conftest import Start
from tests.deploy.test_consultation_api import STORY, new, reply_to, say

EMOJI = "我把他拉黑了😡"


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without fonts."""
    monkeypatch.setattr(fonts, "system_folders", lambda: (tmp_path / "fonts",))


async def advised(client: httpx.AsyncClient, story: str = STORY) -> tuple[str, dict[str, Any]]:
    """A consultation that came to its answer: the path of its report, and the reply."""
    id = await new(client, confirm="auto")
    reply = await say(client, id, {"content": story})
    while reply["status"] == "question":
        reply = await say(client, id, reply_to(reply))
    assert reply["status"] == "answer"
    return f"/v1/consultations/{id}/report", reply


def file_name(answer: httpx.Response) -> str:
    found = re.fullmatch(
        r"attachment; filename=\"lexhub-2026-11-20\.\w+\"; filename\*=UTF-8''(.+)",
        answer.headers["content-disposition"],
    )
    assert found is not None
    return unquote(found[1])


async def test_the_report_in_three_formats(start: Start, chinese_font: Path, no_fonts: None) -> None:
    async with start(font=str(chinese_font), producer="某某公司") as client:
        path, reply = await advised(client)
        plain = await client.get(path)
        assert plain.headers["content-type"] == "text/markdown; charset=utf-8"
        assert file_name(plain) == "法律咨询报告-2026-11-20.md"
        word = await client.get(path, params={"format": "docx"})
        assert word.headers["content-type"].endswith("wordprocessingml.document")
        assert file_name(word) == "法律咨询报告-2026-11-20.docx"
        pdf = await client.get(path, params={"format": "pdf"})
        assert pdf.headers["content-type"] == "application/pdf"
        assert file_name(pdf) == "法律咨询报告-2026-11-20.pdf"
    document = docx.Document(BytesIO(word.content))
    in_word = [one.text for one in document.paragraphs] + [
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    ]
    reader = PdfReader(BytesIO(pdf.content))
    in_pdf = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert reader.metadata is not None
    assert json.loads(reader.metadata["/AIGC"])["ContentProducer"] == "某某公司"
    for citation in reply["citations"]:
        name = f"《{citation['law']}》{citation['article']}"
        assert name in plain.text
        assert name in in_word
        assert name in in_pdf
    assert STORY in plain.text
    assert STORY in "\n".join(in_word)
    assert STORY in in_pdf


async def test_the_library_is_asked_for_the_whole_of_every_article(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    make = reports.report

    def kept(*args: Any) -> Paper:
        articles: Mapping[str, Passage] = args[4]
        given.extend(articles)
        return make(*args)

    monkeypatch.setattr(reports, "report", kept)
    async with start() as client:
        path, reply = await advised(client)
        assert (await client.get(path)).status_code == 200
    assert given == [citation["id"] for citation in reply["citations"]]


async def test_without_a_font_pdf_is_refused_in_words_and_the_others_work(start: Start, no_fonts: None) -> None:
    async with start() as client:
        path, _ = await advised(client)
        refused = await client.get(path, params={"format": "pdf"})
        assert refused.status_code == 501
        error = refused.json()["error"]
        assert (error["code"], error["type"]) == ("no_cjk_font", "server_error")
        assert "fonts-noto-cjk" in error["message"]
        assert (await client.get(path, params={"format": "docx"})).status_code == 200


async def test_emoji_and_rare_characters_in_a_story(start: Start, chinese_font: Path) -> None:
    async with start(font=str(chinese_font)) as client:
        path, _ = await advised(client, STORY + EMOJI)
        pdf = await client.get(path, params={"format": "pdf"})
        assert pdf.status_code == 200
        assert "我把他拉黑了〔?〕" in re.sub(r"\s", "", PdfReader(BytesIO(pdf.content)).pages[0].extract_text())
        assert EMOJI in (await client.get(path)).text
        path, _ = await advised(client, STORY + "他叫李䶮。")
        refused = await client.get(path, params={"format": "pdf"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (501, "font_lacks_characters")
        assert "䶮" in refused.json()["error"]["message"]


async def test_a_strange_format_is_refused_before_anything_is_read(start: Start) -> None:
    async with start() as client:
        strange = await client.get("/v1/consultations/none/report", params={"format": "exe"})
        assert (strange.status_code, strange.json()["error"]["code"]) == (400, "unsupported_format")
        assert "docx" in strange.json()["error"]["message"]
