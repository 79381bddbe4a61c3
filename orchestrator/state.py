"""The state of a consultation graph and how each key merges. Plain data only, because it is saved with strict msgpack.

Passages stay in the library; the state holds their ids. Contracts are stored as `model_dump(mode="json")`.
"""

from typing import Annotated, Any, TypedDict

Json = dict[str, Any]


def appended(old: list[Json], new: list[Json] | None) -> list[Json]:
    """Reducer of accumulating lists: entries are appended; None empties the list for a new turn."""
    return [] if new is None else old + new


def merged(old: Json, new: Json | None) -> Json:
    """Reducer of results by name: later ones are added; None empties them for a new turn."""
    return {} if new is None else {**old, **new}


class State(TypedDict, total=False):
    """One session's state. Groups: settings, this turn, the matter, the work, the outcome."""

    # Settings, fixed when the session is made.
    mode: str
    auto_confirm: bool
    stateless: bool  # a chat completion: questions end the run instead of pausing it
    as_of: str | None
    jurisdiction: str

    # This turn.
    turn: int
    message: Json
    dry: bool  # re-reading an old message of a chat completion: no retrieval, no answer
    history: list[str]  # the client's last messages, newest last
    entry: str  # where intake sends the message

    # The matter.
    route: str
    domain: str
    confidence: float
    story: list[str]
    replies: list[str]  # the parts of the story that reply to questions: they say nothing of what it is about
    told: list[str]  # the parts of the story that may be read for facts: without quick replies
    causes: list[str]
    votes: dict[str, float]  # of the articles that the search found, for each cause of the field
    facts: dict[str, Json]
    recent: list[str]  # ids of the facts asked, told or shown last, newest last: what a bare correction means
    doubtful: list[str]  # ids of facts that the client took back without saying what holds instead
    supposed: dict[str, Json]  # the facts that this turn supposes; never among `facts` unless the client says so
    aside: list[str]  # causes that only the supposition of this turn speaks of
    matter: str  # the field that the facts belong to; `domain` is that of the turn
    questions: list[Json]
    put: list[str]  # ids of all questions put in this matter: none is put twice
    asker: str  # the step that asked the open questions, and takes the answer
    rounds: int
    confirmed: bool
    asked: str  # a follow-up question after an answer
    last_lookup: str  # the article id shown last
    calculator: str  # the name of the calculator at work
    inputs: dict[str, Json]  # the facts for it, by input id

    # The work.
    plan: Json
    results: Annotated[Json, merged]
    degraded: list[str]
    trace: Annotated[list[Json], appended]

    # The outcome.
    draft: Json  # the answer plan
    written: list[str]  # the verified sentences, as streamed
    paper: Json  # the paper drafted last: its template, and what the client told for its gaps
    opinion: Json  # the last opinion given: what a report is made of
    reply: Json


def no_matter() -> State:
    """The keys that begin another matter: nothing of the old one decides anything in it."""
    return {
        "story": [],
        "replies": [],
        "told": [],
        "causes": [],
        "votes": {},
        "facts": {},
        "recent": [],
        "doubtful": [],
        "matter": "",
        "questions": [],
        "put": [],
        "rounds": 0,
        "confirmed": False,
        "calculator": "",
        "inputs": {},
        "paper": {},
        "opinion": {},
    }


def turn(message: Json, number: int) -> State:
    """The keys that begin a turn: the message, and everything of the last turn's work emptied."""
    return {
        "message": message,
        "turn": number,
        "trace": None,  # type: ignore[typeddict-item]  # the reducer's word for "empty"
        "results": None,  # type: ignore[typeddict-item]
        "degraded": [],
        "draft": {},
        "asked": "",
    }
