"""The vocabulary of a template: what it is called, how it is asked for, its gaps, its text, and its cautions."""

import re
from collections.abc import Callable

import cn2an

from orchestrator import quantities
from orchestrator.documents.matter import Gap, Matter, Value
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Items, Paragraph

EMPTY, TICKED = "☐", "☑"


def _fits(matter: Matter) -> str:
    return ""


def _no_notes(matter: Matter) -> tuple[Says, ...]:
    return ()


class Template(Value):
    """A kind of paper. `says`: patterns of a request for it. `fields`: the fields of law it is for (empty: all).

    `session`: it is made from a consultation only. `elements`: the field's elements may be
    filled like gaps, by their ids. `unfit` says in Chinese why the paper is not for this matter
    (a defence for a plaintiff), empty when it is. `notes` stand behind the paper, outside the text to be signed.
    `me` names the gap of the client's own name, for a message that says 我叫…; empty where nobody can know.
    """

    name: str
    title: str
    about: str
    says: tuple[str, ...]
    fields: tuple[str, ...] = ()
    session: bool = False
    elements: bool = False
    gaps: tuple[Gap, ...]
    fill: Callable[[Matter], tuple[Block, ...]]
    notes: Callable[[Matter], tuple[Says, ...]] = _no_notes
    unfit: Callable[[Matter], str] = _fits
    me: Callable[[Matter], str] = _fits


def box(text: str, ticked: bool = False) -> str:
    """A box with its text."""
    return f"{TICKED if ticked else EMPTY} {text}"


def boxes(*texts: str, ticked: str = "") -> str:
    """Boxes in a row, of which at most one is ticked."""
    return "  ".join(box(text, text == ticked) for text in texts)


def money(text: str) -> str:
    """An amount as notes write it, in figures and in capitals: 32000元(大写:人民币叁万贰仟元整).

    A text that is a gap, or does not hold exactly one amount, stands as it is.
    """
    found = list(quantities.amounts(text))
    if len(found) != 1:
        return text
    value = float(found[0].value)
    return f"{quantities.shown('amount', value)}(大写:人民币{cn2an.an2cn(f'{value:.2f}', 'rmb')})"


def clause(text: str) -> Paragraph:
    """A paragraph of running text as official papers set it."""
    return Paragraph(text=text, indent=True)


def clauses(*texts: str) -> Items:
    """Numbered clauses."""
    return Items(rows=texts, marks="number")


def signature(*lines: str) -> tuple[Paragraph, ...]:
    """The lines for signatures and the day of signing, which only the signer writes."""
    return tuple(Paragraph(text=line, align="right") for line in lines)


DATE_LINE = "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"  # wide spaces: no format drops them

_ID = re.compile(r"^(?P<law>[^#@]+)(?:@[^#]+)?#(?P<number>\d+)(?:-(?P<sub>\d+))?$")


def article(id: str) -> str:
    """The name of an article as papers cite it: 民法典#1079 → 《民法典》第一千零七十九条. Raises ValueError."""
    if (match := _ID.match(id)) is None:
        raise ValueError(f"not the id of an article: {id!r}")
    sub = f"之{cn2an.an2cn(match['sub'])}" if match["sub"] else ""
    return f"《{match['law']}》第{cn2an.an2cn(match['number'])}条{sub}"
