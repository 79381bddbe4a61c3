"""The tab 我的数据: what is kept about the visitor, to take along or to delete, and how personal data are processed."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from gradio.events import Dependency

from deploy.page.texts import Lang, text
from deploy.page.tools import listing
from deploy.page.tools.context import PageContext
from deploy.page.tools.panel import Shown, Told, panel
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, Download

WORD = "word"
LIMIT = 200  # as many as the API lists


def tab(context: PageContext) -> Dependency:
    """Put the tab's panel here. After its event consultations may be gone."""
    return panel(context, "mine", answer)


async def answer(client: AsyncLexhub, told: Told, lang: Lang) -> Shown:
    """What the panel shows after what was done in it. Raises LexhubError."""
    if told.action == "export":
        data = await (client.export(told.id) if told.id else client.export_all())
        return Shown(file=_file(data, lang))
    if told.action == "delete" and told.id:
        await client.delete(told.id)
        return await _page(client, lang, text("mine.deleted.one", lang))
    if told.action == "delete_all":
        word = text("mine.delete.word", lang)
        if told.values.get(WORD, "").strip() != word:
            return await _page(client, lang, fault=text("mine.delete.wrong", lang, word=word))
        return await _page(client, lang, text("mine.deleted", lang, count=await client.delete_all()))
    return await _page(client, lang)


async def _page(client: AsyncLexhub, lang: Lang, done: str = "", fault: str = "") -> Shown:
    notice, matters = await asyncio.gather(client.privacy(), listing.listed(client, lang, LIMIT))
    word = text("mine.delete.word", lang)
    return Shown(
        panel=render("tools/mine", lang, matters=matters, sections=notice.sections, done=done, fault=fault, word=word)
    )


def _file(data: Mapping[str, Any], lang: Lang) -> Download:
    """The export as a JSON file of today."""
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    name = text("mine.file", lang)
    return Download(f"{name}-{date.today().isoformat()}.json", "application/json", content)
