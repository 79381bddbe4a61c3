"""How soon the page is there: its paints, the moment the composer takes text, and the bytes that came, in Chromium.

Each round is a visitor who was never here: a new context of the browser, whose cache, storage and cookies are empty.
Times are milliseconds from the start of the navigation, on the page's own clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy.benchmarks import browser
from deploy.settings import BadSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST_PAINT_MS = 1500  # the bar
VIEW = (1280, 900)  # CSS pixels
PROBE = "律"
# Waits for a text box that a visitor can reach: shown, enabled, and nothing lies over its middle.
WATCH = """
window.__lexhub = {lcp: 0, typeable: 0};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.__lexhub.lcp = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
const look = () => {
  for (const box of document.querySelectorAll("textarea:enabled:not([readonly])")) {
    const {left, top, width, height} = box.getBoundingClientRect();
    if (width && height && document.elementFromPoint(left + width / 2, top + height / 2) === box) {
      window.__lexhub.typeable = performance.now();
      return;
    }
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
READ = """() => ({...window.__lexhub, ...Object.fromEntries(
  performance.getEntriesByType("paint").map((entry) => [entry.name, entry.startTime])
)})"""


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the start of the navigation; bytes as they came over the wire, headers included."""

    first_paint: float
    first_contentful_paint: float
    largest_contentful_paint: float
    typeable: float
    transferred: int
    requests: int


def measure(url: str, rounds: int, limit_s: float = 60) -> list[Visit]:
    """Visits of the page at `url`, after one that warms up the server and the browser.

    Raises BadSettings where playwright or the browser is missing, or the page does not come up within `limit_s`.
    """
    with browser.opened() as opened:
        return [_visit(opened, url, limit_s) for _ in range(rounds + 1)][1:]


def _visit(opened: "Browser", url: str, limit_s: float) -> Visit:
    from playwright.sync_api import Error

    context = opened.new_context(viewport={"width": VIEW[0], "height": VIEW[1]}, locale="zh-CN")
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        network, sizes = context.new_cdp_session(page), list[float]()
        network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
        network.send("Network.enable")
        page.goto(url, timeout=limit_s * 1000)
        page.wait_for_function("window.__lexhub.typeable > 0", timeout=limit_s * 1000)
        page.keyboard.press("Escape")
        boxes = page.locator("textarea:enabled:not([readonly]):visible").first
        boxes.fill(PROBE)
        if boxes.input_value() != PROBE:
            raise BadSettings(f"{url}: the composer does not keep what is typed")
        page.wait_for_load_state("load")
        told: dict[str, Any] = page.evaluate(READ)
    except Error as error:
        raise BadSettings(f"{url}: the page did not come up: {error.message.splitlines()[0]}") from error
    finally:
        context.close()
    return Visit(
        first_paint=told["first-paint"],
        first_contentful_paint=told["first-contentful-paint"],
        largest_contentful_paint=told["lcp"],
        typeable=told["typeable"],
        transferred=int(sum(sizes)),
        requests=len(sizes),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
