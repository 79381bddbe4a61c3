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
