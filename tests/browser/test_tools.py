"""The sections beside the conversation: calculators, documents, looking up law, my data."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stories import LOAN


@pytest.mark.long
@pytest.mark.parametrize(
    ("section", "name"), [("计算器", "calculators"), ("文书", "papers"), ("查法条", "articles"), ("我的数据", "mine")]
)
def test_every_section_in_every_look(visit: Visit, section: str, name: str) -> None:
    visitor = visit()
    visitor.go(section)
    visitor.look(name)


@pytest.mark.long
def test_everything_of_mine_is_exported_and_deleted(visit: Visit) -> None:
    visitor = visit()
    visitor.tell(LOAN)
    mine = visitor.go("我的数据")
    kept = visitor.download(mine.get_by_role("button", name="导出全部(JSON)"))
    assert LOAN in json.dumps(json.loads(kept.path().read_bytes()), ensure_ascii=False)
    expect(mine.locator("[aria-busy=true]")).to_have_count(0)  # until then it takes no click
    mine.get_by_role("textbox").fill("不")
    mine.locator("button[type=submit]").click()
    expect(mine.locator(".lx-fault")).to_be_visible()
    visitor.rest()
    mine.get_by_role("textbox").fill("删除")
    mine.locator("button[type=submit]").click()
    expect(mine.get_by_role("status")).to_be_visible()
    visitor.open()
    expect(visitor.page.get_by_text("还没有咨询记录")).to_be_visible()


@pytest.mark.long
def test_an_article_is_looked_up_and_searched_for(visit: Visit) -> None:
    visitor = visit()
    found = visitor.go("查法条")
    found.get_by_role("searchbox").fill("民法典675")
    visitor.page.keyboard.press("Enter")
    expect(found.locator(".lx-found").first).to_contain_text("《民法典》第675条")
    visitor.look("articles-looked-up")
    found.locator("button.lx-cite").first.click()
    expect(visitor.drawer).to_contain_text("《民法典》")
    visitor.page.keyboard.press("Escape")
    visitor.rest()
    found.get_by_role("searchbox").fill("加班费怎么算")
    found.get_by_role("button", name="查找").click()
    expect(found.locator(".lx-found").nth(2)).to_be_visible()
    expect(found).to_contain_text("劳动法")


@pytest.mark.long
def test_a_document_without_a_consultation(visit: Visit) -> None:
    visitor = visit()
    paper = visitor.go("文书")
    paper.get_by_role("button", name="欠条").click()
    paper.locator("button[type=submit]").click()
    expect(paper.locator("mark", has_text="待填").first).to_be_visible()
    visitor.look("paper")
    kept = visitor.download(paper.get_by_role("button", name="Word"))
    assert kept.path().read_bytes().startswith(b"PK")


@pytest.mark.long
def test_a_calculation_with_its_steps(visit: Visit) -> None:
    visitor = visit()
    panel = visitor.go("计算器")
    panel.get_by_role("button", name="定金").click()
    panel.locator("button[type=submit]").click()
    expect(panel.locator("[aria-invalid=true]").first).to_be_visible()  # asked for by name
    visitor.look("calculator")


@pytest.mark.long
def test_a_paper_from_a_consultation_in_all_formats(visit: Visit) -> None:
    visitor = visit()
    visitor.quick(LOAN)
    visitor.button("生成文书").click()
    paper = visitor.page.locator("[role=tabpanel]:visible")
    paper.get_by_role("button", name="民事起诉状").click()
    source = paper.get_by_role("combobox")
    expect(source).not_to_have_value("")  # the newest consultation
    paper.locator("button[type=submit]").click()
    expect(paper.locator("mark", has_text="待填").first).to_be_visible()
    expect(paper).to_contain_text("50000元")
    for format, begins in (("Word", b"PK"), ("PDF", b"%PDF"), ("Markdown", b"---")):
        kept = visitor.download(paper.get_by_role("button", name=format))
        assert kept.path().read_bytes().startswith(begins), format
        expect(paper.locator("[data-sent]")).to_have_count(0)
