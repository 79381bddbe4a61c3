"""加班费: hours on working days, on rest days without time off in return, on public holidays."""

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
from orchestrator.calculators.parts.employment import FIELD, count_of, job_element, sum_of, wage_of
from orchestrator.domains.pack import Choice, Element

PAID_DAYS = Decimal("21.75")  # days of wage in a month: a notice of the ministry, reissued since the corpus was made
DAY_HOURS = Decimal(8)
MOST_HOURS = Decimal(20_000)  # some years of the longest days
MOST_DAYS = Decimal(2_000)
MOST_A_MONTH = Decimal(36)
LABOUR_LAW, PAY = "劳动法", "工资支付暂行规定"
STANDARD, COMBINED, FREE = "标准工时", "综合计算工时", "不定时工作制"

_N = r"(?=[\d一二两三四五六七八九十百]+(\.\d+)?"
_HOURS, _DAYS = _N + r"\s*个?(多)?(小时|钟头))", _N + r"\s*(多)?(天|日|个(休息日|周末|周六|周日)))"
_LATE = r"(平时|平日|工作日|下班后|延时|延长|晚上)"
_REST = r"(周末|周六|周日|双休日?|休息日|星期[六天日]|礼拜[六天])"
_FEAST = r"(法定(节?假日|节日)|节假日|国庆节?|春节|过年|五一|十一|元旦|端午节?|中秋节?|清明节?|劳动节)"
# Between a cue for rest days and its figure no holiday may be spoken of, and the other way round.
_TO = rf"((?!{_FEAST}|{_REST})[^,，。;；\d一二两三四五六七八九十百]){{0,8}}"


def _number(id: str, label: str, question: str, why: str, *near: str) -> Element:
    return Element(id=id, label=label, question=question, why=why, kind="number", near=near)


_HOW_MUCH = "各种时间的加班倍数不同"
INPUTS = (
    job_element(
        "monthly_wage", "加班费的基数:合同约定的月工资(没有约定的按正常出勤的月工资)是多少?", "加班费按小时工资算"
    ),
    Element(
        id="hourly_wage",
        label="小时工资",
        why="按小时发工资的直接用小时工资算",
        question="每小时工资是多少?",
        kind="amount",
        near=(r"(每个?小时|一个?小时|时薪|小时工资)(工资)?(是|为|给)?",),
    ),
    Element(
        id="system",
        label="工时制度",
        why="综合计算工时和不定时的,算法不同",
        question="单位实行的是哪种工时制度?",
        choices=(
            Choice(value=STANDARD, says=(r"标准工时",), short=("标准",)),
            Choice(value=COMBINED, says=(r"综合(计算)?工时",), short=("综合",)),
            Choice(value=FREE, says=(r"不定时(工作制|工时制?)?",), short=("不定时",)),
        ),
    ),
    _number("weekday_hours", "工作日加班小时", "工作日下班后一共加班多少小时?", _HOW_MUCH, rf"{_LATE}{_TO}{_HOURS}"),
    _number(
        "daily_hours", "每个工作日加班小时", "工作日每天加班几小时?", _HOW_MUCH, rf"(每天|天天|每日|每晚){_TO}{_HOURS}"
    ),
    _number(
        "weekdays",
        "这样加班的工作日",
        "这样加班的工作日一共有多少天?",
        "每天的小时数乘以天数",
        rf"(?<!周末)(一共|总共|共|加了|这样|每?个月|一月|干了)(有|上|加班|工作|出勤)*{_N}\s*(个工作日|天))",
    ),
    _number("restday_hours", "休息日加班小时", "休息日一共加班多少小时?", _HOW_MUCH, rf"{_REST}{_TO}{_HOURS}"),
    _number("restday_days", "休息日加班天数", "休息日一共加班多少天?", _HOW_MUCH, rf"{_REST}{_TO}{_DAYS}"),
    _number("comp_days", "已补休天数", "休息日加班已经补休了多少天?", "已补休的不再付", rf"(补休|调休)(了|过)*{_DAYS}"),
    _number("holiday_hours", "法定节假日加班小时", "法定节假日一共加班多少小时?", _HOW_MUCH, rf"{_FEAST}{_TO}{_HOURS}"),
    _number("holiday_days", "法定节假日加班天数", "法定节假日一共加班多少天?", _HOW_MUCH, rf"{_FEAST}{_TO}{_DAYS}"),
    Element(
        id="paid",
        label="已付的加班费",
        why="已经付的要扣除",
        question="单位已经付过多少加班费?",
        kind="amount",
        near=(r"(已经?|只|才)(付|发|给)(了|过)*(加班费)?", r"加班费(只|才|已经?)(付|发|给)(了|过)*"),
    ),
)
_WAGES = ("monthly_wage", "hourly_wage")
_TIMES = ("weekday_hours", "daily_hours", "restday_hours", "restday_days", "holiday_hours", "holiday_days")


