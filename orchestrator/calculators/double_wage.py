"""未签书面劳动合同的二倍工资: the second wage, at most eleven months, and what may be time-barred."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    cents,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.employment import (
    DAY,
    FIELD,
    NEW_INTERPRETATION,
    Service,
    anniversary,
    job_element,
    service_between,
    service_of,
    wage_of,
)
from orchestrator.domains.pack import Element

LAW, RULES = "劳动合同法", "劳动合同法实施条例"
LIMIT = "劳动争议调解仲裁法#27"
IN_FORCE = date(2008, 1, 1)

_UNSIGNED = r"(没|没有|未|一直没|都没|不)(有)?(跟我|和我|给我|同我)?(签|订)(过|了)?(书面)?(劳动)?(合同)?"
INPUTS = (
    job_element("monthly_wage", "没签合同期间每月应发工资是多少?", "另付的一倍按这段时间的工资算"),
    job_element("hired_on", "哪天入职(开始上班)的?", "从上班满一个月的次日起算"),
    Element(
        id="unsigned",
        label="没签合同的时间",
        why="超过一个月才有,最多算到满一年",
        question="从入职算起,没签书面劳动合同一共干了多久(到补签、离职或者现在)?",
        kind="duration",
        near=(
            _UNSIGNED,
            r"(干|做|工作|上班|上了|入职|待|打工)(了|满|有|已经|快|都)*",
        ),
    ),
    Element(
        id="signed_on",
        label="补签合同的日期",
        why="算到补签的前一日",
        question="后来哪天补签了书面合同?",
        kind="date",
        near=(r"(补签|才签|签了|签订|签的|签合同|签劳动合同)",),
    ),
    job_element("left_on", "哪天离职(最后工作日)?", "不满一年就离职的,算到离职那天"),
    Element(
        id="claimed_on",
        label="申请仲裁的日期",
        why="一年的仲裁时效",
        question="哪天申请(或准备申请)劳动仲裁?",
        kind="date",
        near=(r"(申请|提起|去|打算|准备)[^,。;]{0,4}(劳动)?仲裁", r"仲裁"),
    ),
)


@dataclass(frozen=True)
class _Period:
    """The days of the double wage, `last` counted. Empty when the first comes after the last."""

    first: date
    last: date


def _work(given: Given) -> Calculation:
    _demand(given)
    wage = wage_of(given)
    draft = Draft()
    if "hired_on" in given:
        period = _period(given, draft)
        if period.last < period.first:
            return _nothing(draft)
        total = _dated(period, wage, draft)
        summary = f"另付的一倍工资共 {yuan(total)}{_barred(given, period, wage, total, draft)}。"
    else:
        unsigned = service_of(given.decimal("unsigned"))
        if unsigned.months < 1 or unsigned == Service(1):
            return _nothing(draft)
        total = _lasting(unsigned, wage, draft)
        summary = f"另付的一倍工资共 {yuan(total)}。"
        draft.notes.append("补充入职日期,可以看出有多少可能超过一年的仲裁时效。")
    draft.assumed.append("这是正常工资之外另付的一倍;每月工资相同,不同的按各月实际工资分别算。")
    draft.notes.append(
        f"{NEW_INTERPRETATION}2025年9月1日起施行,对二倍工资的计算和例外有新规定,本处没有收录原文,请核对。"
    )
    return draft.finished("double_wage", "未签书面劳动合同的二倍工资", summary, total)


def _demand(given: Given) -> None:
    missing = [] if "monthly_wage" in given else ["monthly_wage"]
    if "hired_on" in given:
        if not given.assuming and not any(id in given for id in ("signed_on", "left_on", "unsigned")):
            missing.append("unsigned")
    elif any(id in given for id in ("signed_on", "left_on")) and "unsigned" not in given:
        missing.append("hired_on")
    elif "unsigned" not in given:
        missing.append("unsigned")
    if missing:
        raise MissingInputs(*missing)


def _period(given: Given, draft: Draft) -> _Period:
    """From the day after one month to the day before one year, the signing or the end, whichever is first."""
    hired = given.day("hired_on")
    if hired > given.today:
        raise BadInput(f"入职日 {hired} 还没有到")
    start = max(hired, IN_FORCE)
    first, last = anniversary(start, 1), anniversary(start, 12) - DAY
    why = "满一年的前一日"
    found = []
    if "signed_on" in given:
        found.append((given.day("signed_on") - DAY, "补签的前一日"))
    if "left_on" in given:
        found.append((given.day("left_on"), "离职那天"))
    if not found and "unsigned" not in given:  # as `_demand` allows where nobody can be asked
        found.append((given.today, "今天"))
        draft.assumed.append("到今天还没有签书面合同、也没有离职;补签或者离职了的,算到那时为止。")
    elif not found:
        unsigned = service_of(given.decimal("unsigned"))
        found.append((anniversary(hired, unsigned.months) - DAY + unsigned.days * DAY, "没签合同的时间结束那天"))
    end, text = min(found)
    if end < IN_FORCE:
        raise BadInput("2008年1月1日劳动合同法施行以前没有二倍工资")
    if end < hired - DAY:
        raise BadInput(f"结束的日期 {end} 早于入职日 {hired}")
    if end < last:
        last, why = end, text
    draft.line(
        "起止日期",
        f"{hired} 入职,从满一个月的次日 {first} 起,到{why} {last} 止",
        str(service_between(first, last)) if last >= first else "0 天",
        f"{RULES}#6",
        f"{RULES}#7",
    )
    if start != hired:
        draft.line("2008年以前入职", "从劳动合同法施行之日起算一个月", str(IN_FORCE), f"{LAW}#97", f"{LAW}#98")
    draft.assumed.append("入职当天算第一天。")
    return _Period(first, last)


def _dated(period: _Period, wage: Decimal, draft: Draft) -> Decimal:
    service = service_between(period.first, period.last)
    rest = anniversary(period.first, service.months)
    days = monthrange(rest.year, rest.month)[1]
    return _amount(service, days, wage, draft)


def _lasting(unsigned: Service, wage: Decimal, draft: Draft) -> Decimal:
    whole = min(unsigned, Service(12), key=lambda one: (one.months, one.days))
    service = Service(whole.months - 1, whole.days)
    draft.line(
        "计算的时间",
        f"没签合同 {unsigned},减去第一个月,最多算到满一年的前一日",
        str(service),
        f"{RULES}#6",
        f"{RULES}#7",
    )
    return _amount(service, 30, wage, draft)


def _amount(service: Service, days: int, wage: Decimal, draft: Draft) -> Decimal:
    amount = cents(wage * service.months + wage * service.days / days)
    working = f"{yuan(wage)} × {service.months} 个月"
    if service.days:
        working += f" + {yuan(wage)} × {service.days}/{days}"
        draft.assumed.append("不满一个月的部分按日历天数占当月天数的比例估算。")
    draft.line("另付的一倍工资", working, yuan(amount), f"{LAW}#82")
    return amount


def _barred(given: Given, period: _Period, wage: Decimal, total: Decimal, draft: Draft) -> str:
    """Say how much the stricter way of counting the year of limitation takes away; in short, for the summary."""
    claimed = given.day("claimed_on") if "claimed_on" in given else given.today
    if claimed < period.first:
        raise BadInput(f"申请仲裁的日期 {claimed} 早于二倍工资开始的日期 {period.first}")
    when = f"按 {claimed} 申请仲裁"
    # A year back from the claim, the first day that is still in time.
    since = anniversary(claimed, -12)
    if since <= period.first:
        draft.line("仲裁时效", f"{when},起算不满一年", "全部在一年以内", LIMIT)
        return ""
    after = max(Decimal(0), total - _lost(period, since, wage)) if since <= period.last else Decimal(0)
    lenient = anniversary(period.last + DAY, 12)
    working = f"{when},从严逐日算时效:{since} 以前的部分超过一年"
    draft.line("仲裁时效(从严)", working, f"{yuan(total - after)} 可能过时效,剩 {yuan(after)}", LIMIT)
    if claimed < lenient:
        draft.notes.append(
            f"各地对时效的算法不一:有的逐月(逐日)算,可能只支持 {yuan(after)};有的从整段结束那天起算一年,仍可要全部。"
        )
        return f",但其中 {yuan(total - after)} 从严算可能已过一年仲裁时效"
    draft.notes.append("不论逐月算还是从整段结束起算,申请时都已超过一年;有向单位主张、投诉等中断的除外。")
    return ",但很可能已全部超过一年仲裁时效"


def _lost(period: _Period, since: date, wage: Decimal) -> Decimal:
    """The wage of the days before `since`."""
    service = service_between(period.first, since - DAY)
    rest = anniversary(period.first, service.months)
    return cents(wage * service.months + wage * service.days / monthrange(rest.year, rest.month)[1])


def _nothing(draft: Draft) -> Calculation:
    draft.line("不满一个月", "没签书面合同没有超过一个月", "0 元", f"{LAW}#82", f"{LAW}#10")
    draft.notes.append("单位应当自用工之日起一个月内签书面合同,超过一个月的才有二倍工资。")
    summary = "没签书面合同还没有超过一个月,没有二倍工资。"
    return draft.finished("double_wage", "未签书面劳动合同的二倍工资", summary, Decimal(0))


CALCULATOR = Calculator(
    name="double_wage",
    title="未签书面劳动合同的二倍工资",
    about="没签书面劳动合同的,按入职日、月工资算另付的一倍工资(最多十一个月),并提示可能过仲裁时效的部分。",
    fields=(FIELD,),
    says=(
        r"(双倍|二倍|两倍|2倍)(的)?(工资|工钱|薪水|薪)(差额)?",
        r"(没|没有|未|不)(跟我|和我|给我)?(签|订)(书面)?(劳动)?合同[^。;交通事故伤]{0,24}(赔|补偿|多少钱|拿多少|要多少)",
    ),
    inputs=INPUTS,
    work=_work,
)
