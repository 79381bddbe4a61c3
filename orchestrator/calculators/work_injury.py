"""工伤保险待遇: by grade of disability or on death; what provinces fix is asked for or said to be missing."""

from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    cents,
    shown,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.employment import (
    FIELD,
    count_of,
    local_average,
    service_of,
    sum_of,
    wage_of,
)
from orchestrator.calculators.parts.injury_at_work import (
    DEATH,
    GRADES,
    INPUTS,
    LEAVING,
    NO_SPOUSE,
    NURSING,
    RULES,
    UNGRADED,
    WITH_SPOUSE,
    Grade,
)

URBAN_INCOME = "urban_income_year"
MOST_MONTHS = 24  # of stoppage with wage: twelve, and twelve more when confirmed
MOST_PEOPLE = Decimal(20)
TITLE = "工伤保险待遇"


def _work(given: Given) -> Calculation:
    outcome = given.choice("outcome") if "outcome" in given else None
    if outcome is None:
        raise MissingInputs(*(id for id in ("outcome", "monthly_wage") if id not in given))
    day = given.day("happened_on") if "happened_on" in given else given.today
    if day > given.today:
        raise BadInput(f"受伤的日期 {day} 还没有到")
    draft = Draft()
    total, summary = _death(given, day, draft) if outcome == DEATH else _injury(given, outcome, day, draft)
    if given.choice("insured", "") == "没交":
        working = "应当参加而没有参加工伤保险的,以上各项都由单位按同样的项目和标准付"
        draft.line("由谁付", working, "单位", f"{RULES}#62")
    draft.notes.append("先要经工伤认定;住院伙食、医疗、康复和辅助器具等费用另按规定报销,没有算在内。")
    return draft.finished("work_injury", TITLE, summary, total)


def _injury(given: Given, outcome: str, day: date, draft: Draft) -> tuple[Decimal, str]:
    if outcome == UNGRADED and "stoppage" not in given:
        raise MissingInputs(*(id for id in ("stoppage", "monthly_wage") if id not in given))
    wage = wage_of(given)
    parts: list[Decimal] = []
    said = []
    if (grade := GRADES.get(outcome)) is not None:
        own = _own_wage(given, wage, day, draft)
        amount = cents(own * grade.months)
        working = f"{grade.name}伤残 {grade.months} 个月 × 本人工资 {yuan(own)}"
        draft.line("一次性伤残补助金", working, yuan(amount), grade.article)
        parts.append(amount)
        said.append(f"{grade.name}伤残的一次性伤残补助金 {yuan(amount)}")
        _allowance(grade, own, draft)
        if grade.number >= 5:
            parts += _subsidies(given, grade, draft)
    if "stoppage" in given:
        parts.append(_stoppage(given, wage, draft))
        said.append(f"停工留薪期工资 {yuan(parts[-1])}")
    _nursing(given, day, draft)
    total = sum_of(parts)
    joined = ",".join(said)
    monthly = "(按月付的津贴、护理费另列)" if any("每月" in line.result for line in draft.lines) else ""
    return total, f"{joined};一次性的和已发生的合计 {yuan(total)}{monthly}。"


def _own_wage(given: Given, wage: Decimal, day: date, draft: Draft) -> Decimal:
    """The wage between 60 % and 300 % of the local average; as told where nobody knows the average."""
    average = local_average(given, day)
    if average is None:
        draft.assumed.append("本人工资(受伤前十二个月平均月缴费工资)在当地职工平均工资的60%到300%之间。")
        draft.notes.append("本人工资低于当地职工平均工资60%的按60%算,高于300%的按300%算;补充当地平均工资可重算。")
        return wage
    amount, source = average
    low, high = cents(amount * 60 / 100), cents(amount * 3)
    own = min(max(wage, low), high)
    working = f"{yuan(wage)},当地职工平均工资 {yuan(amount)}({source})的 60% 是 {yuan(low)}、300% 是 {yuan(high)}"
    draft.line("本人工资", working, yuan(own), f"{RULES}#64")
    return own


def _allowance(grade: Grade, own: Decimal, draft: Draft) -> None:
    if not grade.percent:
        return
    amount = cents(own * grade.percent / 100)
    hard = grade.number >= 5
    label = "伤残津贴(单位难以安排工作的)" if hard else "伤残津贴"
    draft.line(label, f"本人工资 {yuan(own)} × {grade.percent}%", f"每月 {yuan(amount)}", grade.article)
    draft.notes.append("伤残津贴低于当地最低工资标准的,补足差额。")


def _subsidies(given: Given, grade: Grade, draft: Draft) -> list[Decimal]:
    """What grades five to ten get on leaving, as far as told: the provinces fix both."""
    if given.choice("leaving", "") != LEAVING:
        draft.notes.append("离开单位时另有一次性工伤医疗补助金和伤残就业补助金,标准由各省规定,没有算在内。")
        return []
    parts = []
    for id, label in (("medical_subsidy", "一次性工伤医疗补助金"), ("job_subsidy", "一次性伤残就业补助金")):
        if id in given:
            parts.append(cents(given.decimal(id)))
            draft.line(label, "按您提供的当地标准", yuan(parts[-1]), grade.article)
        else:
            draft.line(label, "标准由省、自治区、直辖市规定,请向12333查询", "没有计入", grade.article)
    return parts


