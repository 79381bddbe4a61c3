"""In-process doubles: a pool of scripted models, and a library of two articles that can be told to fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import registry
from models.contracts import Ability, Generator, ModelCard
from orchestrator.tracking import Load
from orchestrator.watch import Watch
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    DocumentHit,
    Hit,
    Mention,
    NoSuchArticle,
    NoSuchCase,
    Passage,
    Query,
    Ranking,
    Resolution,
    RetrievalError,
    Verdict,
)


def card(name: str, *abilities: Ability, backend: str = "scripted", **more: Any) -> ModelCard:
    """A card; `replies` and other options of the scripted backend go into `options`."""
    return ModelCard(name=name, label=name, backend=backend, abilities=abilities, **more)


def scripted(name: str, ability: Ability, *replies: str, **options: Any) -> ModelCard:
    """The card of a scripted model that gives these replies in turn."""
    return card(name, ability, options={"replies": replies or ("好的",), **options})


class Pool:
    """A ModelPool. `loads` may be changed while it is in use; `cards_` too."""

    def __init__(self, *cards: ModelCard, loads: dict[str, Load] | None = None) -> None:
        self.cards_ = {one.name: one for one in cards}
        self.loads = loads or {}
        self.watch = Watch()
        self.built: dict[str, Generator] = {}

    def cards(self) -> Sequence[ModelCard]:
        return list(self.cards_.values())

    def load(self, name: str) -> Load:
        return self.loads.get(name) or self.watch.load(name)

    def generator(self, name: str) -> Any:
        if name not in self.built:
            self.built[name] = registry.build(self.cards_[name])
        return self.built[name]

    def replace(self, one: ModelCard) -> None:
        """Deploy another model under the card's name."""
        self.cards_[one.name] = one
        self.built.pop(one.name, None)


def passage(id: str = "民法典#675", text: str = "借款人应当按照约定的期限返还借款。", **more: Any) -> Passage:
    """A passage in force; official unless told otherwise."""
    law, _, number = id.partition("#")
    given = {
        "kind": "official",
        "law": law,
        "article": f"第{number}条",
        "number": int(number.partition("-")[0]),
        **more,
    }
    return Passage(id=id, text=text, **given)


@dataclass
class Library:
    """A Library: what `broken` names raises RetrievalError; all else is told by its attributes."""

    resolutions: dict[str, list[Resolution]] = field(default_factory=dict)
    verdict: Callable[[str], Verdict] = lambda sentence: Verdict(ok=True)
    broken: set[str] = field(default_factory=set)
    checked: list[str] = field(default_factory=list)

    def _ask(self, name: str) -> None:
        if name in self.broken:
            raise RetrievalError(f"{name} is broken")

    async def search_articles(self, query: Query) -> list[Hit]:
        self._ask("search_articles")
        return []

    async def rank_articles(self, query: Query) -> Ranking:
        self._ask("search_articles")
        return Ranking()

    async def search_cases(self, query: Query) -> list[CaseHit]:
        self._ask("search_cases")
        return []

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        raise NoSuchArticle("none")

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        raise NoSuchArticle("none")

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        self._ask("passages")
        return []

    async def case(self, id: str) -> Case:
        raise NoSuchCase("none")

    async def cases(self, ids: Sequence[str]) -> list[Case]:
        self._ask("cases")
        return []

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        self._ask("resolve")
        return self.resolutions.get(text, [])

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        self._ask("check")
        self.checked += sentences
        return [self.verdict(sentence) for sentence in sentences]

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        self._ask("documents")
        return []

    async def document_corpora(self) -> list[str]:
        return []

    async def state(self) -> CorpusState:
        self._ask("state")
        return CorpusState(laws=1, articles=1, official=1, digests=0, cases=0, invented=0, generation="g", reaches=None)


def mention(law: str, number: int) -> Mention:
    """A mention of an article."""
    text = f"《{law}》第{number}条"
    return Mention(text=text, start=0, end=len(text), law=law, number=number)
