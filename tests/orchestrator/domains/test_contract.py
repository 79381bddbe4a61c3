"""合同: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.contract import DOMAIN
from tests.orchestrator.fields import played

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


# The core of a story only, and what a lawyer would want to know besides.
HELD_BACK = [
    (
        "我往一个工地送了大半年的沙石料,现在项目经理换人了,新来的让我等着,十七万块到现在没给我。",
        {"excuse", "clause", "objected", "paper", "assets"},
    ),
    ("给连锁餐厅供冻品,对方财务讲总部没拨款,货款二十多万压着。我想走法律途径。", {"clause", "paper", "assets"}),
    ("我在厂家订了三台烘干机,装上没几天就频繁跳闸,厂里派人看过一次就没下文了。", {"tested", "clause"}),
    ("订了一车苗木,到场发现好多是枯的,供货的说是路上闷的跟他们没关系。", {"tested", "clause"}),
    (
        "给闺女办婚礼看中一家酒店,当场交了8000定金,后来孩子们想旅行结婚,酒店一分都不给退。",
        {"dep_terms", "total", "dep_spent"},
    ),
    ("看上一台二手挖机,给车主转了两万定金,隔天他说有人出价高,不卖我了。", {"dep_terms", "total"}),
    ("找一家公司做小程序,钱给了大头,做出来的东西一堆毛病,他们还要加钱才肯改。", {"clause", "evid"}),
    ("我跟一家健身工作室签了场地合作,才过一个月他们单方面不让我进场了。", {"clause", "aim", "pressed", "evid"}),
    ("刷短视频看到一个奶茶牌子,交了九万八加盟,回来发现根本不是广告讲的那样。", {"stage", "evid", "cool"}),
    ("加盟了个卤味店,开业以后总部啥都不管,生意差得要命。", {"cool", "evid"}),
    ("被业务员忽悠签了个代运营合同,钱交完才明白上当了。", {"evid", "pressed"}),
    ("我侄子拿着我的身份证复印件,冒充我在合同上签了字,现在人家找我要钱。", {"evid", "pressed"}),
    ("家里装修的,贴完瓷砖才俩月就空了一片,工长电话里光说过来看就是不来。", {"clause", "tested"}),
    ("我开门窗店的,给一户别墅装了断桥铝,业主住进去了还差我三万多尾款不给。", {"clause", "evid"}),
    ("我带了十来个老乡给人砌墙,活早收尾了,包给我们的那个老板还压着四十来万。", {"settled", "owner_paid"}),
    ("去年我挂靠一家公司接了个厂房,总包拖着工程款不放。", {"checked", "settled", "owner_paid", "owed"}),
    (
        "跟发小合开火锅店,他管钱我管后厨,一年下来说没挣钱,我不想跟他干了。",
        {"part_paper", "ratio", "liquid", "invested"},
    ),
    ("我们仨凑钱搞了个洗车行,现在亏得厉害,其中一个要我们把他的钱退了。", {"part_paper", "ratio", "liquid"}),
    ("发物流给客户寄了一台设备,到地方外壳砸了个大坑,物流说按运费三倍赔。", {"insured", "loss", "inspected"}),
    ("我寄的一箱土蜂蜜,快递给弄丢了,让我等处理等了半个月。", {"insured", "loss"}),
    ("托一个朋友的朋友帮忙办学校名额,收了钱没办成,现在躲着我。", {"paid", "evid"}),
    ("我是做房产中介的,带客户看了五回房,最后他俩私下签了。", {"clause", "evid"}),
    ("借给同学一笔钱,他拿店面给我抵押,现在钱到期了他不还。", {"registered", "evid", "owed"}),
    ("我的车押给一个小贷公司,人家半夜把车开走了。", {"evid", "owed"}),
    ("房子前几年过户给儿子了,现在他媳妇见我就骂,也不给我看病。", {"evid"}),
    ("我爸说好把老宅送给我,又反悔了。", {"given", "notarised"}),
    ("别人欠我的钱,我把这笔账转给了我表哥,欠钱的不认。", {"told_debtor", "evid", "owed"}),
    ("他老婆当时说这钱她来还,现在又不认了。", {"promise_form", "owed"}),
]
TOLD_WHOLE = [
    "我是做五金批发的,去年3月到8月给本市一家机械厂供了六批轴承,有书面购销合同,也有他们仓库签收的送货单和盖了章的对账单,合计36万,付过10万,还差26万。合同写的是收货后60天付清,逾期按日万分之五算违约金,也约定了由我这边法院管。收货时验过,没提过质量意见。今年6月我还发过律师函催,他们老板在微信里认账,说下游没回款,资金周转不开。厂子照常开工,知道他们的基本户。除了利息没别的损失。我想起诉要回货款和违约金,行不行?",
    "我公司向一家供应商买了两台注塑机,合同总价48万,今年4月10日签的,已付40万,约定5月底交货、验收合格付尾款,逾期每天千分之一违约金。机器6月2日到,第二天试机就漏油、合不了模,根本没法生产,当天拍了视频发给对方销售,后来又发了两次函要求限期修好,对方来修了三次没修好。我们请了质检机构检测,结论是不合格。停产损失大概9万,有报表。供应商正常经营。我想退货退款要赔偿。",
    "上个月8号我在家具城交了1万定金订一套实木家具,总价6万2,收据上写的是“定金”两个字,单子背面印着概不退款,签的时候没人提醒。隔了三天我发现尺寸放不下,就微信跟店长说不要了,店里说还没下单生产,没有备料,也没什么支出,可就是不退,只愿意换款。转账记录、收据和聊天都在。我打过12315。这定金能退多少?",
    "我跟一家广告公司签了一年的推广合同,今年2月签的,总费用12万,已经付了8万,合同写明每月要出四条视频,达不到的按未完成部分退款,另付总价10%的违约金,一方违约催告15天不改可以解除。他们做到5月就停了,一共只出了九条。我6月、7月两次发函催,也在微信上通知解除合同,他们回复说人手不够。聊天记录、函件回执、付款回单都留着。公司还在营业。我的损失主要是白付的钱,想解除退款并要违约金。",
    "我今年3月20日签了个烧烤品牌的加盟合同,交了加盟费8万6,店还没开,铺面也没选好。当时招商经理说有二十家直营店、三个月回本,我后来上商务部备案系统查,他们根本没备案,也没有直营店。合同没写反悔期,写了加盟费概不退还。宣传册、聊天记录、录音、转账凭证都有。我4月发函要求解除退钱,对方不同意,公司还在正常招商。我能把钱要回来吗?",
    "我妈72岁,有轻度老年痴呆,有医院诊断。今年9月1号一个卖保健床垫的上门,骗她说能治腰,让她签了合同,花了2万8,刷的我爸的卡。我9月5号发现的,当天打电话要求退货退钱,对方说拆了不退。合同、刷卡小票、宣传单和通话录音都留着,也到派出所报过警,民警让走民事。我妈没有授权谁,是她自己签的。想撤销合同把钱要回来。",
    "我家去年9月请了本地一家装修公司全包,签了合同,总价15万8,付了14万,约定工期100天,保修两年,违约金每天200。今年1月验收入住,4月卫生间往楼下渗水,主卧墙裂了好几道。我在微信里发照片催他们返工,又寄了函限期十天,他们回了句“自己用坏的”,不肯来修。我请检测公司测了,是防水没做够。另找人修报价2万3。公司还在开,聊天、付款记录、报告都有。我要他们赔修复费。",
    "我是包工头,没有资质,前年10月从一家劳务公司手里转包了小区外墙保温,总包是省里的一家建筑公司,签了书面合同,写明完工后三个月付清。去年7月干完,已经验收交付,业主都住了。8月跟劳务公司对账出了结算单,一共96万,付了60万,还欠36万。没约定违约金。据我所知开发商已经把钱全付给了总包。我今年多次微信催款,老板说总包没给他。劳务公司还在正常干别的项目。签证单、记工表、聊天都有。怎么要?",
    "我和同事2024年1月合伙开了个烘焙店,签了合伙协议,约定合伙五年,各出15万,利润亏损对半分,退伙要提前三个月书面提出、清算后退。执照办的是个体户,登记在他名下,账他管。现在他不给我看账,说亏了,我想退伙,上个月书面通知了他,没有清算过,店里还有设备大概值8万,没有外债。转账记录、协议和聊天都在。能拿回多少?",
    "今年10月12号我用快递从老家寄一台单反相机,值9200元,有购买发票,寄的时候没保价,运费28元。15号派件时我当面开箱,镜头碎了,当场拍了照片,快递员也在单子上写了破损,我没签收,第二天就打客服投诉,对方只肯赔300。底单、视频、聊天都有。能要多少?",
    "我今年5月委托一家代办公司办食品经营许可证,签了代办协议,写明30个工作日办不成全额退款,没有约定违约金。交了代办费6500,转账有记录。到现在快半年了还没办下来,我8月就微信要求解除退钱,对方一直说快了。聊天记录和协议都在,公司也还开着。我没有别的损失,就想退钱。",
    "2023年6月我跟一个放贷的借了20万,签了借款合同和抵押合同,拿我名下一套房做抵押,去不动产中心办了抵押登记。今年3月我连本带利全部还清了,转账记录都有,他也打了收条。可是我要他去解押,催了五六回,微信里他一直说没空,还说要再交5000手续费。我发过函限他十天内配合。怎么办?",
    "我去年1月把名下一套房过户给了儿子,没收钱,签了书面赠与协议,没做公证,里面写着他要给我养老、每月给生活费1500。过户以后他一分没给,今年8月还把我赶出门,村委和邻居都能作证,有报警记录、录音。房子值60万左右。我9月起想撤销,要回房子。",
    "老刘欠我12万,2025年3月到期,有欠条。今年2月我跟他弟弟签了书面的承诺,他弟弟写明自愿和老刘一起还,6月底前还清,按了手印。我当时就告诉了老刘,他也同意。到期以后弟弟说他只是帮忙写的,不还。我7月、9月微信催过他俩,聊天记录都在。我能不能连弟弟一起告?",
]


@pytest.mark.parametrize(("story", "wanted"), HELD_BACK, ids=[row[0][:14] for row in HELD_BACK])
def test_what_decides_and_was_held_back_is_asked(story: str, wanted: set[str]) -> None:
    assert wanted <= set(played(DOMAIN, story, TODAY)[2])


@pytest.mark.parametrize("story", TOLD_WHOLE, ids=[story[:14] for story in TOLD_WHOLE])
def test_a_story_that_tells_all_is_asked_nothing(story: str) -> None:
    assert played(DOMAIN, story, TODAY)[2] == []
