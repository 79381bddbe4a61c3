"""The highest rate that a private loan may bear, and what is left of the agreed one under it."""

from datetime import date, timedelta
from decimal import Decimal

from orchestrator.calculators.calculator import BadInput, Given
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.ledger import Span, day, percent
from orchestrator.domains.pack import Element

RULES = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
KIND = "lpr_1y"
TIMES = 4
TURN = date(2020, 8, 20)  # 规定 31: interest before this day may still follow the interpretation of its time
EVE = TURN - timedelta(days=1)  # the last day of a span counts, so one that ends before TURN ends here

LPR = Element(
    id="lpr",
    label="一年期LPR",
    why="利率上限按合同成立时(2020年8月20日以前成立的,按起诉时)的一年期LPR计算,系统的利率表没有这一期",
    question="当时公布的一年期贷款市场报价利率(LPR)是百分之几?(中国货币网、全国银行间同业拆借中心可查)",
    kind="rate",
    near=(r"(?<!四倍)(?<!4倍)LPR|报价利率",),
)
FILED = Element(
    id="filed",
    label="起诉(立案)日",
    why="2020年8月20日以前成立的合同,此后的利息按起诉时的标准保护",
    question="哪天起诉(立案)的?(还没起诉的不用填)",
    kind="date",
    near=(r"起诉|立案",),
)
OLD_CAP = Element(
    id="old_cap",
    label="旧司法解释的利率上限",
    why="2020年8月20日以前的利息可以要求适用当时的司法解释,系统没有收录它的文本",
    question="2020年8月20日以前的利息,当时的司法解释保护到多高的年利率?(请以当时的文本或律师、法院的说明为准)",
    kind="rate",
    near=(r"旧(司法解释|规定)|当时的?(司法解释|规定|上限)",),
)


def lpr(given: Given, when: date) -> Decimal:
    """The one-year LPR on the day, in percent: of the tables, else as given. Raises MissingInputs."""
    if (row := given.rates.at(KIND, when)) is not None:
        return row.value
    value = given.decimal("lpr")
    if value == 0:
        raise BadInput("一年期LPR不会是 0")
    return value


def allowed(given: Given, draft: Draft, agreed: Decimal, signed: date, first: date, last: date) -> tuple[Span, ...]:
    """The spans from `first` to `last` at the agreed rate (percent a year), cut to what courts protect.

    `signed` is the day of the contract. Raises MissingInputs for an LPR that no table has, and for the cap of the
    interpretation before 2020-08-20 where it matters.
    """
    if signed >= TURN:
        return (_under(draft, agreed, _quadruple(given, draft, signed, "合同成立时"), first, last, f"{RULES}#25"),)
    filed = given.day("filed") if "filed" in given else given.today
    if filed < TURN:
        return (_under_old(given, draft, agreed, first, last),)
    if "filed" not in given:
        draft.assumed.append("还没有起诉的,按今天起诉计算")
    cap = _quadruple(given, draft, filed, "起诉时")
    if agreed <= cap or first >= EVE:
        return (_under(draft, agreed, cap, first, last, f"{RULES}#31"),)
    old = _under_old(given, draft, agreed, first, min(last, EVE))
    return (old,) if last <= EVE else (old, _under(draft, agreed, cap, EVE, last, f"{RULES}#31"))


def _quadruple(given: Given, draft: Draft, when: date, said: str) -> Decimal:
    rate = lpr(given, when)
    cap = rate * TIMES
    draft.line(
        f"利率上限:{said}一年期LPR的四倍",
        f"{day(when)}适用的一年期LPR {percent(rate)} × {TIMES}",
        f"年利率 {percent(cap)}",
        f"{RULES}#25",
        *((f"{RULES}#31",) if said == "起诉时" else ()),
    )
    return cap


def _under(draft: Draft, agreed: Decimal, cap: Decimal, first: date, last: date, article: str) -> Span:
    over = agreed > cap
    draft.line(
        f"{day(first)}起适用的利率",
        f"约定 {percent(agreed)} {'高于' if over else '没有超过'}上限 {percent(cap)}",
        f"年利率 {percent(min(agreed, cap))}",
        article,
    )
    return Span(first, last, min(agreed, cap), (article,), cap)


def _under_old(given: Given, draft: Draft, agreed: Decimal, first: date, last: date) -> Span:
    cap = given.decimal("old_cap")
    draft.notes.append("2020年8月20日以前那一段用的上限是您提供的,系统没有收录当时的司法解释,请核对。")
    return _under(draft, agreed, cap, first, last, f"{RULES}#31")
