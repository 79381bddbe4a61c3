"""A citation as a button: what it says, and what opens when it is pressed."""

from dataclasses import dataclass

from deploy.page.texts import Lang
from deploy.page.views import citations


@dataclass(frozen=True)
class Cite:
    """《民法典》第675条, and the law and number by which the API knows it."""

    id: str
    law: str
    number: str
    name: str


def cite(id: str, lang: Lang) -> Cite:
    """The button of the passage with this id (民法典#675, 公司法@2018-10-26#20)."""
    law = id.rpartition("#")[0].partition("@")[0]
    return Cite(id=id, law=law, number=citations.number(id), name=f"《{law}》{citations.short(id, '', lang)}")
