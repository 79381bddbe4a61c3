"""The operator's page, as it looks to an operator on this machine."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stories import LOAN


@pytest.mark.long
def test_the_console_shows_what_was_done(visit: Visit) -> None:
    visit().quick(LOAN)
    operator = visit(path="/console")
    expect(operator.page).to_have_url(f"{operator.base}/ui/console/")
    expect(operator.page.get_by_role("heading").first).to_be_visible()
    operator.look("console", notices=False)
    for at, tab in enumerate(operator.page.get_by_role("tab").all()):
        tab.click()
        operator.page.wait_for_timeout(1500)
        operator.look(f"console-{at}", notices=False)
