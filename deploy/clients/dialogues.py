"""Consultations as dialogues to train on: `{"messages": [{"role": ..., "content": ...}, ...]}`, user and assistant.

A consultation that failed, or whose answer cites what does not exist, teaches nothing good and is left out. Identity
data is replaced by placeholders (models/masking).
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deploy.clients.player import CONFIRMED, Consultation
from deploy.settings import BadSettings
from models.masking import Mask

Row = dict[str, list[dict[str, str]]]


def of(held: Consultation) -> Row | None:
    """A scripted client's consultation; None of one that failed, whose answer is faulty, or that was none."""
    played = held.played
    if played.failure or played.faults or played.client.route != "consult":
        return None
    return _row((exchange.said, exchange.reply) for exchange in held.exchanges)


def exported(path: Path) -> Row:
    """The session in a file that `GET /v1/consultations/{id}/export` gave.

    Raises BadSettings for any other file, and for a session without an answer.
    """
    try:
        turns = json.loads(path.read_text("utf-8"))["turns"]
        said = [
            (_said(turn["message"], before), turn["reply"]) for turn, before in zip(turns, [{}, *turns], strict=False)
        ]
        row = _row(said)
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSettings(f"{path}: no exported consultation: {error!r}") from error
    if not row["messages"]:
        raise BadSettings(f"{path}: the consultation has no answer")
    return row


def _row(turns: Iterable[tuple[Sequence[str], dict[str, Any]]]) -> Row:
    """The turns up to the last answer."""
    mask, messages, answered = Mask(), [], 0
    for said, reply in turns:
        for role, text in (("user", "\n".join(said)), ("assistant", _replied(reply))):
            messages.append({"role": role, "content": mask.mask(text)})
        if reply["status"] == "answer":
            answered = len(messages)
    return {"messages": messages[:answered]}


def _said(message: dict[str, Any], before: dict[str, Any]) -> tuple[str, ...]:
    """What a message of the API says, in words. `before`: the turn before it, empty for the first."""
    if message.get("content") is not None:
        return (message["content"],)
    if message.get("reply") is not None:
        return tuple(message["reply"].values())
    labels = {fact["id"]: fact["label"] for fact in before.get("reply", {}).get("facts", ())}
    changes = message["confirm"].get("changes", {})
    return tuple(f"更正:{labels.get(id, id)}是{value}。" for id, value in changes.items()) or (CONFIRMED,)


def _replied(reply: dict[str, Any]) -> str:
    rows = [reply["answer"]] if reply["answer"] else []
    if reply["status"] == "question":
        rows += ["还需要了解:", *(f"{at}. {one['text']}({one['why']})" for at, one in enumerate(reply["questions"], 1))]
    if reply["status"] == "confirm":
        rows += ["请核对以下事实:", *(f"- {fact['label']}:{fact['value']}" for fact in reply["facts"])]
    return "\n".join(rows)
