"""刑期折抵: the last day of a sentence after credit for custody; bounds of probation; when parole becomes possible."""

from datetime import date, timedelta
from decimal import Decimal

from orchestrator.calculators.calculator import BadInput, Calculation, Calculator, Given, MissingInputs
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.periods import shown_day
from orchestrator.calculators.parts.sentences import (
    CONTROL,
    COUNTED,
    DETENTION,
    FREE,
    HELD,
    INPUTS,
    KINDS,
    PRISON,
    RELEASED,
    SUSPENDED,
    said_term,
    split,
    term_end,
)

PAROLE = "最高人民法院关于办理减刑、假释案件具体应用法律的规定"
MOST_DAYS = 10_000


def _work(given: Given) -> Calculation:
    given.need(*[id for id in ("kind", "term") if id not in given])
    kind = given.choice("kind")
    months, days = split(given.decimal("term"), "刑期")
    if months < KINDS[kind].least or (months, days) > (KINDS[kind].most, 0):
        raise BadInput(f"{kind}的期限是{KINDS[kind].bounds},{said_term(months, days)}不可能,请核对")
    draft = Draft()
    if given.choice("suspended", "") == SUSPENDED:
        return _suspended(kind, months, days, given, draft)
    start, credit = _start(kind, given, draft)
    last = term_end(start, months, days)
    draft.line(
        "刑期",
        f"{kind}{said_term(months, days)},从{shown_day(start)}起,到对应日的前一日",
        f"到{shown_day(last)}",
        *KINDS[kind].articles,
        COUNTED,
    )
    end = last - timedelta(days=credit)
    if credit:
        draft.line("扣除折抵", f"{shown_day(last)} - {credit} 天", f"到{shown_day(end)}", *KINDS[kind].articles)
    if end < start:
        draft.notes.append("折抵以后刑期已经执行完毕,应当释放;多关的日子请咨询能否要求国家赔偿。")
    if kind == PRISON:
        _parole(start, months, days, credit, draft)
    _remarks(kind, draft)
    return _finished("刑期", _said(kind, end, given.today), end, draft)


def _start(kind: str, given: Given, draft: Draft) -> tuple[date, int]:
    """The day that the term is counted from, and the days of credit beyond that."""
    custody = given.choice("custody", HELD if "held_since" in given and "held_days" not in given else "")
    if not custody and "held_days" in given:
        custody = RELEASED
    _demand(kind, custody, given)
    if "custody" not in given and custody == HELD:
        draft.assumed.append("从被抓到判决执行一直关着;中间取保释放过的,请说明一共关了多少天再算。")
    executed = given.day("executed_on") if "executed_on" in given else None
    credit = _credit(kind, custody, given, draft)
    if custody == HELD:
        since = given.day("held_since")
        if since > given.today or (executed is not None and executed < since):
            raise BadInput("开始羁押的日子晚于执行或今天,请核对")
        if kind != CONTROL:
            working = "判决执行以前一直羁押,羁押一日折抵一日,等于从羁押之日起算"
            draft.line("起算", working, shown_day(since), *KINDS[kind].articles)
            return since, credit
        assert executed is not None  # demanded
        held = (executed - since).days
        draft.line("羁押折抵", f"羁押 {held} 天,一日折抵管制二日", f"{held * 2} 天", *KINDS[kind].articles)
        return executed, credit + held * 2
    assert executed is not None
    return executed, credit


def _demand(kind: str, custody: str, given: Given) -> None:
    """Raise MissingInputs for what the kind of custody makes necessary."""
    if not custody:
        raise MissingInputs("custody", *[id for id in ("executed_on",) if id not in given])
    needed = {HELD: ["held_since"], RELEASED: ["held_days", "executed_on"], FREE: ["executed_on"]}[custody]
    if custody == HELD and kind == CONTROL:
        needed.append("executed_on")
    if missing := [id for id in needed if id not in given]:
        raise MissingInputs(*missing)


def _credit(kind: str, custody: str, given: Given, draft: Draft) -> int:
    """Days of the term that custody, retention and watch in a designated place make up for."""
    rule, total = KINDS[kind], 0
    if custody == FREE and given.decimal("held_days", Decimal(0)):
        raise BadInput("没有关过,又有羁押天数,请核对")
    if custody == HELD and "held_days" in given:
        draft.notes.append("已经从羁押之日起算,另说的羁押天数没有再加;更早还关过一段的,请按释放过重算。")
    if custody == HELD and ("retained_days" in given or "watch_days" in given):
        draft.assumed.append("留置和监视居住在开始羁押之日以前。")
    for id, label, articles in (
        ("held_days", "羁押", rule.articles),
        ("retained_days", "留置", ("监察法#50",)),
    ):
        if id in given and not (id == "held_days" and custody != RELEASED):
            days = _whole(given, id)
            credit = days * rule.days_a_day
            working = f"{label} {days} 天,一日折抵{kind}{'二日' if rule.days_a_day == 2 else '一日'}"
            draft.line(f"{label}折抵", working, f"{credit} 天", *articles)
            total += credit
    if "watch_days" in given:
        days = _whole(given, "watch_days")
        credit = int(days * rule.watch)
        working = f"指定居所监视居住 {days} 天,{'一日' if rule.watch == 1 else '二日'}折抵{kind}一日"
        draft.line("监视居住折抵", working, f"{credit} 天", "刑事诉讼法#76")
        if days * rule.watch != credit:
            draft.notes.append("监视居住余下的一天不够折抵一日,没有计入;怎么处理没有明文,可以向法院提出。")
        total += credit
    return total


def _whole(given: Given, id: str) -> int:
    days = given.decimal(id)
    if days > MOST_DAYS or days % 1:
        raise BadInput(f"天数 {days} 应是整数,请核对")
    return int(days)


