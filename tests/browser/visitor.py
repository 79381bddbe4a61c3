"""A visitor of the page, in words of what people do and see."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Locator, Request, expect

Shown = Literal["questions", "facts", "answer"]
# Whatever the document takes from elsewhere without anybody's click.
REFERENCES = """(base) => [...document.querySelectorAll("link[href], [src]:not(a)")]
  .map((element) => element.href || element.src)
  .filter((url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== base)"""
# Whether the middle of an element is in the window and nothing lies over it.
SEEN = """(element) => {
  const {left, top, width, height} = element.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return !!there && (element.contains(there) || there.contains(element));
}"""
# As long as a quick reader takes: nothing new has come for a while.
READ = """() => new Promise((done) => {
  const end = () => { observer.disconnect(); done(); };
  let pause = setTimeout(end, 400);
  const observer = new MutationObserver(() => { clearTimeout(pause); pause = setTimeout(end, 400); });
  observer.observe(document.body, {childList: true, subtree: true});
})"""
# Whether the page has followed the window and the system's colours, and nothing moves.
STILL = """(dark) => document.documentElement.classList.contains("dark") === dark
  && document.getAnimations().every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)
  && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# What ends a turn: questions, the fact sheet, or what can be done with an answer. `seen` were there before the turn.
ENDS = {"questions": "form.lx-questions", "facts": "form.lx-facts", "answer": ".lx-actions"}
MARK = "(ends) => document.querySelectorAll(ends).forEach((one) => one.setAttribute('data-seen', ''))"
LOOKS: dict[str, tuple[tuple[int, int], Literal["light", "dark"]]] = {
    "desk-light": ((1280, 900), "light"),
    "desk-dark": ((1280, 900), "dark"),
    "phone-light": ((390, 844), "light"),
    "phone-dark": ((390, 844), "dark"),
}


# What Gradio's own script says when the visitor leaves the page while it listens to the server.
LEAVING = (
    "AbortError: signal is aborted without reason",
    "AbortError: BodyStreamBuffer was aborted",
    "Unexpected error Connection errored out.",
)


