"""诉讼程序: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.procedure import DOMAIN

TODAY = date(2026, 11, 20)
CPC = "民事诉讼法"
READING = "最高人民法院关于适用民事诉讼法的解释"
PROOF = "最高人民法院关于民事诉讼证据的若干规定"
HOLD = "最高人民法院关于人民法院办理财产保全案件若干问题的规定"
OBJECT = "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定"
SEIZE = "最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定"
ADDED = "最高人民法院关于民事执行中变更、追加当事人若干问题的规定"


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str], str]:
    """Causes, facts (id to value), questions (element ids), articles and text of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known)]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    said = "\n".join(reasoning.fill(finding.concludes, DOMAIN, known) for _, finding in decision.held)
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds, said


COMPLETE = [
    (
        ("我在北京,欠我货款的老板在广州,合同没写在哪打官司,我知道他公司地址,8万块,去哪个法院起诉",),
        "sue",
        {"dispute": "合同、欠款", "other": "知道身份和住址", "sum": "80000元"},
        f"{READING}#18",
    ),
    (
        ("欠款类诉讼,对方的详细地址不详只知道他出生地的县镇能起诉吗",),
        "sue",
        {"other": "只知道姓名、电话或微信"},
        f"{READING}#209",
    ),
    (("老公在坐牢,我要离婚去哪起诉",), "sue", {"other": "在坐牢或被关押"}, f"{CPC}#23"),
    (("我想起诉邻居装修把我家漏水泡了,知道他身份,去哪告",), "sue", {"dispute": "伤人、侵权"}, f"{CPC}#29"),
    (("老板欠我三个月工资,要去法院起诉吗",), "sue", {"dispute": "劳动工资、工伤"}, "劳动争议调解仲裁法#27"),
    (
        ("被银行起诉了,信用卡欠了6万,确实欠钱但是现在还不起,还没开庭,不去开庭会怎么样",),
        "summoned",
        {"response": "认可,但付不出", "sum": "60000元", "stage": "还没开庭"},
        f"{CPC}#147",
    ),
    (
        ("他起诉我说我欠他佣金,我根本不欠他钱,下个月3号开庭,传票11月10号收到的",),
        "summoned",
        {"response": "不认可", "received": "2026年11月10日", "court_day": "2026年12月3日"},
        f"{CPC}#128",
    ),
    (
        ("打电话偷偷录了他承认欠钱的音,能当证据吗",),
        "evidence",
        {"taped": "自己和对方谈话时录的"},
        f"{READING}#106",
    ),
    (("证人是我亲戚,不想出庭,写个证明行不行",), "evidence", {"proof_kind": "证人"}, f"{PROOF}#68"),
    (("银行流水我自己调不出来,开庭前怎么申请法院调取",), "evidence", {}, f"{READING}#94"),
    (("开庭前才找到新证据,举证期限已经过了还能交吗",), "evidence", {}, f"{READING}#102"),
    (("离婚案我撤诉了,多久能再起诉离婚",), "trial", {"dispute": "离婚、抚养"}, f"{READING}#214"),
    (("法院立案三个月了还没开庭,正常吗",), "trial", {"waited": "3个月", "matter": "太久没判"}, f"{CPC}#152"),
    (("我起诉他了他一直躲着不接传票怎么办",), "trial", {"matter": "公告送达", "who": "原告"}, f"{CPC}#95"),
    (("车祸住院没钱治病,官司还没判,能让对方先赔点吗",), "trial", {}, f"{CPC}#109"),
    (
        ("我怕他把房子卖了,还没起诉,能不能先冻结他的房子,欠我30万",),
        "preserve",
        {"side": "申请的一方", "when": "还没起诉", "clue": "知道"},
        f"{CPC}#104",
    ),
    (("原告把我银行卡冻结了,案子还没开庭,我怎么解冻",), "preserve", {"side": "被要求的一方"}, f"{HOLD}#25"),
    (
        ("在派出所签了调解协议,赔我8000,他又反悔不给了",),
        "settle",
        {"deal": "人民调解等调解组织", "kept": "没有履行"},
        "人民调解法#32",
    ),
    (
        ("支付令怎么申请,他打了欠条欠我2万,人找得到",),
        "writ",
        {"side": "申请的一方", "writ_fit": "清楚且找得到人"},
        f"{CPC}#225",
    ),
    (("收到支付令了,我不欠他钱怎么办",), "writ", {"side": "被要求的一方", "dispute_writ": "不认"}, f"{CPC}#228"),
    (
        ("一审判决11月12号收到的,我不服想上诉,判得太少了",),
        "appeal",
        {"ruling": "一审判决", "received": "2026年11月12日"},
        f"{CPC}#171",
    ),
    (("一审判决书10月20号收到的,现在还能上诉吗",), "appeal", {"received": "2026年10月20日"}, f"{CPC}#86"),
    (
        ("二审维持原判了,我现在找到了新证据,去年6月判的",),
        "appeal",
        {"ruling": "二审或已生效的判决", "fault": "有新证据,或对方证据是假的"},
        f"{CPC}#216",
    ),
    (("小额诉讼判我输了能上诉吗",), "appeal", {"ruling": "小额诉讼判决"}, f"{READING}#424"),
    (
        ("去年5月判他还我8万,已经申请执行了,法院说他名下没有财产",),
        "enforce",
        {"progress": "已经申请,正在执行", "means": "查不到财产", "sum": "80000元"},
        f"{READING}#517",
    ),
    (
        ("被执行人把房子转给他儿子了,我申请执行一年了",),
        "enforce",
        {"means": "转移、隐瞒了财产"},
        "民法典#538",
    ),
    (
        ("老赖名下没财产但是开宝马住别墅,申请执行半年了没结果",),
        "enforce",
        {"means": "有财产不还"},
        "刑法#313",
    ),
    (
        ("我的工资卡被法院冻结了,一家人靠这个生活怎么办",),
        "debtor",
        {"hit": "冻结、划扣工资或银行卡"},
        f"{CPC}#254",
    ),
    (("法院要拍卖我唯一的住房怎么办",), "debtor", {"hit": "查封、拍卖房子"}, f"{OBJECT}#20"),
    (
        ("我成了失信被执行人,钱已经还清了怎么移出黑名单",),
        "debtor",
        {"able": "已经还清或和解履行完"},
        "最高人民法院关于公布失信被执行人名单信息的若干规定#7",
    ),
    (
        ("我买的二手房没过户,原房主欠债房子被法院查封了,我全款付清也入住了三年,查封前签的合同",),
        "outsider",
        {"claim": "买了房没过户", "before": "都有"},
        f"{OBJECT}#28",
    ),
    (("老公欠债,法院要拍卖我们的房子,房子有我一半",), "outsider", {}, f"{SEIZE}#12"),
    (("租的店铺被法院查封拍卖,我合同是查封前签的",), "outsider", {"claim": "租客"}, f"{OBJECT}#31"),
    (("抚养费十年没给还能要吗",), "limitation", {"right": "抚养费、赡养费"}, "民法典#196"),
    (
        ("2020年打工受伤一直没赔,现在还能告吗,每年都去催",),
        "limitation",
        {"claimed": "有过", "debt_side": "权利人"},
        "民法典#195",
    ),
    (
        ("欠条到期已经四年,他没还,我没催过,约定2022年10月还",),
        "limitation",
        {"claimed": "没有", "since": "2022年10月"},
        "民法典#192",
    ),
    (
        ("请不起律师,想要工资,我是农民工,能申请法律援助吗",),
        "help",
        {"need": "申请法律援助", "case_kind": "追讨工资、工伤"},
        "法律援助法#42",
    ),
    (("诉讼费交不起怎么办,我有低保",), "help", {"hardship": "经济困难"}, "诉讼费用交纳办法#45"),
]


