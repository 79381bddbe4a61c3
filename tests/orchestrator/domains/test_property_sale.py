"""房产买卖: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.property_sale import DOMAIN

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理商品房买卖合同纠纷案件适用法律若干问题的解释"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"
OBJECTION = "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定"


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
    ("交了5万定金,现在不想买了能退吗", "earnest", {"side": "买方", "earnest": "50000元", "word": "定金"}, "民法典#587"),
    ("我在售楼处交了2万块订金,写的是订金,后来家里人不同意买,开发商不退", "earnest", {"word": "订金、意向金等", "off_why": "买方自己不想买了"}, f"{GENERAL}#67"),
    ("看中一套二手房交了3万定金签了定金协议,房东现在说房价涨了要加10万,不加就不卖,能要双倍返还吗", "earnest", {"off_why": "卖方反悔不卖或涨价", "earnest": "30000元", "rise": "100000元"}, "民法典#587"),
    ("认购书上说7天内签合同,去签的时候开发商加了一个装修合同20万,谈不拢,不退我定金3万", "earnest", {"off_why": "合同条款谈不拢", "earnest": "30000元"}, f"{GENERAL}#7"),
    ("我把房子卖给一个人,收了他5万定金,现在他说不买了要我退定金", "earnest", {"side": "卖方", "off_why": "买方自己不想买了"}, "民法典#587"),
    ("二手房签了合同付了20万首付,卖家反悔不卖了,说要涨价15万,我就想要这套房,怎么办", "breach", {"contract": "签了买卖合同", "want": "继续履行", "paid": "200000元"}, "民法典#580"),
    ("我是卖方,合同签了,买家首付付了50万,尾款80万到期了一直不付,我能解除合同吗", "breach", {"side": "卖方", "balance": "800000元", "breach_who": "买方不买或不付款"}, "民法典#563"),
    ("我是卖家,买家首付付了,贷款也批了,我现在想反悔不卖了,要赔多少", "breach", {"side": "卖方", "breach_who": "卖方不卖了", "contract": "签了买卖合同"}, "民法典#580"),
    ("我们是看了广告买的房,签了合同后悔了想退房,首付付了40万,开发商说要扣10%", "breach", {"breach_who": "买方不买或不付款"}, f"{GENERAL}#65"),
    ("我在外地买房,签合同后突然出台限购政策,我没资格了,首付60万能退吗", "loan", {"loan_why": "限购没有购房资格", "quota_when": "签约后政策变了"}, f"{GENERAL}#32"),
    ("签了合同,贷款因为我征信不好批不下来,合同没写贷款办不了怎么办,开发商要我赔违约金", "loan", {"loan_why": "买方自己的原因", "clause": "没有约定"}, f"{RULES}#19"),
    ("我卖房给别人,买家贷款没批下来,他征信有问题,能不退他定金吗", "loan", {"side": "卖方", "loan_why": "买方自己的原因"}, f"{RULES}#19"),
    ("开发商逾期交房一年多了,催了无数次,想退房", "late", {"exit": "退房退款", "urged": "催过,已满三个月"}, f"{RULES}#11"),
    ("买的期房合同约定2025年6月30日交房,到现在还没交,开发商一直说快了,合同写违约金按日万分之一,我要违约金", "late", {"due_on": "2025年6月30日", "rate": "约定了违约金", "exit": "要房要证和违约金"}, "民法典#585"),
    ("俺在老家县城买嘞楼,开发商老板跑了,工地停工一年多,首付付了18万,房贷每月还2600,现在咋整啊,想把钱要回来", "late", {"late_state": "停工烂尾", "paid": "180000元", "exit": "退房退款"}, f"{RULES}#20"),
    ("开发商通知我收房,但是没有竣工验收备案,我能拒绝收房吗", "late", {"late_state": "通知收房但不合格"}, "城市房地产开发经营管理条例#17"),
    ("开发商逾期交房180天,合同约定逾期超过90天可退房,我想退房拿回首付35万", "late", {"urged": "合同写的退房天数已到", "paid": "350000元"}, "民法典#562"),
    ("2021年收房,到现在房产证还没办下来,开发商说土地抵押了,我想要违约金,合同没写违约金", "cert", {"cert_why": "开发商的原因", "rate": "没有约定", "cert_year": "超过一年"}, f"{RULES}#14"),
    ("住了五年房产证都没办下来,开发商原因,能退房吗", "cert", {"exit": "退房退款"}, f"{RULES}#15"),
    ("新房收房半年,卫生间漏水,找开发商修了三次还是漏,现在不管了", "quality", {"flaw": "一般质量问题", "fix": "不修或修不好", "warranty": "在保修期内"}, f"{RULES}#10"),
    ("买的二手房住进去才发现漏水,卖家之前刷了墙没告诉我", "quality", {"seller_knew": "知道却隐瞒"}, "民法典#621"),
    ("我卖了二手房,半年后买家说漏水要我赔3万,我真的不知道漏水", "quality", {"side": "卖方", "seller_knew": "看不出知情"}, "民法典#621"),
    ("沙盘上有幼儿园和花园,现在都没建,宣传单我还留着", "promise", {"written": "有书面或影像"}, f"{RULES}#3"),
    ("合同面积98平,实测只有93平,开发商不退钱", "promise", {"promise_kind": "面积缩水"}, "民法典#582"),
    ("买了套二手房住进去邻居才说以前有人跳楼,房东没告诉我,付了180万,能退房吗", "hidden", {"hid": "凶宅(非正常死亡)", "paid": "1800000元", "known_for": "不到一年"}, "民法典#148"),
    ("我卖的房子,买家说是凶宅要退房,我自己也不知道", "hidden", {"side": "卖方", "hid": "凶宅(非正常死亡)"}, "民法典#509"),
    ("房东一房二卖,把房子过户给他弟弟了,我先签的合同付了首付60万", "blocked", {"block": "又卖给了别人", "moved": "已经过户", "good_faith": "知情或低价串通"}, "民法典#154"),
    ("我买的二手房付清全款住了两年,没过户,现在房子被法院查封了,卖家欠别人钱", "blocked", {"kept": "签约付款并已入住"}, f"{OBJECTION}#28"),
    ("买二手房,房东老婆不同意卖,没签字,还没过户,交了10万定金", "blocked", {"block": "共有人不同意", "moved": "还没过户"}, f"{GENERAL}#19"),
    ("中介带我看房后来没买成,中介要收1万服务费", "broker", {"formed": "没签成", "fee": "10000元"}, "民法典#964"),
    ("我找另一家中介便宜签了,原来的中介告我跳单", "broker", {"agent_issue": "绕开中介成交(跳单)"}, "民法典#965"),
    ("我出钱用我弟的名字买的房,因为我限购,现在他不承认,没有协议", "proxy", {"proxy_role": "出钱借名的人", "proxy_why": "规避限购限贷"}, f"{GENERAL}#17"),
    ("前年朋友用我的名义贷款买房,现在他不还房贷,银行催我", "proxy", {"proxy_role": "把名字借出的人"}, "民法典#465"),
    ("我和女朋友一起买房写她名字,首付我出了30万,现在分手了她不认", "proxy", {"proxy_why": "情侣亲友合买", "paid": "300000元"}, "民法典#309"),
    ("二手房买完户口一直不迁走,合同约定了违约金,怎么办", "handover", {"hand_issue": "户口不迁"}, "民法典#585"),
    ("买二手房全款付了,房东拖着不过户", "handover", {"hand_issue": "不配合过户"}, "民法典#598"),
    ("我是城里人,2010年在农村买了个宅基地房子,现在要拆迁,卖家说合同无效要收回", "valid", {"villager": "不是本村成员"}, "民法典#157"),
    ("我妈有老年痴呆,被人骗着把房子卖了,还没过户", "valid", {"void_why": "签约人年老糊涂或被冒名", "moved": "还没过户"}, "民法典#145"),
    ("我作为买方和卖家签了二手房合同总价260万,付了定金20万首付60万,卖家以房价上涨为由要求解除合同,退我80万,我不同意", "breach", {"price": "2600000元", "earnest": "200000元", "paid": "600000元", "want": "继续履行"}, "民法典#580"),
    ("签了认购书交了定金2万,后来发现楼盘旁边要建垃圾站,销售没说,不想要了", "earnest", {"off_why": "卖方隐瞒或承诺不兑现", "earnest": "20000元"}, "民法典#148"),
    ("买的顶楼,每次下雨客厅卧室到处漏,住不了人,开发商修了八次,想退房", "quality", {"flaw": "严重影响居住", "fix": "不修或修不好"}, f"{RULES}#10"),
    ("我爷爷的老房子被我大伯偷偷卖了过户了,我爸也有份,买的人是他朋友", "blocked", {"side": "没签字的共有人", "moved": "已经过户"}, "民法典#311"),
    ("签了合同网签了,还没过户卖家被人起诉房子查封了,我只付了首付40%,没住", "blocked", {"block": "房子被法院查封", "kept": "还没付清或没入住"}, f"{OBJECTION}#29"),
    ("我是业主,二手房卖了,买家嫌我户口没迁走扣我尾款5万", "handover", {"side": "卖方", "hand_issue": "户口不迁", "balance": "50000元"}, "民法典#585"),
    ("买了二手房,卖家的租客不肯搬,说租到明年底", "handover", {"hand_issue": "房里有租客"}, "民法典#725"),
    ("卖家说五年唯一不用交税,结果要交8万税", "handover", {"hand_issue": "税费争议"}, "民法典#500"),
    ("预售合同没备案有效吗", "valid", {"void_why": "没有备案或网签"}, f"{RULES}#6"),
]  # fmt: skip

OPEN = [
    ("定金能退吗", "earnest", {"side", "off_why"}),
    ("卖家反悔不卖了怎么办", "breach", {"contract", "want"}),
    ("买房贷款批不下来怎么办", "loan", {"loan_why"}),
    ("开发商逾期交房怎么办", "late", {"exit", "rate", "urged"}),
    ("房产证办不下来怎么办", "cert", {"cert_why", "exit"}),
    ("新房裂缝怎么办", "quality", {"fix", "warranty"}),
    ("凶宅怎么办", "hidden", {"side", "known_for"}),
    ("卖家把房子又卖给别人了怎么办", "blocked", {"moved"}),
    ("借名买房怎么办", "proxy", {"proxy_role", "proxy_now"}),
]

APART = [
    ("房子签了合同卖家反悔,中介还要我付中介费2万", ["broker"]),
    ("对方有贷款 卖方说先让我们出钱解贷 这样我觉的风险很大", ["blocked"]),
    ("卖家死了,房子没过户,他儿子不认账,我全款都付了", ["handover"]),
    ("因开发商违约无法办理房产证,房子没装修,入住已有七年了", ["cert"]),
    ("买了安置房没有房产证,现在房价涨了卖家要加钱,不然不给过户", ["valid", "handover"]),
    ("跟朋友签了买房协议,没过户他就把房子抵押给银行贷款了", ["blocked"]),
    ("法拍房买了以后前房主不搬走怎么办", ["handover"]),
    ("中介说能贷八成,结果银行只批六成,首付凑不够,房东要没收定金10万", ["loan", "earnest"]),
    ("我老公偷偷把我们的房子卖了还过户了,我完全不知道,怎么办", ["blocked"]),
    ("交房时发现比样板间层高矮了,合同写层高3米,实测2.8,开发商说不影响", ["promise"]),
]


@pytest.mark.parametrize(("story", "cause", "expected", "article"), COMPLETE, ids=[row[0][:14] for row in COMPLETE])
def test_a_complete_story_is_understood_and_nothing_is_asked(
    story: str, cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(story)
    assert cause in causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(story: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert decisive <= set(asked)
    assert len(asked) <= 6


@pytest.mark.parametrize(("story", "expected"), APART, ids=[row[0][:14] for row in APART])
def test_neighbouring_troubles_are_kept_apart(story: str, expected: list[str]) -> None:
    assert told(story)[0] == expected


def test_a_correction_replaces_the_fact() -> None:
    _, known, _, _ = told("交了定金5万,房东不卖了", "不对,定金是8万")
    assert known["earnest"] == "80000元"


def test_a_change_of_mind_changes_the_advice() -> None:
    _, known, asked, _ = told("期房交房晚了,想退房", "催过很多次,一年多了", "不对,我不退房了,要违约金")
    assert known["exit"] == "要房要证和违约金"
    assert asked == ["rate"]


def test_a_negation_is_not_the_fact() -> None:
    _, known, _, _ = told("我没有签正式合同,只交了2万定金,现在不想买了")
    assert known["contract"] == "只有定金或认购协议"
    _, known, _, _ = told("房子还没过户,房产证在卖家名下")
    assert known["moved"] == "还没过户"


def test_a_co_owner_is_neither_buyer_nor_seller() -> None:
    causes, known, asked, _ = told("我老公偷偷把我们的房子卖了还过户了,我完全不知道,怎么办")
    assert causes == ["blocked"]
    assert known["side"] == "没签字的共有人"
    assert asked == ["good_faith"]


def test_every_quick_reply_is_read_as_itself() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value


def test_who_asks_to_hand_the_home_back_and_for_damages_wants_to_hand_it_back() -> None:
    _, known, _, _ = told("期房合同写今年6月30日交房,到现在还没交,每个月还在还房贷,能退房吗,违约金能要多少")
    assert known["exit"] == "退房退款"
    _, known, _, _ = told("期房合同写今年6月30日交房,到现在还没交,不想退房,违约金能要多少")
    assert known["exit"] == "要房要证和违约金"