def _stoppage(given: Given, wage: Decimal, draft: Draft) -> Decimal:
    period = service_of(given.decimal("stoppage"))
    months = period.months + Decimal(period.days) / 30
    if months > MOST_MONTHS:
        raise BadInput("停工留薪期一般不超过12个月,确认延长的也不超过24个月,请核对")
    if months > 12:
        draft.notes.append("停工留薪期超过12个月的部分,要经设区的市级劳动能力鉴定委员会确认。")
    amount = cents(wage * months)
    working = f"原工资 {yuan(wage)} × {period}"
    if period.days:
        draft.assumed.append("停工时间里不满一个月的,一个月按 30 天折算。")
    draft.line("停工留薪期工资", working, yuan(amount), f"{RULES}#33")
    draft.assumed.append("停工期间的原工资与受伤前的月工资相同,单位还没有发;已经发的要减掉。")
    return amount


def _nursing(given: Given, day: date, draft: Draft) -> None:
    level = given.choice("nursing", "")
    if (percent := NURSING.get(level)) is None:
        return
    average = local_average(given, day)
    if average is None:
        draft.line(
            "生活护理费", f"{level}:当地上年度职工月平均工资 × {percent}%", "缺当地平均工资,没有计算", f"{RULES}#34"
        )
        return
    amount = cents(average[0] * percent / 100)
    working = f"{level}:当地上年度职工月平均工资 {yuan(average[0])}({average[1]})× {percent}%"
    draft.line("生活护理费", working, f"每月 {yuan(amount)}", f"{RULES}#34")


def _death(given: Given, day: date, draft: Draft) -> tuple[Decimal, str]:
    rate = given.rates.at(URBAN_INCOME, day)
    if "urban_income" in given:
        income, source = given.decimal("urban_income"), "您提供"
    elif rate is not None:
        income, source = rate.value, rate.source
    else:
        missing = ["urban_income"] if local_average(given, day) else ["urban_income", "local_wage"]
        if ("spouse" in given or "dependants" in given) and "monthly_wage" not in given:
            missing.append("monthly_wage")
        raise MissingInputs(*missing)
    if not 1_000 <= income <= 1_000_000:
        raise BadInput(f"人均可支配收入 {yuan(income)} 不合常理,请核对是不是一年的数")
    if "happened_on" not in given:
        draft.assumed.append("按今年死亡计算,上一年度是去年。")
    parts = [cents(income * 20)]
    working = f"上一年度全国城镇居民人均可支配收入 {yuan(income)}({source})× 20"
    draft.line("一次性工亡补助金", working, yuan(parts[0]), f"{RULES}#39")
    local = local_average(given, day)
    if local is None:
        draft.line("丧葬补助金", "当地上年度职工月平均工资 × 6 个月", "缺当地平均工资,没有计入", f"{RULES}#39")
    else:
        parts.append(cents(local[0] * 6))
        working = f"当地上年度职工月平均工资 {yuan(local[0])}({local[1]})× 6 个月"
        draft.line("丧葬补助金", working, yuan(parts[1]), f"{RULES}#39")
    _dependants(given, day, draft)
    draft.notes.append("一级至四级伤残职工在停工留薪期满后死亡的,没有一次性工亡补助金。")
    total = sum_of(parts)
    return (
        total,
        f"因工死亡的一次性工亡补助金{'' if local is None else '和丧葬补助金共'} {yuan(total)}(抚恤金按月另算)。",
    )


def _dependants(given: Given, day: date, draft: Draft) -> None:
    """The monthly pension of those who lived on the dead, together at most the wage."""
    others = count_of(given, "dependants", MOST_PEOPLE, "供养亲属人数")
    lone = count_of(given, "lone", MOST_PEOPLE, "供养亲属人数")
    spouse = given.choice("spouse", NO_SPOUSE) == WITH_SPOUSE
    if lone > others + spouse:
        raise BadInput("孤寡老人或孤儿的人数多于供养亲属的人数")
    if not others and not spouse:
        draft.notes.append("有靠死者生活、没有劳动能力的亲属的,另有按月的供养亲属抚恤金;补充人数和死者的工资可算。")
        return
    own = _own_wage(given, wage_of(given), day, draft)
    percent = 40 * spouse + 30 * others + 10 * lone
    amount = cents(own * min(percent, Decimal(100)) / 100)
    people = (["配偶 40%"] if spouse else []) + ([f"其他亲属 {shown(others)} 人各 30%"] if others else [])
    people += [f"孤寡老人或孤儿 {shown(lone)} 人各加 10%"] if lone else []
    working = f"本人工资 {yuan(own)} ×({' + '.join(people)}){',合计不超过本人工资' if percent > 100 else ''}"
    draft.line("供养亲属抚恤金", working, f"每月 {yuan(amount)}", f"{RULES}#39")


CALCULATOR = Calculator(
    name="work_injury",
    title=TITLE,
    about="按伤残等级或因工死亡算工伤待遇:一次性伤残补助金、伤残津贴、停工留薪工资、护理费、工亡和丧葬补助金。",
    fields=(FIELD,),
    says=(
        r"(工伤|工亡|职业病)[^。;]{0,30}(赔|待遇|补助|补偿|多少钱|拿多少|给多少|能拿|怎么算)[^。;]{0,6}",
        r"(一次性)?(伤残补助金|伤残津贴|工亡补助金|丧葬补助金|伤残就业补助金|工伤医疗补助金)",
        r"停工留薪(期)?(的)?(工资)?",
        r"(因工|上班|工地|厂里|车间|干活|机器|工作时)[^。;路车]{0,20}(伤|断|砸|压|摔|死|去世)[^。;路车]{0,50}(赔多少|赔偿|能赔|赔我|多少钱|补偿)",
    ),
    inputs=INPUTS,
    work=_work,
)
