"""A calculation in one call, and what a calculator reads from a message."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import Calculation, Input
from orchestrator.facts import extract
from orchestrator.rates import NATIONAL, Rate, Rates
from orchestrator.wording import pattern, plain

TODAY = date(2026, 11, 20)
PLACE = "清河市"


def rate(kind: str, value: str, place: str = PLACE) -> Rate:
    return Rate(kind, place, date(2020, 1, 1), None, Decimal(value), "元", "清河市统计公报", "")


def income(value: str) -> Rate:
    return rate("urban_income_year", value, NATIONAL)


def calculated(name: str, values: Mapping[str, Input], *rates: Rate, today: date = TODAY) -> Calculation:
    return calculators()[name].calculate(values, Rates(rates), today, PLACE)


def assumed(name: str, values: Mapping[str, Input], *rates: Rate, today: date = TODAY) -> Calculation:
    """The calculation where nobody can be asked."""
    return calculators()[name].calculate(values, Rates(rates), today, PLACE, assuming=True)


def told(name: str, text: str) -> dict[str, str]:
    """The values of the facts in the message, by element: amounts and durations as shown."""
    return {id: fact.value for id, fact in extract(calculators()[name].inputs, text, TODAY).items()}


def line(calculation: Calculation, label: str) -> str:
    """The result of the step with this label."""
    return next(one.result for one in calculation.lines if one.label == label)


def asked(name: str, text: str) -> bool:
    """Whether the message asks for this calculator: one of its patterns matches longest."""

    def longest(one: str) -> int:
        found = (pattern(said).search(plain(text)) for said in calculators()[one].says)
        return max((len(match[0]) for match in found if match), default=0)

    return longest(name) > 0 and longest(name) == max(map(longest, calculators()))
