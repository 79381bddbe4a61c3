"""Pages that ask something of the visitor or of their operator first: consent, and a key."""

import hashlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sites, Visit
from tests.browser.stories import LOAN


@pytest.mark.long
def test_consent_is_asked_for_part_by_part_before_anything_is_sent(visit: Visit, sites: Sites) -> None:
    site = sites({"consent": "required", "contact": "法务部 fawu@example.com"})
    visitor = visit(base=site.url)
    page = visitor.page
    expect(page.get_by_text("个人信息处理的告知")).to_be_visible()
    visitor.look("consent")
    visitor.choose_normal()
    visitor.composer.fill(LOAN)
    visitor.button("发送").click()
    expect(page.get_by_text("consent_required")).to_be_visible()
    expect(visitor.composer).to_have_value(LOAN)  # nothing is lost
    for box in page.locator("#lx-consent input[type=checkbox]").all():
        box.check()
    assert visitor.after(lambda: visitor.button("发送").click()) == "answer"
    expect(page.locator("#lx-consent")).not_to_be_visible()


@pytest.mark.long
def test_a_server_with_keys_serves_the_page_with_one(visit: Visit, sites: Sites) -> None:
    key = "page-key-of-this-test"
    keys = [{"name": "page", "sha256": hashlib.sha256(key.encode()).hexdigest()}]
    visitor = visit(base=sites({"api_keys": keys}, key).url)
    visitor.quick(LOAN)
    assert visitor.page.request.get(f"{visitor.base}/v1/consultations").status == 401


@pytest.mark.long
def test_a_page_without_its_key_says_what_is_missing(visit: Visit, sites: Sites) -> None:
    keys = [{"name": "other", "sha256": hashlib.sha256(b"other").hexdigest()}]
    visitor = visit(base=sites({"api_keys": keys}).url, ready=False)
    expect(visitor.page.get_by_text("LEXHUB_PAGE_KEY")).to_be_visible()
