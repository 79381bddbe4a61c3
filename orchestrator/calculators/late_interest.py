"""逾期利息: what late payment costs: of a private loan, of a price, and of a judgment."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    shown,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.judgment_debt import DELAY, Judgment, delay
from orchestrator.calculators.parts.late_inputs import (
    FIXED,
    FLOATING,
    INPUTS,
    JUDGMENT,
    LATE_RATE,
    LOAN,
    NOTHING_AGREED,
    TERM_RATE,
)
from orchestrator.calculators.parts.ledger import CONVENTION, NOTHING, Balance, Span, day, percent, run, time, told
from orchestrator.calculators.parts.lending_rates import KIND, RULES, TURN, allowed, lpr

NAME, TITLE = "late_interest", "逾期利息"
SALES = "最高人民法院关于审理买卖合同纠纷案件适用法律问题的解释"
NEXT = timedelta(days=1)
PUBLISHED = date(2019, 8, 20)  # 规定 25: since then there is an LPR of this kind
LEAST, MOST = Decimal(30), Decimal(50)  # 买卖解释 18: percent on top of the LPR
NEW_DELAY = date(2014, 8, 1)  # the interpretation on interest for delay is in force


def work(given: Given) -> Calculation:
    """The interest of one late debt. Raises MissingInputs and BadInput."""
    missing = [id for id in ("debt", "amount") if id not in given]
    if "due_since" not in given and "elapsed" not in given:
        missing.append("due_since")
    if missing:
        raise MissingInputs(*missing)
    if given.decimal("amount") == 0:
        raise BadInput("逾期的数额要大于 0")
    debt = given.choice("debt")
    draft = Draft(assumed=[CONVENTION])
    first, last = time(given, "due_since", draft)
    if debt == JUDGMENT:
        return _judgment(given, draft, first, last)
    return _loan(given, draft, first, last) if debt == LOAN else _sale(given, draft, first, last)


def _terms(given: Given) -> str:
    """What was agreed: a rate that was told counts over the words about it. Raises MissingInputs."""
    if "late_rate" in given:
        return LATE_RATE
    loan = given.choice("debt") == LOAN
    if loan and "rate" in given:
        return TERM_RATE
    given.need("terms")
    terms = given.choice("terms")
    if terms == LATE_RATE:
        raise MissingInputs("late_rate")
    if terms == TERM_RATE and loan:
        raise MissingInputs("rate")
    return NOTHING_AGREED


def _loan(given: Given, draft: Draft, first: date, last: date) -> Calculation:
    terms = _terms(given)
    if terms == NOTHING_AGREED:
        spans = _unagreed(given, draft, first, last)
    else:
        given.need("lent_on")
        signed = given.day("lent_on")
        if signed > first:
            raise BadInput("到期日早于借款日")
        agreed = given.decimal("late_rate" if terms == LATE_RATE else "rate")
        said = "约定的逾期利率" if terms == LATE_RATE else "没有约定逾期利率,按借期内利率"
        draft.line("适用的标准", said, f"年利率 {percent(agreed)}", "民法典#676", f"{RULES}#28")
        spans = allowed(given, draft, agreed, signed, first, last)
    balance = Balance(given.decimal("amount"))
    run(draft, balance, spans, told(given, first, last, draft))
    charges = _charges(given, draft, balance, first, last)
    draft.notes.append("这里只算到期以后的利息;到期以前的利息用“民间借贷利息”计算器。")
    return _finish(draft, balance, last, charges)


def _unagreed(given: Given, draft: Draft, first: date, last: date) -> tuple[Span, ...]:
    """Neither rate agreed: the LPR of the first day overdue, or of each stretch where the client wants it so."""
    start = first + NEXT
    if start < PUBLISHED:
        raise BadInput("一年期LPR从2019年8月20日起才有,这以前开始逾期又没有约定利率的,无法按LPR计算")
    article = f"{RULES}#28"
    if given.choice("lpr_course", FIXED) == FLOATING:
        rows = given.rates.between(KIND, start, max(start, last))
        if not rows:
            raise BadInput("系统的LPR表没有覆盖整个逾期期间,不能分段计算;可以改按开始逾期时的LPR一直算")
        starts = [first, *(row.since - NEXT for row in rows[1:])]
        ends = [*starts[1:], last]
        draft.line("适用的标准", "没有约定利率,参照一年期LPR,随其变动分段", f"{len(rows)} 段", article)
        return tuple(
            Span(since, until, row.value, (article,)) for since, until, row in zip(starts, ends, rows, strict=True)
        )
    if start < TURN:
        draft.notes.append("2020年8月20日以前的逾期利息也可以要求适用当时的司法解释,系统没有收录,这里按LPR计算。")
    rate = lpr(given, start)
    draft.line("适用的标准", "没有约定利率,参照开始逾期时的一年期LPR", f"年利率 {percent(rate)}", article)
    draft.assumed.append("“当时”的LPR按开始逾期那天的,一直用到底;也有法院随LPR变动分段算")
    return (Span(first, last, rate, (article,)),)


def _charges(given: Given, draft: Draft, balance: Balance, first: date, last: date) -> Decimal:
    """What of the penalty and other charges fits under the cap beside the interest (规定 29)."""
    charges = given.decimal("charges", NOTHING)
    if charges == 0:
        return NOTHING
    given.need("lent_on")
    capped = allowed(given, Draft(), NOTHING, given.day("lent_on"), first, last)
    limit = Balance(given.decimal("amount"))
    spans = [Span(one.first, one.last, one.cap) for one in capped]
    run(Draft(), limit, spans, told(given, first, last, Draft()))
    kept = min(charges, max(NOTHING, limit.accrued - balance.accrued))
    draft.line(
        "违约金和其他费用与利息合计不超过上限",
        f"按上限共 {yuan(limit.accrued)},减去利息 {yuan(balance.accrued)},约定费用 {yuan(charges)}",
        yuan(kept),
        f"{RULES}#29",
    )
    return kept


def _sale(given: Given, draft: Draft, first: date, last: date) -> Calculation:
    article = f"{SALES}#18"
    amount, payments = given.decimal("amount"), told(given, first, last, draft)
    balances = []
    for rate in _rates(given, draft, first):
        balances.append(Balance(amount))
        run(draft, balances[-1], (Span(first, last, rate, (article,)),), payments)
    if len(balances) == 1:
        return _finish(draft, balances[0], last, NOTHING)
    low, high = balances
    summary = (
        f"算到{day(last)},逾期付款损失在 {yuan(low.accrued)}至 {yuan(high.accrued)}之间,"
        f"连同价款还要付 {yuan(low.owed)}至 {yuan(high.owed)};加计多少由法院确定。"
    )
    return draft.finished(NAME, TITLE, summary, None)


def _rates(given: Given, draft: Draft, first: date) -> Iterator[Decimal]:
    """The rates for a price that came late: as agreed, of the banks of old, or the LPR with both additions."""
    article = f"{SALES}#18"
    if _terms(given) == LATE_RATE:
        agreed = given.decimal("late_rate")
        draft.line("适用的标准", "约定的逾期付款违约金", f"年利率 {percent(agreed)}", "民法典#585", article)
        draft.notes.append("约定的违约金过分高于损失的,对方可以请求减少,见“违约金”计算器。")
        yield agreed
        return
    if first + NEXT < PUBLISHED:
        bank = given.decimal("bank_rate")
        draft.line("适用的标准", "2019年8月19日之前违约,参照逾期罚息利率", f"年利率 {percent(bank)}", article)
        yield bank
        return
    base = lpr(given, first + NEXT)
    extra = given.decimal("extra", LEAST)
    if not LEAST <= extra <= MOST:
        raise BadInput("加计的百分比在 30 到 50 之间")
    for more in [extra] if "extra" in given else [LEAST, MOST]:
        rate = base * (100 + more) / 100
        working = f"开始违约时的一年期LPR {percent(base)} × (1 + {shown(more)}%)"
        draft.line(f"没有约定,LPR加计{shown(more)}%", working, f"年利率 {percent(rate)}", article)
        yield rate


def _judgment(given: Given, draft: Draft, first: date, last: date) -> Calculation:
    judgment = Judgment(given.decimal("amount"))
    draft.line("起算", "从判决确定的履行期间届满之日起", day(first), f"{DELAY}#2")
    delay(draft, judgment, first, last, given.decimal("rate", NOTHING), told(given, first, last, draft))
    draft.line(
        f"{day(last)}尚欠合计",
        f"{yuan(judgment.debt)} + 一般债务利息 {yuan(judgment.general)} + 加倍部分 {yuan(judgment.doubled)}",
        yuan(judgment.owed),
        f"{DELAY}#1",
    )
    if "rate" not in given:
        draft.assumed.append("判决没有确定继续计算的利息;确定了的,请补充利率,一般债务利息另算")
    draft.notes.append("不是因被执行人申请而中止、暂缓执行和再审中止执行的期间,不算加倍部分。")
    if first < NEW_DELAY:
        draft.notes.append("2014年8月1日以前的那段迟延期间要按以前的规定算,这里没有区分。")
    summary = (
        f"算到{day(last)},加倍部分债务利息一共 {yuan(judgment.accrued)},"
        f"连同还没履行的款项还要付 {yuan(judgment.owed)}。"
    )
    return draft.finished(NAME, TITLE, summary, judgment.owed)


def _finish(draft: Draft, balance: Balance, last: date, charges: Decimal) -> Calculation:
    owed = balance.owed + charges
    draft.line(
        f"{day(last)}尚欠合计",
        f"{yuan(balance.principal)} + 未付逾期利息 {yuan(balance.interest)} + 其他费用 {yuan(charges)}",
        yuan(owed),
        "民法典#579",
    )
    surplus = f",多付了 {yuan(balance.surplus)}" if balance.surplus else ""
    summary = f"算到{day(last)},逾期利息一共 {yuan(balance.accrued)},连同本金等还要付 {yuan(owed)}{surplus}。"
    return draft.finished(NAME, TITLE, summary, owed)


CALCULATOR = Calculator(
    name=NAME,
    title=TITLE,
    about="计算借款、货款到期不付的逾期利息,以及判决后不履行的加倍部分债务利息",
    fields=("民间借贷", "合同", "诉讼程序"),
    says=(
        r"逾期(了|还款|付款)?(的)?(利息|罚息|违约金|损失)(怎么|如何|该|要|按)?[^,。;?!]{0,6}(算|计算|多少|付)?",
        r"(逾期|到期|超期|过期)(了|后|没还)*[^。;?!]{0,8}算[^,。;?!]{0,4}(利息|罚息)",
        r"(逾期|拖欠|到期|过期|超期)[^。;?!]{0,40}利息[^,。;?!]{0,6}(怎么|如何|多少|算)[^,。;?!]{0,4}",
        r"(迟延履行|加倍|双倍)[^,。;?!]{0,10}利息[^,。;?!]{0,6}(怎么|如何|多少|算)?[^,。;?!]{0,4}",
        r"(判决|法院判|判了|生效)[^。;?!]{0,40}利息[^,。;?!]{0,6}(怎么|如何|多少|算)[^,。;?!]{0,4}",
        r"(货款|尾款|材料款)[^。;?!]{0,40}利息[^,。;?!]{0,6}(怎么|如何|多少|算)[^,。;?!]{0,4}",
    ),
    inputs=INPUTS,
    work=work,
)
