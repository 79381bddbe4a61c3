"""劳动: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.labour import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)


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
    (("我2022年3月入职一家公司,月薪8000,一直没签劳动合同,也没交社保,上个月人事突然微信通知我不用来了,没说理由,我有工资银行流水和打卡记录,能要什么赔偿?",), "dismissal", {"side": "员工", "seniority": "一年以上", "hired_on": "2022年3月", "monthly_wage": "8000元", "ended": "单位让我走", "reason": "没有理由或只是口头", "paper": "一直没签"}, "劳动合同法#87"),
    (("在工地上干了半年的木工,包工头跑了,欠我们工钱一共3万6,打电话不接,去年12月就完工了,有他写的欠条",), "site_pay", {"owed": "36000元", "site": "工地(包工头或分包)", "pay_proof": "有欠条或结算单", "left": "已离职", "hiding": "跑路失联或转移财产"}, "保障农民工工资支付条例#30"),
    (("公司天天加班到九点,周末也要上班,从来没给过加班费,我有钉钉打卡记录,现在还在职",), "overtime", {"ot_kind": "几种都有", "ot_proof": "打卡、消息等", "left": "还在职"}, "劳动法#44"),
    (("上班的时候手指被机器压断了,厂里没给我交社保,也不给申报工伤,今年8月15号出的事,我现在还在这个厂里上班",), "injury", {"happened_on": "2026年8月15日", "insured": "没交", "recognised": "还没申请", "hurt_how": "上班时因工作受伤"}, "工伤保险条例#62"),
    (("合同到期公司不续签,我说了想续,没怀孕也没工伤,我在这干了6年,签过两次合同,有补偿吗",), "expiry", {"ended": "合同到期不续签", "seniority": "一年以上", "worked": "6年", "twice": "是"}, "劳动合同法#14"),
    (("入职时签了自愿放弃社保的声明,公司每月给500块社保补贴,现在想要公司补缴可以吗,我还在这上班",), "insurance", {"gap": "让我签放弃或折现", "left": "还在职"}, "劳动合同法#38"),
    (("离职后公司说我违反竞业协议要我赔30万,但他们一直没给过我补偿金,我只是个普通文员",), "noncompete", {"quit_kind": "竞业限制", "nc_pay": "没有付"}, "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）#38"),
    (("我怀孕五个月了,公司把我调岗降薪",), "maternity", {"woman_issue": "降薪或调岗"}, "妇女权益保障法#48"),
    (("我想辞职,跟领导提了,要提前多久说?合同还没到期要赔违约金吗",), "leave", {}, "劳动合同法#37"),
    (("我们公司一个员工连续旷工五天,能不能直接开除他",), "employer", {"side": "用人单位", "boss_issue": "想辞退员工", "fire_ground": "严重违纪"}, "劳动合同法#39"),
    (("我开了个小饭店,有个服务员没打招呼就不干了,还要双倍工资,去劳动局告我",), "employer", {"side": "用人单位", "claim": "没签合同的二倍工资"}, "劳动合同法#82"),
    (("我厂里工人干活的时候把手轧断了,没给他交工伤保险,我该怎么办",), "employer", {"side": "用人单位", "boss_issue": "员工受伤", "insured": "没交"}, "工伤保险条例#62"),
    (("合同签了一年,约定试用期六个月,现在快满了公司说要延长试用期,合理吗",), "probation", {"contract_term": "1年", "trial_issue": "试用期太长或被延长"}, "劳动合同法#19"),
    (("我下班回家路上骑电动车被轿车撞了,交警认定对方全责,公司有给我交社保,工伤已经认定了,鉴定为十级",), "injury", {"hurt_how": "上下班路上交通事故", "fault": "无责、次要或同等", "recognised": "已认定工伤", "grade": "七级至十级", "insured": "交了"}, "工伤保险条例#37"),
    (("老板娘说店里生意不好要关门,让我们明天别来了,我在店里干了两年零三个月,一个月四千五,她在微信群里发的通知",), "dismissal", {"reason": "裁员、撤岗或关停", "seniority": "一年以上", "worked": "2年3个月", "monthly_wage": "4500元"}, "劳动合同法#46"),
    (("俺在饭店端盘子,干了仨月,老板压着两个月工钱不给俺,说俺干得不好要扣钱,微信上有聊天记录,俺已经不干了",), "wages", {"pay_proof": "转账、考勤等记录"}, "劳动合同法#85"),
    (("产假工资怎么算,公司给我交了生育保险,生育津贴下来公司不给我",), "maternity", {"woman_issue": "产假或产假工资", "birth_insured": "交了"}, "女职工劳动保护特别规定#8"),
    (("做了五年零三个月,月薪一万五,HR突然通知我岗位取消了,让我签协议,我没签,他们就把我的门禁停了",), "dismissal", {"ended": "单位让我走", "reason": "裁员、撤岗或关停", "worked": "5年3个月"}, "劳动合同法#46"),
    (("公司逼我自己写辞职信,我已经在这干了四年多,不想签",), "dismissal", {"ended": "逼我自己写辞职", "seniority": "一年以上"}, "劳动合同法#46"),
]  # fmt: skip

RAMBLING = [
    ("我在一家饭店当服务员,干了快8个月了,一个月4500,老板从6月份开始就说店里生意不行,钱周转不开,到现在还压着我两个半月的工资,一共11000多,昨天我去找他要他说再缓缓,我不想干了,怎么要回来啊", ["wages"], {"monthly_wage": "4500元", "owed": "11000元", "owed_months": "2.5个月"}, {"harm", "hurt_how", "rest"}, ["pay_proof", "left"]),
    ("我是跑外卖的,上个月15号送餐的时候下雨路滑摔了,腿骨折住院花了2万3,站点说我是众包的没有劳动关系,一分钱不赔,我干了一年多了,每天都要打卡开早会的", ["injury"], {"platform": "平台骑手、司机", "hurt_how": "上班时因工作受伤", "med_cost": "23000元"}, set(), ["recognised", "insured", "agreement", "grade"]),
    ("我老公在家具厂干活,8月3号被锯子锯断了两根手指,厂里垫了医药费3万,现在鉴定下来是九级,厂里说给8万私了,之前有交社保,他一个月工资大概7000,干了四年,私了划算吗", ["injury"], {"insured": "交了", "grade": "七级至十级", "offer": "80000元"}, {"settled"}, []),
    ("我开了个理发店,有个学徒干了5个月就走了,当时没签合同,走之前说工资少发了,现在去劳动仲裁要我赔双倍工资2万多,还要经济补偿,我该怎么办,第二天就要开庭了", ["employer"], {"side": "用人单位", "boss_issue": "被仲裁或投诉", "claim": "没签合同的二倍工资"}, {"monthly_wage"}, []),
    ("在深圳电子厂上班三年了,每天12个小时,两班倒,一个月休两天,底薪2360,综合工资6000左右,加班费算的不对,工资条都有,想离职的时候一起要,可以要几年的", ["overtime"], {"side": "员工", "left": "还在职", "ot_kind": "几种都有"}, {"rest"}, ["ot_proof"]),
    ("我在一家培训机构做销售,离职的时候签了竞业协议2年,每个月给我补偿3000,我没去同行但是自己开了个小工作室,现在公司让我赔50万违约金,这个合理吗", ["noncompete"], {"quit_kind": "竞业限制", "nc_pay": "按月在付", "limit_term": "2年"}, set(), []),
    ("怀孕4个月了,hr突然找我说公司业务调整要把我从会计调到前台,工资从8500降到5000,不同意就让我自己走,合同明年3月到期,今年一月才入的职", ["maternity"], {"woman_issue": "降薪或调岗", "ended": "逼我自己写辞职", "hired_on": "2026年1月", "monthly_wage": "8500元"}, {"left_on"}, ["seniority"]),
    ("我们公司有个销售,连续三个月没完成业绩,态度还差,我想把他辞掉又不想赔太多,他来了两年半,工资底薪5000加提成平均8000,该怎么操作", ["employer"], {"boss_issue": "想辞退员工", "fire_ground": "不胜任工作", "monthly_wage": "8000元"}, {"twice"}, []),
    ("我爸在工地干活突然晕倒,送医院抢救了30个小时没救回来,包工头说给20万了事,才去了半个月", ["injury"], {"harm": "死亡", "hurt_how": "上班时突发疾病", "offer": "200000元"}, {"settled"}, ["recognised", "insured", "happened_on"]),
    ("公司连续三个月没发工资,我想离职拿补偿,干了5年,月薪1万左右,是不是要写被迫离职通知书?公司社保也断缴了两个月了", ["wages", "forced"], {"quit_kind": "单位有错,被迫离职", "left": "还在职"}, {"twice"}, ["quit_letter", "pay_proof", "waiver"]),
    ("试用期两个月了老板说我不合适让我明天别来,我签了三年合同,试用期6个月,工资6000转正8000,有没有补偿", ["probation"], {"trial_issue": "被辞退", "seniority": "一个月以上不满半年", "monthly_wage": "6000元"}, {"nc_pay"}, ["notice_proof"]),
    ("我在美容院上班,昨天客户投诉我,店长罚我500,上个月还因为迟到扣了我300,押金1000也不退,这样合法吗", ["wages"], {"pay_issue": "扣钱罚款"}, set(), []),
    ("没签合同怎么赔", ["no_contract"], {"side": "员工"}, set(), ["seniority", "job_proof"]),
]  # fmt: skip

OPEN = [
    ("我被公司辞退了", "dismissal", {"reason", "seniority"}),
    ("老板不发工资", "wages", {"left", "pay_proof", "site"}),
    ("没签劳动合同能要双倍工资吗", "no_contract", {"seniority", "job_proof"}),
    ("上班受伤了怎么赔", "injury", {"recognised", "insured"}),
    ("公司没给我交社保", "insurance", {"left"}),
    ("加班不给加班费", "overtime", {"ot_kind", "ot_proof"}),
    ("公司让我离职后不能去同行,签了竞业协议", "noncompete", {"nc_pay"}),
    ("试用期有什么规定", "probation", {"trial_issue"}),
    ("有个员工想辞退,怎么弄合法", "employer", {"fire_ground"}),
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
    ("story", "within", "expected", "absent", "questions"), RAMBLING, ids=[row[0][:14] for row in RAMBLING]
)
def test_a_rambling_story_is_not_misread(
    story: str, within: list[str], expected: dict[str, str], absent: set[str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert set(within) <= set(causes)
    assert ("injury" in causes) == ("injury" in within)
    assert {id: known.get(id) for id in expected} == expected
    assert not absent & set(known)
    assert asked == questions


@pytest.mark.parametrize(("message", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert causes[0] == cause
    assert decisive <= set(asked)


def test_a_correction_replaces_the_fact() -> None:
    _, known, _, _ = told("我月薪6000,被公司辞退了,干了两年", "不对,月薪是7500")
    assert known["monthly_wage"] == "7500元"


def test_arbitration_is_no_dismissal() -> None:
    _, known, _, _ = told("公司拖欠我工资,我去申请仲裁了,被仲裁委受理了")
    assert "ended" not in known
    assert "left" not in known


def test_hourly_work_is_told_what_does_not_apply() -> None:
    _, known, _, grounds = told("我是小时工,一小时20块,没签合同被店里辞退了,干了半年")
    assert known["hourly"] == "小时工或兼职"
    assert "劳动合同法#71" in grounds


def test_a_quick_reply_does_not_speak_of_another_matter() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value


# Stories in which a lawyer would miss nothing: (cause, story).
WHOLE = [
    ("wages", "我去年9月1日进了一家装饰公司当设计师,签了三年劳动合同,月薪税前9500,每月15号打卡发。从今年6月起公司就不发钱了,到9月一共四个月,38000块。老板总说甲方没回款,再等等。10月8日我写了辞职信,写明因为拖欠工资,现在人已经走了。我手里有合同、银行流水、钉钉打卡和老板在微信里答应补发的聊天记录。我给12333打过投诉电话,劳动监察让我去仲裁。社保倒是一直交着。公司还在正常营业,我想知道该怎么要。"),
    ("dismissal", "我2020年4月入职苏州一家物流公司做调度,签过两次合同,最近一次到2027年4月。每月工资平均7800,社保都交。上个月25号人事给我一份书面解除通知,说我绩效考核垫底不胜任,让我当天办交接。之前从没给我培训也没调过岗。我没在任何离职协议上签字,公司说只肯给我两个月工资当补偿。我没怀孕没工伤也不在病假期。通知书和考核邮件、工资流水我都留着。我不想回去了,还没去仲裁,只想要赔偿,该要多少?"),
    ("no_contract", "我今年2月10日到一家健身房做前台,一直干到10月20日自己辞职走的,从头到尾没跟我签过书面劳动合同,店里也没提过要签,我还催过两回,老板说等转正再签。工资每月5200,微信转账发的,备注写着工资。排班表和工作群里的消息、考勤打卡截图我都有。社保没给交,我没签过放弃的声明。我还没去仲裁过,也没投诉。我想要双倍工资,能要几个月的?"),
    ("overtime", "我在一家电商仓库做打包,2023年3月入职,现在还在干。底薪3200,每月到手6000左右,签了劳动合同,合同里没写包薪,也没说综合工时。主管排的班,每天早八点到晚八点,中间吃饭一小时,工作日天天多干三小时,周六固定上一天,国庆和五一也让上班,没给过补休,也没发过加班费。我有打卡机的照片、排班表和主管在群里安排加班的消息,近两年的工资条也留着。我还没投诉过,想知道能要多少加班费。"),
    ("injury", "今年5月12日上午我在家具厂车间操作开料锯,右手食指中指被锯断,当时在正常上班。厂里送我去医院,住院18天,医药费4万2厂里垫的。厂里给我交了工伤保险,6月厂里报了工伤,7月已经认定为工伤,9月劳动能力鉴定出来是八级。我跟厂里签了劳动合同,2021年入职,受伤前平均月工资6500。休养三个月里厂里每月只给我2000。现在厂里想给8万私了,协议我还没签。我应该拿到哪些钱?"),
    ("insurance", "我在一家民办培训学校当老师,2019年8月入职到现在还在职,签了劳动合同,月工资7000,银行卡发。学校从2019年8月起一直没给我交社保,我也没签过什么放弃的声明。我去社保局大厅查过,一条缴费记录都没有。去年住院自己花了两万,因为没医保一分没报。我还没有投诉过,工资流水、工作证都有。我想让学校补缴,不补我就走人要补偿,可以吗?"),
    ("noncompete", "我在软件公司做后端开发,2022年入职,今年8月31日辞职走的,提前一个月发邮件提的,公司批了,也办了交接拿了离职证明。当时合同里有竞业限制条款,约定一年内不能去同类公司,违约金20万,每月补偿按工资的30%给。可离职到现在快三个月公司一分补偿没给。我离职前月薪18000,职位就是普通程序员,不是高管,也没接触核心机密。我还没去新公司上班,也没申请过仲裁,公司没送我去做过什么专项培训。我想问能不能不受这条约束?"),
    ("maternity", "我2023年5月入职一家外贸公司做单证,签了三年合同到2026年5月,后来续到2028年5月。月薪8200。今年7月我怀孕,把医院的化验单发给了主管和人事。9月公司说业务调整,把我从单证调到仓库理货,工资降到4500,我书面回邮件不同意。10月的工资真按4500发的。我还在上班,怀孕五个月,公司没有发辞退通知,我什么都没签。社保和生育保险一直交着。邮件、微信聊天、工资流水都有。我想要回差额。"),
    ("probation", "我今年8月1日入职一家广告公司做策划,合同签的是一年,试用期写了三个月,试用期工资6000,转正7500。入职时没有人跟我说过录用条件,也没有书面的考核标准。10月22日人事发微信说我试用期不合格,当天就让我走,聊天记录截图我有。没有给我任何补偿,我没签离职单。社保交了两个月。我不想回去,想要赔偿。"),
    ("employer", "我开了一家20人的印刷厂,有个机长今年连续旷工6天,电话打了不接,我们厂里的员工手册写明旷工三天以上属于严重违纪可以开除,他入职时签收过,制度是职工大会讨论通过的。他2021年入职,签了劳动合同,社保都交,月工资8000。我已经给他发了返岗通知的快递和短信,他没回。他没有工伤,也不是病假、医疗期。考勤表和监控都有。他还没有去申请仲裁。厂里没有工会,解除通知还没发。我想知道怎么合法辞退他不用付钱。"),
]  # fmt: skip

# Openings that keep facts back: cause, story, what was told already, what must be asked in three turns.
OPENINGS = [
    ("wages", "老板拖着工钱就是不给", {"pay_issue", "side"}, {"pay_proof", "paper", "owed", "monthly_wage"}),
    ("wages", "在后厨帮工,走的时候有两个月的钱没结清,老板娘让我等年底", {"left", "pay_issue", "side"}, {"pay_proof", "paper", "owed", "monthly_wage"}),
    ("dismissal", "今早领导忽然通知我从明天开始不用再去了", {"ended", "side"}, {"seniority", "notice_proof", "monthly_wage"}),
    ("dismissal", "厂子说订单少,要裁掉我们一批人", {"reason", "ended", "side"}, {"left_on", "seniority", "monthly_wage"}),
    ("no_contract", "在一个小公司上了大半年班,合同压根没签过", {"paper", "seniority", "side"}, {"job_proof", "left", "monthly_wage"}),
    ("no_contract", "没签合同能不能要双倍", {"paper", "side"}, {"job_proof", "left", "seniority", "monthly_wage"}),
    ("overtime", "我们单位天天让人拖到晚上九点才放,加班费一毛没有", {"ot_kind", "side"}, {"ot_proof", "left", "monthly_wage"}),
    ("overtime", "节假日也得去值班,从没多给过钱,想要加班费", {"ot_kind", "side"}, {"ot_proof", "left", "ot_hours", "monthly_wage"}),
    ("injury", "我爸干活时从架子上摔下来了,腰摔坏了", {"harm", "hurt_how", "side"}, {"job_proof", "recognised", "insured", "happened_on"}),
    ("injury", "下班骑车回家被一辆轿车撞了,这算工伤吗", {"hurt_how", "side"}, {"happened_on", "insured", "fault"}),
    ("insurance", "公司压根不给我上社保", {"gap", "side"}, {"left", "gap_since"}),
    ("insurance", "社保是按最低的档给我交的,我工资可比那高多了", {"gap", "side"}, {"gap_since", "seniority"}),
    ("training", "我想辞职,公司说要赔他们培训费", {"quit_kind", "side"}, {"clause", "penalty", "trained", "notified"}),
    ("noncompete", "离职以后老东家不让我去同行上班", {"quit_kind", "side"}, {"clause", "post", "nc_pay", "rival"}),
    ("maternity", "我怀孕了,公司就变着法让我走", {"woman_issue", "side"}, {"seniority", "notice_proof", "monthly_wage", "signed"}),
    ("maternity", "产假休完,单位只发了我基本的一点钱", {"told_boss", "side"}, {"birth_insured", "seniority", "monthly_wage"}),
    ("probation", "试用期还没完就把我辞了", {"trial_issue", "side"}, {"trial_len", "criteria", "notice_proof", "monthly_wage", "signed"}),
    ("probation", "公司说我试用期要再延长两个月", {"trial_issue", "side"}, {"monthly_wage", "contract_term"}),
    ("employer", "店里有个员工总是迟到顶撞顾客,我想把他开了", {"boss_issue", "fire_ground", "side"}, {"warned", "rules", "paper", "shield"}),
    ("employer", "我公司被一个离职的销售申请仲裁了", {"boss_issue", "side"}, {"claim", "hearing", "paper"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[1][:14] for row in WHOLE])
def test_whoever_told_everything_is_asked_nothing(cause: str, story: str) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    assert rounds(DOMAIN, story, TODAY) == []


@pytest.mark.parametrize(("cause", "story", "said", "decisive"), OPENINGS, ids=[row[1][:14] for row in OPENINGS])
def test_the_decisive_facts_are_asked_and_what_was_told_is_not(
    cause: str, story: str, said: set[str], decisive: set[str]
) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert not asked & said
    assert decisive <= asked


# The troubles people bring, one lay opening each: the cause that must be recognised first.
TROUBLES = [
    ("site_pay", "跟着工头在工地绑钢筋,干完三个月了工钱还没给齐,工头说甲方没打款"),
    ("site_pay", "我爸在一个安置房项目上贴瓷砖,年底结账差四万多,老板一直躲着不见"),
    ("site_pay", "我们十几个人给人家盖厂房,包活的人把钱卷走了,总公司说跟他们没关系"),
    ("wages", "公司已经两个月没发工资了,老板说等融资到账,同事都在观望"),
    ("wages", "离职的时候说好下个月15号把最后一个月工资打给我,现在拉黑我了"),
    ("wages", "迟到三次就扣我八百块,还说我弄丢了客户要罚钱,一个月到手没剩多少"),
    ("damages", "店里搞活动亏了,老板让我们每人摊两千,从工资里扣"),
    ("bonus", "我是做医疗器械销售的,去年的提成七万多,公司说客户没回款不给提成"),
    ("bonus", "我十二月底离职,公司说年终奖只发给在册的人,我干满了一整年凭什么没有"),
    ("transfer", "公司突然通知把我从技术岗调到仓库,工资少了三千,我不同意就说我旷工"),
    ("transfer", "厂子要搬到隔壁市去,单程两个小时,不去就算自动离职"),
    ("transfer", "单位没跟我商量就把我派到外省分公司,我孩子才上小学,能不去吗"),
    ("transfer", "产线停了,公司让我们在家待岗,每个月只发一千多生活费,都四个月了"),
    ("dismissal", "昨天HR找我谈话,说岗位优化了,今天就让我交电脑走人,赔偿只给N"),
    ("sick", "公司以我连续旷工三天为由把我开除了,可我当时请了病假的"),
    ("dismissal", "老板在群里骂我然后把我踢出群,让我别去了,什么手续都没有"),
    ("dismissal", "主管天天给我穿小鞋,说你自己写个离职报告吧,不然给你背调搞臭"),
    ("dismissal", "公司说我考核倒数,直接解除劳动合同,我在这干了六年"),
    ("dismissal", "公司不干了要注销,三十多号员工一人就给一个月工资打发"),
    ("expiry", "月底合同到期,人事说不续了,我在这家公司签了三次合同"),
    ("expiry", "我在国企干了十一年,每次都是一年一签,这次想签无固定期限单位不肯"),
    ("no_contract", "在一家餐馆做后厨一年了,从来没签过劳动合同,能要双倍工资吗"),
    ("no_contract", "公司让我签了一份空白合同,也没给我一份,我想知道怎么办"),
    ("relation", "我在直播公司做主播,签的是合作协议,现在公司欠我钱还说我不是员工"),
    ("relation", "我跑美团的,站长天天点名打卡,出了事站点说我是个体户跟他们没关系"),
    ("relation", "我63岁了在物业做保洁,没签合同,摔了一跤物业说超龄不算劳动关系"),
    ("relation", "还没毕业在公司实习,干了半年,公司一分钱没发,说实习生不算员工"),
    ("dispatch", "我是劳务派遣到电子厂的,厂里把我退回派遣公司,派遣公司说没活就不给钱"),
    ("dispatch", "干了八年一直是外包公司给我交社保,人却在银行上班,现在银行说不要我了"),
    ("overtime", "我在电商公司做客服,早九晚九一周六天,合同里写包含加班费,能要吗"),
    ("overtime", "仓库保管员,24小时住在厂里值班,算不算加班"),
    ("annual", "我在公司五年没休过年假,离职能折成钱吗"),
    ("annual", "公司说年假不休就过期作废,合法吗"),
    ("injury", "我在车间开冲床,手指头被压断两根,老板只付了医药费,不给报工伤"),
    ("injury", "我妈在厂里食堂干活滑倒把腰摔了,单位说是她自己不小心"),
    ("injury", "老公加班时突然心梗,送到医院三天没救过来,单位说超过48小时不算工伤"),
    ("injury", "公司不认工伤,我自己去申请人社局说超一年了不给受理"),
    ("injury", "我工伤鉴定九级,公司让我拿五万块钱签字了结,合适吗"),
    ("injury", "在矿上打风钻十几年,查出来尘肺,矿已经换老板了"),
    ("injury", "我在电子厂上班,长期接触有害物质,现在得了呼吸系统疾病,怎么办"),
    ("injury", "车间噪音大,干了六年耳鸣听不清,公司说跟上班没关系"),
    ("sick", "我得了乳腺癌在住院,单位发的病假工资还不到一千,还要跟我解除合同"),
    ("sick", "腰椎手术请了三个月病假,公司说我医疗期满了让我走"),
    ("insurance", "干了七年公司只给我按最低基数交养老保险,我快退休了怎么办"),
    ("insurance", "入职时让我写了自愿不交社保,每月补三百,现在想让公司补交"),
    ("insurance", "我失业了想领失业金,社保局说公司断交了八个月领不了"),
    ("forced", "公司拖了三个月工资又不交社保,我想发被迫解除通知要赔偿,怎么写"),
    ("leave", "我提了离职一个月了,领导不批,也不让我交接,我能直接走吗"),
    ("leave", "离职半年了公司还不给我开离职证明,新工作黄了,损失能要公司赔吗"),
    ("leave", "在公司上班不到一年,领导把我毕业证扣着,说走就赔五千"),
    ("training", "单位出钱送我去上海进修半年,签了五年服务期,干了两年想辞职要我赔八万"),
    ("training", "航空公司说我要走得赔培训费两百多万,我是飞行员"),
    ("noncompete", "我离职去了同行,前公司说我违反竞业限制要我赔六十万"),
    ("noncompete", "普通的行政,离职时被逼着签了竞业协议,一分补偿没有"),
    ("damages", "我开公司的货车追尾了,公司要我赔修车钱三万,还从工资里扣"),
    ("damages", "工作失误把客户报价发错了,公司说损失十几万让我全赔"),
    ("maternity", "怀孕七个月,公司把我的活都给别人了,还劝我主动离职"),
    ("maternity", "休完产假回来岗位没了,让我去扫厕所"),
    ("maternity", "公司没给我交生育保险,产假期间一分工资没发"),
    ("probation", "签了两年合同,试用期写六个月,现在第五个月说我不合格让我走"),
    ("probation", "试用期干了十天,老板说不合适,工资不给结"),
    ("award", "劳动仲裁裁决下来了,公司不服去法院起诉,我该怎么应诉"),
    ("award", "仲裁裁决公司赔我六万,过了两个月公司还是不给钱,怎么强制执行"),
    ("award", "劳动仲裁不予受理,说我已经过了一年时效,还有别的办法吗"),
    ("award", "收到仲裁裁决书,只支持了一半,我不服还能去哪"),
    ("employer", "我开汽修店,有个学徒老是玩手机还顶撞顾客,我想让他走要赔钱不"),
    ("employer", "我们公司员工离职带走客户资料去了对手那里,签过竞业协议,怎么追究"),
    ("employer", "厂里一个女工怀孕了,经常请假,我能跟她解除合同吗"),
    ("employer", "我是公司人事,有员工提仲裁要加班费二十万,下周开庭怎么准备"),
    ("employer", "我请的装修工人从架子上掉下来摔断腿,没买保险,他要我赔三十万"),
    ("employer", "员工上个月没打招呼就走了,货款还在他手里,我能不能扣他工资"),
    ("employer", "公司订单少了一半,想裁十几个人,要走什么程序"),
    ("offer", "收到录用通知我都辞了原来的工作,现在公司说岗位取消不要我了"),
    ("offer", "我拿到offer体检查出乙肝,公司就说不录用了"),
    ("dismissal", "部门领导总对我动手动脚发暧昧微信,我跟公司反映,公司反而让我走"),
    ("dismissal", "公司说我下班后兼职要开除我,合同里写了不准兼职"),
    ("injury", "我哥在物流园装卸,叉车倒车把他脚压了,老板垫了五千就不露面了"),
    ("injury", "在食堂切菜把手筋切断了,食堂承包人说没签合同不算工伤"),
    ("injury", "出差路上出车祸受伤住院,单位说是私事"),
    ("injury", "父亲在煤厂上夜班倒在岗位上,救护车到就没气了,厂里说是他自己有病"),
    ("injury", "工伤已经认定了,劳动能力鉴定也出来了,公司一直拖着不赔"),
    ("injury", "送外卖闯红灯被撞骨折,平台只肯走商业保险"),
    ("injury", "上班时被同事打伤,算不算工伤"),
    ("dismissal", "干了九年的老员工,公司说我顶撞领导直接开了,工会都没通知"),
    ("dismissal", "上午开会下午就把我的门禁卡停了,人事说协商解除给我N+1,我该签吗"),
    ("dismissal", "请假回老家奔丧,回来就说我旷工自动离职"),
    ("dismissal", "公司被收购了,新老板要我们重新签合同,工龄清零"),
    ("dismissal", "让我签一份自愿离职协议,不签就不发这个月工资"),
    ("dismissal", "绩效连续两次C就要淘汰,公司末位淘汰合法吗"),
    ("wages", "工厂突然关门老板跑了,三个月工资没着落,厂里机器还在"),
    ("wages", "做家教机构老师,暑假课时费一万二到现在没结,校长说学生退费了"),
    ("wages", "单位每个月压一个月工资,离职了压的那个月不给"),
    ("wages", "工资卡上的钱比合同写的少一千,问就是绩效没达标"),
    ("overtime", "夜班保安一个人守一夜,没有休息日,工资就两千八"),
    ("overtime", "公司说我们是综合工时不用给加班费"),
    ("annual", "在两家公司干过一共十二年,现在公司只给五天年假"),
    ("no_contract", "入职八个月没合同,昨天让我补签还把日期写到入职那天"),
    ("expiry", "合同到期后没再签,又干了一年多,能要双倍吗"),
    ("insurance", "公司把社保挂在别的公司名下给我交,这样合法吗"),
    ("insurance", "单位从我工资里扣了社保钱却没给我交"),
    ("insurance", "想退休才发现中间有六年社保没交,老厂早没了"),
    ("leave", "辞职交上去老板把工资压着说必须干满两个月才让走"),
    ("leave", "入职交了两千块服装押金,现在离职不退"),
    ("leave", "老东家拖着不给办社保转出和档案"),
    ("noncompete", "老板说我跳槽带走客户违反保密协议要告我"),
    ("noncompete", "离职签的竞业每月给三千,现在公司说不用守了也不给钱了"),
    ("training", "医院让规培三年回来干八年,现在考走了要赔二十万"),
    ("damages", "外卖箱里的手机送丢了,站点让我全额赔"),
    ("damages", "盘点少了货,店长让全体店员平摊"),
    ("damages", "收银收到假钱老板要我自己垫"),
    ("maternity", "流产请了十五天假,公司按事假扣钱"),
    ("maternity", "哺乳期公司安排我上夜班,不去就扣全勤"),
    ("maternity", "产假回来合同到期公司不续了"),
    ("maternity", "面试时让我承诺两年内不怀孕"),
    ("probation", "试用期三个月过了又说再延长三个月"),
    ("probation", "在店里试工五天没录用,一分钱不给"),
    ("award", "一审判决公司赔我,公司上诉了怎么办"),
    ("bonus", "我干完一年跳槽,公司说提成要扣三成当离职违约"),
    ("bonus", "卖房子的佣金公司拖着不给我结"),
    ("transfer", "我是会计,领导突然让我去前台接电话,工资照旧"),
    ("transfer", "店长降我成普通店员,底薪少一千五"),
    ("transfer", "公司说疫情后业绩不好全员降薪两成,让签同意书"),
    ("transfer", "我们整个部门被外派去越南,不去就劝退"),
    ("site_pay", "给私人老板刮腻子,活完了说质量不行扣着六千不给"),
    ("site_pay", "挖机司机在高速项目干了半年,租赁公司说甲方没付款"),
    ("site_pay", "包工头打了欠条说年底给,现在三年了还没给"),
    ("relation", "网约车公司让我注册个体户,出了事故不管我"),
    ("relation", "干了三年保姆,家政公司说我们是中介不是员工"),
    ("injury", "退休后返聘回厂,干活时手夹断了,厂里说不是工伤"),
    ("relation", "暑假工干了两个月,厂里说中介拿走了钱"),
    ("dispatch", "劳务公司把我派到银行十年,合同一年一签"),
    ("sick", "抑郁症请病假两个月,领导说再不来就算自动离职"),
    ("sick", "肾病做透析,公司停了我的社保"),
    ("forced", "老板拖欠工资我想辞职,能拿经济补偿吗"),
    ("forced", "加班费一直不给,能不能以这个理由辞职要补偿"),
    ("offer", "体检说我血压高,公司反悔不要我了,我原单位已经辞了"),
    ("employer", "店员收了顾客钱没入账,能直接开除并让他赔吗,我是店主"),
    ("employer", "我开餐馆,服务员端菜摔倒骨折,要我赔十万"),
    ("employer", "员工哺乳期天天早走,我公司能扣她工资吗"),
    ("employer", "公司接到劳动监察的通知,说有工人举报我们拖欠工资"),
    ("employer", "我是小老板,会计不干了把账本和公章拿走不还"),
    ("employer", "员工自己写的不交社保承诺书,现在反过来告我公司要补偿"),
    ("employer", "试用期员工能力不行,我们公司想让他走,要给补偿吗"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_each_trouble_comes_out_at_its_cause(cause: str, opening: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


# One story per trouble that has a cause of its own, and an article that must carry its conclusion.
CONCLUDED = [
    ("site_pay", "我在工地做木工,包工头欠我两万工钱,没签合同,有他打的欠条,总包是一家建筑公司", "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）#15"),
    ("bonus", "我做销售,公司去年的提成不给我发,合同写了比例,我已经离职", "劳动合同法#35"),
    ("transfer", "公司把我从办公室调到仓库,合同写明岗位是会计,我书面不同意", "劳动合同法#35"),
    ("expiry", "我的合同到期公司不续签,签过两次合同,我愿意续签", "劳动合同法#14"),
    ("relation", "我做主播,签的合作协议,公司每天要打卡排班,现在说我不是员工", "劳动合同法#7"),
    ("dispatch", "我是劳务派遣的,和派遣公司签的合同,银行把我退回了,派遣公司说不管", "劳动合同法#65"),
    ("annual", "公司没安排我休年假,我已经离职了,年假能折成钱吗", "企业职工带薪年休假实施办法#12"),
    ("sick", "我请病假还在住院治疗,公司就要解除我的合同", "劳动合同法#48"),
    ("forced", "公司拖欠工资,我还没提辞职,想被迫离职拿补偿", "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）#45"),
    ("training", "医院说我要走得赔培训费,我只是普通的岗前培训,没有进修过", "劳动合同法#25"),
    ("noncompete", "我离职后没收到竞业补偿金,公司让我别去同行", "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）#38"),
    ("damages", "我送货不小心把货弄坏了,公司要我全赔,还从工资里扣", "民法典#1191"),
    ("award", "劳动仲裁裁决下来了,我不服", "劳动争议调解仲裁法#48"),
    ("offer", "公司发了录用通知又说岗位取消不要我了,我已经辞了原来的工作", "民法典#500"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story", "article"), CONCLUDED, ids=[row[0] for row in CONCLUDED])
def test_each_new_cause_concludes(cause: str, story: str, article: str) -> None:
    causes, _, _, grounds = told(story)
    assert causes[0] == cause
    assert article in grounds


@pytest.mark.parametrize(
    ("story", "ended"),
    [
        ("公司找我谈协商解除,说给N,我还没签字", "说是协商,没签协议"),
        ("公司说是协商一致解除的", "说是协商,没签协议"),
        ("我和公司签了协商解除协议,拿了两个月工资", "双方签了协议"),
        ("协商解除的时候协议都签了", "双方签了协议"),
    ],
)
def test_a_talk_about_the_end_is_no_signed_agreement(story: str, ended: str) -> None:
    assert facts.extract([DOMAIN.element("ended")], story, TODAY)["ended"].value == ended


def test_who_wants_to_be_forced_out_is_still_there() -> None:
    read = facts.extract(DOMAIN.elements, "公司拖欠工资两个月,我想被迫离职,干了4年2个月", TODAY)
    assert "left" not in read or read["left"].value == "还在职"


def test_who_was_ill_and_is_called_absent_is_told_what_the_employer_must_prove() -> None:
    causes, _, _, grounds = told("公司说我旷工三天严重违纪把我开除了,其实我请了病假有假条,干了6年,工资7000")
    assert causes[0] == "sick"
    assert {"劳动合同法#39", "劳动合同法#87"} <= grounds


SIGNED_REPLIES = [
    ("ot_proof", "有值班交接本子,我拿手机拍了大半年的", "打卡、消息等"),
    ("ot_order", "合同上头写的是“综合计算工时,月工资含加班费”", "合同写了包薪或综合工时"),
    ("notice_proof", "啥子纸都没给,就口头说的,微信上有一句“明天不用来了”", "通知书、录音等"),
    ("notice_proof", "没给任何纸,就当面说了一句", "当面说的,没留底"),
    ("criteria", "入职时没人跟我说过什么标准,也没打过分", "没有告诉过"),
    ("consent", "还没去,邮件说下周报到,我照常在门店上班;就电话里吵过一次,没有书面回", "没签也没去,还没书面回复"),
    ("monthly_wage", "换岗之后绩效没了,从一万一降到七千多", "11000元"),
    ("paid_by", "每月15号那个公司打到我银行卡,备注写的是“服务费”", "公司按月打款,名目不是工资"),
    ("insured", "手机上查了,厂里就给他交了养老和工伤", "交了"),
    ("recognised", "没有,厂里没报,我们也不懂要自己去报", "还没申请"),
    ("trained", "就是本院护士长每周三下午讲的操作规范,没出去过,也没听说花了钱", "没有"),
    ("clause", "签过一张“培训承诺书”,说培训完要干满三年,不满赔三万", "写了"),
    ("claimed_before", "没有,走了以后一年多没联系,突然就告了", "没有要过"),
    ("hearing", "通知书上写的受理日期是2026年10月28号", "收到了,还没开庭"),
    ("renewal", "厂里没问过我续不续,我倒跟主管讲过我想接着做,他没理", "单位不续,我愿意续"),
    ("done", "没去过,不知道找谁", "还没有"),
]

SIGNED_STORIES = [
    (
        "单位没给我交社保,我想离职,领导让我写个人原因,不写不给办手续",
        {"left": "还在职"},
        {"quit_letter": "写的个人原因"},
    ),
    ("体检查出噪声聋,厂里说合同到期不续了", {"shield": "有", "ended": "合同到期不续签"}, {}),
    (
        "2022年6月入职,签了三年合同,公司发书面解除通知说岗位取消,没有签任何协议,能要多少",
        {"paper": "签了", "signed": "什么都没签"},
        {},
    ),
    ("公司把我调到四十公里外的仓库,不去吧怕说我旷工,去吧咽不下这口气", {}, {"reason": "说我违纪"}),
    (
        "丈夫上夜班时突然倒下没抢救过来,家里还有他七十三岁的妈妈没有退休金一直靠他养",
        {"harm": "死亡", "dependants": "有老人、孩子或没有劳动能力的家人"},
        {"relation_kind": "超过退休年龄"},
    ),
    (
        "2026年10月12日晚上十一点左右,他在车床边上干活时突然倒下,抢救了一夜没救过来,前后十个小时",
        {"happened_on": "2026年10月12日", "rescued": "48小时内去世"},
        {},
    ),
    ("试用期里HR说我不合适让我走人,签了一年合同,试用期写的是六个月", {"trial_issue": "被辞退;试用期太长或被延长"}, {}),
    ("签了三年合同,试用期6个月,老板说我不合适让我明天别来", {"trial_issue": "被辞退"}, {}),
    ("老周给俺写了个欠条,写着欠木工工资两万八", {"owed": "28000元"}, {"monthly_wage": "28000元"}),
    (
        "送快递时下雨路滑骑车摔了小腿骨折,站点说我是自己摔的",
        {"hurt_how": "上班时因工作受伤"},
        {"fault": "主要或全部责任"},
    ),
    (
        "我是工厂老板,有个工人手被机器压断两根手指,我没给他买工伤保险,他要我赔三十万",
        {"side": "用人单位", "boss_issue": "员工受伤"},
        {"claim": "社保"},
    ),
]

SIGNED_ANSWERS = [
    ("no_contract", "签了三年书面合同,公司突然把我辞退了,有工资流水和打卡记录", "", "没有合同也可以认定"),
    (
        "dismissal",
        "公司发来书面解除通知书,说业务调整岗位取消,没有提前三十天通知,也没跟我协商过换岗,我2022年入职",
        "却没有先和您协商换岗",
        "",
    ),
    ("expiry", "体检查出噪声聋,厂里马上说合同到期不续了,一分钱不给", "疑似职业病", ""),
    ("transfer", "单位突然发邮件把我调到外地,工资从八千五变成五千,我现在还在原来的门店上班", "降掉的差额", "停工停产"),
    ("transfer", "公司说要搬到隔壁市去,不去的算自动离职,单程要两个小时", "不跟着去不等于", ""),
    ("relation", "我跑外卖的,两个月的单钱一万四没给,站点说那是前面那家的账", "向签协议、给您打款的那家要", ""),
    ("maternity", "我在美容院上班两年,没签合同,怀孕四个月了,老板娘把我辞退了", "二倍工资差额", ""),
    ("expiry", "月底合同到期,签过三次合同,厂里不跟我续签了,我想接着干", "不会是“一分钱没有”", ""),
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
