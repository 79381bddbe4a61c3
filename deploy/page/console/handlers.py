"""What the console's events do. Each asks the keeper first, since Gradio's endpoints can be called by anybody."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from pydantic import BaseModel, Field, ValidationError

from deploy.page.console import actions
from deploy.page.console.actions import Incomplete, Standing
from deploy.page.console.keeper import Keeper, cookie_of, refused
from deploy.page.console.sampling import Sampler
from deploy.page.console.texts import Lang, lang_of, text
from deploy.page.console.views import accounts, graph, holdings, hour, models, parts, requests, scores
from deploy.sdk import AsyncLexhub, LexhubError
from orchestrator.wording import typeset

SHOWN = 30  # rows of a list


class Kept(BaseModel):
    """What a browser kept of the page when it was reloaded."""

    tab: Literal["models", "requests", "plots", "accounts", "holdings"] = "models"
    action: Literal["drain", "resume", "weight", "canary", "pin", "unpin", "rollback"] = "drain"
    subject: str | None = None
    amount: float | None = None
    why: str = Field("", max_length=actions.LONGEST_WHY)
    wanted: str = Field("", max_length=128)
    route: str = Field("", max_length=200)
    drawn: str = Field("", max_length=200)

    @property
    def begun(self) -> bool:
        """Whether a change was begun and not done."""
        return bool(self.subject or self.why or self.amount is not None)


@dataclass(frozen=True)
class Opened:
    """A page that was opened: its language, what it kept, and the inputs of the change that was begun."""

    lang: Lang
    kept: Kept
    subject: Any
    amount: Any


class Handlers:
    """The events of one console. Every answer is HTML or updates of components; what fails is told in its place."""

    def __init__(self, keeper: Keeper, sampler: Sampler) -> None:
        self._keeper, self._sampler = keeper, sampler

    async def opened(self, kept: str, request: gr.Request) -> Opened:
        """What the page begins with; `kept` is the JSON of a Kept."""
        operator, lang = await self._entered(request)
        try:
            was = Kept.model_validate_json(kept)
        except ValidationError:  # of an older page
            was = Kept()
        try:
            standing = await self._standing(operator)
        except LexhubError:  # which the table tells
            standing = Standing((), ())
        subject = _offered(was.action, was.subject, standing, lang)
        return Opened(lang, was, subject, _counted(was.action, was.amount, lang))

    async def look(self, request: gr.Request) -> tuple[str, Any]:
        """The models now, and what, when it changes, changes more than figures."""
        operator, lang = await self._entered(request)
        try:
            standing = await self._standing(operator)
        except LexhubError as error:
            return _trouble(error, lang), gr.skip()
        table = models.table(standing.models, _plain(standing.revision), lang)
        return table, [standing.revision.revision, *(row["name"] for row in standing.models)]

    async def changed(self, action: str, chosen: str | None, request: gr.Request) -> tuple[str, Any]:
        """The revisions of the policy, and what the action can be done to."""
        operator, lang = await self._entered(request)
        try:
            standing = await self._standing(operator)
        except LexhubError as error:
            return _trouble(error, lang), gr.skip()
        offered = _offered(action, chosen, standing, lang)
        if not chosen:
            del offered["value"]  # the browser may know of a newer one than it told
        return models.revisions([_plain(one) for one in standing.revisions], lang), offered

    async def choose(self, action: str, request: gr.Request) -> tuple[Any, Any, str]:
        """The inputs of this action: what it is done to, and how much; and the action."""
        operator, lang = await self._entered(request)
        try:
            standing = await self._standing(operator)
        except LexhubError as error:
            raise gr.Error(_said(error, "failed", lang)) from error
        return _offered(action, None, standing, lang), _counted(action, None, lang), action

    async def prepare(
        self, action: str, chosen: str | None, amount: float | None, why: str, request: gr.Request
    ) -> tuple[dict[str, Any] | None, str]:
        """The change that waits for its confirmation, in words."""
        operator, lang = await self._entered(request)
        try:
            change = actions.planned(action, chosen or "", amount, why, await self._standing(operator), lang)
        except Incomplete as error:
            return None, parts.answer("bad", str(error))
        except LexhubError as error:
            return None, parts.answer("bad", _said(error, "failed", lang))
        return change.plain(), parts.answer("warn", _asked(change, lang))

    async def confirm(
        self,
        waiting: dict[str, Any] | None,
        action: str,
        chosen: str | None,
        amount: float | None,
        why: str,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Do what was prepared, if that is still what the inputs mean and what the policy was; else ask again. What the
        page sends cannot change it: it lies in the server's state.
        """
        operator, lang = await self._entered(request)
        kept = gr.skip(), gr.skip(), gr.skip()  # what was filled in
        try:
            standing = await self._standing(operator)
            change = actions.planned(action, chosen or "", amount, why, standing, lang)
        except (Incomplete, LexhubError) as error:
            said = str(error) if isinstance(error, Incomplete) else _said(error, "failed", lang)
            return None, parts.answer("bad", said), *kept
        if change.plain() != waiting:
            said = _asked(change, lang)
            if waiting is not None and change.revision != waiting["revision"]:
                now = standing.revision
                changed = text("action.changed", lang, revision=now.revision, who=now.who, why=now.why or "—")
                said = f"{changed} {said}"
            return change.plain(), parts.answer("warn", said), *kept
        try:
            made = await change.done(operator)
        except LexhubError as error:
            unknown = error.status == 0 or error.status >= 500
            said = _said(error, "action.unknown" if unknown else "action.refused", lang)
            return None, parts.answer("bad", said), *kept
        said = text("action.done", lang, told=change.told, revision=made.revision)
        return None, parts.answer("good", said), None, None, ""

    async def cancel(self, request: gr.Request) -> tuple[None, str]:
        """Do nothing."""
        await self._entered(request)
        return None, ""

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

    async def _standing(self, operator: AsyncLexhub) -> Standing:
        listed, revisions = await asyncio.gather(operator.admin.models(), operator.admin.revisions(SHOWN))
        return Standing(listed.models, revisions)

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


def _offered(action: str, chosen: str | None, standing: Standing, lang: Lang) -> Any:
    """What the action can be done to; what was chosen stays where it is still there."""
    found = {one.value: one.label for one in actions.options(action, standing, lang)}
    label = text(f"action.{actions.sort(action)}", lang)
    choices = [(label, value) for value, label in found.items()]
    lacking = "" if choices else text(f"action.nothing.{action}", lang)
    return gr.update(label=label, info=lacking, choices=choices, value=chosen if chosen in found else None)


def _counted(action: str, amount: float | None, lang: Lang) -> Any:
    counted = action in actions.MOST
    return gr.update(visible=counted, label=text(f"action.amount.{action}", lang) if counted else "", value=amount)


def _asked(change: actions.Change, lang: Lang) -> str:
    return text("action.asked", lang, told=change.told, why=change.why)


def _trouble(error: LexhubError, lang: Lang) -> str:
    return parts.alert(_said(error, "failed", lang))


def _said(error: LexhubError, key: str, lang: Lang) -> str:
    if refused(error):
        return text("signed.out", lang)
    said = text(key, lang, message=typeset(error.message) if lang == "zh" else error.message, code=error.code)
    return f"{said} · {text('failed.request', lang, id=error.request_id)}" if error.request_id else said
