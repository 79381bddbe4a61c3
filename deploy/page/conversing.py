"""A consultation as the page shows it: what its transcript tells, and what the events of a running turn add.

No network and no Gradio here. A turn that has ended is shown from its Reply alone, whether it was just watched or read
back from the transcript, so that a reload shows the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from deploy.page import sources
from deploy.page.sources import plain
from deploy.page.texts import Lang, text
from deploy.page.views import thoughts
from deploy.sdk import LexhubError
from models.contracts import SimilarCase
from orchestrator.contracts import Citation, Event, Fact, InternalPassage, Question, Reply, TraceEntry, UserMessage
from orchestrator.wording import typeset


class Bubble(TypedDict):
    """A message as gr.Chatbot takes it. `metadata` makes it a thought that folds."""

    role: Literal["user", "assistant"]
    content: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """One turn that has ended: what the visitor sent (None where another page did), and the reply."""

    message: UserMessage | None
    reply: Reply


@dataclass
class Work:
    """A turn in progress, as its events tell. `message` is None where another page sent it."""

    message: UserMessage | None
    steps: list[TraceEntry] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    answer: str = ""
    citations: tuple[Citation, ...] = ()

    def take(self, event: Event) -> None:
        """Note what the event tells."""
        data = event.data
        if event.kind == "plan":
            self.planned = [str(task["task"]) for task in data["tasks"]]
            self._told("plan", "→".join(self.planned))
        elif event.kind == "step":
            self._told(str(data["task"]), ms=float(data["ms"]))
        elif event.kind == "articles":
            self._told("articles", "、".join(str(one["name"]) for one in data["articles"][:8]))
        elif event.kind == "cases":
            self._told("cases", "、".join(str(one["title"]) for one in data["cases"]))
        elif event.kind == "delta":
            self.answer += str(data["text"])
        elif event.kind == "citations":
            self.citations = tuple(Citation.model_validate(one) for one in data["citations"])

    def _told(self, step: str, note: str = "", ms: float = 0.0) -> None:
        """A step in one row, though what it found and how long it took are told one after the other."""
        row = next((at for at, one in enumerate(self.steps) if one.step == step), len(self.steps))
        before = self.steps[row] if row < len(self.steps) else TraceEntry(step=step, note="")
        self.steps[row : row + 1] = [TraceEntry(step=step, note=note or before.note, ms=ms or before.ms)]


@dataclass
class Conversing:
    """A consultation: its turns, the one in progress if any, the ratings given, and what went wrong last."""

    id: str = ""
    mode: str = "professional"
    turns: list[Exchange] = field(default_factory=list)
    ratings: dict[int, Literal["up", "down"]] = field(default_factory=dict)
    work: Work | None = None
    error: LexhubError | None = None
    stopped: bool = False  # the visitor waits no longer for the turn in progress

    def begin(self, message: UserMessage | None) -> None:
        """A turn begins."""
        self.work, self.error = Work(message), None

    def take(self, event: Event) -> None:
        """What happens in the turn; `done` ends it."""
        if self.work is None:
            self.begin(None)
        assert self.work is not None
        if event.kind != "done":
            self.work.take(event)
            return
        self.turns.append(Exchange(self.work.message, Reply.model_validate(event.data)))
        self.work = None

    def stop(self) -> None:
        """The visitor waits no longer; the turn goes on at the server."""
        self.stopped = True

    def fail(self, error: LexhubError) -> None:
        """The turn is not kept."""
        self.work, self.error = None, error

    # What is shown

    @property
    def reply(self) -> Reply | None:
        """The last reply; None before one, and while a turn runs."""
        return self.turns[-1].reply if self.turns and self.work is None else None

    @property
    def questions(self) -> Sequence[Question]:
        """The questions to be answered now."""
        return _open(self.reply) if self.reply is not None else ()

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts that wait for the visitor's word."""
        return self.reply.facts if self.reply is not None and self.reply.status == "confirm" else ()

    @property
    def citations(self) -> Sequence[Citation]:
        """What the answer shown last cites."""
        if self.work is not None:
            return self.work.citations
        return self.reply.citations if self.reply is not None else ()

    @property
    def cases(self) -> Sequence[SimilarCase]:
        """The cases beside the last answer."""
        return self.reply.cases if self.reply is not None else ()

    @property
    def documents(self) -> Sequence[InternalPassage]:
        """The passages of the organisation's own documents beside the last answer."""
        return self.reply.documents if self.reply is not None else ()

    @property
    def answered(self) -> bool:
        """Whether the last turn gave an answer that can be copied, judged and reported on."""
        return self.reply is not None and bool(self.reply.answer)

    def bubbles(self, lang: Lang) -> list[Bubble]:
        """The whole conversation."""
        rows: list[Bubble] = []
        asked: Sequence[Question] = ()
        facts: Mapping[str, str] = {}
        listed: dict[str, str] = {}
        for number, turn in enumerate(self.turns, 1):
            last = number == len(self.turns) and self.work is None
            if turn.message is not None:
                rows.append(_said(turn.message, asked, facts, lang))
            rows += _thoughts(turn.reply.trace, number, lang)
            rows += _replied(turn.reply, last, listed, lang)
            if not last:  # what the last one rests on stands below the conversation
                rows += _sources(turn.reply, number, lang)
            asked = turn.reply.questions
            facts = {fact.id: fact.label for fact in turn.reply.facts}
        if self.work is not None:
            if self.work.message is not None:
                rows.append(_said(self.work.message, asked, facts, lang))
            rows += _working(self.work, len(self.turns) + 1, self.stopped, lang)
        return rows