@pytest.mark.parametrize(("messages", "cause", "expected", "article"), COMPLETE)
def test_complete_story_asks_nothing(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds, _ = told(*messages)
    assert causes[0] == cause
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


BARE = [
    ("怎么起诉", "sue", ["dispute", "other"]),
    ("法院不给立案怎么办", "sue", ["dispute", "other"]),
    ("我收到法院传票了怎么办", "summoned", ["response"]),
    ("俺叫人给告了咋整", "summoned", ["stage", "response"]),
    ("录音没经过对方同意能用吗", "evidence", ["taped"]),
    ("我想撤诉,撤了以后还能再告吗", "trial", ["dispute"]),
    ("对方要转移财产", "preserve", ["when", "clue"]),
    ("想上诉", "appeal", ["received"]),
    ("判决下来半年了他一直不还钱怎么办", "enforce", ["progress", "means", "due_day"]),
    ("法院执行局打电话说不还款就拉黑名单拘留,但我没有任何财产", "debtor", ["able"]),
    ("打赢官司律师费能让对方出吗", "help", ["agreed_fee"]),
    ("欠条五年了没要过,过时效了吗", "limitation", ["since"]),
]


@pytest.mark.parametrize(("story", "cause", "questions"), BARE)
def test_one_liner_leads_to_its_decisive_questions(story: str, cause: str, questions: list[str]) -> None:
    causes, _, asked, _, _ = told(story)
    assert causes[0] == cause
    assert asked == questions


def test_correction_wins() -> None:
    _, known, asked, grounds, _ = told("判决书是10月28日收到的", "不对,是11月9日收到的,我要上诉")
    assert known["received"] == "2026年11月9日"
    assert asked == []
    assert f"{CPC}#85" in grounds and f"{CPC}#86" not in grounds


def test_negation_is_understood() -> None:
    _, known, _, _, said = told("公司欠我货款12万,已经起诉了,听说老板在卖厂里设备", "不对,还没起诉,想先冻结")
    assert known["when"] == "还没起诉"
    assert "三十天内必须起诉" in said


def test_venue_objection_depends_on_the_day_of_service() -> None:
    story = "前妻起诉我要抚养费,法院在外地太远了能移交到我们这边审理吗,传票是{}收到的"
    causes, _, asked, _, said = told(story.format("昨天"))
    assert "venue" in causes and asked == ["response"]
    assert "书面提管辖异议" in said
    assert "答辩期多半已过" in told(story.format("10月8号"))[4]


def test_both_ends_of_enforcement_are_told_apart() -> None:
    assert told("他被法院列为失信了,判决的钱还是不给我,怎么申请拘留他")[0][0] == "enforce"
    assert told("我被法院列为失信了,没钱还怎么办")[0][0] == "debtor"


def test_fee_follows_the_sum() -> None:
    said = told("借给朋友5万不还,有他身份证和地址,去法院起诉要什么材料,诉讼费多少")[4]
    assert "1050元" in said and "2.5%" in said


def test_dissolved_company() -> None:
    _, known, _, grounds, _ = told("赢了官司公司不给钱,公司已经注销了")
    assert known["owes"] == "公司已经注销"
    assert f"{ADDED}#21" in grounds


def test_judgment_without_summons() -> None:
    _, known, asked, grounds, _ = told("没收到传票法院就缺席判决我了,刚知道,已经生效了")
    assert known["fault"] == "没通知我就判了"
    assert asked == []
    assert f"{CPC}#211" in grounds


def test_arbitration_clause_and_suit() -> None:
    causes, known, _, grounds, _ = told("仲裁条款写的是上海仲裁委,对方却在法院起诉我")
    assert causes[0] == "arbitration"
    assert known["award"] == "对方到法院起诉了我"
    assert f"{READING}#216" in grounds


def test_superseded_arbitration_law_is_not_cited() -> None:
    cited = {a for cause in DOMAIN.causes for a in cause.governing}
    cited |= {a for cause in DOMAIN.causes for finding in cause.findings for g in finding.grounds for a in g.articles}
    assert not {article for article in cited if article.startswith("仲裁法#")}