def _work(given: Given) -> Calculation:
    draft = Draft()
    system = given.choice("system", STANDARD)
    if system == FREE:
        return _free(draft)
    _demand(given)
    if "system" not in given:
        draft.assumed.append("单位实行标准工时(每日八小时)。")
    hourly = _hourly(given, draft)
    parts = [_weekdays(given, hourly, system, draft)]
    parts.append(_restdays(given, hourly, system, draft))
    parts.append(_holidays(given, hourly, draft))
    total = sum_of(parts)
    if "paid" in given:
        due = given.decimal("paid")
        left = max(total - due, Decimal(0))
        draft.line("扣除已付", f"{yuan(total)} - 已付的加班费 {yuan(due)}", yuan(left))
        if due > total:
            draft.notes.append("已付的多于算出的,不再欠加班费。")
        total = left
    draft.assumed.append("这些时间是单位安排的;节假日的加班费是月工资之外另付的。")
    draft.notes.append("加班的事实先由劳动者举证;能证明考勤在单位手里、单位不提供的,由单位承担不利后果。")
    draft.notes.append("加班费的基数有约定从约定,各地对没有约定时的基数规定不同,请核对当地规定。")
    if _one_month(given):
        draft.assumed.insert(
            0, "您没有说一共加班了多少天,这里按一个月 21.75 个工作日天天如此来算;实际以有证据的天数为准。"
        )
        return draft.finished("overtime", "加班费", f"照这样加班,一个月的加班费约 {yuan(total)}。", total)
    return draft.finished("overtime", "加班费", f"应付加班费{'差额' if 'paid' in given else ''} {yuan(total)}。", total)


def _free(draft: Draft) -> Calculation:
    draft.line("不定时工作制", "经批准实行不定时工时制的,不执行加班工资的规定", "0 元", f"{PAY}#13", f"{LABOUR_LAW}#39")
    draft.notes.append("不定时工作制须经劳动行政部门批准;没有批准的按标准工时计算,请改选再算。")
    draft.notes.append("有的地方规定,不定时工作制在法定节假日上班的仍要付加班费,请核对当地规定。")
    return draft.finished("overtime", "加班费", "经批准实行不定时工作制的,按国家的规定没有加班费。", Decimal(0))


def _demand(given: Given) -> None:
    """Raise MissingInputs for a wage and for at least one kind of overtime."""
    missing = [] if any(id in given for id in _WAGES) else ["monthly_wage"]
    if "daily_hours" in given and "weekdays" not in given and "weekday_hours" not in given and not _one_month(given):
        missing.append("weekdays")
    if not any(id in given for id in _TIMES):
        missing += ["weekday_hours", "restday_days", "holiday_days"]
    if missing:
        raise MissingInputs(*missing)


def _one_month(given: Given) -> bool:
    """Whether only the hours a day are known, and nobody can be asked for how long: then a month is worked out."""
    return given.assuming and not any(id in given for id in ("weekdays", *_TIMES) if id != "daily_hours")


def _hourly(given: Given, draft: Draft) -> tuple[Decimal, str]:
    """The wage of an hour, not rounded, and how it is written in a working."""
    if "hourly_wage" in given:
        hourly = wage_of(given, "hourly_wage")
        draft.line("小时工资", "按小时约定的工资", f"{shown(hourly)} 元/小时", f"{PAY}#13")
        return hourly, f"{shown(hourly)} 元"
    wage = wage_of(given)
    hourly = wage / PAID_DAYS / DAY_HOURS
    draft.line("小时工资", f"{yuan(wage)} ÷ 21.75 天 ÷ 8 小时", f"约 {yuan(hourly)}/小时")
    draft.assumed.append(
        "月工资不含加班费;折算按通行的月计薪天数 21.75 天、每天 8 小时,以人社部门最新公布的折算办法为准。"
    )
    return hourly, f"{yuan(wage)} ÷ 21.75 ÷ 8"


