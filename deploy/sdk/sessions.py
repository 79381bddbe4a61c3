"""The calls about consultations: make, send, stream, read, report, judge, export, delete."""

from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from deploy.privacy import Consent
from deploy.sdk import reading
from deploy.sdk.calls import Call, Request
from deploy.sdk.events import Following
from deploy.sdk.reading import Download
from deploy.shapes.consultations import (
    Confirm,
    Consultation,
    ConsultationInfo,
    Deleted,
    Feedback,
    NewConsultation,
    Rating,
)
from deploy.shapes.papers import DraftRequest
from orchestrator.contracts import Mode, Reply, UserMessage

ROOT = "/v1/consultations"


def create(
    mode: Mode = "professional",
    confirm: Confirm = "ask",
    as_of: date | None = None,
    jurisdiction: str | None = None,
    consent: Consent | None = None,
) -> Call[ConsultationInfo]:
    """Begin a consultation."""
    day = None if as_of is None else as_of.isoformat()
    wanted = NewConsultation.model_validate(
        {"mode": mode, "confirm": confirm, "as_of": day, "jurisdiction": jurisdiction, "consent": consent}
    )
    return Call(Request("POST", ROOT, wanted), reading.of(ConsultationInfo), repeatable=False)


def send(id: str, message: UserMessage | str, idempotency_key: str | None = None) -> Call[Reply]:
    """Send a message and give the whole reply. Sent again under the same key, a message is not answered twice."""
    headers = {"Idempotency-Key": idempotency_key or uuid4().hex}
    return Call(Request("POST", f"{_path(id)}/messages", _message(message), {}, headers), reading.of(Reply))


def stream(id: str, message: UserMessage | str, idempotency_key: str | None = None, after: int = 0) -> Following:
    """Send a message and give its events as (number, event) while they happen; the last is `done` with the Reply.

    A turn that fails ends in LexhubError. A connection that breaks off is taken up again after the last event seen;
    the turn may have been begun anew then, so that what counts is the Reply.
    """
    root = _path(id)
    return Following(
        events=f"{root}/events",
        path=f"{root}/messages",
        body=_message(message),
        key=idempotency_key or uuid4().hex,
        after=after,
    )


def follow(id: str, turn: int | None = None, after: int = 0) -> Following:
    """The events of a turn (the last one, if none is named) after the event of that number."""
    return Following(events=f"{_path(id)}/events", query={"turn": turn}, after=after)


def consultation(id: str) -> Call[Consultation]:
    """The state of a consultation and all that was said."""
    return Call(Request("GET", _path(id)), reading.of(Consultation))


def consultations(limit: int = 50) -> Call[list[ConsultationInfo]]:
    """The caller's consultations, newest first."""
    return Call(Request("GET", ROOT, None, {"limit": limit}), reading.of(list[ConsultationInfo]))


def delete(id: str) -> Call[None]:
    """Delete a consultation and all that belongs to it."""
    return Call(Request("DELETE", _path(id)), reading.nothing)


def delete_all() -> Call[int]:
    """Delete all of the caller's consultations; how many there were."""
    read = reading.of(Deleted)
    return Call(Request("DELETE", ROOT), lambda response: read(response).deleted)


def export(id: str) -> Call[dict[str, Any]]:
    """All that is kept about a consultation."""
    return Call(Request("GET", f"{_path(id)}/export"), reading.data)


def export_all() -> Call[dict[str, Any]]:
    """All that is kept about the caller."""
    return Call(Request("GET", "/v1/export"), reading.data)


def report(id: str, format: str = "md") -> Call[Download]:
    """The report on a consultation, as md, docx or pdf."""
    return Call(Request("GET", f"{_path(id)}/report", None, {"format": format}), reading.download)


def document(id: str, template: str, values: dict[str, str] | None = None, format: str = "md") -> Call[Download]:
    """A paper made from a consultation; `values` fill further gaps of its template."""
    wanted = DraftRequest(template=template, values=values or {}, format=format)
    return Call(Request("POST", f"{_path(id)}/documents", wanted), reading.download)


def feedback(id: str, turn: int, rating: Rating, comment: str = "") -> Call[None]:
    """Say what the answer of a turn was worth."""
    given = Feedback(turn=turn, rating=rating, comment=comment)
    return Call(Request("POST", f"{_path(id)}/feedback", given), reading.nothing, repeatable=False)


def _path(id: str) -> str:
    return f"{ROOT}/{quote(id, safe='')}"


def _message(message: UserMessage | str) -> UserMessage:
    return UserMessage(content=message) if isinstance(message, str) else message
