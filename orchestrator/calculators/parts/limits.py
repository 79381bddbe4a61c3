"""The periods in which one must sue or apply: how long, from which day, what restarts or holds them, the ceilings."""

from dataclasses import dataclass
from typing import Literal

TIME = "最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定"
GENERAL = "最高人民法院关于适用民法典总则编若干问题的解释"
OLD = "最高人民法院关于适用民法总则诉讼时效制度若干问题的解释"
SUITS = "最高人民法院关于适用行政诉讼法的解释"
CARRY = "最高人民法院关于适用民事诉讼法执行程序若干问题的解释"
READING = "最高人民法院关于适用民事诉讼法的解释"
LABOUR_LAW = "劳动争议调解仲裁法"

DEBT, INSTALMENT, TORT = "欠款、货款等合同债务", "约定分期偿还的同一笔债", "侵权赔偿等其他民事请求"
MINOR, TRADE, PRODUCT = "未成年时遭受性侵害", "国际货物买卖或技术进出口合同", "缺陷产品造成损害"
LIFE, INSURED = "人寿保险金", "其他保险金"
WAGES, LABOUR = "劳动仲裁(拖欠工资)", "劳动仲裁(其他争议)"
SUIT, AFTER, REVIEW = "行政诉讼(直接起诉)", "行政诉讼(不服复议决定)", "行政复议"
EXECUTION = "申请强制执行"
FRAUD, MISTAKE, DURESS = "撤销合同(欺诈、显失公平)", "撤销合同(重大误解)", "撤销合同(受胁迫)"
CREDITOR = "债权人撤销债务人的行为"
DRAWER, CHEQUE = "汇票、本票:向出票人或承兑人", "支票:向出票人"
RECOURSE, RECOURSE_AGAIN = "票据:向前手追索", "票据:向前手再追索"
NEVER = "抚养费、赡养费、存款本息等"

Holding = Literal["six", "rest_of_six", "rest", "none"]


@dataclass(frozen=True)
class Ceiling:
    """The longest time of all, from another day: nothing restarts or holds it."""

    starts: str
    months: int
    text: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """One period. `starts`: the input with the day after which it runs; `act`: what must be done in time.

    `restarts`: the articles by which a demand starts it anew, none where nothing does. `holding`: what an obstacle in
    the last six months does: the period ends six months after it ("six"), or goes on with the days that were left
    ("rest_of_six"). With "rest" it goes on so after an obstacle at any time.
    """

    act: str
    text: str
    starts: str
    articles: tuple[str, ...]
    late: str
    months: int = 0
    days: int = 0
    restarts: tuple[str, ...] = ()
    holding: Holding = "none"
    holds: tuple[str, ...] = ()
    ceiling: Ceiling | None = None
    weekend: tuple[str, ...] = ("民法典#203",)
    transition: bool = False


_ANEW = ("民法典#195", f"{GENERAL}#38")
_HELD = ("民法典#194",)
_TWENTY = Ceiling("harmed_on", 240, "自权利受到损害之日起超过二十年的不予保护", ("民法典#188", f"{GENERAL}#35"))
_LATE = (
    "过了时效仍可以起诉,法院不会主动审查;对方在一审提出时效抗辩且成立的,会判决驳回。"
    "届满后对方签字同意还或者自愿还的,不能再拿时效抗辩,有这样的证据请保留好。"
)
_GONE = "撤销权已经消灭,催要、协商都不能恢复;可以看合同是否无效、能否解除或要求赔偿。"
_LATE_SUIT = "逾期起诉法院一般不受理;因不可抗力等不能怪自己的原因耽误的时间不计算在内。"


def _civil(text: str, starts: str, *articles: str, months: int = 36, transition: bool = False) -> Limit:
    return Limit(
        act="起诉",
        text=text,
        starts=starts,
        articles=articles,
        late=_LATE,
        months=months,
        restarts=_ANEW,
        holding="six",
        holds=_HELD,
        ceiling=_TWENTY if months == 36 and starts != "born_on" else None,
        transition=transition,
    )


def _labour(text: str, starts: str) -> Limit:
    return Limit(
        act="申请劳动仲裁",
        text=text,
        starts=starts,
        articles=(f"{LABOUR_LAW}#27",),
        late="请先找出催要、投诉、对方答应付款的记录,从最后一次起重新计算;没有的,对方提出时效抗辩就很难得到支持。",
        months=12,
        restarts=(f"{LABOUR_LAW}#27",),
        holding="rest",
        holds=(f"{LABOUR_LAW}#27",),
    )


