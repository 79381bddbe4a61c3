"""继承 against stories as people tell them: the cause, the facts, nothing asked twice, the right articles."""

from datetime import date

import pytest

from orchestrator import asking, facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.inheritance import DOMAIN, HEIR
from orchestrator.domains.pack import Cause
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)

# (messages, cause, expected facts, an article among the grounds, may anything still be asked)
STORIES = [
    (
        ["爸爸上个月去世,没留遗嘱,妈妈还在,有一套房子是爸妈共同买的,我们兄妹三个,都是我一个人照顾,怎么分"],
        "statutory",
        {"will": "没有遗嘱", "bought_when": "婚后共同的", "care": "主要是我"},
        "民法典#1153",
        False,
    ),
    (
        ["爸妈都走了,留下一套房子没遗嘱,兄弟姐妹四个平时轮流照顾,想平分"],
        "statutory",
        {"care": "大家差不多", "parents_alive": "都不在了"},
        "民法典#1130",
        True,
    ),
    (
        ["爷爷去世了,我爸爸比爷爷先走,爷爷没有遗嘱,房子我有份吗,奶奶也早就去世了"],
        "statutory",
        {"who": "孙辈,我父母先去世"},
        "民法典#1128",
        None,
    ),
    (
        ["我姑姑去世了,没结婚没有孩子,也没有遗嘱,侄子能继承吗"],
        "statutory",
        {"who": "兄弟姐妹或侄甥"},
        "民法典#1127",
        False,
    ),
    (
        ["老公走了以后我一直照顾公公婆婆,现在公公去世了,他的房子我有份吗"],
        "statutory",
        {"who": "丧偶的儿媳或女婿"},
        "民法典#1129",
        False,
    ),
    (["同居十年没领证,他去世了,他的房子我能继承吗"], "statutory", {"who": "没领证的伴侣"}, "民法典#1131", None),
    (
        ["俺爹走哩,俺弟从来不管老人,遗产他还想平分,中不中?没得遗嘱,俺妈还健在,房子是他俩的"],
        "statutory",
        {"care": "有人有能力却不管", "will": "没有遗嘱"},
        "民法典#1130",
        False,
    ),
    (
        ["父亲生前自己手写的遗嘱把房子给我,有签名有日期,当时头脑很清醒,哥哥说没公证无效,有效吗"],
        "will",
        {"form": "自己手写的", "formal": "该有的都有", "capacity": "清醒自愿"},
        "民法典#1134",
        False,
    ),
    (
        ["我妈立了一份打印遗嘱,只有一个见证人,在最后签了名,有效吗"],
        "will",
        {"formal": "缺签名、日期或合格见证人"},
        "民法典#1136",
        False,
    ),
    (["爷爷口头说过房子给我,没写下来,算数吗"], "will", {"form": "口头说的"}, "民法典#1138", None),
    (
        ["父亲老年痴呆的时候,弟弟骗他写了遗嘱把房子都给弟弟,是手写的有签名和日期"],
        "will",
        {"capacity": "不清醒或被骗被逼、伪造"},
        "民法典#1143",
        False,
    ),
    (["父亲住院时神志不清,弟弟拿出一份公证遗嘱说房子都归他"], "will", {"form": "公证遗嘱"}, "民法典#1142", False),
    (
        ["我爸欠了别人50万去世了,我什么遗产都没拿,债主找我还,要还吗"],
        "debt",
        {"took": "没有拿遗产或放弃继承", "debt_sum": "500000元"},
        "民法典#1161",
        False,
    ),
    (
        ["欠我20万的朋友去世了,他儿子继承了房子,我能找他儿子要吗"],
        "debt",
        {"debt_side": "债主", "took": "继承了遗产"},
        "民法典#1161",
        None,
    ),
    (["想放弃继承怎么办手续"], "renounce", {"renounce": "还没放弃,想放弃"}, "民法典#1124", None),
    (["我签了放弃继承声明,现在后悔了,房子还没过户,还能反悔吗"], "renounce", {"divided": "还没分"}, f"{HEIR}#36", None),
    (
        ["我爸去世,房子怎么过户到我名下,兄弟姐妹都同意给我"],
        "house",
        {"agree_all": "都同意或只有我一个"},
        "民法典#230",
        False,
    ),
    (
        ["妈妈去世了,房子要过户,姐姐不配合不签字怎么办"],
        "house",
        {"agree_all": "有人不同意或找不到"},
        "民法典#1132",
        False,
    ),
    (
        ["我照顾邻居孤寡老人十年,签了遗赠扶养协议,老人去世了,他侄子不肯给房子,我一直照顾到送终"],
        "deal",
        {"performed": "一直照顾到老人去世"},
        "民法典#1158",
        False,
    ),
    (
        ["我爸去世后,哥哥偷偷把爸的存款30万取走了,不肯分"],
        "grab",
        {"grab": "存款被取走或财物被拿走;不肯分、不告诉有多少", "estate": "300000元"},
        f"{HEIR}#43",
        False,
    ),
    (["大哥霸占着爸妈留下的房子还换锁不让我进"], "grab", {"grab": "房子被占或被卖、被过户"}, "民法典#1151", False),
    (["我想立遗嘱,自己手写行吗"], "plan", {"plan_write": "能自己写,头脑清醒"}, "民法典#1134", False),
    (["我奶奶不识字,想立遗嘱把房子给我爸怎么办"], "plan", {"plan_write": "不能写字,但清醒"}, "民法典#1135", False),
    (
        ["丈夫车祸去世,婆婆要分赔偿款和房子,没有遗嘱,婚后买的房"],
        "statutory",
        {"who": "配偶、子女或父母", "bought_when": "婚后共同的"},
        "民法典#1153",
        None,
    ),
    (
        ["爸爸欠信用卡8万,人没了,留下一套房子我们继承了,银行起诉我"],
        "debt",
        {"took": "继承了遗产", "debt_sum": "80000元"},
        "民法典#1161",
        False,
    ),
    # corrections
    (
        ["我爸去世了没有遗嘱,妈妈还在,房子是他俩的,都是我照顾,怎么分", "不对,我弟拿出来一份手写的遗嘱"],
        "statutory",
        {"will": "有遗嘱"},
        "民法典#1123",
        None,
    ),
    # bare one-liners
    (["我爸去世了,遗产怎么分"], "statutory", {"who": "配偶、子女或父母"}, None, True),
    (["遗嘱有没有效"], "will", {}, None, True),
    (
        ["舅舅立遗嘱把房子给了我,我上个月才知道,该怎么办"],
        "deal",
        {"accepted": "刚知道,还不到六十天"},
        "民法典#1124",
        True,
    ),
]