class Visitor:
    """One browser profile with one tab.

    `problems` are the errors of the console and of scripts, `outside` requests for other hosts.
    """

    def __init__(self, context: BrowserContext, base: str, screenshots: Path) -> None:
        self.context, self.base, self._screenshots = context, base, screenshots
        self.problems: list[str] = []
        self.outside: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda error: self._failed(str(error.error)))
        context.on("request", self._asked)
        self.page = context.new_page()

    # What the visitor does.

    def open(self, path: str = "/ui/", ready: bool = True) -> None:
        """Go there, and wait until the page can be used, where it is `ready` to be."""
        self.page.goto(path)
        expect(self.page.locator("#skeleton")).not_to_be_visible()
        if ready and "/console" not in self.page.url:
            expect(self.page.locator(".lx-history")).to_be_attached()  # the first answer of the page's server

    def tell(self, words: str) -> Shown:
        """Send a message; what the page waits for when its turn is over."""
        self.composer.fill(words)
        return self.after(lambda: self.button("发送").click())

    def reply(self) -> Shown:
        """Pick the first option of each open question."""
        for group in self.questions.all():
            group.locator("label.lx-chip").first.click()
        return self.after(lambda: self.button("提交回答").click())

    def confirm(self) -> Shown:
        return self.after(lambda: self.button("确认无误").click())

    def quick(self, story: str) -> None:
        """A question in normal mode, which is answered at once."""
        self.choose_normal()
        assert self.tell(story) == "answer"

    def choose_normal(self) -> None:
        self.page.get_by_text("普通", exact=True).first.click()
        expect(self.page.get_by_role("radio", name="普通")).to_be_checked()

    def go(self, section: str) -> Locator:
        """Open a section of the page."""
        self.page.get_by_role("tab", name=section, exact=True).click()
        panel = self.page.locator("[role=tabpanel]:visible")
        expect(panel.get_by_role("heading", level=1)).to_be_visible()
        self.rest()
        return panel

    def consult(self, story: str) -> None:
        """From the story to the opinion."""
        self.finish(self.tell(story))

    def finish(self, shown: Shown) -> None:
        """Go on to the opinion."""
        while shown != "answer":
            shown = self.reply() if shown == "questions" else self.confirm()

    def after(self, act: Callable[[], None]) -> Shown:
        """Do this, and wait until its turn is over."""
        self.page.evaluate(MARK, ",".join(ENDS.values()))
        act()
        return self.waits()

    def waits(self) -> Shown:
        """What the page waits for, once it does: replies, a confirmation, or nothing more."""
        fresh = {name: self.page.locator(f"{one}:not([data-seen])").last for name, one in ENDS.items()}
        expect(fresh["questions"].or_(fresh["facts"]).or_(fresh["answer"]).first).to_be_visible()
        expect(self.button("发送")).to_be_visible()  # instead of the button that stops the wait
        expect(self.page.get_by_text("正在处理")).to_have_count(0)
        return next(name for name, one in fresh.items() if one.is_visible())  # type: ignore[return-value]

    def download(self, button: Locator) -> Download:
        with self.page.expect_download() as coming:
            button.click()
        return coming.value

    def tab_to(self, wanted: Locator, limit: int = 80, key: str = "Tab") -> None:
        """Reach an element by the Tab key alone."""
        for _ in range(limit):
            self.page.keyboard.press(key)
            if wanted.evaluate_all("(found) => found.includes(document.activeElement)"):
                return
        raise AssertionError(f"{wanted} is not reached by {limit} times {key}")

    def rest(self) -> None:
        """Read what the page shows before doing more."""
        self.page.evaluate(READ)

    def leave(self) -> None:
        self.outside += self.references()
        self.context.close()

    # What the visitor sees.

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="您的问题")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def questions(self) -> Locator:
        """The open questions, each with its quick replies."""
        return self.page.locator("form.lx-questions fieldset")

    @property
    def facts(self) -> Locator:
        """The fact sheet's fields."""
        return self.page.locator("form.lx-facts textarea")

    @property
    def citations(self) -> Locator:
        return self.page.locator("button.lx-cite")

    @property
    def history(self) -> Locator:
        """The visitor's consultations in the list."""
        return self.page.locator(".lx-history li")

    @property
    def drawer(self) -> Locator:
        return self.page.get_by_role("dialog")

    def references(self) -> list[str]:
        """Other hosts' addresses in the document as it is now."""
        return list(self.page.evaluate(REFERENCES, self.base))

    # Looking closely.

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._screenshots / f"{name}.png")

    def look(self, state: str, notices: bool = True) -> None:
        """Keep a picture of this state on a desk and on a phone, light and dark; in each it must be accessible, hold
        the notices in view, and not scroll sideways.
        """
        found = []
        for name, ((width, height), scheme) in LOOKS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.wait_for_function(STILL, arg=scheme == "dark")
            self.picture(f"{state}-{name}")
            found += [f"{name}: {problem}" for problem in [*self.faults(notices), *self.barriers()]]
        width, height = LOOKS["desk-light"][0]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        assert found == [], "\n".join([state, *found])

    def background(self) -> tuple[int, ...]:
        """Red, green and blue of the page's background."""
        told = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return tuple(int(part) for part in re.findall(r"\d+", told)[:3])

    def faults(self, notices: bool = True) -> list[str]:
        """What must never be: a notice out of sight, a page wider than its window."""
        found = []
        for notice in (re.compile("AI生成|AI-generated"), "12348") if notices else ():
            places = self.page.get_by_text(notice).all()
            if not any(place.is_visible() and place.evaluate(SEEN) for place in places):
                found.append(f"{notice} is not in view")
        if (beyond := self.page.evaluate(SIDEWAYS)) > 0:
            found.append(f"scrolls sideways by {beyond} px")
        return found

    def barriers(self) -> list[str]:
        """Serious and critical findings of axe-core."""
        told: dict[str, Any] = Axe().run(self.page).response
        return [
            f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]}"
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._failed(f"{message.text} ({message.location.get('url', '')})")

    def _failed(self, error: str) -> None:
        if not error.startswith(LEAVING):
            self.problems.append(error)

    def _asked(self, request: Request) -> None:
        told = urlsplit(request.url)
        if told.scheme not in ("data", "blob") and f"{told.scheme}://{told.netloc}" != self.base:
            self.outside.append(request.url)
