"""What a consultation is, as data: requests, replies, tasks and plans, facts, citations, events, errors.

These are the shapes of the HTTP API as well; design.md section 7 names them. Uses the contracts of models and
retrievers, nothing else.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from models.characters import visible
from models.contracts import AnswerPlan, SimilarCase

Route = Literal[
    "consult", "article_lookup", "article_search", "case_search", "draft_document", "calculate",
    "smalltalk", "out_of_scope", "refuse", "emergency",
]  # fmt: skip
ROUTES: dict[Route, str] = {
    "consult": "说出自己的遭遇或处境,问怎么办、会怎样、有什么权利",
    "article_lookup": "要看某一条法律的内容(指明了法律和条号,或接着问第几款)",
    "article_search": "问某件事由哪部法律、哪一条规定",
    "case_search": "要找类似的案例、判决",
    "draft_document": "要写或改一份文书、合同、协议、借条",
    "calculate": "要算出一个具体的数额、期限或比例",
    "smalltalk": "问候、致谢、问你是谁",
    "out_of_scope": "与法律无关的请求",
    "refuse": "要求帮助实施或掩盖违法行为、伪造证据、骚扰或查找他人隐私",
    "emergency": "有人此刻正处于危险之中",
}
ReplyStatus = Literal[
    "question", "confirm", "answer", "refused", "emergency", "out_of_scope", "smalltalk", "failed"
]  # fmt: skip
Mode = Literal["normal", "professional"]
UNCLEAR = "不清楚"
AND = ";"  # between the values of a fact that has several
MAX_MESSAGE = 20_000  # characters of one message; a long story is about 2,000
TEXT = r"^[^\x00]*[^\x00\s][^\x00]*$"
ONE_OF_THREE: list[JsonValue] = [
    {
        "required": [name],
        "properties": {
            one: {"not": {"type": "null"}} if one == name else {"type": "null"}
            for one in ("content", "reply", "confirm")
        },
    }
    for name in ("content", "reply", "confirm")
]


class ConsultationError(Exception):
    """Any failure of this package that a caller may see; `code` is stable. Positional arguments only."""

    code = "consultation_failed"


class InvalidMessage(ConsultationError):
    """The message cannot be taken: empty, too long, or with characters that text does not have."""

    code = "invalid_message"


class NothingAsked(ConsultationError):
    """A reply or confirmation came while no question was open, or it answers a question that was not asked."""

    code = "nothing_asked"


class UnknownSession(ConsultationError):
    """No such session for this caller."""

    code = "session_not_found"


class SessionBusy(ConsultationError):
    """Another message of this session is being answered."""

    code = "session_busy"


class NoReport(ConsultationError):
    """The session has no answer yet to report on."""

    code = "no_answer_yet"


class AnswerFailed(ConsultationError):
    """No dialogue model wrote the answer to its end; the turn is not kept and may be sent again."""

    code = "answer_failed"


class StorageFailed(ConsultationError):
    """The session store could not commit; the turn is not acknowledged and may be sent again."""

    code = "storage_failed"


class LeaseLost(ConsultationError):
    """This replica was silent so long that it lost the session; the turn is not kept, and may be sent again."""

    code = "lease_lost"


class SealedDataRefused(ConsultationError):
    """What is stored is not sealed as it has to be: plain, altered, out of place, or with a key that is not here."""

    code = "sealed_data_refused"


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def clean_text(text: str) -> str:
    """The text as it is kept: without outer white space and without characters that nobody sees.

    Raises InvalidMessage for what is not readable text.
    """
    if "\x00" in text:
        raise InvalidMessage("消息中含有空字符(NUL),请删除后重发。")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidMessage("消息中含有不完整的字符(孤立代理项),请检查后重发。") from error
    stripped = visible(text).strip()
    if not stripped:
        raise InvalidMessage("消息是空的,请写下您的问题。")
    if len(stripped) > MAX_MESSAGE:
        raise InvalidMessage(f"消息过长({len(stripped)} 字),请精简到 {MAX_MESSAGE} 字以内。")
    return stripped


# A text that clean_text takes, as the API's description says it; what is refused, clean_text itself tells.
Text = Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": MAX_MESSAGE, "pattern": TEXT})]


class Confirmation(Value):
    """The client's word on the facts shown back. `changes` maps fact ids to corrected values (ok false)."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "anyOf": [{"properties": {"ok": {"const": False}}}, {"properties": {"changes": {"maxProperties": 0}}}]
        },
    )

    ok: bool
    changes: dict[str, Text] = Field(default={}, json_schema_extra={"maxProperties": 50})

    @model_validator(mode="after")
    def _consistent(self) -> "Confirmation":
        if self.ok and self.changes:
            raise ValueError("changes belong to ok: false")
        if len(self.changes) > 50:
            raise ValueError("too many changes")
        return self


