"""Calculators on the wire: what each needs, the values given, and the calculation with its articles."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from deploy.shapes.values import Day
from orchestrator.calculators.calculator import Calculation
from orchestrator.domains.pack import Kind
from retrievers.contracts import Passage


class InputInfo(BaseModel):
    """One input. `unit`: how the value is given (元, 月, YYYY-MM-DD …, empty); of a choice one of `choices`."""

    id: str
    label: str
    kind: Kind
    unit: str
    question: str
    why: str
    choices: list[str]


class CalculatorInfo(BaseModel):
    """A calculator with all inputs that it may need; which it does need depends on their values."""

    name: str
    title: str
    about: str
    fields: list[str]
    inputs: list[InputInfo]


class Values(BaseModel):
    """Values by input id: numbers (yuan, months, percent, counts), dates as YYYY-MM-DD, choices in their words.

    `place` is the province or city whose rates apply; `on` the day of the calculation, today by default.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Decimal | str] = Field(default={}, max_length=60)
    place: str = Field(default="", max_length=60)
    on: Day | None = None


class Result(BaseModel):
    """The calculation, and the articles that it cites as the corpus has them."""

    calculation: Calculation
    articles: list[Passage]
