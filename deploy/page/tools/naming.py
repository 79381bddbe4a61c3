"""Which articles a text names, in any notation, with what is left of the text. Whether they exist, the API knows."""

import re
from dataclasses import dataclass
from functools import cache

from retrievers.citations import mentions
from retrievers.titles import Titles

AT_MOST = 5
# 民法典675, 刑法133-1: a law and a bare number, which in a sentence could be anything and alone is an article.
_BARE = re.compile(r"\s*《?(?P<law>[^\d《》#]*[^\d《》#\s])》?\s*(?P<number>\d{1,4})(?:[-_](?P<sub>\d{1,2}))?\s*")
# What stands around a citation and asks for nothing else.
_FILLER = re.compile(r"[\s,。、;:?!,;:?!和与及的]|是什么|什么内容|内容|规定|全文|请问|查一下|查")


@dataclass(frozen=True)
class Named:
    """One article: the law as written, its number as the API's address has it, and the 款 asked for, if any."""

    law: str
    number: str
    paragraph: int | None = None


@dataclass(frozen=True)
class Reading:
    """The articles that a text names, each once, and whether it asks for anything beside them."""

    named: tuple[Named, ...]
    more: bool


def read(text: str) -> Reading:
    """What the text names."""
    if bare := _BARE.fullmatch(text):
        sub = f"-{bare['sub']}" if bare["sub"] else ""
        return Reading((Named(bare["law"], f"{int(bare['number'])}{sub}"),), more=False)
    found, rest, end = [], [], 0
    for one in mentions(text, _titles()):
        before = text[end : one.start]
        rest.append(before if one.law else "")
        law = one.law or before.strip()  # a name that no table knows is what stands before the number
        if law and one.number:
            found.append(Named(law, f"{one.number}-{one.sub}" if one.sub else str(one.number), one.paragraph))
        end = one.end
    rest.append(text[end:])
    return Reading(tuple(dict.fromkeys(found))[:AT_MOST], more=not found or bool(_FILLER.sub("", "".join(rest))))


@cache
def _titles() -> Titles:
    return Titles([])
