"""Consultations as a caller sees them: make one, send messages, follow a turn, read it back, delete it.

A turn runs to its end whether or not its client stays; its events are kept with it, so a stream can be resumed. A
turn is acknowledged only after checkpoint and record are committed. Knows the graph and the store, no HTTP.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command, StateSnapshot

from models.contracts import ModelError
from orchestrator import graph
from orchestrator.contracts import (
    ConsultationError,
    Event,
    NoReport,
    Opinion,
    Reply,
    StorageFailed,
    UnknownSession,
    UserMessage,
)
from orchestrator.documents.matter import Matter
from orchestrator.documents.template import Template
from orchestrator.drafting import matter_of
from orchestrator.services import Services
from orchestrator.sessions import LEASE_S, Session, SessionStore, Turn
from orchestrator.state import State, turn
from retrievers.contracts import RetrievalError

logger = logging.getLogger(__name__)
REMEMBERED_TURNS = 256  # running or just finished turns whose live stream can be joined at this replica


@dataclass
class Running:
    """A turn in progress at this replica: its events so far, and a wake-up for those who follow it."""

    session: str
    number: int
    key: str
    events: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    finished: bool = False
    error: ConsultationError | ModelError | RetrievalError | None = None
    reply: dict[str, Any] | None = None
    task: "asyncio.Task[None] | None" = None

    async def add(self, event: dict[str, Any]) -> None:
        """Append an event and wake the followers."""
        async with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    async def follow(self, after: int = 0) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """(number, event) from the event after `after` on, until the turn is finished."""
        at = after
        while True:
            async with self.changed:
                while len(self.events) <= at and not self.finished:
                    await self.changed.wait()
                fresh = self.events[at:]
                done = self.finished
            for event in fresh:
                at += 1
                yield at, event
            if done and at >= len(self.events):
                return


class Consultations:
    """All consultations of one replica. Concurrent calls are safe; state is shared with other replicas by the store."""

    def __init__(self, store: SessionStore, checkpointer: BaseCheckpointSaver[Any], services: Services) -> None:
        self._store, self._services, self._saver = store, services, checkpointer
        self._graph = graph.build(checkpointer)
        self._stateless = graph.build()
        self._running: dict[str, Running] = {}

    # Sessions

    async def create(self, owner: str, mode: str, settings: dict[str, Any]) -> Session:
        """A new session."""
        return await self._store.create(owner, mode, settings)

    async def get(self, id: str, owner: str) -> tuple[Session, list[Turn]]:
        """The session and its turns. Raises UnknownSession."""
        session = await self._store.get(id, owner)
        await self._recover(id)
        return session, await self._store.turns(id)

    async def list(self, owner: str, limit: int) -> list[Session]:
        """The owner's sessions, newest first."""
        return await self._store.of_owner(owner, limit)

    async def delete(self, id: str, owner: str) -> None:
        """Delete the session everywhere: turns, feedback, checkpoints. Raises SessionBusy while a turn runs."""
        await self._store.get(id, owner)
        holder = await self._store.acquire(id)
        try:
            await self._saver.adelete_thread(id)
            await self._store.delete(id)
        except StorageFailed:
            await self._store.release(id, holder)
            raise

    async def opinion(self, id: str, owner: str) -> Opinion:
        """The last opinion given in the session. Raises NoReport before there is one."""
        await self._store.get(id, owner)
        values = (await self._graph.aget_state({"configurable": {"thread_id": id}})).values
        if not values.get("opinion"):
            raise NoReport("这个会话还没有形成咨询意见,完成咨询后才能生成报告。")
        return Opinion.model_validate(values["opinion"])

    async def matter(self, id: str, owner: str, wanted: Template, values: Mapping[str, str]) -> Matter:
        """What the session knows for this template; `values` are further answers to its gaps."""
        await self._store.get(id, owner)
        state = cast(State, (await self._graph.aget_state({"configurable": {"thread_id": id}})).values)
        if wanted.session and not state.get("opinion"):
            raise NoReport("这个会话还没有形成咨询意见,完成咨询后才能生成这份文书。")
        return matter_of(state, self._services.today(), wanted, values)

    # Turns

    async def send(
        self, id: str, owner: str, message: UserMessage, key: str | None, corpora: Sequence[str] = ()
    ) -> Running:
        """Start a turn. A key seen before gives the turn made under it. Raises UnknownSession, SessionBusy.

        The message must be `cleaned`. The turn goes on when the caller leaves. `corpora`: the private documents that
        the caller may see now.
        """
        session = await self._store.get(id, owner)
        if key is not None and (replay := await self._replayed(id, key)) is not None:
            return replay
        holder = await self._store.acquire(id)
        try:
            await self._recover(id)
            if key is not None and (replay := await self._replayed(id, key)) is not None:
                await self._store.release(id, holder)
                return replay
            number = await self._store.last_number(id) + 1
        except BaseException:
            await self._store.release(id, holder)
            raise
        running = Running(id, number, key or secrets.token_hex(16))
        self._remember(running)
        running.task = asyncio.create_task(self._turn(session, running, message, holder, tuple(corpora)))
        return running

    async def follow(
        self, id: str, owner: str, turn_number: int | None, after: int
    ) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """Resume the stream of a turn (default: the last) after event number `after`. Raises UnknownSession.

        A turn that runs at another replica is followed by reading its record once it is committed.
        """
        await self._store.get(id, owner)
        live = self._running.get(id)
        if live is not None and turn_number in (None, live.number):
            async for row in live.follow(after):
                yield row
            return
        deadline = time.monotonic() + self._services.limits.turn
        while True:
            kept = {one.number: one for one in await self._store.turns(id)}
            wanted = turn_number or max(kept, default=0)
            if wanted in kept:
                for at, event in enumerate(kept[wanted].events[after:], after + 1):
                    yield at, event
                return
            if time.monotonic() > deadline:
                raise UnknownSession("没有这一轮对话。")
            await asyncio.sleep(0.2)

    async def feedback(self, id: str, owner: str, number: int, rating: str, comment: str) -> None:
        """Keep a verdict on a turn. Raises UnknownSession for a turn that does not exist."""
        await self._store.get(id, owner)
        if not 1 <= number <= await self._store.last_number(id):
            raise UnknownSession("没有这一轮对话。")
        await self._store.add_feedback(id, number, rating, comment)

    async def export(self, id: str, owner: str) -> dict[str, Any]:
        """All that is kept about the session, as plain data."""
        session, turns = await self.get(id, owner)
        return {
            "id": session.id,
            "mode": session.mode,
            "settings": session.settings,
            "created": session.created,
            "turns": [
                {"number": one.number, "at": one.at, "message": one.message, "reply": one.reply} for one in turns
            ],
            "feedback": await self._store.feedback(id),
        }

    # Chat completions

    async def chat(
        self, texts: Sequence[str], mode: str, rounds: int, corpora: Sequence[str] = ()
    ) -> AsyncGenerator[Event, None]:
        """A stateless consultation from all the client's messages; nothing is kept. The last event is `done`.

        `rounds` counts the assistant's messages so far. Earlier messages are only read for their facts. `corpora`: the
        private documents that the caller may see.
        """
        # Who goes on with a conversation sends the same first message.
        session = sha256(texts[0].encode()).hexdigest()
        services = replace(self._services, corpora=tuple(corpora), session=session)
        state: State = {"mode": mode, "auto_confirm": True, "stateless": True}
        for number, text in enumerate(texts[:-1], 1):
            state = await self._stateless.ainvoke(  # type: ignore[assignment]
                {**state, **turn({"content": text}, number, ""), "dry": True, "confirmed": False},
                context=services,
            )
        if rounds >= 3:
            state["rounds"] = max(state.get("rounds", 0), rounds)
        last: State = {**state, **turn({"content": texts[-1]}, len(texts), ""), "dry": False, "confirmed": False}
        reply: dict[str, Any] = {}
        async for part in self._stateless.astream(last, context=services, stream_mode=["custom", "values"]):
            kind, data = cast(tuple[str, dict[str, Any]], part)
            if kind == "custom":
                yield Event.model_validate(data)
            elif data.get("reply"):
                reply = data["reply"]
        yield Event(kind="done", data=reply)

    # Inside

    async def _turn(
        self, session: Session, running: Running, message: UserMessage, holder: str, corpora: tuple[str, ...]
    ) -> None:
        renewal = asyncio.create_task(self._hold(session.id, holder))
        try:
            async with asyncio.timeout(self._services.limits.turn):
                await self._run(session, running, message, corpora)
        except (ConsultationError, ModelError, RetrievalError) as error:
            await self._fail(running, error)
        except TimeoutError:
            await self._fail(running, ConsultationError("这一轮处理超时,没有保存,请重新发送。"))
        except Exception as error:
            # A fault of ours: logged with its trace, told to the client without its inside, never swallowed.
            logger.exception("turn failed")
            fault = ConsultationError("服务内部出错,这一轮没有保存,请稍后重试。")
            fault.__cause__ = error
            await self._fail(running, fault)
        finally:
            renewal.cancel()
            with suppress(StorageFailed):
                await self._store.release(session.id, holder)
            async with running.changed:
                running.finished = True
                running.changed.notify_all()

    async def _run(self, session: Session, running: Running, message: UserMessage, corpora: tuple[str, ...]) -> None:
        services = replace(self._services, corpora=corpora, session=session.id)
        config: RunnableConfig = {"configurable": {"thread_id": session.id}}
        begun = turn(message.model_dump(mode="json", exclude_none=True), running.number, running.key)
        snapshot = await self._graph.aget_state(config)
        before = snapshot.config["configurable"].get("checkpoint_id", "")
        given: Any
        if snapshot.interrupts:
            given = Command(resume=begun)
        else:
            settings: State = {
                "mode": session.mode,
                "auto_confirm": session.settings.get("confirm") == "auto",
                "as_of": session.settings.get("as_of"),
                "jurisdiction": session.settings.get("jurisdiction") or "",
            }
            given = {**settings, **begun}
        try:
            async for data in self._graph.astream(
                given, config, context=services, stream_mode="custom", durability="exit"
            ):
                await running.add(data)
            _, reply = _outcome(await self._graph.aget_state(config))
            Reply.model_validate(reply)
            done = Event(kind="done", data=reply).model_dump(mode="json")
            kept = Turn(running.number, running.key, begun["message"], reply, [*running.events, done], time.time())
            await self._store.keep(session.id, kept)
        except BaseException:
            # LangGraph keeps the state up to the failed step; a turn that is not acknowledged must leave no trace.
            await self._store.undo_checkpoints(session.id, before)
            raise
        running.reply = reply
        await running.add(done)
        await self._store.prune_checkpoints(session.id)

    async def _fail(self, running: Running, error: ConsultationError | ModelError | RetrievalError) -> None:
        running.error = error
        await running.add(Event(kind="error", data={"code": error.code, "message": str(error)}).model_dump(mode="json"))

    async def _hold(self, id: str, holder: str) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            await self._store.renew(id, holder)

    async def _recover(self, id: str) -> None:
        """Record a turn whose checkpoint was committed but whose row was lost to a crash."""
        snapshot = await self._graph.aget_state({"configurable": {"thread_id": id}})
        values = snapshot.values
        number, reply = _outcome(snapshot)
        if reply and number > await self._store.last_number(id):
            done = Event(kind="done", data=reply).model_dump(mode="json")
            await self._store.keep(id, Turn(number, values["key"], values["message"], reply, [done], time.time()))

    async def _replayed(self, id: str, key: str) -> Running | None:
        live = self._running.get(id)
        if live is not None and live.key == key and not live.finished:
            return live
        kept = await self._store.by_key(id, key)
        if kept is None:
            return None
        replay = Running(id, kept.number, key, events=list(kept.events), finished=True, reply=kept.reply)
        return replay

    def _remember(self, running: Running) -> None:
        self._running[running.session] = running
        if len(self._running) > REMEMBERED_TURNS:
            for id in [id for id, one in self._running.items() if one.finished][
                : len(self._running) - REMEMBERED_TURNS
            ]:
                del self._running[id]


def _outcome(snapshot: StateSnapshot) -> tuple[int, dict[str, Any]]:
    """The number and the reply of the turn that the checkpoint closed; the reply of a paused turn is its interrupt."""
    values: dict[str, Any] = snapshot.values
    reply = snapshot.interrupts[0].value if snapshot.interrupts else values.get("reply", {})
    return values.get("turn", 0), reply
