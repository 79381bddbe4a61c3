"""How a field of law is pleaded: which side the client stands on, what may be requested, what may be answered.

The data stand in `fields/`, one file per group of fields, in the words of the field's own elements; a field without
data still gets its papers, with its requests left open.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from orchestrator.documents.matter import Matter, Value
from orchestrator.documents.template import article, box
from orchestrator.domains.pack import Condition

Side = Literal["claimant", "respondent", ""]


class Stand(Value):
    """Where the client stands when one of `causes` (empty: any) is at hand and all of `when` hold."""

    side: Side
    causes: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


class Request(Value):
    """One request (of a claimant) or answer (of a respondent).

    `text` with slots: element ids, `{claimant}` and `{respondent}`. It is ticked when all `when` are known to hold,
    an empty box while one is open, and left out when one is known not to hold. `unless`: left out when these all
    hold. `needs`: left out while one of these facts is unknown. With neither `when` nor `needs` it is an empty box:
    the client's choice. `articles`: what it rests on.
    """

    text: str
    causes: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    needs: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class Pleading(Value):
    """A field of law as it is pleaded. `omitted`: elements that are for advice, not for a paper of the client.

    `speaker`: who 我 and 您 are in the words of the pack's elements, where that is always the same side (an employee
    tells of the dismissal, whoever asks); empty: the client.
    """

    field: str
    stands: tuple[Stand, ...] = ()
    requests: tuple[Request, ...] = ()
    answers: tuple[Request, ...] = ()
    omitted: tuple[str, ...] = ()
    speaker: Side = ""


@cache
def pleadings() -> dict[str, Pleading]:
    """The pleadings that are written down, by field."""
    files = sorted(path.stem for path in (Path(__file__).parent / "fields").glob("*.py") if path.stem != "__init__")
    found = [one for stem in files for one in import_module(f"orchestrator.documents.fields.{stem}").PLEADINGS]
    return {one.field: one for one in found}


def side(matter: Matter) -> Side:
    """The client's side in a dispute; empty where the facts do not say or both sides may sue."""
    mine = {cause.id for cause in matter.causes}
    for stand in pleading(matter).stands:
        if stand.causes and not mine & set(stand.causes):
            continue
        if all(matter.holds(matter.field, condition) for condition in stand.when):
            return stand.side
    return ""


def pleading(matter: Matter) -> Pleading:
    """The pleading of the matter's field, an empty one where none is written."""
    return pleadings().get(matter.field, Pleading(field=matter.field))


def shown(matter: Matter, requests: Iterable[Request], claimant: str, respondent: str) -> list[str]:
    """The requests as boxes."""
    rows = []
    for request, ticked in _fitting(matter, requests):
        rows.append(box(matter.filled(request.text, claimant=claimant, respondent=respondent), ticked))
    return rows


def basis(matter: Matter, requests: Iterable[Request]) -> str:
    """The names of the articles that the ticked requests rest on (none ticked: all shown); empty where none is."""
    fitting = list(_fitting(matter, requests))
    chosen = [request for request, ticked in fitting if ticked] or [request for request, _ in fitting]
    ids = dict.fromkeys(id for request in chosen for id in request.articles)
    return "、".join(article(id) for id in ids)


def _fitting(matter: Matter, requests: Iterable[Request]) -> Iterable[tuple[Request, bool]]:
    mine = {cause.id for cause in matter.causes}
    for request in requests:
        if request.causes and not mine & set(request.causes):
            continue
        if any(not matter.told(id) for id in request.needs):
            continue
        if request.unless and matter.truth(matter.field, request.unless) is True:
            continue
        truth = matter.truth(matter.field, request.when)
        if truth is not False:
            yield request, bool(request.when or request.needs) and truth is True
