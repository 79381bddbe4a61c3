"""The tab 计算器: every calculator of the API as a form made from its inputs, and its result step by step.

It knows no calculator. What a calculator needs depends on what was filled in; the API says it, a step at a time.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from deploy.page.texts import Lang, text
from deploy.page.tools import drawers, reading
from deploy.page.tools.cites import cite
from deploy.page.tools.context import PageContext
from deploy.page.tools.fields import Field
from deploy.page.tools.panel import Shown, Told, panel
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, LexhubError
from deploy.shapes.calculators import CalculatorInfo, InputInfo, Result

PLACE, ON = ":place", ":on"  # no input of a calculator is called so
_KINDS = {"choice": "choice", "date": "date", "payments": "words"}
_NAMED = re.compile("「([^」]+)」")


def tab(context: PageContext) -> None:
    """Put the tab's panel here."""
    panel(context, "calculators", answer)


async def answer(client: AsyncLexhub, told: Told, lang: Lang) -> Shown:
    """What the panel shows after what was done in it. Raises LexhubError."""
    if told.action in drawers.ACTIONS:
        return await drawers.opened(client, told, lang)
    listed = await client.calculators()
    chosen = next((one for one in listed if one.name == told.name), None)
    if chosen is None or told.action not in ("calculator", "calculate"):
        return Shown(panel=render("tools/calculators", lang, calculators=listed))
    return Shown(panel=await _calculated(client, chosen, told, lang))


async def _calculated(client: AsyncLexhub, chosen: CalculatorInfo, told: Told, lang: Lang) -> str:
    typed = told.values if told.action == "calculate" else {}
    try:
        on = reading.day(typed.get(ON, ""))
    except ValueError:
        return form(chosen, typed, (), lang, {ON: text("articles.day", lang)})
    known = {one.id: one for one in chosen.inputs}
    bare = [id for id, words in typed.items() if id in known and reading.unitless(known[id], words)]
    if bare:
        return form(chosen, typed, (), lang, dict.fromkeys(bare, text("calculators.field.unit", lang)))
    values = {id: reading.value(known[id], words, date.today()) for id, words in typed.items() if id in known}
    try:
        result = await client.calculate(chosen.name, values, typed.get(PLACE, ""), on)
    except LexhubError as error:
        if error.code == "missing_inputs":
            return _asked(chosen, told, [str(one["id"]) for one in error.extra["missing"]], lang)
        if error.code == "bad_input":
            return form(chosen, typed, (), lang, *_fault(chosen, error))
        raise
    return form(chosen, typed, (), lang, result=result)


def _asked(chosen: CalculatorInfo, told: Told, missing: Sequence[str], lang: Lang) -> str:
    """The form with what is missing marked; who has just opened it is not blamed for that."""
    if told.action == "calculator":
        return form(chosen, {}, missing, lang)
    labels = "、".join(one.label for one in chosen.inputs if one.id in missing)
    faults = dict.fromkeys(missing, text("calculators.field.missing", lang))
    return form(chosen, told.values, missing, lang, faults, text("calculators.missing", lang, labels=labels))


def _fault(chosen: CalculatorInfo, error: LexhubError) -> tuple[dict[str, str], str]:
    """What the API refused by field, and what it says of none: `faults` where it lists them, else the parameter it
    names or a label that it quotes.
    """
    labels = {one.id: one.label for one in chosen.inputs}

    def worded(message: str) -> str:
        return _NAMED.sub(lambda match: f"「{labels.get(match[1], match[1])}」", message)

    if rows := error.extra.get("faults"):
        return {str(one["id"]): worded(str(one["message"])) for one in rows}, ""
    named = set(_NAMED.findall(error.message))
    ids = [one.id for one in chosen.inputs if one.id == error.param or one.label in named]
    return ({ids[0]: worded(error.message)}, "") if ids else ({}, worded(error.message))


def form(
    chosen: CalculatorInfo,
    typed: Mapping[str, str],
    missing: Sequence[str],
    lang: Lang,
    faults: Mapping[str, str] = {},
    told: str = "",
    result: Result | None = None,
) -> str:
    """The form, first what is missing, then what was filled in, the rest folded away; under it the result, if any.

    `faults` say by field what is wrong with it, `told` stands over the form.
    """
    fields = {one.id: _field(one, typed, missing, faults, lang) for one in chosen.inputs}
    around = [_place(typed, lang), _on(typed, faults, lang)]
    first = [id for id in fields if id in missing or typed.get(id) or id in faults]
    more = [fields[id] for id in fields if id not in first] + around
    lines = [(line, [cite(id, lang) for id in line.articles]) for line in result.calculation.lines] if result else []
    return render(
        "tools/calculator",
        lang,
        one=chosen,
        wanted=[fields[id] for id in first],
        more=more,
        open=not first or ON in faults or bool(typed.get(PLACE) or typed.get(ON)),
        focus=next(iter(faults), ""),
        told=told,
        result=result.calculation if result else None,
        lines=lines,
        day=typed.get(ON, ""),
        copied=_copied(result) if result else "",
    )


def _field(
    one: InputInfo, typed: Mapping[str, str], missing: Sequence[str], faults: Mapping[str, str], lang: Lang
) -> Field:
    kind = _KINDS.get(one.kind, "number")
    hint = "" if kind in ("choice", "date") else text(f"calculators.hint.{one.kind}", lang)
    return Field(
        id=one.id,
        label=one.label,
        kind=kind,  # type: ignore[arg-type]
        hint=hint,
        why=one.question,
        value=typed.get(one.id, ""),
        choices=tuple((choice, choice) for choice in one.choices),
        wanted=one.id in missing,
        error=faults.get(one.id, ""),
    )


def _place(typed: Mapping[str, str], lang: Lang) -> Field:
    hint = text("calculators.place.hint", lang)
    return Field(PLACE, text("calculators.place", lang), hint=hint, value=typed.get(PLACE, ""))


def _on(typed: Mapping[str, str], faults: Mapping[str, str], lang: Lang) -> Field:
    hint = text("calculators.on.hint", lang)
    error = faults.get(ON, "")
    return Field(ON, text("calculators.on", lang), "date", hint, value=typed.get(ON, ""), error=error)


def _copied(result: Result) -> str:
    made = result.calculation
    rows = [f"{line.label}:{line.working} → {line.result}" for line in made.lines]
    return "\n".join([made.title, made.summary, *rows, *made.assumed, *made.notes])
