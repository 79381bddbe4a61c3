"""What can be done with a turn besides waiting for its end: leaving it, saying it again, reading what it rests on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Sites, Visit
from tests.browser.stories import DIVORCE, LOAN, WAGES


@pytest.mark.long
def test_who_stops_waiting_can_go_on_later(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.choose_normal()
    site.pace(1.0)
    try:
        visitor.composer.fill(LOAN)
        visitor.button("发送").click()
        visitor.button("停止等待").click()
        expect(visitor.page.get_by_text("已停止等待")).to_be_visible()
        expect(visitor.button("发送")).to_be_visible()
    finally:
        site.pace(0)
    assert visitor.after(lambda: visitor.button("接着看").click()) == "answer"
    expect(visitor.page.get_by_text(LOAN)).to_have_count(1)


def test_a_blank_message_leaves_the_page_as_it_is(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    for words in ("", "   "):
        visitor.composer.fill(words)
        visitor.composer.press("Enter")
        visitor.page.wait_for_timeout(800)
        expect(visitor.button("发送")).to_be_visible()
        expect(visitor.history).to_have_count(1)
        expect(visitor.page.locator(".lx-actions")).to_be_visible()


def test_a_new_consultation_begins_while_another_turn_runs(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.choose_normal()
    site.pace(2.0)
    try:
        visitor.composer.fill(LOAN)
        visitor.composer.press("Enter")
        expect(visitor.button("停止等待")).to_be_visible()
        visitor.composer.fill("再问一句")
        visitor.composer.press("Enter")  # not while the turn runs: the words stay
        visitor.button("新咨询").click()
        expect(visitor.page.get_by_text(LOAN)).to_have_count(0)
        expect(visitor.composer).to_have_value("再问一句")
        expect(visitor.page.get_by_role("radio", name="普通")).to_be_checked()  # as the last one
    finally:
        site.pace(0)
    assert visitor.tell(WAGES) == "answer"
    expect(visitor.page.locator("#lx-conversation").get_by_text(LOAN[:8])).to_have_count(0)
    expect(visitor.history).to_have_count(2)
    expect(visitor.page.locator(".lx-history [aria-current]")).to_contain_text(WAGES[:8])
    visitor.history.nth(1).get_by_role("button").first.click()
    expect(visitor.page.locator("#lx-conversation").get_by_text(LOAN[:8])).to_have_count(1)
    assert visitor.waits() == "answer"  # the turn that nobody watched


@pytest.mark.long
def test_saying_it_again_keeps_the_first_answer(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    first = visitor.page.url
    assert visitor.after(lambda: visitor.button("重新回答").click()) == "answer"
    expect(visitor.history).to_have_count(2)
    assert visitor.page.url != first
    visitor.page.goto(first)
    assert visitor.waits() == "answer"


def test_the_articles_in_an_answer_and_of_an_earlier_one_open_in_full(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = visitor.page
    visitor.quick(LOAN)
    named = page.locator("#lx-conversation a", has_text="《民法典》第六百七十五条").first
    named.click()
    expect(visitor.drawer).to_contain_text("第六百七十五条")
    page.keyboard.press("Escape")
    expect(visitor.drawer).to_have_count(0)
    expect(named).to_be_focused()
    where = page.url
    site.pace(1.0)
    try:
        visitor.composer.fill("那诉讼时效是多久?")
        visitor.button("发送").click()
        expect(visitor.button("停止等待")).to_be_visible()
        named.click()  # while the turn runs
        expect(visitor.drawer).to_contain_text("第六百七十五条")
        page.keyboard.press("Escape")
        expect(visitor.button("停止等待")).to_be_visible()
    finally:
        site.pace(0)
    assert visitor.waits() == "answer"
    expect(page.locator("#lx-conversation a", has_text="《民法典》第一百八十八条").first).to_be_visible()
    folded = page.get_by_role("button", name=re.compile("依据的法条"))
    expect(folded).to_have_count(1)  # of the first answer; what the last one rests on stands below
    folded.click()
    kept = page.locator("#lx-conversation li a", has_text="第六百七十五条").last
    kept.click()
    expect(visitor.drawer).to_contain_text("第六百七十五条")
    assert page.url == where, "a link of the conversation leads nowhere else"


@pytest.mark.long
def test_several_answers_to_one_question(visit: Visit) -> None:
    visitor = visit()
    assert visitor.tell(DIVORCE) == "questions"
    group = visitor.page.locator("form.lx-questions fieldset", has=visitor.page.locator("input[type=checkbox]")).first
    chips = group.locator("label.lx-chip")
    box, first, second = group.locator("input[type=text]"), chips.nth(0), chips.nth(1)
    words = [first.inner_text(), second.inner_text()]
    first.click()
    second.click()
    expect(group.locator("input:checked")).to_have_count(2)
    chips.last.click()  # 跳过 goes with nothing else
    expect(group.locator("input:checked")).to_have_count(1)
    box.fill("都有")
    expect(group.locator("input:checked")).to_have_count(0)
    first.click()
    second.click()
    expect(box).to_have_value("")
    visitor.finish(visitor.after(lambda: visitor.button("提交回答").click()))
    for word in words:
        expect(visitor.page.locator("#lx-conversation .user-row", has_text=word).first).to_be_visible()


def test_every_turn_ends_on_the_screen_as_it_ended(visit: Visit) -> None:
    """Turns that end at once: what the page shows is the last of many updates, not one before it."""
    visitor = visit()
    visitor.choose_normal()
    for words in (LOAN, "那诉讼时效是多久?", "民法典第六百七十五条怎么说?", WAGES):
        before = visitor.page.locator("#lx-conversation .user-row").count()
        assert visitor.tell(words) == "answer"
        expect(visitor.page.locator("#lx-conversation .user-row")).to_have_count(before + 1)
        expect(visitor.button("停止等待")).to_have_count(0)
        expect(visitor.composer).to_have_value("")


@pytest.mark.long
def test_the_notes_of_a_case_stay_with_an_earlier_answer(visit: Visit) -> None:
    visitor = visit()
    visitor.consult(LOAN)
    visitor.tell("那如果当时写了借条呢?")
    visitor.page.get_by_role("button", name=re.compile("依据的法条.*相似案例")).first.click()
    visitor.page.locator('#lx-conversation a[href^="#case/"]').first.click()
    expect(visitor.drawer).to_contain_text("虚构教学案例")
    visitor.look("earlier-sources")


def test_what_is_typed_right_after_sending_is_the_next_message(visit: Visit) -> None:
    visitor = visit()
    visitor.choose_normal()
    visitor.composer.fill(LOAN)
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.type("再补充", delay=15)
    assert visitor.waits() == "answer"
    expect(visitor.composer).to_have_value("再补充")


@pytest.mark.long
def test_a_point_asked_amid_questions(visit: Visit) -> None:
    visitor = visit()
    assert visitor.tell(LOAN) == "questions"
    asked = visitor.questions.first.locator("legend").inner_text()
    assert visitor.tell("那诉讼时效是多久") == "questions"
    expect(visitor.page.locator("#lx-conversation .bot-row").last).to_contain_text("三年")
    assert visitor.questions.first.locator("legend").inner_text() == asked
    visitor.finish(visitor.reply())
    expect(visitor.citations.first).to_be_visible()


@pytest.mark.long
def test_words_that_could_not_be_sent_stay_until_they_can(visit: Visit, sites: Sites) -> None:
    own_site = sites()
    visitor = visit(base=own_site.url)
    own_site.kill()
    visitor.composer.fill(LOAN)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text("正在重新连接")).to_be_visible()
    expect(visitor.composer).to_have_value(LOAN)
    own_site.start()
    visitor.page.reload()
    expect(visitor.composer).to_have_value(LOAN)
    visitor.choose_normal()
    visitor.composer.press("Enter")
    assert visitor.waits() == "answer"
    expect(visitor.composer).to_have_value("")
    visitor.problems.clear()  # the connection was cut: the browser says so
