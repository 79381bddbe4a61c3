"""网络电商: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.ecommerce import DOMAIN

TODAY = date(2026, 11, 20)
ONLINE = "最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定（一）"


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


# Complete stories: nothing is left to ask. Messages, cause, some facts, an article that must be among the grounds.
COMPLETE = [
    (
        ("淘宝买的裙子不喜欢,昨天收到的,商家不给退",),
        "return",
        {"want": "不喜欢或不想要了", "within": "七天以内", "goods": "普通商品"},
        "消费者权益保护法#25",
    ),
    (
        ("拼多多买的定制手机壳,不喜欢想退,店家说定制的不给退,三天前收到",),
        "return",
        {"goods": "定做、生鲜或数字商品"},
        f"{ONLINE}#2",
    ),
    (
        ("买了件羽绒服穿着有点小想退,商家说吊牌剪了不能退", "不对,是淘宝买的,前天刚收到"),
        "return",
        {"within": "七天以内", "channel": "平台上的网店", "opened": "用过、剪标或弄脏"},
        "消费者权益保护法#25",
    ),
    (
        ("在京东自营买的电脑用了半个月屏幕有亮点,质量问题,客服不给退只给修",),
        "return",
        {"channel": "平台自营", "within": "超过七天", "want": "有问题或与描述不符"},
        "消费者权益保护法#24",
    ),
    (
        ("找代购买鞋,开线了退回去了,代购签收后说脏了影响二次销售不退款",),
        "return",
        {"stage": "货已退回,钱没退", "channel": "微信、朋友圈或代购"},
        "侵害消费者权益行为处罚办法#9",
    ),
    (
        ("在直播间花2600买的玉镯说是天然A货,去鉴定是充胶的,主播不认账",),
        "fake",
        {"price": "2600元", "channel": "直播间", "proof": "有鉴定或商家承认"},
        f"{ONLINE}#12",
    ),
    (
        ("转转上买的包是假的,得物鉴定不通过,卖家主页挂了上百个包",),
        "fake",
        {"pro": "长期批量卖货", "trick": "假货或以次充好"},
        f"{ONLINE}#7",
    ),
    (
        (
            "我上个月在拼多多一家店买了两件羽绒服一共花了689,客服当时说是90%白鸭绒,收到以后我妈穿着老钻毛,"
            "我就找了检测机构,花了300检测费,报告显示绒含量只有40%多,我找商家他说只能退货不赔,我想要三倍赔偿可以吗",
        ),
        "fake",
        {"price": "689元", "test_fee": "300元", "trick": "假货或以次充好", "proof": "有鉴定或商家承认"},
        "消费者权益保护法#55",
    ),
    (
        ("俺在拼夕夕上买了个破风扇,才用3天就不转了,卖家叫我自己修,咋整",),
        "return",
        {"want": "有问题或与描述不符", "within": "七天以内"},
        "消费者权益保护法#24",
    ),
    (
        ("抖音商城买的充电宝充着充着炸了,手烧伤了",),
        "return",
        {"want": "伤了人或烧坏东西"},
        "民法典#1203",
    ),
    (
        ("老公背着我打赏女主播30万能追回吗",),
        "service",
        {"svc": "成年人打赏、配偶打赏", "price": "300000元"},
        "最高人民法院关于适用民法典婚姻家庭编的解释（二）#6",
    ),
    (
        ("网上租相机押金3000不退说我弄坏了",),
        "service",
        {"svc": "押金不退"},
        "电子商务法#21",
    ),
    (
        ("我写的差评被平台删了",),
        "service",
        {"svc": "差评被删或因差评被威胁"},
        "电子商务法#39",
    ),
    (
        ("十六岁的儿子在厂里打工,用自己工资充了5000游戏",),
        "minor",
        {"child_age": "满十六周岁、靠自己打工收入生活"},
        "民法典#18",
    ),
    (
        ("支付宝被人盗刷了8600,前天发现的,已经报警",),
        "scam",
        {"trap": "盗刷、自己没有操作", "reported": "已报警,等消息"},
        "电子商务法#57",
    ),
    (
        ("网购了质量不合格的食品,能否要求购物平台赔偿损害",),
        "food",
        {"problem": "检测不合格或有害"},
        "食品安全法#131",
    ),
    (
        ("外卖吃出蟑螂,拉肚子去医院花了600,商家只退餐费",),
        "food",
        {"eater": "外卖", "ill": "有", "cost": "600元"},
        f"{ONLINE}#18",
    ),
    (
        ("京东下单了一台999的显卡,商家说标错价把我订单取消了",),
        "order",
        {"trouble": "商家取消订单(砍单)", "price": "999元"},
        "电子商务法#49",
    ),
    (
        ("淘宝买的手机显示已签收但我没收到,快递员说放驿站了",),
        "order",
        {"trouble": "显示签收却没收到、丢件"},
        "电子商务法#20",
    ),
    (
        ("我寄了个手机给朋友,快递弄丢了,没保价,说只赔运费的七倍,手机价值3000元",),
        "parcel",
        {"role": "寄件人", "insured": "没有保价", "worth": "3000元"},
        "民法典#833",
    ),
    (
        ("寄快递之后,要求快递公司变更一下寄送目的地,他不同意怎么办",),
        "parcel",
        {"harm": "没出事,要改地址或退回"},
        "民法典#829",
    ),
    (
        ("爱奇艺会员自动续费扣了我25块,根本没提示过",),
        "service",
        {"notice": "没有醒目提示", "price": "25元"},
        "民法典#496",
    ),
    (
        ("在抖音上报了个剪辑课花了4980,老师说包接单,上了几节根本没派单,不给退",),
        "service",
        {"quit": "承诺没兑现或虚假宣传", "price": "4980元"},
        "消费者权益保护法#20",
    ),
    (
        ("我的抖音账号莫名其妙被永久封禁,平台也不给理由",),
        "account",
        {"broke_rules": "没有违规或平台不说明"},
        "民法典#577",
    ),
    (
        ("女儿13岁,半夜用我手机给主播打赏了3万多,有聊天记录,能退吗",),
        "minor",
        {"child_age": "八周岁以上", "child_proof": "有证据"},
        "民法典#19",
    ),
    (
        ("我昨天晚上刷单被骗了2万,刚报了警",),
        "scam",
        {"trap": "刷单返利、做任务", "fresh": "刚转(一两天内)", "lost": "20000元"},
        "反电信网络诈骗法#20",
    ),
    (
        ("买演唱会票转了800被拉黑,只有微信号,上周的事,没报警",),
        "scam",
        {"reported": "还没报警", "knows": "只有微信号或网名", "lost": "800元"},
        "刑事诉讼法#110",
    ),
]

# The seller's side.
SELLERS = [
    (
        "我开淘宝店,买家收货三天说不喜欢要退货,可衣服已经洗过了,能拒绝吗",
        {"s_issue": "买家要退货", "s_kind": "开店经营"},
        "消费者权益保护法#25",
    ),
    (
        "我在闲鱼上卖了个旧相机,买家收到后说不想要了要退,我可以不退吗",
        {"s_kind": "个人偶尔卖闲置"},
        f"{ONLINE}#7",
    ),
    (
        "拼多多店铺买家申请仅退款,平台直接把钱退了,货也没退回来,我的货没问题",
        {"s_issue": "仅退款,货没退回", "own_fault": "没有问题"},
        "民法典#985",
    ),
    (
        "平台说我虚假发货扣了我保证金5000,我都正常发货的,也不给证据",
        {"s_issue": "平台处罚、扣款、封店", "frozen": "5000元"},
        "电子商务法#35",
    ),
    (
        "我的链接被同行投诉侵权下架了,图是我自己拍的",
        {"s_issue": "被投诉侵权下架", "ip_right": "有授权或原创"},
        "电子商务法#43",
    ),
    (
        "我网店把价格标错了少写一个零,被人拍了50单,现在都要我发货",
        {"s_issue": "标错价被要求发货"},
        "民法典#147",
    ),
    (
        "买家收到货一个月了,说衣服起球要退款,给了差评,不是质量问题",
        {"s_issue": "买家要退货", "own_fault": "没有问题"},
        "民法典#615",
    ),
    ("网店突然改规则涨佣金我不同意能退店吗", {"s_issue": "平台改规则、不合理要求"}, "电子商务法#34"),
    ("我把淘宝店转给朋友了,他卖假货现在顾客起诉我", {"s_issue": "店铺转让后被找"}, f"{ONLINE}#6"),
]

# Bare complaints and the questions that decide them.
BARE = [
    ("网购的鞋子能退吗", "return", {"want", "within"}),
    ("网购假货怎么赔", "fake", {"proof"}),
    ("寄快递,快递公司把我东西弄丢了,要求赔钱被拒绝怎么办", "parcel", {"insured"}),
    ("A物流把东西丢了不赔,还把我电话微信都拉黑", "parcel", {"role", "insured"}),
    ("王者荣耀账号被封了怎么办", "account", {"broke_rules"}),
    ("未成年人购买高额点卡,怎么要回钱财", "minor", {"child_age", "child_proof"}),
    ("被骗了怎么办", "scam", {"trap", "fresh", "reported"}),
    ("顾客给我打差评怎么让平台删掉", "trader", {"review"}),
    ("副业培训骗钱,怎么退", "service", {"quit"}),
]


@pytest.mark.parametrize(("messages", "cause", "expected", "article"), COMPLETE)
def test_a_complete_story_asks_nothing(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert cause in causes
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "expected", "article"), SELLERS)
def test_the_seller_is_answered_as_a_seller(story: str, expected: dict[str, str], article: str) -> None:
    causes, known, asked, grounds = told(story)
    assert causes == ["trader"]
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "cause", "questions"), BARE)
def test_a_bare_complaint_leads_to_its_decisive_questions(story: str, cause: str, questions: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert questions <= set(asked)
    assert len(asked) <= 6


def test_a_correction_replaces_the_fact() -> None:
    _, known, _, _ = told("拼多多买的坚果花了35块,发霉了", "不对,是花了53块")
    assert known["price"] == "53元"


def test_a_negation_is_heard() -> None:
    _, known, _, _ = told("快递把我寄的电脑摔坏了,当时没有保价,也没报警")
    assert known["insured"] == "没有保价"
    assert known["reported"] == "还没报警"


def test_a_private_seller_owes_no_triple() -> None:
    _, known, _, grounds = told("闲鱼买的手机是翻新机,验机报告出来了,卖家是个人出闲置,花了2600")
    assert known["pro"] == "个人出闲置"
    assert "民法典#615" in grounds
    assert "消费者权益保护法#55" not in grounds


@pytest.mark.parametrize(
    "story",
    [
        "我卖房给别人,买家贷款没批下来,能不退他定金吗",
        "我妈67岁在超市滑倒骨折,住院花了5万",
        "我老公涉嫌诈骗被刑事拘留23天了,会判几年",
        "在美容院上班,客户投诉我,店长罚我500",
        "房东不退押金,说我把网线弄坏了",
    ],
)
def test_stories_of_other_fields_name_none_of_its_causes(story: str) -> None:
    assert [cause.id for cause in DOMAIN.causes if reasoning.named(cause, story)] == []
