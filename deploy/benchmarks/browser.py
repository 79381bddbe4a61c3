"""A real browser for measurements and tests: the system's Chromium, headless, by playwright (a dev dependency)."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.settings import BadSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
# What Chromium itself would ask other hosts besides the page; playwright's own list of these is replaced by ours.
FEATURES = (
    "AimEnabled",
    "AutofillServerCommunication",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PreconnectToSearch",
)
QUIET = (
    f"--disable-features={','.join(FEATURES)}",
    "--apps-gallery-update-url=http://127.0.0.1:1/",
    "--component-updater=url-source=http://127.0.0.1:1/",
    "--gaia-url=http://127.0.0.1:1/",
    "--gcm-checkin-url=http://127.0.0.1:1/",
    "--gcm-registration-url=http://127.0.0.1:1/",
    "--gcm-mcs-endpoint=http://127.0.0.1:1/",
    "--font-render-hinting=none",  # letters look alike on every machine
)


def find() -> str | None:
    """The program of a browser that is installed here, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def opened(*arguments: str) -> Iterator["Browser"]:
    """A browser, closed at the end. Raises BadSettings where playwright or a browser is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BadSettings("playwright is not installed; it comes with: pip install 'lexhub[dev]'") from error
    program = find()
    if program is None:
        raise BadSettings(f"no browser is installed here; one of these is needed: {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *arguments])
        try:
            yield browser
        finally:
            browser.close()
