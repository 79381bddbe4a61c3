"""The visitor's consent, where the service asks for it: what is told, what is ticked, and what is sent of it."""

from collections.abc import Sequence

from deploy.page.texts import Lang, text
from deploy.page.views.markup import render
from deploy.privacy import Consent, Notice


def notice(told: Notice, lang: Lang) -> str:
    """The notice, folded."""
    return render("consent", lang, sections=told.sections)


def choices(told: Notice, lang: Lang) -> list[tuple[str, str]]:
    """What is to be ticked: words and value. The value names the notice that was read, which may change meanwhile."""
    return [(text(f"consent.{part}", lang), f"{part}@{told.version}") for part in told.parts]


def read(ticked: Sequence[str]) -> Consent | None:
    """The consent of these values; None where nothing was ticked."""
    pairs = [one.partition("@") for one in ticked]
    if not pairs:
        return None
    parts = {part for part, _, _ in pairs}
    return Consent(
        given="given" in parts,
        version=pairs[0][2],
        sensitive="sensitive" in parts,
        outside="outside" in parts,
    )