def consult(messages: list[str]) -> tuple[dict[str, Fact], list[Cause], reasoning.Decision]:
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    return known, causes, reasoning.decide(causes, known, TODAY)


@pytest.mark.parametrize(
    ("messages", "cause", "expected", "article", "open_"), STORIES, ids=[row[0][0][:24] for row in STORIES]
)
def test_story(
    messages: list[str], cause: str, expected: dict[str, str], article: str | None, open_: bool | None
) -> None:
    known, causes, decision = consult(messages)
    assert cause in [one.id for one in causes]
    assert {id: known[id].value for id in expected if id in known} == expected
    asked = asking.listed(DOMAIN, causes, decision, known, "\n".join(messages))
    assert not {element.id for element in asked} & set(known)
    if open_ is not None:
        assert any(finding.weight >= asking.PRESSING for _, finding, _ in decision.open_) is open_
    if article:
        assert article in {one for _, finding in decision.held for ground in finding.grounds for one in ground.articles}


# Rambling first messages with distracting numbers: (story, causes, causes it is not, facts, elements it says nothing of).
RAMBLING = [
    (
        "去年我爸走的时候我姐让我签了个放弃继承的声明在公证处,说房子以后给我10万,现在房子已经过户给她了,10万也不给,我后悔了能要回来吗",
        {"renounce"},
        {"house"},
        {"renounce": "已放弃,想反悔"},
        {"estate"},
    ),
    (
        "爷爷上周去世了,我爸2015年就没了,大伯说我没资格分爷爷的房子,还有两个姑姑,爷爷没写遗嘱",
        {"statutory"},
        {"grab", "will"},
        {"who": "孙辈,我父母先去世", "will": "没有遗嘱"},
        set(),
    ),
    (
        "我照顾隔壁王奶奶八年,2019年跟她签了个协议,我给她养老送终房子归我,现在她走了后事也是我办的,她侄子跳出来说他是亲的房子应该他的",
        {"deal"},
        set(),
        {"performed": "一直照顾到老人去世"},
        set(),
    ),
    (
        "我妈去世第二天我哥就把她卡里的23万取走了,房子他也换了锁不让我进,他说都花在我妈医药费上了",
        {"grab"},
        set(),
        {"estate": "230000元"},
        set(),
    ),
    (
        "我老公2018年走的,公公婆婆这些年都是我照顾,前年婆婆走了今年3月公公也走了,小叔子说我是外人没份",
        {"statutory"},
        set(),
        {"who": "丧偶的儿媳或女婿", "care": "主要是我"},
        set(),
    ),
    (
        "老人临终在医院当着我和护士说房子给我,没写下来,现在两个姐姐不认,老人一直跟我住",
        {"will"},
        set(),
        {"form": "口头说的"},
        set(),
    ),
    (
        "老公上个月出车祸没了,赔了80万,公婆要把钱都拿走,房子是我俩婚后买的还有贷款50万,孩子3岁,我肚子里还怀着一个",
        {"statutory"},
        set(),
        {"paidout": "有死亡赔偿金或抚恤金", "unborn": "有怀着的孩子"},
        set(),
    ),
]


