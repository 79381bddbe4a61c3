"""诉讼时效, 仲裁时效 and the other last days: until when one can sue, apply, demand enforcement, rescind."""

from datetime import date, timedelta

from orchestrator.calculators.calculator import BadInput, Calculation, Calculator, Given, MissingInputs
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.limit_inputs import BROKEN, EMPLOYED, INPUTS, LAND, UNTOLD
from orchestrator.calculators.parts.limits import (
    AFTER,
    DEBT,
    EXECUTION,
    INSTALMENT,
    LABOUR,
    LABOUR_LAW,
    LIMITS,
    MINOR,
    NEVER,
    OLD,
    PRODUCT,
    READING,
    REVIEW,
    SUIT,
    SUITS,
    TIME,
    TORT,
    WAGES,
    Ceiling,
    Limit,
)
from orchestrator.calculators.parts.periods import birthday, months_after, shown_day, with_weekday, working_day

GENERAL_PART = date(2017, 10, 1)  # 民法总则 brought three years; before, two (or one)
TITLE = "诉讼时效与期限"
_UNTOLD_LIMITS = {
    SUIT: ("行政诉讼法#46", f"{SUITS}#64"),
    AFTER: ("行政诉讼法#45", f"{SUITS}#64"),
    REVIEW: ("行政复议法#20",),
}


def _work(given: Given) -> Calculation:
    claim = given.choice("claim")
    if claim == NEVER:
        return _never()
    limit = LIMITS[claim]
    if claim == WAGES and "left_on" not in given:
        given.need("employment")
        if given.choice("employment") == EMPLOYED:
            return _employed()
    _demand(claim, limit, given)
    draft = Draft()
    start = _start(claim, limit, given, draft)
    start, lapsed = _restarted(limit, start, given, draft)
    last = _last(claim, limit, start, given, draft)
    if not lapsed:
        last = _held(limit, start, last, given, draft)
    last = _under_ceiling(claim, limit, start, last, given, draft)
    day = working_day(last)
    if day != last:
        draft.line("最后一天逢周末", f"{with_weekday(last)}顺延到周末之后", with_weekday(day), *limit.weekend)
    return _finished(claim, limit, day, given, draft)


def _demand(claim: str, limit: Limit, given: Given) -> None:
    """Raise MissingInputs for the days that this claim starts from, BadInput for those that cannot be."""
    missing = [] if limit.starts in given or _dismissed(claim, given) else [limit.starts]
    if claim in _UNTOLD_LIMITS and "told" not in given:
        missing.append("told")
    missing += [
        other
        for one, other in (("obstacle_from", "obstacle_until"), ("obstacle_until", "obstacle_from"))
        if one in given and other not in given
    ]
    if missing:
        raise MissingInputs(*missing)
    for id in ("known_on", "born_on", "acted_on", "delivered_on", "interrupted_on", "learnt_on"):
        if id in given and given.day(id) > given.today:
            raise BadInput(f"{shown_day(given.day(id))}还没有到,请核对")
    if "obstacle_from" in given and given.day("obstacle_until") < given.day("obstacle_from"):
        raise BadInput("障碍消除的日子早于开始的日子,请核对")


def _dismissed(claim: str, given: Given) -> bool:
    """Whether the end of the job stands in for the day on which the employee knew."""
    return claim == LABOUR and "known_on" not in given and "left_on" in given


def _start(claim: str, limit: Limit, given: Given, draft: Draft) -> date:
    if _dismissed(claim, given):
        draft.assumed.append("离职那天就知道权利被侵害。")
        return given.day("left_on")
    if limit.starts == "born_on":
        born = given.day("born_on")
        start = birthday(born, 18)
        draft.line("年满十八周岁", f"{shown_day(born)}出生", shown_day(start), *limit.articles)
        return start
    return given.day(limit.starts)


def _restarted(limit: Limit, start: date, given: Given, draft: Draft) -> tuple[date, bool]:
    """The day from which the period runs after the last demand, and whether it had run out before."""
    if "interrupted_on" not in given:
        return start, False
    at = given.day("interrupted_on")
    if not limit.restarts:
        draft.notes.append("这种期限不因催要、协商或者信访而重新计算。")
        return start, False
    if at < start:
        draft.notes.append("催要在期限起算之前,不影响期限。")
        return start, False
    if at > working_day(_end(limit, start)):
        given.need("gap")
        if given.choice("gap") == BROKEN:
            draft.assumed.append("第一个期限内没有催要等使它重新计算的事。")
            draft.notes.append("期限届满以后才催要的,不能使它重新计算;届满后对方同意履行的,不能再拿时效抗辩。")
            return start, True
        draft.assumed.append("历次催要等都有证据,间隔都没有超过期限。")
    else:
        draft.assumed.append("最近一次催要等有证据,而且到达了对方。")
    draft.line("重新计算", "权利人提出要求或者义务人同意履行等,期限从那时起重新计算", shown_day(at), *limit.restarts)
    return at, False


