"""What the labour calculators share: elements about a job, lengths of service, wages and local averages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from orchestrator.calculators.calculator import BadInput, Given
from orchestrator.domains.labour import DOMAIN
from orchestrator.domains.pack import Element

FIELD = "劳动"
MOST_WAGE = Decimal(10_000_000)  # yuan a month: more is a slip of the pen
MOST_MONTHS = 70 * 12  # of work in one life
AVERAGE_WAGE = "average_wage_month"  # kind of rate: average monthly wage of the year before, by place
NEW_INTERPRETATION = "最高人民法院关于审理劳动争议案件适用法律问题的解释(二)"
DAY = timedelta(days=1)


# Before 工资 or 平均 these speak of another figure than the client's own wage.
_OTHERS = "".join(f"(?<!{word})" for word in ("社平", "最低", "社会", "当地", "职工", "地区", "社会平均", "当地平均"))
_OTHERS += "(?<!职工平均)(?<!职工月)(?<!月平均)(?<!地区平均)"


def job_element(id: str, question: str, why: str) -> Element:
    """The element of the field 劳动 with this id, asked for in the words of a calculation."""
    element = DOMAIN.element(id)
    near = tuple(f"{_OTHERS}(?:{cue})" for cue in element.near) if element.kind == "amount" else element.near
    return element.model_copy(update={"question": question, "why": why, "near": near})


def local_wage_element(why: str) -> Element:
    """The local average monthly wage of the year before, in yuan."""
    return Element(
        id="local_wage",
        label="当地上年度职工月平均工资",
        why=why,
        question="当地公布的上年度职工月平均工资是多少?(可在当地人社局或统计局网站查到)",
        kind="amount",
        near=(r"(社平|平均)工资(是|为|大概|约)*", r"社平"),
    )


@dataclass(frozen=True, slots=True)
class Service:
    """A length of service: complete months, and days beyond them."""

    months: int
    days: int = 0

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        parts = ((years, "年"), (months, "个月"), (self.days, "天"))
        return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 天"

    @property
    def credited(self) -> Decimal:
        """Months of wage due: one a year, one for half a year or more beyond it, half a month for less than that."""
        years, months = divmod(self.months, 12)
        if months >= 6:
            return Decimal(years + 1)
        return Decimal(years) + (Decimal("0.5") if months or self.days else 0)


def anniversary(start: date, months: int) -> date:
    """The day on which so many months from `start` are over, the first day after them.

    Without that day in the month (31 August and six months on), it is the first day of the month after.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def service_between(first: date, last: date) -> Service:
    """The service from the first to the last day, both counted. Raises BadInput when the last comes first."""
    if last < first:
        raise BadInput(f"结束的日期 {last} 早于开始的日期 {first}")
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    while anniversary(first, months) > after:
        months -= 1
    return Service(months, (after - anniversary(first, months)).days)


def service_of(months: Decimal) -> Service:
    """The service said as a duration in months; 30 days make a month. Raises BadInput when it exceeds a life's work."""
    if months > MOST_MONTHS:
        raise BadInput(f"工作 {months / 12:.0f} 年不合常理,请核对")
    days = int((months * 30).quantize(Decimal(1), ROUND_HALF_UP))
    return Service(*divmod(days, 30))


def wage_of(given: Given, id: str = "monthly_wage") -> Decimal:
    """A monthly wage in yuan. Raises MissingInputs, and BadInput for nought or an absurd sum."""
    wage = given.decimal(id)
    if not 0 < wage <= MOST_WAGE:
        raise BadInput(f"月工资 {wage} 元不合常理,请核对")
    return wage


def count_of(given: Given, id: str, most: Decimal, label: str) -> Decimal:
    """A number of days, hours or people, nought when not given. Raises BadInput above `most`."""
    count = given.decimal(id, Decimal(0))
    if count > most:
        raise BadInput(f"{label}最多 {most},请核对")
    return count


def local_average(given: Given, day: date) -> tuple[Decimal, str] | None:
    """The local average monthly wage of the year before `day` and where it is from; None when nobody told it."""
    if "local_wage" in given:
        return wage_of(given, "local_wage"), "您提供"
    rate = given.rates.at(AVERAGE_WAGE, day, given.place) if given.place else None
    return None if rate is None else (rate.value, rate.source)


def sum_of(amounts: Sequence[Decimal]) -> Decimal:
    """The sum in yuan."""
    return sum(amounts, Decimal(0))
