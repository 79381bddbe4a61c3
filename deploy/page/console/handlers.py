"""What the console's events do. Each asks the keeper first, since Gradio's endpoints can be called by anybody."""

import time
from typing import Any

import gradio as gr
from pydantic import BaseModel

from deploy.page.console import actions
from deploy.page.console.actions import Incomplete
from deploy.page.console.keeper import Keeper, cookie_of, refused
from deploy.page.console.sampling import Sampler
from deploy.page.console.texts import Lang, lang_of, text
from deploy.page.console.views import accounts, graph, holdings, hour, models, parts, requests, scores
from deploy.sdk import AsyncLexhub, LexhubError

SHOWN = 30  # rows of a list


class Handlers:
    """The events of one console. Every answer is HTML or updates of components; what fails is told in its place."""

    def __init__(self, keeper: Keeper, sampler: Sampler) -> None:
        self._keeper, self._sampler = keeper, sampler

    async def models(self, request: gr.Request) -> str:
        """The models now."""
        operator, lang = await self._entered(request)
        try:
            return models.table(
                _plain(await operator.admin.models()), _plain((await operator.admin.traffic()).policy), lang
            )
        except LexhubError as error:
            return _trouble(error, lang)

    async def revisions(self, request: gr.Request) -> str:
        """The revisions of the policy."""
        operator, lang = await self._entered(request)
        try:
            return models.revisions([_plain(one) for one in await operator.admin.revisions(SHOWN)], lang)
        except LexhubError as error:
            return _trouble(error, lang)

    async def choices(self, request: gr.Request) -> Any:
        """The models that an action can be about."""
        operator, lang = await self._entered(request)
        try:
            listed = await operator.admin.models()
        except LexhubError as error:
            raise gr.Error(_said(error, lang)) from error
        return gr.update(choices=[row["name"] for row in listed.models])

    async def asked(self, action: str, request: gr.Request) -> tuple[Any, Any, Any]:
        """Which inputs this action has: model, ability, amount."""
        _, lang = await self._entered(request)
        amount = action in actions.WITH_AMOUNT
        label = text(f"action.amount.{action}", lang) if amount else ""
        return (
            gr.update(visible=action in actions.WITH_MODEL),
            gr.update(visible=action in actions.WITH_ABILITY),
            gr.update(visible=amount, label=label, value=None),
        )

    async def prepare(
        self, action: str, model: str | None, ability: str | None, amount: float | None, why: str, request: gr.Request
    ) -> tuple[dict[str, Any] | None, str, Any]:
        """The change that waits for its confirmation, in words."""
        _, lang = await self._entered(request)
        try:
            change = actions.planned(action, model or "", ability or "", amount, why, lang)
        except Incomplete as error:
            return None, parts.alert(text(str(error), lang)), gr.update(visible=False)
        said = parts.alert(text("action.asked", lang, told=change.told, why=change.why))
        return change.plain(), said, gr.update(visible=True)

    async def confirm(self, waiting: dict[str, Any] | None, request: gr.Request) -> tuple[None, str, Any, str]:
        """Do what was prepared. What the page sends cannot change it: it lies in the server's state."""
        operator, lang = await self._entered(request)
        said = ""
        if waiting is not None:
            change = actions.Change(**waiting)
            try:
                made = await change.done(operator)
                said = parts.note(text("action.done", lang, told=change.told, revision=made.revision))
            except LexhubError as error:
                said = _trouble(error, lang)
        return None, said, gr.update(visible=False), await self.revisions(request)

    async def cancel(self, request: gr.Request) -> tuple[None, str, Any]:
        """Do nothing."""
        await self._entered(request)
        return None, "", gr.update(visible=False)

    async def requests(self, chosen: str, request: gr.Request) -> str:
        """The last requests."""
        operator, lang = await self._entered(request)
        try:
            return requests.listed([_plain(one) for one in await operator.admin.requests(SHOWN)], chosen, lang)
        except LexhubError as error:
            return _trouble(error, lang)

    async def pick(self, request: gr.Request, event: gr.EventData) -> tuple[str, str, str]:
        """The request whose button was pressed: its id, its trace, the list again."""
        return await self.open(str(getattr(event, "id", "")), request)

    async def open(self, id: str, request: gr.Request) -> tuple[str, str, str]:
        """The request of this id; without one, the graph alone."""
        operator, lang = await self._entered(request)
        id = id.strip()
        listed = await self.requests(id, request)
        try:
            drawn = _plain(await operator.admin.graph())
            trace = _plain(await operator.admin.request(id)) if id else None
        except LexhubError as error:
            return id, _trouble(error, lang), listed
        return id, _traced(drawn, trace, lang), listed

    async def plots(self, route: str | None, model: str | None, request: gr.Request) -> tuple[str, Any, Any]:
        """The last hour, with the routes and models that can be chosen."""
        _, lang = await self._entered(request)
        points = self._sampler.points()
        routes, named = hour.names(points)
        any_ = (text("plots.busiest", lang), "")
        return (
            hour.plots(points, time.time(), route or "", model or "", lang),
            gr.update(choices=[any_, *((one, one) for one in sorted({*routes, *([route] if route else [])}))]),
            gr.update(choices=[any_, *((one, one) for one in sorted({*named, *([model] if model else [])}))]),
        )

    async def accounts(self, request: gr.Request) -> str:
        """Keys and usage."""
        operator, lang = await self._entered(request)
        try:
            keys = accounts.keys([_plain(one) for one in await operator.admin.keys()], lang)
            usage = accounts.usage(_plain(await operator.admin.usage()), lang)
            return f"<h2>{parts.esc(text('keys.title', lang))}</h2>{keys}{usage}"
        except LexhubError as error:
            return _trouble(error, lang)

    async def holdings(self, request: gr.Request) -> str:
        """Corpus, database and replicas."""
        operator, lang = await self._entered(request)
        try:
            ready, stored = _plain(await operator.ready()), _plain(await operator.admin.storage())
        except LexhubError as error:
            return _trouble(error, lang)
        now = self._sampler.now
        title = f"<h2>{parts.esc(text('corpus.title', lang))}</h2>"
        return (
            title
            + holdings.corpus(ready, lang)
            + holdings.storage(stored, lang)
            + holdings.replicas(now.memory, now.replicas, lang)
        )

    async def language(self, request: gr.Request) -> Lang:
        """The language that the page was opened in, for who is admitted."""
        return (await self._entered(request))[1]

    async def _entered(self, request: gr.Request) -> tuple[AsyncLexhub, Lang]:
        """The operator who asks, and the language. Raises gr.Error for nobody."""
        lang = lang_of(request.query_params.get("lang", ""))
        address = request.client.host if request.client else ""
        operator = await self._keeper.admitted(cookie_of(request.cookies), address, request.headers.get("host", ""))
        if operator is None:
            raise gr.Error(text("signed.out", lang))
        self._sampler.look()
        return operator, lang


def _traced(drawn: dict[str, Any], trace: dict[str, Any] | None, lang: Lang) -> str:
    title = f"<h2>{parts.esc(text('graph.title', lang))}</h2>"
    picture = title + graph.drawing(drawn, trace, lang)
    if trace is None:
        return parts.note(text("requests.choose", lang)) + picture
    named = (
        ("timeline.title", requests.timeline),
        ("decisions.title", requests.decisions),
        ("scores.title.all", scores.searches),
    )
    rest = "".join(f"<h2>{parts.esc(text(key, lang))}</h2>{view(trace, lang)}" for key, view in named)
    return requests.summary(trace, lang) + picture + rest


def _plain(told: BaseModel) -> dict[str, Any]:
    """As the views read it."""
    return told.model_dump(mode="json")


def _trouble(error: LexhubError, lang: Lang) -> str:
    return parts.alert(_said(error, lang))


def _said(error: LexhubError, lang: Lang) -> str:
    if refused(error):
        return text("signed.out", lang)
    said = text("failed", lang, message=error.message, code=error.code)
    return f"{said} · {text('failed.request', lang, id=error.request_id)}" if error.request_id else said
