"""房产买卖: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.property_sale import DOMAIN
from tests.orchestrator.fields import played

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
    ("法拍房买了以后前房主不搬走怎么办", ["auction", "handover"]),
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


# Whole stories leave nothing to ask.
WHOLE = [
    ("earnest", "9月20日我在中介看中一套二手房,总价168万,当天交定金5万,收据和定金协议上都写的“定金”,约定10月10日签正式买卖合同。协议写明:买方反悔定金不退,卖方反悔双倍返还。10月8日房东嫌卖便宜了,微信上说不卖了,只肯退我5万。我还没签正式合同,首付也没付。微信聊天、收据、转账记录我都有,也发微信要求过他双倍退,他不回。我不强求这房子了,就想要双倍定金,该怎么办?"),
    ("breach", "今年7月12日我和卖方赵某签了二手房买卖合同,总价235万,定金10万,首付80万已经打进监管账户,约好9月30日前过户。8月底他说家里要留着给儿子结婚,明确说不卖了,微信发来通知要解除合同。合同约定违约方按总价的百分之二十付违约金。房产证是他一个人的名字,单独所有,没有抵押也没查封,也没卖给别人。我9月寄了书面催告函,他签收后不理。合同、转账凭证、聊天和快递单都齐。我还是想要这套房子,要求他继续履行过户,行不行?"),
    ("loan", "2026年6月3日我和开发商签商品房买卖合同,总价142万,首付43万已付,剩下99万办按揭。9月银行通知不批,原因是我自己前两年信用卡有逾期记录,征信过不了。合同写了贷款批不下来由买方自筹付清,逾期每天付万分之二违约金。开发商10月发了书面催款函,要我一个月内补足。合同、付款收据、银行的拒贷通知我手里都有。换了两家银行也没办成。我凑不齐,想问能不能退房,首付他们能扣多少?"),
    ("late", "2023年4月我买了开发商的期房,总价120万,首付40万,贷款80万每月还4600。合同约定2025年12月31日交房,现在拖了快十一个月还没交,工地在慢慢施工。合同里写逾期超过90天买方有权退房,逾期违约金按已付房款日万分之一。我们2026年4月集体寄过书面催告函,对方签收了没答复。开发商口头解释是资金紧张,没有说不可抗力。合同、发票、银行流水和快递回执我都保存着。我不想要这房子了,想退房退首付和已还的月供,外加利息,怎么弄?"),
    ("cert", "2021年5月我跟开发商买的商品房,总价98万,首付30万贷款68万,2022年8月1日收房入住。合同写交房后180天内办好房产证,因出卖人原因逾期的按已付房款日万分之零点五付违约金。开发商把土地抵押给银行了,一直没做大产权登记,到现在逾期已经三年多。我们业主微信群里和书面都催过好多回,他们只说在协调。契税和维修基金我早交齐了。合同、发票、收房单、催告函的回执都在。我不退房,就想要证和违约金,能要多少?"),
    ("quality", "2026年3月我买了一套二手房,总价88万全款付清,4月15日过户并交房入住。5月下大雨,次卧和阳台顶上大片渗水。签约前我问过有没有漏水,房东书面写了“房屋无漏水”,后来邻居说他去年就漏,还专门刷了漆遮住,他明明知道。我5月底就微信告诉他,他拒绝修。房子2012年建的,早过了保修期。我请了防水公司看,报价1万8。合同没有约定这种情况的违约金。承诺书、照片、聊天和报价单都在。我不想退房,就让他赔修理费可以吗?"),
    ("promise", "2024年6月我买的期房,总价150万,首付45万其余贷款。当时宣传册和沙盘上都标着小区里有一所公办幼儿园和中央花园,销售微信也发过。今年9月交房,发现幼儿园改成了商铺,花园成了停车位。合同补充协议写宣传资料不作为合同内容,违约金没有约定。我们十几户10月给开发商发了书面函要求说明,他们回复说规划调整。宣传册、沙盘照片、微信记录我都存着。损失不好算,估计房价差了8万。我不退房,只想要赔偿,能赔吗?"),
    ("hidden", "今年8月2日我从业主手里买了套二手房,总价130万,首付50万已付、贷款80万,9月过户。10月15日听楼下邻居说前年有租客在卧室自杀,派出所出过警。房产证是他一个人的名字。签合同前我当面问过,他说没有任何问题,合同里他还承诺房屋未发生非正常死亡,否则退房并赔总价百分之十。邻居愿意作证,我和他的微信里他后来也承认知道这事。我10月20日已经发书面函要求退房,他拒绝。合同、付款凭证、录音都有。我就想退房拿回钱再要违约金,能支持吗?"),
    ("blocked", "2026年5月6日我跟房东签了二手房买卖合同,总价190万,付了定金10万和首付60万。8月他瞒着我把同一套房卖给了他的表弟,价格只有120万,比市场价低一大截,9月已经过户到他表弟名下,表弟知道我先买的。合同写一房二卖要赔总价30%。房子我还没住进去。合同、转账凭证、中介证人和房管局查档都有。我微信催过他,他让我去告。我想要这房子,要是要不到就让他退钱赔违约金,怎么起诉?"),
    ("broker", "7月我通过一家中介看房,和房东签了三方的居间买卖合同,总价160万,中介费3.2万我当天付了。协议约定签约即付佣金,如因中介原因不成交全额退。结果8月才查出这房早被法院查封,根本过不了户,我还没付首付也没住进去,中介签约前没去查档,还保证说产权没问题。买卖合同已经解除,房东把定金退我了。我发微信和书面函要求中介退3.2万,店长说服务已经完成不退。合同、转账记录、聊天录音都有。我要他们把中介费全退,能要回来吗?"),
    ("proxy", "2018年我想买第二套房,因为限购没有资格,就借我表哥的名字买了套普通商品房,总价110万,首付40万和每月月供全是我从自己卡上付的,我们写了书面的代持协议,写明房子归我、随时配合过户,他签了字按了手印。房子一直是我在住,房产证原件和首付收据、银行流水都在我手里。今年我有购房资格了,让他过户,他说房价涨了要分一半,不肯去。房子没有抵押也没被查封。我想把房子过户到自己名下,怎么打这个官司?"),
    ("handover", "今年4月10日我跟卖方签二手房买卖合同,总价128万,除了2万户口保证金以外的钱全付清了,6月20日过户到我名下,约定7月1日前腾空交房。他说新房没装好一直不搬,到现在拖了四个多月。合同写逾期交房每天付房款万分之三的违约金。我8月、10月两次寄书面通知限期腾房,他签收了不理。合同、付款凭证、房产证和快递单都在。我就想让他马上搬走并付违约金,我在外租房每月3000也想让他赔,怎么起诉?"),
    ("valid", "2014年3月我(城镇户口,不是本村人)花18万从村民老李手里买了他宅基地上的两层楼,签了书面协议,钱当天付清有收条,之后我一直住着还花6万翻修。房子只有老李名下的宅基地使用证,土地是集体的,没有房产证,也过不了户。今年村里拆迁,补偿大概90万,老李说合同无效让我搬走,只退18万。协议里没写违约怎么赔。收条、协议、翻修的票据都有。我不强求房子,就想按现在的价值多要点赔偿,法院会怎么算?"),
]  # fmt: skip

# Bare openings: cause, story, what three turns must ask, what the story has told.
OPENINGS = [
    ("earnest", "看中一套新房交了两万块,回家老婆死活不同意,现在想退,售楼处不给退", {"deposit_terms", "permit", "sales_said"}, {"off_why", "side"}),
    ("earnest", "交完定金第二天房东就说不卖了,要把钱原样退给我", {"contract", "deposit_terms"}, {"off_why", "side"}),
    ("breach", "二手房合同签完了,这阵子房价涨得厉害,卖家忽然变卦说不卖", {"breach_terms", "stage", "title", "want"}, {"breach_who", "contract", "side"}),
    ("breach", "我把房子卖给一个小伙子,合同都签了,他到日子不付首付,一直拖着", {"breach_terms", "notified", "pay_due", "stage", "want"}, {"breach_who", "contract", "side"}),
    ("loan", "签了购房合同,银行那边贷款没批下来,卖家让我赔钱", {"loan_why", "notified", "sales_said"}, {"side"}),
    ("loan", "刚交了首付政策就变了,我没资格买了,钱怎么退", {"clause", "contract", "quota_when", "sales_said"}, {"loan_why", "side"}),
    ("late", "楼盘说好去年底交房,到今天也没交,我该咋办", {"exit", "rate", "urged"}, {"late_state", "side"}),
    ("late", "买的期房工地半年没人了,贷款还得每个月还", {"due_on", "excuse", "rate", "urged"}, {"late_state", "side"}),
    ("cert", "新房住了快三年,房产证一直办不下来,问就是再等等", {"cert_why", "rate"}, {"side"}),
    ("cert", "交房这么久了开发商不给办证,孩子上学要用", {"exit", "rate"}, {"cert_why", "side"}),
    ("quality", "新买的房子墙上裂了好几道口子,开发商派人抹了抹又裂", {"exit", "flaw_cause", "handed_on", "inspected", "warranty"}, {"fix", "flaw", "side"}),
    ("quality", "二手房买来刚住进去卫生间就往楼下漏,是不是能找原房主", {"exit", "flaw_cause", "handed_on", "inspected", "seller_knew"}, {"flaw", "side"}),
    ("promise", "买房的时候销售拍胸脯说旁边建小学,现在变成停车场了", {"disclaimer", "exit", "learned_on", "promise_true", "written"}, {"promise_kind", "side"}),
    ("promise", "精装房交付一看,跟样板间完全两码事", {"disclaimer", "exit", "learned_on", "promise_true"}, {"promise_kind", "side"}),
    ("hidden", "房子买完搬进去才听说以前有人在里面上吊,原房主一个字没提", {"asked_seller", "death", "exit", "gap", "terms", "seller_knew"}, {"hid", "side"}),
    ("hidden", "买的房子户口里还挂着别人,孩子学位也被用掉了,卖的人没讲", {"asked_seller", "exit", "gap", "terms", "seller_knew"}, {"hid", "side"}),
    ("blocked", "签了合同付了首付,卖家转身把房子高价卖给了另一个人", {"moved", "want"}, {"block", "side"}),
    ("blocked", "二手房合同签好了正等过户,一查房子被法院封了", {"kept", "want"}, {"block", "side"}),
    ("broker", "房子没买成,中介还是追着我要中介费", {"agency_paper", "fee"}, {"formed", "side"}),
    ("broker", "中介拍着胸脯说这房能落户上学,签完才知道不行", {"asked_seller", "exit", "gap", "hid", "terms", "seller_knew"}, {"side"}),
    ("proxy", "买房时用的我姐的名字,钱是我掏的,如今她翻脸说房子是她的", {"house_kind", "proxy_proof", "proxy_why"}, {"proxy_now", "proxy_role", "side"}),
    ("proxy", "朋友拿我的身份买了套房还着贷款,我现在自己要买房受影响", {"house_kind", "proxy_proof"}, {"proxy_role", "proxy_why"}),
    ("handover", "钱付清了原房主一家就是赖着不往外搬", {"due_on", "notified", "terms"}, {"hand_issue", "side"}),
    ("handover", "买的二手房户口一直没迁走,孩子没法落户", {"due_on", "hand_why", "notified", "terms"}, {"hand_issue", "side"}),
    ("valid", "我在郊区买了套村里盖的楼,现在听说这合同不作数", {"papers", "villager"}, {"side", "void_why"}),
    ("valid", "老父亲脑子糊涂,被人哄着签了卖房合同", {"capacity", "moved", "papers"}, {"void_why"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[0] for row in WHOLE])
def test_a_story_told_in_full_is_asked_nothing(cause: str, story: str) -> None:
    causes, _, asked = played(DOMAIN, story, TODAY)
    assert cause in causes
    assert asked == []


@pytest.mark.parametrize(("cause", "story", "decisive", "said"), OPENINGS, ids=[row[1][:12] for row in OPENINGS])
def test_an_opening_is_asked_what_decides_and_nothing_that_was_said(
    cause: str, story: str, decisive: set[str], said: set[str]
) -> None:
    causes, _, asked = played(DOMAIN, story, TODAY)
    assert cause in causes
    assert decisive <= set(asked)
    assert not said & set(asked)


# How people answer a question in their own words.
ANSWERS = [
    ("want", "最好还是要房子,实在不行就要他赔", "继续履行"),
    ("terms", "合同写的毁约方赔总价20%", "写了相关条款"),
    ("title", "房产证是他跟他老婆两个人的名字,合同就他签了", "还有共有人没签字"),
    ("urged", "合同写逾期超过90天买受人可以退房", "合同写的退房天数已到"),
    ("rate", "合同写每天按万分之一付违约金", "约定了违约金"),
    ("excuse", "说是资金紧张,没有说不可抗力", "资金等其他原因"),
    ("proxy_proof", "当时写了一张纸,他签了字", "有书面协议或聊天承认"),
    ("house_kind", "房本上写的是商品房", "普通商品房"),
    ("inspected", "还没找人鉴定过", "还没有"),
    ("agency_paper", "没跟中介签过什么东西", "没签过"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "reply", "value"), ANSWERS, ids=[row[1][:12] for row in ANSWERS])
def test_an_answer_in_own_words_is_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# What people bring to a lawyer in this field, each at its own cause.
TROUBLES = [
    ("earnest", "交了三万定金,第二天跟家里商量不想买了,售楼处说一分不退"),
    ("earnest", "房东收了我十万定金又嫌卖便宜了,只肯退本金"),
    ("earnest", "在售楼部签了认购书交了五万,说好七天签合同,结果补充协议全是霸王条款,我不签了能退吗"),
    ("earnest", "给中介转了两万意向金,房东没同意卖,中介拖着不退"),
    ("earnest", "我是卖房的,收了对方五万定金他又不买了,定金我能留下吗"),
    ("breach", "二手房合同签完房价涨了,卖家反悔不卖了,我想要回房子"),
    ("breach", "买家签完合同首付一拖再拖,我急着用钱,能不能解除合同没收定金"),
    ("breach", "卖家要我再加二十万才肯配合过户,否则就不卖"),
    ("breach", "房价跌了,我想退掉已经签了合同的房子,要赔多少违约金"),
    ("breach", "下家违约不买了,我的置换链断了,上家又要告我"),
    ("loan", "银行说我征信有逾期不给批贷款,开发商不退首付还要我付违约金"),
    ("loan", "合同签完银行评估价低,贷款只批了六成,差的钱我拿不出来"),
    ("loan", "签完合同才发现我没有购房资格,卖家说是我违约"),
    ("late", "期房说好去年底交,到现在楼还没封顶,开发商天天说快了"),
    ("late", "楼盘烂尾了,房贷每个月还在扣,能不能停贷退房"),
    ("late", "开发商通知收房,可是水电都没通消防也没验收,我能不收吗"),
    ("cert", "住进来四年了,开发商欠税,房产证一直办不下来"),
    ("cert", "开发商把楼抵押了,全小区都办不了证,能退房吗"),
    ("quality", "新房收房一年外墙渗水,开发商补了三次还是漏"),
    ("quality", "买的二手房一下雨就漏,原房主用乳胶漆盖住了"),
    ("quality", "精装房墙面空鼓地板起翘,开发商不认账"),
    ("promise", "卖房时说楼下是中央公园,交房变成了停车场"),
    ("promise", "买房时承诺对口重点小学,现在孩子上不了"),
    ("promise", "合同写的建筑面积110平,实测只有103平,开发商不退差价"),
    ("promise", "精装标准说好是进口品牌,交房全换成了杂牌"),
    ("promise", "商铺说好包租十年每年返8%,第三年就不给钱了"),
    ("hidden", "住进去才听邻居说这房子里有人上吊过,卖家和中介都没告诉我"),
    ("hidden", "买了学区房才发现学位被前房主用掉了"),
    ("hidden", "过户以后才知道房子租出去了十年,卖家瞒着没说"),
    ("blocked", "卖家收了我首付又把房子卖给别人还过户了"),
    ("blocked", "我买的房还没过户就被法院查封了,说卖家欠债"),
    ("blocked", "老公背着我把婚后买的房子卖了,我能要回来吗"),
    ("blocked", "卖家拿了我的首付不去还银行贷款,房子解不了押过不了户"),
    ("broker", "房子没买成,中介还扣着我的中介费不退"),
    ("broker", "看完房换了一家便宜的中介成交,原来的中介告我跳单"),
    ("broker", "中介把房主报价抬高了十万吃差价,我才知道"),
    ("proxy", "限购时借表哥名字买的房,现在他不肯过户给我"),
    ("proxy", "朋友用我的名义买房贷款,他断供了银行来催我"),
    ("handover", "买的二手房过完户,原房主一家老人住着就是不搬"),
    ("handover", "前房东户口不迁走,我孩子上不了学"),
    ("handover", "房款都给了,卖家一直拖着不配合过户"),
    ("handover", "过户时才知道房子不满五,多出十几万税,该谁出"),
    ("valid", "买了村里的小产权房,现在要拆迁,卖家说合同无效"),
    ("valid", "买的安置房没有房产证,卖家涨价了想反悔"),
    ("valid", "为了少交税签了阴阳合同,现在对方拿低价合同告我"),
    ("valid", "老爸有老年痴呆,被人哄着把房子低价卖了"),
    ("auction", "法拍房拍下来了,原房主赖着不搬,还欠了好几年物业费"),
    ("auction", "拍到一套法拍房,贷款没办下来,保证金会不会没了"),
    ("debt", "开发商欠我工程款,拿两套房抵给我,一直不给网签过户"),
    ("debt", "借钱时说还不上就拿房子抵债,现在他不肯过户"),
    ("default", "失业了房贷还不上,已经断供四个月,银行说要起诉拍卖房子"),
    ("breach", "咱家把老房卖了置换，买家签完合同说他妈不同意，不买了，要我把二十万定金退给他。我这边新房定金都交了，损失找谁？"),
    ("late", "买的精装房说好今年六月交，现在都十一月了，开发商发短信说因为环保停工要延到明年，只肯按合同每天几块钱赔。"),
    ("hidden", "买的二手房住进去才发现房子被前房东加建过，城管上门要拆，中介和卖家当时都说手续齐全。"),
    ("quality", "新房收了还没住，验房师查出来墙体空鼓几十处，窗户漏风，开发商就让我先收房再慢慢修。我能拒收不？"),
    ("handover", "卖家拿了我八成房款，约好十月交房，现在他说新家没装好还要住到过年，天天打太极。"),
    ("valid", "我家在村里的自建房前些年卖给了城里一个老师，钱早花了，现在要拆迁了补偿一百多万，我能把房子要回来吗？"),
    ("earnest", "售楼小姐说今天不定明天就涨价，我脑子一热刷了三万，收据写的是诚意金。回家一算月供根本还不起，能退吗？"),
    ("proxy", "我跟前男友一起出钱买的房，写的他一个人名字，现在分手了他说跟我没关系，我出的三十万怎么要？"),
    ("blocked", "房子是我和我哥继承的，房本写的他名字，他背着我把房子卖给别人了，我一分钱没拿到。"),
    ("promise", "买房时销售说得房率八成五，交房一测才七成三，公摊大得离谱，一百二的房子住着像八十平。"),
    ("cert", "法院判了开发商破产，我们小区五百多户都没拿到房本，房款早就交清了，这可咋整？"),
    ("loan", "签合同的时候我还在上班，上个月被裁了，银行说收入证明过不了不放贷，卖家说我违约要没收二十万定金。"),
    ("late", "楼盘停工一年多了，开发商老板都被抓了，银行照样扣月供，我不还贷行不行？"),
    ("breach", "我卖房，合同约定买家九月底付首付，到现在一分没付，说等他股票解套，房价现在涨了我不想卖他了。"),
    ("handover", "买的二手房交房后发现前房东欠了一万多物业费和暖气费，物业不给我办门禁卡。"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_typical_trouble_comes_out_at_its_cause(cause: str, opening: str) -> None:
    causes = reasoning.recognise(DOMAIN, opening)
    assert causes[0].id == cause


# An opening, what is answered to the question about one element, and an article that then carries a conclusion.
SETTLED = [
    ("auction", "法拍房拍下来了,公告写没人住,实际原房主赖着不搬", "auction_said", "公告没写或写错了", "最高人民法院关于人民法院网络司法拍卖若干问题的规定#31"),
    ("debt", "开发商欠我工程款,拿两套房抵给我,一直不给网签", "debt_for", "到期以后签的", "最高人民法院关于适用民法典合同编通则若干问题的解释#27"),
    ("default", "失业了房贷还不上,断供四个月了", "default_for", "银行已经起诉", "民法典#410"),
    ("promise", "买房时承诺对口重点小学,现在孩子上不了", "disclaimer", "有,没提示说明", "民法典#496"),
    ("proxy", "限购时借表哥名字买的房,现在他不认了", "proxy_block", "有抵押、查封或官司", "民事诉讼法#103"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story", "element", "reply", "article"), SETTLED, ids=[row[0] for row in SETTLED])
def test_an_answer_settles_what_follows(cause: str, story: str, element: str, reply: str, article: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    assert causes[0].id == cause
    known = facts.extract(DOMAIN.elements, story, TODAY)
    answer = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert answer is not None
    held = reasoning.decide(causes, {**known, element: answer}, TODAY).held
    assert article in {id for _, finding in held for ground in finding.grounds for id in ground.articles}
