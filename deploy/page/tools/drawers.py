"""An article or a case in full, fetched for the drawer."""

from deploy.page.texts import Lang
from deploy.page.tools import reading
from deploy.page.tools.panel import Shown, Told, failure
from deploy.page.views import article, cases
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, LexhubError

ACTIONS = ("article", "case")


async def opened(client: AsyncLexhub, told: Told, lang: Lang) -> Shown:
    """The drawer for what was used: `{"action": "article", "law": …, "number": …, "id"?: …, "day"?: …}`, or
    `{"action": "case", "id": …}`.
    """
    try:
        return Shown(
            drawer=await _case(client, told, lang) if told.action == "case" else await _article(client, told, lang)
        )
    except LexhubError as error:
        return Shown(drawer=render("tools/failed", lang, card=failure(error, lang)))


async def _case(client: AsyncLexhub, told: Told, lang: Lang) -> str:
    return cases.drawer(await client.case(told.id), lang)


async def _article(client: AsyncLexhub, told: Told, lang: Lang) -> str:
    try:
        day = reading.day(told.day)
    except ValueError as error:
        raise LexhubError("invalid_request", str(error)) from error
    loaded = (await client.versions(told.law, told.number, day)).versions
    named = next((one for one in loaded if one.id == told.id), None)  # the version that an answer cites
    return article.drawer(named or await client.article(told.law, told.number, day), lang, loaded)
