"""A debt over time: interest by the day, payments set against interest first and principal after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import BadInput, Given, MissingInputs, cents, shown, yuan
from orchestrator.calculators.parts.draft import Draft
from orchestrator.payments import Payment, UnreadablePayments, read
from orchestrator.quantities import shown as spelled

YEAR_DAYS = 365
ORDER = "民法典#561"
CONVENTION = "日利率按年利率除以365折算,按实际天数计息,起算当天不计、最后一天计入"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last` at `rate` percent a year, the articles that allow it, the highest rate (`cap`)."""

    first: date
    last: date
    rate: Decimal
    articles: tuple[str, ...] = ()
    cap: Decimal = NOTHING


@dataclass(slots=True)
class Balance:
    """What is owed, in yuan: principal, interest unpaid, all interest so far; `surplus` was paid beyond all that."""

    principal: Decimal
    interest: Decimal = NOTHING
    accrued: Decimal = NOTHING
    surplus: Decimal = NOTHING

    @property
    def owed(self) -> Decimal:
        """Principal and unpaid interest."""
        return self.principal + self.interest


def day(value: date) -> str:
    """The date as people write it: 2024年3月5日."""
    return spelled("date", value.isoformat())


def percent(rate: Decimal) -> str:
    """The rate with its sign: 13.8%."""
    return f"{shown(rate)}%"


def run(draft: Draft, balance: Balance, spans: Sequence[Span], payments: Iterable[Payment]) -> None:
    """Carry `balance` through `spans`, which follow each other, and write each step into `draft`.

    A payment counts on its day: interest runs up to it, then interest and principal are reduced. Those outside the
    spans are left alone.
    """
    due = sorted(one for one in payments if spans[0].first <= one.day <= spans[-1].last)
    for span in spans:
        since = span.first
        while due and due[0].day <= span.last:
            payment = due.pop(0)
            _accrue(draft, balance, Span(since, payment.day, span.rate, span.articles))
            _pay(draft, balance, payment)
            since = payment.day
        _accrue(draft, balance, Span(since, span.last, span.rate, span.articles))


def told(given: Given, first: date, last: date, draft: Draft) -> tuple[Payment, ...]:
    """The payments of the inputs `payments` and `returned`; the sum of `returned` without days counts on the last day.

    That gives the most that can be owed. Raises BadInput for payments that cannot be read or lie outside the time.
    """
    if "payments" not in given:
        returned = given.decimal("returned", NOTHING)
        if returned:
            draft.assumed.append("没有逐笔的还款日期,按全部在最后一天归还计算;实际还得更早的,欠款只会更少,不会更多")
        return (Payment(last, returned),) if returned else ()
    payments = listed(given)
    for one in payments:
        if not first <= one.day <= last:
            raise BadInput(f"{day(one.day)}的还款不在{day(first)}至{day(last)}之间")
    if any(not one.exact for one in payments):
        draft.assumed.append("只说到月份的还款,按当月1日计算")
    total = sum((one.amount for one in payments), NOTHING)
    if given.decimal("returned", total) > total:
        draft.notes.append(f"您说的还款总数多于逐笔列出的 {yuan(total)},这里按逐笔列出的计算。")
    return payments


def listed(given: Given) -> tuple[Payment, ...]:
    """The payments that the input `payments` lists. Raises BadInput for those that cannot be read."""
    try:
        return read(given.text("payments")) if "payments" in given else ()
    except UnreadablePayments as error:
        raise BadInput(str(error)) from error


def time(given: Given, first_id: str, draft: Draft) -> tuple[date, date]:
    """First and last day, from two of `first_id`, `until` and `elapsed`; without `until` the last day is today.

    Raises MissingInputs where the beginning cannot be known, BadInput for an end before it.
    """
    if first_id not in given and "elapsed" not in given:
        raise MissingInputs(first_id)
    if first_id in given:
        first = given.day(first_id)
        if "until" in given:
            last = given.day("until")
        elif "elapsed" in given:
            last = months_on(first, given.decimal("elapsed"))
            draft.assumed.append(f"按{spelled('duration', float(given.decimal('elapsed')))}计算,算到{day(last)}")
        else:
            last = given.today
            draft.assumed.append(f"算到今天({day(last)})")
    else:
        last = given.day("until") if "until" in given else given.today
        first = months_on(last, -given.decimal("elapsed"))
        length = spelled("duration", float(given.decimal("elapsed")))
        draft.assumed.append(f"没有说起算的日子,从{day(last)}往前推{length},按{day(first)}起算;请以实际日期更正")
    if last < first:
        raise BadInput(f"{day(last)}早于{day(first)}")
    return first, last


def months_on(start: date, months: Decimal) -> date:
    """The day so many months later (earlier when negative): whole months by the calendar, the rest at 30 days each."""
    whole = int(months)
    index = start.year * 12 + start.month - 1 + whole
    try:
        year, month = index // 12, index % 12 + 1
        length = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
        return date.fromordinal(date(year, month, min(start.day, length)).toordinal() + round((months - whole) * 30))
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{shown(abs(months))} 个月超出了可以计算的范围") from error


def _accrue(draft: Draft, balance: Balance, span: Span) -> None:
    days = (span.last - span.first).days
    if days <= 0 or balance.principal <= 0 or span.rate == 0:
        return
    interest = cents(balance.principal * span.rate / 100 / YEAR_DAYS * days)
    balance.interest += interest
    balance.accrued += interest
    draft.line(
        f"{day(span.first)}至{day(span.last)}的利息",
        f"{yuan(balance.principal)} × {percent(span.rate)} ÷ {YEAR_DAYS} × {days} 天",
        yuan(interest),
        *span.articles,
    )


def _pay(draft: Draft, balance: Balance, payment: Payment) -> None:
    interest = min(payment.amount, balance.interest)
    principal = min(payment.amount - interest, balance.principal)
    surplus = payment.amount - interest - principal
    balance.interest -= interest
    balance.principal -= principal
    balance.surplus += surplus
    more = f",多还 {yuan(surplus)}" if surplus else ""
    draft.line(
        f"{day(payment.day)}还款 {yuan(payment.amount)}",
        f"先抵利息 {yuan(interest)},再抵本金 {yuan(principal)}{more}",
        f"剩余本金 {yuan(balance.principal)},未付利息 {yuan(balance.interest)}",
        ORDER,
    )
