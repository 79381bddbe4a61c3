"""Every state of the page, on a desk and on a phone, light and dark: pictures of it, no barrier, the notices in view."""

import pytest
from playwright.sync_api import expect

from orchestrator.wording import typeset
from tests.browser.conftest import Site, Visit
from tests.browser.stories import LOAN, WAGES


@pytest.mark.long
def test_a_consultation_in_every_state(visit: Visit, site: Site) -> None:
    visitor = visit()
    expect(visitor.composer).to_be_editable()
    visitor.look("start")
    shown = visitor.tell(LOAN)
    visitor.look("questions")
    while shown == "questions":
        shown = visitor.reply()
    visitor.look("facts")
    assert visitor.confirm() == "answer"
    visitor.look("answer")
    visitor.citations.first.click()
    expect(visitor.drawer).to_be_visible()
    visitor.look("drawer")


def test_the_citation_drawer_tells_version_and_status(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    first = visitor.citations.first
    law, id = first.get_attribute("data-law"), first.get_attribute("data-id")
    assert law and id
    first.click()
    drawer = visitor.drawer
    expect(drawer).to_contain_text(f"《{law}》")
    expect(drawer).to_contain_text("现行有效")
    expect(drawer).to_contain_text("不是官方原文")
    expect(drawer).to_contain_text("施行")
    told = visitor.page.request.get(f"{visitor.base}/v1/articles/{id.replace('#', '/')}").json()
    assert typeset(told["text"]) in drawer.inner_text()  # a digest of ours; official text stays byte for byte
    visitor.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(first).to_be_focused()


@pytest.mark.long
def test_a_case_opens_in_full_and_is_labelled(visit: Visit) -> None:
    visitor = visit()
    visitor.consult(LOAN)
    visitor.page.get_by_role("button", name="看全文").first.click()
    expect(visitor.drawer).to_contain_text("虚构教学案例")
    expect(visitor.drawer).to_contain_text("没有这样一份判决")
    visitor.look("case")


def test_on_a_phone(visit: Visit) -> None:
    visitor = visit("phone")
    visitor.consult(WAGES)
    assert visitor.faults() == []
    visitor.button("打开咨询记录").tap()
    expect(visitor.history.first).to_be_visible()
    visitor.picture("history-phone")
    assert visitor.barriers() == []
    visitor.page.keyboard.press("Escape")
    expect(visitor.history.first).not_to_be_in_viewport()


def test_the_switch_goes_dark_and_is_remembered(visit: Visit) -> None:
    visitor = visit()
    light = visitor.background()
    visitor.button("切换深色或浅色").click()
    dark = visitor.background()
    assert sum(dark) < 150 < 600 < sum(light)
    visitor.page.reload()
    expect(visitor.composer).to_be_editable()
    assert visitor.background() == dark


@pytest.mark.long
def test_english(visit: Visit) -> None:
    visitor = visit()
    visitor.button("English").click()
    page = visitor.page
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    expect(page.locator("#lx-footer").get_by_text("AI-generated")).to_be_visible()
    visitor.look("start-english")
    page.reload()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


@pytest.mark.long
def test_danger_brings_the_numbers_to_call(visit: Visit) -> None:
    visitor = visit()
    visitor.composer.fill("我老公正在打我,他说要杀了我,救命")
    visitor.button("发送").click()
    expect(visitor.page.get_by_role("link", name="110").first).to_be_visible()
    expect(visitor.button("发送")).to_be_visible()  # the turn is over
    visitor.look("emergency")


@pytest.mark.long
def test_an_error_is_told_in_plain_words(visit: Visit, site: Site) -> None:
    visitor = visit()
    site.refuse(20)
    visitor.composer.fill(LOAN)
    visitor.button("发送").click()
    expect(visitor.page.get_by_text("overloaded")).to_be_visible()
    site.refuse(0)
    visitor.look("error")
