"""人身损害: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.injury import DOMAIN
from tests.orchestrator.fields import played

TODAY = date(2026, 11, 20)
HARM = "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释"
TORT = "最高人民法院关于适用民法典侵权责任编的解释（一）"


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str]]:
    """Causes, facts (id to value), questions (element ids), articles of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known)]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds


VICTIM, PAYER = "受害一方", "被要求赔偿一方"

COMPLETE = [
    (
        ("我被邻居打了,鼻梁骨折住院8天花了1万2,我没还手,已经报警了,鉴定是轻伤二级,对方不肯赔",),
        "fight",
        {"side": VICTIM, "blows": "一方打人,另一方没还手", "forensic": "轻伤", "medical": "12000元", "stay": "8天"},
        "刑法#234",
    ),
    (
        ("昨天在烧烤摊和人互殴,我头破了缝了5针,对方也受伤了,派出所说都是轻微伤,怎么办",),
        "fight",
        {"side": VICTIM, "blows": "双方都动了手", "forensic": "轻微伤或不构成", "happened_on": "2026年11月19日"},
        "民法典#1173",
    ),
    (
        ("我老公在工地上跟工友打架把人家打伤了,对方轻伤二级现在要我们赔8万,已经刑拘了",),
        "fight",
        {"side": PAYER, "forensic": "轻伤", "offer": "80000元"},
        "刑事诉讼法#288",
    ),
    (
        ("我被同事打了,三个人打我一个,我没还手,轻微伤,派出所调解他们不同意赔",),
        "fight",
        {"gang": "几个人一起", "forensic": "轻微伤或不构成"},
        "民法典#1168",
    ),
    (
        ("上周三在小区被一条没拴绳的金毛咬了小腿,打了狂犬疫苗花了1800,狗主人只愿意出一半",),
        "animal",
        {"side": VICTIM, "leash": "没有拴绳或没人看管", "medical": "1800元", "injury": "皮外伤,没住院"},
        "民法典#1246",
    ),
    (
        ("俺娘去赶集让一只大黄狗给咬咧,狗没拴着,打针花了一千五,狗主人不认账",),
        "animal",
        {"side": VICTIM, "leash": "没有拴绳或没人看管", "medical": "1500元"},
        "民法典#1246",
    ),
    (
        ("我家的狗拴在院子里,邻居家孩子跑进来逗狗被咬伤,要我赔2000",),
        "animal",
        {"side": PAYER, "leash": "拴着或关着", "tease": "有挑逗或擅闯", "offer": "2000元"},
        "民法典#1245",
    ),
    (
        ("俺爸在村里遛弯让一只野狗咬了,找不到主人,打疫苗花了两千",),
        "animal",
        {"leash": "流浪或走失的", "medical": "2000元"},
        "民法典#1249",
    ),
    (
        ("我家泰迪被邻居家没牵绳的大狗咬死了,当时买的3000,他只肯赔500",),
        "pet",
        {"side": VICTIM, "pet_by": "被别的动物咬", "things": "3000元", "offer": "500元"},
        "民法典#1184",
    ),
    (
        ("在小区走路被楼上掉下来的花盆砸中头,缝了12针住院5天,物业查监控没拍到,没人承认",),
        "falling",
        {"dropped": "扔下或掉下的物品", "thrower": "查不到是谁", "stay": "5天"},
        f"{TORT}#25",
    ),
    (
        ("广告牌掉下来把我砸骨折了,店家说是大风刮的不赔",),
        "falling",
        {"side": VICTIM, "dropped": "楼体部件或搁置物、悬挂物"},
        "民法典#1253",
    ),
    (
        ("我们整栋楼都被起诉了,说高空抛物查不到是谁,我家当时没人在家,需要赔吗",),
        "falling",
        {"side": PAYER, "thrower": "查不到是谁", "alibi": "能证明"},
        "民法典#1254",
    ),
    (
        ("晚上骑电动车掉进修路挖的坑里,没围挡没警示灯,胳膊骨折花了2万",),
        "ground",
        {"side": VICTIM, "thing": "施工坑、窨井或地下设施", "medical": "20000元"},
        "民法典#1258",
    ),
    (
        ("路边的树被风刮断砸到我,肩膀骨裂,园林说是台风",),
        "ground",
        {"side": VICTIM, "thing": "树木"},
        "民法典#1257",
    ),
    (
        ("在超市买菜地上有水没放警示牌,我妈72岁滑倒股骨骨折,住院做手术花了5万多,超市只给了2000",),
        "place",
        {"hazard": "场所有隐患,没警示没防护", "medical": "50000元", "paid": "2000元"},
        "民法典#1198",
    ),
    (
        ("儿子12岁和同学去水库游泳淹死了,水库边没有护栏也没警示牌,能找谁赔",),
        "place",
        {"injury": "去世", "venue": "野外的河、水库、水塘"},
        f"{HARM}#15",
    ),
    (
        ("我开了个小饭馆,客人在店里滑倒摔伤,地上有油,他要我赔2万",),
        "place",
        {"side": PAYER, "hazard": "场所有隐患,没警示没防护", "offer": "20000元"},
        "民法典#1198",
    ),
    (
        ("前天在饭店吃火锅服务员把汤洒我腿上,烫伤住院,花了8000,饭店只肯出医药费",),
        "place",
        {"hazard": "店家员工弄伤", "medical": "8000元"},
        "民法典#1191",
    ),
    (
        ("儿子5岁在幼儿园滑梯上摔下来,胳膊骨折,老师当时玩手机,幼儿园只愿意赔医药费的一半",),
        "school",
        {"side": VICTIM, "pupil": "不满8岁", "cause_at_school": "自己摔倒或活动中受伤"},
        "民法典#1199",
    ),
    (
        ("女儿上小学三年级9岁,课间被同学推倒磕掉两颗门牙,老师不在场,对方家长不赔",),
        "school",
        {"pupil": "8岁以上的未成年人", "school_care": "有疏忽"},
        "民法典#1200",
    ),
    (
        ("我是幼儿园园长,一个4岁的孩子自己跑摔倒磕破额头缝了5针,家长要求赔3万",),
        "school",
        {"side": PAYER, "school_role": "学校、机构一方", "offer": "30000元"},
        "民法典#1199",
    ),
    (
        ("我家7岁儿子在小区骑车不小心撞倒一个老太太,骨折住院,家属要我们赔10万",),
        "minor",
        {"side": PAYER, "play": "不小心碰到", "offer": "100000元"},
        "民法典#1188",
    ),
    (
        ("女儿8岁和邻居家孩子一起玩,被推倒摔断胳膊,住院花了1万8,对方家长只给了2000",),
        "minor",
        {"side": VICTIM, "medical": "18000元", "paid": "2000元"},
        "民法典#1188",
    ),
    (
        ("我爸给邻居家盖房子从架子上掉下来,腰椎骨折,没有安全带也没安全帽,住院花了8万,房主只给了1万",),
        "work",
        {"bond": "给个人家里干活", "slip": "没有安全措施或强令冒险", "medical": "80000元", "paid": "10000元"},
        "民法典#1192",
    ),
    (
        ("我请了个师傅来家里刷墙,按天算300一天,他自己没站稳从梯子上摔下来骨折了,要我赔5万",),
        "work",
        {"side": PAYER, "bond": "给个人家里干活", "slip": "干活的人自己违规大意", "offer": "50000元"},
        "民法典#1192",
    ),
    (
        ("老公跟着包工头在工地干活被钢管砸伤,肋骨断了三根,包工头不管,没签合同",),
        "work",
        {"bond": "跟包工头、施工队干"},
        "最高人民法院关于审理工伤保险行政案件若干问题的规定#3",
    ),
    (
        ("邻居来帮我家砍树,我说了不用他帮,他非要爬上去摔断了腿,现在要我赔",),
        "work",
        {"side": PAYER, "bond": "免费帮忙", "refused": "明确拒绝过"},
        f"{HARM}#5",
    ),
    (
        ("我弟跟五个朋友喝酒,他们一直劝酒灌他,喝醉后把他一个人扔在宾馆,第二天发现猝死了",),
        "together",
        {"side": VICTIM, "occasion": "一起喝酒", "drinkers": "劝酒或没有照顾", "injury": "去世"},
        "民法典#1165",
    ),
    (
        ("打篮球抢篮板时被对方撞倒,十字韧带断了住院手术花了4万,能要他赔吗",),
        "together",
        {"occasion": "一起打球、运动", "foul": "正常对抗或意外", "medical": "40000元"},
        "民法典#1176",
    ),
    (
        ("我跳河救落水的孩子,腰摔伤住院,孩子家长不管",),
        "together",
        {"side": VICTIM, "occasion": "救人、见义勇为"},
        "民法典#183",
    ),
    (
        ("网上买的充电宝爆炸把我手烧伤了,住院花了1万,充电宝残骸还留着,商家不赔",),
        "product",
        {"defect": "产品自身有缺陷", "kept": "还留着", "medical": "10000元"},
        "民法典#1203",
    ),
    (("十级伤残能赔多少钱",), "losses", {"injury": "已评上伤残"}, f"{HARM}#12"),
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
    ("被打了怎么办", "fight", {"forensic", "injury"}),
    ("我打了人怎么办", "fight", {"forensic"}),
    ("被狗咬了主人不赔", "animal", {"leash", "injury"}),
    ("高空抛物被砸了怎么办", "falling", {"thrower", "injury"}),
    ("在商场摔了怎么办", "place", {"hazard"}),
    ("孩子在学校受伤了怎么办", "school", {"pupil", "cause_at_school", "injury"}),
    ("给人干活受伤了怎么办", "work", {"bond", "slip", "injury"}),
    ("一起喝酒的人出事了我有责任吗", "together", {"drinkers"}),
]


