"""A judgment that is not obeyed: the doubled part of the interest, beside the interest that the judgment gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import cents, yuan
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.ledger import NOTHING, YEAR_DAYS, day, percent
from orchestrator.payments import Payment

DELAY = "最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释"
DUTY = "民事诉讼法#264"
DAILY = Decimal("0.000175")


@dataclass(slots=True)
class Judgment:
    """What is owed under a judgment, in yuan: its sum, its general interest, the doubled part; all that was doubled."""

    debt: Decimal
    general: Decimal = NOTHING
    doubled: Decimal = NOTHING
    accrued: Decimal = NOTHING

    @property
    def owed(self) -> Decimal:
        """All together."""
        return self.debt + self.general + self.doubled


def delay(draft: Draft, judgment: Judgment, first: date, last: date, rate: Decimal, paid: Sequence[Payment]) -> None:
    """Carry `judgment` from the end of its term to `last`; `rate` is the general interest, percent a year."""
    since = first
    for payment in sorted(paid):
        _accrue(draft, judgment, since, payment.day, rate)
        _pay(draft, judgment, payment)
        since = payment.day
    _accrue(draft, judgment, since, last, rate)


def _accrue(draft: Draft, judgment: Judgment, first: date, last: date, rate: Decimal) -> None:
    days = (last - first).days
    if days <= 0 or judgment.debt <= 0:
        return
    span = f"{day(first)}至{day(last)}"
    if rate:
        general = cents(judgment.debt * rate / 100 / YEAR_DAYS * days)
        judgment.general += general
        working = f"{yuan(judgment.debt)} × {percent(rate)} ÷ {YEAR_DAYS} × {days} 天"
        draft.line(f"{span}的一般债务利息", working, yuan(general), f"{DELAY}#1")
    doubled = cents(judgment.debt * DAILY * days)
    judgment.doubled += doubled
    judgment.accrued += doubled
    working = f"{yuan(judgment.debt)} × 日万分之1.75 × {days} 天"
    draft.line(f"{span}的加倍部分债务利息", working, yuan(doubled), DUTY, f"{DELAY}#1", f"{DELAY}#3")


def _pay(draft: Draft, judgment: Judgment, payment: Payment) -> None:
    general = min(payment.amount, judgment.general)
    debt = min(payment.amount - general, judgment.debt)
    doubled = min(payment.amount - general - debt, judgment.doubled)
    judgment.general -= general
    judgment.debt -= debt
    judgment.doubled -= doubled
    draft.line(
        f"{day(payment.day)}履行 {yuan(payment.amount)}",
        f"先抵判决确定的款项 {yuan(general + debt)}(其中利息 {yuan(general)}),再抵加倍部分 {yuan(doubled)}",
        f"剩余款项 {yuan(judgment.debt + judgment.general)},加倍部分 {yuan(judgment.doubled)}",
        f"{DELAY}#4",
        "民法典#561",
    )
