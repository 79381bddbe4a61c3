"""The sections beside the conversation: calculators, documents, looking up law, my data."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stories import LOAN


@pytest.mark.parametrize(
    ("section", "name"), [("计算器", "calculators"), ("文书", "papers"), ("查法条", "articles"), ("我的数据", "mine")]
)
def test_every_section_in_every_look(visit: Visit, section: str, name: str) -> None:
    visitor = visit()
    visitor.go(section)
    visitor.look(name)


def test_everything_of_mine_is_exported_and_deleted(visit: Visit) -> None:
    visitor = visit()
    visitor.tell(LOAN)
    visitor.go("我的数据")
    kept = visitor.download(visitor.page.get_by_role("button", name="导出").last)
    assert LOAN in json.dumps(json.loads(kept.path().read_bytes()), ensure_ascii=False)
    expect(visitor.page.get_by_text("删除").first).to_be_visible()
