"""The visitor's consultations as other tabs list them: when, and the first words that were said."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.page.texts import Lang, text
from deploy.sdk import AsyncLexhub, LexhubError
from deploy.shapes.consultations import ConsultationInfo

LONGEST = 40  # characters of a title
NAMED = 30  # so many of the newest are read for their first words
AT_ONCE = 4


@dataclass(frozen=True)
class Listed:
    """One consultation. `at`: local time to the minute."""

    id: str
    at: str
    title: str

    @property
    def label(self) -> str:
        """What tells it from the others."""
        return f"{self.at} · {self.title}"


async def listed(client: AsyncLexhub, lang: Lang, limit: int = NAMED) -> list[Listed]:
    """The newest consultations, newest first. Raises LexhubError."""
    places = asyncio.Semaphore(AT_ONCE)

    async def told(one: ConsultationInfo) -> str:
        async with places:
            try:
                return await _first_words(client, one.id)
            except LexhubError as error:
                if error.code == "session_not_found":  # deleted since it was listed
                    return ""
                raise

    found = await client.consultations(limit=limit)
    titles = await asyncio.gather(*map(told, found[:NAMED]))
    named = [*titles, *[""] * (len(found) - len(titles))]
    return [
        Listed(one.id, _minute(one.created), title or text("history.untitled", lang))
        for one, title in zip(found, named, strict=True)
    ]


async def _first_words(client: AsyncLexhub, id: str) -> str:
    transcript = (await client.consultation(id)).transcript
    words = " ".join(str(transcript[0].message.get("content") or "").split()) if transcript else ""
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _minute(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M}"
