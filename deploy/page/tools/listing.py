"""The visitor's consultations as other tabs list them: when, and the first words that were said."""

from dataclasses import dataclass

from deploy.page import clock
from deploy.page.texts import Lang, text
from deploy.sdk import AsyncLexhub

NAMED = 30  # so many of the newest can be chosen


@dataclass(frozen=True)
class Listed:
    """One consultation. `at`: when, to the minute."""

    id: str
    at: str
    title: str

    @property
    def label(self) -> str:
        """What tells it from the others."""
        return f"{self.at} · {self.title}"


async def listed(client: AsyncLexhub, lang: Lang, limit: int = NAMED) -> list[Listed]:
    """The newest consultations, newest first. Raises LexhubError."""
    found = await client.consultations(limit=limit)
    return [Listed(one.id, _minute(one.created), one.title or text("history.untitled", lang)) for one in found]


def _minute(seconds: float) -> str:
    return f"{clock.local(seconds):%Y-%m-%d %H:%M}"
