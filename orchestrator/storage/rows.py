"""The rows of sessions, turns, checkpoints and feedback, sealed. The only module that knows what a sealed column holds.

Functions named after a table make the values of a row; `re…` makes a stored row's anew with the first key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.storage.sealing import Sealing

Values = dict[str, Any]


def session(sealing: Sealing, id: str, owner: str, mode: str, settings: Mapping[str, Any], created: float) -> Values:
    """A new session."""
    opening = sealing.pack({"owner": owner, "settings": settings}, "sessions.opening", id, 0)
    return {
        "id": id,
        "owner": sealing.mark(owner),
        "mode": mode,
        "opening": opening,
        "created": created,
        "touched": created,
    }


def turn(
    sealing: Sealing,
    session: str,
    number: int,
    key: str,
    message: Mapping[str, Any],
    reply: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    at: float,
) -> Values:
    """A turn; `events` without the last one, which is the reply."""
    content = {"key": key, "message": message, "reply": reply}
    return {
        "session": session,
        "number": number,
        "key": sealing.mark(key),
        "content": sealing.pack(content, "turns.content", session, number),
        "events": sealing.pack(events, "turns.events", session, number),
        "at": at,
    }


def checkpoint(sealing: Sealing, session: str, turn: int, data: bytes) -> Values:
    """The session's checkpoint after this turn."""
    return {
        "session": session,
        "turn": turn,
        "content": sealing.seal(data, "checkpoints.content", session, turn),
    }


def feedback(sealing: Sealing, session: str, turn: int, rating: str, comment: str, at: float) -> Values:
    """A verdict on a turn."""
    content = sealing.pack({"rating": rating, "comment": comment}, "feedback.content", session, turn)
    return {"session": session, "turn": turn, "content": content, "at": at}
