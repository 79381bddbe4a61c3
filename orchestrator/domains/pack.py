"""The vocabulary in which a field of law is written down: causes, elements, conditions, findings.

A field is data: one file beside this one that exposes `DOMAIN`. A legal engineer reads and changes it without
knowing the engine (orchestrator/reasoning.py), which derives from the findings alone which open fact would change
the advice. Nothing here knows graphs, models or indexes.

How a fact is recognised: patterns are regular expressions over what the client wrote. A match directly preceded by
a negation (没, 没有, 未, 不, 无, 别) does not count unless the pattern itself begins with the negation.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestrator.contracts import AND
from orchestrator.wording import pattern as compiled

Kind = Literal["choice", "amount", "duration", "date", "number", "rate", "payments"]


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Value):
    """One possible answer. `value` is shown as a quick reply and kept as the fact; `says` recognises it in a story.

    `short` are further ways to say it in a bare reply to the question (matched against the whole reply).
    """

    value: str
    says: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    alone: bool = False


class Is(Value):
    """The element has one of these values, or several and one of them is among these."""

    element: str
    values: tuple[str, ...]

    def __init__(self, element: str, *values: str) -> None:
        BaseModel.__init__(self, element=element, values=values)


class Element(Value):
    """A fact that may decide. `why` is shown with the question: what depends on it.

    Kinds: choice (one of `choices`), amount (yuan), duration (months), date (ISO day or month), number, rate (of
    interest, percent a year), payments (a text that orchestrator/payments.py reads: `2024-03-05 5000; …`). For the
    kinds other than choice, `near` are cue patterns: a quantity within 12 characters of a cue is this element's.
    `sole`: with no cue, the only quantity of that kind in the story is taken. `topic`: patterns of stories that have
    dealt with this in whatever words; what was dealt with is not asked, even where no value could be read.
    `several`: more than one choice may be true at once (家暴, and 赌博); a condition holds if one of them is among its
    values. A choice that excludes the others (都没有) is `alone`.
    `for_months`: what stands between a number of months and the sum for all of them, where the element is the sum for
    one (两个月工资一共9000).
    `unless`: where one of these holds there is no such thing (没有遗嘱: then it has no form, and no witnesses). It is not
    asked then, and no finding hangs on it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    why: str
    question: str
    kind: Kind = "choice"
    choices: tuple[Choice, ...] = ()
    near: tuple[str, ...] = ()
    sole: bool = False
    topic: tuple[str, ...] = ()
    several: bool = False
    for_months: str = ""
    unless: tuple[Is, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Element":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"{self.id}: choices belong to the kind choice, and it needs them")
        if len({choice.value for choice in self.choices}) != len(self.choices):
            raise ValueError(f"{self.id}: the same choice twice")
        if self.several and (self.kind != "choice" or any(AND in choice.value for choice in self.choices)):
            raise ValueError(f"{self.id}: only a choice has several values, and none of them holds a {AND!r}")
        if not self.several and any(choice.alone for choice in self.choices):
            raise ValueError(f"{self.id}: a choice excludes the others anyway where only one can be true")
        return self


class IsNot(Value):
    """The element is known and has none of these values."""

    element: str
    values: tuple[str, ...]

    def __init__(self, element: str, *values: str) -> None:
        BaseModel.__init__(self, element=element, values=values)


class AtLeast(Value):
    """The quantity is `bound` or more: yuan, months, or for a date the whole months that have passed since."""

    element: str
    bound: float

    def __init__(self, element: str, bound: float) -> None:
        BaseModel.__init__(self, element=element, bound=bound)


class Below(Value):
    """The quantity is less than `bound`; units as in AtLeast."""

    element: str
    bound: float

    def __init__(self, element: str, bound: float) -> None:
        BaseModel.__init__(self, element=element, bound=bound)


Condition = Is | IsNot | AtLeast | Below


class Says(Value):
    """A ground: what the law says, in our words, and the ids of the articles that say it.

    Every number, period, amount and every 应当/可以/不得 in `text` must stand in those articles. Slots as in Finding.
    """

    text: str
    articles: tuple[str, ...] = Field(min_length=1)


class Do(Value):
    """A step for the client: what to do, where, and by when.

    `since`: the date element from which the period in `deadline` runs, where its label does not name the same event.
    """

    what: str
    where: str = ""
    deadline: str = ""
    since: str = ""


class Computes(Value):
    """A figure that a finding lets us work out: which calculator, from which facts.

    Inputs take the quantities of the elements with the same id; `takes` maps others (input to element), `given` fixes
    inputs to values, such as a choice that the finding itself decides.
    """

    calculator: str
    takes: dict[str, str] = {}
    given: dict[str, str] = {}

    def __init__(self, calculator: str, takes: dict[str, str] | None = None, **given: str) -> None:
        BaseModel.__init__(self, calculator=calculator, takes=takes or {}, given=given)


class Finding(Value):
    """What follows when all `when` hold, and none of `unless`, to which those of the elements of `when` are added.
    `concludes` is one or two sentences to the client, about this client.

    `{element_id}` in any text is replaced by the fact's value, or its label where the fact is unknown. `otherwise`
    (optional) is the short outcome shown in 如果…则… while a condition is open; default: `concludes`.
    `weight` (1 to 9) orders the conclusions and says how much an open fact behind it matters; below 4 it is worth a
    line in the answer but never a question to the client, and at 1 not even that line: it is said only where it holds
    (of those to whom it applies, each tells it).
    """

    when: tuple[Condition, ...] = ()
    unless: tuple[Is, ...] = ()
    concludes: str = ""
    grounds: tuple[Says, ...] = ()
    steps: tuple[Do, ...] = ()
    evidence: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    computes: tuple[Computes, ...] = ()
    otherwise: str = ""
    weight: int = Field(default=5, ge=1, le=9)


class Cause(Value):
    """One kind of trouble inside a field (案由): how it is recognised, and what follows for which facts.

    `name` is the official name with the everyday one in brackets: 民间借贷纠纷(讨还借款).
    `cues`: patterns; each that matches the story counts 1 (`strong` ones 3). `findings` without conditions always
    apply. `governing`: further article ids that retrieval should not miss for this cause. `asks`: the elements that a
    lawyer asks about in such a matter when nothing was said of them, the most decisive first (orchestrator/asking.py).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    strong: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    elements: tuple[str, ...]
    findings: tuple[Finding, ...] = Field(min_length=1)
    governing: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The everyday name: what stands in the brackets of `name`, else the whole."""
        inner = re.search(r"[((](.+)[))]$", self.name)
        return inner[1] if inner else self.name

    @cached_property
    def articles(self) -> frozenset[str]:
        """The ids of all articles that the cause rests on."""
        grounds = (ground for finding in self.findings for ground in finding.grounds)
        return frozenset(self.governing).union(*(ground.articles for ground in grounds))

    @model_validator(mode="after")
    def _patterns(self) -> "Cause":
        # Every message meets these; those of elements are compiled when a story of their field comes: there are
        # thousands, and compiling all would make each start seconds longer.
        for pattern in self.strong + self.cues:
            compiled(pattern)
        return self


class Domain(Value):
    """A field of law. `cautions` stand in every answer of the field; `hotline` is shown with the steps.

    `together`: groups of elements of one theme, each with the short clause that asks for it after the question about
    another one of its group (哪天入职的,到现在一共干了多久? 每月工资多少?).
    """

    name: str
    label: str
    elements: tuple[Element, ...]
    causes: tuple[Cause, ...] = Field(min_length=2)
    together: tuple[Mapping[str, str], ...] = ()
    cautions: tuple[str, ...] = ()
    hotline: str = ""

    @model_validator(mode="before")
    @classmethod
    def _sensible(cls, given: dict[str, Any]) -> dict[str, Any]:
        never = {element.id: element.unless for element in given["elements"] if element.unless}
        return {**given, "causes": tuple(_without(cause, never) for cause in given["causes"])} if never else given

    @model_validator(mode="after")
    def _consistent(self) -> "Domain":
        known = {element.id: element for element in self.elements}
        for element in self.elements:
            for one in element.unless:
                choices = {choice.value for choice in known[one.element].choices} if one.element in known else set()
                if one.element == element.id or set(one.values) - choices:
                    raise ValueError(f"{element.id}: makes no sense unless what cannot be: {one.element} {one.values}")
        if len(known) != len(self.elements) or len({cause.id for cause in self.causes}) != len(self.causes):
            raise ValueError(f"{self.name}: an identifier is used twice")
        if strange := {id for group in self.together for id in group} - set(known):
            raise ValueError(f"{self.name}: asks together for unknown elements {sorted(strange)}")
        for cause in self.causes:
            if strange := set(cause.asks) - set(cause.elements):
                raise ValueError(f"{cause.id}: asks about {sorted(strange)}, which are not among its elements")
            if missing := set(cause.elements) - set(known):
                raise ValueError(f"{cause.id}: unknown elements {sorted(missing)}")
            for step in (step for finding in cause.findings for step in finding.steps if step.since):
                if step.since not in cause.elements or known[step.since].kind != "date":
                    raise ValueError(f"{cause.id}: a deadline runs from {step.since}, which is no date of its elements")
            for condition in (condition for finding in cause.findings for condition in finding.when):
                if condition.element not in cause.elements:
                    raise ValueError(f"{cause.id}: a condition on {condition.element}, which is not among its elements")
                element = known[condition.element]
                if isinstance(condition, Is | IsNot):
                    if strange := set(condition.values) - {choice.value for choice in element.choices}:
                        raise ValueError(f"{cause.id}: {condition.element} has no choice {sorted(strange)}")
                elif element.kind == "choice":
                    raise ValueError(f"{cause.id}: {condition.element} is a choice and has no bounds")
        return self

    def beside(self, id: str) -> dict[str, str]:
        """The elements that are asked for in one breath with this one, each with its clause."""
        groups = [group for group in self.together if id in group]
        return {mate: clause for group in groups for mate, clause in group.items() if mate != id}

    def element(self, id: str) -> Element:
        """The element with this id. Raises KeyError."""
        return next(element for element in self.elements if element.id == id)


def _without(cause: Cause, never: Mapping[str, tuple[Is, ...]]) -> Cause:
    """The cause whose findings do not hold where one of their elements makes no sense."""
    findings = []
    for finding in cause.findings:
        unless = [one for condition in finding.when for one in never.get(condition.element, ())]
        findings.append(finding.model_copy(update={"unless": (*finding.unless, *unless)}) if unless else finding)
    return cause.model_copy(update={"findings": tuple(findings)})
