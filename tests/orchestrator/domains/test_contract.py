"""合同: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.contract import DOMAIN

TODAY = date(2026, 11, 20)
BUILD = "最高人民法院关于审理建设工程施工合同纠纷案件适用法律问题的解释（一）"
SALES = "最高人民法院关于审理买卖合同纠纷案件适用法律问题的解释"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"


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
    ("我是做水泥批发的,2024年3月给一个工地送了8万块钱的水泥,签了购销合同,说好5月底付清,到现在一直拖,催了好多次老板总说资金紧张,合同写了每天千分之一的违约金", "sale", {"sale_side": "卖方", "paper": "有合同、对账单或欠条", "excuse": "没钱或拖着", "aged": "催过或对方认过", "clause": "约定了", "total": "80000元"}, "民法典#626"),
    ("我给饭店供菜两年多,一直没签合同,就微信上下单,现在还欠我3万2,老板说生意不好,天天催天天拖,去年10月断的货", "sale", {"owed": "32000元", "paper": "只有送货单、聊天或转账", "since": "2025年10月", "clause": "没有约定"}, f"{SALES}#1"),
    ("公司和我们签的供货合同,我们是小企业,他们是上市公司,货交了半年了钱还没付,说等他们客户回款,合同上写了付款日期今年6月1日,没写违约金,催过好几次", "sale", {"sale_side": "卖方", "excuse": "说等别人付款", "big": "机关、事业单位或大型企业", "since": "2026年6月1日"}, "保障中小企业款项支付条例#9"),
    ("供货商起诉我要货款12万,可是他的布料掉色,我当时就微信跟他说了有质量问题,他不承认,合同约定违约金", "sale", {"sale_side": "买方", "owed": "120000元", "excuse": "说质量有问题"}, f"{SALES}#31"),
    ("我公司从厂家订了一台设备,付了15万,说好3月交货,现在都11月了还没发货,催了无数次,合同写了违约金每天万分之五", "goods", {"paid": "150000元", "fault": "不交货或迟交", "pressed": "催了仍不履行", "clause": "约定了"}, "民法典#563"),
    ("我进了一批货,质量太差根本没法卖,跟厂家说了他不管,不给退,没签合同", "goods", {"sale_side": "买方", "usable": "根本不能用", "noticed": "发现后就提了"}, "民法典#610"),
    ("客户收货三个月了突然说质量有问题要退货,货他都卖了一半了,我该咋办,当初他没提过任何问题", "goods", {"sale_side": "卖方", "fault": "质量不合格"}, "民法典#621"),
    ("我交了5000定金买二手车,车行说车卖给别人了,收据写的定金,车价8万,可以双倍返还吗", "deposit", {"dep_side": "交定金的一方", "dep_kind": "定金", "dep_fault": "收定金的人不履行", "earnest": "5000元"}, "民法典#587"),
    ("婚庆公司交了3000订金,现在婚期改了不想办了,订金能退吗", "deposit", {"dep_kind": "订金、意向金、预付款等", "dep_fault": "交定金的人不想要了"}, f"{GENERAL}#67"),
    ("我收了客户2万定金做家具,料都开好了,客户现在反悔不要了,要我退定金", "deposit", {"dep_side": "收定金的一方", "dep_fault": "交定金的人不想要了"}, "民法典#586"),
    ("我和公司签了两年的服务合同,做了半年不想做了,对方要我赔20万违约金,太高了吧", "breach", {"breacher": "我方违约或想退出", "penalty": "200000元", "clause": "约定了"}, f"{GENERAL}#65"),
    ("我委托软件公司开发一款APP,合同金额95000,付了5万,对方拖了半年没交付,催了很多次,我想解除合同退款", "breach", {"breacher": "对方违约", "aim": "解除合同、退钱", "pressed": "催了仍不履行", "total": "95000元", "paid": "50000元"}, "民法典#563"),
    ("因为疫情酒店被政府关停了,我订的年会没法办,能退钱吗", "breach", {"breacher": "客观原因做不了", "shock": "完全没法履行"}, "民法典#590"),
    ("签合同后原材料价格翻倍,做下去要亏本,能解除吗", "breach", {"breacher": "客观原因做不了", "shock": "能履行但很不公平"}, "民法典#533"),
    ("上个月才发现签合同的时候他们隐瞒了设备是翻新的,花了8万,能撤销合同退钱吗", "validity", {"flaw": "被骗签的", "knew": "九十天以内", "paid": "80000元"}, "民法典#148"),
    ("员工用假公章和别人签了合同,我公司根本没授权,现在对方要我们付钱", "validity", {"flaw": "别人代签或冒名", "authority": "没授权,事后也没认"}, "民法典#171"),
    ("我13岁儿子拿我手机买了一台8000的电脑,能退吗", "validity", {"flaw": "孩子或糊涂的人签的", "signer_age": "八岁到十八岁"}, "民法典#145"),
    ("合同没盖章有效吗", "validity", {"flaw": "只是形式不全(没盖章、没签书面等)"}, "民法典#490"),
    ("装修公司收了我8万,停工三个月了,催了也不来,工期早过了,合同约定延期每天赔100", "works", {"work_side": "定作人(业主)", "work_issue": "拖延或停工不干", "late": "3个月"}, "民法典#787"),
    ("家里卫生间漏水,装修公司不肯返工,装修才一年", "works", {"work_side": "定作人(业主)", "work_issue": "质量有问题", "redo": "不肯返工或修不好"}, "民法典#781"),
    ("我给一个老板做门窗,做完了都安装好用上了,还欠我1万2尾款不给,说有划痕", "works", {"work_side": "施工(承揽)方", "checked": "已验收或已使用", "owed": "12000元"}, "民法典#782"),
    ("我是包工头,带着十几个工人从一个老板手里包了外墙活,去年8月干完,业主都入住了,还欠我18万,老板打了欠条,没有资质", "building", {"build_side": "干活的一方", "chain": "分包、转包或挂靠的", "licence": "没有资质或挂靠", "checked": "已验收或已使用", "settled": "有结算单或欠条", "owed": "180000元"}, "民法典#793"),
    ("我们村委会修路,我直接跟村里签的合同,有资质,验收两年了,还欠工程款30万,没结算", "building", {"chain": "直接跟发包方签的", "licence": "有资质", "settled": "没有结算"}, "民法典#807"),
    ("我跟着包工头在工地干活,工资没给,一天300,记工本上有40天", "building", {"chain": "干活拿工资"}, "保障农民工工资支付条例#30"),
    ("我家盖房包给施工队,还没盖完墙就裂了,他们要工程款还起诉我", "building", {"build_side": "发包的一方", "checked": "没做完"}, "民法典#801"),
    ("俩人合伙开店,没签协议,我投了22万,现在不想合伙了,账都在他手里没对过账,能拿回我的钱吗", "partner", {"invested": "220000元", "part_issue": "想退伙拿回出资", "part_term": "没约定期限", "liquid": "没有清算"}, "民法典#976"),
    ("合伙欠的货款,供货商起诉我一个人,合伙人跑了", "partner", {"part_issue": "债主找上门"}, "民法典#973"),
    ("快递把我5000块的手机弄丢了,没保价,快递公司只赔三倍运费", "carriage", {"carry_kind": "快递", "insured": "没有保价", "loss": "5000元"}, "快递暂行条例#27"),
    ("我是货车司机,给货主拉货,运费8000不给,货还在我车上", "carriage", {"carry_side": "承运或保管的一方", "carry_issue": "不付运费、保管费"}, "民法典#836"),
    ("找中介租门面没租成,交了3000中介费不退", "agency", {"agent_side": "委托人", "agent_result": "没办成", "paid": "3000元"}, "民法典#964"),
    ("我给人介绍了一个工程,说好给5万介绍费,签成了,现在不认", "agency", {"agent_side": "受托人或中介", "agent_result": "办成了"}, "民法典#963"),
    ("我把车抵押给小贷公司借了3万,逾期一个月,车被他们拖走要卖掉", "security", {"pledge_side": "抵押(出质)的一方", "pledge_issue": "被扣、被拖走、被卖掉"}, "民法典#410"),
    ("房子过户给儿子了,现在他不养我,能要回来吗", "gift", {"gift_side": "送东西的一方", "given": "已经交付或过户", "gift_why": "不赡养、虐待等"}, "民法典#663"),
    ("我爸写了协议把房子赠与给我,没过户没公证,现在反悔", "gift", {"gift_side": "收东西的一方", "given": "还没交付或过户", "notarised": "没公证"}, "民法典#658"),
    ("我欠老王的钱,老王说把债权转让给一个公司,我没收到通知,那个公司来要钱", "transfer", {"shift": "债权转让", "told_debtor": "没通知也没同意"}, "民法典#546"),
    ("老公给小三转了20万,我能要回来吗", "gift", {"gift_why": "瞒着配偶送第三者", "paid": "200000元"}, "民法典#153"),
    ("我把店转让给别人,转让费还欠我3万不给,写了转让协议", "breach", {"breacher": "对方违约", "aim": "付清欠款", "owed": "30000元"}, "民法典#579"),
    ("收到法院传票,客户告我逾期交货要违约金15万,合同总价才20万,我晚了20天", "goods", {"sale_side": "卖方", "penalty": "150000元", "total": "200000元", "late": "20天"}, f"{GENERAL}#65"),
    ("签合同的时候他拿的授权委托书是假的,我货都发了,公司不认", "validity", {"authority": "没授权,但有公章或身份让人相信"}, "民法典#172"),
    ("我给甲方做了一套软件,验收了,尾款3万拖了一年不给", "works", {"work_side": "施工(承揽)方", "owed": "30000元", "late": "1年"}, "民法典#782"),
    ("加盟的火锅店开了半年亏了20万,总部啥也不管,承诺的培训督导都没有,想退加盟费8万", "franchise", {"stage": "已经开店经营", "hype": "不提供约定的支持", "paid": "80000元", "loss": "200000元"}, "民法典#566"),
    ("帮朋友垫付了3万货款,他不认", "agency", {"agent_side": "受托人或中介", "agent_result": "替人垫了钱"}, "民法典#921"),
    ("朋友欠我钱还不上,说把他的债务转给他弟弟,我没同意", "transfer", {"shift": "债务转给别人还"}, "民法典#551"),
]  # fmt: skip

OPEN = [
    ("客户欠我货款不给怎么办", "sale", {"sale_side": "卖方"}, {"paper", "excuse", "since"}),
    ("别人欠我货款没有欠条也没有借条也没有货物签单,这样的情况该怎么办", "sale", {"paper": "什么都没有"}, {"excuse", "since"}),
    ("付了2万货款对方不发货", "goods", {"fault": "不交货或迟交", "paid": "20000元"}, {"pressed"}),
    ("定金不退合理吗", "deposit", {"dep_kind": "定金"}, {"dep_fault"}),
    ("对方一直不履行合同我想解除", "breach", {"aim": "解除合同、退钱"}, {"pressed"}),
    ("加盟费能退吗", "franchise", {}, {"hype", "stage"}),
    ("被骗签了一份合同能撤销吗", "validity", {"flaw": "被骗签的"}, {"knew"}),
    ("合同有效吗", "validity", {}, {"flaw"}),
    ("装修质量有问题怎么办", "works", {"work_side": "定作人(业主)"}, {"redo"}),
    ("工程款要不回来怎么办", "building", {"build_side": "干活的一方"}, {"chain", "checked"}),
    ("合伙人要退伙怎么处理", "partner", {"part_issue": "想退伙拿回出资"}, {"part_term", "liquid"}),
    ("快递丢了怎么赔", "carriage", {"carry_kind": "快递"}, {"insured"}),
    ("赠与能撤销吗", "gift", {}, {"given"}),
    ("债权转让需要债务人同意吗", "transfer", {"shift": "债权转让"}, {"told_debtor"}),
]  # fmt: skip


@pytest.mark.parametrize(("story", "cause", "expected", "article"), COMPLETE, ids=[row[0][:14] for row in COMPLETE])
def test_a_complete_story_is_understood_and_asked_nothing(
    story: str, cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(story)
    assert causes == [cause]
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "cause", "expected", "questions"), OPEN, ids=[row[0][:14] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(
    story: str, cause: str, expected: dict[str, str], questions: set[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert causes == [cause]
    assert {id: known.get(id) for id in expected} == expected
    assert questions <= set(asked)
    assert len(asked) <= 5


def test_a_correction_overrides() -> None:
    causes, known, asked, _ = told("付了2万货款对方不发货", "不对,是付了3万,催了也没用,合同没约定违约金")
    assert causes == ["goods"]
    assert known["paid"] == "30000元"
    assert known["pressed"] == "催了仍不履行"
    assert asked == []
    _, known, asked, _ = told("客户欠我货款5万,有欠条", "说错了,是欠6万,约定去年1月付清,一直说没钱,没写违约金")
    assert known["owed"] == "60000元"
    assert asked == []


def test_what_is_denied_is_no_fact() -> None:
    _, known, _, _ = told("2019年给一个老板送的沙子,欠我2万,后来一直没好意思要,现在还能要吗,有他打的欠条")
    assert known["aged"] == "没有催过"
    assert known["paper"] == "有合同、对账单或欠条"
    assert told("快递没保价丢了")[1]["insured"] == "没有保价"
    assert told("抵押合同签了,没去办登记")[1]["registered"] == "没办登记"


def test_three_years_without_a_reminder_is_warned_of() -> None:
    _, _, _, grounds = told("2019年给一个老板送的沙子,欠我2万,后来一直没好意思要,现在还能要吗,有他打的欠条")
    assert "民法典#192" in grounds


def test_a_penalty_is_no_loss() -> None:
    _, known, _, _ = told("公司跟供货商签了采购合同,对方迟延交货一个月,导致我们停产损失30万,合同违约金只有2万,能多要吗")
    assert known["loss"] == "300000元"
    assert known["penalty"] == "20000元"


def test_a_quick_reply_is_read_as_itself() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value
