"""交通事故: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.domains.traffic import DOMAIN
from tests.orchestrator.fields import played

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
        ("我在人行道走路被一个骑电动车的小伙撞了,手腕骨折,做了手术,鉴定十级伤残,交警认定他全责,他说没钱",),
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
        ("我表弟无证驾驶摩托车把一个行人撞成重伤,负主要责任,车有交强险没有商业险,还没赔钱,家属不肯谅解,会坐牢吗",),
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
    ("对方逃逸了找不到人,我腿骨折了在医院没钱治", "runaway", {"insured"}),
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
        {"lift"},
        {"liable"},
        {"lift_side": "搭车的一方", "medical": "40000元"},
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


# What a lawyer would ask: (opening, what it tells, what must be asked within three turns).
OPENINGS = [
    (
        "我爸前天早上骑自行车去菜市场,过路口的时候让一辆右转的面包车带倒了,现在髋骨骨折躺在医院,医生说要换关节。司机来看过一眼就再没露面,我们该怎么要赔偿?",
        {"harm", "against", "role", "accident_on", "commute"},
        {"fault", "insured", "disability", "income", "settled"},
    ),
    (
        "十一那天我坐朋友的车去爬山,半路跟一辆货车追尾了,我坐副驾,锁骨断了,上个礼拜才拆线,请了两个月的假,朋友说他也受伤了让我自己想办法。找谁赔?",
        {"harm", "against", "role", "accident_on"},
        {"fault", "insured", "disability", "settled"},
    ),
    (
        "我老婆上周五晚上过斑马线被一辆越野车撞了,送到医院没抢救过来,人就没了。她才34岁,司机当场让警察带走了。家里天都塌了,对方家属托人来说想谈谈,我们能要什么赔偿?",
        {"harm", "against", "age", "accident_on"},
        {"insured", "fault", "dependants", "settled"},
    ),
    (
        "俺娘今年66了,大前天赶集叫一辆拉沙子的大车碾了,当场就走了,交警说大车全责。老板托村干部来说先给十万,让俺别闹。这事咋办,能赔多少?",
        {"harm", "fault", "age"},
        {"insured", "dependants", "settled"},
    ),
    (
        "昨天停在小区门口的车被一辆倒车的SUV蹭了,右后门凹了一大块,对方下来看了看说赔我三百让我自己喷漆,我4S店问了下说要换门。我不同意他就走了,怎么办?",
        {"harm", "against", "accident_on"},
        {"fault", "insured", "repair", "receipts"},
    ),
    (
        "上个月28号我的网约车被一辆出租车追尾,对方全责,车在修理厂趴了十二天,这十二天我一分钱没挣着。修车钱保险公司打给修理厂了,停运的钱谁都不认,我该找谁要?",
        {"fault", "use", "accident_on"},
        {"insured", "repair", "settled"},
    ),
    (
        "我昨晚下班开车回家,天黑下雨没看清,撞到一个骑三轮车的大爷,人送医院了说是肋骨断了两根。我垫了八千块钱,他儿子今天打电话开口就要十五万,我该怎么办?",
        {"harm", "other", "paid", "offer", "duty", "accident_on"},
        {"my_insured", "fault", "driver_state", "disability", "settled"},
    ),
    (
        "今天早上送孩子,路口起步的时候跟一辆电动车碰上了,女的摔在地上说腿疼,现在在医院拍片子。我吓坏了,她老公说要我全赔,我该注意什么?",
        {"other", "accident_on"},
        {"my_insured", "fault", "driver_state"},
    ),
    (
        "交警给我妈判了主责,我们一家都不服。那个路口她明明走的是人行横道,是那个小伙子骑摩托冲过来的,凭什么她主责?能不能推翻?",
        {"fault"},
        {"stage", "breach", "proof"},
    ),
    ("前几天两车相撞,我直行他左转,结果认定书写同等责任,我想申请复核,有没有用?", {"fault"}, {"breach", "proof"}),
    (
        "昨天晚上我弟跟同学吃烧烤,回来骑摩托车带人,路上撞护栏上了,后座那个同学现在还在重症监护室。我弟会不会坐牢?家里急死了。",
        {"severity"},
        {"state", "blame", "forgive"},
    ),
    (
        "我老公是开大货的,上周三凌晨在国道上把一个横穿的老头撞了,老头当场死亡,老公现在在看守所。请问大概要判多久,我们家属能做什么?",
        {"severity"},
        {"state", "blame", "forgive", "turned_in"},
    ),
    (
        "今年八月我的车在地库撞了柱子,报了保险,业务员拍了照,结果上周打电话说不能赔。我保费一年交五千多,现在修车厂催我结账,气死了,怎么让保险公司赔?",
        {"who", "accident_on"},
        {"reason", "repair"},
    ),
    (
        "被一辆私家车撞骨折住院,对方全责,可他的保险公司说车主在跑滴滴改变了用途,商业险一分不给赔,对方也没钱,我该怎么办?",
        {"fault", "reason", "against", "who"},
        {"disability", "settled"},
    ),
    (
        "表哥上周借我的车回老家,在县道上把一个骑电动车的撞了,人伤得挺重还在医院。今天对方家属打电话给我,说车在我名下,我跑不了。我该怎么办?",
        {"relation", "harm", "accident_on"},
        {"knew", "insured", "fault", "sound", "settled"},
    ),
    (
        "三年前我把旧面包车卖给了邻村的人,一直没过户,昨天交警打电话来说这车撞了人跑了,让我去说明情况。我会不会要赔钱?",
        {"relation"},
        {"insured", "deal", "fault"},
    ),
]
WHOLE = [
    "2026年8月3号早上七点多,我骑电动车去上班,在解放路口被一辆闯红灯的轿车撞倒,左腿胫骨骨折,住院18天,做了手术,花了4万6,发票病历都留着。交警认定书上周下来了,对方全责。对方司机有驾照没喝酒,车有交强险和一百万三者险。对方垫了两万。我在超市当收银员,一个月4200,医生开了三个月病假,单位说可以帮我报工伤。上周刚做完伤残鉴定,十级。我有个六岁的女儿,爸妈都有退休金。没跟对方签过任何协议。能要哪些钱?",
    "我父亲今年58岁,2026年9月12日早上步行去地里,被邻村刘某开的小货车撞了,送医院抢救无效去世。交警认定刘某全责,我父亲无责。刘某没喝酒,有驾照,已经被刑拘。他的车有交强险,商业险买了50万,保险公司已经来过。我母亲一直有病没有收入,就靠父亲养,我和妹妹都成年了。抢救费票据、死亡证明都在。对方给了三万安葬费,还没签谅解书和协议。我们想知道能要多少。",
    "2026年10月8日下午,我的私家车正常停在路边车位,被李某倒车撞坏左前门,没有人受伤。交警出了快处单,李某全责。他有交强险和200万三者险,没喝酒。4S店定损9800元,已经修好,发票有,修了6天我上班打车花了420元,行程单也有,事发时行车记录仪全录下来了。李某说保险只管修车,打车费他不出。没签过协议。打车费能要吗?",
    "2026年7月15日晚上我开自己的车去接孩子,路口右转时碰倒了一个骑电动车的阿姨,她手腕骨折,住院十天,前几天做了鉴定不构成伤残。交警认定我主责、她次责。我有驾照没喝酒,当场报警打了120也没离开过。车上交强险和100万三者险都在期内,已经报了保险。我垫了1万2的医药费,票据都在我手里。现在她要我一次性给6万,不然不签协议,我该给多少?",
    "认定书前天收到的,判我同等责任,理由是说我变道没让行。可我行车记录仪录得清清楚楚,我是直行,对方从左边实线强行变道撞上来的,2026年11月15号下午四点多出的事,只是车坏了,人没受伤。现场还有路口监控。我想申请复核,该怎么写?",
    "2026年10月26日晚上我朋友聚会喝了点啤酒,开车回家被交警设卡查到,抽血结果是52mg/100ml,没撞到人也没出事故,我有驾照,开的是自己的小车,保险都有。以前从来没被处罚过,第一次。会怎么处罚,会留案底吗?",
    "2026年6月20号暴雨,我停在地下车库的车被淹了,买的是车损险,在保险期内。我没有发动过车,当天就报了保险,损失修车要花七万八,有维修清单。保险公司8月给了我一份书面的拒赔通知书,理由是条款写着“发动机进水免赔”。可是投保时业务员从来没跟我讲过这个条款,电子投保单也不是我签的字。没有第三方责任的问题,人也没受伤。怎么要?",
    "2026年9月5日,我把车借给同事小王去接亲,他有驾照,那天没喝酒,这个我确认过,车刚做过年检和保养没毛病,借车的聊天记录也在。他在路上把一个骑车的老人撞伤,老人大腿骨折,还没做伤残鉴定。交警认定小王全责。车有交强险和200万三者险,都在保期内。老人一家没有要抚养的人,退休金也有。没有签过协议,对方现在要告我和小王,我要赔吗?",
]


@pytest.mark.parametrize(("story", "told_", "wanted"), OPENINGS)
def test_what_a_lawyer_would_ask_is_asked_and_nothing_that_was_told(
    story: str, told_: set[str], wanted: set[str]
) -> None:
    asked = played(DOMAIN, story, TODAY)[2]
    assert wanted - set(asked) == set()
    assert told_ & set(asked) == set()


@pytest.mark.parametrize("story", WHOLE)
def test_who_told_all_is_asked_nothing(story: str) -> None:
    assert played(DOMAIN, story, TODAY)[2] == []


# What people answer in their own words: (element, reply, what it says).
REPLIES = [
    ("fault", "认定书下来了,对方主责我次责", "对方主责"),
    ("fault", "对方全部责任,我没责任", "对方全责"),
    ("fault", "还没出来,交警说要十天", "还没认定"),
    ("insured", "交强险有,三者险买了两百万", "有交强险和商业险"),
    ("insured", "他只买了个交强", "只有交强险"),
    ("insured", "查了,脱保半年了", "没有交强险"),
    ("insured", "都齐全的", "有交强险和商业险"),
    ("my_insured", "交强险跟一百万三者都在", "有交强险和商业险"),
    ("my_insured", "光有交强险", "只有交强险"),
    ("disability", "医生说拆了钢板再鉴定", "还没鉴定"),
    ("disability", "还没有,人还在医院", "还没鉴定"),
    ("disability", "评了个十级", "已评上伤残"),
    ("disability", "就擦破点皮", "伤轻不构成"),
    ("settled", "啥也没签,就垫了五千", "没有签"),
    ("settled", "签了一份和解书", "已签协议"),
    ("settled", "没签,他家来谈过两次", "没有签"),
    ("dependants", "娘没有退休金,就靠俺爹养着", "有要抚养、赡养的人"),
    ("dependants", "有个三岁的女儿", "有要抚养、赡养的人"),
    ("dependants", "没有,孩子都工作了", "没有"),
    ("commute", "是下班路上", "上下班或工作途中"),
    ("commute", "不是,去买菜的", "与工作无关"),
    ("opp_state", "没有,他有驾照也没喝酒", "没有这些情形"),
    ("opp_state", "交警说他是酒驾", "酒驾或无证"),
    ("knew", "他有驾照,没喝酒", "不知道,也没过错"),
    ("sound", "车刚年检过,没毛病", "车况正常"),
    ("sound", "刹车有点软", "车有毛病"),
    ("state", "喝了二两,抽血68", "饮酒驾驶(没到醉酒)"),
    ("state", "没喝酒,也没跑", "没有这些情形"),
    ("severity", "老人去世了", "死亡"),
    ("severity", "鉴定是重伤二级", "重伤"),
    ("severity", "人没事,就车坏了", "没有人伤亡"),
    ("blame", "认定他负主要责任", "全责或主责"),
    ("repeat", "2022年酒驾被罚过一次", "被罚过"),
    ("repeat", "没有,头一回", "第一次"),
    ("forgive", "还没谈,家属要六十万", "还没有谅解"),
    ("forgive", "赔了三十万,谅解书也拿到了", "已赔偿并获谅解"),
    ("turned_in", "当场报的警,一直没走", "主动报警或投案"),
    ("turned_in", "第二天自己去交警队投案的", "主动报警或投案"),
    ("stage", "前天刚收到", "收到不超过三天"),
    ("stage", "快一个月了", "收到超过三天"),
    ("breach", "说我变道没打灯", "说我方违章"),
    ("proof", "行车记录仪拍下来了", "有证据"),
    ("proof", "那段路没监控", "没有证据"),
    ("reason", "说我改变使用性质跑滴滴", "改变用途"),
    ("reason", "就说不在理赔范围", "依免责条款"),
    ("notice", "业务员从来没跟我讲过", "没有提示说明"),
    ("notice", "签是我签的,没细看", "提示说明过"),
    ("refusal", "就电话里说了一声", "只有口头"),
    ("refusal", "给了一份拒赔通知书", "有书面通知"),
    ("driver_state", "没喝酒,有驾照", "都没有"),
    ("deal", "微信上说的,有聊天记录", "有凭证"),
    ("deal", "口头借的", "没有凭证"),
    ("receipts", "都留着呢", "都留着"),
    ("relation", "他是我雇的司机", "给单位开车"),
    ("duty", "是给公司送货", "替单位干活时"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# The troubles people bring, in their words, and the cause that each must come out at first.
TROUBLES = [
    ("我闺女骑电动车上班叫右转的水泥罐车挂倒了,骨盆骨折,车队老板说走保险,别的一概不管", "injury"),
    ("小车超车把我连人带摩托逼到沟里,没碰上,但我腿断了,他说没碰着不赔", "injury"),
    ("我送外卖闯红灯被小车撞了,腿断了,平台说我没买保险", "injury"),
    ("本人驾驶小轿车与一辆电动自行车相撞,对方颅脑损伤,交警认定我负次要责任,对方家属索赔六十万", "liable"),
    ("孩子十二岁骑自行车把停着的奥迪刮了,车主要两万八", "liable"),
    ("爷爷被撞以后在医院住了四个月走了,保险公司说不是车祸死的", "death"),
    ("我喝了点酒坐副驾,开车的是没驾照的朋友,交警说我也要罚", "offence"),
    ("疲劳驾驶追尾死了一个人,我主责,已经取保,检察院快起诉了", "offence"),
    ("新买的二手车没过户,原车主的保险还在,出了事保险公司不认我", "insurer"),
    ("公司的货车我开出去出了车祸,老板要我承担三成", "owner"),
    ("坐网约车下车开门时被后面电动车撞了,算谁的", "bus"),
    ("老公早上骑摩托去上班,在路口让拐弯的皮卡给挂倒了,胳膊断了,司机说他有保险让我们找保险公司", "injury"),
    ("过马路的时候被一辆闯红灯的小车撞飞,在医院躺了半个月,司机交了三千就没影了", "injury"),
    ("我婆婆在村口被倒车的三轮压了脚,脚趾粉碎,对方是同村的,没钱也没上保险,咋弄", "injury"),
    ("朋友顺路捎我回老家,高速上他打瞌睡撞了护栏,我腰椎断了,他说好心没好报凭什么找他", "lift"),
    ("我免费带同事下班,路上被追尾,同事肋骨断了,现在他要我赔钱,我冤不冤", "lift"),
    ("坐公交车司机猛踩刹车,我妈从座位上摔下来手腕断了,公交公司说她没扶稳", "bus"),
    ("打滴滴路上跟别的车撞了,我坐后排门牙磕掉两颗,平台让我自己找司机", "bus"),
    ("坐长途大巴翻车了,我胳膊骨折,客运公司说等处理", "bus"),
    ("我是送外卖的,赶时间把一个老太太撞倒了,她股骨颈骨折,家属要十五万,站点说我是众包不管", "rider"),
    ("外卖小哥逆行把我女儿撞了,脑震荡住院,平台说他是外包的,到底找谁", "rider"),
    ("快递员骑三轮送件时把我撞了,小腿骨裂,快递点老板不露面", "rider"),
    ("我爸走在路边被大货车碾了,当场人就没了,司机已经抓了,公司那边只来过一次", "death"),
    ("我儿子二十三,骑车被渣土车带倒没救回来,我们两口子就这一个孩子,能赔多少", "death"),
    ("我开车不小心把一个骑电动车的阿姨撞了,她锁骨骨折,家里人天天打电话要误工费,我保险齐全", "liable"),
    ("倒车没看见蹭倒一个老头,去医院查没啥事,他儿子非要两万,是不是讹我", "liable"),
    ("我老公撞了人,对方重伤在ICU,每天一万多,我们已经垫了八万实在拿不出来了", "liable"),
    ("追尾前车,我全责,对方是辆奔驰,要我赔贬值费三万", "liable"),
    ("停在楼下的车被人刮了一长条,物业监控看到了车牌,对方不认", "damage"),
    ("别人追尾我,新车才开两个月,4S店说修好也要掉价,保险公司不给贬值,能要吗", "damage"),
    ("我的出租车被撞,修了二十天,份子钱照交,这停运的损失谁出", "damage"),
    ("交警说我和他一人一半责任,我觉得他闯红灯,拿到单子两天了,怎么申诉", "fault"),
    ("事故都一个月了交警还没给认定书,催了好几次,就说在鉴定", "fault"),
    ("昨晚和朋友喝了两瓶啤酒开车回家被拦,吹气一百二,抽了血,会不会坐牢", "offence"),
    ("我弟骑摩托撞死了人,他没有驾照,现在关在看守所,家属能做什么", "offence"),
    ("撞了人心里害怕就开走了,过了三个小时去自首,这算逃逸吗", "offence"),
    ("我哥是大货车司机,拉货路上撞死一个老人,交警定主责,说要判刑,赔钱能不能缓刑", "offence"),
    ("保险公司说我跑网约车没改营运,三者险一分不赔,伤者那边要四十万", "insurer"),
    ("人家撞了我,他的保险公司说要按医保用药扣百分之二十,剩下的谁出", "insurer"),
    ("出险两个多月了,资料交了三遍,理赔员老说在审核", "insurer"),
    ("车借给小舅子开,他撞了人,对方连我一起告了", "owner"),
    ("车两年前就卖了没过户,现在买主撞了人,法院传票寄给我", "owner"),
    ("我的车挂在运输公司名下跑货,司机出了事,公司让我自己扛", "owner"),
    ("公司派我开车送货,追尾了别人,公司让我自己掏修车费", "owner"),
    ("当时私了签了字拿了五千,后来查出半月板撕裂要手术,还能再找他要吗", "regret"),
    ("事故当天跟司机写了个一次性了结的协议,现在医生说要评残,协议能作废吗", "regret"),
    ("保险公司赔完对方以后起诉我,说我酒驾要我把交强险的钱还给它", "recourse"),
    ("我撞坏的那辆车保险公司先赔了,现在保险公司拿着代位求偿的单子来找我要八万", "recourse"),
    ("法院判他赔我十六万,三个月了一分没给,房子车子都不在他名下", "collect"),
    ("调解书上说分六期给,给了一期就不接电话了,是车祸的钱", "collect"),
    ("晚上骑电动车掉进马路上没盖的井里,也没有警示灯,锁骨断了", "road"),
    ("高速上前面掉下来一个轮胎,我躲闪撞了护栏,车毁了,高速公司说跟他们没关系", "road"),
    ("交警把我的车扣了快一个月,说要检验,停车场还要收停车费,合法吗", "seized"),
    ("撞我的人跑了,到现在没抓到,医院催着交钱,听说有个救助基金怎么申请", "runaway"),
    ("肇事车没有保险,司机也拿不出钱,医院要停药了,有什么基金能先垫吗", "runaway"),
    ("我骑三轮去赶集,后头来了个奔驰把我顶到沟里,肋条断了四根,对方说他有保险让我等", "injury"),
    ("娃放学路上叫一辆面包车蹭倒了,脸上蹭掉一大块皮,怕留疤,对方想给八百了事", "injury"),
    ("我开滴滴被一辆闯红灯的货车怼了,车在厂里修了半个月,一天少挣四五百", "damage"),
    ("小区里开车门把骑电动车的碰倒了,她说胸口疼要去省城查,我该不该一直垫钱", "liable"),
    ("俺爹在国道边走路让半挂带死了,司机跑了三天才抓到,保险说逃逸不赔", "death"),
    ("我把面包车租给别人拉货,他没有驾照把人撞成植物人,家属告我", "owner"),
    ("同乡骑摩托带我去镇上,没收我钱,撞了电杆我腿断了,他没保险", "lift"),
    ("搭顺风车平台的车出了事,我肩膀脱臼,司机说是顺路免费", "bus"),
    ("公交车没停稳就开门,我婆婆下车摔断手", "bus"),
    ("被送餐的电瓶车在人行道撞倒,胯骨裂了,骑手说他没钱,让找公司,公司说他是兼职", "rider"),
    ("我送快递时把路边一个小孩撞了,小孩缝了五针,家长要三万,网点老板让我自己赔", "rider"),
    ("酒后挪车被邻居举报了,就挪了几米,测出来110,怎么办", "offence"),
    ("我爱人开车追尾大货车,副驾上的同事死了,现在警察说要抓她", "offence"),
    ("儿子无证骑摩托把人撞成重伤跑回家了,第二天我带他去投案的", "offence"),
    ("责任认定说我没确保安全负主责,可对方是逆行,复核还来得及吗", "fault"),
    ("暴雨天车开进积水熄火了,保险公司说二次打火不赔发动机", "insurer"),
    ("对方全责不肯修车,我让自己的保险公司先赔行不行", "damage"),
    ("买的车险电话里说全赔,出事了说要扣绝对免赔率", "insurer"),
    ("签了两万块的调解书后才晓得腰椎骨折,能反悔不", "regret"),
    ("法院判了肇事司机赔三十万,他说没钱,车也卖了", "collect"),
    ("修路挖的沟没放牌子,我爸骑车栽进去人没了", "road"),
    ("前面货车掉下来一块石头砸了我挡风玻璃,货车没停", "road"),
    ("电动车被交警拖走半个月了还不让取,说要鉴定", "seized"),
]


@pytest.mark.parametrize(("story", "cause"), TROUBLES)
def test_a_trouble_comes_out_at_its_cause(story: str, cause: str) -> None:
    assert [found.id for found in reasoning.recognise(DOMAIN, story)][:1] == [cause]


# One story per cause, and words of the conclusion that must hold.
CONCLUSIONS = [
    (
        "rider",
        "我是专送骑手,送餐路上骑电动车把一个大爷撞了,他手腕骨折。合同是跟配送公司签的,工资它发。",
        "由这家用人单位赔",
    ),
    (
        "rider_hurt",
        "我给站点送快递,正在送件时骑三轮跟轿车碰了,我右腿骨折住院,交警说我主责对方次责。老板每天派件打卡,没交社保",
        "您负主责不等于没处要钱",
    ),
    ("rider_hurt", "我老公跑众包,送单时自己摔断了胳膊,平台每天扣保险费", "先用平台扣的意外险报自己的医药费"),
    ("lift", "朋友顺路捎我回家,车撞了护栏,我锁骨骨折。他没喝酒没超速,也没收我车费。", "应当减轻"),
    ("bus", "我妈坐公交车,司机急刹车,她摔倒骨折,还在住院没有做伤残鉴定。", "按运输合同找承运的公司全额赔"),
    (
        "regret",
        "被车撞后当场私了签了协议,写了一次性了结,当时以为只是擦伤,后来查出骨折要手术,还能反悔吗",
        "可以以重大误解或显失公平",
    ),
    ("recourse", "保险公司交强险赔了伤者以后起诉我,说我醉驾,要我把钱还给它", "可以向侵权人追偿"),
    ("collect", "法院判他赔我十六万,生效三个月了一分没给", "可以直接申请强制执行"),
    ("road", "晚上骑电动车掉进马路上没盖的井里,没有警示灯,锁骨断了", "找施工单位或管路的单位"),
    ("seized", "交警把我的事故车扣了一个月说要检验,停车场还要收停车费", "五日内应当通知您取车"),
    ("runaway", "撞我的人跑了没抓到,医院催着交钱,有没有救助基金可以垫", "可以先由基金垫付"),
]


@pytest.mark.parametrize(("cause", "story", "words"), CONCLUSIONS)
def test_a_story_leads_to_its_conclusion(cause: str, story: str, words: str) -> None:
    known = facts.extract(DOMAIN.elements, story, TODAY)
    causes = reasoning.recognise(DOMAIN, story)
    assert causes[0].id == cause
    held = reasoning.decide(causes[:1], known, TODAY).held
    assert any(words in finding.concludes for _, finding in held)
