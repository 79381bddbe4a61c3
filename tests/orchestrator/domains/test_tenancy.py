"""房屋租赁: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.tenancy import DOMAIN

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释"


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
    (("租期到了我搬走了,房东说墙面有点发黄、沙发旧了,要扣我2000块押金,我退房时拍了视频",), "deposit", {"side": "租客", "dep_why": "说房屋设施损坏", "wear": "正常使用的旧损", "handover": "拍了照或有清单"}, "民法典#710"),
    (("押金3000块,退租两个月了房东一直拖着不退,微信也不回",), "deposit", {"side": "租客", "deposit": "3000元", "dep_why": "没有说理由,拖着不退"}, "民法典#577"),
    (("交了1000定金,结果房东反悔把房子租给别人了,能要双倍吗",), "earnest", {"earnest": "1000元", "breach_by": "出租一方反悔"}, "民法典#587"),
    (("热水器坏了,跟房东说了好几次他就是不修,让我自己修,修理费谁出",), "repair", {"defect": "设施坏了", "noticed": "通知了但不修"}, "民法典#713"),
    (("租的自如房子刚装修完,甲醛超标,我头晕流鼻血,想退租",), "repair", {"side": "租客", "defect": "甲醛等危害健康安全"}, "民法典#731"),
    (("签了一年合同,住了四个月,因为换工作想提前退租,房东说押金不退还要赔一个月房租",), "early", {"side": "租客", "ending": "提前退租", "quit_why": "自己这边的原因", "form": "有书面合同和租期", "lease_term": "1年"}, "民法典#591"),
    (("合同签到明年6月,房东现在说要自己住,让我一周内搬走",), "early", {"side": "租客", "ending": "提前收回房子", "form": "有书面合同和租期"}, "民法典#577"),
    (("跟房东没签合同,口头说的,现在他要收房子让我三天搬走",), "early", {"form": "口头或没约定租期", "ending": "提前收回房子"}, "民法典#730"),
    (("我是房东,租客已经三个月没交房租了,催了好多次都说过几天,我能收回房子吗",), "arrears", {"side": "房东", "out_issue": "拖欠租金", "urged": "催过仍不交", "owe_months": "3个月"}, "民法典#722"),
    (("租客合同到期了赖着不搬,我能不能直接换锁",), "arrears", {"side": "房东"}, "民法典#462"),
    (("房东把门锁换了,还把我的行李扔到楼道里,说我晚交了几天房租",), "arrears", {"side": "租客"}, "民法典#721"),
    (("我租的是二房东的房子,二房东跑路了,原房东说没同意转租,要我搬走",), "sublet", {"sub_role": "从二房东手里租的", "consent": "不同意"}, "民法典#716"),
    (("我把房子租给小王,他没经过我同意就转租给别人做民宿,我上个月才知道",), "sublet", {"side": "房东", "sub_role": "我的房被租客转租了", "consent": "不同意"}, "民法典#718"),
    (("我租的房子房东卖给别人了,新房东让我搬走,我合同还有两年",), "sale", {"side": "租客", "sale_issue": "卖给了别人"}, "民法典#725"),
    (("我租的门面被法院拍卖了,我租的时候房子还没抵押,是后来才抵押给银行的",), "sale", {"sale_issue": "被法院拍卖或银行处置", "first": "租赁在先"}, "民法典#405"),
    (("合同签了两年才住了半年,房东突然说要涨租,每月从2500涨到3000,不同意就让我走",), "renew", {"side": "租客", "term_issue": "租期没到就涨租"}, "民法典#543"),
    (("租了个商铺,房东同意我装修,装修花了20万,才干一年房东就违约把铺子收回了,装修损失谁赔",), "fitting", {"fit_issue": "到期或解除后装修怎么算", "fit_consent": "同意装修", "fault": "出租一方违约"}, f"{RULES}#9"),
    (("租了个厂房后来才知道是违建,现在要被拆,合同还有效吗,我是租户",), "fitting", {"side": "租客", "fit_issue": "房子是违建"}, f"{RULES}#2"),
    (("合同到期后没续签,我一直住着,房租也照交,房东突然让我明天就搬",), "renew", {"term_issue": "到期后没续签还在住"}, "民法典#734"),
]  # fmt: skip

RAMBLING = [
    ("我租的房子上个月底到期,押一付三押金2600,房东过来看了说墙上有钉子眼要重新刷墙扣1500,冰箱有味道扣300,还说我没打扫扣200清洁费,我住了两年了", ["deposit"], {"deposit": "2600元", "lived": "2年", "dep_why": "说房屋设施损坏"}, {"handover", "started_on", "penalty"}, ["wear"]),
    ("在自如租的房签了一年,住了5个月,公司搬到另一个区了想退租,管家说要扣一个月房租2890当违约金,还有服务费也不退,押金2890能要回来吗", ["early", "deposit"], {"quit_why": "自己这边的原因", "form": "有书面合同和租期", "lease_term": "1年"}, set(), []),
    ("我从一个租房公司租的房子,年付交了36000,才住了3个月,昨天房东突然来说公司没给他付房租,让我3天内搬走,给公司打电话已经关机了", ["sublet"], {"sub_role": "从二房东手里租的", "lived": "3个月"}, set(), ["consent"]),
    ("我有套房子租给一个小伙子,月租3200,已经两个月没付房租了,打电话不接微信不回,合同到明年4月,押金3200,我可以直接开门进去把他东西清出来吗", ["arrears"], {"side": "房东", "out_issue": "拖欠租金", "rent": "3200元", "owe_months": "2个月"}, set(), []),
    ("租的房子卫生间漏水,跟房东说了半个月没人修,楼下邻居找上来说他家吊顶泡了要我赔5000,我冤不冤啊", ["repair"], {"neighbour": "楼下邻居来索赔", "noticed": "通知了但不修"}, set(), []),
    ("昨天看房交了500定金,晚上回去我老婆不同意,今天跟房东说不租了,定金能退吗", ["earnest"], {"breach_by": "预订一方反悔", "earnest": "500元"}, {"started_on"}, []),
    ("2022年租了个门面做餐饮,签了5年,年租金12万,装修投了30多万,现在房东说房子要拆迁让我年底搬,只退剩下的租金,装修一分不赔", ["fitting"], {"fault": "征收等都没过错", "decor_cost": "300000元"}, set(), ["fit_consent"]),
    ("房东上个月把房子卖了没跟我说,新房东来了说要自己住让我一个月内搬,我合同到后年,押金在老房东那", ["sale"], {"sale_issue": "卖给了别人", "ended_on": "2028年"}, {"lived", "lease_term"}, []),
    ("房东说下个月起房租从2800涨到3300,我合同明年6月才到期,不同意的话他就让我搬走", ["renew"], {"term_issue": "租期没到就涨租", "ended_on": "2027年6月"}, {"started_on"}, []),
    ("刚搬进来一周,房间味道很大,眼睛疼,自己买了个检测仪测甲醛0.3,房东说通通风就好了,我想退租他说押金房租都不退,交了押一付三一共9600", ["repair"], {"defect": "甲醛等危害健康安全"}, {"arrears"}, []),
    ("我租了个铺子开奶茶店,现在生意不好赔钱了,欠了房东两个月房租,房东把门锁了不让我进去搬设备,设备值5万多,合同还有一年", ["arrears"], {"side": "租客", "out_issue": "换锁断水电赶人", "owe_months": "2个月"}, set(), []),
    ("我想去外地工作,房子还有7个月到期,房东不同意退租也不让转租,押金4000,我能怎么办", ["early", "sublet"], {"sub_role": "我想转租", "consent": "不同意", "quit_why": "自己这边的原因"}, set(), []),
    ("我是房东,租客签了两年,刚住了8个月就说要退租,让我退押金,我能扣押金再让他赔一个月房租吗,月租4500,押金4500", ["early", "deposit"], {"form": "有书面合同和租期", "rent": "4500元", "deposit": "4500元"}, set(), []),
    ("房东说要把房子收回去给他儿子结婚用,我不同意,昨天他就把水电都停了,我租到后年的,每月2200", ["early", "arrears"], {"ending": "提前收回房子", "out_issue": "换锁断水电赶人", "form": "有书面合同和租期"}, {"quit_why", "started_on"}, []),
]  # fmt: skip

OPEN = [
    ("房东不退押金怎么办", "deposit", set()),
    ("房子漏水怎么办,租的", "repair", {"noticed"}),
    ("想提前退租", "early", {"quit_why", "form"}),
    ("租客不交房租", "arrears", {"urged"}),
    ("二房东跑路了", "sublet", {"consent"}),
    ("房东要卖房", "sale", {"want_buy"}),
    ("房东要涨房租", "renew", {"term_issue"}),
    ("租的店面装修怎么赔", "fitting", {"fit_consent", "fault"}),
]


@pytest.mark.parametrize(
    ("messages", "cause", "expected", "article"), COMPLETE, ids=[row[0][0][:14] for row in COMPLETE]
)
def test_a_complete_story_is_understood_and_nothing_is_asked(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert cause in causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(
    ("story", "expected_causes", "expected", "absent", "questions"), RAMBLING, ids=[row[0][:14] for row in RAMBLING]
)
def test_a_rambling_story_is_not_misread(
    story: str, expected_causes: list[str], expected: dict[str, str], absent: set[str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert causes == expected_causes
    assert {id: known.get(id) for id in expected} == expected
    assert not absent & set(known)
    assert asked == questions


@pytest.mark.parametrize(("message", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert causes[0] == cause
    assert decisive <= set(asked)


def test_a_correction_replaces_the_fact() -> None:
    _, known, _, _ = told("押金交了2000,房东不退", "不对,押金是2500")
    assert known["deposit"] == "2500元"


def test_a_quick_reply_does_not_turn_the_landlord_into_the_tenant() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value
            side = facts.extract(DOMAIN.elements, choice.value, TODAY).get("side")
            assert element.id in ("side", "sub_role") or side is None
