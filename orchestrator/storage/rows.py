"""The rows of sessions, turns, checkpoints and feedback, sealed. The only module that knows what a sealed column holds.

Functions named after a table make the values of a row; `sealed_anew` makes those of a stored row with the first key.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from orchestrator.storage.sealing import Sealing

Values = dict[str, Any]
# Of each table the sealed columns, and where its rows have session and turn.
SEALED = {
    "sessions": (("opening",), "id", None),
    "turns": (("content", "events"), "session", "number"),
    "checkpoints": (("content",), "session", "turn"),
    "feedback": (("content",), "session", "turn"),
}


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


def sealed_anew(sealing: Sealing, table: str, row: RowMapping) -> Values:
    """What has to change in a stored row for it to be as a new one; empty for nothing. Plain rows are sealed.

    Raises SealedDataRefused for a row that was altered.
    """
    columns, session, turn = SEALED[table]
    if all(sealing.current(row[column]) for column in columns):
        return {}
    changed: Values = {}
    for column in columns:
        place = (f"{table}.{column}", row[session], row[turn] if turn else 0)
        value = sealing.open(row[column], *place, plain=True)
        changed[column] = sealing.seal(value, *place)
        if table == "sessions":
            changed["owner"] = sealing.mark(json.loads(value)["owner"])
        elif table == "turns" and column == "content":
            changed["key"] = sealing.mark(json.loads(value)["key"])
    return changed
