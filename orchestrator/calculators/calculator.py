"""The vocabulary in which a calculator is written: inputs, steps that cite their articles, one result.

A calculator is one file beside this one that exposes `CALCULATOR`. It is deterministic: the same values, rates and day
give the same result, to the cent. Amounts are Decimal yuan, durations Decimal months, never floats. Nothing here knows
graphs, models or HTTP.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestrator.contracts import ConsultationError
from orchestrator.domains.pack import Element
from orchestrator.rates import Rates
from orchestrator.wording import pattern as compiled

Input = Decimal | date | str
CENT = Decimal("0.01")
NUMERIC = ("amount", "duration", "number", "rate")


class CalculationError(ConsultationError):
    """A calculation that cannot be made; `code` is stable."""

    code = "calculation_failed"


class MissingInputs(CalculationError):
    """Values that this calculation needs and does not have: their ids, the most decisive first."""

    code = "missing_inputs"

    def __init__(self, *ids: str) -> None:
        super().__init__(*ids)
        self.ids = ids

    def __str__(self) -> str:
        return f"还缺少:{'、'.join(self.ids)}"


class BadInput(CalculationError):
    """A value that cannot be: negative, an end before its beginning, not among the choices."""

    code = "bad_input"


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(Value):
    """One step: what is worked out, how, and what it gives.

    `working` shows the figures (`8000 元 × 7.5 个月`), `result` what comes of it (`60000 元`). `articles` are the ids
    of those that say so: a figure of the law in `label` or `working` (三倍, 十二年) must stand in them.
    """

    label: str
    working: str
    result: str
    articles: tuple[str, ...] = ()


class Calculation(Value):
    """What a calculator gives. `summary` is one sentence with the figure that the client asked for.

    `total` is the figure itself where there is one (yuan, days or months: `unit`), `day` the date where the result is a
    date. `assumed` are the things taken for granted, `notes` what else the client must know (each a sentence).
    """

    calculator: str
    title: str
    summary: str
    total: Decimal | None = None
    unit: Literal["元", "天", "个月", ""] = "元"
    day: date | None = None
    lines: tuple[Line, ...] = Field(min_length=1)
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of all articles that the steps rest on, each once, in order."""
        return tuple(dict.fromkeys(id for line in self.lines for id in line.articles))


class Given:
    """The values of one calculation, read by type. A value that is not there raises MissingInputs, unless optional.

    `today` is the day of the calculation, `place` the jurisdiction (empty: unknown), `rates` the tables of rates.
    `assuming`: nobody can be asked. What seldom decides is then taken as it usually is and named among the
    assumptions, with what it would change; only what the figure cannot do without is missing.
    """

    def __init__(
        self, values: Mapping[str, Input], rates: Rates, today: date, place: str = "", *, assuming: bool = False
    ) -> None:
        self._values, self.rates, self.today, self.place = dict(values), rates, today, place
        self.assuming = assuming

    def __contains__(self, id: str) -> bool:
        return id in self._values

    def need(self, *ids: str) -> None:
        """Raise MissingInputs naming all of `ids` that are not there."""
        if missing := [id for id in ids if id not in self._values]:
            raise MissingInputs(*missing)

    def decimal(self, id: str, default: Decimal | None = None) -> Decimal:
        """An amount (yuan), a duration (months) or a number, as the element's kind says. Raises MissingInputs."""
        if id not in self._values and default is not None:
            return default
        self.need(id)
        value = self._values[id]
        assert isinstance(value, Decimal)  # as `Calculator.calculate` has checked
        return value

    def choice(self, id: str, default: str | None = None) -> str:
        """The chosen value."""
        if id not in self._values and default is not None:
            return default
        self.need(id)
        return str(self._values[id])

    def text(self, id: str) -> str:
        """The text of an element of the kind payments (orchestrator/payments.py reads it). Raises MissingInputs."""
        return self.choice(id)

    def day(self, id: str) -> date:
        """A date. Raises MissingInputs."""
        self.need(id)
        value = self._values[id]
        assert isinstance(value, date)  # as `Calculator.calculate` has checked
        return value


class Calculator(Value):
    """One calculator. `says`: patterns of the request for it (`经济补偿`); of all calculators the longest match wins.

    `inputs` are elements as in a field of law: label, question, why, how the value is recognised in a message. None
    is demanded from outside: `work` raises MissingInputs for what it needs, which may depend on other values, and
    BadInput for what cannot be. `fields` are the fields of law it belongs to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    about: str
    fields: tuple[str, ...]
    says: tuple[str, ...] = Field(min_length=1)
    inputs: tuple[Element, ...] = Field(min_length=1)
    work: Callable[[Given], Calculation]

    @model_validator(mode="after")
    def _consistent(self) -> "Calculator":
        if len({element.id for element in self.inputs}) != len(self.inputs):
            raise ValueError(f"{self.name}: an input is named twice")
        for pattern in self.says:
            compiled(pattern)
        return self

    def element(self, id: str) -> Element:
        """The input with this id. Raises KeyError."""
        for element in self.inputs:
            if element.id == id:
                return element
        raise KeyError(id)

    def calculate(
        self, values: Mapping[str, Input], rates: Rates, today: date, place: str = "", *, assuming: bool = False
    ) -> Calculation:
        """The calculation; `assuming` as in Given. Raises MissingInputs and BadInput."""
        for id, value in values.items():
            try:
                element = self.element(id)
            except KeyError as error:
                raise BadInput(f"没有「{id}」这一项") from error
            if element.choices and value not in {choice.value for choice in element.choices}:
                raise BadInput(f"「{element.label}」只能是:{'、'.join(choice.value for choice in element.choices)}")
            if element.kind in NUMERIC and not (isinstance(value, Decimal) and value.is_finite() and value >= 0):
                raise BadInput(f"「{element.label}」应为不小于零的数,不能是{value}")
            if element.kind == "date" and not isinstance(value, date):
                raise BadInput(f"「{element.label}」应为日期,不能是{value}")
        return self.work(Given(values, rates, today, place, assuming=assuming))


def cents(amount: Decimal) -> Decimal:
    """The amount in yuan rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def shown(amount: Decimal) -> str:
    """The number as people read it, without an exponent or trailing zeros: 60000, 0.5, 1234.56."""
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def yuan(amount: Decimal) -> str:
    """The amount with its unit: 60000 元."""
    return f"{shown(cents(amount))} 元"
