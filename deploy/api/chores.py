"""What chat pages ask in the background, of whatever model the person talks to: a title, tags, suggestions.

They send it as a message of its own, with instructions, the form of the JSON they want and the conversation so far
(Open WebUI does). Taken for a question it would be a whole consultation, whose answer the page throws away: here it
gets what it can use, a title in the client's own words, and nothing else is made up.
"""

import json
import re
from collections.abc import AsyncGenerator

from deploy.api.speech import Piece
from orchestrator.inert import inert

LONGEST_TITLE = 24  # characters
_BEGINNING, _OPENED, _CLOSED = "### Task:", "<chat_history>", "</chat_history>"
_FORM = re.compile(r'JSON format:\s*\{\s*"(?P<name>\w+)":\s*(?P<kind>\[|")')
_FIRST = re.compile(r"^USER: *(\S.*)$", re.MULTILINE)


def answer(text: str) -> str | None:
    """The JSON that such a request wants; None for all other messages."""
    instructions, opened, said = text.partition(_OPENED)
    if not (instructions.startswith(_BEGINNING) and opened and said.rstrip().endswith(_CLOSED)):
        return None
    form = _FORM.search(instructions)
    if form is None:
        return None
    value: str | list[str] = [] if form["kind"] == "[" else ""
    if form["name"] == "title" and (first := _FIRST.search(said)):
        value = _shortened(inert(first[1].strip()))
    return json.dumps({form["name"]: value}, ensure_ascii=False)


async def pieces(said: str) -> AsyncGenerator[Piece, None]:
    """The answer as the one choice of a completion."""
    yield Piece(said)
    yield Piece(finish="stop")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…"
