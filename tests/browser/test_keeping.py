"""What was told stays, for who told it and nobody else: reloads, restarts, other visitors, deletion."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Sites, Visit
from tests.browser.stories import LOAN, WAGES


def test_reload_at_an_open_question(visit: Visit) -> None:
    visitor = visit()
    assert visitor.tell(LOAN) == "questions"
    asked = visitor.questions.first.locator("legend").inner_text()
    visitor.page.reload()
    assert visitor.waits() == "questions"
    assert visitor.questions.first.locator("legend").inner_text() == asked
    expect(visitor.page.get_by_text(LOAN).first).to_be_visible()
    visitor.finish("questions")


def test_reload_while_the_answer_is_written(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.choose_normal()
    site.pace(0.4)
    try:
        visitor.composer.fill(LOAN)
        visitor.button("发送").click()
        expect(visitor.page.get_by_text("民法典").first).to_be_visible()
        assert visitor.page.locator(".lx-actions").count() == 0  # it is not over
        visitor.page.reload()
        assert visitor.waits() == "answer"
    finally:
        site.pace(0)
    expect(visitor.page.get_by_text(LOAN)).to_have_count(1)


@pytest.mark.long
def test_the_server_restarts_in_the_middle(visit: Visit, sites: Sites) -> None:
    own_site = sites()
    visitor = visit(base=own_site.url)
    assert visitor.tell(LOAN) == "questions"
    own_site.kill()
    own_site.start()
    visitor.problems.clear()  # the connection was cut: the browser says so
    visitor.finish(visitor.reply())
    expect(visitor.citations.first).to_be_visible()
    visitor.problems.clear()


@pytest.mark.long
def test_visitors_see_their_own_consultations_only(visit: Visit) -> None:
    one, other = visit(), visit()
    one.tell(LOAN)
    other.tell(WAGES)
    expect(one.history).to_have_count(1)
    expect(other.history).to_have_count(1)
    expect(one.history.first).to_contain_text(LOAN[:8])
    expect(other.history.first).to_contain_text(WAGES[:8])
    other.page.goto(one.page.url)
    expect(other.page.get_by_text("没有这次咨询")).to_be_visible()
    expect(other.page.get_by_text(LOAN)).to_have_count(0)


def test_deletion_asks_once_and_deletes(visit: Visit) -> None:
    visitor = visit()
    visitor.tell(LOAN)
    where = visitor.page.url
    expect(visitor.history).to_have_count(1)
    visitor.page.locator(".lx-delete summary").first.click()
    visitor.button("确定删除").click()
    expect(visitor.history).to_have_count(0)
    expect(visitor.page.get_by_text(LOAN)).to_have_count(0)
    visitor.page.goto(where)
    expect(visitor.page.get_by_text("没有这次咨询")).to_be_visible()


@pytest.mark.long
def test_back_leads_to_what_was_open_before(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.quick(LOAN)
    first = page.url
    visitor.citations.first.click()
    expect(visitor.drawer).to_be_visible()
    page.go_back()
    expect(visitor.drawer).to_have_count(0)
    expect(page).to_have_url(first)
    visitor.citations.first.click()
    expect(visitor.drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(visitor.drawer).to_have_count(0)
    visitor.button("新咨询").click()
    expect(page.get_by_text("说说您遇到的事")).to_be_visible()
    expect(page).to_have_url(f"{visitor.base}/ui/")
    page.go_back()
    expect(page).to_have_url(first)
    assert visitor.waits() == "answer"
    expect(page.locator("#lx-conversation").get_by_text(LOAN)).to_be_visible()


@pytest.mark.long
def test_a_form_that_was_answered_in_another_window_is_told_and_replaced(visit: Visit) -> None:
    visitor = visit()
    assert visitor.tell(LOAN) == "questions"
    asked = visitor.questions.first.locator("legend").inner_text()
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    expect(other.locator("form.lx-questions")).to_be_visible()
    visitor.reply()
    now = visitor.questions.first.locator("legend").inner_text() if visitor.questions.count() else ""
    assert now != asked
    for group in other.locator("form.lx-questions fieldset").all():
        group.locator("label.lx-chip").first.click()
    other.get_by_role("button", name="提交回答", exact=True).click()
    expect(other.get_by_text("nothing_asked")).to_be_visible()
    if now:
        expect(other.locator("form.lx-questions legend").first).to_have_text(now)


@pytest.mark.long
def test_an_older_consultation_opens_again(visit: Visit) -> None:
    visitor = visit()
    visitor.tell(LOAN)
    visitor.button("新咨询").click()
    expect(visitor.page.get_by_text(LOAN)).to_have_count(0)
    visitor.tell(WAGES)
    expect(visitor.history).to_have_count(2)
    visitor.history.filter(has_text=LOAN[:8]).get_by_role("button").first.click()
    expect(visitor.page.get_by_text(LOAN).first).to_be_visible()
    expect(visitor.page.get_by_text(WAGES)).to_have_count(0)
    assert visitor.waits() == "questions"