def _parole(start: date, months: int, days: int, credit: int, draft: Draft) -> None:
    half = Decimal(months * 30 + days) / 2 / 30
    whole, rest = split(half, "刑期")
    day = term_end(start, whole, rest) - timedelta(days=credit)
    draft.line(
        "假释的最低执行期",
        f"执行原判刑期二分之一({said_term(whole, rest)})以上,羁押的日子计算在内",
        f"{shown_day(day)}执行满一半",
        "刑法#81",
        f"{PAROLE}#23",
    )
    draft.notes.append(
        "满一半只是最低条件,还要确有悔改表现、没有再犯罪的危险;累犯,以及因故意杀人、强奸、抢劫、绑架、放火、爆炸、"
        "投放危险物质或者有组织的暴力性犯罪被判十年以上的,不得假释。"
    )
    draft.notes.append(
        "减刑以后实际执行的刑期不能少于原判的二分之一;刑满后五年内再犯应判有期徒刑以上之罪的是累犯,过失犯罪和不满十八周岁的除外。"
    )


def _remarks(kind: str, draft: Draft) -> None:
    draft.assumed.append("没有减刑、假释,也没有脱逃等不计入刑期的时间。")
    if kind != CONTROL:
        draft.notes.append("因同一行为先被行政拘留的,行政拘留的日子也应当折抵,请算进羁押天数。")
        draft.notes.append("刑满的日子逢节假日也应当当天释放,不延长。")
    draft.notes.append("在自己住处监视居住和取保候审的日子不折抵;以判决书、执行通知书写明的起止日期为准。")


def _suspended(kind: str, months: int, days: int, given: Given, draft: Draft) -> Calculation:
    if kind == CONTROL or (months, days) > (36, 0):
        raise BadInput("缓刑只适用于拘役和三年以下有期徒刑,请核对")
    floor, most = (2, 12) if kind == DETENTION else (12, 60)
    low = max((months, days), (floor, 0))
    bounds = "原判刑期以上一年以下,不少于二个月" if kind == DETENTION else "原判刑期以上五年以下,不少于一年"
    shown = f"{said_term(*low)}至{said_term(most)}"
    draft.line("缓刑的考验期限", f"{kind}{said_term(months, days)}:{bounds}", shown, "刑法#73", "刑法#72")
    draft.notes.append("考验期内没有犯新罪、发现漏罪或者严重违规的,期满后原判的刑罚不再执行;撤销缓刑的,执行原判刑罚。")
    draft.notes.append("先前的羁押折抵的是刑期,法律没有规定折抵考验期;累犯和犯罪集团的首要分子不适用缓刑。")
    if "probation" not in given:
        return _finished("缓刑考验期", f"{kind}{said_term(months, days)}的,缓刑考验期应在{shown}之间。", None, draft)
    probation = split(given.decimal("probation"), "考验期")
    if not low <= probation <= (most, 0):
        raise BadInput(f"考验期应在{shown}之间,{said_term(*probation)}不可能,请核对")
    given.need("final_on")
    final = given.day("final_on")
    end = term_end(final, *probation)
    working = f"从判决确定之日{shown_day(final)}起{said_term(*probation)}"
    draft.line("考验期届满", working, f"到{shown_day(end)}", "刑法#73", COUNTED)
    draft.assumed.append("考验期的起止与刑期一样计算,判决确定当天算第一天;以执行通知书写明的日期为准。")
    return _finished("缓刑考验期", f"缓刑考验期到{shown_day(end)}届满。", end, draft)


def _said(kind: str, end: date, today: date) -> str:
    verb = "解除管制" if kind == CONTROL else "刑满释放"
    left = (end - today).days
    if left < 0:
        return f"{kind}到{shown_day(end)}届满({verb}),已经过了 {-left} 天。"
    return f"{kind}到{shown_day(end)}届满({verb}),还有 {left} 天。"


def _finished(title: str, summary: str, day: date | None, draft: Draft) -> Calculation:
    return Calculation(
        calculator="sentence",
        title=title,
        summary=summary,
        unit="",
        day=day,
        lines=tuple(draft.lines),
        assumed=tuple(draft.assumed),
        notes=tuple(draft.notes),
    )


CALCULATOR = Calculator(
    name="sentence",
    title="刑期、羁押折抵与缓刑考验期",
    about="刑期哪天满:按刑种、刑期和羁押的日子算,含管制一日抵二日、指定居所监视居住、缓刑考验期和假释的最低期。",
    fields=("刑事",),
    says=(
        r"刑期[^。;]{0,16}(满|到|结束|怎么算|计算|折抵|哪天|多久|算到)",
        r"(羁押|拘留|刑拘|监视居住|留置|关)[^。;]{0,16}(折抵|抵(扣|消)?刑期|算(进|在|入)[^,。;]{0,4}刑期|抵[^,。;]{0,6}(天|日|刑|吗|么))",
        r"(折抵|抵扣)[^,。;]{0,4}刑期",
        r"(判|徒刑|拘役|刑|坐牢|服刑|关)[^。;]{0,50}(什么时候|哪天|几时|何时|还要多久|还有多久|多久)[^,。;]{0,4}(能|可以|才能)?(出来|出狱|释放|刑满|期满|满|到期)",
        r"(什么时候|哪天|多久)[^,。;]{0,4}(能|可以|才能)?(出狱|刑满|假释|申请假释)",
        r"缓刑(考验期)?[^。;]{0,12}(多久|多长|到什么时候|哪天|几年|满)",
        r"判[^。;]{0,8}缓[^。;]{0,24}(什么时候|哪天|多久)[^,。;]{0,4}(结束|满|到期|解除)",
    ),
    inputs=INPUTS,
    work=_work,
)
