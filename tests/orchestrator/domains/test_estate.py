"""物业: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import asking, facts, reasoning
from orchestrator.domains.estate import DOMAIN
from orchestrator.recognition import Spoken
from tests.orchestrator.fields import played

TODAY = date(2026, 11, 20)
UNITS = "最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释"
SERVICE = "最高人民法院关于审理物业服务纠纷案件适用法律若干问题的解释"
TORT = "最高人民法院关于适用民法典侵权责任编的解释（一）"


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
    (("收到法院传票物业起诉我,欠了5年物业费,中间每年都来催,我是因为小区电梯长期坏着没人修才不交的,拍了很多照片",), "fee", {"side": "业主或住户", "fee_issue": "对服务不满意", "bad_service": "长期严重不达标,有证据", "fee_stage": "起诉或支付令", "urged": "催过", "owed_for": "5年"}, "民法典#582"),
    (("买了房一直没住,毛坯,物业要我补三年物业费一共8000多,我从没收到过催缴,现在起诉我了",), "fee", {"fee_issue": "房子空着没住", "owed_for": "3年", "fee_sum": "8000元", "urged": "没催过"}, "民法典#192"),
    (("我把前业主的房子买下来,物业说前业主欠了1.2万物业费,不交就不给我办门禁,合同里没写我承担",), "fee", {"fee_issue": "前业主欠的", "agreed_old": "没有约定", "fee_sum": "12000元"}, "民法典#465"),
    (("法拍房,拍卖公告写了欠费由买受人承担,物业要8万物业费",), "fee", {"fee_issue": "前业主欠的", "agreed_old": "约定由买方承担"}, "民法典#552"),
    (("物业费从1.8涨到2.5,没开业主大会,我不交涨的那部分可以吗",), "fee", {"fee_issue": "涨价或多收费"}, f"{SERVICE}#2"),
    (("我租的房子,物业费该房东交还是我交",), "fee", {"fee_issue": "租客与房东之间谁交"}, "物业管理条例#41"),
    (("物业合同到期一年了,没有新合同,我还要交物业费吗",), "fee", {"fee_issue": "没签物业合同"}, "民法典#948"),
    (("物业停了我家的水电,因为我没交物业费",), "cut", {"cut_kind": "水电气暖", "cut_why": "催物业费"}, "民法典#944"),
    (("物业公司不给我家门禁卡录人脸以外的方式,必须刷脸",), "cut", {"cut_kind": "门禁、电梯或车辆出入"}, "最高人民法院关于审理使用人脸识别技术处理个人信息相关民事案件适用法律若干问题的规定#10"),
    (("小区停水两天了物业说是水泵坏了没钱修",), "cut", {"cut_why": "设备坏了没修"}, "物业管理条例#51"),
    (("装修押金3000元装完一年了物业不退,没有违规",), "decor", {"decor_issue": "押金不退", "decor_ok": "没有违规", "deposit_sum": "3000元"}, "民法典#985"),
    (("物业说我装修动了承重墙要罚款5000,押金也不退,其实我没动",), "decor", {"decor_issue": "押金不退", "decor_ok": "没有违规", "fine_sum": "5000元"}, "民法典#577"),
    (("合同到期了老物业不走,新物业进不来,资料也不交接",), "change", {"change_issue": "原物业不肯走或不交接"}, "民法典#949"),
    (("我们小区没有业委会,想换物业怎么办",), "change", {"committee": "没有业委会", "change_issue": "想换掉现在的物业"}, "民法典#277"),
    (("开发商请的物业,业主大会已经表决通过要换了,前期合同还有2年",), "change", {"vote": "已经表决通过", "term_kind": "开发商签的前期合同"}, "民法典#940"),
    (("物业突然说下个月撤场不干了,我刚交了一年的物业费",), "change", {"change_issue": "物业自己要撤"}, f"{SERVICE}#3"),
    (("业委会偷偷跟物业签了合同,没开业主大会,今年9月才公示,我们能撤销吗",), "assembly", {"decided_on": "2026年9月", "defect": "程序违法", "meet_issue": "不服作出的决定"}, f"{UNITS}#12"),
    (("去年3月业主大会通过的决定,我现在想撤销",), "assembly", {"decided_on": "2025年3月"}, "物业管理条例#19"),
    (("小区怎么成立业委会",), "assembly", {"meet_issue": "想成立业主大会、业委会"}, "物业管理条例#10"),
    (("物业把电梯广告的钱都自己拿了,我们小区有业委会,能要回来吗",), "income", {"income_issue": "公共收益被占着不给", "committee": "有业委会"}, "民法典#282"),
    (("物业把架空层租给超市了",), "income", {"taker": "物业"}, f"{UNITS}#14"),
    (("业主委员会不给看会议记录和账",), "income", {"income_issue": "账目和资料不公开"}, f"{UNITS}#13"),
    (("业委会让每户补交5000维修资金,没有表决过",), "fund", {"fund_issue": "要求补交、续交或自筹", "vote": "还没表决", "fund_sum": "5000元"}, "民法典#278"),
    (("小区外墙大面积脱落,想用维修基金",), "fund", {"urgent": "紧急"}, "民法典#281"),
    (("维修基金被挪用了怎么办",), "fund", {"fund_issue": "被挪用或账目不清"}, "物业管理条例#60"),
    (("买的地下车位18万,现在才知道办不了产权证,想退款",), "parking", {"space_price": "180000元", "space_why": "没产权或不能过户"}, "民法典#597"),
    (("物业在小区路边划了停车位收费,一个月200,这钱归谁",), "parking", {"park_issue": "占公共道路、空地划的车位收费"}, "民法典#275"),
    (("老小区想加装电梯,一楼不同意,天天阻挠施工,我们单元十二户有十户都签字同意了",), "elevator", {"lift_issue": "想装,有人反对或阻挠", "lift_vote": "达到了"}, "无障碍环境建设法#22"),
    (("我家住一楼,楼上要加装电梯挡我家采光,我没签字,他们还没达到三分之二就开工了",), "elevator", {"lift_issue": "反对加装或要求补偿", "lift_vote": "还没达到"}, "民法典#278"),
    (("楼上装修把承重墙砸了,跟物业说了不管,怎么办",), "alter", {"alter_issue": "拆改承重墙", "alter_side": "别人改建影响到我"}, "建设工程质量管理条例#69"),
    (("邻居在楼道堆满杂物还放电动车充电",), "alter", {"alter_issue": "占用楼道、公共通道"}, "消防法#28"),
    (("楼下把房子改成棋牌室,天天吵到半夜",), "alter", {"alter_issue": "住宅改经营"}, f"{UNITS}#10"),
    (("我家顶楼,屋顶漏水,交房8年了,找物业物业说没钱修",), "living", {"leak_src": "公共管道、屋顶外墙", "house_age": "8年"}, "民法典#942"),
    (("房子才交房3年,外墙渗水,开发商不修",), "living", {"house_age": "3年"}, "建设工程质量管理条例#40"),
    (("楼上漏水把我家天花板泡了,损失1.5万,是楼上卫生间防水坏了",), "living", {"leak_src": "楼上邻居家里", "leak_side": "我家被泡", "loss": "15000元"}, "民法典#296"),
    (("楼上小孩天天跑跳到晚上十一点,跟物业说了也没用",), "living", {"live_issue": "噪音", "noise_src": "邻居生活"}, "噪声污染防治法#70"),
    (("走在小区被楼上掉下来的花盆砸伤了头,报警了没查到是谁",), "safety", {"harm_kind": "高空坠物抛物", "culprit": "没找到"}, f"{TORT}#25"),
    (("小区外墙瓷砖掉下来砸了我的车,修车花了6000,物业说不关他们的事",), "safety", {"harm_kind": "外墙等脱落、倒塌", "loss": "6000元"}, "民法典#1253"),
    (("我妈在小区楼道踩到水滑倒骨折了,楼道灯坏了一个月没人修,医药费2.3万",), "safety", {"harm_kind": "摔伤等设施伤人", "property_fault": "有失职", "loss": "23000元"}, "民法典#1198"),
    (("家里被盗丢了3万多,小区监控是坏的,保安也不登记,物业要赔吗",), "safety", {"harm_kind": "家中被盗、财物丢失", "property_fault": "有失职"}, "物业管理条例#35"),
    (("车停在小区被刮了,监控坏了找不到人,我每月都交停车费",), "safety", {"harm_kind": "车辆被刮、被划", "culprit": "没找到"}, "民法典#888"),
    (("暴雨把地下车库淹了,我的车泡了,物业没有及时排水",), "safety", {"harm_kind": "车库进水泡车", "property_fault": "有失职"}, "民法典#180"),
]  # fmt: skip

# The other side of the table: companies, committees, the one who is to pull down or to pay.
OTHER_SIDE = [
    (("我是物业公司的,业主拖欠物业费两年多,催了好几次都不交怎么办",), "fee", {"side": "物业公司", "urged": "催过", "owed_for": "2年"}, "民事诉讼法#225"),
    (("业主欠物业费,我是物业的,从来没催过,欠了三年", "不对,去年发过催缴函"), "fee", {"side": "物业公司", "urged": "催过"}, "民法典#195"),
    (("我公司是物业,业委会要换掉我们,合同还有一年多",), "change", {"side": "物业公司", "term_kind": "业委会签的,还没到期"}, "民法典#946"),
    (("我是物业,业主家里被盗,业主要我们全赔",), "safety", {"side": "物业公司"}, "民法典#1173"),
    (("我们是业委会的,物业把电梯广告收入都拿走了,怎么要回来",), "income", {"side": "业委会", "committee": "有业委会"}, f"{UNITS}#14"),
    (("城管说我家露台搭的棚子是违建,要我拆,我该咋办",), "alter", {"alter_side": "我被要求拆除、整改", "alter_issue": "违章搭建加盖"}, "城乡规划法#64"),
    (("楼下说我家卫生间漏水要我赔8000",), "living", {"leak_side": "楼下说我家漏", "loss": "8000元"}, "民法典#1184"),
]  # fmt: skip

OPEN = [
    ("物业费可以不交吗", "fee", {"fee_issue"}),
    ("物业告我了", "fee", {"fee_issue", "owed_for"}),
    ("物业断我家电", "cut", {"cut_why"}),
    ("物业不退装修押金", "decor", {"decor_ok"}),
    ("想换物业", "change", {"committee", "vote"}),
    ("业委会的决定我不服", "assembly", {"defect", "decided_on"}),
    ("公共收益归谁", "income", {"committee"}),
    ("维修基金怎么用", "fund", {"urgent", "vote"}),
    ("车位纠纷", "parking", {"park_issue"}),
    ("加装电梯", "elevator", {"lift_issue", "lift_vote"}),
    ("漏水", "living", {"leak_side", "leak_src"}),
    ("在小区受伤了", "safety", {"harm_kind", "property_fault"}),
]  # fmt: skip

CORRECTED = [
    (("我家房子空着,物业催了2年物业费,没起诉", "不对,是欠了4年,一直没人催过"), {"owed_for": "4年", "urged": "没催过"}),
    (("车位18万,办不了证", "更正一下,是16万买的车位"), {"space_price": "160000元"}),
    (("小区没有业委会,想换物业", "不对,去年成立了业委会"), {"committee": "有业委会"}),
]  # fmt: skip

NEGATED = [
    ("没交房之前的物业费也要我交吗,我还没入住", "fee_issue", "房子空着没住"),
    ("装修没动承重墙,物业非说违规不退押金", "decor_issue", "押金不退"),
    ("物业从来没有催过我,欠了四年突然起诉", "urged", "没催过"),
    ("监控没坏,偷我电动车的人没找到", "culprit", "没找到"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "cause", "expected", "article"),
    COMPLETE + OTHER_SIDE,
    ids=[row[0][0][:14] for row in COMPLETE + OTHER_SIDE],
)
def test_a_complete_story_leaves_nothing_to_ask(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert cause in causes
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("message", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_what_decides(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert causes == [cause]
    assert decisive <= set(asked)
    assert len(asked) <= 6


@pytest.mark.parametrize(("messages", "expected"), CORRECTED, ids=[row[0][1][:12] for row in CORRECTED])
def test_a_correction_stands(messages: tuple[str, ...], expected: dict[str, str]) -> None:
    _, known, _, _ = told(*messages)
    assert expected.items() <= known.items()


@pytest.mark.parametrize(("message", "element", "value"), NEGATED, ids=[row[0][:12] for row in NEGATED])
def test_a_negation_is_heard(message: str, element: str, value: str) -> None:
    assert told(message)[1][element] == value


def test_another_mans_work_is_not_the_clients() -> None:
    assert told("隔壁邻居把承重墙拆了")[1]["alter_side"] == "别人改建影响到我"
    assert told("物业让我把封的阳台拆了")[1]["alter_side"] == "我被要求拆除、整改"


def test_a_lapsed_year_ends_the_right_to_annul_but_not_the_complaint() -> None:
    late = told("业委会前年6月公布的决定,没开业主大会,能去法院撤销吗")[3]
    assert "物业管理条例#19" in late and "民法典#278" not in late


# Whole stories leave nothing to ask.
WHOLE = [
    ("fee", "我是小区业主,2023年收房入住。物业合同是开发商签的前期合同,每平米2.2元,还没到期。因为电梯一个月坏四五次、楼道灯坏了没人换、垃圾堆着不清,我从2025年1月起没交,一共欠5280元。物业微信和贴单催过三次,上个月寄了律师函,还没起诉。报修记录、电梯停运的照片视频、和管家的聊天我都保存着,也跟街道投诉过,来协调一次没结果。我可以补交,但想按打折交,滞纳金不认,这样法院会支持吗?"),
    ("cut", "今年10月8日晚上物业把我家的水和电都停了,说我欠物业费。我确实因为停车位纠纷欠了2025年的物业费1860元,他们只在门上贴过一次催费单。物业合同里没写可以停水停电,水电费我是直接交给供电局和自来水公司的。断了六天,冰箱里的东西坏了,我带孩子住酒店花了1500元,发票都有。我打过12345也报了警,民警来了做了登记,物业说交钱才恢复。停电的照片、和物业经理的聊天录音我都有。我想让他们马上恢复供水供电,再赔我这1500,该怎么办?"),
    ("decor", "去年6月装修前我按物业要求交了装修押金3000元,有收据,还签了装修管理协议,约定完工验收合格三十天内退。今年3月装完,没有拆改承重墙,也没损坏公共部位,工程部验收签了合格。到现在半年多,他们说走廊瓷砖有划痕要扣2000,可入场前我拍了照片,那划痕本来就有。我微信和书面都催过,也打12345投诉了,回复说自行协商。我就想把3000块全退回来,怎么主张?"),
    ("change", "我们小区612户,2018年交付,现在的物业是开发商签的前期合同,2024年6月就到期了,一直没续签也还在服务。去年成立了业委会并备案。今年9月开了业主大会,书面表决参与的有470户、面积占七成五,同意换物业的面积和人数都超过参与的一半,票和公示照片都留着。街道也派人监督了。10月业委会发函要求物业六十天内撤出,物业回函说表决无效不走。我们想换掉它,让它交出物业用房和资料,下一步该怎么办?"),
    ("assembly", "我们小区有业委会。今年8月20日业委会在公告栏贴出决定,说业主大会表决通过,每户加收每月50元的电梯改造费。我查了签到表和表决票,好几户的签名是代签的,我自己也没收到表决票,参与的业主不到三分之二。我8月底就知道了,9月向街道反映,街道说让我们自己协商,物业和业委会都不给看票。公告照片、邻居写的没签字的证明我都有。我想把这个决定撤销掉,要在什么时间内起诉,行不行?"),
    ("income", "我们小区电梯广告、快递柜和地面临停一年能收二十多万,都是物业收的,从2021年到现在从没公布过,物业合同里写公共收益归业主,扣除成本后入维修资金。小区有业委会,业委会今年6月、8月两次发函要求公布账目,物业都不回。我们也向街道和住建局投诉过,只答复已督促。广告照片、收费记录、函件回执都有。我们想让他们把账目公开,把收益交出来,怎么起诉?"),
    ("fund", "我们这栋楼2009年交房,3号电梯今年7月起经常困人,9月检测机构出报告说必须停用更换,现在已经停运两个月,老人上不了楼,属于紧急情况。更换报价28万。小区没有业委会,账户里本栋维修资金还有60多万。物业说要业主表决,书面表决了一次,参与的面积和人数只有五成多,没达到比例。我们找过街道和住建局,街道让先走程序。检测报告、停运公告照片都在。我们想动用维修资金换电梯,能不能走应急程序,不开会?"),
    ("parking", "2022年5月我花12万向开发商买了一个地下车位,签的合同写明有产权、一年内办证。到现在四年多一直办不了过户,去不动产中心查,说这个车位是人防车位,没有独立产权。我10月给开发商寄了书面函要求退车位退钱,他们说合同是使用权,不退。合同、收据、转账凭证和查询回执都有,也向住建局投诉过。我想解除合同把12万要回来,再要点利息,行不行?"),
    ("elevator", "我家住六层老楼的五楼,全单元12户想加装电梯,10户书面签字同意,面积和人数都达到四分之三以上,2户一楼的反对。今年5月规划部门批准,公示也办完了,没人提出异议成立。7月开工当天一楼两家把挖机堵住不让动,说挡他们采光,其实设计图离他们窗户四米多。我们报了警,街道也调解过两次没成。费用有分摊协议,按楼层出钱。批准文件、公示照片、协议都有。我们想让他们别再阻挠,能起诉吗?"),
    ("alter", "我家住8楼,今年3月楼下702的业主王某把住宅改成了麻将馆,没有征得我们同栋业主书面同意,管理规约也写明住宅不得经营。每天打到凌晨一两点,陌生人进出,我家老人睡不着。我们同单元九户联名书面要求他停,物业4月发过整改通知,城管和派出所也来过,他消停两天又开。没有别的财产损失。现场视频、联名信、整改通知照片都有。我就想让他停止经营恢复住宅,我一户能不能起诉?"),
    ("living", "今年7月20日开始,楼上1502往我家1402卫生间和次卧漏水,天花板泡坏、衣柜发霉。8月物业组织做了闭水试验,确认是1502卫生间防水层坏了,有检测记录。1502是业主张某自己住,房子2011年交房,早过了保修期。我找装修公司报价修复要8600元,衣柜值2000元。物业和居委会调解了两次,他先答应后来拒绝。漏水视频、照片、检测记录和报价单都有。我想让他把防水修好,再赔我这一万多,怎么起诉?"),
    ("safety", "今年1月12日早上我在小区单元门口踩到结冰滑倒,我四十五岁,平时身体好好的,右腿骨折,住院18天,医药费31000元有票据。那块冰是物业的水管漏水冻的,漏了一个多星期没人修,我和邻居都报修过,门口没有警示牌也没撒盐,监控录下来了。是我自己走路摔的,没有别人撞我。事后我打了120,也找物业经理谈过,向街道反映过,他们只愿意给2000元慰问。病历、照片、监控截图、报修聊天都有。我想让物业赔医药费和误工,能要到多少?"),
]  # fmt: skip

# Bare openings: cause, story, what three turns must ask, what the story has told.
OPENINGS = [
    ("fee", "物业服务太差了,物业费我不想交,他们天天在群里催", {"bad_service", "late_rate", "owed_for", "term_kind", "urged"}, {"fee_issue", "side"}),
    ("fee", "房子收了以后一直空着没住人,物业非要我全额交物业费", {"fee_stage", "owed_for", "term_kind", "vacant_paper"}, {"fee_issue", "side"}),
    ("cut", "晚回来发现门禁卡刷不开,保安说系统把我停了", {"complained", "cut_why", "loss", "proof", "restored"}, {"cut_kind", "side"}),
    ("cut", "物业把我家的电掐了,冰箱里的东西全坏了", {"complained", "cut_paper", "cut_why", "power_who", "proof", "restored"}, {"cut_kind", "side"}),
    ("decor", "装修完了去退押金,物业推三阻四就是不退", {"complained", "decor_ok", "decor_paper", "deposit_sum", "proof"}, {"decor_issue", "side"}),
    ("change", "我们小区想把现在这家物业炒掉,该怎么弄", {"committee", "term_kind", "vote"}, {"change_issue", "side"}),
    ("change", "新物业进来了,老物业赖着不撤,物业用房也不交", {"complained", "proof"}, {"change_issue", "side"}),
    ("assembly", "我们小区交房八年了,想成立业主委员会,不知道怎么开头", {"complained", "vote"}, {"meet_issue", "side"}),
    ("assembly", "业委会没开业主大会就自己决定续聘老物业,我不服", {"decided_on"}, {"meet_issue", "side"}),
    ("income", "电梯里都是广告,门口停车也收钱,这些钱从来没给业主看过账", {"complained", "paper"}, {"income_issue", "side"}),
    ("fund", "楼顶漏得一塌糊涂,想用维修资金修,物业说要开会", {"committee"}, {"fund_issue", "side"}),
    ("parking", "开发商的地下车位只卖不租,我买不起,外面又不让停", {"own_space", "paper", "park_vote", "space_kind"}, {"park_issue", "side"}),
    ("elevator", "我们老楼想装电梯,一楼死活不同意", {"approved", "lift_vote", "proof"}, {"lift_issue", "side"}),
    ("alter", "楼上邻居装修把承重墙给敲了一大块", {"agreed", "complained", "proof"}, {"alter_issue", "side"}),
    ("alter", "对门把鞋柜电动车都堆在过道里,说了也不听", {"agreed", "complained", "proof"}, {"alter_issue", "side"}),
    ("living", "楼上卫生间漏水,把我家天花板泡得都掉皮了", {"leak_test", "loss", "upstairs"}, {"leak_side", "side"}),
    ("living", "半夜小区水泵房嗡嗡响,我家一楼根本睡不了觉", {"complained"}, {"noise_src", "side"}),
    ("safety", "走在小区里被楼上掉下来的瓷砖砸破了头", {"complained"}, {"harm_kind", "side"}),
    ("safety", "停在小区里的车被人划了,物业说监控坏了不管", {"culprit"}, {"harm_kind", "property_fault", "side"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[0] for row in WHOLE])
def test_a_story_told_in_full_is_asked_nothing(cause: str, story: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    assert cause in [one.id for one in causes]
    known = facts.extract(DOMAIN.elements, story, TODAY)
    told, decision = Spoken(DOMAIN, story), reasoning.decide(causes, known, TODAY)
    assert asking.questions(causes, decision, known, told, told, {}, TODAY, opening=True) == {}


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
    ("owing", "今年的一千八百六,催费单贴过门上两次", "1860元"),
    ("proof", "报修微信都留着,电梯停运的照片也有", "有书面或影像证据"),
    ("leak_test", "我自己请人做了闭水试验", "做过检测或试验"),
    ("upstairs", "楼上租给别人住,房主在外地", "租给别人住"),
    ("committee", "筹备组成立了,业主大会还没开成", "没有业委会"),
    ("term_kind", "前期合同2024年底就到期了,一直没续", "已到期还在服务"),
    ("complained", "打过12345,说让我们自己协商", "投诉或报警过"),
    ("agreed", "没有征求过我们同意", "没有同意或批准"),
    ("approved", "还没公示呢", "还没审批公示"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "reply", "value"), ANSWERS, ids=[row[1][:12] for row in ANSWERS])
def test_an_answer_in_own_words_is_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# What people bring to a lawyer in this field, each at its own cause.
TROUBLES = [
    ("fee", "收到法院传票,物业起诉我要三年的物业费和滞纳金,我是因为服务太差才不交"),
    ("fee", "房子一直空着没住,物业还要全额收物业费"),
    ("fee", "买的二手房,物业让我把前业主欠的两万物业费补上,不然不给办手续"),
    ("fee", "物业没开业主大会就把物业费从1.8涨到2.6,能不交吗"),
    ("fee", "房子漏水开发商不修,我就没交物业费,现在发律师函来了"),
    ("fee", "我们物业公司想起诉长期欠物业费的业主,要准备什么"),
    ("fee", "房子租出去了,物业费该租客交还是我交"),
    ("fee", "五年前的物业费现在才来要,过时效了吗"),
    ("cut", "没交物业费,物业把我家电停了,还不让充值"),
    ("cut", "物业把我门禁卡注销了,每天进不了单元门"),
    ("cut", "小区强制刷脸进门,不录人脸就不让进"),
    ("decor", "装修完半年了物业还扣着两千押金不退"),
    ("decor", "物业说我装修违规罚款五千,他们有这个权力吗"),
    ("decor", "物业不让我们的装修工人进场,非要用他们指定的沙子水泥"),
    ("change", "我们想换掉现在的物业,要走什么程序"),
    ("change", "合同到期了,老物业赖着不走不交接资料"),
    ("change", "物业突然贴通知说下个月撤场不干了"),
    ("assembly", "想成立业委会,街道一直推脱不给办"),
    ("assembly", "业委会伪造业主签名通过了涨价决定,怎么撤销"),
    ("assembly", "业委会主任跟物业勾结,业主想罢免他"),
    ("income", "电梯广告和快递柜的钱全进了物业口袋,业主能要回来吗"),
    ("income", "要求物业公布收支账目,他们就是不给看"),
    ("income", "开发商把小区架空层租给人开超市"),
    ("income", "一楼邻居把公共绿地圈起来当自家花园"),
    ("fund", "电梯老坏要大修,物业说维修资金动不了"),
    ("fund", "维修基金被物业偷偷用了,业主一个字都没签"),
    ("parking", "小区车位只卖不租,买不起就不让车进"),
    ("parking", "物业在路边划车位收费,一个月三百,钱去哪了"),
    ("parking", "买的车位开发商办不了产权证,能退吗"),
    ("parking", "我的车位老被别人占,物业不管"),
    ("parking", "想装充电桩,物业死活不同意盖章"),
    ("elevator", "老楼加装电梯,一楼堵着不让施工"),
    ("elevator", "我家住一楼,楼上要装电梯挡我光,能要补偿吗"),
    ("alter", "楼上把承重墙砸了,我家墙开裂"),
    ("alter", "邻居在楼顶搭了阳光房,城管也不拆"),
    ("alter", "对门把鞋柜电动车都堆楼道里,消防通道都堵了"),
    ("alter", "楼下开了棋牌室,天天吵到半夜"),
    ("living", "楼上卫生间漏水把我家吊顶泡了,他不承认"),
    ("living", "楼上小孩天天跑跳到半夜,找了几次都没用"),
    ("living", "小区水泵房嗡嗡响,晚上根本睡不着"),
    ("living", "顶楼屋面漏雨,开发商和物业互相推"),
    ("safety", "外墙瓷砖掉下来把我的车砸了,物业不管"),
    ("safety", "楼上扔下来一个酒瓶砸伤了我的头,找不到是谁"),
    ("safety", "我妈在小区结冰的路上滑倒骨折,物业没撒盐没警示"),
    ("safety", "家里被偷了,监控是坏的,物业要不要赔"),
    ("safety", "暴雨地下车库进水,我的车被淹报废"),
    ("safety", "孩子在小区被没拴绳的狗咬了"),
    ("safety", "电动车在楼道充电起火,把我家烧了"),
    ("safety", "保安拦车起冲突把我打伤了"),
    ("heat", "家里暖气一直不热,室温才十四度,供热公司不给退费"),
    ("light", "隔壁盖楼把我家的采光全挡了"),
    ("light", "楼下饭店的油烟排到我家窗户口,窗都不敢开"),
    ("fee", "物业换了三拨人了，小区脏得下不去脚，我两年没交物业费，今天收到法院短信说要调解，我要不要去？"),
    ("cut", "我们楼下超市租的商铺，跟物业因为停车费闹矛盾，他们直接把我店里水电掐了，冰柜里货全化了。"),
    ("living", "我家刚装修好没半年，楼上洗澡水就往下滴，新吊顶全黄了，上去敲门人家说他家没漏，让我找物业。"),
    ("living", "楼上住个夜猫子，每天凌晨两三点拖椅子放音响，我心脏不好，报过两次警，警察一走又来。"),
    ("safety", "昨天刮大风，小区一棵大树倒下来把我停在路边的车砸扁了，物业说是天灾让我走保险。"),
    ("safety", "我奶奶坐小区电梯突然往下掉了两层，吓得住院了，腰椎骨折，物业和电梯公司互相推。"),
    ("income", "我们小区外墙上挂了个巨大的广告牌，听说一年租金二十万，从来没见过公示，业主能不能分？"),
    ("parking", "开发商把地下车位全打包卖给了一个公司，现在那公司一个月要收我们八百，不租就上锁。"),
    ("alter", "我家隔壁改成了月子中心，人来人往，电梯天天排队，能让他停业不？"),
    ("elevator", "我们单元要加装电梯，我家四楼不想出那么多钱，他们说少数服从多数，还说不交钱以后不给我用。"),
    ("assembly", "业委会换届，候选人全是物业的亲戚，投票是物业的人挨家挨户代填的，这选举算不算数？"),
    ("decor", "装修的时候交了五千块垃圾清运费，垃圾都是我自己找车拉走的，现在物业不退还要我补。"),
    ("fee", "我是业主，房子一直没交钥匙，开发商延期交房，物业却从合同交房日开始算物业费，合理吗？"),
    ("change", "我们选了新物业，老物业的保安守着大门不让新物业进场，打了一架，警察说是民事纠纷。"),
    ("fund", "顶楼漏雨好多年了，要动维修基金，楼下那些人不签字，说跟他们没关系，怎么办？"),
    ("safety", "放学路上孩子在小区滑梯上玩，滑梯破了个口子把腿划了二十几针，物业说家长没看好。"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_typical_trouble_comes_out_at_its_cause(cause: str, opening: str) -> None:
    causes = reasoning.recognise(DOMAIN, opening)
    assert causes[0].id == cause


# An opening, what is answered to the question about one element, and an article that then carries a conclusion.
SETTLED = [
    ("heat", "家里暖气一直不热,室温才十四度,供热公司不给退费", "heat_temp", "没测过", "民法典#656"),
    ("light", "隔壁盖楼把我家的采光全挡了", "light_right", "没有审批", "民法典#236"),
    ("parking", "物业在小区路边划车位收费,一个月三百", "space_kind", "小区道路绿地上划的", "民法典#275"),
    ("safety", "外墙瓷砖掉下来把我的车砸了,物业不管", "parked", "没停在车位上", "民法典#1173"),
    ("alter", "我是业主,楼下住宅改成了棋牌室,天天吵到半夜", "my_home", "同栋业主", "最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释#11"),
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
