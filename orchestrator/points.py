"""The points that every client asks about after an answer: which court, how long, what it costs, what proof, what next.

Each point has the law that holds for all matters of a procedure, and the part of the field's findings that answers it.
Sentences are ours; every figure in them stands in the articles named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from orchestrator.domains.pack import Says
from orchestrator.wording import plain

Procedure = Literal["civil", "labour", "administrative", "criminal"]
PROCEDURES: dict[str, Procedure] = {"劳动": "labour", "行政": "administrative", "刑事": "criminal"}
CONTRACTS = ("民间借贷", "消费维权", "合同", "网络电商", "物业", "房产买卖", "房屋租赁")
WRONGS = ("交通事故", "人身损害", "侵权名誉", "医疗损害", "知识产权")
LAND = ("房产买卖", "房屋租赁", "物业", "农村土地")
SHORT = 24  # characters of a question that is about one point only


@dataclass(frozen=True)
class Point:
    """One point. `picks`: what of the findings that hold answers it. `law`: grounds by procedure."""

    id: str
    asked: str
    picks: Literal["where", "deadline", "evidence", "steps"]
    law: Mapping[Procedure, tuple[Says, ...]]


COURT = Point(
    id="court",
    asked=r"(哪个|哪家|哪里的?|哪儿的?|什么|去哪里?|到哪里?|哪一个|在哪里?)[^,。]{0,4}(法院|仲裁委?|起诉|立案|打官司|告)|(法院|管辖)[^,。]{0,4}(哪|归谁|怎么定)|异地(起诉|打官司)|谁管辖",
    picks="where",
    law={
        "civil": (
            Says(
                text="告个人或单位的民事官司,一般由被告住所地法院管;个人经常居住地不同的,由经常居住地法院管。",
                articles=("民事诉讼法#22",),
            ),
        ),
        "labour": (
            Says(
                text="劳动争议一般要先申请劳动仲裁,由劳动合同履行地或者单位所在地的劳动争议仲裁委员会管。",
                articles=("劳动争议调解仲裁法#21", "劳动争议调解仲裁法#5"),
            ),
        ),
        "administrative": (
            Says(
                text="行政官司由最初作出行政行为的机关所在地法院管;经过复议的,复议机关所在地法院也能管。",
                articles=("行政诉讼法#18",),
            ),
        ),
        "criminal": (),
    },
)
OF_CONTRACT = Says(text="合同纠纷由被告住所地或者合同履行地的法院管,两处都有管辖权。", articles=("民事诉讼法#24",))
OF_WRONG = Says(text="侵权纠纷由侵权行为地或者被告住所地的法院管。", articles=("民事诉讼法#29",))
OF_LAND = Says(
    text="属于不动产纠纷的,只能由不动产所在地法院管;属于继承遗产纠纷的,由被继承人死亡时住所地或者主要遗产所在地法院管。",
    articles=("民事诉讼法#34",),
)
LIMITATION = Point(
    id="limitation",
    asked=r"时效|(多久|几年|多长时间|多少天|几个月)[^,。]{0,3}(之?内|以内|之前)[^,。]{0,6}(起诉|仲裁|告|复议|主张|提出)|(起诉|仲裁|复议|追诉)[^,。]{0,4}(有效期|期限)|(过了?|超过)[^,。]{0,6}(就)?(不能|没法|不可以)[^,。]{0,4}(告|起诉|仲裁)",
    picks="deadline",
    law={
        "civil": (
            Says(
                text="向法院请求保护民事权利的诉讼时效一般是三年,从知道或者应当知道权利受到损害以及对方是谁之日起算;自受到损害之日起超过二十年的,一般不再保护。法律另有规定的除外。",
                articles=("民法典#188",),
            ),
            Says(
                text="向对方提出过要求、对方同意履行、起诉或者申请仲裁的,时效中断,从那时起重新计算。",
                articles=("民法典#195",),
            ),
        ),
        "labour": (
            Says(
                text="劳动争议申请仲裁的时效是一年,从知道或者应当知道权利被侵害之日起算;主张过权利、向有关部门求助过或者对方同意履行的,从那时起重新计算。",
                articles=("劳动争议调解仲裁法#27",),
            ),
            Says(
                text="在职期间要拖欠的劳动报酬,不受这一年的限制;已经离职的,要在劳动关系终止之日起一年内提出。",
                articles=("劳动争议调解仲裁法#27",),
            ),
        ),
        "administrative": (
            Says(
                text="对行政行为不服,直接起诉的要在知道或者应当知道之日起六个月内提出;法律另有规定的除外。",
                articles=("行政诉讼法#46",),
            ),
            Says(
                text="先申请行政复议的,要在知道或者应当知道之日起六十日内提出;法律规定更长的从其规定。",
                articles=("行政复议法#20",),
            ),
        ),
        "criminal": (
            Says(
                text="犯罪经过一定期限不再追诉:法定最高刑不满五年的经过五年,五年以上不满十年的经过十年,十年以上的经过十五年,无期徒刑、死刑的经过二十年;二十年以后认为必须追诉的,报请最高人民检察院核准。",
                articles=("刑法#87",),
            ),
        ),
    },
)
TIME = Point(
    id="time",
    asked=r"(要|需要|大概|大约|得|会|一般|等|花|拖|走)?(多久|多长时间|几个月|多少(天|时间)|什么时候(能|会)?(有结果|结束|判|下来|开庭|出结果))",
    picks="deadline",
    law={
        "civil": (
            Says(
                text="法院的办理期限从立案起算,小额诉讼两个月,特殊情况经批准再延长一个月。",
                articles=("民事诉讼法#168",),
            ),
            Says(text="适用简易程序的三个月,特殊情况经批准再延长一个月。", articles=("民事诉讼法#164",)),
            Says(text="适用普通程序的六个月,特殊情况经批准再延长六个月。", articles=("民事诉讼法#152",)),
            Says(text="对判决上诉的,二审从立案起三个月,特殊情况经批准延长。", articles=("民事诉讼法#183",)),
        ),
        "labour": (
            Says(
                text="劳动仲裁自受理之日起四十五日内裁决,案情复杂的经批准延期,延长不超过十五日;逾期没有裁决的,能就这个争议直接向法院起诉。",
                articles=("劳动争议调解仲裁法#43",),
            ),
        ),
        "administrative": (
            Says(text="行政官司的一审,法院从立案起六个月内判,特殊情况经批准还能延长。", articles=("行政诉讼法#81",)),
        ),
        "criminal": (
            Says(
                text="逮捕后的侦查羁押期限一般不超过二个月,案情复杂的经上一级检察院批准延长一个月。",
                articles=("刑事诉讼法#156",),
            ),
            Says(
                text="公诉案件一审在受理后二个月以内宣判,至迟不超过三个月;有法定特殊情形的经批准再延长。",
                articles=("刑事诉讼法#208",),
            ),
        ),
    },
)
COST = Point(
    id="cost",
    asked=r"(诉讼费|受理费|起诉费|打官司|起诉|仲裁|立案)[^,。]{0,8}(多少钱|费用|花钱|要钱|谁出|谁承担|收费)|(费用|诉讼费)(谁|怎么|是多少|多少)",
    picks="steps",
    law={
        "civil": (
            Says(
                text="起诉要先交案件受理费,财产案件按请求的金额分段计算,最后由败诉的一方负担,部分胜诉的由法院决定各自负担多少。",
                articles=("诉讼费用交纳办法#13", "诉讼费用交纳办法#29"),
            ),
        ),
        "labour": (Says(text="劳动争议案件到了法院,每件受理费是10元。", articles=("诉讼费用交纳办法#13",)),),
        "administrative": (
            Says(
                text="一般的行政案件,每件受理费是50元,由败诉方负担。",
                articles=("诉讼费用交纳办法#13", "诉讼费用交纳办法#29"),
            ),
        ),
        "criminal": (),
    },
)
PROOF = Point(
    id="proof",
    asked=r"(什么|哪些|啥|怎样的)[^,。]{0,4}(证据|材料|证明|资料)|(证据|材料)[^,。]{0,6}(哪些|什么|够|怎么(收集|准备|找|弄))|怎么(举证|取证|证明)",
    picks="evidence",
    law={
        "civil": (
            Says(
                text="对自己提出的主张,有责任提供证据;因客观原因自己收集不到的,法院会调查收集。",
                articles=("民事诉讼法#67",),
            ),
        ),
        "labour": (),
        "administrative": (),
        "criminal": (),
    },
)
NEXT = Point(
    id="next",
    asked=r"^(那么?|我)?(接下来|下一步|现在|第一步|具体|首先)?(我)?(该|应该|要|可以)?(怎么(办|做|走|处理|维权|操作)|先做什么|做什么|干什么|从哪(里|儿)?(开始|下手|入手))[呢啊?。]*$|(流程|步骤|程序)[^,。]{0,4}(什么|怎|哪)",
    picks="steps",
    law={"civil": (), "labour": (), "administrative": (), "criminal": ()},
)
# How much, of money: neither how long nor how often.
_AMOUNT = re.compile(
    r"多少(?!天|时间|日|年|岁|次|人|个(?!月工?资))|几(万|千|百|倍)|几个月(的)?(工资|钱)|(怎么|如何|咋)(算|计算)|数额|金额"
)
# The same of the whole matter, with no word of what for: 我能要多少赔偿, 一共多少钱.
_WHOLE = re.compile(
    r"(那么?|我们?|到底|大概|大约|一共|总共|最多|最后|应该?|可以|能|会|向|跟|找|让|要|拿|得|到|领|赔|补|给|付|偿|金|钱|的|是|"
    r"公司|单位|老板|对方|他们?|她们?|多少|几个月工资|数额|金额|怎么|如何|算|计算|[吗呢啊呀了?。,!\s])+"
)
POINTS = (COURT, LIMITATION, TIME, COST, PROOF, NEXT)


def asked(text: str) -> Point | None:
    """The point that a short question is about; None when it is about something else."""
    said = plain(text).strip()
    if len(said) > SHORT:
        return None
    return next((point for point in POINTS if re.search(point.asked, said)), None)


def amount(text: str) -> bool:
    """Whether a question asks how much there is to be had or paid."""
    return bool(_AMOUNT.search(plain(text)))


def whole_amount(text: str) -> bool:
    """Whether the question asks how much all in all, and of nothing in particular."""
    return amount(text) and bool(_WHOLE.fullmatch(plain(text).strip()))


def law(point: Point, field: str) -> tuple[Says, ...]:
    """What the law of the field's procedure says on the point."""
    grounds = point.law[PROCEDURES.get(field, "civil")]
    if point is COURT:
        grounds += (OF_CONTRACT,) if field in CONTRACTS else ()
        grounds += (OF_WRONG,) if field in WRONGS else ()
        grounds += (OF_LAND,) if field in (*LAND, "继承") else ()
    return grounds