def _pay(hourly: tuple[Decimal, str], hours: Decimal, percent: int, label: str, draft: Draft) -> Decimal:
    amount = cents(hourly[0] * hours * percent / 100)
    clause = (f"{LABOUR_LAW}#44", f"{PAY}#13")
    draft.line(label, f"{hourly[1]} × {shown(hours)} 小时 × {percent}%", yuan(amount), *clause)
    return amount


def _weekdays(given: Given, hourly: tuple[Decimal, str], system: str, draft: Draft) -> Decimal:
    hours = count_of(given, "weekday_hours", MOST_HOURS, "加班小时")
    if "weekday_hours" not in given and "daily_hours" in given:
        daily = given.decimal("daily_hours")
        days = PAID_DAYS if _one_month(given) else count_of(given, "weekdays", MOST_DAYS, "加班天数")
        if daily > 16:
            raise BadInput(f"每天除八小时外加班 {shown(daily)} 小时不可能,请核对")
        hours = daily * days
        draft.line("工作日加班时间", f"每天 {shown(daily)} 小时 × {shown(days)} 天", f"{shown(hours)} 小时")
    if not hours:
        return Decimal(0)
    if hours > MOST_A_MONTH:
        draft.notes.append("延长工作时间每月不得超过三十六小时;单位超过的,加班费照付。")
    if system == COMBINED:
        draft.assumed.append("小时数是一个周期里超过法定标准工作时间的部分,综合计算工时经过批准。")
        return _pay(hourly, hours, 150, "综合计算工时超出的部分", draft)
    return _pay(hourly, hours, 150, "工作日延长工作时间", draft)


def _restdays(given: Given, hourly: tuple[Decimal, str], system: str, draft: Draft) -> Decimal:
    hours = _of_days(given, "restday", draft)
    off = count_of(given, "comp_days", MOST_DAYS, "补休天数") * DAY_HOURS
    if off > hours:
        raise BadInput("补休的天数多于休息日加班的天数;补休只抵休息日的加班")
    if system == COMBINED and hours:
        draft.notes.append("综合计算工时的,休息日上班计入周期的总工时,不单独算;请把超过法定标准的小时合并填写。")
        return Decimal(0)
    if off:
        working = f"休息日加班 {shown(hours)} 小时 - 已补休 {shown(off)} 小时"
        draft.line("没有补休的时间", working, f"{shown(hours - off)} 小时", f"{LABOUR_LAW}#44")
    elif hours:
        draft.assumed.append("休息日加班没有安排补休。")
    return _pay(hourly, hours - off, 200, "休息日加班", draft) if hours > off else Decimal(0)


def _holidays(given: Given, hourly: tuple[Decimal, str], draft: Draft) -> Decimal:
    hours = _of_days(given, "holiday", draft)
    if not hours:
        return Decimal(0)
    draft.notes.append("法定节假日只算放假办法规定的当天,调休连成的长假里其余的天是休息日;节假日加班不能用补休代替。")
    return _pay(hourly, hours, 300, "法定休假日加班", draft)


def _of_days(given: Given, kind: str, draft: Draft) -> Decimal:
    """Hours told as hours, and days of eight hours."""
    hours = count_of(given, f"{kind}_hours", MOST_HOURS, "加班小时")
    days = count_of(given, f"{kind}_days", MOST_DAYS, "加班天数")
    if days and not hours:
        draft.assumed.append(f"{'休息日' if kind == 'restday' else '节假日'}加班每天按 8 小时。")
        return days * DAY_HOURS
    return hours


CALCULATOR = Calculator(
    name="overtime",
    title="加班费",
    about="按工作日 150%、休息日 200%(没有补休的)、法定节假日 300% 算加班费,可扣除已付的。",
    fields=(FIELD,),
    says=(
        r"加班(费|工资|钱|的钱)",
        r"加班[^。;]{0,24}(多少钱|该给多少|怎么算|几倍|算多少|能要多少|应该给)",
        r"(周末|节假日|国庆|春节|法定假)[^,。;]{0,8}(加班|上班)[^。;]{0,20}(多少|几倍|怎么算)",
    ),
    inputs=INPUTS,
    work=_work,
)