def _end(limit: Limit, start: date) -> date:
    """The last day of the period, by the old two years where these had run out before the General Part came."""
    if limit.transition and start < GENERAL_PART and months_after(start, 24) < GENERAL_PART:
        return months_after(start, 24)
    return months_after(start, limit.months) if limit.months else start + timedelta(days=limit.days)


def _last(claim: str, limit: Limit, start: date, given: Given, draft: Draft) -> date:
    last = _end(limit, start)
    text, articles = limit.text, limit.articles
    if limit.transition and start < GENERAL_PART:
        expired = months_after(start, 24) < GENERAL_PART
        text = "2017年10月1日前旧法的二年已经届满,不再适用三年" if expired else "旧法的二年当时还没有届满,适用三年"
        articles = (f"{OLD}#{3 if expired else 2}", *articles)
        draft.notes.append("2017年10月1日前身体受到伤害等情形,旧法的期间更短(一年);这段过渡的规定请再核对。")
    if claim in _UNTOLD_LIMITS and given.choice("told") == UNTOLD:
        learnt = given.day("learnt_on") if "learnt_on" in given else given.today
        if learnt < start:
            raise BadInput("知道期限的日子早于知道行政行为的日子,请核对")
        if "learnt_on" not in given:
            draft.assumed.append("今天才知道起诉(复议)的期限。")
        last = min(_end(limit, learnt), months_after(start, 12))
        span = limit.text.partition(",")[0]
        text = f"没有告知的,{span}从知道期限之日({shown_day(learnt)})起算,自知道内容起最长一年"
        articles = _UNTOLD_LIMITS[claim]
    counted = f"{shown_day(start)}起算,当日不计入;{text}"
    first = "民法典#201" if "民法典#203" in limit.weekend else limit.weekend[-1]
    whole = ("民法典#202",) if first == "民法典#201" and limit.months else ()
    draft.line("期限", counted, f"到{shown_day(last)}", *articles, first, *whole)
    return last


def _held(limit: Limit, start: date, last: date, given: Given, draft: Draft) -> date:
    """The last day after an obstacle, as `Limit.holding` says."""
    if "obstacle_from" not in given:
        return last
    since, until = given.day("obstacle_from"), given.day("obstacle_until")
    if limit.holding == "none":
        draft.notes.append("这种期限不因障碍而中止或延长。")
        return last
    window = start if limit.holding == "rest" else max(start, months_after(last, -6))
    if since > last or until <= window:
        draft.notes.append("障碍不在期限里" + ("" if limit.holding == "rest" else "的最后六个月") + ",不影响期限。")
        return last
    if limit.holding == "six":
        day, working = max(last, months_after(until, 6)), "障碍在最后六个月内,自消除之日起满六个月届满"
    else:
        lost = until - max(since, window)
        day, working = last + lost, f"障碍耽误 {lost.days} 天,消除后继续计算"
    draft.line(
        "中止", f"障碍{shown_day(since)}开始,{shown_day(until)}消除:{working}", f"到{shown_day(day)}", *limit.holds
    )
    draft.assumed.append("障碍属于法律规定的情形,有证据。")
    return day


def _under_ceiling(claim: str, limit: Limit, start: date, last: date, given: Given, draft: Draft) -> date:
    """The last day under the longest time of all, where its first day is known."""
    ceiling = limit.ceiling
    if claim in (SUIT, REVIEW):
        land = given.choice("estate", "") == LAND
        article = "行政诉讼法#46" if claim == SUIT else "行政复议法#21"
        text = f"自行政行为作出之日起超过{'二十年(因不动产)' if land else '五年'}的不予受理"
        ceiling = Ceiling("acted_on", 240 if land else 60, text, (article,))
    if ceiling is None:
        return last
    if ceiling.starts not in given:
        if ceiling.starts != "harmed_on":
            draft.notes.append(f"另有最长期限:{ceiling.text}。")
            return last
        since = given.day(limit.starts)
        if months_after(since, ceiling.months) >= last:
            return last
    else:
        since = given.day(ceiling.starts)
    if limit.starts != "ceased_on" and since > start:
        raise BadInput(f"{shown_day(since)}晚于起算的{shown_day(start)},请核对")
    most = months_after(since, ceiling.months)
    draft.line("最长期限", f"{shown_day(since)}起:{ceiling.text}", f"到{shown_day(most)}", *ceiling.articles)
    return min(last, most)