def _administrative(act: str, text: str, articles: tuple[str, ...], late: str, months: int = 0, days: int = 0) -> Limit:
    suit = act == "起诉"
    return Limit(
        act=act,
        text=text,
        starts="known_on",
        articles=articles,
        late=late,
        months=months,
        days=days,
        holding="rest",
        holds=("行政诉讼法#48",) if suit else ("行政复议法#20",),
        weekend=("行政诉讼法#101", "民事诉讼法#85") if suit else ("行政复议法#88", "民事诉讼法#85"),
    )


def _revoked(text: str, starts: str, article: str, months: int = 12, days: int = 0) -> Limit:
    return Limit(
        act="请求法院撤销",
        text=text,
        starts=starts,
        articles=(article, "民法典#199"),
        late=_GONE,
        months=months,
        days=days,
        ceiling=Ceiling("acted_on", 60, "自行为发生之日起五年内没有行使的,撤销权消灭", (article,)),
    )


def _bill(text: str, starts: str, months: int) -> Limit:
    return Limit(
        act="起诉或行使票据权利",
        text=text,
        starts=starts,
        articles=("票据法#17",),
        late="票据权利已经消灭;还可以看能否请求出票人或承兑人返还未付的票据金额利益。",
        months=months,
        weekend=("票据法#107", "民法典#203"),
    )


LIMITS = {
    DEBT: _civil("三年,自约定的履行期限届满之日起", "due_on", "民法典#188", f"{TIME}#4", transition=True),
    INSTALMENT: _civil("三年,自最后一期履行期限届满之日起", "due_on", "民法典#188", "民法典#189", transition=True),
    TORT: _civil("三年,自知道权利受损害和义务人之日起", "known_on", "民法典#188", transition=True),
    MINOR: _civil("三年,自年满十八周岁之日起", "born_on", "民法典#188", "民法典#191"),
    TRADE: _civil("四年,自知道权利受损害和义务人之日起", "known_on", "民法典#594", "民法典#188", months=48),
    PRODUCT: Limit(
        act="起诉",
        text="二年,自知道权益受到损害时起",
        starts="known_on",
        articles=("产品质量法#45",),
        late=_LATE,
        months=24,
        restarts=_ANEW,
        holding="six",
        holds=_HELD,
        ceiling=Ceiling(
            "delivered_on",
            120,
            "缺陷产品交付最初消费者满十年,请求权丧失(仍在明示的安全使用期内的除外)",
            ("产品质量法#45",),
        ),
    ),
    LIFE: _civil("五年,自知道保险事故发生之日起", "known_on", "保险法#26", months=60),
    INSURED: _civil("二年,自知道保险事故发生之日起", "known_on", "保险法#26", months=24),
    WAGES: _labour("劳动关系终止的,自终止之日起一年", "left_on"),
    LABOUR: _labour("一年,自知道权利被侵害之日起", "known_on"),
    SUIT: _administrative("起诉", "六个月,自知道行政行为之日起", ("行政诉讼法#46",), _LATE_SUIT, months=6),
    AFTER: _administrative("起诉", "十五日,自收到复议决定书之日起", ("行政诉讼法#45",), _LATE_SUIT, days=15),
    REVIEW: _administrative(
        "申请行政复议",
        "六十日,自知道行政行为之日起",
        ("行政复议法#20",),
        "因不可抗力等正当理由耽误的,期限自障碍消除之日起继续计算;复议过期的,看看直接起诉的期限过了没有。",
        days=60,
    ),
    EXECUTION: Limit(
        act="申请强制执行",
        text="二年,自法律文书规定的履行期间最后一日(分期的为最后一期,没有规定的为生效之日)起",
        starts="due_on",
        articles=("民事诉讼法#250",),
        late="仍可以申请执行,法院应当受理;被执行人提出时效异议且成立的,会裁定不予执行。",
        months=24,
        restarts=("民事诉讼法#250", f"{CARRY}#20"),
        holding="rest_of_six",
        holds=("民事诉讼法#250", f"{CARRY}#19"),
        weekend=("民事诉讼法#85",),
    ),
    FRAUD: _revoked("一年,自知道撤销事由之日起", "known_on", "民法典#152"),
    MISTAKE: _revoked("九十日,自知道撤销事由之日起", "known_on", "民法典#152", months=0, days=90),
    DURESS: _revoked("一年,自胁迫行为终止之日起", "ceased_on", "民法典#152"),
    CREDITOR: _revoked("一年,自债权人知道撤销事由之日起", "known_on", "民法典#541"),
    DRAWER: _bill("二年,自票据到期日(见票即付的为出票日)起", "due_on", 24),
    CHEQUE: _bill("六个月,自出票日起", "due_on", 6),
    RECOURSE: _bill("六个月,自被拒绝承兑或者被拒绝付款之日起", "known_on", 6),
    RECOURSE_AGAIN: _bill("三个月,自清偿日或者被提起诉讼之日起", "known_on", 3),
}