@pytest.mark.parametrize(
    ("story", "causes", "others", "expected", "silent"), RAMBLING, ids=[row[0][:24] for row in RAMBLING]
)
def test_a_rambling_story(
    story: str, causes: set[str], others: set[str], expected: dict[str, str], silent: set[str]
) -> None:
    known, found, _ = consult([story])
    ids = {cause.id for cause in found}
    values = {id: fact.value for id, fact in known.items()}
    assert causes <= ids and not others & ids
    assert expected.items() <= values.items()
    assert not silent & set(values)


# (cause, opening, the decisive facts held back)
OPENINGS: list[tuple[str, str, set[str]]] = [
    (
        "statutory",
        "我爸走了以后,大哥就住在老房子里不走,说女儿没资格分,我想问问我到底能不能分到",
        {"will", "bought_when", "care"},
    ),
    ("statutory", "姥姥去世了,我妈比她走得早,舅舅说没我的份,房子是他的,我能继承吗", {"will", "died_on"}),
    (
        "will",
        "后妈拿出一份遗嘱说我爸把房子全留给她了,我怎么看都觉得不对,这遗嘱有效吗",
        {"form", "capacity"},
    ),
    ("debt", "我爸上个月没了,今天突然有人上门说我爸生前欠他钱,让我们还,我该还吗", {"took", "joint", "surety", "iou"}),
    ("debt", "借我钱的朋友出车祸去世了,他老婆说人死债消,我找谁要", {"gave_up", "iou"}),
    ("renounce", "我妈去世后我同意放弃继承,现在后悔了,还能要回来吗", {"divided", "signed_where"}),
    ("house", "老人去世了,房子要过户到我名下,需要办什么手续", {"agree_all", "will", "other_kids"}),
    ("deal", "我照顾邻居张大爷十来年,他说过养老送终后房子归我,现在他侄子不认", {"written"}),
    ("grab", "妈妈走后弟弟把存折上的钱都取走了,我们一分没见着,怎么办", {"will", "trace", "parents_alive"}),
    ("plan", "我年纪大了,想立遗嘱把房子留给小女儿,怎么弄才有效", {"plan_write", "bought_when"}),
    ("will", "外公生前录了个视频说房子给我妈,舅舅们不认,这视频算数吗", {"capacity", "formal"}),
    ("debt", "婆婆去世后银行说她的信用卡欠了八万,让我们还", {"took"}),
    ("grab", "爸走了才发现继母把房子偷偷过户给她儿子了,我们能追回来吗", {"step_raised", "will"}),
]

