"""交通事故: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.domains.traffic import DOMAIN

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释"
HARM = "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释"
POLICE = "道路交通事故处理程序规定"


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str]]:
    """Causes, facts (id to value), questions (element ids), articles of the findings that hold."""
    known: dict[str, facts.Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known)]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds


COMPLETE = [
    (
        (
            "上个月我骑电动车下班回家,被一辆轿车撞了,右腿骨折住院20天,花了3万医药费,交警认定对方全责,对方有交强险和三者险,伤残鉴定还没做",
        ),
        "injury",
        {
            "harm": "有人受伤",
            "fault": "对方全责",
            "against": "机动车",
            "insured": "有交强险和商业险",
            "medical": "30000元",
            "stay": "20天",
            "commute": "上下班或工作途中",
            "accident_on": "2026年10月",
        },
        "工伤保险条例#14",
    ),
    (
        (
            "我妈今年67岁,过马路走斑马线被一辆面包车撞倒,肋骨断了三根,住院花了5万多,司机只垫付了1万就不管了,交警定的司机全责,对方只有交强险,现在还在医院",
        ),
        "injury",
        {
            "fault": "对方全责",
            "insured": "只有交强险",
            "disability": "还没鉴定",
            "age": "60到74岁",
            "medical": "50000元",
            "paid": "10000元",
        },
        "民法典#1213",
    ),
    (
        ("我在人行道走路被外卖小哥骑电动车撞了,手腕骨折,做了手术,鉴定十级伤残,交警认定他全责,他说没钱",),
        "injury",
        {"against": "非机动车", "disability": "已评上伤残", "fault": "对方全责"},
        f"{HARM}#12",
    ),
    (
        ("对方醉驾撞了我,我锁骨骨折,评了十级,对方全责,对方有交强险没有商业险",),
        "injury",
        {"insured": "只有交强险", "opp_state": "酒驾或无证"},
        f"{RULES}#15",
    ),
    (
        ("孩子放学路上被一辆逆行的电动车撞了,擦伤,对方全责不肯赔钱",),
        "injury",
        {"against": "非机动车", "disability": "伤轻不构成"},
        "民法典#1165",
    ),
    (
        ("被车撞了,对方全责", "没有骨折,只是皮外伤", "对方有交强险和商业险"),
        "injury",
        {"harm": "有人受伤", "disability": "伤轻不构成", "insured": "有交强险和商业险"},
        "民法典#1179",
    ),
    (
        ("我被一辆出租车撞了 小腿骨裂 出院了 伤残没评上 司机负全部责任 保险都有",),
        "injury",
        {"fault": "对方全责", "insured": "有交强险和商业险"},
        "民法典#1213",
    ),
    (
        ("俺爹骑三轮车让大货车给撞没了,72岁,交警认定货车主责俺爹次责,货车保险齐全,能赔多少钱",),
        "death",
        {"fault": "对方主责", "age": "60到74岁", "insured": "有交强险和商业险"},
        f"{HARM}#15",
    ),
    (
        ("我丈夫45岁,上班路上被渣土车撞死,对方全责,保险有交强险和商业险,留下两个孩子",),
        "death",
        {"harm": "有人去世", "age": "不满60岁"},
        "工伤保险条例#17",
    ),
    (
        ("我开车不小心把一个老太太撞了,她骨折了,交警判我全责,我有交强险和100万三者险,家属张口要30万,合理吗",),
        "liable",
        {"fault": "我方全责", "my_insured": "有交强险和商业险", "offer": "300000元"},
        "民法典#1213",
    ),
    (
        ("我追尾了前面的宝马,我全责,没有人受伤,只有交强险,对方修车要5万",),
        "liable",
        {"harm": "只有车物损失", "other": "机动车", "repair": "50000元", "my_insured": "只有交强险"},
        "道路交通安全法#76",
    ),
    (
        ("我骑电动车撞了个老人,老人骨折,我没有保险,交警认定我主责老人次责",),
        "liable",
        {"fault": "我方主责", "my_insured": "没有交强险"},
        "民法典#1165",
    ),
    (
        ("昨天拿到事故责任认定书判我主责,我不服,我有行车记录仪",),
        "fault",
        {"stage": "收到不超过三天", "proof": "有证据"},
        f"{POLICE}#71",
    ),
    (
        ("交警责任认定不公平,认定书上个月就下来了,没有监控,我该怎么办",),
        "fault",
        {"stage": "收到超过三天", "proof": "没有证据"},
        f"{RULES}#24",
    ),
    (
        ("酒驾被查了,血液酒精含量95,没出事故,第一次,会坐牢吗",),
        "offence",
        {"state": "醉酒驾驶", "severity": "没有人伤亡", "camp": "肇事一方"},
        "刑法#133-1",
    ),
    (
        ("我表弟无证驾驶摩托车把人撞成重伤,负主要责任,还没赔钱,家属不肯谅解,会坐牢吗",),
        "offence",
        {"state": "无证驾驶", "severity": "重伤", "forgive": "还没有谅解"},
        "最高人民法院关于审理交通肇事刑事案件具体应用法律若干问题的解释#2",
    ),
    (
        ("保险公司说我没年检,商业险拒赔,可当时买保险根本没跟我说过",),
        "insurer",
        {"cover": "商业三者险", "reason": "依免责条款", "who": "买保险的一方"},
        "保险法#17",
    ),
    (("对方全责,对方保险公司一直拖着不赔怎么办",), "insurer", {"reason": "拖着不办", "who": "被撞的一方"}, "保险法#65"),
    (
        ("我把车借给朋友,他有驾照,结果他开车撞了人,我要赔吗,车有交强险和商业险",),
        "owner",
        {"relation": "借用或租用", "knew": "不知道,也没过错"},
        "民法典#1209",
    ),
    (
        ("停车场里我的私家车被追尾,对方全责,人没事,修车8000,对方有保险就是不肯报",),
        "damage",
        {"fault": "对方全责", "use": "自用", "repair": "8000元"},
        f"{RULES}#12",
    ),
]


@pytest.mark.parametrize(("messages", "cause", "expected", "article"), COMPLETE)
def test_a_complete_story_is_understood_and_leaves_nothing_to_ask(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert causes[0] == cause
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


BARE = [
    ("我被车撞了怎么办", "injury", {"harm", "fault", "insured"}),
    ("撞了人要赔多少钱", "liable", {"harm", "fault", "my_insured"}),
    ("被追尾了怎么赔", "damage", {"fault", "insured"}),
    ("行人闯红灯被我撞了,我没责任也要赔吗", "liable", {"my_insured"}),
    ("对方逃逸了找不到人,我腿骨折了在医院没钱治", "injury", {"fault"}),
    ("不服交警的责任认定", "fault", {"stage", "proof"}),
    ("二手车卖了没过户,买家出事故撞死人,现在把我也告了", "owner", set()),
    ("我老公喝了酒开车撞死了人,当时吓得跑了,交警认定全责,会判几年", "offence", {"forgive"}),
    ("我爸出车祸去世了", "death", {"fault", "insured", "age"}),
    ("保险公司拒赔", "insurer", {"reason", "who"}),
]


@pytest.mark.parametrize(("story", "cause", "wanted"), BARE)
def test_a_bare_story_leads_to_few_and_decisive_questions(story: str, cause: str, wanted: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert wanted <= set(asked)
    assert len(asked) <= 6


def test_a_correction_overrides() -> None:
    _, known, _, _ = told("我被货车撞骨折了,对方全责", "说错了,交警定的是对方主责我次责")
    assert known["fault"] == "对方主责"


def test_the_side_decides() -> None:
    assert told("老公被车撞伤住院")[0] == ["injury"]
    assert told("老公开车撞伤了人,伤者住院")[0] == ["liable"]


# Rambling first messages with distracting numbers: (story, causes, causes it is not, facts, elements it says nothing of).
RAMBLING = [
    (
        "昨天停车场停得好好的车被人蹭了,对方全责,4S店定损8600,我的车是去年11月刚买的28万,要求贬值费他不给,修车要一周我每天打车60",
        {"damage"},
        set(),
        {"repair": "8600元", "use": "自用"},
        {"offer"},
    ),
    (
        "我爸骑三轮车被大货车撞死了,交警认定货车主责,我爸55岁农村的,货车挂靠在运输公司,保险公司说只赔农村标准,有两个孩子一个15岁",
        {"death", "insurer", "owner"},
        set(),
        {"reason": "按农村标准赔", "relation": "挂靠"},
        set(),
    ),
    (
        "我自己的车跑滴滴,上个月追尾了前车,保险公司说我改变使用性质拒赔三者险,前车修车花了3万2,我该怎么办",
        {"insurer", "liable"},
        {"damage"},
        {"repair": "32000元", "reason": "改变用途"},
        {"medical"},
    ),
    (
        "坐朋友的车去玩,朋友开太快撞护栏上,我锁骨骨折花了4万,朋友全责,他说好心带我一分不赔",
        {"injury"},
        {"liable"},
        {"ride": "免费搭车", "medical": "40000元"},
        set(),
    ),
    (
        "我去年把旧车1万8卖给二手车贩子没过户,昨天交警打电话说车撞死人跑了,让我去配合,我要赔吗",
        {"owner"},
        set(),
        {"relation": "已卖没过户"},
        set(),
    ),
]


@pytest.mark.parametrize(
    ("story", "causes", "others", "expected", "silent"), RAMBLING, ids=[row[0][:24] for row in RAMBLING]
)
def test_a_rambling_story(
    story: str, causes: set[str], others: set[str], expected: dict[str, str], silent: set[str]
) -> None:
    found, values, _, _ = told(story)
    ids = set(found)
    assert causes <= ids and not others & ids
    assert expected.items() <= values.items()
    assert not silent & set(values)
