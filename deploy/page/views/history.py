"""The visitor's consultations, to open or to delete."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from deploy.page import clock
from deploy.page.texts import Lang, text
from deploy.page.views.markup import render

LONGEST = 40  # characters of a title


class Listed(Protocol):
    """What a listing says of a consultation. `created`: Unix seconds."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def mode(self) -> str:
        """Professional or normal."""

    @property
    def created(self) -> float:
        """When it began."""


def items(
    consultations: Sequence[Listed], lang: Lang, titles: Mapping[str, str] | None = None, current: str = ""
) -> str:
    """The list, in the order given, with the way to a new one. `titles` by id; `current` is the open one.

    Reports `{"action": "new"}`, and `{"action": "open" or "delete", "id": …}`; deleting asks once more by itself.
    """
    rows = [_item(one, (titles or {}).get(one.id, ""), one.id == current, lang) for one in consultations]
    return render("history", lang, items=rows)


def _item(one: Listed, title: str, open: bool, lang: Lang) -> dict[str, object]:
    at = clock.local(one.created)
    words = " ".join(title.split()) or text("history.untitled", lang)
    return {
        "id": one.id,
        "mode": one.mode,
        "title": words if len(words) <= LONGEST else words[: LONGEST - 1] + "…",
        "iso": at.isoformat(timespec="minutes"),
        "day": f"{at:%Y-%m-%d %H:%M}",
        "open": open,
    }