# Stories that leave nothing open.
COMPLETE: list[tuple[str, str]] = [
    (
        "statutory",
        "我爸2025年8月病逝,没有留下遗嘱,爷爷奶奶早就不在了。他和我妈1988年结婚,名下那套房子是婚后1999年买的,登记在我爸一个人名下,现在值一百六十万,还有存款二十万,我妈还健在。家里就我和弟弟两个孩子。这几年主要是我照顾看病出钱,弟弟在外地很少回来。我跟弟弟提过,他不同意我多分,说一人一半。这房子和钱到底怎么分?",
    ),
    (
        "statutory",
        "爷爷今年三月去世,奶奶前年先走的,都没立过遗嘱。他们有一套房改房登记在爷爷名下,值八十来万,还有六万存款。爷爷一共三个孩子:大伯、姑姑和我爸,我爸2018年就病故了,比爷爷走得早,我是我爸唯一的孩子。爷爷一直是姑姑照顾的。大伯说隔辈没份,不肯给我,我有没有资格继承?",
    ),
    (
        "will",
        "我妈今年五月走的,爸爸早年去世,房子是我妈单独名下的,值一百万。她去年十月亲笔手写了一份遗嘱,把房子给我,有她的签名和年月日,就这一份,原件在我手里。当时她头脑很清醒,自己还能下楼买菜。这些年都是我照顾。我哥看了笔迹说不认,我们就兄妹两个。这遗嘱有效吗?",
    ),
    (
        "debt",
        "我爸今年二月去世,留下一套老房子值四十万和一辆旧车,妈妈还在,就我一个孩子,房子还没过户。现在他以前的工友拿着一张2024年的借条来要十五万,写的是我爸一个人的名字,我妈没签字也不知道这事,钱是他跟人合伙包工程用了,没用到家里。也没有人做过担保,我没答应过替他还。我们打算继承房子,这钱要还多少?",
    ),
    (
        "renounce",
        "我父亲去年十一月去世,留下一套房子,今年一月我在公证处签了书面的放弃继承声明,因为我哥骗我说房子有很多贷款。后来我才知道根本没有贷款,房子值九十万。就我和我哥两个,母亲早年去世。现在房子还没有过户,还没分,我后悔了,能反悔吗?",
    ),
    (
        "house",
        "我爸今年四月去世,没有遗嘱,妈妈还健在,爷爷奶奶早没了,就我和妹妹两个子女,大家都同意房子归妈妈。房子是爸妈婚后买的,登记在爸爸名下。死亡证明、户口簿、房产证都有。请问去哪里过户,要交税吗?",
    ),
    (
        "deal",
        "我和同村的五保老人2016年签了书面的遗赠扶养协议,还到公证处公证过,约定我给他养老送终,他的房子归我,房子大概值二十万。签的时候他头脑清醒。我一直照顾他到今年六月去世,后事也是我办的。他没有老婆孩子,只有两个侄子,现在侄子来争房子,我能拿到吗?",
    ),
    (
        "grab",
        "我妈今年一月去世,爸爸前几年就走了,没有遗嘱,就我和姐姐两个女儿。我去银行查了流水,姐姐在妈妈走后第三天把存折里的二十三万全取走了,我问过她,她承认但不肯分,聊天记录都有。我怎么要回我的一半?",
    ),
    (
        "plan",
        "我今年七十二岁,头脑清醒,自己会写字。我想立遗嘱把房子留给照顾我的小女儿,房子是老伴去世以后我自己买的,登记在我一个人名下,值六十万。我有一个儿子两个女儿,都有工作。以前从没立过遗嘱,这是第一次立,怎么写才有效,要不要公证?",
    ),
    (
        "statutory",
        "我老公今年5月工伤去世,没留遗嘱。公公婆婆都还在,我们有一个女儿六岁,他没有别的孩子。家里的房子是我俩2018年婚后买的,登记在两个人名下,市值九十万,贷款还剩二十万,另有存款八万。公婆平时是小姑子照顾,我老公每月给他们一千。现在公婆提出要分一半房子,我不同意,商量了几次没谈成。到底怎么分?",
    ),
    (
        "will",
        "父亲2026年2月去世,2024年他在公证处立了公证遗嘱,把他个人名下的那套房全部留给我,公证书原件在我手里,只有这一份,当时他神志清楚,公证处还录了像。母亲2015年就过世了。我还有一个弟弟,他说不公平不认这份遗嘱,弟弟十多年没怎么管过爸爸,都是我照顾的。这份遗嘱有效吗,怎么过户?",
    ),
    (
        "debt",
        "邻居老陈2024年3月跟我借了十万,写了借条,约定今年3月还,没有担保人。今年1月他病逝了,他老婆没在借条上签字,说钱是他拿去赌的,家里没用过。他名下有一套房,儿子已经继承过户了。我上门要过两次,儿子说不关他的事。我能不能起诉他儿子还钱?",
    ),
]