@pytest.mark.parametrize(("story", "cause", "wanted"), BARE)
def test_a_bare_story_leads_to_few_and_decisive_questions(story: str, cause: str, wanted: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert wanted <= set(asked)
    assert len(asked) <= 5


def test_a_correction_overrides() -> None:
    _, known, _, _ = told("我被邻居打了,医药费花了3000,对方没还我", "不对,医药费是5000")
    assert known["medical"] == "5000元"
    _, known, asked, _ = told("被狗咬了主人不赔,狗没拴绳,去医院打了疫苗", "不对,那狗是拴着的,我也没逗它")
    assert known["leash"] == "拴着或关着"
    assert asked == []


def test_a_negation_is_no_affirmation() -> None:
    assert told("我没报警,被邻居打了")[1]["police"] == "没有报警"
    assert told("我被人打了,伤情鉴定还没做")[1]["forensic"] == "还没鉴定"
    assert told("被狗咬了,我没逗它")[1]["tease"] == "没有招惹"


def test_the_side_decides() -> None:
    assert told("邻居家的狗把我咬了")[1]["side"] == VICTIM
    assert told("我家的狗把邻居咬了")[1]["side"] == PAYER
    assert told("我把人推了一下,他摔骨折了,现在要我赔8万")[1]["side"] == PAYER
    assert told("别家未成年人孩子把我家孩子打伤了,想要起诉,应当起诉谁")[1]["side"] == VICTIM


@pytest.mark.parametrize(
    ("story", "element", "reply", "value"),
    [
        ("被狗咬了主人不赔", "leash", "没拴", "没有拴绳或没人看管"),
        ("被狗咬了主人不赔", "injury", "住院了", "住院或骨折等,还没评残"),
        ("被打了怎么办", "forensic", "还没做", "还没鉴定"),
        ("孩子在学校受伤了怎么办", "pupil", "6岁", "不满8岁"),
        ("给人干活受伤了怎么办", "bond", "没要钱,就是帮忙", "免费帮忙"),
    ],
)
def test_a_short_reply_is_read(story: str, element: str, reply: str, value: str) -> None:
    _, _, asked, _ = told(story)
    assert element in asked
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


def test_an_old_injury_warns_of_the_limitation() -> None:
    grounds = told("2022年5月我被邻居打断了腿,住院花了3万,一直没赔,我没还手,轻伤二级")[3]
    assert "民法典#195" in grounds


def test_damage_to_a_car_alone_asks_for_no_injury() -> None:
    causes, known, asked, _ = told("昨天我的车停在楼下被外墙瓷砖砸了天窗,修车要6000,物业说不管")
    assert causes == ["falling"]
    assert known["things"] == "6000元"
    assert asked == []


RAMBLING = [
    (
        "昨晚下班路过小区3号楼,楼上扔下来个啤酒瓶砸到我肩膀,报警了,警察查监控找到了是5楼的租客,锁骨骨裂住院花了1万3,他说没钱",
        ["falling", "losses"],
        {"thrower": "查到了", "medical": "13000元"},
        [],
    ),
    (
        "我家在道路上晒稻谷以收好装袋了。人去吃饭了,有个70多岁的人骑个摩托车撞我谷袋子上摔跤了我们要付多少的责任?",
        ["ground", "losses"],
        {"side": PAYER, "thing": "路上的障碍物、油污"},
        [],
    ),
    (
        "我儿子13岁跟同学打架把同学鼻梁打骨折了,对方家长要5万",
        ["minor", "losses"],
        {"side": PAYER, "play": "故意打人或欺负", "offer": "50000元"},
        [],
    ),
    (
        "女儿在学校长期被同学欺负霸凌,得了抑郁症住院,13岁,多次告诉老师都没管",
        ["school", "losses"],
        {"pupil": "8岁以上的未成年人", "school_care": "有疏忽"},
        [],
    ),
    (
        "孩子在蹦床乐园玩,摔断了胳膊,没有工作人员看着,签了免责协议他们不赔",
        ["place", "losses"],
        {"waiver": "签过免责声明", "hazard": "场所有隐患,没警示没防护"},
        [],
    ),
    (
        "朋友聚餐喝多了回家路上摔死了,家属把我们都告了,我们没人劝酒,还打车送他到家门口",
        ["together", "losses"],
        {"side": PAYER, "drinkers": "没劝酒,也照顾了"},
        [],
    ),
]


@pytest.mark.parametrize(("story", "expected_causes", "expected", "questions"), RAMBLING)
def test_a_rambling_story_is_not_misread(
    story: str, expected_causes: list[str], expected: dict[str, str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert causes == expected_causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == questions


def test_a_dog_in_a_park_is_no_fault_of_the_park() -> None:
    causes, _, asked, _ = told("我妈在小区遛弯被邻居没拴绳的狗扑倒,骨折住院花了4万多,邻居只肯给5千,怎么要赔偿")
    assert causes == ["animal", "losses"]
    assert not asked


# What a lawyer would ask: (opening, what it tells, what must be asked within three turns).
OPENINGS = [
    (
        "昨天晚上在烧烤摊,邻桌一个男的嫌我们吵,过来就给了我一拳,我眼眶当时就肿了,今天看东西有点模糊。派出所来了两个人说让我们自己商量,我该怎么要赔偿?",
        {"side", "police", "happened_on"},
        {"forensic", "proof", "settled"},
    ),
    (
        "上周我老公跟小区门口摆摊的吵起来,被对方拿秤砣砸破了头,缝了九针。对方死活说是我老公先推他的。这事能让他赔多少,能不能拘他?",
        {"side"},
        {"forensic", "proof"},
    ),
    (
        "孩子下楼倒垃圾,被三楼养的一条大黄狗扑倒,胳膊上咬了两个血窟窿,打了五针疫苗。那家人说狗平时不咬人,是孩子先跑的。怎么办?",
        {"side"},
        {"leash", "proof", "breed"},
    ),
    (
        "上个月15号我去朋友家玩,他家的猫突然窜出来把我脸抓了三道,现在留了疤,他说猫抓的他也没办法,我能要求赔吗?",
        {"side", "happened_on"},
        {"proof", "settled"},
    ),
    (
        "我家养了四年的泰迪昨天在楼下被一条大狗咬死了,那家主人扔下五百块钱就走了。我心里难受死了,能要多少?",
        {"side", "pet_by", "happened_on"},
        {"leash", "proof", "things"},
    ),
    (
        "前天下午我家的两只羊让邻村的狗给咬死了,那人不承认是他家的狗,咋办?",
        {"pet_by", "happened_on"},
        {"proof", "things", "leash"},
    ),
    (
        "下班走到楼下,上面突然掉下来一个花盆砸在我肩膀上,锁骨断了,住院八天。物业说他们也不知道是哪家的,让我找警察。我该告谁?",
        {"side", "dropped"},
        {"proof", "appraisal"},
    ),
    (
        "今天早上楼上住户窗台的空调外机支架掉下来,擦着我妈的腿砸过去了,小腿划了个大口子。这个该谁负责?",
        {"dropped", "side"},
        {"proof", "appraisal"},
    ),
    (
        "晚上骑电动车回家,路上有个井盖没盖好,我连车带人翻进去了,门牙磕掉两颗,腿也缝了十几针。这种找谁赔?",
        {"thing", "side"},
        {"manager", "proof", "warned"},
    ),
    (
        "刮大风,路边一棵老杨树断下来砸到我爸,腰椎骨折现在还躺着。村里说是天灾,没人管,怎么办?",
        {"thing", "side"},
        {"proof", "appraisal"},
    ),
    (
        "带我妈去洗浴中心,她从更衣室出来一脚滑倒,股骨颈骨折了。店里经理说老人家自己不当心,只愿意出一千块慰问。这合理吗?",
        {"side", "offer"},
        {"proof", "appraisal", "share"},
    ),
    (
        "周日在商场坐扶梯,前面一个人没站稳倒下来把我砸下去了,尾椎骨裂。商场让我找那个人,那人早走了,我怎么办?",
        {"side", "happened_on"},
        {"proof", "appraisal"},
    ),
    (
        "我女儿上四年级,周二体育课跑步的时候摔了一跤,把胳膊摔骨折了,打了钢钉。老师中午才给我打电话。学校说是孩子自己摔的跟他们没关系,我能找学校吗?",
        {"pupil", "cause_at_school", "side"},
        {"proof", "appraisal", "policy"},
    ),
    (
        "儿子五岁,在幼儿园里被另一个小朋友用积木砸伤了眼角,缝了七针,园长说让我去找那个孩子的家长。到底谁赔?",
        {"pupil", "cause_at_school", "side"},
        {"school_care", "grown", "proof"},
    ),
    (
        "我家孩子在小区广场玩滑板,被一个骑自行车的男孩撞倒,下巴缝了五针。他妈妈说小孩子玩哪有不磕碰的,一分钱不出。怎么办?",
        {"side"},
        {"grown", "proof"},
    ),
    (
        "我儿子昨天放学路上跟同学闹着玩,把人家眼镜打碎了,镜片划伤了眼角,对方家长要我赔八万,这合理吗?",
        {"side", "play", "happened_on"},
        {"proof", "appraisal"},
    ),
    (
        "村里老王家盖房子叫我去帮着上梁,一天给两百。第二天架子塌了,我从三米多高摔下来,腰椎压缩性骨折,他就送到医院交了三千押金,后来电话也不接了。",
        {"side", "bond"},
        {"tools", "orders", "appraisal"},
    ),
    (
        "我在家里请了个师傅来擦外窗玻璃,谈好一共300块,他没系安全绳从二楼掉下去了,腿断了。现在他老婆天天来我家闹要二十万,我有责任吗?",
        {"side", "offer"},
        {"tools", "orders", "appraisal"},
    ),
    (
        "我爸上周六去吃同学孩子的升学宴,同桌六个人,喝完自己骑车走的,半路栽到沟里第二天早上才被发现,人已经没了。能不能找同桌的人要赔偿?",
        {"side", "injury"},
        {"drinkers", "organizer", "proof"},
    ),
    (
        "周末跟群里的人约着打羽毛球,双打的时候队友一拍子抡到我眼睛上,视网膜脱落,做了手术。他说运动受伤自己担。我能要求他赔吗?",
        {"side", "injury"},
        {"foul", "organizer", "appraisal"},
    ),
    (
        "新买的充电宝在床头充电突然炸了,把我手和大腿都烧伤了,被子也烧了。卖家说是我自己充电方式不对,只肯退货款。怎么办?",
        {"side", "defect"},
        {"kept", "seller", "appraisal"},
    ),
    (
        "前天家里的电热水器漏电,我老婆洗澡的时候被电得晕过去了,现在还在医院。厂家说是我家地线没接好,该找谁赔?",
        {"side", "defect"},
        {"kept", "seller"},
    ),
    (
        "昨天在街上走,一个推购物车的大叔低头看手机撞了我脚后跟,跟腱断了要做手术。他说不是故意的,不肯出钱。",
        {"blame", "happened_on"},
        {"proof", "appraisal"},
    ),
    (
        "同事搞恶作剧抽走了我的椅子,我一屁股坐地上尾椎骨折,他说开个玩笑不至于吧。我想让他赔钱,怎么弄?",
        {"side", "blame"},
        {"proof", "appraisal"},
    ),
]
WHOLE = [
    "2026年9月18日晚上在夜市,邻居张某因为停车的事冲上来打我,我没还手,他一个人打的。当场报了警,派出所做了笔录,伤情鉴定是轻微伤。夜市监控和两个摊主都能作证。我鼻子破了,在医院看门诊花了2300元,票据都在,休息了五天,一天工资200元。派出所调解过,他只肯出500,没有签协议,也没赔过一分钱。我能要哪些钱,在哪起诉?",
    "2026年10月2日傍晚我在小区散步,被楼下刘家没拴绳的金毛扑上来咬了小腿,我没有招惹它。物业监控拍到了,我也报了警。物业说他家办过狗证,不是禁养犬。打疫苗和清创一共花了2860元,有发票,医生开了三天假,我一天收入三百。刘家只赔了500元,没有签协议。皮外伤,没有住院。我还能要多少?",
    "2026年8月20日,我牵着绳在小区遛我家的柯基,被王某没拴绳的阿拉斯加咬死了。监控拍得清清楚楚,他本人也承认。柯基当初买的时候花了3500元,抢救花了1200元,都有票。他没赔过钱,也没签过协议。能要精神损失吗?",
    "2026年7月9日我在自家楼下被302室掉下来的花盆砸中肩膀,监控拍到就是302阳台掉的,报了警,302业主承认是他家的。锁骨骨折,住院9天花了3万1,已经做过鉴定,评上十级伤残。我每月工资6000元,误工三个月。物业一直没装防护。302只垫付了5000元,没有签协议。我自己正常走路没有过错。能要多少?",
    "2026年6月11日晚上我骑车经过施工路段,施工单位路桥公司挖的坑没有围挡也没有警示灯,我连人带车摔进坑里,右手骨折,住院7天花了1万8。现场照片我拍了,交警也出了现场记录,我没喝酒也没超速,正常骑行。已经鉴定不构成伤残。公司没赔过钱,我们没签过协议。误工两个月,月工资5000元。该怎么要?",
    "2026年5月4日我在惠民超市买菜,踩到生鲜区的积水滑倒,手腕骨折。地上没放警示牌,监控拍到了,店员当时就在旁边看见。我走路好好的没有看手机。门诊加手术花了1万6,票据齐全;做过鉴定,不构成伤残。休息两个月,月工资4500元。超市只给过2000元,没签协议。责任怎么划?",
    "我儿子九岁,上三年级。2026年9月22日课间在走廊被同班同学推倒,门牙断了。当时没有老师在场看管,走廊监控拍到了。医疗费花了4200元,医生说成年后要做种植牙,没有鉴定必要。学校有校方责任险,保险公司让等。对方家长赔了1000,没签协议。能让学校和对方家长都赔吗?",
    "2026年8月1日,我家六岁的女儿在小区滑梯上被邻居家八岁的男孩故意推下来,手臂骨折。邻居家孩子当时由他奶奶带着。物业监控拍到全过程。住院五天花了1万2,做过鉴定不构成伤残。两家都没买过保险。对方只给了1000元,没有签过协议。能要多少?",
    "2026年4月10日起我给同村李家盖房干小工,按天算,一天220元,每天干什么都听李家安排。4月15日李家搭的架子断了,我摔下来腿骨折,架子和工具都是他家提供的,没给安全帽。两个工友都看见了,我没喝酒没违规。住院12天花了3万9,鉴定十级伤残。没有买过保险。李家垫了1万,没签协议。我平时一个月收入五千左右,误工四个月。能要多少?",
    "2026年3月6日晚上我弟弟和五个同事聚餐喝酒,是同事陈某组织请客的。他们一直劝酒,弟弟喝醉后没人送,自己走回家摔进河沟,人没救过来。饭店监控拍到劝酒和他独自离开,公安报过警也做了尸检。抢救费花了八千多。弟弟30岁,没结婚没孩子,父母都有退休金,月工资7000。同事们没赔过钱,没签协议,没有保险。能告他们吗?",
    "2026年2月14日,我在京东旗舰店买的电热毯用了三天就自己起火,我背部烧伤,住院20天花了5万2。电热毯残骸我留着没扔,订单和发票都有,消防出了认定书说是产品短路引起的,现场照片也在。已经鉴定九级伤残。商家只肯退货款,没赔过钱也没签协议。月收入8000元,误工三个月。我没有使用不当。能向谁要?",
    "2026年10月12日上午我在人行道正常走路,被一个低头看手机跑步的人从后面撞倒,髌骨骨裂。当场报警,派出所调了监控。门诊花了3600元,医生说不构成伤残不用鉴定。请假20天,月工资6500元。他不是故意的,只赔了500元,没有签协议。能要多少?",
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
    ("blows", "他先动手,我就推了他一下", "双方都动了手"),
    ("blows", "我一下都没还手", "一方打人,另一方没还手"),
    ("forensic", "鉴定是轻微伤", "轻微伤或不构成"),
    ("forensic", "派出所没让做鉴定", "还没鉴定"),
    ("police", "当场就打110了", "已经报警"),
    ("proof", "小区门口有监控,保安也看见了", "有证据"),
    ("proof", "没监控,也没人看见", "没有证据"),
    ("appraisal", "还没做鉴定,医生说可能构成十级", "还没鉴定"),
    ("appraisal", "评了九级", "评上了伤残"),
    ("appraisal", "没什么大事,不用鉴定", "不构成伤残"),
    ("settled", "垫了五千,没签协议", "没有签"),
    ("settled", "什么都没有", "没有签"),
    ("breed", "物业说他家没办过狗证,这个品种市里不让养", "禁养的烈性犬"),
    ("breed", "就是普通土狗", "办了证,不是禁养犬"),
    ("leash", "没拴,自己跑出来的", "没有拴绳或没人看管"),
    ("tease", "没有,我就路过", "没有招惹"),
    ("school_care", "操场上没有老师值班", "有疏忽"),
    ("school_care", "老师在场,马上送医院了", "看不出疏忽"),
    ("grown", "也是同班的,八岁多一点", "未成年"),
    ("grown", "那孩子十二", "未成年"),
    ("play", "他就是故意推的", "故意打人或欺负"),
    ("play", "闹着玩的", "互相打闹、玩耍"),
    ("policy", "学校说买了校方责任险", "有保险"),
    ("policy", "没买过保险", "没有保险"),
    ("tools", "凳子和架板都是房主家的", "雇请的一方提供"),
    ("tools", "我自己带的工具", "干活的人自己带的"),
    ("orders", "每天干啥都是房主在旁边说,不是包活", "听对方安排指挥"),
    ("orders", "我自己看着干,干完一起结账", "自己说了算,交活拿钱"),
    ("slip", "没有安全帽也没提醒过", "没有安全措施或强令冒险"),
    ("slip", "是我自己没站稳", "干活的人自己违规大意"),
    ("bond", "一天两百,给他家干", "给个人家里干活"),
    ("bond", "包工头叫我去的", "跟包工头、施工队干"),
    ("warned", "什么牌子都没有", "没有警示和防护"),
    ("warned", "边上有个警示牌", "有警示和防护"),
    ("manager", "是市政的", "知道归谁管"),
    ("manager", "不知道谁管", "还不清楚归谁管"),
    ("hazard", "地上有水没放牌子", "场所有隐患,没警示没防护"),
    ("share", "没有,走得好好的", "自己没有过错"),
    ("share", "我当时在看手机", "自己也有过错"),
    ("drinkers", "一直灌他,喝完没人送", "劝酒或没有照顾"),
    ("drinkers", "没人劝,还给他叫了代驾", "没劝酒,也照顾了"),
    ("foul", "正常抢球撞的", "正常对抗或意外"),
    ("organizer", "群主组织的,每人收三十", "有人组织或收费"),
    ("kept", "残骸还在家里", "还留着"),
    ("seller", "拼多多上买的", "正规渠道"),
    ("thrower", "没查到是谁", "查不到是谁"),
    ("alibi", "我家当时没人", "能证明"),
    ("guard", "他奶奶带着的", "委托别人照看"),
    ("blame", "他低头看手机没看路", "对方故意或有疏忽"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# The troubles people bring, in their words, and the cause that each must come out at first.
TROUBLES = [
    ("我儿被同村几个后生按到打,肋巴断了两根,派出所只让赔钱了事", "fight"),
    ("老公喝醉了打我,鼻梁都塌了,我想告他", "fight"),
    ("遛狗的没牵绳,狗冲过来把我吓得摔了一跤,尾椎裂了", "animal"),
    ("小孩被邻居家的猫抓花了脸", "animal"),
    ("外卖员进电梯时热汤泼我腿上了", "other"),
    ("我爸去银行取钱,门口台阶结冰摔断了胯", "place"),
    ("孩子军训中暑晕倒,学校没及时送医,留下后遗症", "school"),
    ("侄子把同学的手指夹断了,老师当时不在", "minor"),
    ("雇了个吊车司机吊木头,木头掉下来砸伤了帮忙的人", "work"),
    ("我跟老板干装修,电锯锯断了手筋,没签合同", "work"),
    ("婚宴上被人灌酒,我哥回家路上栽水沟里没了", "together"),
    ("游泳馆教练让我憋气训练晕过去了", "place"),
    ("买的椅子坐下去气杆炸了,屁股扎了个洞", "product"),
    ("在大排档吃宵夜,旁边桌的醉汉拿酒瓶照我脑袋砸下来,缝了八针,派出所叫调解,我想让他坐牢", "fight"),
    ("跟邻居为停车位吵起来,他先推我,我也还了两拳,他鼻骨断了,说是轻伤二级要我赔五万还要告我", "fight"),
    ("我儿子十九岁,跟人打群架把对方眼睛打伤了,现在被拘留,家里想赔钱求谅解", "fight"),
    ("晚上在公园散步,一只没拴的大黄狗窜出来咬了我小腿,主人跑了,打疫苗花了一千多", "animal"),
    ("我家的边牧在电梯里扑了一个老太太,她摔倒骨盆裂了,子女要我赔十万", "animal"),
    ("邻居家放养的鹅啄我孙女的脸,留疤了,邻居说鹅又没拴住的道理", "animal"),
    ("我养的金毛在小区被一只没牵绳的罗威纳咬死了,对方说赔两百块", "pet"),
    ("走在楼下被一个花盆砸中肩膀,查不出是哪家的,物业说没监控", "falling"),
    ("整栋楼的住户都被告了,说有人扔烟头烧了楼下的车,我家当时没人", "falling"),
    ("刮大风小区外墙瓷砖掉下来把我的车顶砸瘪了,物业说没有维修基金", "falling"),
    ("晚上骑车掉进施工挖的沟里,没围挡没灯,腿断了,施工队说不是他们的", "ground"),
    ("路边的大树枯枝断了砸到我妈头上,园林局说是天灾", "ground"),
    ("我爸在鱼塘边钓鱼,鱼竿碰到高压线当场电死了,供电局说有警示牌", "ground"),
    ("我妈在超市门口踩到湿地摔了,股骨骨折,超市说她自己不看路", "place"),
    ("带孩子去商场的蹦床公园玩,他从滑梯上冲下来撞到铁架子,额头缝了十针,店家说签过免责", "place"),
    ("健身房跑步机突然停了,我摔掉两颗牙,教练不在场,会所只肯退卡", "place"),
    ("我开了个小饭店,客人喝多了自己在台阶上摔断腿,要我出全部医药费", "place"),
    ("去游泳馆游泳,我弟溺水没救过来,救生员当时在玩手机", "place"),
    ("孩子上幼儿园中班,午睡时从上铺掉下来胳膊断了,园里说已经尽责", "school"),
    ("儿子上初二,课间被同学推下楼梯脑震荡,学校让我们自己找对方家长", "school"),
    ("女儿在学校长期被几个女生欺负,扇耳光还拍视频,现在不敢去上学,抑郁了", "school"),
    ("我是托管班老板,有个孩子在我这儿追着玩磕掉门牙,家长要八万", "school"),
    ("我儿子八岁,在小区玩弹弓把邻居小孩的眼睛打了,对方要二十万", "minor"),
    ("邻居家七岁男孩把我女儿从滑梯上推下来,手臂骨折,他爸说小孩子闹着玩不管", "minor"),
    ("我给一个老板家贴瓷砖,从架子上跌下来脚跟碎了,他给了一万就不管了", "work"),
    ("去亲戚家帮着收玉米,手被机器绞断两根指头,亲戚说都是自家人", "work"),
    ("家里翻修屋顶,我请了个老师傅,他自己踩空摔成重伤,家属要我赔六十万", "work"),
    ("我在工地跟包工头干,没签合同,被钢管砸断腿,包工头跑了,公司说不认识我", "work"),
    ("保姆给我妈喂饭的时候滑倒摔伤了,让我出医药费", "work"),
    ("几个朋友聚餐,我弟喝多了骑电动车回家掉河里没了,一起喝的人有责任吗", "together"),
    ("打篮球抢板的时候对方落地踩到我脚崴断了脚踝,他现在把我告了要二十万", "together"),
    ("组织了一次爬山AA制,有个队友摔下山死了,家属告我是领队", "together"),
    ("看到老人摔倒我去扶,他反咬一口说是我撞的,要我出医药费", "together"),
    ("电动车电池半夜充电时炸了,我和孩子烧伤,商家说是充电器不对", "product"),
    ("网上买的高压锅做饭时爆了,脸上烫伤留疤,店铺已经关了", "product"),
    ("放烟花的时候邻居的烟花倒了,朝我这边喷,眼睛炸伤", "other"),
    ("理发店给我烫头,药水把头皮烧烂了,头发掉了一大片", "service"),
    ("商场保安怀疑我偷东西,把我带到小屋搜身,还骂我,精神上受不了", "other"),
    ("在外面吃饭一家三口食物中毒住院,店里不承认是他们的菜", "food"),
    ("被人打伤当时派出所调解签了协议拿了三千,后来查出耳膜穿孔,还能再要吗", "regret"),
    ("出事两年多了,对方一直拖着说赔,现在问还能不能起诉,过没过时效", "losses"),
    ("十级伤残能赔多少钱,我在老家务农", "losses"),
    ("骑共享单车的小伙子在人行道把我妈撞倒,手腕骨折,他还是学生", "other"),
    ("养老院护工给我爸喂饭噎着了没救过来,院里说正常死亡", "care"),
    ("我爸在养老院夜里自己起床摔断了胯骨,院里说合同写了免责", "care"),
    ("上门按摩的师傅把我腰按错位了,现在直不起来", "service"),
    ("公交站广告牌倒下来砸了我的头", "falling"),
    ("法院判了他赔我十二万,他一分没给还把房子过户给他儿子了", "collect"),
    ("KTV里跟隔壁包间的人起了口角,几个人围着我踹,脾破裂,其中一个还没抓到", "fight"),
    ("婆媳吵架,小姑子拿擀面杖把我头打破了,村里说是家务事不管", "fight"),
    ("儿子跟人约架拿刀捅了对方一下,对方重伤二级,家属要谅解费四十万", "fight"),
    ("在朋友家做客被他家猫抓了一道,打了五针疫苗,好意思要钱吗", "animal"),
    ("骑车下班两条野狗追着我跑,我摔断了锁骨,听说旁边厂子的人一直喂它们", "animal"),
    ("我家羊被邻居的藏獒咬死了七只,他只认两只", "pet"),
    ("装修工把楼上的瓷砖渣从窗户倒下来,砸到我爸头", "falling"),
    ("楼上漏下来的冰溜子砸坏了我的车", "falling"),
    ("窨井盖翻了,我一脚踩空大腿划了二十公分的口子,物业说是通信公司的", "ground"),
    ("邻居家的院墙塌了把我家两岁的娃压伤了", "ground"),
    ("在饭店上洗手间踩到油滑倒尾骨裂,老板娘说放了牌子", "place"),
    ("小区电梯突然下坠,我妈腰椎压缩性骨折,物业说找厂家", "place"),
    ("公园的健身器材断了,我摔伤了手腕", "place"),
    ("孩子在补习班被同学用铅笔戳了眼睛,机构说是孩子自己闹", "school"),
    ("高中生在宿舍从上铺栽下来脑出血,学校只垫了两万", "school"),
    ("幼儿园老师拿针扎孩子的手,监控说坏了", "school"),
    ("我孙子六岁,把别人家小孩推进喷水池,头磕破了,人家张口五万", "minor"),
    ("请小工上房顶清雪,他滑下来摔断了腿,要我全赔", "work"),
    ("帮邻居杀年猪,被猪蹬断了小腿,邻居只买了两箱奶", "work"),
    ("我妈在人家做住家保姆,擦窗户摔下来,主家说没让她擦", "work"),
    ("给厂里装货架,从叉车上摔下来,老板说我是临时工不算工伤", "work"),
    ("同学聚会喝完酒,他骑车回去撞树上死了,家里人把我们七个全告了", "together"),
    ("踢野球被人从后面铲断了腿,对方说踢球哪有不受伤的", "together"),
    ("跟驴友群去穿越,我老公坠崖,领队收了每人两百", "together"),
    ("新买的电热水袋漏水把孩子大腿烫了一片,厂家电话打不通", "product"),
    ("儿童滑板车的把手断了,孩子下巴磕破,网店说超重了", "product"),
    ("在小吃摊吃凉皮全家拉肚子住院", "food"),
    ("美甲店修脚把我大拇指弄感染了,拔了指甲", "service"),
    ("健身私教硬拉我的腿,韧带撕裂", "service"),
    ("爷爷住敬老院走丢了,三天后在河里找到", "care"),
    ("被打后在村委会签了六千块了结,上周查出脾脏有问题又去住院", "regret"),
    ("村干部调解书写明月底给两万,到现在一分没给", "collect"),
    ("滑滑板的小伙子把我奶奶撞倒,胯骨断了,他说他没钱", "other"),
    ("隔壁放鞭炮把我家孩子眼睛崩了", "other"),
]


@pytest.mark.parametrize(("story", "cause"), TROUBLES)
def test_a_trouble_comes_out_at_its_cause(story: str, cause: str) -> None:
    assert [found.id for found in reasoning.recognise(DOMAIN, story)][:1] == [cause]


# One story per cause, and words of the conclusion that must hold.
CONCLUSIONS = [
    ("food", "我们一家在饭店吃饭食物中毒住院,店里不承认,我要他赔", "先接到您要求的一家不能推"),
    ("service", "理发店给我烫头把头皮烧烂了,店家不肯赔", "由店家赔"),
    ("care", "我爸在养老院夜里没人巡视,起床摔断了胯骨,院里说不负责", "收了钱照料老人"),
    (
        "regret",
        "被人打伤后签了协议拿了三千,写了一次性了结,当时以为是小伤,后来查出耳膜穿孔,我还能找他要吗",
        "可以以重大误解或显失公平",
    ),
    ("collect", "法院判了他赔我十二万,他一分没给还把房子过户给儿子了", "可以直接申请强制执行"),
]


@pytest.mark.parametrize(("cause", "story", "words"), CONCLUSIONS)
def test_a_story_leads_to_its_conclusion(cause: str, story: str, words: str) -> None:
    known = facts.extract(DOMAIN.elements, story, TODAY)
    causes = reasoning.recognise(DOMAIN, story)
    assert causes[0].id == cause
    held = reasoning.decide(causes[:1], known, TODAY).held
    assert any(words in finding.concludes for _, finding in held)


SIGNED_REPLIES = [
    ("policy", "应该没有买,反正我们没见过", "没有保险"),
    ("appraisal", "没鉴定呢,大夫说够七八级", "还没鉴定"),
    ("appraisal", "律师朋友说换关节一般能评九级,我们还没做", "还没鉴定"),
    ("pupil", "七岁半,刚上二年级", "不满8岁"),
    ("settled", "派出所给了份谅解书我没签", "没有签"),
    ("usage", "放在出租屋床边充的,用的原装充电器,充了三个来钟头", "正常使用"),
    ("hazard", "生鲜区地上一摊化冻的水,没放牌子也没人拖", "场所有隐患,没警示没防护"),
    ("slip", "机器是他租来的,护罩让他自己拆了;他儿子没看就合了电闸", "没有安全措施或强令冒险"),
    ("tease", "没有,我低头走过去,连看都没看它", "没有招惹"),
]

SIGNED_STORIES = [
    ("小区里流浪狗咬了我,平时一个老太太天天喂它", {"side": "受害一方"}, {"tease": "有挑逗或擅闯"}),
    (
        "我老公在工地从架子上摔下来腰椎骨折,包工头说是他自己不小心,家里没收入,急死了",
        {"injury": "住院或骨折等,还没评残"},
        {"share": "自己也有过错", "slip": "干活的人自己违规大意", "orders": "自己说了算,交活拿钱"},
    ),
    ("还没做鉴定,医生说可能构成十级,手腕粉碎性骨折做了手术", {"injury": "住院或骨折等,还没评残"}, {}),
    (
        "房主一天280叫我去砌墙,凳子断了摔骨折,做手术花了三万二",
        {"daily": "280元", "medical": "32000元"},
        {"income": "280元"},
    ),
    ("儿子课间被同学推倒门牙断了,学校说买了校方责任险,让我等", {"side": "受害一方"}, {}),
    (
        "老公和老同学喝到半夜,早上被人发现死在绿化带里,我跟两个孩子天都塌了",
        {"injury": "去世", "dependants": "有要扶养的人", "occasion": "一起喝酒"},
        {},
    ),
    (
        "2026年7月19日下午,我带儿子去游乐园玩滑梯撞伤了额头住院8天,10月28日做的伤残鉴定",
        {"happened_on": "2026年7月19日"},
        {},
    ),
]

SIGNED_ANSWERS = [
    ("product", "我喝多了骑电动车摔沟里,路边施工没有围挡,腿断了", "", "产品责任的时效"),
    ("care", "我妈在一家大超市里走着走着滑倒了,股骨颈骨折,超市说老人自己不当心", "", "养老院"),
    ("care", "我妈在养老院夜里上厕所摔成骨折,护工睡着了", "养老院收了钱照料老人", ""),
    ("losses", "我给人砌墙一天280,从架子上摔下来骨折,主家不管", "按您一天", ""),
]


@pytest.mark.parametrize(("id", "reply", "value"), SIGNED_REPLIES)
def test_a_reply_in_the_words_of_people_is_read(id: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(id), reply, TODAY)
    assert fact is not None and fact.value == value


@pytest.mark.parametrize(("story", "expected", "absent"), SIGNED_STORIES, ids=[row[0][:16] for row in SIGNED_STORIES])
def test_what_was_told_otherwise_is_no_fact(story: str, expected: dict[str, str], absent: dict[str, str]) -> None:
    known = facts.extract(DOMAIN.elements, story, TODAY)
    assert {id: known[id].value for id in expected if id in known} == expected
    assert not {id for id, value in absent.items() if id in known and value in known[id].values}


@pytest.mark.parametrize(
    ("cause", "story", "told_", "left_out"), SIGNED_ANSWERS, ids=[row[1][:16] for row in SIGNED_ANSWERS]
)
def test_the_conclusions_are_those_of_the_matter(cause: str, story: str, told_: str, left_out: str) -> None:
    causes = [one for one in DOMAIN.causes if one.id == cause]
    known = facts.extract(DOMAIN.elements, story, TODAY)
    said = " ".join(finding.concludes for _, finding in reasoning.decide(causes, known, TODAY).held)
    assert told_ in said
    assert not left_out or left_out not in said
