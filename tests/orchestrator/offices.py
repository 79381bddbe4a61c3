"""A whole consultation service in this process: real database, real embedded library, scripted experts, composer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.contracts import ModelCard
from orchestrator import asking
from orchestrator.consultations import Consultations
from orchestrator.contracts import Fact, UserMessage
from orchestrator.domains import packs
from orchestrator.recognition import Spoken
from orchestrator.running import Running
from orchestrator.services import Limits, Services
from orchestrator.storage.database import Database
from orchestrator.storage.sealing import Sealing
from orchestrator.storage.sessions import SessionStore
from retrievers.contracts import Library
from tests.orchestrator.doubles import Pool, card

TODAY = date(2026, 11, 20)
FIELD = "民间借贷"


def planner(
    route: str = "consult", field: str = FIELD, tasks: list[dict[str, Any]] | None = None, **options: Any
) -> ModelCard:
    """A planner that always says this, with a plan of its own if `tasks` are given; score 1 for the field."""
    reply: dict[str, Any] = {"route": route, "field": field, "field_scores": {field: 1.0}}
    if tasks is not None:
        reply["tasks"] = tasks
    return card("planner", "plan", options={"replies": [json.dumps(reply)], **options})


def keyworder(**options: Any) -> ModelCard:
    """A keyword model."""
    terms = {"keywords": [{"term": "民间借贷", "weight": 0.9}, {"term": "返还借款", "weight": 0.7}]}
    return card("keyworder", "keywords", options={"replies": [json.dumps(terms)], **options})


def proposer(**options: Any) -> ModelCard:
    """An article model that names one article that exists and one that does not."""
    rows = [("民法典", "第六百七十五条"), ("民法典", "第九千九百九十九条")]
    named = {"articles": [{"law": law, "article": article, "weight": 0.9} for law, article in rows]}
    return card("proposer", "articles", options={"replies": [json.dumps(named)], **options})


def composer() -> ModelCard:
    """The embedded dialogue backend."""
    return card("composer", "dialogue", backend="composer")


def speaker(text: str, **options: Any) -> ModelCard:
    """A dialogue model that says this text whatever it is asked."""
    return card("composer", "dialogue", options={"replies": [text], "piece": 5, **options})


@dataclass
class Office:
    """One replica, which can be replaced by another one on the same database."""

    place: Path | str  # a SQLite file, or the URL of a database
    library: Library
    pool: Pool = field(default_factory=lambda: Pool(planner(), keyworder(), proposer(), composer()))
    limits: Limits = field(default_factory=lambda: Limits(model=5.0, retrieval=5.0, turn=20.0, tries=1))
    sealing: Sealing = field(default_factory=Sealing)
    stores: list[SessionStore] = field(default_factory=list)
    consultations: Consultations = None  # type: ignore[assignment]

    async def another(self) -> Consultations:
        """A replica of its own on the same database; the first one is not closed, as after kill -9."""
        url = f"sqlite:///{self.place}" if isinstance(self.place, Path) else self.place
        store = SessionStore(await Database.open(url, self.sealing))
        self.stores.append(store)
        services = Services(library=self.library, models=self.pool, limits=self.limits, today=lambda: TODAY)
        return Consultations(store, services)

    async def restart(self) -> None:
        """Another replica takes over."""
        self.consultations = await self.another()

    async def close(self) -> None:
        """Close all replicas."""
        for store in self.stores:
            await store.close()
            await store.database.close()

    async def session(self, mode: str = "professional", **settings: Any) -> str:
        """The id of a new session of `me`."""
        return (await self.consultations.create("me", mode, {"confirm": "ask", **settings})).id

    async def send(self, id: str, message: str | dict[str, Any], key: str | None = None) -> Running:
        """Send a message and wait until its turn is over."""
        given = UserMessage.model_validate({"content": message} if isinstance(message, str) else message).cleaned()
        running = await self.consultations.send(id, "me", given, key)
        if running.task is not None:
            await running.task
        return running

    async def say(self, id: str, message: str | dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """The reply to a message; the turn must not fail."""
        running = await self.send(id, message, key)
        assert running.error is None, running.error
        assert running.reply is not None
        return running.reply

    async def settle(self, id: str, reply: dict[str, Any], said: str = "不清楚") -> dict[str, Any]:
        """What comes after `reply` once all that is asked back, whatever it is, was answered with `said`."""
        while reply["status"] == "question":
            reply = await self.say(id, {"reply": dict.fromkeys(asked(reply), said)})
        return reply


def only_asks(monkeypatch: pytest.MonkeyPatch, *ids: str, together: Mapping[str, str] | None = None) -> None:
    """Let these elements be what is worth asking, in this order, as long as they are not known; in one breath those of
    `together` (pack.Domain), if any.
    """

    def questions(causes: Any, decision: Any, facts: Mapping[str, Fact], story: Spoken, *_: Any, **__: Any) -> Any:
        return dict.fromkeys((id for id in ids if id not in facts), 1.0)

    monkeypatch.setattr(asking, "questions", questions)
    groups = () if together is None else (together,)
    for name, pack in packs().items():
        monkeypatch.setitem(packs(), name, pack.model_copy(update={"together": groups}))


def values(reply: dict[str, Any]) -> dict[str, str]:
    """The facts of a reply: id to value."""
    return {row["id"]: row["value"] for row in reply["facts"]}


def asked(reply: dict[str, Any]) -> list[str]:
    """The ids of the questions of a reply."""
    return [row["id"] for row in reply["questions"]]
