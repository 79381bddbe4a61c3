"""The tab 文书: every template of the API as a form made from its gaps, a preview, and the file in three formats."""

from collections.abc import Mapping, Sequence

from deploy.page.texts import Lang, text
from deploy.page.tools import listing, preview
from deploy.page.tools.context import PageContext
from deploy.page.tools.fields import Field
from deploy.page.tools.listing import Listed
from deploy.page.tools.panel import Shown, Told, panel
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, Download, LexhubError
from deploy.shapes.papers import TemplateInfo

FROM = ":from"  # no gap of a template is called so
# What the visitor can mend in the form itself; other failures are shown as failures.
_MENDABLE = (
    "template_unfit", "bad_values", "invalid_message", "no_cjk_font", "font_lacks_characters", "session_not_found",
    "no_answer_yet", "template_not_found",
)  # fmt: skip


def tab(context: PageContext) -> None:
    """Put the tab's panel here."""
    panel(context, "papers", answer)


async def answer(client: AsyncLexhub, told: Told, lang: Lang) -> Shown:
    """What the panel shows after what was done in it. Raises LexhubError."""
    templates = await client.templates()
    chosen = next((one for one in templates if one.name == told.name), None)
    if chosen is None or told.action not in ("paper", "preview", "download"):
        return Shown(panel=render("tools/papers", lang, templates=templates))
    if told.action == "download":
        return await _downloaded(client, chosen, told, lang)
    matters = await listing.listed(client, lang)
    typed = told.values if told.action == "preview" else {FROM: told.id}
    if told.action == "paper":
        return Shown(panel=form(chosen, matters, typed, lang))
    try:
        written = await _written(client, chosen, typed, "md")
    except LexhubError as error:
        if error.code not in _MENDABLE:
            raise
        return Shown(panel=form(chosen, matters, typed, lang, told=error.message))
    return Shown(panel=form(chosen, matters, typed, lang, written.content.decode()))


async def _downloaded(client: AsyncLexhub, chosen: TemplateInfo, told: Told, lang: Lang) -> Shown:
    """The file; where there is none the form says why, and keeps what was typed."""
    try:
        return Shown(file=await _written(client, chosen, told.values, told.format))
    except LexhubError as error:
        if error.code not in _MENDABLE:
            raise
        matters = await listing.listed(client, lang)
        return Shown(panel=form(chosen, matters, told.values, lang, told=error.message))


async def _written(client: AsyncLexhub, chosen: TemplateInfo, typed: Mapping[str, str], format: str) -> Download:
    source = typed.get(FROM, "")
    values = {id: words for id, words in typed.items() if id != FROM}
    if source:
        return await client.document(source, chosen.name, values, format)
    return await client.draft(chosen.name, values, format)


def form(
    chosen: TemplateInfo,
    matters: Sequence[Listed],
    typed: Mapping[str, str],
    lang: Lang,
    markdown: str = "",
    told: str = "",
) -> str:
    """The form of a template, and under it the paper in `markdown`, if any. `told` stands over the form."""
    possible = bool(matters) or not chosen.session
    fields = [
        Field(gap.id, gap.label, "words", hint=gap.hint, value=typed.get(gap.id, "")) for gap in chosen.gaps
    ]
    return render(
        "tools/paper",
        lang,
        one=chosen,
        told=told if possible else text("papers.from.empty", lang),
        possible=possible,
        source=_source(chosen, matters, typed, lang) if matters else None,
        fields=fields,
        preview=preview.shown(markdown) if markdown else "",
        open=preview.gaps(markdown),
    )


def _source(chosen: TemplateInfo, matters: Sequence[Listed], typed: Mapping[str, str], lang: Lang) -> Field:
    """The choice of a consultation: the newest, for a paper that cannot be without one."""
    none = "" if chosen.session else text("papers.from.none", lang)
    return Field(
        id=FROM,
        label=text("papers.from", lang),
        kind="choice",
        hint=text("papers.from.hint", lang),
        value=typed.get(FROM) or (matters[0].id if chosen.session else ""),
        choices=tuple((one.id, one.label) for one in matters),
        empty=none,
        wanted=chosen.session,
    )
