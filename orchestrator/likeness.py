"""What a case has in common with the client's story and where it differs, element by element.

Both texts are read by the same extractor with the same pack of the field. Where there is no pack, and besides it for
crimes, charges, causes and legal terms are compared. Says only what both texts say; knows no law and no scores.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from orchestrator.contracts import AND, Fact
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Domain, Element
from orchestrator.facts import extract
from orchestrator.reasoning import recognise
from retrievers.contracts import Case

MOST_ALIKE, MOST_DIFFERING = 4, 3
TERMS_NAMED = 4
CRIMINAL = "刑事"
CLOSE, FAR = 1.5, 3.0  # two amounts or periods are near each other up to the one factor, and differ from the other on
LONGEST_READ = 4000  # characters of a judgment: what happened stands at its head
READ = 512  # cases whose facts are kept: the same ones are found again and again
NOTHING = "案情的描述相近,但没有可以逐项对照的要素,请对照案情阅读"
_END = re.compile(r"[。;；!！?？]")


@dataclass(frozen=True)
class Told:
    """The client's side: the story, the facts known of it by element id (none: they are read from the story), the
    legal terms that it was searched with, and the causes of the matter by field, where they are known.
    """

    story: str
    facts: Mapping[str, Fact]
    terms: tuple[str, ...] = ()
    matter: Mapping[str, list[Cause]] = field(default_factory=dict)
    _causes: dict[str, list[Cause]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def causes(self, pack: Domain) -> list[Cause]:
        """The causes of the field that the story speaks of; worked out once for all cases."""
        if pack.name not in self._causes:
            self._causes[pack.name] = self.matter.get(pack.name) or recognise(pack, self.story)
        return self._causes[pack.name]


@dataclass(frozen=True)
class Likeness:
    """Short Chinese phrases, the weightiest first. `alike` is never empty."""

    alike: tuple[str, ...]
    differing: tuple[str, ...]


def compare(case: Case, told: Told, domain: Domain | None, today: date) -> Likeness:
    """The elements in common and those that differ. `domain` is the client's field; none: the case's own is used."""
    pack = domain if domain is not None and case.field in ("", domain.name) else packs().get(case.field)
    text = case.facts[:LONGEST_READ]
    ours = told.causes(pack) if pack else []
    alike, differing = _subjects(case, told, ours)
    if pack is not None:
        same, other = _elements(pack, ours, told, text, today)
        alike, differing = alike + same, differing + other
    if len(alike) < MOST_ALIKE and (shared := _shared(told.terms, case)):
        alike.append(f"都涉及{'、'.join(shared)}")
    return Likeness(tuple(alike[:MOST_ALIKE]) or (NOTHING,), tuple(differing[:MOST_DIFFERING]))


def shortened(text: str, most: int) -> str:
    """The beginning of the text in whole sentences up to `most` characters; a longer first sentence is cut with ……."""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= most:
        return text
    ends = [match.end() for match in _END.finditer(text, 0, most)]
    return text[: ends[-1]] if ends else f"{text[: most - 2]}……"


def _subjects(case: Case, told: Told, ours: Iterable[Cause]) -> tuple[list[str], list[str]]:
    """Charges, or the cause, that the story speaks of as well, and those of the case alone."""
    said = "\n".join((told.story, *told.terms, *(cause.name for cause in ours)))
    named = [(subject, subject.removesuffix("罪").removesuffix("纠纷")) for subject in case.subjects]
    both = [subject for subject, stem in named if stem and _speaks(said, stem)]
    alone = [subject for subject, _ in named if subject not in both]
    what = "罪名" if case.charges or case.field == CRIMINAL else "案由"
    alike = [f"{what}同为「{'、'.join(both)}」"] if both else []
    differing: list[str] = []
    if alone and both:
        differing = [f"该案还涉及「{'、'.join(alone)}」,您的叙述里没有这一项"]
    elif alone:
        differing = [f"该案的{what}是「{'、'.join(alone)}」,是否与您的情况相同还要核实"]
    return alike, differing


def _speaks(said: str, stem: str) -> bool:
    """Whether the story names the charge; of a compound one (贩卖、运输毒品) a part with the same object is enough."""
    bare = re.sub(r"[((].*?[))]", "", stem)
    if bare in said:
        return True
    parts = bare.split("、")
    return len(parts) > 1 and any(f"{part}{_object(parts[-1])}" in said for part in parts[:-1])


def _object(last: str) -> str:
    """What the last part of a compound charge acts upon: 运输毒品 → 毒品."""
    return last[2:]


def _elements(pack: Domain, ours: list[Cause], told: Told, text: str, today: date) -> tuple[list[str], list[str]]:
    active = frozenset(id for cause in ours for id in cause.elements)
    elements = [element for element in pack.elements if not active or element.id in active]
    mine = told.facts or extract(elements, told.story, today)
    theirs = _read(pack.name, active, text, today)
    alike: list[str] = []
    differing: list[str] = []
    for element in elements:
        one, other = mine.get(element.id), theirs.get(element.id)
        if one is None or other is None or one.undecided:
            continue
        if (same := _same(element, one, other)) is None:
            continue
        if same:
            both = [value for value in one.values if value in other.values]
            equal = f"{one.label}同为「{AND.join(both)}」"
            near = f"{one.label}相近:您是「{one.value}」,该案是「{other.value}」"
            alike.append(equal if both else near)
        else:
            differing.append(f"{one.label}不同:您是「{one.value}」,该案是「{other.value}」")
    return alike, differing


@lru_cache(maxsize=READ)
def _read(field: str, active: frozenset[str], text: str, today: date) -> Mapping[str, Fact]:
    """The facts of a case, of the elements that matter (none: all of the field)."""
    elements = (element for element in packs()[field].elements if not active or element.id in active)
    return extract(elements, text, today)


def _same(element: Element, one: Fact, other: Fact) -> bool | None:
    """Whether both say the same; null where nothing can be said (days, amounts neither near nor far)."""
    if element.kind == "choice":
        return not set(one.values).isdisjoint(other.values)
    if one.number is None or other.number is None or element.kind not in ("amount", "duration", "number"):
        return None
    small, large = sorted((one.number, other.number))
    if large == small:
        return True
    if small <= 0 or large / small >= FAR:
        return False
    return True if large / small <= CLOSE else None


def _shared(terms: Iterable[str], case: Case) -> list[str]:
    """The terms of law that stand in the case; one inside another is left out, and so are short words (公司, 问题)."""
    whole = "\n".join((case.title, case.cause, case.issue, case.facts[:LONGEST_READ]))
    found = [term for term in dict.fromkeys(terms) if len(term) > 2 and term in whole]
    return [term for term in found if not any(term != other and term in other for other in found)][:TERMS_NAMED]
