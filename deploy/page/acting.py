"""What happens when a visitor does something on the page: each event asks the API, and shows what it says."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from deploy.page import consenting, downloads, frames, turns
from deploy.page.conversing import Conversing
from deploy.page.frames import Parts
from deploy.page.texts import Lang
from deploy.page.tools import drawers
from deploy.page.tools.panel import Told
from deploy.page.turns import Unsent
from deploy.page.views import history
from deploy.page.visits import Visits, window
from deploy.sdk import AsyncLexhub, LexhubError
from orchestrator.contracts import Confirmation, ConsultationError, Mode, UserMessage

Shown = AsyncIterator[dict[Any, Any]]
States = AsyncGenerator[Conversing, None]
TURNING = ("reply", "confirm", "retry", "follow", "regenerate")  # what begins a turn, or watches one
STEP = 0.12  # seconds between two updates of a running turn: more than that nobody reads, and each costs the browser
LISTED = 100  # consultations in the list; all of them are among the visitor's data


class Acting:
    """The events of one language's page. Nothing is kept between two events."""

    def __init__(self, visits: Visits, parts: Parts, lang: Lang) -> None:
        self._visits, self._parts, self._lang = visits, parts, lang

    async def opened(self, id: str, request: gr.Request) -> Shown:
        """The page was opened, or opened again: the consultation of its address, and the turn that runs in it."""
        async for shown in self._told(self._opened(id, request)):
            yield shown

    async def written(self, words: str, id: str, mode: Mode, consented: list[str], request: gr.Request) -> Shown:
        """The visitor sent a message in own words."""
        async for shown in self._told(self._written(words, id, mode, consented, request)):
            yield shown

    async def below(
        self, id: str, mode: Mode, consented: list[str], unsent: str, event: gr.EventData, request: gr.Request
    ) -> Shown:
        """Something under the conversation was used: an answer, a confirmation, a rating, a report."""
        async for shown in self._told(self._below(id, mode, consented, unsent, dict(event._data), request)):
            yield shown

    async def history(self, id: str, mode: Mode, event: gr.EventData, request: gr.Request) -> Shown:
        """Something in the list of consultations was used."""
        async for shown in self._told(self._history(id, mode, dict(event._data), request)):
            yield shown

    async def drawer(self, event: gr.EventData, request: gr.Request) -> Shown:
        """An article or a case is to be shown, or the drawer was closed. That one is not to be had takes nothing away
        from the conversation.
        """
        data, shown = dict(event._data), ""
        if data.get("action") in drawers.ACTIONS:
            opened = await drawers.opened(self._visits.client(request), Told.model_validate(data), self._lang)
            shown = opened.drawer or ""
        yield {self._parts.drawer: shown}

    async def stopped(self, request: gr.Request) -> None:
        """The visitor no longer waits; the turn goes on at the server. What watched it says so."""
        await self._visits.windows.leave(window(request), stopped=True)

    async def changed(self, id: str, mode: Mode, request: gr.Request) -> Shown:
        """Something was done where consultations are deleted; the open one may be gone."""
        async for shown in self._told(self._changed(id, mode, request)):
            yield shown

    # Inside

    async def _told(self, shown: Shown) -> Shown:
        """What is shown, and what went wrong on the way in plain words. Something is always said: an event without any
        answer would empty all components.
        """
        yield {self._parts.outlet: gr.skip()}
        try:
            async with aclosing(shown) as rows:  # type: ignore[type-var]
                async for row in rows:
                    yield row
        except LexhubError as error:
            yield {self._parts.below: frames.failure(error, self._lang)}
        except ConsultationError as error:  # words that cannot be sent at all
            yield {self._parts.below: frames.failure(LexhubError(error.code, str(error)), self._lang)}

    async def _opened(self, id: str, request: gr.Request) -> Shown:
        client = self._visits.client(request)
        await self._visits.windows.leave(window(request))
        yield {self._parts.history: await self._list(client, id)}
        if id:
            with self._visits.watching(request, self._lang):
                async for shown in self._states(client, turns.followed(client, id), id, request):
                    yield shown
        else:  # the page is blank as it was built; what may have been sent meanwhile is not to be covered
            yield await self._consent(client)

    async def _written(self, words: str, id: str, mode: Mode, consented: list[str], request: gr.Request) -> Shown:
        if words.strip() and not self._busy(id, request):
            async for shown in self._sent(UserMessage(content=words).cleaned(), id, mode, consented, request):
                yield shown

    async def _below(
        self, id: str, mode: Mode, consented: list[str], unsent: str, data: Mapping[str, Any], request: gr.Request
    ) -> Shown:
        client, parts, action = self._visits.client(request), self._parts, data.get("action")
        if action in TURNING and self._busy(id, request):
            return
        message = _message(data) if action in ("reply", "confirm") else None
        if message is not None:
            shown = self._sent(message.cleaned(), id, mode, consented, request)
        elif action in ("retry", "follow") and unsent:
            left = Unsent.model_validate_json(unsent)
            shown = self._sent(left.message, id, mode, consented, request, left.turn)
        elif action in ("retry", "follow"):
            shown = self._opened(id, request)
        elif action == "regenerate":
            shown = self._anew(id, consented, request)
        elif action == "rate" and str(data.get("turn")).isdecimal():
            shown = self._rated(client, id, data)
        elif action == "report":
            shown = _once({parts.outlet: downloads.offer(await client.report(id, str(data.get("format"))))})
        elif action == "paper":
            shown = _once({parts.tabs: gr.update(selected=frames.PAPERS)})
        elif action == "example":
            shown = _once({parts.box: str(data.get("text", ""))})
        else:
            return
        async for row in shown:
            yield row

    async def _history(self, id: str, mode: Mode, data: Mapping[str, Any], request: gr.Request) -> Shown:
        client, parts, action = self._visits.client(request), self._parts, data.get("action")
        if action == "delete":
            gone = str(data.get("id"))
            await client.delete(gone)
            if gone == id:
                await self._visits.windows.leave(window(request))
                id = ""
                yield await self._blank(client, mode)
            yield {parts.history: await self._list(client, id)}
        elif action == "open":
            async for shown in self._opened(str(data.get("id")), request):
                yield shown
        elif action == "new":
            await self._visits.windows.leave(window(request))
            yield {parts.history: await self._list(client, ""), **await self._blank(client, mode)}

    async def _changed(self, id: str, mode: Mode, request: gr.Request) -> Shown:
        client = self._visits.client(request)
        if id and not await turns.kept(client, id):
            id = ""
            yield await self._blank(client, mode)
        yield {self._parts.history: await self._list(client, id)}

    async def _sent(
        self, message: UserMessage, id: str, mode: Mode, consented: Sequence[str], request: gr.Request, turn: int = 0
    ) -> Shown:
        client = self._visits.client(request)
        await self._visits.windows.leave(window(request))
        with self._visits.asking(request, self._lang):
            consent = None if id else consenting.read(consented)
            states = turns.answered(client, id, message, mode, consent, turn)
            async for shown in self._states(client, states, id, request, message):
                yield shown

    async def _anew(self, id: str, consented: Sequence[str], request: gr.Request) -> Shown:
        client = self._visits.client(request)
        with self._visits.asking(request, self._lang):
            states = turns.told_anew(client, id, consenting.read(consented))
            async for shown in self._states(client, states, id, request):
                yield shown

    async def _rated(self, client: AsyncLexhub, id: str, data: Mapping[str, Any]) -> Shown:
        await client.feedback(id, int(data["turn"]), "up" if data.get("rating") == "up" else "down")
        yield {self._parts.below: frames.below((await turns.opened(client, id))[0], self._lang)}

    async def _states(
        self, client: AsyncLexhub, states: States, id: str, request: gr.Request, message: UserMessage | None = None
    ) -> Shown:
        """What the consultation looks like as it goes on, while this window watches it, and the list of consultations
        after that. The message is kept until its turn has ended, so that it can be sent again when it came to nothing;
        a written one stands in the box again.
        """
        parts, first, told, held = self._parts, True, 0.0, None
        async with self._visits.windows.watch(window(request), id) as watch:
            async for held in watch.watched(states):
                shown = frames.frame(held, parts, self._lang)
                failed = held.error is not None
                if message is not None:
                    unsent = Unsent(turn=len(held.turns) + 1, message=message)
                    shown[parts.unsent] = unsent.model_dump_json() if failed or held.work is not None else ""
                    if message.content is not None and failed:
                        shown[parts.box] = message.content
                now = time.monotonic()
                if first or held.work is None or held.id != watch.id or now - told >= STEP:
                    told, first, watch.id = now, False, held.id
                    yield shown
            if held is not None and watch.stopped:
                held.stop()
                yield frames.frame(held, parts, self._lang)
            if watch.stopped or not watch.left:
                yield {parts.history: await self._list(client, watch.id)}

    def _busy(self, id: str, request: gr.Request) -> bool:
        """Whether this window waits for a turn of the consultation, which takes one message at a time."""
        return self._visits.windows.busy(window(request), id)

    async def _blank(self, client: AsyncLexhub, mode: Mode) -> dict[Any, Any]:
        """The page before a consultation, which is to be of the same kind as the last."""
        return {**frames.frame(Conversing(mode=mode), self._parts, self._lang), **await self._consent(client)}

    async def _consent(self, client: AsyncLexhub) -> dict[Any, Any]:
        """What a visitor has to consent to before a consultation, if anything."""
        parts, notice = self._parts, await client.privacy()
        return {
            parts.notice: consenting.notice(notice, self._lang) if notice.required else "",
            parts.consented: gr.update(choices=consenting.choices(notice, self._lang), value=[]),
        }

    async def _list(self, client: AsyncLexhub, id: str) -> str:
        found = await client.consultations(LISTED)
        return history.items(found, self._lang, {one.id: one.title for one in found}, id)


def _message(data: Mapping[str, Any]) -> UserMessage | None:
    """What a form under the conversation says; None for a form without anything written."""
    values = {str(id): str(value) for id, value in dict(data.get("values") or {}).items()}
    if data.get("action") == "confirm":
        return UserMessage(confirm=Confirmation(ok=not values, changes=values))
    return UserMessage(reply=values) if values else None


async def _once(shown: dict[Any, Any]) -> Shown:
    yield shown