def _finished(claim: str, limit: Limit, day: date, given: Given, draft: Draft) -> Calculation:
    left = (day - given.today).days
    if left < 0:
        summary = f"{limit.act}的最后一天是{with_weekday(day)},已经过了 {-left} 天。"
        draft.notes.insert(0, limit.late)
        if claim == EXECUTION:
            draft.line(
                "过期之后",
                "超过申请执行时效的仍应受理,对方提出异议且成立的不予执行",
                "看对方是否提出",
                f"{READING}#481",
            )
        elif limit.restarts and LABOUR_LAW not in limit.articles[0]:
            working = "法院不主动适用时效;对方提出抗辩且成立的判决驳回"
            draft.line("过期之后", working, "看对方是否提出", "民法典#193", "民法典#192", f"{TIME}#3", f"{READING}#219")
    else:
        when = f"还有 {left} 天" if left else "就是今天"
        summary = f"最晚要在{with_weekday(day)}{limit.act},{when}。"
        if limit.restarts:
            draft.notes.insert(0, "快到期又来不及的,先书面催告并留好送达证据,或者请对方写下同意履行,期限会重新计算。")
        else:
            draft.notes.insert(0, "这个期限不能靠催要重新计算,请提前办理,材料可以邮寄并保留凭证。")
    if claim == PRODUCT:
        draft.notes.append("民法典的一般时效是三年,产品质量法是二年,法院掌握不一;请按较短的二年准备。")
    if claim == MINOR and day < months_after(GENERAL_PART, 36):
        draft.notes.append("2017年10月1日前已满十八周岁的,能否从十八周岁起算须另查。")
    if claim in (DEBT, TORT, INSTALMENT) and "interrupted_on" not in given:
        draft.assumed.append("其间没有催要、起诉、对方同意履行等使时效重新计算的事;有的请补充最近一次的日子。")
    draft.notes.append("法定节假日没有计入,最后一天逢节假日或者周末调休上班的,请核对放假安排;不要等到最后一天。")
    return Calculation(
        calculator="limitation",
        title=TITLE,
        summary=summary,
        unit="",
        day=day,
        lines=tuple(draft.lines),
        assumed=tuple(draft.assumed),
        notes=tuple(draft.notes),
    )


def _never() -> Calculation:
    draft = Draft()
    draft.line(
        "不适用时效",
        "请求支付抚养费、赡养费、扶养费,支付存款本息等,不适用诉讼时效",
        "没有期限",
        "民法典#196",
        f"{TIME}#1",
    )
    draft.notes.append("没有时效不等于可以一直等:拖久了证据会少,请尽早主张。")
    return draft.finished("limitation", TITLE, "这类请求不适用诉讼时效,什么时候都可以起诉。", None)


def _employed() -> Calculation:
    draft = Draft()
    working = "在职期间因拖欠工资申请仲裁,不受一年限制;离职的,自劳动关系终止之日起一年内提出"
    draft.line("拖欠工资", working, "现在还没有起算", f"{LABOUR_LAW}#27")
    draft.notes.append("离职以后请在一年内申请仲裁;平时留好工资条、考勤和催要记录。")
    return draft.finished("limitation", TITLE, "您还在职,要拖欠的工资没有过仲裁时效;离职之日起一年内提出即可。", None)


CALCULATOR = Calculator(
    name="limitation",
    title=TITLE,
    about="最晚哪天起诉、申请仲裁、复议或执行:按权利的种类算出最后一天,以及今天过了没有。",
    fields=("诉讼程序", "民间借贷", "合同", "劳动", "行政", "人身损害", "交通事故"),
    says=(
        r"(?<!追诉)(诉讼|仲裁|起诉|执行|申请)?时效",
        r"(过|超过?)(了)?(起诉|诉讼|仲裁|复议|申请执行|申请)(的)?期限(了)?(没|吗|么)?",
        r"最(晚|迟)[^,。;]{0,8}(什么时候|哪天|何时|几号|多久|多长时间)?[^,。;]{0,6}(起诉|告|申请|提起?|仲裁|复议)",
        r"(起诉|告|仲裁|复议|执行|撤销权?)[^,。;]{0,8}(期限|截止|最后一天|来得及|来不及|晚不晚|晚了)",
        r"(几|多少|多长)(年|个月|天|时间)(以?内|之内)?[^,。;]{0,4}(起诉|告|申请(仲裁|执行|复议))",
        r"(年|个月|天)(多|半)?(以?前|了|没)?[^。;]{0,16}还(能|可以)(不能)?[^,。;]{0,4}(起诉|告|要(回|到|吗|么)|追(回|讨)|讨|申请|撤销|仲裁)",
    ),
    inputs=INPUTS,
    work=_work,
)
