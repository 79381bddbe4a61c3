"""What the tests of the money calculators share: calls with the shipped LPR, and values read from a message."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import Calculation, Input
from orchestrator.facts import extract
from orchestrator.rates import Rates, shipped
from orchestrator.wording import pattern, plain

TODAY = date(2026, 11, 20)
Values = dict[str, Input | int]


def calculated(name: str, **values: Input | int) -> Calculation:
    """The calculation; whole numbers stand for Decimal, ISO text for dates."""
    return calculators()[name].calculate(
        {id: _typed(name, id, value) for id, value in values.items()}, Rates(shipped()), TODAY
    )


def told(name: str, text: str) -> dict[str, Input]:
    """The values that the calculator reads from a message, as a calculation takes them."""
    found: dict[str, Input] = {}
    for id, fact in extract(calculators()[name].inputs, text, TODAY).items():
        if fact.iso is not None:
            found[id] = date.fromisoformat(fact.iso if len(fact.iso) == 10 else f"{fact.iso}-01")
        else:
            found[id] = fact.value if fact.number is None else Decimal(str(fact.number))
    return found


def results(calculation: Calculation) -> list[tuple[str, str]]:
    """Working and result of each step."""
    return [(one.working, one.result) for one in calculation.lines]


def wanted(text: str) -> str | None:
    """The calculator whose pattern matches longest in the request."""
    lengths: Mapping[str, int] = {
        name: max(
            (len(match[0]) for said in one.says for match in pattern(said).finditer(plain(text))),
            default=0,
        )
        for name, one in calculators().items()
    }
    best = max(lengths, key=lambda name: lengths[name])
    return best if lengths[best] else None


def _typed(name: str, id: str, value: Input | int) -> Input:
    if isinstance(value, int):
        return Decimal(value)
    kind = calculators()[name].element(id).kind
    if isinstance(value, str) and kind == "date":
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(value, str) and kind in ("amount", "rate", "number", "duration") else value
