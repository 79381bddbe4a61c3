"""What several steps need: reading state back into contracts, sending events, making replies and trace entries."""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from langgraph.runtime import Runtime

from orchestrator.contracts import (
    Citation,
    Event,
    EventKind,
    Fact,
    InternalPassage,
    Question,
    Reply,
    TraceEntry,
    UserMessage,
)
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Domain
from orchestrator.facts import joined
from orchestrator.recognition import Spoken
from orchestrator.services import Services
from orchestrator.state import Json, State

Run = Runtime[Services]


def emit(runtime: Run, kind: EventKind, **data: Any) -> None:
    """Send one event to whoever follows the turn; a run without a follower loses nothing by it."""
    runtime.stream_writer(Event(kind=kind, data=data).model_dump(mode="json"))


def message_of(state: State) -> UserMessage:
    """The message of this turn."""
    return UserMessage.model_validate(state["message"])


def facts_of(state: State) -> dict[str, Fact]:
    """The facts known, by element id."""
    return {id: Fact.model_validate(row) for id, row in state.get("facts", {}).items()}


def supposed_of(state: State) -> dict[str, Fact]:
    """What this turn supposes, by element id; empty when it supposes nothing."""
    return {id: Fact.model_validate(row) for id, row in (state.get("supposed") or {}).items()}


def dumped(facts: Mapping[str, Fact]) -> dict[str, Json]:
    """Facts as state keeps them."""
    return {id: fact.model_dump(mode="json") for id, fact in facts.items()}


def pack_of(state: State) -> Domain | None:
    """The pack of the field, None for a field that has none yet."""
    return packs().get(state.get("domain", ""))


def causes_of(state: State) -> list[Cause]:
    """The causes recognised in the story, and those that this turn's supposition adds."""
    pack = pack_of(state)
    wanted = [*state.get("causes", []), *state.get("aside", [])]
    return [cause for id in wanted for cause in pack.causes if cause.id == id] if pack else []


def story_of(state: State) -> str:
    """All that the client wrote in this matter."""
    return "\n".join(state.get("story", []))


def spoken_of(state: State, runtime: Run, pack: Domain) -> tuple[Spoken, Spoken]:
    """The story, and what of it was told unasked: of what it is about, replies to our questions say more of the
    questions.
    """
    return spoken(runtime, pack, state.get("story", []), state.get("replies", []))


def spoken(runtime: Run, pack: Domain, story: Sequence[str], replies: Collection[str]) -> tuple[Spoken, Spoken]:
    """The messages as one text, and those of them that are no replies."""
    stories, unasked = runtime.context.stories, [text for text in story if text not in replies]
    return stories.spoken(pack, joined(story)), stories.spoken(pack, joined(unasked))


def awaits_confirmation(state: State) -> bool:
    """Whether the facts that were shown last still wait for the client's word."""
    return state.get("reply", {}).get("status") == "confirm" and not state.get("confirmed")


def documents_of(state: State) -> list[InternalPassage]:
    """The passages of the caller's own documents that were found for this turn."""
    return [InternalPassage.model_validate(row) for row in state.get("results", {}).get("documents", [])]


def as_of(state: State) -> date | None:
    """The day whose law is asked for, None for today."""
    given = state.get("as_of")
    return date.fromisoformat(given) if given else None


def entry(step: str, note: str, started: float | None = None, **details: Any) -> Json:
    """A trace entry as state keeps it; `started` is a `time.perf_counter()` reading."""
    ms = 0.0 if started is None else round((time.perf_counter() - started) * 1000, 1)
    return TraceEntry(step=step, note=note, ms=ms, details=details).model_dump(mode="json")


def reply(
    state: State,
    status: str,
    *,
    answer: str = "",
    questions: Sequence[Question] = (),
    facts: Sequence[Fact] = (),
    citations: Sequence[Citation] = (),
    cases: Sequence[Json] = (),
    documents: Sequence[InternalPassage] = (),
    trace: Sequence[Json] = (),
) -> Json:
    """The reply to this turn as state keeps it; `trace` are entries made after those in the state."""
    made = Reply.model_validate(
        {
            "status": status,
            "route": state.get("route", "consult"),
            "domain": state.get("domain", ""),
            "turn": state.get("turn", 0),
            "degraded": tuple(state.get("degraded", [])),
            "questions": tuple(questions),
            "facts": tuple(facts),
            "answer": answer,
            "citations": tuple(citations),
            "cases": tuple(cases),
            "documents": tuple(documents),
            "trace": (*state.get("trace", []), *trace),
        }
    )
    return made.model_dump(mode="json")


def concluded(state: State, runtime: Run, answer: str, **told: Any) -> Json:
    """The reply of a turn that answered something. What was open before it (questions, facts to confirm) is open still,
    and told again: a client may look something up before replying.
    """
    if rows := state.get("questions"):
        emit(runtime, "question", questions=rows)
        return reply(state, "question", answer=answer, questions=[Question.model_validate(row) for row in rows], **told)
    if awaits_confirmation(state):
        facts = list(facts_of(state).values())
        emit(runtime, "confirm", facts=[fact.model_dump(mode="json") for fact in facts])
        return reply(state, "confirm", answer=answer, **{**told, "facts": facts})
    return reply(state, "answer", answer=answer, **told)
