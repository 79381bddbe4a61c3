"""经济补偿金 and 赔偿金 at the end of a job: N, N+1, 2N; the cap, the split at 2008, the minimum wage."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    Line,
    MissingInputs,
    cents,
    shown,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.employment import (
    FIELD,
    NEW_INTERPRETATION,
    Service,
    anniversary,
    local_average,
    service_between,
    service_of,
    wage_of,
)
from orchestrator.calculators.parts.ending import (
    DISPUTED,
    FIRED,
    FORCED,
    INPUTS,
    LABOUR_LAW,
    LAW,
    LAYOFF,
    OVER,
    REASONS,
    RULES,
    UNABLE,
    UNLAWFUL,
    UNNOTICED,
    Reason,
)

IN_FORCE = date(2008, 1, 1)  # 劳动合同法; its article 97 counts from here
# Product decisions, not law: no place's triple average is below the one, no place's minimum wage above the other.
ASK_ABOVE = Decimal(12_000)
ASK_BELOW = Decimal(3_000)


@dataclass(frozen=True)
class _Base:
    """The monthly base of article 47, the plain wage, and whether the cap of three averages applies."""

    amount: Decimal
    wage: Decimal
    capped: bool


def _work(given: Given) -> Calculation:
    _demand(given)
    ended = given.choice("ended")
    reason = REASONS[ended]
    if not reason.gives:
        return _nothing(ended, reason)
    draft = Draft()
    start, last, service = _service(given, draft)
    split = reason.gives != "2N" and start < IN_FORCE
    if split and not given.assuming:
        given.need("hired_on", "left_on")
    base = _base(given, last, draft)
    n = Decimal(0)
    if reason.gives in ("N", "both"):
        n = _split(start, last, base, reason, draft) if split else _compensation(service, base, draft)
    if ended == UNABLE and given.choice("notice", "") == UNNOTICED:
        n += _notice_pay(given, base, draft)
    elif ended == UNABLE and "notice" not in given:
        draft.assumed.append("单位提前三十日书面通知了;没有的,另加一个月工资。")
    double = Decimal(0)
    if reason.gives in ("2N", "both"):
        double = _double(service, base, draft)
    _remarks(ended, draft)
    return _finished(ended, reason, n, double, draft)


def _demand(given: Given) -> None:
    """Raise MissingInputs for whatever this client has not told yet."""
    if "ended" in given and not REASONS[given.choice("ended")].gives:
        return
    missing = [id for id in ("ended", "monthly_wage") if id not in given]
    if "worked" not in given:
        dates = [id for id in ("hired_on", "left_on") if id not in given]
        if len(dates) == 2:
            missing.append("worked")
        elif not given.assuming or "hired_on" in dates:
            missing += dates
    if "ended" in given and given.choice("ended") == UNABLE and "notice" not in given and not given.assuming:
        missing.append("notice")
    if missing:
        raise MissingInputs(*missing)


def _service(given: Given, draft: Draft) -> tuple[date, date, Service]:
    """First day, last day and length of the service; the first day is reckoned back where only the length is told."""
    last = given.day("left_on") if "left_on" in given else given.today
    if last > anniversary(given.today, 12):
        raise BadInput(f"离职日 {last} 太远,请核对")
    if "hired_on" in given and "left_on" in given:
        start = given.day("hired_on")
        draft.assumed.append("离职日算作在职的最后一天。")
        return start, last, service_between(start, last)
    if "worked" not in given and "hired_on" in given:  # as `_demand` allows where nobody can be asked
        draft.assumed.append("按今天离职计算;已经离职的,算到离职那天。")
        return given.day("hired_on"), last, service_between(given.day("hired_on"), last)
    service = service_of(given.decimal("worked"))
    if service == Service(0):
        raise BadInput("工作年限应大于零")
    if "left_on" not in given:
        draft.assumed.append("按今天离职计算。")
    draft.assumed.append("工作年限按您说的整数算;差几天会跨过半年或一年的,请用入职、离职日期再算。")
    return anniversary(last, -service.months), last, service


def _base(given: Given, day: date, draft: Draft) -> _Base:
    wage = wage_of(given)
    draft.assumed.append("月工资是离职前十二个月的平均应发工资,含奖金、津贴和补贴;工作不满十二个月的按实际月数平均。")
    if "minimum_wage" in given and (least := wage_of(given, "minimum_wage")) > wage:
        draft.line("月工资", f"平均工资 {yuan(wage)} 低于当地最低工资 {yuan(least)}", yuan(least), f"{RULES}#27")
        return _Base(least, least, False)
    if wage < ASK_BELOW and "minimum_wage" not in given:
        draft.notes.append("平均工资低于当地最低工资标准的,按最低工资标准计算;补充当地最低工资后可重算。")
    average = local_average(given, day)
    over = given.choice("over_cap", "")
    if average is None and over == OVER:
        raise MissingInputs("local_wage")
    if average is None and not over and wage > ASK_ABOVE:
        if not given.assuming:
            raise MissingInputs("over_cap")
        draft.assumed.insert(
            0,
            "这个数额假定您的月工资没有超过当地上年度职工月平均工资的三倍;超过的,每月只按三倍算,年限最高十二年,"
            "数额会减少。当地的平均工资可向12333或人社局查询,告诉我就能重算。",
        )
        return _Base(wage, wage, False)
    if average is None:
        draft.assumed.append("月工资没有超过当地上年度职工月平均工资的三倍,不适用封顶。")
        return _Base(wage, wage, False)
    amount, source = average
    cap = cents(amount * 3)
    working = f"当地上年度职工月平均工资 {yuan(amount)}({source})× 3 = {yuan(cap)},月工资 {yuan(wage)}"
    if wage <= cap:
        draft.line("月工资的上限", f"{working},没有超过三倍", yuan(wage), f"{LAW}#47")
        return _Base(wage, wage, False)
    draft.line("月工资的上限", f"{working},超过三倍,按三倍算,年限最高十二年", yuan(cap), f"{LAW}#47")
    return _Base(cap, wage, True)


def _credited(service: Service, base: _Base, draft: Draft, label: str = "补偿月数") -> Decimal:
    months = service.credited
    working = f"工作 {service}:每满一年一个月;六个月以上不满一年按一年,不满六个月半个月"
    if base.capped and months > 12:
        months, working = Decimal(12), f"{working};封顶的最高十二年"
    draft.line(label, working, f"{shown(months)} 个月", f"{LAW}#47")
    return months


def _compensation(service: Service, base: _Base, draft: Draft) -> Decimal:
    months = _credited(service, base, draft)
    amount = cents(base.amount * months)
    draft.line("经济补偿(N)", f"{yuan(base.amount)} × {shown(months)} 个月", yuan(amount), f"{LAW}#47")
    return amount


def _split(start: date, last: date, base: _Base, reason: Reason, draft: Draft) -> Decimal:
    """Article 97: the years from 2008 by article 47, those before by the rules of their time."""
    if last < IN_FORCE:
        raise BadInput("2008年以前结束的劳动关系按当时的规定,这里不能计算")
    before = service_between(start, date(2007, 12, 31))
    after = service_between(IN_FORCE, last)
    months = _credited(after, base, draft, "补偿月数(劳动合同法施行以后)")
    amount = cents(base.amount * months)
    draft.line(
        "2008年起的经济补偿",
        f"{yuan(base.amount)} × {shown(months)} 个月",
        yuan(amount),
        f"{LAW}#97",
        f"{LAW}#98",
        f"{LAW}#47",
    )
    if not reason.before_2008:
        draft.notes.append(f"2008年以前的 {before} 按当时的规定,这种情形能否要补偿须另查,没有计入。")
        return amount
    years = Decimal(before.months // 12 + bool(before.months % 12 or before.days))
    earlier = cents(base.wage * years)
    draft.line(
        "2008年以前的经济补偿(估算)",
        f"工作 {before},{yuan(base.wage)} × {shown(years)} 个月",
        yuan(earlier),
        f"{LAW}#97",
        f"{LAW}#98",
        f"{LABOUR_LAW}#28",
    )
    draft.assumed.append(
        "2008年以前的一段按每年一个月工资、零头按一年估算,没有计当时个别情形的上限;当时的补偿办法没有收录原文,请核对。"
    )
    return amount + earlier


def _notice_pay(given: Given, base: _Base, draft: Draft) -> Decimal:
    if "last_month_wage" in given:
        amount = cents(wage_of(given, "last_month_wage"))
        working = "上一个月的工资"
    else:
        amount, working = cents(base.wage), "上一个月的工资(暂按月平均工资)"
        draft.assumed.append("上一个月的工资与月平均工资相同。")
    draft.line(
        "代通知金(+1)", f"没有提前三十日书面通知的,额外一个月工资:{working}", yuan(amount), f"{LAW}#40", f"{RULES}#20"
    )
    return amount


def _double(service: Service, base: _Base, draft: Draft) -> Decimal:
    """Damages are counted from the first day, with no split at 2008."""
    months = service.credited
    if base.capped:
        months = min(months, Decimal(12))
    if not any(line.label == "补偿月数" for line in draft.lines):
        _credited(service, base, draft)
    amount = cents(base.amount * months * 2)
    draft.line(
        "赔偿金(2N)",
        f"{yuan(base.amount)} × {shown(months)} 个月 × 2(从入职算起,不分段)",
        yuan(amount),
        f"{LAW}#87",
        f"{LAW}#47",
        f"{RULES}#25",
    )
    return amount


def _remarks(ended: str, draft: Draft) -> None:
    if ended in (UNLAWFUL, DISPUTED):
        draft.notes.append("付了赔偿金的不再付经济补偿;要求继续上班的,不能同时要赔偿金。")
    if ended == LAYOFF:
        draft.notes.append("裁员要走提前三十日说明情况、听取意见和报告的程序;没有走程序的,可能是违法解除。")
    if ended == FORCED:
        draft.notes.append(
            f"被迫解除应写明理由通知单位;{NEW_INTERPRETATION}2025年9月1日起施行,对社保等情形有新规定,本处没有收录原文,请核对。"
        )
    draft.notes.append("申请劳动仲裁的时效是一年,从知道或者应当知道权利被侵害之日起算。")


def _finished(ended: str, reason: Reason, n: Decimal, double: Decimal, draft: Draft) -> Calculation:
    if reason.gives == "both":
        title, total = "经济补偿与赔偿金", None
        summary = f"单位合法解除(不胜任、裁员、协商等)的,经济补偿约 {yuan(n)};违法解除的,赔偿金约 {yuan(double)}。"
        draft.notes.insert(0, "解除是否合法由单位举证;不胜任等情形没有提前三十日书面通知的,另加一个月工资。")
    elif reason.gives == "2N":
        title, total = "违法解除赔偿金(2N)", double
        summary = f"单位违法解除或终止的,应付赔偿金 {yuan(double)}(2N)。"
    else:
        plus = any(line.label.startswith("代通知金") for line in draft.lines)
        tag, words = ("N+1", "经济补偿和代通知金共") if plus else ("N", "经济补偿")
        title, total = f"经济补偿({tag})", n
        summary = f"「{ended}」的,应付{words} {yuan(n)}({tag})。"
    first = Line(
        label="依据",
        working=f"「{ended}」",
        result={"N": "经济补偿", "2N": "赔偿金", "both": "合法的付经济补偿,违法的付赔偿金"}[reason.gives],
        articles=reason.articles,
    )
    draft.lines.insert(0, first)
    return draft.finished("severance", title, summary, total)


def _nothing(ended: str, reason: Reason) -> Calculation:
    return Calculation(
        calculator="severance",
        title="经济补偿",
        summary=f"「{ended}」的,没有经济补偿。",
        total=Decimal(0),
        lines=(Line(label="依据", working=reason.text, result="0 元", articles=reason.articles),),
        notes=("工资、未休年休假等该结清的仍要结清;实际情形不同的(如因欠薪被迫离职、单位拿不出违纪证据),请改选再算。",),
    )


CALCULATOR = Calculator(
    name="severance",
    title="经济补偿金、赔偿金(N、N+1、2N)",
    about="离职、被辞退能拿多少:按怎么离开的、月工资和工作年限算 N、N+1 或 2N,含三倍封顶和2008年分段。",
    fields=(FIELD,),
    says=(
        r"(?<!竞业)(?<!竞业限制)(?<!竞业限制的)经济补偿金?",
        r"((解除|终止)劳动|离职|辞退|裁员|遣散|违法(解除|终止))[^,。;交通事故伤]{0,14}(补偿|赔偿)金?",
        r"(?<![a-zA-Z\d])([Nn]\s*(\+|加)\s*[1一]|2\s*[Nn])(?![a-zA-Z])",
        r"代通知金|遣散费|买断工龄",
        r"(?<!残疾)(?<!死亡)(?<!伤残)(?<!惩罚性)赔偿金(?!额)",
        rf"(被|把我|将我|违法|公司|单位|老板){{1,3}}[^。;]{{0,4}}{FIRED}[^。;交通事故伤]{{0,24}}(赔|补偿|补多少|拿多少|给多少|多少钱|几个月工资)",
        r"(不续签|(公司|单位|厂)里?倒闭|(?<!仲)裁员)[^。;交通事故伤]{0,20}(赔|补偿|补多少|拿多少|多少钱|几个月工资)",
    ),
    inputs=INPUTS,
    work=_work,
)
