"""The parts without Ray: models and library in this process, for batch commands and tests."""

from collections.abc import Sequence
from pathlib import Path

from deploy import article
from deploy.article import LocalRole
from deploy.casting import chosen_cards
from deploy.learned import knowledge
from deploy.settings import Settings
from models import registry
from models.contracts import Generator, ModelCard
from orchestrator import rates
from orchestrator.services import EVERY_CORPUS, Limits, Services
from orchestrator.tracking import Load
from orchestrator.watch import Watch
from retrievers.library import LocalLibrary


class LocalPool:
    """A ModelPool whose models live here; each is built when it is first asked for."""

    def __init__(self, cards: dict[str, ModelCard]) -> None:
        self._cards = cards
        self.watch = Watch()
        self._built: dict[str, Generator] = {}

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all models."""
        return list(self._cards.values())

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self.watch.load(name)

    def generator(self, name: str) -> Generator:
        """The model itself."""
        if name not in self._built:
            self._built[name] = registry.build(self._cards[name])
        return self._built[name]


def services(settings: Settings) -> Services:
    """The services of these settings in this process, for who can read its home.

    Raises BadSettings, CorruptIndex, and with an article role EncoderMismatch or ModelUnavailable.
    """
    limits, role = settings.limits, None
    if settings.article is not None:
        article.require_vectors(settings)
        role = LocalRole(settings.article, limits.reading)
    return Services(
        library=LocalLibrary.open(Path(settings.home), knowledge(), role=role),
        models=LocalPool(chosen_cards(settings)),
        limits=Limits(model=limits.model, retrieval=limits.retrieval, turn=limits.turn),
        corpora=EVERY_CORPUS,
        rates=rates.kept(Path(settings.home)),
    )
