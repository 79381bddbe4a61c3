"""刑事: whole stories, as suspects, families and victims tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.domains import criminal
from orchestrator.domains.criminal import DOMAIN
from tests.orchestrator.fields import played

TODAY = date(2026, 11, 20)
US, THEM = criminal.SUSPECT, criminal.VICTIM


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
        ("我老公涉嫌诈骗被刑事拘留23天了,金额大概18万,是被警察上门抓的,没有前科,我们还没退赔,他也认罪,会判几年",),
        {"property", "custody", "leniency"},
        {
            "side": US,
            "who": "您的家人",
            "crime": "诈骗",
            "custody": "刑事拘留",
            "amount": "180000元",
            "held": "23天",
            "arrival": "被当场或上门抓获",
            "repair": "还没赔",
            "prior": "没有前科",
        },
        {"刑事诉讼法#91", "刑法#266", "刑法#64", f"{criminal.FRAUD}#1"},
    ),
    (
        ("我弟弟偷东西被刑拘了", "就偷了一次,路边的电动车,值4000元", "车已经退了,失主还不肯谅解"),
        {"property", "custody"},
        {"crime": "盗窃", "amount": "4000元", "repair": "已赔(含部分),没有谅解"},
        {"刑法#264", f"{criminal.THEFT}#1", "刑事诉讼法#39"},
    ),
    (
        (
            "老婆在超市上班,前后偷拿东西十几次,加起来大概一千八,超市报警了,民警打电话叫她去,东西都赔了超市也出了谅解书,她承认",
        ),
        {"property", "custody"},
        {"manner": "有这些情形", "amount": "1800元", "repair": "已赔并取得谅解", "custody": "还没被抓或只是传唤"},
        {"刑法#264", f"{criminal.THEFT}#3", f"{criminal.THEFT}#7"},
    ),
    (
        ("我给公司当出纳,挪用了12万炒股,已经全部还上了,公司还是报警了,我接到电话后自己去的派出所,现在取保候审,我认罪",),
        {"property", "custody"},
        {"side": US, "crime": "职务侵占或挪用资金", "custody": "取保候审或监视居住"},
        {"刑法#272", "刑事诉讼法#79", "刑事诉讼法#71"},
    ),
    (
        ("我爸跟邻居因为宅基地打架,对方先动手,我爸还手把他鼻子打骨折了,鉴定轻伤二级,现在被刑拘,对方要20万才肯谅解",),
        {"injury", "custody"},
        {"side": US, "fight": "对方先动手,我方还手", "harm": "轻伤", "comp": "200000元", "repair": "还没赔"},
        {"刑法#20", "刑法#234", "刑事诉讼法#288"},
    ),
    (
        ("我把人打了", "对方鉴定是轻伤一级", "赔了3万,他写了谅解书"),
        {"injury"},
        {"side": US, "harm": "轻伤", "repair": "已赔并取得谅解", "comp": "30000元"},
        {"刑法#234", f"{criminal.PROCEDURE}#596"},
    ),
    (
        ("俺男人酒后把邻居打咯,邻居住院了,派出所说要等法医鉴定,俺们垫了8000医药费,邻居不谅解",),
        {"injury"},
        {"side": US, "harm": "还没鉴定", "repair": "已赔(含部分),没有谅解"},
        {f"{criminal.POLICE}#252"},
    ),
    (
        ("我被邻居打成轻伤二级,已经报警立案了,对方到现在一分钱没赔",),
        {"injury", "victims"},
        {"side": THEM, "harm": "轻伤", "police": "已经立案", "repair": "还没赔"},
        {"刑法#234", "刑事诉讼法#101", f"{criminal.PROCEDURE}#192"},
    ),
    (
        ("我被打成轻伤一级,对方赔了5万我写了谅解书,还能反悔吗",),
        {"injury"},
        {"side": THEM, "repair": "已赔并取得谅解"},
        {f"{criminal.PROCEDURE}#593"},
    ),
    (
        ("我爸被人打死了,凶手被逮捕了,家里没赔到一分钱",),
        {"injury"},
        {"side": THEM, "harm": "死亡"},
        {"刑事诉讼法#101"},
    ),
    (
        ("我老公醉驾血检168,没有出事故,是公务员,会被开除吗",),
        {"drunk"},
        {"side": US, "bloodtest": "达到醉酒", "accident": "没有事故", "job": "公职人员"},
        {"刑法#133-1", "道路交通安全法#91", "公职人员政务处分法#14"},
    ),
    (
        ("喝了两瓶啤酒开车被交警查了,血检65,第一次",),
        {"drunk"},
        {"side": US, "bloodtest": "只是饮酒", "accident": "没有事故"},
        {"道路交通安全法#91"},
    ),
    (
        ("我喝了酒骑摩托车追尾了前面的车,血检136,对方车损赔了",),
        {"drunk"},
        {"bloodtest": "达到醉酒", "accident": "只有车物损坏", "vehicle": "摩托车"},
        {"刑法#133-1"},
    ),
    (
        ("我开网约车喝了点酒被查,血检30",),
        {"drunk"},
        {"bloodtest": "只是饮酒", "vehicle": "营运机动车"},
        {"道路交通安全法#91"},
    ),
    (
        ("我开车撞死了一个老人,交警认定我全责,我当时报警打120等在现场,已经赔了60万取得谅解,我认罪,会判几年",),
        {"collision", "leniency"},
        {
            "side": US,
            "harm": "死亡",
            "fault": "全责或主责",
            "flee": "没有逃逸",
            "arrival": "主动投案",
            "repair": "已赔并取得谅解",
        },
        {f"{criminal.TRAFFIC}#2", "刑法#67", "刑法#72"},
    ),
    (
        ("我爸70岁了开三轮撞死人,交警认定同等责任,对方要我们赔50万,不赔就让他坐牢",),
        {"collision"},
        {"side": US, "fault": "同等责任"},
        {f"{criminal.TRAFFIC}#2"},
    ),
    (
        ("我妈被一辆货车撞死了,司机负主要责任,保险还没赔,对方想让我们出谅解书",),
        {"collision"},
        {"side": THEM, "harm": "死亡", "pardon": "对方来谈谅解"},
        {"刑事诉讼法#101", f"{criminal.PROCEDURE}#192", f"{criminal.PROCEDURE}#593"},
    ),
    (
        ("我把对公账户租给别人每月3000,现在警察说涉诈流水两百万",),
        {"bankcard"},
        {"side": US, "act": "只出借、出租或卖了卡", "flow": "2000000元", "knew": "知道或猜到"},
        {"刑法#287-2", f"{criminal.AIDING}#12"},
    ),
    (
        ("我大学生,网上兼职说刷流水办贷款,就把银行卡给了别人,我真不知道是诈骗,现在警察找我",),
        {"bankcard"},
        {"side": US, "knew": "完全不知情"},
        {f"{criminal.AIDING}#11", "反电信网络诈骗法#44"},
    ),
    (
        ("帮朋友取现,每次给500块,取了大概15万,现在被刑拘了",),
        {"bankcard", "custody"},
        {"side": US, "act": "还帮忙转账、取现或刷脸", "custody": "刑事拘留"},
        {"刑法#312", "刑事诉讼法#91"},
    ),
    (
        ("我被网上刷单骗了5万,报警了派出所说立案了,钱能追回来吗",),
        {"scammed", "victims"},
        {"side": THEM, "loss": "财物被骗、被偷、被占", "amount": "50000元", "police": "已经立案"},
        {f"{criminal.PROCEDURE}#176", "刑法#64"},
    ),
    (
        ("朋友骗我投资30万,我去报案,公安说是经济纠纷不立案",),
        {"victims"},
        {"side": THEM, "police": "公安不立案", "amount": "300000元"},
        {f"{criminal.POLICE}#179", "刑事诉讼法#113"},
    ),
    (
        ("网恋被骗了12万,去派出所报案已经半个月没消息",),
        {"scammed", "victims"},
        {"side": THEM, "police": "报了,还没答复"},
        {"刑事诉讼法#112"},
    ),
    (
        ("检察院对打我的人作出不起诉决定,我不服",),
        {"victims"},
        {"side": THEM, "police": "检察院不起诉"},
        {"刑事诉讼法#180"},
    ),
    (
        ("公司员工侵占了公司货款20万,老板我想报案,怎么办",),
        {"victims", "property"},
        {"side": THEM, "police": "还没报案"},
        {"刑事诉讼法#110"},
    ),
    (
        ("一审判决书昨天收到,判了五年,觉得判重了,家属能上诉吗",),
        {"appeal"},
        {"side": US, "stage": "一审已判", "sentence": "5年"},
        {"刑事诉讼法#230", "刑事诉讼法#237"},
    ),
    (
        ("我16岁的时候偷东西判了六个月缓刑,现在考公务员政审查得到吗",),
        {"record"},
        {"outcome": "判了刑(含缓刑、拘役)", "age": "满16不满18周岁"},
        {"刑法#100", "刑事诉讼法#286"},
    ),
    (
        ("我几年前打架判过缓刑,有案底,影响孩子考公务员吗",),
        {"record"},
        {"outcome": "判了刑(含缓刑、拘役)"},
        {"刑法#100"},
    ),
    (
        ("我欠了好几家网贷一共20万,失业了还不起,平台说要告我诈骗",),
        {"debt"},
        {"debtor": "我欠别人的", "debt": "网贷或银行贷款", "deceit": "没有,是还不起", "owed": "200000元"},
        {"民法典#675"},
    ),
    (
        ("欠信用卡6万,银行一直催收说要报警抓我,做生意亏了没钱还",),
        {"debt"},
        {"debt": "信用卡", "owed": "60000元"},
        {f"{criminal.CARDS}#1", f"{criminal.CARDS}#3"},
    ),
    (
        ("我用假的房产证找朋友借了50万,现在还不上,他要报警",),
        {"debt"},
        {"debtor": "我欠别人的", "deceit": "有欺骗"},
        {"刑法#266"},
    ),
    (
        ("朋友借了我10万,说是做工程,结果是假项目,拿到钱就拉黑我,能告他诈骗吗",),
        {"debt"},
        {"debtor": "别人欠我的", "deceit": "有欺骗"},
        {f"{criminal.FRAUD}#1"},
    ),
    (
        ("法院判他还我20万,他有钱不还,把房子过户给他儿子了,能让他坐牢吗",),
        {"debt"},
        {"debtor": "别人欠我的", "debt": "法院判决后没还", "able": "有能力却转移、隐瞒或抗拒"},
        {"刑法#313", f"{criminal.DEFIANCE}#3"},
    ),
    (
        ("法院判我还钱,我确实没钱,会不会被抓去坐牢",),
        {"debt"},
        {"debtor": "我欠别人的", "able": "确实没有能力"},
        {"刑法#313", f"{criminal.DEFIANCE}#5"},
    ),
    (
        ("我儿子被同学打了,轻伤,对方才15岁,医药费还没赔",),
        {"injury", "juvenile"},
        {"side": THEM, "age": "满14不满16周岁", "harm": "轻伤"},
        {"民法典#1188", "刑法#17"},
    ),
]


@pytest.mark.parametrize(("messages", "causes", "expected", "articles"), COMPLETE)
def test_a_complete_story_is_understood_and_leaves_nothing_to_ask(
    messages: tuple[str, ...], causes: set[str], expected: dict[str, str], articles: set[str]
) -> None:
    recognised, known, asked, grounds = told(*messages)
    assert set(recognised) == causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert articles <= grounds


BARE = [
    ("我老公昨天被抓了怎么办", "custody", {"custody", "crime"}),
    ("弟弟进去了,家里人都急死了", "custody", {"custody", "crime"}),
    ("人被派出所带走一天了没消息", "custody", {"custody"}),
    ("我在外地上班,家里打电话说我爸被公安局抓走了,好像是非法集资", "custody", {"custody"}),
    ("我弟弟偷东西被刑拘了,家里怎么办取保", "property", {"amount", "manner"}),
    ("昨晚喝酒打架把人打了,对方去做伤情鉴定了还没出结果,我会被判刑吗", "injury", {"repair"}),
    ("被人打了,轻微伤,派出所不管,我该怎么办", "injury", {"repair"}),
    ("骑电动车喝酒被交警拦了算醉驾吗", "drunk", {"bloodtest"}),
    ("我老公帮人卖手机卡被抓,说是帮信罪", "bankcard", {"custody", "knew"}),
    ("我买了个二手电动车,警察说是赃车要没收,我会不会犯法", "bankcard", {"knew"}),
    ("我儿子16岁,和几个人抢了同学手机,被抓了", "custody", {"custody"}),
    ("检察院让签认罪认罚具结书,建议判一年八个月,要不要签", "leniency", {"plea"}),
    ("帮信罪判多久", "bankcard", {"act", "knew"}),
]


@pytest.mark.parametrize(("story", "cause", "wanted"), BARE)
def test_a_bare_story_leads_to_few_and_decisive_questions(story: str, cause: str, wanted: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert cause in causes
    assert wanted <= set(asked)
    assert len(asked) <= 6


SIDES = [
    ("我被人用刀砍伤了,重伤二级,凶手已经被刑拘", THEM),
    ("别人先拿刀捅我,我夺刀把他捅成重伤,这是正当防卫吗", US),
    ("前男友拿我的裸照威胁我要5万块钱,我还没报警", THEM),
    ("我给传销当讲师被抓了,怎么量刑", US),
    ("儿子在学校被三个同学围殴,都是14岁,鉴定轻微伤,学校不管", THEM),
    ("女儿15岁把同学推下楼梯,对方鉴定重伤二级", US),
    ("打伤我的人一审判了一年缓刑,我觉得太轻", THEM),
    ("我做业务员收了客户货款8万没交公司,公司报警了", US),
    ("公安局经侦说我是诈骗,其实是合同纠纷,我收了定金20万没发货,我不认", US),
    ("被公司同事打断鼻梁骨,医院说可能轻伤,派出所让我等鉴定结果,对方一分钱没出", THEM),
    ("我开了间麻将馆,前天派出所来查,把我跟几个打牌的都带回去问话,桌上的钱也收走了", US),
]


@pytest.mark.parametrize(("story", "side"), SIDES)
def test_suspect_and_victim_are_told_apart(story: str, side: str) -> None:
    assert told(story)[1]["side"] == side


def test_a_child_below_the_age_is_not_told_of_prison_terms() -> None:
    causes, known, _, grounds = told("孩子15岁偷了电动车卖了3000块,被派出所抓了,失主要赔钱")
    assert "property" not in causes
    assert "leniency" not in causes
    assert known["age"] == "满14不满16周岁"
    assert {"刑法#17", "刑事诉讼法#281"} <= grounds


def test_a_correction_overrides() -> None:
    _, known, _, _ = told("我把邻居打成轻伤了", "不对,是对方先动手的")
    assert known["fight"] == "对方先动手,我方还手"
    _, known, _, _ = told("我偷了工地的电缆,值6000元", "记错了,价值9000元")
    assert known["amount"] == "9000元"


def test_detention_past_every_limit_is_noticed() -> None:
    assert "刑事诉讼法#99" in told("我弟刑拘已经关了42天了还没消息")[3]
    assert "刑事诉讼法#99" not in told("我弟刑拘已经关了20天了")[3]


def test_no_outcome_is_promised() -> None:
    texts = [
        text
        for cause in DOMAIN.causes
        for finding in cause.findings
        for text in (finding.concludes, *(step.what for step in finding.steps))
    ]
    assert not [text for text in texts if any(word in text for word in ("一定会", "肯定会", "必然", "保证能", "包过"))]


# Rambling first messages with distracting numbers: (story, causes, causes it is not, facts, elements it says nothing of).
RAMBLING = [
    (
        "我在超市偷了3次东西加起来大概2600块钱,昨天被保安抓住了报警了,我赔了1万给超市,会坐牢吗,以前没犯过",
        {"property"},
        set(),
        {"arrival": "被当场或上门抓获", "amount": "2600元"},
        set(),
    ),
    (
        "我被邻居打断两根肋骨,住院花了1万6,派出所说要等伤情鉴定,对方一分钱不赔还说有关系,我不想和解,就想让他坐牢",
        {"injury"},
        set(),
        {"harm": "还没鉴定"},
        {"pardon"},
    ),
    (
        "网上刷单被骗了7万8,前天报警了,警察说立案了但让我等,钱还能追回来吗,我转到三个不同的银行卡",
        {"victims"},
        set(),
        {"police": "已经立案", "amount": "78000元"},
        set(),
    ),
    (
        "我在公司做销售,收了客户货款4万8没上交,自己赌博输了,老板昨天发现说要报警,我现在还能还2万,怎么办",
        {"property"},
        set(),
        {"side": "涉案一方(本人或家属)", "crime": "职务侵占或挪用资金"},
        set(),
    ),
    (
        "我舅舅开车撞死人,主责,没逃逸当时就报警了,赔了对方家属65万拿到谅解书,现在案子到检察院了,能判缓刑吗",
        {"collision"},
        set(),
        {"arrival": "主动投案"},
        {"pardon"},
    ),
    (
        "捡了个苹果手机8千多块钱买的,失主打电话我没接就关机了卖了1500,现在警察叫我去派出所,算盗窃吗",
        {"property"},
        set(),
        {"crime": "捡到或代管的东西不还"},
        set(),
    ),
    (
        "我女儿16岁被她同学强奸了,昨天刚知道,她不敢说,已经过去半个月了,没证据怎么办",
        {"victims"},
        set(),
        {"loss": "遭受性侵害"},
        {"age"},
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
        "昨天半夜两点多民警上门把我弟弟带走了,今天家里收到一张拘留通知书,说涉嫌寻衅滋事,人在县看守所。我爸妈急得一宿没睡,现在该做什么?",
        {"side", "custody", "crime", "held"},
        {"plea", "repair", "lawyer", "prior"},
    ),
    (
        "我老婆在公司做出纳,上礼拜被经侦叫走,到现在十天了没消息,听同事说是挪用资金。孩子才三岁,能不能取保?",
        {"side", "crime"},
        {"repair", "plea", "prior"},
    ),
    (
        "我在快递站干活,前后拿了七八个手机件出去卖掉,现在站长查监控发现报警了,派出所让我明天过去。我该怎么办,会坐牢吗?",
        {"side", "crime"},
        {"amount", "repair", "prior"},
    ),
    (
        "我哥给人家说能安排工作收了好几家的钱,事没办成,钱也花光了,人家联名告他诈骗,现在被刑拘了。大概会判几年?",
        {"side", "crime", "custody"},
        {"amount", "repair", "plea", "prior"},
    ),
    (
        "上个月我跟楼下邻居因为停车打起来了,他肋骨断了两根,前天派出所通知我说可能要追究刑事责任。我该怎么办?",
        {"side", "happened"},
        {"harm", "repair", "stopped"},
    ),
    (
        "前天晚上我儿子在网吧门口被三个人围着打,头上缝了十二针,现在还在住院。派出所说在调查,能让他们坐牢吗?",
        {"side", "police"},
        {"harm", "repair", "proof"},
    ),
    (
        "昨晚喝了三瓶啤酒骑摩托车回家,被设卡的交警拦下来,抽了血,让我回家等通知。我是开货车的,靠驾照吃饭,会怎么处理?",
        {"side", "accident"},
        {"again", "job"},
    ),
    (
        "我爱人是学校老师,周五聚餐后叫的代驾走了,他自己在小区里挪车被举报,民警来吹气说超标了。会不会丢饭碗?",
        {"side", "job"},
        {"bloodtest", "again"},
    ),
    (
        "我老公上周开面包车在乡道上撞死一个走路的老人,他当时吓懵了,后来打电话报的警。现在人在看守所,家属要六十万,我们拿不出来,会判几年?",
        {"side", "custody", "harm"},
        {"fault", "car_insured", "plea"},
    ),
    (
        "我爸前几天开车出了车祸,对方一个骑三轮的现在昏迷不醒,交警把车扣了。我爸会不会被抓?",
        {"side"},
        {"fault", "repair", "aggr"},
    ),
    (
        "儿子大三,暑假把两张银行卡借给同学说收货款,昨天派出所打电话叫他过去,说卡里进了诈骗的钱。要紧吗,会判刑吗?",
        {"side"},
        {"flow", "hands", "gain"},
    ),
    (
        "我在网上找了个兼职,帮人到ATM机取钱,取一万给两百,前天在银行门口被便衣按住了,现在取保出来。后面会怎么样?",
        {"side", "custody", "arrival"},
        {"flow", "plea", "prior"},
    ),
    (
        "我在一个投资群里跟着老师买外汇,投进去三十二万提不出来了,群也解散了。该怎么办,钱能追回来吗?",
        {"side", "amount"},
        {"police", "proof", "culprit"},
    ),
    (
        "昨天夜里我停在楼下的车被人用砖头砸了,前后挡风全碎,四个轮胎也扎了。我怀疑是前夫干的,怎么让他负责?",
        {"side", "happened"},
        {"police", "proof"},
    ),
    ("我朋友涉嫌开设赌场,一直在外面躲着,他想通了要回来投案,这样能判缓刑吗?", {"side", "crime"}, {"prior", "repair"}),
    (
        "上个月我孩子伙同两个同学在学校门口拦低年级的要钱,一共要了九百多,现在派出所立案了,孩子14岁半,会不会被抓走?",
        {"age", "side"},
        {"repair", "parents"},
    ),
    ("2019年我因为打架被判了缓刑,现在儿子明年高考想报军校,会不会影响他?", {"outcome", "purpose"}, set()),
    (
        "我前年做生意赔了,外面欠了四十来万,有信用卡也有网贷,天天有人打电话说再不还就让我坐牢,是真的吗?",
        {"debt", "owed", "debtor"},
        {"sued"},
    ),
    (
        "同村一个人三年前找我借了八万说给儿子看病,后来才知道他拿去赌了,现在电话打不通,能告他诈骗吗?",
        {"debtor", "owed", "deceit"},
        {"sued", "proof"},
    ),
    (
        "我弟弟的判决下来了,判了四年半,我们觉得太重了,同案的那个才判两年。要不要上诉,上诉会不会越判越重?",
        {"side", "sentence", "ground_of_appeal"},
        {"judged_on", "repair"},
    ),
]
WHOLE = [
    "我弟弟24岁,没有前科。2026年11月10日他在网吧偷了别人一部手机,价值3200元,只偷了这一次,一个人干的。11月12日民警上门把他抓走,当天刑事拘留,关在区看守所,通知书写的涉嫌盗窃罪。他全都承认,手机已经退还失主,我们也赔了两千,失主出了谅解书。请的律师昨天会见过,他身体没病。现在还在公安侦查阶段。能不能取保,会判多久?",
    "2026年8月30日晚上在大排档,邻桌先动手拿凳子砸我,我还手把他鼻骨打断了,当时他还在继续打我,大排档监控和老板都能作证。鉴定是轻伤二级,我自己是轻微伤。当场报了警,后来民警打电话我自己去派出所的,我都如实交代了,认罪认罚。以前没有前科。我已经赔了他三万,他出了谅解书。现在取保候审,案子到了检察院。会怎么处理?",
    "2026年10月3日晚上我喝了二两白酒,开自己的私家车在市区马路上被交警设卡查到,血检结果96mg/100ml,没有出事故,车上就我一个人,有驾照,也配合检查。我是第一次,以前从来没有酒驾过,也没有前科,在私企上班。已经认罪,现在取保候审。会判刑还是不起诉?",
    "我丈夫2026年9月1日早上开货车撞死一个骑电动车的人,他没喝酒、有驾照、没超载,当场报警打120,一直在现场等交警。认定书他负主要责任。车有交强险和一百万商业险,我们又赔了家属十五万,家属出具了谅解书。他没有前科,认罪认罚,现在取保候审,案子到了检察院。会判几年,能缓刑吗?",
    "我儿子22岁,2026年7月把自己一张银行卡以500元卖给别人,只给了卡,没有帮着取现刷脸。卡里流水一共36万,其中查实诈骗的钱有5万。他当时猜到对方可能干违法的事。好处费500元已经退缴,还退赔了被害人2万元。民警打电话通知他自己去派出所的,全都交代了,愿意认罪认罚。以前没有前科。现在取保候审,案子在检察院。会判多久?",
    "2026年10月20日我在网上买二手相机被骗了8600元,有聊天记录和微信转账记录,对方的姓名、手机号和收款账户我都知道。当天就去派出所报了案,11月1日收到不予立案通知书,说是经济纠纷。对方没来找我谈过赔偿和谅解。我该怎么办?",
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
    ("prior", "去年被罚过五百块", "只被公安处罚过"),
    ("prior", "十年前判过两年", "有前科"),
    ("role", "起先收台费一人二十,后来打得大的那两桌,自摸一把抽十块", "组织、出资或拿分红"),
    ("plea", "他都跟民警说了,他认", "认,愿意认罚"),
    ("plea", "不认,说是被人骗的", "不认或部分有异议"),
    ("plea", "签了具结书", "已签认罪认罚具结书"),
    ("plea", "我打了人,我认", "认,愿意认罚"),
    ("arrival", "打完当场派出所来了,留了电话让我回家,后来是接民警电话自己过去的", "接到电话后自己去的"),
    ("arrival", "半夜被警察从家里带走的", "被当场或上门抓获"),
    ("arrival", "我陪他去自首的", "主动投案"),
    ("prior", "以前没有前科,2019年因为打架被罚过五百", "没有前科"),
    ("prior", "他坐过两年牢", "有前科"),
    ("prior", "从来没有", "没有前科"),
    ("repair", "还没谈,对方开口要十五万", "还没赔"),
    ("repair", "我们愿意退", "还没赔"),
    ("repair", "退了三万,谅解书也写了", "已赔并取得谅解"),
    ("stopped", "我冲上去的时候他已经被别人抱住了", "对方已经停了"),
    ("stopped", "他还拿着酒瓶打我", "对方还在打"),
    ("hands", "他说对方让他刷过两次脸", "帮着刷脸、取现或转账"),
    ("hands", "没有,就把卡给人了", "没有动手帮忙"),
    ("knew", "他觉得可能不正规但没细想", "知道或猜到"),
    ("knew", "真的不知道,以为办贷款", "完全不知情"),
    ("flow", "听民警说三张卡一共走了四十多万,能对上被骗的人有八万多", "400000元"),
    ("gain", "他一共拿了一千五,我们愿意退", "1500元"),
    ("bloodtest", "今天民警打电话说血检138", "达到醉酒"),
    ("bloodtest", "还没出", "结果还没出"),
    ("bloodtest", "65毫克", "只是饮酒"),
    ("accident", "没撞人没撞车", "没有事故"),
    ("again", "2022年酒驾被罚过一次", "以前被罚过"),
    ("again", "头一回", "第一次"),
    ("drove", "配合检查,车上就我自己", "没有从重情节"),
    ("lawyer", "请了,昨天会见的", "请了律师"),
    ("lawyer", "还没,不知道去哪请", "还没请律师"),
    ("fault", "认定他全责", "全责或主责"),
    ("flee", "没跑,一直在现场", "没有逃逸"),
    ("aggr", "没喝酒,有证", "都没有"),
    ("car_insured", "交强险和商业险都有", "有保险"),
    ("harm", "轻伤二级", "轻伤"),
    ("harm", "还没做鉴定", "还没鉴定"),
    ("fight", "对方先拿酒瓶砸的", "对方先动手,我方还手"),
    ("merit", "他就是跟着去的,不是主犯", "从犯或被胁迫"),
    ("police", "报了,说是经济纠纷不立案", "公安不立案"),
    ("police", "报了半个月没动静", "报了,还没答复"),
    ("culprit", "知道他身份证和电话", "知道对方身份"),
    ("culprit", "网上认识的,不知道真名", "不知道对方是谁"),
    ("age", "他15岁半", "满14不满16周岁"),
    ("parents", "通知我去了", "家长到场了"),
    ("parents", "没人通知我们", "没有通知或没到场"),
    ("judged_on", "前天收到的", "2026年11月18日"),
    ("ground_of_appeal", "觉得判太重", "量刑太重"),
    ("sued", "还没起诉", "都还没有"),
    ("deceit", "他说给孩子看病,其实拿去赌了", "有欺骗"),
    ("stage", "到检察院了", "检察院审查起诉"),
    ("proof", "有聊天记录和转账", "有证据"),
    ("custody", "人在看守所", "刑事拘留"),
    ("amount", "大概八万多", "80000元"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# The troubles that people typically bring, each with the cause it belongs to.
TROUBLES = [
    ("我弟把身份证办的两张储蓄卡和网银盾给了个做外贸的老板用,一个月给八百,前天被外地警察带走了", "bankcard"),
    ("我在群里接了个帮人取现金的活,取一万给一百,取了三次被派出所叫去了", "bankcard"),
    ("我妈在手机上跟着老师买原油,投了三十多万,现在软件打不开了,客服也不回", "scammed"),
    ("刚才接到电话说是银行客服,让我开屏幕共享,卡里六万八一下全没了", "scammed"),
    ("做刷单任务垫了两万多,说我操作错误要再充钱才能提现", "scammed"),
    ("网上认识的男朋友说是当兵的,借了我五万块,现在人找不到了,是不是骗子", "scammed"),
    ("店里请的收银员半年里把营业款截留了七八万,都转到自己微信,我该报警还是起诉", "embezzled"),
    ("合伙人管账,把公司账上的四十万转走了说是借用,问他要就拖", "embezzled"),
    ("我十三岁的女儿被补课老师摸了胸,孩子吓得不敢上学", "sexual"),
    ("喝醉以后被同事带到宾馆发生了关系,我根本不清醒,能告他强奸吗", "sexual"),
    ("我男朋友被女方告强奸,他们处了两个月对象,现在人刑拘了", "sexual"),
    ("裸聊被录了视频,对方说不给钱就发给我通讯录里的人,我已经转了一万二", "extorted"),
    ("前男友拿以前的私密照威胁我给他五万,不然就发到我单位群里", "extorted"),
    ("我开网店收货款的银行卡被湖南公安冻结了,打电话没人接,卡里还有八万货款", "frozen"),
    ("卖二手手机给一个人,对方打的钱说是涉案的,我微信和卡都被冻了", "frozen"),
    ("我老公的货车被派出所扣了两个多月,说是涉案,案子跟他没关系,怎么要回来", "frozen"),
    ("我哥在棋牌室帮人发牌,一天三百,昨晚被抓了说是开设赌场", "gambling"),
    ("我表妹在会所做前台,警察来查说容留卖淫,把她也带走了", "gambling"),
    ("我弟帮朋友带了一包冰毒,收了两百块跑腿费,现在关在看守所", "drugs"),
    ("几个朋友在我出租屋里吸毒被抓,我也吸了,会按容留判吗", "drugs"),
    ("我爸妈在一家养老公司存了二十六万,说年息十二,现在老板跑路了", "pooling"),
    ("我在理财公司当业务员三年,公司爆雷了,经侦让我去退提成,我会不会坐牢", "pooling"),
    ("我爸跟交警吵起来推了辅警一下,辅警手破了皮,说他妨害公务", "obstruction"),
    ("我公司去年从别人那买了六十万的专票抵税,税务稽查把案子移给经侦了", "trade"),
    ("我在网上卖仿的名牌鞋,警察上门抄了仓库,说是销售假冒注册商标的商品", "trade"),
    ("我舅舅是村支书,上周被监委带走留置了,家里啥消息都没有", "bribery"),
    ("我是小包工头,工地上一个工人从脚手架摔下来摔死了,我会坐牢吗", "worksite"),
    ("我爸在河里电鱼,被渔政抓了现行,鱼有十几斤,说要判刑", "wild"),
    ("我把自家山上的杉木砍了四十多方没办采伐证,森林公安立案了", "wild"),
    ("我昨晚喝了三两白酒骑摩托被交警查了,抽了血", "drunk"),
    ("我开车把一个过马路的老太太撞成重伤,认定我主责,要坐牢吗", "collision"),
    ("我在超市偷了几次东西,加起来一千多,超市报警了", "property"),
    ("我弟在公司做电话销售,公司被定成诈骗,他也被刑拘了", "property"),
    ("我跟邻居打架,把他鼻梁打断了,他说要让我坐牢", "injury"),
    ("邻居为了宅基地把我妈推倒,腰椎骨折,派出所只说调解", "injury"),
    ("我家电动车被偷了,报警一个多月了派出所也没消息,能不能追回来", "victims"),
    ("我老公昨天半夜被派出所带走,到现在没消息,我该怎么办", "custody"),
    ("取保候审快一年了,案子没动静,保证金能退吗", "custody"),
    ("检察院让签认罪认罚具结书,建议一年二个月,该不该签,能不能缓刑", "leniency"),
    ("我儿子十五岁,跟同学把人打了,派出所叫我们过去", "juvenile"),
    ("我女儿上初二,在学校被几个女生扇耳光拍视频", "juvenile"),
    ("我年轻时判过缓刑,现在儿子要考军校,会不会影响政审", "record"),
    ("网贷逾期六万多还不上,催收说要报警抓我,会坐牢吗", "debt"),
    ("一审判了我爸四年,我们不服想上诉,会不会越判越重", "appeal"),
    ("我老公判了六年,已经坐了三年多,怎么申请减刑", "serving"),
    ("我在缓刑期,公司要派我去外省出差一个月,行不行", "serving"),
    ("我老公跟别的女人以夫妻名义同居还生了孩子,能告他重婚让他坐牢吗", "private"),
    ("有人在业主群里造谣说我卖淫,转得到处都是,能追究他刑事责任吗", "private"),
    ("我侄儿帮人收快递转寄,里头查出来是电话卡,现在被刑拘了,他才十九岁,一天就拿一百块", "bankcard"),
    ("我老汉儿骑电三轮把一个小娃儿撞了,娃儿在重症室,交警还没出责任,对方家属天天来闹要二十万", "collision"),
    ("前天晚上和几个朋友在烧烤店喝酒,隔壁桌骂我们,我拿啤酒瓶砸了他头,缝了八针,现在派出所通知我去", "injury"),
    ("我女儿在幼儿园被老师用针扎,身上好多针眼,园长说没监控,怎么追究老师", "private"),
    ("公司会计离职了,我一查账发现她两年里给自己多发工资三十多万,能报案不", "embezzled"),
    ("我爱人在单位管招标,纪委上个星期来人把他叫走,到现在手机关机", "bribery"),
    ("我在闲鱼上卖了个假包被买家举报,派出所让我去说明情况,卖了一千二", "trade"),
    ("儿子跟女同学谈恋爱发生了关系,女孩十三岁半,她爸妈报警了", "sexual"),
    ("父亲帮别人看仓库,仓库里是假烟,他也被抓了,他只是看门的", "trade"),
    ("我被前夫打断两根肋骨,派出所立了案,现在他妈来找我要我签谅解书给五万", "injury"),
    ("我借给朋友二十万,他说做工程,后来发现他根本没有工程,拿去赌了,人也找不到,派出所说是民间借贷不立案", "victims"),
    ("哥哥判了三年实刑,罚金五万没交,现在想办假释,监狱说要交罚金", "serving"),
    ("有人拿我以前在夜店上班的视频勒索我,已经转了三次一共四万八,还在要", "extorted"),
    ("我的车停楼下被人划了三道,监控拍到是对门老头,修车四千多,派出所让调解", "victims"),
    ("骑摩托没驾照喝了酒撞到路边护栏,自己也摔伤了,抽了血", "drunk"),
    ("我弟十七岁跟人去抢了一个手机,拿了把水果刀吓唬人家,现在在看守所", "custody"),
    ("单位电工,安排我带徒弟上杆,徒弟触电死了,现在公安找我做笔录", "worksite"),
    ("我在直播间刷了八万,主播说跟我处对象,结果是男的运营在聊,能告诈骗吗", "scammed"),
    ("老公被举报强奸,是他公司的女下属,说是出差那晚,他说是自愿的,现在取保了", "sexual"),
    ("我开加油站,税务说我买的票是虚开的,要我补税八十多万还移送公安", "trade"),
    ("邻居家狗咬了我,我拿铁锹把狗打死了,狗主人报警说狗值三万,我会判刑吗", "damage"),
    ("我卖给别人的微信号被拿去诈骗,公安让我去一趟,卖了三百块", "bankcard"),
]


@pytest.mark.parametrize(("opening", "cause"), TROUBLES)
def test_a_typical_trouble_comes_out_at_its_cause(opening: str, cause: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


# One story for each of the small causes, with words of what is concluded.
CONCLUSIONS = [
    ("网上投资被骗了8万,刚转完最后一笔,还没报警", "scammed", "马上打110"),
    ("我公司的业务员签了劳动合同,收了客户货款11万没上交,打到私人微信了", "embezzled", "职务侵占"),
    ("他把我灌醉断片,带到酒店发生了关系,能告强奸吗", "sexual", "就是强奸"),
    ("裸聊被敲诈,我已经转了2万给他", "extorted", "立刻停下"),
    ("我的银行卡被外地公安冻结了,是卖货的货款,有合同和发货凭证", "frozen", "三日内解冻"),
    ("我弟在赌场当服务员,拿固定工资,被抓说开设赌场", "gambling", "从犯"),
    ("我开麻将馆被派出所查了,只收台费,不抽头", "gambling", "不按赌博犯罪处理"),
    ("我开麻将馆被派出所查了,自摸一把抽十块", "gambling", "开设赌场"),
    ("我在足浴店当经理,因为组织卖淫被抓", "gambling", "组织卖淫的"),
    ("我哥贩卖冰毒3克被抓", "drugs", "不论数量"),
    ("爸妈在养老公司投了30万,老板跑路了兑付不了", "pooling", "登记"),
    ("喝酒后只是推了民警一下,说我袭警", "obstruction", "不属于袭警罪"),
    ("我公司买专票抵税,没有真实交易,知道是虚开", "trade", "虚开专票"),
    ("我爸被监委留置了两个月", "bribery", "不得超过三个月"),
    ("工地上工人从脚手架摔死了,我是包工头,会坐牢吗", "worksite", "重大责任事故罪"),
    ("我爸在禁渔期电鱼被抓了", "wild", "禁渔区"),
    ("我老公判了四年在监狱服刑,想申请减刑", "serving", "服刑一年以上"),
    ("我老公和别的女人以夫妻名义同居,告他重婚能坐牢吗", "private", "是重婚"),
    ("邻居家狗先咬我,我拿锹把狗打死了,他报警说值三万", "damage", "对方有错在先"),
    ("幼儿园老师用针扎我女儿,身上好多针眼,怎么追究", "private", "由公安立案"),
]


@pytest.mark.parametrize(("story", "cause", "words"), CONCLUSIONS)
def test_a_small_cause_comes_to_its_conclusion(story: str, cause: str, words: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    held = reasoning.decide(causes, facts.extract(DOMAIN.elements, story, TODAY), TODAY).held
    assert any(words in finding.concludes for found, finding in held if found.id == cause)


@pytest.mark.parametrize(
    ("story", "never"),
    [
        ("我开麻将馆被派出所查了,自摸一把抽十块,打个麻将真的要判刑吗", "卖淫"),
        ("我开麻将馆被派出所查了,自摸一把抽十块,打个麻将真的要判刑吗", "小额打牌"),
        ("我在足浴店当经理,因为组织卖淫被抓,我有分红", "开设赌场"),
    ],
)
def test_gambling_and_vice_are_told_apart(story: str, never: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    held = reasoning.decide(causes, facts.extract(DOMAIN.elements, story, TODAY), TODAY).held
    said = [finding.concludes for found, finding in held if found.id == "gambling"]
    assert said and not any(never in one for one in said)