def _said(message: UserMessage, asked: Sequence[Question], facts: Mapping[str, str], lang: Lang) -> Bubble:
    if message.content is not None:
        words = plain(message.content)
    elif message.reply is not None:
        order = {part.id: at for at, question in enumerate(asked, 1) for part in question.parts}
        rows = sorted(message.reply.items(), key=lambda row: order.get(row[0], len(order)))
        words = "  \n".join(
            f"{order.get(id, '')}\\. {plain(value)}" if len(asked) > 1 else plain(value) for id, value in rows
        )
    elif message.confirm is not None and message.confirm.changes:
        rows = [(facts.get(id, id), value) for id, value in message.confirm.changes.items()]
        words = (
            text("chat.corrected", lang)
            + "  \n"
            + "  \n".join(f"{plain(label)}：{plain(value)}" for label, value in rows)
        )
    else:
        words = text("chat.confirmed", lang)
    return {"role": "user", "content": words, "metadata": {}}


def _replied(reply: Reply, last: bool, listed: dict[str, str], lang: Lang) -> list[Bubble]:
    """What the reply says. What the `last` one asks or shows stands below the conversation. `listed`: the facts listed
    so far; of a later fact sheet only what is new or different is listed.
    """
    rows: list[str] = []
    if reply.answer:
        rows.append(sources.linked(reply.answer, reply.citations))
    if questions := _open(reply):
        lead = text("chat.still" if reply.answer else "chat.asked", lang)
        asked = "\n".join(f"{at}. {plain(question.text)}" for at, question in enumerate(questions, 1))
        rows.append(lead if last else f"{lead}\n\n{asked}")
    elif reply.status == "confirm":
        told = {fact.id: f"- {plain(typeset(fact.label))}：{plain(_read(fact))}" for fact in reply.facts}
        fresh = [row for id, row in told.items() if listed.get(id) != row]
        listed |= told
        lead = text("chat.still" if reply.answer else "chat.shown", lang)
        rows.append("\n\n".join([lead, *([] if last or not fresh else ["\n".join(fresh)])]))
    return [{"role": "assistant", "content": row, "metadata": {}} for row in rows]


def _open(reply: Reply) -> Sequence[Question]:
    """The questions to be answered now; after an emergency they wait until the visitor writes again."""
    return () if reply.status == "emergency" else reply.questions


def _thoughts(trace: Sequence[TraceEntry], turn: int, lang: Lang) -> list[Bubble]:
    """The steps of a turn that has ended, folded into one thought."""
    if not trace:
        return []
    return _nested(trace, turn, text("thoughts.steps", lang), "done", lang)


def _read(fact: Fact) -> str:
    """What was understood; what only was kept as told stays as written."""
    return typeset(fact.value) if fact.read else fact.value


def _sources(reply: Reply, turn: int, lang: Lang) -> list[Bubble]:
    """What an earlier answer rests on, folded."""
    if not (title := sources.count(reply, lang)):
        return []
    metadata = {"title": title, "id": f"turn-{turn}-sources", "status": "done"}
    return [{"role": "assistant", "content": sources.listed(reply), "metadata": metadata}]


def _working(work: Work, turn: int, stopped: bool, lang: Lang) -> list[Bubble]:
    status: Literal["pending", "done"] = "done" if stopped else "pending"
    rows = _nested(work.steps, turn, text("thoughts.steps" if stopped else "thoughts.running", lang), status, lang)
    if work.answer:
        rows.append({"role": "assistant", "content": sources.linked(work.answer, work.citations), "metadata": {}})
    return rows


def _nested(
    steps: Sequence[TraceEntry], turn: int, title: str, status: Literal["pending", "done"], lang: Lang
) -> list[Bubble]:
    parent = f"turn-{turn}"
    taken = sum(step.ms for step in steps) / 1000
    head: dict[str, Any] = {"title": title, "id": parent, "status": status}
    if status == "done":
        head["duration"] = round(taken, 2)
    rows: list[Bubble] = [{"role": "assistant", "content": "", "metadata": head}]
    for at, step in enumerate(steps):
        metadata = {"title": thoughts.title(step, lang), "id": f"{parent}-{at}", "parent_id": parent, "status": "done"}
        rows.append({"role": "assistant", "content": thoughts.content(step), "metadata": metadata})
    return rows
