"""What the steps of a consultation may call: the library, the pool of models, the clock, the tables of rates.

Travels in the graph's run-time context, never in state, since state is saved. The protocols are met by
deploy/remote (Serve handles) and by the tests' in-process doubles.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from models.contracts import Generator, ModelCard
from orchestrator.observing import Observer, Unobserved
from orchestrator.rates import Rates, shipped
from orchestrator.recognition import Stories
from orchestrator.timing import TimedLibrary
from orchestrator.tracking import Load
from orchestrator.watch import Watch
from retrievers.contracts import Library

EVERY_CORPUS = ("*",)  # of `Services.corpora`; no corpus can have this name


class ModelPool(Protocol):
    """The models that are deployed; `watch` is what this replica knows of them, the same for all who wrap the pool."""

    watch: Watch

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all deployed models."""
        ...

    def load(self, name: str) -> Load:
        """The live state of the model; never blocks."""
        ...

    def generator(self, name: str) -> Generator:
        """The model itself. Raises KeyError for a name that is not deployed."""
        ...


@dataclass(frozen=True)
class Limits:
    """Deadlines in seconds: of one model call, of one retrieval, and of a whole turn; `tries` of one candidate."""

    model: float = 20.0
    retrieval: float = 10.0
    turn: float = 120.0
    tries: int = 2


@dataclass(frozen=True)
class Call:
    """Who asks, and until when: what a request to the API says of itself beyond its content.

    `request` is its id, `key` the name of its API key, `deadline` Unix time in seconds (None: a turn's limit from now).
    `corpora` are the private documents that it may see (EVERY_CORPUS: all there are): decided anew for every turn, and
    never kept with the session.
    """

    request: str = ""
    key: str = ""
    deadline: float | None = None
    corpora: tuple[str, ...] = ()


@dataclass(frozen=True)
class Services:
    """The bundle given to every step. `request`, `key`, `deadline` and `corpora` are those of the `Call` it serves, and
    `session` the consultation's id, if there is one, else what requests share that begin alike; outside a call there is
    no deadline. `stories`: what is said in the consultation, worked out once.
    """

    library: Library
    models: ModelPool
    limits: Limits = Limits()
    today: Callable[[], date] = field(default=date.today)
    rates: Callable[[], Rates] = field(default=lambda: Rates(shipped()))
    corpora: tuple[str, ...] = ()
    request: str = ""
    session: str = ""
    key: str = ""
    deadline: float | None = None
    observer: Observer = field(default_factory=Unobserved)
    stories: Stories = field(default_factory=Stories)

    def serving(self, call: Call, session: str = "", stories: Stories | None = None) -> "Services":
        """These services for one call: no later than its deadline nor a turn's limit, also in the library."""
        ends = time.time() + self.limits.turn
        deadline = ends if call.deadline is None else min(ends, call.deadline)
        return replace(
            self,
            library=TimedLibrary(self.library, self.limits.retrieval, deadline),
            corpora=call.corpora,
            request=call.request,
            session=session,
            key=call.key,
            deadline=deadline,
            stories=stories or Stories(),
        )

    def remaining(self, limit: float) -> float:
        """Seconds that a piece of work may take which has `limit` of its own; 0 once the deadline has passed."""
        return limit if self.deadline is None else max(0.0, min(limit, self.deadline - time.time()))

    @property
    def seed(self) -> str:
        """What choices among equal models hang on: the same for all requests of a session."""
        return self.session or self.request
