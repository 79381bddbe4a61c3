"""What the steps of a consultation may call: the library, the pool of models, the clock, the tables of rates.

Travels in the graph's run-time context, never in state, since state is saved. The protocols are met by
deploy/remote.py (Serve handles) and by the tests' in-process doubles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from models.contracts import Generator, ModelCard
from orchestrator.rates import Rates, shipped
from retrievers.contracts import Library

EVERY_CORPUS = ("*",)  # of `Services.corpora`; no corpus can have this name


@dataclass(frozen=True)
class Load:
    """The live state of a model: requests it is working on, and whether it answered its last health check."""

    ongoing: int = 0
    healthy: bool = True
    reason: str = ""


class ModelPool(Protocol):
    """The models that are deployed."""

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
class Services:
    """The bundle given to every step.

    `corpora` are the private documents that the caller of this run may see (EVERY_CORPUS: all there are): decided anew
    for every turn, and never kept with the session. `session`: see models.contracts.GenerationRequest.
    """

    library: Library
    models: ModelPool
    limits: Limits = Limits()
    today: Callable[[], date] = field(default=date.today)
    rates: Callable[[], Rates] = field(default=lambda: Rates(shipped()))
    corpora: tuple[str, ...] = ()
    session: str = ""
