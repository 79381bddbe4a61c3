"""劳动: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.labour import DOMAIN

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
    (("在工地上干了半年的木工,包工头跑了,欠我们工钱一共3万6,打电话不接,去年12月就完工了,有他写的欠条",), "wages", {"owed": "36000元", "site": "工地(包工头或分包)", "pay_proof": "有欠条或结算单", "left": "已离职", "hiding": "跑路失联或转移财产"}, "保障农民工工资支付条例#30"),
    (("公司天天加班到九点,周末也要上班,从来没给过加班费,我有钉钉打卡记录,现在还在职",), "overtime", {"ot_kind": "几种都有", "ot_proof": "打卡、消息等", "left": "还在职"}, "劳动法#44"),
    (("上班的时候手指被机器压断了,厂里没给我交社保,也不给申报工伤,今年8月15号出的事,我现在还在这个厂里上班",), "injury", {"happened_on": "2026年8月15日", "insured": "没交", "recognised": "还没申请", "hurt_how": "上班时因工作受伤"}, "工伤保险条例#62"),
    (("合同到期公司不续签,我在这干了6年,签过两次合同,有补偿吗",), "dismissal", {"ended": "合同到期不续签", "seniority": "一年以上", "worked": "6年", "twice": "是"}, "劳动合同法#14"),
    (("入职时签了自愿放弃社保的声明,公司每月给500块社保补贴,现在想要公司补缴可以吗,我还在这上班",), "insurance", {"gap": "让我签放弃或折现", "left": "还在职"}, "劳动合同法#38"),
    (("离职后公司说我违反竞业协议要我赔30万,但他们一直没给过我补偿金,我只是个普通文员",), "leave", {"quit_kind": "竞业限制", "nc_pay": "没有付"}, "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）#38"),
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
    (("公司逼我自己写辞职信,我已经在这干了四年多,不想签",), "dismissal", {"ended": "逼我自己写辞职", "seniority": "一年以上"}, "劳动合同法#46"),
]  # fmt: skip

RAMBLING = [
    ("我在一家饭店当服务员,干了快8个月了,一个月4500,老板从6月份开始就说店里生意不行,钱周转不开,到现在还压着我两个半月的工资,一共11000多,昨天我去找他要他说再缓缓,我不想干了,怎么要回来啊", ["wages"], {"monthly_wage": "4500元", "owed": "11000元", "owed_months": "2.5个月"}, {"harm", "hurt_how", "rest"}, ["pay_proof", "left"]),
    ("我是跑外卖的,上个月15号送餐的时候下雨路滑摔了,腿骨折住院花了2万3,站点说我是众包的没有劳动关系,一分钱不赔,我干了一年多了,每天都要打卡开早会的", ["injury"], {"platform": "平台骑手、司机", "hurt_how": "上班时因工作受伤", "med_cost": "23000元"}, set(), ["recognised", "insured", "grade"]),
    ("我老公在家具厂干活,8月3号被锯子锯断了两根手指,厂里垫了医药费3万,现在鉴定下来是九级,厂里说给8万私了,之前有交社保,他一个月工资大概7000,干了四年,私了划算吗", ["injury"], {"insured": "交了", "grade": "七级至十级", "offer": "80000元"}, {"settled"}, []),
    ("我开了个理发店,有个学徒干了5个月就走了,当时没签合同,走之前说工资少发了,现在去劳动仲裁要我赔双倍工资2万多,还要经济补偿,我该怎么办,第二天就要开庭了", ["employer"], {"side": "用人单位", "boss_issue": "被仲裁或投诉", "claim": "没签合同的二倍工资"}, {"monthly_wage"}, []),
    ("在深圳电子厂上班三年了,每天12个小时,两班倒,一个月休两天,底薪2360,综合工资6000左右,加班费算的不对,工资条都有,想离职的时候一起要,可以要几年的", ["overtime"], {"side": "员工", "left": "还在职", "ot_kind": "几种都有"}, {"rest"}, ["ot_proof"]),
    ("我在一家培训机构做销售,离职的时候签了竞业协议2年,每个月给我补偿3000,我没去同行但是自己开了个小工作室,现在公司让我赔50万违约金,这个合理吗", ["leave"], {"quit_kind": "竞业限制", "nc_pay": "按月在付", "limit_term": "2年"}, set(), []),
    ("怀孕4个月了,hr突然找我说公司业务调整要把我从会计调到前台,工资从8500降到5000,不同意就让我自己走,合同明年3月到期,今年一月才入的职", ["maternity"], {"woman_issue": "降薪或调岗", "ended": "逼我自己写辞职", "hired_on": "2026年1月", "monthly_wage": "8500元"}, {"left_on"}, ["seniority"]),
    ("我们公司有个销售,连续三个月没完成业绩,态度还差,我想把他辞掉又不想赔太多,他来了两年半,工资底薪5000加提成平均8000,该怎么操作", ["employer"], {"boss_issue": "想辞退员工", "fire_ground": "不胜任工作", "monthly_wage": "8000元"}, {"twice"}, []),
    ("我爸在工地干活突然晕倒,送医院抢救了30个小时没救回来,包工头说给20万了事,才去了半个月", ["injury"], {"harm": "死亡", "hurt_how": "上班时突发疾病", "offer": "200000元"}, {"settled"}, ["recognised", "insured", "happened_on"]),
    ("公司连续三个月没发工资,我想离职拿补偿,干了5年,月薪1万左右,是不是要写被迫离职通知书?公司社保也断缴了两个月了", ["wages", "leave"], {"quit_kind": "单位有错,被迫离职", "left": "还在职"}, {"twice"}, ["pay_proof"]),
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
    ("公司让我离职后不能去同行,签了竞业协议", "leave", {"nc_pay"}),
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
