"""From facts to a calculator and back: which one a message asks for, its values, the result as an answer shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.contracts import Worked, Working
from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import BadInput, Calculation, Calculator, Input, MissingInputs
from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Computes, Finding
from orchestrator.facts import extract
from orchestrator.opinion import source
from orchestrator.rates import Rates
from orchestrator.wording import pattern, plain
from retrievers.contracts import Passage


@dataclass(frozen=True)
class Matter:
    """What calculations are made from: the story and its facts by element id, the day, the place and the rates."""

    story: str
    facts: Mapping[str, Fact]
    today: date
    place: str
    rates: Rates


@dataclass
class Computed:
    """What the findings of a matter let us work out.

    `made`: calculations with the facts they were made from; `lacking`: sentences that name what others still need;
    `notes` for the trace.
    """

    made: list[tuple[Calculation, dict[str, Fact]]] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def articles(self) -> list[str]:
        """The ids of all articles that the calculations rest on."""
        return [id for one, _ in self.made for id in one.articles]

    def beyond(self, known: "Computed") -> "Computed":
        """What these figures are, or lack, that the known ones are not or do not."""
        before = {one.summary for one, _ in known.made}
        made = [(one, own) for one, own in self.made if one.summary not in before]
        return Computed(made, [text for text in self.lacking if text not in known.lacking], self.notes)

    def shown(self, passages: Mapping[str, Passage]) -> tuple[Worked, ...]:
        """The calculations as an answer shows them."""
        return tuple(worked(one, own.values(), passages) for one, own in self.made)


def asked_for(text: str, domain: str = "") -> Calculator | None:
    """The calculator whose words the text holds; of several one of the field, then the one with the longest match."""
    said = plain(text)
    found = []
    for calculator in calculators().values():
        lengths = [len(match[0]) for words in calculator.says for match in pattern(words).finditer(said)]
        if lengths:
            found.append((domain in calculator.fields, max(lengths), calculator))
    return max(found, key=lambda row: row[:2])[2] if found else None


def values(calculator: Calculator, facts: Mapping[str, Fact]) -> tuple[dict[str, Input], tuple[str, ...]]:
    """The values that clear facts give to the inputs, and what was assumed to make them exact.

    A date known to the month counts from its first day; one known to the year only is no value.
    """
    given: dict[str, Input] = {}
    assumed: list[str] = []
    for id, fact in facts.items():
        if fact.undecided:
            continue
        element = calculator.element(id)
        if element.kind in ("choice", "payments"):
            given[id] = fact.value
        elif fact.iso is not None:
            if (day := _day(fact.iso)) is not None:
                given[id] = day
                if len(fact.iso) < len("2024-03-05"):
                    assumed.append(f"「{element.label}」您说的是{fact.value},按{day.isoformat()}计算。")
        elif fact.number is not None:
            given[id] = Decimal(str(round(fact.number, 6)))
    return given, tuple(assumed)


def taken(calculator: Calculator, computes: Computes, matter: Matter) -> dict[str, Fact]:
    """The facts of a matter for the inputs, by input id: those that `computes` names, else what the story says."""
    same = {one.id: one.id for one in calculator.inputs if one.kind != "choice"}
    known = {
        id: matter.facts[element].model_copy(update={"id": id})
        for id, element in (same | computes.takes).items()
        if element in matter.facts
    }
    found = extract(calculator.inputs, matter.story, matter.today) | known
    return {id: fact for id, fact in found.items() if id not in computes.given}


def from_findings(held: Iterable[tuple[Cause, Finding]], matter: Matter) -> Computed:
    """The figures of the findings that hold, each calculator once, by the weightiest finding that has what it needs."""
    computed = Computed()
    lacking: dict[str, str] = {}
    done: set[str] = set()
    for computes in (computes for _, finding in held for computes in finding.computes):
        calculator = calculators()[computes.calculator]
        if calculator.name in done:
            continue
        own = taken(calculator, computes, matter)
        given, assumed = values(calculator, own)
        try:
            made = calculator.calculate(
                {**given, **computes.given}, matter.rates, matter.today, matter.place, assuming=True
            )
        except MissingInputs as error:
            named = "」「".join(calculator.element(id).label for id in error.ids)
            lacking.setdefault(calculator.name, f"告诉我「{named}」,就可以算出{calculator.title}的具体数额")
        except BadInput as error:
            computed.notes.append(f"{calculator.title}:这些事实不能计算:{error}")
        else:
            done.add(calculator.name)
            computed.made.append((made.model_copy(update={"assumed": (*assumed, *made.assumed)}), own))
            computed.notes.append(f"{calculator.title}:{made.summary}")
    computed.lacking = [text for name, text in lacking.items() if name not in done]
    return computed


def worked(calculation: Calculation, inputs: Iterable[Fact], passages: Mapping[str, Passage]) -> Worked:
    """The calculation as an answer shows it; an article that is not in force in the corpus is not named."""
    return Worked(
        title=calculation.title,
        summary=calculation.summary,
        inputs=tuple(f"{fact.label}:{fact.value}" for fact in inputs if not fact.undecided),
        lines=tuple(
            Working(
                label=line.label,
                working=line.working,
                result=line.result,
                sources=tuple(
                    source(passages[id], line.label) for id in line.articles if id in passages and passages[id].citable
                ),
            )
            for line in calculation.lines
        ),
        assumed=calculation.assumed,
        notes=calculation.notes,
    )


def figures(worked: Iterable[Worked]) -> list[str]:
    """The texts whose figures are worked out or told by the client, so that no article has to hold them."""
    return [
        text
        for one in worked
        for text in (one.summary, *one.inputs, *(part for line in one.lines for part in (line.working, line.result)))
    ]


def _day(iso: str) -> date | None:
    parts = iso.split("-")
    if len(parts) < 2:
        return None
    return date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
