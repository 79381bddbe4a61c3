"""What the calculator of sentences asks for, the bounds of each kind, how a term is counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from orchestrator.calculators.calculator import BadInput
from orchestrator.calculators.parts.periods import DAY, months_after
from orchestrator.domains.pack import Choice, Element

CONTROL, DETENTION, PRISON = "管制", "拘役", "有期徒刑"
HELD, RELEASED, FREE = "一直关着", "关过,后来取保等释放了", "没有关过"
SUSPENDED, SERVED = "缓刑", "实刑"
COUNTED = "最高人民法院关于适用刑事诉讼法的解释#202"


@dataclass(frozen=True)
class Kind:
    """One kind of punishment: bounds in months (the longest with several crimes), credit for custody and watch."""

    least: int
    most: int
    days_a_day: int  # days of the term that one day of custody gives
    watch: Decimal  # days of the term that one day of watch in a designated place gives
    articles: tuple[str, ...]
    bounds: str


KINDS = {
    CONTROL: Kind(3, 36, 2, Decimal(1), ("刑法#41",), "三个月以上二年以下,数罪并罚最高三年"),
    DETENTION: Kind(1, 12, 1, Decimal("0.5"), ("刑法#44",), "一个月以上六个月以下,数罪并罚最高一年"),
    PRISON: Kind(6, 300, 1, Decimal("0.5"), ("刑法#47",), "六个月以上十五年以下,数罪并罚最高二十五年"),
}


def split(months: Decimal, label: str) -> tuple[int, int]:
    """Whole months and days of a term; half a month is fifteen days, a day a thirtieth. Raises BadInput for nought."""
    days = int((months * 30).to_integral_value())
    if days <= 0:
        raise BadInput(f"{label}应大于零")
    return divmod(days, 30)


def term_end(start: date, months: int, days: int = 0) -> date:
    """The last day of a term that begins on `start`, that day counted.

    A month goes to the day before the corresponding day; without one in the month, or from a month's last day, to the
    day before the month's last day (article 202 of the interpretation).
    """
    if not months:
        return start + timedelta(days=days - 1)
    after = months_after(start, months)
    if months % 12 and (start + DAY).month != start.month:
        after = months_after(date(after.year, after.month, 1), 1) - DAY
    return after - DAY + timedelta(days=days)


def said_term(months: int, days: int = 0) -> str:
    """The term as judgments write it: 3年6个月."""
    years, rest = divmod(months, 12)
    parts = ((years, "年"), (rest, "个月"), (days, "天"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0天"


_N = r"[\d一二两三四五六七八九十半]+"
_COUNT = r"(?=[\d一二两三四五六七八九十百]+\s*(多)?天)"  # days, not months


def _days(id: str, label: str, question: str, why: str, *near: str) -> Element:
    return Element(id=id, label=label, question=question, why=why, kind="number", near=near)


INPUTS = (
    Element(
        id="kind",
        label="刑种",
        why="折抵的比例不同",
        question="判的是管制、拘役还是有期徒刑?",
        choices=(
            Choice(value=CONTROL, says=(r"(判(处|了)?|被)?管制(?!刀具|品)",), short=("管制",)),
            Choice(value=DETENTION, says=(r"拘役[\s\S]*",), short=("拘役",)),
            Choice(
                value=PRISON,
                says=(r"有期(徒刑)?", rf"判(处|了|刑|决)?{_N}年", rf"{_N}年(有期)?徒刑"),
                short=("有期", "徒刑"),
            ),
        ),
    ),
    Element(
        id="term",
        label="判处的刑期",
        why="从它算出刑满的日子",
        question="判了多久?",
        kind="duration",
        near=(r"判(处|了|刑|决)?(有期徒刑|拘役|管制)?", r"有期徒刑|拘役|管制|刑期(是|为)"),
    ),
    Element(
        id="suspended",
        label="是否缓刑",
        why="缓刑不用坐牢,看考验期",
        question="宣告缓刑了吗?",
        choices=(
            Choice(
                value=SUSPENDED,
                says=(r"(宣告|判|判了)?(?<!死)(?<!暂)缓(刑|[一二三四五1-5两])",),
                short=("缓刑", "是", "缓了"),
            ),
            Choice(value=SERVED, says=(r"(没有?|不是|未)(判|宣告)?缓刑", r"实刑"), short=("实刑", "没有", "不是")),
        ),
    ),
    Element(
        id="probation",
        label="缓刑考验期",
        why="核对是否在法定范围内,算到哪天",
        question="缓刑考验期是多久?",
        kind="duration",
        near=(r"缓(刑|期)?(考验期)?(限)?(是|为)?", r"考验期(限)?(是|为)?"),
    ),
    Element(
        id="final_on",
        label="判决确定(生效)之日",
        why="缓刑考验期从这天起算",
        question="判决哪天生效的?",
        kind="date",
        near=(r"(判决|裁定)?(书)?(生效|确定)(了|是|于|在)*",),
    ),
    Element(
        id="custody",
        label="判决执行前的羁押",
        why="羁押的日子折抵刑期",
        question="判决执行以前,是一直关着、关过后来释放了,还是没有关过?",
        choices=(
            Choice(
                value=HELD,
                says=(
                    r"(一直|至今|到现在)(都|在|就|被)*(关|羁押|在(看守所|里面))(着|押)?",
                    r"(被抓|刑拘|拘留|逮捕|进去)(以?后)?(,)?(就)?(一直)(没|没有)(出来|放|取保)",
                ),
                short=("一直关着", "一直羁押"),
            ),
            Choice(
                value=RELEASED,
                says=(
                    r"(关|羁押|刑拘|拘留|看守所)[^。;]{0,14}(取保|放(了)?出来|释放)[\s\S]*",
                    r"(?<!没)(?<!没有)取保候审",
                ),
                short=("取保了", "释放过"),
            ),
            Choice(value=FREE, says=(r"(没有?|未|从没)(被)?(关|羁押|拘留|抓)过?",), short=("没有", "没关过")),
        ),
    ),
    Element(
        id="held_since",
        label="开始羁押之日",
        why="一直羁押的,刑期从这天算",
        question="哪天被拘留(抓)的?",
        kind="date",
        near=(r"(被?(抓|刑拘|刑事拘留|拘留|羁押|逮捕|带走|留置)|关进?|进去|进看守所)(了|的|起|到|是|于|在)*",),
    ),
    _days(
        "held_days",
        "已羁押天数",
        "判决执行以前一共羁押(拘留、逮捕)了多少天?",
        "羁押折抵刑期",
        rf"(关|羁押|刑拘|拘留|看守所)(了|过|在|一共|共)*{_COUNT}",
    ),
    _days("retained_days", "留置天数", "监委留置了多少天?", "留置折抵刑期", rf"留置(了|过|一共)*{_COUNT}"),
    _days(
        "watch_days",
        "指定居所监视居住天数",
        "指定居所监视居住了多少天?(在自己家里监视居住的不算)",
        "折抵的比例与羁押不同",
        rf"监视居住(了|过|一共)*{_COUNT}",
    ),
    Element(
        id="executed_on",
        label="判决执行之日",
        why="刑期从判决执行之日起计算",
        question="判决哪天开始执行(送交监狱、看守所或者社区矫正)?",
        kind="date",
        near=(r"(执行|收监|入监|入狱|送监|交付执行|入矫|社区矫正)(了|的|是|起|于|在|开始)*", r"开始(执行|服刑|算)"),
    ),
)