class UserMessage(Value):
    """One message of a session: exactly one of `content`, `reply` (question id → text) and `confirm`."""

    model_config = ConfigDict(strict=True, json_schema_extra={"oneOf": ONE_OF_THREE})

    content: Text | None = None
    reply: Annotated[dict[str, Text], Field(json_schema_extra={"minProperties": 1, "maxProperties": 20})] | None = None
    confirm: Confirmation | None = None

    @model_validator(mode="after")
    def _one(self) -> "UserMessage":
        given = [name for name in ("content", "reply", "confirm") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("exactly one of content, reply and confirm is needed")
        if self.reply is not None and not 1 <= len(self.reply) <= 20:
            raise ValueError("a reply answers between 1 and 20 questions")
        return self

    def cleaned(self) -> "UserMessage":
        """The same message with its texts checked. Raises InvalidMessage."""
        if self.content is not None:
            return UserMessage(content=clean_text(self.content))
        if self.reply is not None:
            return UserMessage(reply={id: clean_text(text) for id, text in self.reply.items()})
        assert self.confirm is not None
        changes = {id: clean_text(text) for id, text in self.confirm.changes.items()}
        return UserMessage(confirm=Confirmation(ok=self.confirm.ok, changes=changes))


class Task(Value):
    """One task of a plan (HuggingGPT, section 3.1). `dep` lists the ids it waits for.

    An argument `"<result-2>"` stands for the result of task 2.
    """

    task: Literal["keywords", "articles", "cases", "answer", "verify", "lookup", "calculate", "reply"]
    id: int = Field(ge=1)
    dep: tuple[int, ...] = ()
    args: dict[str, str] = {}


class Plan(Value):
    """The typed plan of one request. `repaired` says what was wrong with the planner's own, if anything."""

    route: Route
    domain: str
    tasks: tuple[Task, ...]
    repaired: tuple[str, ...] = ()


class Choice(Value):
    """The model chosen for a task, the reason, and the candidates after it in the order they would be tried.

    `others` says of each other model that is able to do it why it does not come first, or not at all.
    """

    task: str
    model: str
    reason: str
    fallbacks: tuple[str, ...] = ()
    others: dict[str, str] = {}


class Routing(Value):
    """What `/v1/route` answers: route, field, plan and choices. Nothing of it has run, but the planner itself."""

    route: Route
    domain: str
    confidence: float
    reason: str
    plan: Plan
    choices: tuple[Choice, ...]


class Fact(Value):
    """One fact of the session. `value` is shown; `number` holds yuan or months, `iso` a date, where it is one.

    Of a choice that may have several values at once (domains/pack.py), all stand in `value`, joined by AND.
    A quantity told vaguely (两三万) has its two ends in `low` and `high` instead of a number. `read` is false for a
    reply that fits none of the known values: it is kept as told, and decides nothing.
    """

    id: str
    label: str
    value: str
    number: float | None = None
    iso: str | None = None
    low: float | None = None
    high: float | None = None
    source: Literal["story", "reply", "confirm"]
    changed: bool = False
    read: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        """What the fact says: of an element that may have several values each, else the value alone."""
        return tuple(self.value.split(AND))

    @property
    def undecided(self) -> bool:
        """The fact decides nothing: the client does not know it, or said what no known value covers."""
        return self.unclear or not self.read

    @property
    def unclear(self) -> bool:
        """The client does not know or skipped it."""
        return self.value == UNCLEAR


class Question(Value):
    """One question back to the client. `options` are quick replies; free text is always allowed.

    `several`: more than one of them may be true; they are replied together, joined by `;`. Those of `alone` exclude
    all others. `beside` is what is asked in the same breath: `text` ends with it. The reply may speak of both, or each
    is replied by its own id.
    """

    id: str
    text: str
    why: str
    options: tuple[str, ...]
    several: bool = False
    alone: tuple[str, ...] = ()
    beside: "Question | None" = None

    @property
    def parts(self) -> tuple["Question", ...]:
        """What it asks, each by its own id: itself, then `beside`."""
        return (self,) if self.beside is None else (self, self.beside)


class Citation(Value):
    """One citation of an answer. `quote` is official text byte for byte (status verified), else `digest` is set."""

    id: str
    law: str
    article: str
    version: str
    quote: str = ""
    digest: str = ""
    status: Literal["verified", "digest"]


class InternalPassage(Value):
    """A passage of the caller's own documents, shown beside an answer: it is not law and was not checked.

    `quote` is text of the stored passage, byte for byte. It is data from outside: whoever shows it shows it as
    plain text.
    """

    corpus: str
    file: str
    place: str
    quote: str


class TraceEntry(Value):
    """One decision or piece of work: which step, what it did, with which model and why, and how long it took."""

    step: str
    note: str
    model: str = ""
    ms: float = 0.0
    details: dict[str, Any] = {}


class Reply(Value):
    """The answer to one message; the same information as the events of the stream."""

    status: ReplyStatus
    route: Route
    domain: str
    turn: int = 0
    degraded: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    facts: tuple[Fact, ...] = ()
    answer: str = ""
    citations: tuple[Citation, ...] = ()
    cases: tuple[SimilarCase, ...] = ()
    documents: tuple[InternalPassage, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    notice: str = "本内容由人工智能生成（AI生成），仅供参考，不构成律师意见。"


class Opinion(Value):
    """What a report is made of: the answer plan, the answer as sent, its citations, and the facts it rests on.

    `documents` are the passages of the caller's own documents that were shown beside the answer.
    """

    plan: AnswerPlan
    answer: str
    citations: tuple[Citation, ...]
    facts: tuple[Fact, ...]
    question: str
    on: date
    documents: tuple[InternalPassage, ...] = ()


EventKind = Literal[
    "plan", "step", "question", "confirm", "articles", "cases", "documents", "delta", "citations", "done", "error"
]  # fmt: skip


class Event(Value):
    """One event of a stream. `data` has the shape that docs name for its kind; `done` carries the whole Reply."""

    kind: EventKind
    data: dict[str, Any]
