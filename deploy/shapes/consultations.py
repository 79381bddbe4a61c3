"""Consultation sessions on the wire; messages and replies are those of `orchestrator.contracts`."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from deploy.privacy import Consent, ConsentRecord
from deploy.shapes.values import Day
from orchestrator.contracts import Mode, Reply

Confirm = Literal["ask", "auto"]
Rating = Literal["up", "down"]


class NewConsultation(BaseModel):
    """How a consultation is to be held. `as_of`: whose day's law; `confirm` auto skips the fact sheet.

    `consent`: to the processing of personal data as GET /v1/privacy tells it, where that is required.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "professional"
    confirm: Confirm = "ask"
    as_of: Day | None = None
    jurisdiction: str | None = Field(default=None, max_length=60)
    consent: Consent | None = None


class ConsultationInfo(BaseModel):
    """A session as listings show it. `title`: how its story begins, empty before its first turn."""

    id: str
    title: str = ""
    mode: Mode
    confirm: Confirm
    as_of: date | None
    jurisdiction: str | None
    consent: ConsentRecord | None = None
    created: float


class Exchange(BaseModel):
    """One turn of the transcript: the client's message as sent, and the reply."""

    number: int
    at: float
    message: dict[str, Any]
    reply: Reply


class Verdict(BaseModel):
    """A verdict on one turn as it was given. `at`: Unix seconds."""

    turn: int
    rating: Rating
    comment: str
    at: float


class Consultation(ConsultationInfo):
    """A session with its transcript. `status`, `questions` and `facts` are those of the last reply, null before one.

    `running`: a turn is being worked on now; GET …/events follows it. `feedback`: the verdicts, in order.
    """

    running: bool = False
    feedback: list[Verdict] = []
    status: str | None
    questions: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    transcript: list[Exchange]
    trace: list[dict[str, Any]]


class Deleted(BaseModel):
    """How many sessions were deleted."""

    deleted: int


class Feedback(BaseModel):
    """The client's verdict on one answer."""

    model_config = ConfigDict(extra="forbid")

    turn: int = Field(ge=1)
    rating: Rating
    comment: str = Field(default="", max_length=2000, json_schema_extra={"pattern": r"^[^\x00]*$"})