@pytest.mark.parametrize(("cause", "story", "decisive"), OPENINGS, ids=[row[1][:24] for row in OPENINGS])
def test_what_an_opening_holds_back_is_asked_for(cause: str, story: str, decisive: set[str]) -> None:
    known, causes, _ = consult([story])
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert cause in [one.id for one in causes]
    assert decisive <= asked and not asked & set(known)


@pytest.mark.parametrize(("cause", "story"), COMPLETE, ids=[row[1][:24] for row in COMPLETE])
def test_a_complete_story_is_asked_nothing(cause: str, story: str) -> None:
    assert cause in [one.id for one in consult([story])[1]]
    assert rounds(DOMAIN, story, TODAY) == []


# (element, a natural reply to its question, what it says)
REPLIES = [
    ("will", "冇立过遗嘱,佢走得好突然", "没有遗嘱"),
    ("will", "没听说有", "没有遗嘱"),
    ("form", "我表弟在电脑上打的", "打印的或别人代写的"),
    ("formal", "打的时候只有我表弟和我在,没有别的人;一共两页,只在第二页签了名", "缺签名、日期或合格见证人"),
    ("capacity", "很清醒,还能自己去打牌", "清醒自愿"),
    ("bought_when", "结婚以后买的,我妈还健在", "婚后共同的"),
    ("care", "基本是我", "主要是我"),
    ("joint", "我妈没签字,也不知道这事", "他个人借的,没用在家里"),
    ("surety", "没有人担保,我也没答应过还", "没有担保,我也没签字"),
    ("took", "都没要", "没有拿遗产或放弃继承"),
    ("written", "签了字,还公证过", "书面签过字或公证过"),
    ("original", "原件在我哥手里,我只见过照片", "只有复印件或在别人手里"),
    ("heirs", "我们姐弟三个人", "有好几个继承人"),
    ("bought_when", "房子是跟我妈结婚之后盖的", "婚后共同的"),
    ("joint", "都是他一个人签的,投到跟人合伙的厂里了", "他个人借的,没用在家里"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None and fact.value == value


def test_what_the_other_side_claims_of_the_will_is_no_fact() -> None:
    story = "妈妈打印了一份遗嘱给我,现在大姐不认,说遗嘱是假的"
    assert "capacity" not in facts.extract(DOMAIN.elements, story, TODAY)


def test_what_is_denied_is_no_cause() -> None:
    story = "父亲去世,没有遗嘱也没有遗赠扶养协议,没有人放弃继承,三个子女怎么分"
    assert [cause.id for cause in consult([story])[1]] == ["statutory"]


# The typical troubles of the field: the cause that leads, and how a client opens.
TROUBLES = [
    ("statutory", "父亲走了没留遗嘱,家里一套房,我和两个弟弟怎么分"),
    ("statutory", "我妈去世了,出嫁的女儿有没有份,哥哥说没我的份"),
    ("statutory", "公公去世,丈夫前几年也没了,我一直伺候公婆,我能分遗产吗"),
    ("statutory", "叔叔一辈子没结婚没孩子,他的房子侄子能继承吗"),
    ("statutory", "老公突然去世,公婆要来分我们的房子,合理吗"),
    ("statutory", "爸妈的遗产我照顾得多,能不能多分一点"),
    ("will", "我爸留的手写遗嘱没写日期,有效吗"),
    ("will", "打印的遗嘱只有我和弟弟在场,算不算数"),
    ("will", "奶奶临终前口头说房子给我,没有写下来"),
    ("will", "老人糊涂的时候被哥哥哄着立了遗嘱,能推翻吗"),
    ("two_wills", "我爸先立了公证遗嘱给我,后来又手写了一份遗嘱给弟弟,以哪份为准"),
    ("two_wills", "我妈有两份遗嘱,内容不一样怎么办"),
    ("debt", "父亲去世欠了三十万,债主让我还,我要还吗"),
    ("debt", "老公走了,信用卡和网贷还欠着八万,银行让我还"),
    ("creditor", "欠我钱的人死了,儿子放弃继承,我的钱找谁要"),
    ("creditor", "借给老板十万,他病故了没有继承人,房子空着没人管"),
    ("renounce", "我想放弃继承,要办什么手续"),
    ("renounce", "当时签了放弃继承声明,现在后悔了能收回吗"),
    ("house", "父母都去世了,房子怎么过户到我名下"),
    ("house", "房产证是我爸的名字,人走了,过户要交多少税"),
    ("deposit", "我妈去世了,她银行卡里的钱怎么取出来"),
    ("deposit", "老人的存折密码没人知道,银行让去公证"),
    ("deal", "邻居大爷签了协议让我养老送终,房子归我,他去世后侄子不认"),
    ("deal", "姑姑立遗嘱把房子给了我,要不要表示接受"),
    ("grab", "我哥把爸爸的存款都取走了,不肯拿出来分"),
    ("grab", "父母的老房子被弟弟霸占换了锁"),
    ("plan", "我想立遗嘱把房子给小女儿,怎么写才有效"),
    ("plan", "我不识字,想立个公证遗嘱要什么手续"),
    ("step", "我爸再婚后去世,继母说房子是她的,我有没有份"),
    ("step", "继父从小把我养大,他走了我能分他的房子吗"),
    ("grandchild", "爷爷去年走的,我爸在他之前就没了,叔叔说孙子没份"),
    ("grandchild", "外婆去世,妈妈早几年走了,我能代位继承吗"),
    ("natural", "没领证生的儿子,他爸车祸走了,爷爷奶奶不给孩子分遗产"),
    ("natural", "我们同居没领证,他突然去世,他家人把房子存款全拿走,我有份吗"),
    ("death_money", "老公工地出事,单位赔了一百二十万,公婆全拿走不给我和孩子"),
    ("death_money", "弟弟车祸的死亡赔偿金,弟媳和我爸妈怎么分"),
    ("death_money", "我爸的人寿保险金,受益人没写,算遗产吗"),
    ("given", "我爸生前偷偷把房子过户给了我弟,去世后我还能要回来分吗"),
    ("given", "妈妈糊涂的时候被我姐带去把房子过户给了她"),
    ("unworthy", "弟弟从来没管过爸妈,还打骂老人,现在来分遗产"),
    ("unworthy", "大哥把爸的遗嘱烧了,还有继承权吗"),
    ("rural", "农村老家的宅基地房子,我户口在城里能继承吗"),
    ("rural", "爸妈去世后老房子拆迁,补偿款几个兄弟怎么分"),
    ("shares", "我爸的公司股权,他去世后我能继承当股东吗"),
    ("burial", "妈妈去世,哥哥不让我看骨灰,也不说葬在哪"),
    ("split", "兄弟几个签了遗产分割协议,现在大哥反悔不认"),
    ("split", "当年写的分家单,现在弟弟不认,有效吗"),
    ("grab", "我爸没了，老房子还是他的名，我妈和我们姐弟三个，二弟非要独占"),
    ("grandchild", "姥姥去世，舅舅说外孙女没有份，我妈还在世"),
    ("house", "俺娘走了以后想把房子改成俺的名字，几个姐都没意见"),
    ("house", "继承房产要不要所有人到场，有个哥哥在国外回不来"),
    ("deposit", "爸爸去世后公积金和养老金账户的钱怎么领"),
    ("debt", "婆婆去世前给小叔子做了担保，现在银行起诉我们这些继承人"),
    ("debt", "我哥没了留下一屁股债，嫂子问她要不要还"),
    ("will", "爷爷在医院用手机录了视频说房子留给我，叔叔们不承认"),
    ("will", "遗嘱是村干部代写的，我爸只按了手印没签名，作数不"),
    ("will", "后妈拿出一份遗嘱说房子全归她，我怀疑是假的"),
    ("renounce", "办了公证放弃爸爸遗产，现在发现还有一套房没告诉我"),
    ("step", "我妈改嫁过去二十年，继父走了，他儿子要赶我妈出门"),
    ("step", "老伴是二婚，他走了，他前头的三个孩子要来分房子"),
    ("grandchild", "我爸前年走的，爷爷今年才走，姑姑说我没资格继承"),
    ("natural", "他出事走了，我肚子里的孩子还没生，他爸妈说没我们娘俩的份"),
    ("death_money", "丈夫工亡，公司赔的钱打到公公卡上了，他不给我"),
    ("given", "老爷子去世前半年把房卖给了我妹，才卖了十万"),
    ("unworthy", "我姐二十年没回过家，爸妈丧事都没来，还想分钱"),
    ("rural", "公婆的宅基地要拆迁了，老公已经去世，我和女儿能分吗"),
    ("grab", "爸妈走后房产证和存折都在大嫂手里，不给我们看"),
    ("plan", "我一个人没儿没女，想把房子留给照顾我的外甥女，该怎么办"),
    ("deal", "照顾孤寡老人八年，他写了遗嘱把房给我，村里说要收回"),
    ("creditor", "他借了我六万没还就病故了，家里人说谁借的找谁去"),
    ("split", "我爸去世时兄妹写了协议说房子归我，我每人补五万，现在姐姐反悔"),
    ("burial", "爸爸的墓地钱我垫的，哥哥一分不出"),
    ("grab", "妈妈突发脑溢血走了，没来得及交代，房子爸爸说全是他的"),
    ("grab", "老公车祸没了，婆婆说房子是她儿子的要收走，我和孩子怎么办"),
    ("statutory", "舅舅没儿没女去世了，我们几个外甥能不能继承"),
    ("will", "爸爸的遗嘱是律师所写的，有两个律师见证，大姐说是假的"),
    ("will", "我妈遗嘱把爸爸那一半也写给了小儿子，这样行吗"),
    ("two_wills", "奶奶前后写了三份遗嘱，最后一份是录音"),
    ("debt", "我爸生前给人打了欠条，现在人走了，房贷也没还完，我不要遗产行不"),
    ("grab", "二叔拿着爷爷的存折把钱都转走了，还说爷爷欠他的"),
    ("house", "爷爷的房子一直没过户，爸爸也去世了，现在想办到我名下"),
    ("deposit", "老人走了，微信和支付宝里还有两万，怎么拿出来"),
    ("renounce", "哥哥让我写个不要遗产的声明，我该不该签"),
    ("given", "我爸得老年痴呆以后，房子被保姆哄着过户了"),
    ("rural", "爹妈的承包地和老屋，三个儿子怎么分"),
    ("step", "后爸的房子，我妈走了以后后爸的女儿让我们搬出去"),
    ("deal", "我伺候了干妈十二年，她写了协议房子给我，她侄女来闹"),
    ("plan", "想给两个孩子把财产安排清楚，免得以后打架，怎么立"),
    ("death_money", "爸爸工地摔死，老板赔了八十万，后妈全拿着"),
    ("death_money", "妈妈的抚恤金和丧葬费哥哥一个人领了"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_trouble_comes_out_at_its_own_cause(cause: str, opening: str) -> None:
    assert consult([opening])[1][0].id == cause


# A cause of its own, a story with its deciding facts, and an article that the conclusion rests on.
CONCLUSIONS = [
    ("step", "我爸去世,继母说房子是她的,房子是再婚后买的", "民法典#1153"),
    ("grandchild", "爷爷走了,我爸先走的,叔叔说孙子没份,我能代位继承吗", "民法典#1128"),
    ("two_wills", "我爸有两份遗嘱,公证遗嘱给我,后来又手写遗嘱给弟弟", "民法典#1142"),
    ("natural", "没领证生的女儿,他爸去世了,出生证上有他名字,遗产有没有份", "民法典#1071"),
    ("deposit", "我妈去世了,存折里四万块怎么取出来", "民法典#1127"),
    ("creditor", "借给他十万,他病故了,房子没人管,儿子放弃了继承", "民法典#1145"),
    ("death_money", "弟弟车祸的死亡赔偿金,弟媳和爸妈怎么分", "民法典#1181"),
    ("given", "妈妈糊涂的时候被我姐哄着把房子过户给了她", "民法典#148"),
    ("unworthy", "弟弟虐待老人,现在还要来分遗产", "民法典#1125"),
    ("rural", "农村老家的宅基地房子,我户口在城里能继承吗", "土地管理法#62"),
    ("shares", "我爸的公司股权,他去世后我能继承当股东吗", "公司法#90"),
    ("burial", "妈妈去世,哥哥不让我看骨灰", "民法典#994"),
    ("split", "兄弟几个签了遗产分割协议,有人被骗签的,现在反悔不认", "民法典#148"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story", "article"), CONCLUSIONS, ids=[row[0] for row in CONCLUSIONS])
def test_a_special_trouble_is_concluded_on_its_own_articles(cause: str, story: str, article: str) -> None:
    _, causes, decision = consult([story])
    assert causes[0].id == cause
    assert article in {one for _, finding in decision.held for ground in finding.grounds for one in ground.articles}
