"""The documents' tab: a form for every template, the preview with its gaps marked, downloads byte for byte."""

import re
from html import unescape
from pathlib import Path

import pytest

from deploy.page.tools import papers, preview
from deploy.page.tools.listing import Listed, listed
from deploy.page.tools.panel import Told
from deploy.page.tools.papers import answer, form
from deploy.sdk import AsyncLexhub
from deploy.shapes.papers import MEDIA, GapInfo, TemplateInfo
from orchestrator.contracts import UserMessage
from orchestrator.documents import register
from tests.deploy.page.tools.conftest import Visiting

HOSTILE = "\"><img src=x onerror=alert(1)>' [点我](javascript:alert(1))"
STORY = "我2024年3月5日借给李四五万元,微信转账,约定2025年3月5日还,没有写借条,没约定利息,他一直没还。"
MATTERS = [Listed("c1", "2026-11-22 09:00", HOSTILE)]


def info(name: str) -> TemplateInfo:
    one = register()[name]
    gaps = tuple(GapInfo(id=gap.id, label=gap.label, hint=gap.hint) for gap in one.gaps)
    return TemplateInfo(
        name=one.name, title=one.title, about=one.about, fields=one.fields, session=one.session, gaps=gaps
    )


async def consulted(client: AsyncLexhub) -> str:
    made = await client.create(confirm="auto")
    reply = await client.send(made.id, UserMessage(content=STORY))
    while reply.status == "question":
        replies = {question.id: "不清楚" for question in reply.questions}
        reply = await client.send(made.id, UserMessage(reply=replies))
    assert reply.status == "answer"
    return made.id


@pytest.mark.parametrize("name", register())
def test_every_template_has_a_form_with_all_its_gaps(name: str) -> None:
    one = info(name)
    typed = {gap.id: HOSTILE for gap in one.gaps}
    for lang in ("zh", "en"):
        made = form(one, MATTERS, typed, lang, told=HOSTILE)  # type: ignore[arg-type]
        assert re.findall(r' name="([^"]+)"', made) == [papers.FROM, *typed]
        assert "<img" not in made
        assert unescape(made).count(HOSTILE) == len(typed) + 2


@pytest.mark.parametrize("name", register())
async def test_every_template_is_written_or_says_what_it_lacks(name: str, visiting: Visiting) -> None:
    one = info(name)
    values = {one.gaps[0].id: HOSTILE}
    async with visiting() as client:
        if one.session:
            made = (await answer(client, Told(action="preview", name=name, values=values), "zh")).panel or ""
            assert "您还没有咨询记录" in made and "<form" not in made
            return
        made = (await answer(client, Told(action="preview", name=name, values=values), "zh")).panel or ""
        whole = await client.draft(name, values, "md")
    assert made.count('<mark class="lx-open-gap">') >= 1
    assert f"还有 {preview.gaps(whole.content.decode())} 处待填" in made
    assert "<img" not in made and "<a " not in made and "AIGC:" not in made


@pytest.mark.parametrize("format", MEDIA)
async def test_a_download_is_what_the_api_gives(format: str, visiting: Visiting, chinese_font: Path) -> None:
    values = {"lender_name": "张三", "borrower_name": "李四"}
    async with visiting(font=str(chinese_font)) as client:
        told = Told(action="download", name="借条", format=format, values=values)
        made = await answer(client, told, "zh")
    assert made.panel is None and made.file is not None
    assert made.file.name.endswith(f".{format}") and made.file.name.startswith("借条-")
    assert made.file.media_type == MEDIA[format]
    starts = {"md": b"---\n", "docx": b"PK", "pdf": b"%PDF-"}
    assert made.file.content.startswith(starts[format])
    if format == "md":
        assert "张三" in made.file.content.decode()


async def test_a_paper_from_a_consultation_knows_its_facts(visiting: Visiting) -> None:
    async with visiting() as client:
        id = await consulted(client)
        [matter] = await listed(client, "zh")
        opened = (await answer(client, Told(action="paper", name="民事起诉状"), "zh")).panel or ""
        told = Told(action="preview", name="民事起诉状", values={papers.FROM: id, "claimant_name": "张三"})
        made = (await answer(client, told, "zh")).panel or ""
    assert matter.id == id and matter.title.startswith("我2024年3月5日借给李四")
    assert f'<option value="{id}" selected>' in opened
    sheet = made.partition('<article class="lx-sheet"')[2]
    assert "50000元" in sheet and "张三" in sheet


async def test_what_keeps_a_paper_from_being_written_is_said_over_the_form(visiting: Visiting) -> None:
    async with visiting() as client:
        id = await consulted(client)
        told = Told(action="preview", name="劳动仲裁申请书", values={papers.FROM: id, "claimant_name": "张三"})
        unfit = (await answer(client, told, "zh")).panel or ""
        told = Told(action="download", name="借条", format="md", values={"lender_name": "长" * 2001})
        long = (await answer(client, told, "zh")).panel or ""
    assert "民间借贷" in unfit and 'role="alert"' in unfit and "张三" in unfit
    assert "过长" in long and "长" * 2001 in long


async def test_another_visitors_consultation_is_none(visiting: Visiting) -> None:
    async with visiting() as client:
        id = await consulted(client)
        other = client.of("page:two")
        assert await listed(other, "zh") == []
        told = Told(action="preview", name="民事起诉状", values={papers.FROM: id})
        made = (await answer(other, told, "zh")).panel or ""
    assert "lx-sheet" not in made


def test_only_the_papers_own_marks_of_html_are_html() -> None:
    shown = preview.shown(
        "---\ntitle: x\n---\n\n<script>alert(1)</script>\n\n| a |\n|---|\n| b<br>c<i>d |\n\n<!-- -->\n\n[x](http://a.b) ![y](z)"
    )
    assert "<script" not in shown and "<i>" not in shown and "<a" not in shown and "<img" not in shown
    assert "<br>" in shown and "<!--" not in shown and "title: x" not in shown
