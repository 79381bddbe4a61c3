"""Whole consultations as people hold them: by mouse, by keyboard, in both modes, with corrections and with malice."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.stories import HOSTILE, LOAN


def test_from_question_to_report(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = visitor.page
    assert visitor.tell(LOAN) == "questions"
    assert 1 <= visitor.questions.count() <= 4  # two, each with what is asked in the same breath
    shown, asked = "questions", 0
    while shown == "questions":
        asked += visitor.questions.count()
        shown = visitor.reply()
    assert shown == "facts"
    assert asked >= 3
    assert "50000元" in [field.input_value() for field in visitor.facts.all()]
    site.pace(0.02)
    try:
        visitor.button("确认无误").click()
        expect(page.get_by_text("正在处理").or_(page.locator(".lx-running")).first).to_be_visible()
        assert visitor.waits() == "answer"
    finally:
        site.pace(0)
    expect(page.get_by_text("50000元").first).to_be_visible()
    expect(visitor.citations.first).to_be_visible()
    expect(page.locator(".lx-case").first).to_contain_text("虚构")
    expect(page.locator(".lx-case").first).to_contain_text("相同")
    for name, ending, starts in (("Markdown", "md", b"---\ntitle:"), ("Word", "docx", b"PK"), ("PDF", "pdf", b"%PDF")):
        kept = visitor.download(visitor.button(f"下载报告 {name}"))
        assert kept.suggested_filename.endswith(f".{ending}")
        assert kept.path().read_bytes().startswith(starts)


@pytest.mark.long
def test_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit()
    page, press = visitor.page, visitor.page.keyboard.press
    expect(visitor.composer).to_be_editable()
    press("/")
    expect(visitor.composer).to_be_focused()
    page.keyboard.type("第一行")
    press("Shift+Enter")
    page.keyboard.type(LOAN)
    assert "\n" in visitor.composer.input_value()
    shown = visitor.after(lambda: press("Enter"))
    while shown == "questions":
        for group in visitor.questions.all():
            visitor.tab_to(group.get_by_role("radio"))
            press("ArrowRight")
            press("Space")
            assert group.get_by_role("radio", checked=True).count() == 1
        visitor.tab_to(visitor.button("提交回答"))
        shown = visitor.after(lambda: press("Enter"))
    assert shown == "facts"
    visitor.tab_to(visitor.button("确认无误"))
    assert visitor.after(lambda: press("Enter")) == "answer"
    first = visitor.citations.first
    visitor.tab_to(first, limit=120)
    press("Enter")
    expect(visitor.drawer).to_be_visible()
    for _ in range(12):  # the focus stays in the drawer while it is open
        press("Tab")
        assert visitor.drawer.evaluate("(drawer) => drawer.contains(document.activeElement)")
    press("Escape")
    expect(visitor.drawer).to_have_count(0)
    expect(first).to_be_focused()


@pytest.mark.long
def test_own_words_unclear_and_skip(visit: Visit) -> None:
    visitor = visit()
    visitor.tell(LOAN)
    for group in visitor.questions.all():
        expect(group.get_by_text("不清楚", exact=True)).to_be_visible()
        expect(group.get_by_text("跳过", exact=True)).to_be_visible()
    visitor.questions.first.get_by_role("textbox").fill("记不清了,好像说过按银行的算")
    shown = visitor.after(lambda: visitor.button("提交回答").click())
    expect(visitor.page.get_by_text("记不清了,好像说过按银行的算").first).to_be_visible()
    while shown == "questions":
        for group in visitor.questions.all():
            group.locator("label.lx-chip", has_text="跳过").click()
        shown = visitor.after(lambda: visitor.button("提交回答").click())
    assert shown == "facts"


def test_a_corrected_fact_is_shown_again_and_used(visit: Visit) -> None:
    visitor = visit()
    shown = visitor.tell(LOAN)
    while shown == "questions":
        shown = visitor.reply()
    principal = next(field for field in visitor.facts.all() if field.input_value() == "50000元")
    principal.fill("六万")
    expect(visitor.button("确认无误")).to_be_disabled()
    assert visitor.after(lambda: visitor.button("提交修改，再核对").click()) == "facts"
    assert "60000元" in [field.input_value() for field in visitor.facts.all()]
    expect(visitor.page.get_by_text("已修改").first).to_be_visible()
    assert visitor.confirm() == "answer"
    expect(visitor.page.get_by_text(re.compile("60000元")).last).to_be_visible()


def test_normal_mode_answers_at_once(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    expect(visitor.page.locator(".lx-case")).to_have_count(0)
    expect(visitor.citations.first).to_be_visible()


def test_a_hostile_story_is_inert(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.consult(HOSTILE)
    page.reload()
    visitor.waits()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], img[src*=evil], iframe, [onerror], [onload], a[href^='javascript']").count() == 0


def test_feedback_is_kept(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    visitor.button("有帮助").last.click()
    expect(visitor.page.get_by_text("已记下您的评价")).to_be_visible()
    visitor.page.reload()
    expect(visitor.button("有帮助").last).to_have_attribute("aria-pressed", "true")


def test_copy_takes_the_answer(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    visitor.button("复制").last.click()
    expect(visitor.page.get_by_text("已复制").first).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert "民法典" in copied
    assert "AI生成" in copied


def test_a_refusal_is_told_with_its_code_and_can_be_tried_again(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = visitor.page
    visitor.choose_normal()
    site.refuse(20)  # the page's client tries again by itself
    visitor.composer.fill(LOAN)
    visitor.button("发送").click()
    expect(page.get_by_text("overloaded")).to_be_visible()
    site.refuse(0)
    assert visitor.after(lambda: visitor.button("再试一次").click()) == "answer"
    expect(page.get_by_text("overloaded")).to_have_count(0)
