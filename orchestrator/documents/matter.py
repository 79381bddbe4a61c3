"""What a template may use of a session: facts, causes, the opinion, and the caller's answers to its gaps."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestrator import reasoning
from orchestrator.contracts import Fact, Opinion
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Condition, Domain, Element, Is, IsNot

MAX_VALUE = 2000  # characters of one answer to a gap


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Gap(Value):
    """A blank of a template. `label` stands in the paper while nobody has filled it: 【待填:出借人姓名】.

    `facts`: where a session may know it, as (field, element id). `cues`: words that stand before it in a message
    (借款人李四, 我叫张三 for the client's own name). `kind` says how a message writes it; `sole`: with no cue, the only
    quantity of that kind in a message is taken.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    hint: str = ""
    kind: Literal["text", "name", "place", "amount", "date", "duration"] = "text"
    facts: tuple[tuple[str, str], ...] = ()
    cues: tuple[str, ...] = ()
    sole: bool = False


def open_gap(label: str) -> str:
    """The mark of a place still to be filled in."""
    return f"【待填:{label}】"


def one_line(text: str) -> str:
    """The client's text as data: one line, no control characters, nothing that could begin a block of a paper."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


@dataclass(frozen=True)
class Matter:
    """A matter as papers see it. All is optional: a loan note needs no session.

    `facts` by element id of the pack named `field`; `values` by gap id, as the caller gave them. `story` is what the
    client wrote; it is read for names only and never copied into a paper.
    """

    on: date
    field: str = ""
    causes: tuple[Cause, ...] = ()
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict)
    story: str = ""
    opinion: Opinion | None = None
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, opinion: Opinion, values: Mapping[str, str], facts: Mapping[str, Fact] | None = None) -> "Matter":
        """The matter of a session that has its opinion; `facts` where they are newer than the opinion's."""
        pack = packs().get(opinion.plan.field)
        # A plan names its causes in words; the pack knows which they are.
        causes = tuple(cause for cause in pack.causes if cause.name in opinion.plan.cause) if pack else ()
        return cls(
            on=opinion.on,
            field=opinion.plan.field,
            causes=causes,
            facts={fact.id: fact for fact in opinion.facts} if facts is None else facts,
            story=opinion.question,
            opinion=opinion,
            values=values,
        )

    @property
    def pack(self) -> Domain | None:
        """The pack of the field, None where there is none."""
        return packs().get(self.field)

    def fact(self, id: str) -> Fact | None:
        """The fact, None when it is unknown or unclear."""
        found = self.facts.get(id)
        return None if found is None or found.undecided else found

    def known(self, gap: Gap) -> str:
        """What is known of the gap: the caller's answer, else a fact of the session; empty when nothing is."""
        if given := one_line(self.values.get(gap.id, "")):
            return given
        for name, element in gap.facts:
            checked(name, element)
            if name == self.field and (fact := self.fact(element)) is not None:
                return fact.value
        return ""

    def __getitem__(self, gap: Gap) -> str:
        """The gap's content, or its mark."""
        return self.known(gap) or open_gap(gap.label)

    def told(self, id: str) -> str:
        """The fact with this element id in words: the caller's answer, else the session's; empty when unknown."""
        fact = self.fact(id)
        return one_line(self.values.get(id, "")) or ("" if fact is None else fact.value)

    def filled(self, text: str, **words: str) -> str:
        """The text with `{element_id}` replaced by the fact, or by a gap; `words` are replaced first."""

        def one(match: re.Match[str]) -> str:
            id = match[1]
            return words[id] if id in words else self.told(id) or open_gap(checked(self.field, id).label)

        return re.sub(r"\{([a-z][a-z0-9_]*)\}", one, text)

    def lines(self, gap: Gap) -> tuple[str, ...]:
        """The answer to a gap that may take several paragraphs, one text each; the mark when there is none."""
        rows = [one_line(row) for row in self.values.get(gap.id, "").splitlines()]
        return tuple(row for row in rows if row) or (open_gap(gap.label),)

    def truth(self, name: str, when: Sequence[Condition]) -> bool | None:
        """Whether all conditions on facts of the field `name` hold; None when that depends on an open fact.

        Raises KeyError or ValueError for an element or choice that the pack does not have: a fault of a template.
        """
        results = []
        for condition in when:
            element = checked(name, condition.element)
            values = set(condition.values) if isinstance(condition, Is | IsNot) else set()
            if strange := values - {choice.value for choice in element.choices}:
                raise ValueError(f"{name}.{element.id} has no choice {sorted(strange)}")
            results.append(reasoning.truth(condition, self.facts, self.on) if name == self.field else None)
        if False in results:
            return False
        return None if None in results else True

    def holds(self, name: str, *when: Condition) -> bool:
        """Whether the matter is of the field `name` and all conditions are known to hold."""
        return self.truth(name, when) is True and self.field == name


def checked(name: str, element: str) -> Element:
    """The element of the field's pack. Raises KeyError for one that does not exist: a fault of a template."""
    try:
        return packs()[name].element(element)
    except StopIteration:
        raise KeyError(f"{name}.{element}") from None
