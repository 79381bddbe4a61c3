"""Consultations as a caller sees them: make one, send messages, follow a turn, read it back, delete it.

A turn runs to its end whether or not its client stays; its events are kept with it, so a stream can be resumed. A
turn is acknowledged only after it is committed. Knows the graph and the store, no HTTP.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast

from cachetools import TTLCache
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from models.contracts import ModelError
from orchestrator import graph
from orchestrator.contracts import (
    ConsultationError,
    Event,
    LeaseLost,
    NoReport,
    Opinion,
    Reply,
    UnknownSession,
    UserMessage,
)
from orchestrator.documents.matter import Matter
from orchestrator.documents.template import Template
from orchestrator.drafting import matter_of
from orchestrator.recognition import Stories
from orchestrator.running import Running
from orchestrator.services import Call, Services
from orchestrator.state import State, turn
from orchestrator.storage.checkpoints import Desk, Saved, dump, load
from orchestrator.storage.sessions import Lease, Session, SessionStore, Turn
from orchestrator.timing import LATE, OutOfTime, in_time
from retrievers.contracts import RetrievalError

logger = logging.getLogger(__name__)
ANYBODY = Call()  # outside the API: no request id, a turn's limit, no private documents
REMEMBERED_SESSIONS, REMEMBERED_S = 64, 900.0  # whose stories are not worked out anew, and for how long
REMEMBERED_TURNS = 256  # failed turns whose stream can still be read at this replica
POLL_S = (0.1, 0.5)  # between two looks for a turn that runs elsewhere: the first ones, the last ones
TAKEN_S = 1.0  # in which a turn whose replica died is taken over by another one
PATIENCE_S = 3.0  # for turns that run when the replica stops


class Consultations:
    """All consultations of one replica. Concurrent calls are safe; state is shared with other replicas by the store."""

    def __init__(self, store: SessionStore, services: Services) -> None:
        self._store, self._services, self._desk = store, services, Desk()
        self._graph = graph.build(self._desk)
        self._stateless = graph.build()
        self._running: dict[str, Running] = {}
        self._stories: TTLCache[str, Stories] = TTLCache(REMEMBERED_SESSIONS, REMEMBERED_S)

    async def close(self) -> None:
        """Let running turns come to their end, for PATIENCE_S; stop the others, which are not kept."""
        tasks = [one.task for one in self._running.values() if one.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=PATIENCE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # Sessions

    async def create(self, owner: str, mode: str, settings: dict[str, Any]) -> Session:
        """A new session."""
        return await self._store.create(owner, mode, settings)

    async def get(self, id: str, owner: str) -> tuple[Session, list[Turn]]:
        """The session and its turns. Raises UnknownSession."""
        return await self._store.get(id, owner), await self._store.turns(id)

    async def of_owner(self, owner: str, limit: int) -> list[Session]:
        """The owner's sessions, newest first."""
        return await self._store.of_owner(owner, limit)

    async def stories(self, held: Sequence[Session]) -> dict[str, str]:
        """What each of these sessions began with, in the client's words; those without a turn are left out."""
        first = await self._store.first_messages([session.id for session in held])
        return {id: str(message.get("content", "")) for id, message in first.items()}

    async def standing(self, id: str, owner: str) -> tuple[bool, list[dict[str, Any]]]:
        """Whether a turn of the session runs now, here or elsewhere, and the feedback on it. Raises UnknownSession."""
        await self._store.get(id, owner)
        return (await self._store.progress(id))[1], await self._store.feedback(id)

    async def delete(self, id: str, owner: str) -> None:
        """Delete the session everywhere: turns, feedback, checkpoint. Raises SessionBusy while a turn runs."""
        await self._store.delete(id, owner)
        self._forget(id)

    async def delete_owner(self, owner: str) -> int:
        """Delete all sessions of the owner, or none while a turn runs (SessionBusy). How many there were."""
        gone = await self._store.delete_of(owner)
        for id in gone:
            self._forget(id)
        return len(gone)

    async def opinion(self, id: str, owner: str) -> Opinion:
        """The last opinion given in the session. Raises NoReport before there is one."""
        values = await self._state(id, owner)
        if not values.get("opinion"):
            raise NoReport("这个会话还没有形成咨询意见,完成咨询后才能生成报告。")
        return Opinion.model_validate(values["opinion"])

    async def matter(self, id: str, owner: str, wanted: Template, values: Mapping[str, str]) -> Matter:
        """What the session knows for this template; `values` are further answers to its gaps."""
        state = await self._state(id, owner)
        if wanted.session and not state.get("opinion"):
            raise NoReport("这个会话还没有形成咨询意见,完成咨询后才能生成这份文书。")
        return matter_of(state, self._services.today(), wanted, values)

    # Turns

    async def send(self, id: str, owner: str, message: UserMessage, key: str | None, call: Call = ANYBODY) -> Running:
        """Start a turn. A key seen before gives the turn made under it. Raises UnknownSession, SessionBusy.

        The message must be `cleaned`. The turn goes on when the caller leaves, until the deadline of `call`.
        """
        live = self._running.get(id)
        if live is not None and live.key == key and not live.finished:
            await self._store.get(id, owner)
            return live
        mark = key or secrets.token_hex(16)
        begun = await self._store.begin(id, owner, mark, patience=self._services.limits.turn)
        if isinstance(begun, int):
            events = await self._store.events(id, begun)
            if events is None:
                raise UnknownSession("没有这个咨询会话。")  # deleted since
            return Running(id, begun, mark, events, finished=True, reply=events[-1]["data"])
        running = Running(id, begun.number, mark)
        self._remember(running)
        running.task = asyncio.create_task(self._turn(begun, running, message, call))
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
        for at, event in enumerate((await self._awaited(id, turn_number))[after:], after + 1):
            yield at, event

    async def feedback(self, id: str, owner: str, number: int, rating: str, comment: str) -> None:
        """Keep a verdict on a turn. Raises UnknownSession for a turn that does not exist."""
        await self._store.get(id, owner)
        last, _ = await self._store.progress(id)
        if not 1 <= number <= last:
            raise UnknownSession("没有这一轮对话。")
        await self._store.add_feedback(id, number, rating, comment)

    async def export(self, id: str, owner: str) -> dict[str, Any]:
        """All that is kept about the session, as plain data."""
        return await self._exported(await self._store.get(id, owner))

    async def export_owner(self, owner: str) -> list[dict[str, Any]]:
        """All that is kept about all sessions of the owner, the newest first."""
        return [await self._exported(session) for session in await self._store.of_owner(owner)]

    # Chat completions

    async def chat(
        self, texts: Sequence[str], mode: str, rounds: int, call: Call = ANYBODY
    ) -> AsyncGenerator[Event, None]:
        """A stateless consultation from all the client's messages; nothing is kept. The last event is `done`.

        `rounds` counts the assistant's messages so far. Earlier messages are only read for their facts. Raises
        OutOfTime at the deadline of `call`.
        """
        # Who goes on with a conversation sends the same first message.
        session = sha256(texts[0].encode()).hexdigest()
        with self._services.observer.turn(mode) as observer:
            services = replace(self._services.serving(call, session), observer=observer)
            assert services.deadline is not None
            async with aclosing(in_time(self._chat(texts, mode, rounds, services), services.deadline)) as events:
                async for event in events:
                    if event.kind == "done":
                        observer.replied(event.data)
                    yield event

    async def _chat(
        self, texts: Sequence[str], mode: str, rounds: int, services: Services
    ) -> AsyncGenerator[Event, None]:
        state: State = {"mode": mode, "auto_confirm": True, "stateless": True}
        for number, text in enumerate(texts[:-1], 1):
            state = await self._stateless.ainvoke(  # type: ignore[assignment]
                {**state, **turn({"content": text}, number), "dry": True, "confirmed": False},
                context=services,
            )
        if rounds >= 3:
            state["rounds"] = max(state.get("rounds", 0), rounds)
        last: State = {**state, **turn({"content": texts[-1]}, len(texts)), "dry": False, "confirmed": False}
        reply: dict[str, Any] = {}
        async for part in self._stateless.astream(last, context=services, stream_mode=["custom", "values"]):
            kind, data = cast(tuple[str, dict[str, Any]], part)
            if kind == "custom":
                yield Event.model_validate(data)
            elif data.get("reply"):
                reply = data["reply"]
        yield Event(kind="done", data=reply)

    # Inside

    async def _turn(self, lease: Lease, running: Running, message: UserMessage, call: Call) -> None:
        given = message.model_dump(mode="json", exclude_none=True)
        try:
            with self._services.observer.turn(lease.session.mode, lease.session.id, lease.number) as observer:
                stories = self._stories_of(lease.session.id)
                services = replace(self._services.serving(call, lease.session.id, stories), observer=observer)
                async with asyncio.timeout(services.remaining(services.limits.turn)):
                    saved = await self._run(lease, running, given, services)
                reply = saved.paused[0] if saved.paused else saved.values.get("reply", {})
                Reply.model_validate(reply)
                done = Event(kind="done", data=reply).model_dump(mode="json")
                with observer.step("commit"):
                    await self._store.commit(lease, running.key, given, reply, running.events, dump(saved))
                observer.replied(reply)
            running.reply = reply
            await running.add(done)
            if self._running.get(running.session) is running:
                del self._running[running.session]  # whoever comes now reads it from the store
        except (ConsultationError, ModelError, RetrievalError) as error:
            await self._fail(running, error)
        except TimeoutError:
            await self._fail(running, OutOfTime(LATE))
        except asyncio.CancelledError:
            await self._fail(running, LeaseLost("服务正在停止,这一轮没有保存,请重新发送。"))
            raise
        except Exception as error:
            # A fault of ours: logged with its trace, told to the client without its inside, never swallowed.
            logger.exception("turn failed")
            fault = ConsultationError("服务内部出错,这一轮没有保存,请稍后重试。")
            fault.__cause__ = error
            await self._fail(running, fault)
        finally:
            self._desk.drop(lease.token)
            await self._store.release(lease)
            await running.finish()

    async def _run(self, lease: Lease, running: Running, message: dict[str, Any], services: Services) -> Saved:
        """Run the graph from the session's checkpoint; the checkpoint that it comes to."""
        begun: Any = turn(message, running.number)
        before = load(lease.checkpoint) if lease.checkpoint is not None else None
        if before is not None:
            self._desk.lay(lease.token, before)
        if before is not None and before.paused:
            begun = Command(resume=begun)
        else:
            session = lease.session
            settings: State = {
                "mode": session.mode,
                "auto_confirm": session.settings.get("confirm") == "auto",
                "as_of": session.settings.get("as_of"),
                "jurisdiction": session.settings.get("jurisdiction") or "",
            }
            begun = {**settings, **begun}
        # The thread is that of the lease: a turn that lost its session never meets the one that took it over.
        config: RunnableConfig = {"configurable": {"thread_id": lease.token}}
        async for data in self._graph.astream(begun, config, context=services, stream_mode="custom", durability="exit"):
            await running.add(data)
        return self._desk.take(lease.token)

    async def _fail(self, running: Running, error: ConsultationError | ModelError | RetrievalError) -> None:
        running.error = error
        await running.add(Event(kind="error", data={"code": error.code, "message": str(error)}).model_dump(mode="json"))

    async def _state(self, id: str, owner: str) -> State:
        await self._store.get(id, owner)
        kept = await self._store.checkpoint(id)
        return cast(State, load(kept).values if kept is not None else {})

    async def _awaited(self, id: str, number: int | None) -> Sequence[dict[str, Any]]:
        """The events of a turn (default: the one that runs elsewhere, else the last) once it is kept."""
        last, running = await self._store.progress(id)
        wanted = number or last + running
        pause, until = POLL_S[0], time.monotonic() + TAKEN_S
        while (events := await self._store.events(id, wanted)) is None:
            if (await self._store.progress(id))[1]:
                until = time.monotonic() + TAKEN_S  # its replica may die, and another one take the turn over
            elif time.monotonic() > until:
                raise UnknownSession("没有这一轮对话。")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, POLL_S[1])
        return events

    async def _exported(self, session: Session) -> dict[str, Any]:
        return {
            "id": session.id,
            "mode": session.mode,
            "settings": session.settings,
            "created": session.created,
            "turns": [
                {"number": one.number, "at": one.at, "message": one.message, "reply": one.reply}
                for one in await self._store.turns(session.id)
            ],
            "feedback": await self._store.feedback(session.id),
        }

    def _stories_of(self, id: str) -> Stories:
        """What is said in this session: of one that spoke here a while ago most of it is worked out already."""
        self._stories[id] = held = self._stories.get(id) or Stories()
        return held

    def _forget(self, id: str) -> None:
        self._running.pop(id, None)
        self._stories.pop(id, None)

    def _remember(self, running: Running) -> None:
        self._running[running.session] = running
        if len(self._running) > REMEMBERED_TURNS:
            failed = [id for id, one in self._running.items() if one.finished]
            for id in failed[: len(self._running) - REMEMBERED_TURNS]:
                del self._running[id]
