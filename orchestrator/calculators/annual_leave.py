"""未休年休假工资: the days due in one calendar year, those not taken, and what is paid for them."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

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
from orchestrator.calculators.parts.employment import DAY, FIELD, count_of, job_element, service_of, wage_of
from orchestrator.domains.pack import Choice, Element

RULES, DECREE = "企业职工带薪年休假实施办法", "职工带薪年休假条例"
PAID_DAYS = Decimal("21.75")
MOST_DAYS = Decimal(60)  # of leave in a year, contracts included
GONE, STAYING = "已离职或要离职", "还在职"
WAIVED, NOT_WAIVED = "书面提出不休", "没有书面提出"

_N = r"(?=[\d一二两三四五六七八九十]+(\.\d+)?\s*天)"
_LEAVE = r"(年假|年休假|带薪年?假)"
# 在现在的公司干了三年 tells the years there, which are not all.
_ELSEWHERE = "".join(f"(?<!{place})" for place in ("公司", "单位", "厂里", "店里", "这里", "这儿", "这家"))
INPUTS = (
    job_element("monthly_wage", "前十二个月(不含加班费)的月平均工资是多少?", "日工资按月平均工资折算,不含加班工资"),
    Element(
        id="total_service",
        label="累计工作时间",
        why="年休假天数按参加工作以来的总年限定,不只算这家单位",
        question="参加工作以来(包括以前的单位)累计工作了多久?",
        kind="duration",
        near=(
            r"(累计|总共|一共|合计)(工作|工龄|上班|干)?(了|满|有)*",
            rf"{_ELSEWHERE}(总?工龄|参加工作|工作|上班|干|做|社保(交|缴))(了|满|有|已经|快|到)*",
        ),
    ),
    Element(
        id="status",
        label="是否离职",
        why="离职的按当年已过的日子折算",
        question="您是已经(或马上要)离职,还是还在职?",
        choices=(
            Choice(value=GONE, says=(r"(离职|辞职|辞退|被裁|走人|解除|离开(公司|单位))",), short=("离职", "已离职")),
            Choice(value=STAYING, says=(r"(还|仍|一直)?在职|(没|没有|还没)(离职|辞职)",), short=("在职", "没离职")),
        ),
    ),
    job_element("left_on", "哪天离职(最后工作日)?", "按当年在本单位已过的日历天数折算"),
    job_element("hired_on", "哪天入职的?", "当年入职的,按在本单位的日历天数折算"),
    Element(
        id="taken_days",
        label="当年已休天数",
        why="已经休的要减掉",
        question="今年(离职那年)已经休了几天年休假?",
        kind="number",
        near=(
            rf"(?<!没)(?<!未)(休|请|用|放)(了|过|掉)*{_LEAVE}?{_N}",
            rf"{_LEAVE}(只|才|已经?)?(休|请|用)(了|过|掉)*{_N}",
        ),
    ),
    Element(
        id="unused_days",
        label="未休天数",
        why="知道还剩几天的,直接按剩的天数算",
        question="还有几天年休假没休?",
        kind="number",
        near=(
            rf"(还有|还剩|剩|剩余|剩下|有|欠)(了|我)?{_N}",
            rf"(没休|未休)(的|完)?{_LEAVE}?(有|还有|是|共)?{_N}",
            rf"{_LEAVE}(还有|还剩|剩|没休)(了|下)?{_N}",
        ),
    ),
    Element(
        id="waived",
        label="是否本人书面不休",
        why="单位安排了、本人书面提出不休的,没有另外的报酬",
        question="单位安排过休假、而您书面提出不休吗?",
        choices=(
            Choice(value=WAIVED, says=(r"(书面|签字|写)[^,。;]{0,6}(不休|放弃)",), short=("是", "写过")),
            Choice(value=NOT_WAIVED, short=("没有", "不是")),
        ),
    ),
)


def _work(given: Given) -> Calculation:
    _demand(given)
    draft = Draft()
    wage = wage_of(given)
    days = _unused(given, draft)
    if given.choice("waived", NOT_WAIVED) == WAIVED:
        draft.line("本人书面不休", "单位安排了、本人书面提出不休的,只付正常工作的工资", "另付 0 元", f"{RULES}#10")
        return _finished(draft, Decimal(0), days)
    amount = cents(wage / PAID_DAYS * days * 2)
    draft.line("日工资", f"{yuan(wage)} ÷ 21.75 天", f"约 {yuan(wage / PAID_DAYS)}", f"{RULES}#11")
    draft.line(
        "未休年休假工资(另付部分)",
        f"{yuan(wage)} ÷ 21.75 × {shown(days)} 天 ×(300% - 已付的正常工资 100%)",
        yuan(amount),
        f"{DECREE}#5",
        f"{RULES}#10",
    )
    draft.assumed.append("月工资是前十二个月剔除加班工资的平均数;正常工资已经照发,所以只另付两倍。")
    if "waived" not in given:
        draft.assumed.append("没有书面提出过不休。")
    return _finished(draft, amount, days)


def _finished(draft: Draft, amount: Decimal, days: Decimal) -> Calculation:
    draft.notes.append("请长期事假、病假或者享受寒暑假达到规定天数的,不享受当年的年休假。")
    draft.notes.append("合同或规章约定的天数、标准更高的,按约定;以前年度的要逐年另算,并注意一年的仲裁时效。")
    summary = f"未休年休假 {shown(days)} 天,除正常工资外应另付 {yuan(amount)}。"
    return draft.finished("annual_leave", "未休年休假工资", summary, amount)


def _demand(given: Given) -> None:
    missing = [] if "monthly_wage" in given else ["monthly_wage"]
    if "unused_days" not in given:
        if "total_service" not in given:
            missing.append("total_service")
        if "left_on" not in given and not given.assuming:
            if "status" not in given:
                missing.append("status")
            elif given.choice("status") == GONE:
                missing.append("left_on")
    if missing:
        raise MissingInputs(*missing)


def _unused(given: Given, draft: Draft) -> Decimal:
    """The whole days due and not taken, as told or as worked out."""
    if "unused_days" in given:
        days = count_of(given, "unused_days", MOST_DAYS, "一年的年休假天数")
        draft.line("未休天数", "按您说的天数", f"{shown(days)} 天", f"{DECREE}#5")
        return days
    due = _due(given, draft)
    taken = count_of(given, "taken_days", MOST_DAYS, "一年的年休假天数")
    if "taken_days" not in given:
        draft.assumed.append("当年还没有休过年休假。")
    elif taken > due:
        draft.notes.append("已休的天数多于应休的,单位不再扣回。")
    unused = max((due - taken).to_integral_value(ROUND_FLOOR), Decimal(0))
    draft.line(
        "未休天数",
        f"应休 {shown(due)} 天 - 已休 {shown(taken)} 天",
        f"{shown(unused)} 天",
        f"{RULES}#12" if "left_on" in given or given.choice("status", "") == GONE else f"{RULES}#10",
    )
    return unused


def _due(given: Given, draft: Draft) -> Decimal:
    """The whole days of leave due for the year, in proportion where the year was not served whole."""
    entitled = _entitled(given, draft)
    left = given.day("left_on") if "left_on" in given else None
    if left is None and given.choice("status", "") == GONE:
        left = given.today
        draft.assumed.append("按今天离职计算;已经离职的,算到离职那天。")
    elif left is None and "status" not in given:
        draft.assumed.append("您还在职;已经离职的,按离职那年已过的日子折算,天数会少。")
    year = left.year if left else given.today.year
    start, end = date(year, 1, 1), date(year, 12, 31)
    if left and left.year > given.today.year + 1:
        raise BadInput(f"离职日 {left} 太远,请核对")
    hired = given.day("hired_on") if "hired_on" in given else None
    if hired and hired > (left or given.today):
        raise BadInput(f"入职日 {hired} 晚于{'离职日' if left else '今天'}")
    first = max(hired, start) if hired else start
    last = min(left, end) if left else end
    if not hired:
        draft.assumed.append(f"{year}年1月1日已经在这家单位。")
    if left is None:
        draft.assumed.append("到年底单位仍没有安排休;年内还可以要求安排,也可以跨一个年度安排。")
        if first == start:
            return entitled
    calendar = (last - first + DAY).days
    due = (calendar * entitled / 365).to_integral_value(ROUND_FLOOR)
    what, article = ("已过", f"{RULES}#12") if left else ("剩余", f"{RULES}#5")
    working = f"当年在本单位{what} {calendar} 天({first} 至 {last})÷ 365 × {shown(entitled)} 天,不足一整天的不计"
    draft.line("折算应休天数", working, f"{shown(due)} 天", article)
    return min(due, entitled)


def _entitled(given: Given, draft: Draft) -> Decimal:
    service = service_of(given.decimal("total_service"))
    years = service.months // 12
    days = Decimal(0 if years < 1 else 5 if years < 10 else 10 if years < 20 else 15)
    working = f"累计工作 {service}:满 1 年不满 10 年 5 天,满 10 年不满 20 年 10 天,满 20 年 15 天"
    draft.assumed.append("累计工作时间按您说的算;以前在别的单位工作的年限也要加进去,天数可能更多。")
    draft.line("全年应休天数", working, f"{shown(days)} 天", f"{DECREE}#3")
    if not days:
        draft.notes.append("工作满一年(连续满十二个月)才有年休假。")
    return days


CALCULATOR = Calculator(
    name="annual_leave",
    title="未休年休假工资",
    about="按累计工作年限定天数(5、10、15 天),离职的按日历天数折算,未休的按日工资另付两倍。",
    fields=(FIELD,),
    says=(
        r"(没休|未休|没有休|剩|欠)[^。;]{0,8}(年假|年休假|带薪年?假)[^。;]{0,24}(工资|多少|怎么算|折|赔|补|钱)?",
        r"(年假|年休假|带薪年?假)[^。;]{0,24}(工资|折现|折算|折钱|多少钱|赔|补偿|怎么算|能拿|几天|三倍)",
    ),
    inputs=INPUTS,
    work=_work,
)
