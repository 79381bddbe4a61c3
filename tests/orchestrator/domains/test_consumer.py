"""消费维权: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.consumer import DOMAIN

TODAY = date(2026, 11, 20)
PREPAID = "最高人民法院关于审理预付式消费民事纠纷案件适用法律若干问题的解释"


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


COMPLETE = [
    (
        ("我在淘宝花3000块买了双耐克鞋,去专柜鉴定是假的,卖家不承认",),
        "fraud",
        {"trick": "假货或以次充好", "proof": "有鉴定或商家承认", "channel": "网上", "price": "3000元"},
        "消费者权益保护法#55",
    ),
    (
        ("买了台二手车,后来查到有出险记录是事故车,车行没告诉我,花了8万",),
        "fraud",
        {"trick": "隐瞒重要情况", "channel": "实体店", "price": "80000元"},
        "消费者权益保护法#55",
    ),
    (
        ("直播间买的玉镯说是天然A货,鉴定是假的,花了2600",),
        "fraud",
        {"live": "直播间", "price": "2600元"},
        "消费者权益保护法#55",
    ),
    (
        ("老板卖我假酒", "在烟酒店买的", "花了1200,没有鉴定"),
        "fraud",
        {"price": "1200元", "proof": "只有自己的判断", "channel": "实体店"},
        "消费者权益保护法#40",
    ),
    (
        ("超市买的牛奶过期了三天,花了12块钱,还没喝,能赔多少",),
        "food",
        {"problem": "过期", "ill": "没有", "price": "12元"},
        "食品安全法#148",
    ),
    (
        ("吃外卖吃出一只蟑螂,拉肚子去医院花了800块,商家只肯退餐费",),
        "food",
        {"problem": "变质或有异物", "ill": "有", "cost": "800元"},
        "食品安全法#34",
    ),
    (
        ("买的零食没有生产日期也没有厂家,三无产品,花了50元,没吃",),
        "food",
        {"problem": "标签有问题", "ill": "没有"},
        "最高人民法院关于审理食品安全民事纠纷案件适用法律若干问题的解释（一）#11",
    ),
    (
        ("网上买的衣服不喜欢,昨天刚收到,吊牌还在,商家说拆封了不给退",),
        "return",
        {"want": "不喜欢或不想要了", "channel": "网上", "within": "七天以内"},
        "消费者权益保护法#25",
    ),
    (("实体店买的衣服第二天后悔了不喜欢想退,老板不给退",), "return", {"channel": "实体店"}, "消费者权益保护法#25"),
    (
        ("网购的椅子收到就是坏的,有裂痕,收到3天了,商家不给退",),
        "return",
        {"want": "有问题或与描述不符", "within": "七天以内"},
        "消费者权益保护法#24",
    ),
    (
        ("健身房跑路了,我办了两年卡花了4800,还剩一年多",),
        "card",
        {"event": "关门或跑路", "card": "期限内不限次", "price": "4800元"},
        f"{PREPAID}#23",
    ),
    (
        ("孩子报的培训班,交了2万学费,一共100节课上了30节,现在不想上了,机构说概不退款",),
        "card",
        {"event": "自己不想继续", "card": "按次或储值", "price": "20000元"},
        f"{PREPAID}#9",
    ),
    (
        ("我上周在美容院被忽悠办了1万的卡,回家就后悔了,才两天,能退吗",),
        "card",
        {"event": "刚办七天内反悔", "price": "10000元"},
        f"{PREPAID}#14",
    ),
    (("我怀孕了,瑜伽私教课还有20节没上,3000多块能退不",), "card", {"event": "身体等重大变故"}, f"{PREPAID}#13"),
    (
        ("健身卡年卡搬店了,新店离我家十几公里,想退卡,当初花3600办的,有合同",),
        "card",
        {"event": "商家变卦或服务缩水", "price": "3600元"},
        f"{PREPAID}#22",
    ),
    (
        ("新买的手机才用五天就老是死机,店家只肯维修不肯退",),
        "quality",
        {"goods": "家电、数码等耐用品或装修", "age": "七天以内"},
        "消费者权益保护法#24",
    ),
    (
        ("空调用了三个月不制冷,修了两次还是坏的,商家说是我自己弄坏的",),
        "quality",
        {"age": "六个月以内", "tries": "修过多次没修好"},
        "消费者权益保护法#23",
    ),
    (
        ("提车两个月变速箱异响,4S店修了四次没修好,想退车",),
        "quality",
        {"goods": "家用汽车", "tries": "修过多次没修好"},
        "家用汽车产品修理更换退货责任规定#24",
    ),
    (
        ("在超市滑倒摔骨折了,地上有水没放警示牌,医药费1万多,超市不管",),
        "hurt",
        {"source": "场所不安全", "cost": "10000元"},
        "民法典#1198",
    ),
    (
        ("订车交了5000定金,4S店说没货要加价,能退定金吗",),
        "deal",
        {"deposit": "5000元", "who_broke": "商家违约", "term": "定金"},
        "民法典#587",
    ),
    (
        ("我看中一套沙发交了2000订金,现在不想买了,商家不退",),
        "deal",
        {"deposit": "2000元", "who_broke": "自己不想要了", "term": "订金或预付款"},
        "民法典#566",
    ),
    (("饭店结账多收了餐位费和开瓶费,菜单上根本没写",), "deal", {"trouble": "多收钱或价格欺诈"}, "价格法#41"),
    (("我是开网店的,买家收货10天了要仅退款,怎么办",), "trader", {"claim": "退货退款"}, "消费者权益保护法#25"),
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
    ("买到假货怎么办", "fraud", {"proof", "channel"}),
    ("商家虚假宣传骗我买东西", "fraud", {"proof"}),
    ("想退货", "return", {"want", "channel", "within"}),
    ("办的健身卡想退", "card", {"event"}),
    ("手机坏了商家不管", "quality", {"age", "tries"}),
    ("交的定金能退吗", "deal", {"who_broke"}),
    ("我开了个小超市,职业打假人买了过期面包要我赔1000块", "trader", {"own_fault"}),
]


@pytest.mark.parametrize(("story", "cause", "wanted"), BARE)
def test_a_bare_story_leads_to_few_and_decisive_questions(story: str, cause: str, wanted: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert wanted <= set(asked)
    assert len(asked) <= 6


def test_a_correction_overrides() -> None:
    _, known, _, _ = told("我在网上花2000买的包是假的", "记错了,是花了2600买的")
    assert known["price"] == "2600元"


def test_the_side_decides() -> None:
    assert told("超市卖给我过期的饼干,没吃")[0] == ["food"]
    assert told("我家超市的饼干过期了,顾客找我要十倍赔偿")[0] == ["trader"]


RAMBLING = [
    (
        "我在抖音直播间花1280买了个金镶玉手镯,主播说是和田玉,收到后去检测是石英岩,商家不承认让我退货退款就算了,我要求赔偿他说最多补偿100",
        ["fraud"],
        {"price": "1280元", "trick": "假货或以次充好", "proof": "有鉴定或商家承认"},
        [],
    ),
    (
        "昨天陪朋友去美容院,她们一直推销,我脑子一热刷卡充了19800,做了一次脸,今天早上醒来就后悔了能退吗",
        ["card"],
        {"price": "19800元", "event": "刚办七天内反悔"},
        [],
    ),
    (
        "在京东买的苹果手机5999,用了两个月屏幕有条绿线,售后说是人为进液不保修,要修得花2300,我根本没进水",
        ["quality"],
        {"price": "5999元", "repair": "2300元", "age": "六个月以内"},
        ["tries"],
    ),
    (
        "上个月在4s店订了辆车交了1万定金,合同写的9月30号之前交车,现在都11月了还没车,销售说再等等,我想退定金他说不退",
        ["deal"],
        {"deposit": "10000元", "who_broke": "商家违约", "term": "定金"},
        [],
    ),
    (
        "国庆订的民宿3晚1500,提前3天因为孩子发烧想取消,商家说不可取消不退钱,平台也不管",
        ["deal"],
        {"trouble": "酒店、民宿、票务退订"},
        [],
    ),
    (
        "我家开小超市的,昨天来了个人买了3袋瓜子说是过期的要我赔1000,还拍了视频,我看了确实过了两天,不给就去12315投诉,我一袋才卖8块钱",
        ["trader"],
        {"asked": "1000元", "claim": "食品十倍赔偿", "own_fault": "确实有问题"},
        [],
    ),
    (
        "我妈72岁在超市买菜的时候地上有水摔了一跤,股骨骨折住院手术花了5万多,超市只给了2000,说我妈自己不小心",
        ["hurt"],
        {"cost": "50000元", "source": "场所不安全"},
        [],
    ),
    (
        "我儿子10岁偷偷用我手机给游戏充了1万多块钱,平台说不能证明是小孩充的不给退",
        ["child"],
        {"child_age": "八周岁以上", "child_proof": "没有证据", "price": "10000元"},
        [],
    ),
    (
        "装修公司给我家装的,合同8万,付了6万,工期说好3个月现在都半年了还没完工,瓷砖空鼓好多,老板电话也打不通了,怎么办",
        ["deal"],
        {"trouble": "装修逾期、烂尾", "price": "60000元"},
        [],
    ),
    (
        "网购一件羽绒服699,穿着小了,收到第5天申请退货,商家说吊牌剪了影响二次销售不给退",
        ["return"],
        {"want": "不喜欢或不想要了", "opened": "剪了吊牌或用过", "within": "七天以内"},
        [],
    ),
    (
        "报了个考公班协议班说不过包退,交了26800,没考上,申请退款3个月了一直拖,说在排队",
        ["card"],
        {"event": "约定了可退却拖着不退", "price": "26800元"},
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


def test_what_the_mother_paid_the_hospital_is_no_price() -> None:
    assert "price" not in told("我妈在超市摔了,住院手术花了5万多")[1]
