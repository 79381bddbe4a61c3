"""What an operator looks at, on the wire: the graph, what is stored, and the last requests. No client's words in it.

Times in milliseconds are counted from the request's beginning; `at` is Unix time. All of it survives pickling, since
replicas tell each other.
"""

from typing import Literal

from pydantic import BaseModel, Field

from orchestrator.contracts import Value
from orchestrator.decisions import Decision


class Edge(BaseModel):
    """An edge of the graph; a step decides whether a conditional one is taken."""

    source: str
    target: str
    conditional: bool


class Drawing(BaseModel):
    """The compiled graph: its steps, with `__start__` and `__end__`, its edges, and both in Mermaid's notation."""

    nodes: list[str]
    edges: list[Edge]
    mermaid: str


class Stored(BaseModel):
    """What the database holds: rows by table, and its size where it is a file (bytes)."""

    database: str
    rows: dict[str, int]
    bytes: int | None


class Piece(Value):
    """One piece of work: a step of the graph or task of the plan, a call of the library or the session database, or an
    attempt to have a model do a task. `code` is that of its failure; `attempt`, `fallback` and `first_ms` (until the
    first piece of output) are of attempts.
    """

    kind: Literal["step", "retrieval", "storage", "model"]
    name: str
    began: float
    ms: float
    code: str = ""
    model: str = ""
    attempt: int = 0
    fallback: str = ""
    first_ms: float | None = None


class Found(Value):
    """One hit: what was found, and the features and scores that put it in its place. Of a private document the name of
    its corpus alone is told.
    """

    id: str
    score: float
    scores: dict[str, float]


class Search(Value):
    """One search: how many hits it had, and the best of them."""

    call: str
    began: float
    found: int
    hits: tuple[Found, ...]


class Judged(Value):
    """Whether an article that was found was used, and why."""

    id: str
    used: bool
    reason: str


class Outcome(Value):
    """How the turn of a request ended. `citations` counts them by status, with those `rejected`."""

    mode: str
    status: str
    route: str = ""
    domain: str = ""
    questions: int = 0
    citations: dict[str, int] = Field(default={})
    degraded: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()


class RequestRow(Value):
    """One request as the list shows it. `status` is 0 and `ms` what has passed while it is under way; a turn may
    outlive its request (499: its client left). `session` is a hash, as in logs; `key` the id of its account.
    """

    id: str
    at: float
    replica: str
    method: str
    route: str
    status: int
    ms: float
    code: str = ""
    key: str = ""
    session: str = ""
    models: tuple[str, ...] = ()
    outcome: Outcome | None = None


class RequestTrace(RequestRow):
    """One request in full."""

    pieces: tuple[Piece, ...]
    decisions: tuple[Decision, ...]
    searches: tuple[Search, ...]


class Requests(BaseModel):
    """The last requests, the newest first."""

    requests: list[RequestRow]
