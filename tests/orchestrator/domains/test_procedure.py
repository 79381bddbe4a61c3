"""诉讼程序: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.procedure import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
CPC = "民事诉讼法"
READING = "最高人民法院关于适用民事诉讼法的解释"
PROOF = "最高人民法院关于民事诉讼证据的若干规定"
HOLD = "最高人民法院关于人民法院办理财产保全案件若干问题的规定"
OBJECT = "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定"
SEIZE = "最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定"
ADDED = "最高人民法院关于民事执行中变更、追加当事人若干问题的规定"

LUXURY = "最高人民法院关于限制被执行人高消费的若干规定"

# What only openings are asked (below): short as they are, the first stories do not tell it.
DEEPER = {"seat", "proof_new", "hard_paper", "only_home"}


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str], str]:
    """Causes, facts (id to value), questions (element ids), articles and text of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known) if element.id not in DEEPER]
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
    (
        ("原告把我银行卡冻结了,案子还没开庭,卡里是货款,我自己欠的,一分没还,我怎么解冻",),
        "frozen",
        {"freeze_paper": "保全(还没判)"},
        f"{CPC}#111",
    ),
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
        ("我的工资卡被法院冻结了,判决书说我欠的钱一分没还,一家人靠这个生活怎么办",),
        "frozen",
        {"hit": "冻结、划扣工资或银行卡"},
        f"{CPC}#254",
    ),
    (("法院要拍卖我唯一的住房怎么办",), "debtor", {"hit": "查封、拍卖房子"}, f"{OBJECT}#20"),
    (
        ("我成了失信被执行人,钱已经还清了怎么移出黑名单,是我自己欠的",),
        "limited",
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
    ("法院不给立案怎么办", "filing", ["filing_reply", "other"]),
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
    assert told("我被法院列为失信了,没钱还怎么办")[0][0] == "limited"


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


OPENINGS = [
    ("朋友借了我六万块不还,我想去法院告他,怎么起诉?", {"proof", "since"}),
    ("装修公司干一半跑了,钱也不退,要去哪个法院打官司", {"proof", "sum"}),
    ("今天收到法院传票,说我欠人家货款,我根本没要过那批货,怎么应对", {"proof", "seat"}),
    ("前同事把我告了,说我借他钱,下个月开庭,其实早就还了", {"proof", "received", "seat"}),
    ("收到外地法院的起诉状,能不能申请换个法院审,我想提管辖异议", {"dispute", "received"}),
    ("我偷偷录的音能不能当证据?", {"stage", "taped"}),
    ("我起诉后想撤诉,以后还能再告吗", {"dispute"}),
    ("怕他把房子卖了,我还没起诉,想先把他财产冻结", {"bond", "sum"}),
    ("法院调解书都签了,他还是不给钱", {"sum"}),
    ("跟邻居在村委会签了调解协议,现在他反悔了", {"agreed", "sum"}),
    ("一审判我输了,我不服想上诉,官司是跟合伙人打的", {"fault", "hard_paper", "proof_new", "received"}),
    ("二审维持原判,我觉得法院认定错了,想申请再审", {"effective", "proof_new"}),
    ("官司赢了,对方就是不给钱,他家里有房子", {"assets", "only_home", "progress"}),
    ("判决生效一年多了欠款一分没拿到,申请了执行也没动静", {"assets", "means"}),
    ("我欠银行钱被判了,工资卡给冻结了,生活费都没了", {"dependants"}),
    ("我成了失信被执行人,坐不了高铁怎么办", {"able", "sum"}),
    ("我买的二手房还没过户就被法院查封了,是卖家欠债", {"before", "proof", "seized_on"}),
    ("别人五年前欠我的钱现在还能告吗", {"claimed", "proof", "sum"}),
    ("合同里写了仲裁,我能不能直接去法院起诉", {"other", "sum"}),
    ("请不起律师,想申请法律援助", {"case_kind", "hard_paper"}),
    ("打赢官司能不能让对方出我的律师费", {"agreed_fee"}),
]
WHOLE = [
    "2024年3月我借给同村的李某6万元,有借条和银行转账记录,约定2025年3月1日还,借条里没写去哪个法院。到期后我微信催过好几次,今年8月他还答应年底还。他身份证号、住址我都知道,人就在县城上班。现在我想起诉他,去哪个法院,要准备什么材料?",
    "11月16日我收到我们区法院寄来的传票和起诉状,一家建材店告我欠货款4万2,开庭定在12月20日上午,还没开庭。我跟这家店没签过合同,从没收过货,是我表弟拿我名字订的,微信聊天记录里表弟自己承认了。我就住在本地,法院就是我们区的,开庭我能去。我不认这笔账,答辩状还没交,怎么答辩?",
    "一审区法院判我赔邻居10万,11月8日收到的判决书。我不服要上诉,法官没看我交的监控录像,事实认定错了。现在我又找到一个当时在场的新证人,一审时他在外地没联系上。我是残疾三级,没有固定收入,上诉费交不起,能免吗?上诉状怎么写,最晚哪天交?",
    "法院判包工头还我工程款23万和利息,判决书2025年12月10日生效,他一分没给。今年3月我已经申请强制执行,法院立案了,查到他名下有一辆车和一套房,房子是他和老婆共有的,不是唯一住房,他们还有一套商铺。他没有转移财产,就是不还。我不想追加他老婆,下一步怎么办?",
    "我和债务人陈某都在本县。今年2月1日他写了欠条,欠我货款8万5,4月30日前付清。到期一直拖,但微信里他都承认欠款,从来没有异议,我们之间没有别的账。他有固定住所,找得到人。我想申请支付令,去哪个法院,多少费用?",
    "今年9月1日我们在法院达成调解,拿到了调解书,对方10月15日前给我5万元,我当时是自愿签的,签收了。到今天他一分钱没给,电话也不接。他没结婚,名下有辆车,在镇上开着一家店,没转移财产。我还没申请执行,怎么办?",
    "我想起诉老赵要28万货款,还没立案。有送货单和对账单,没签合同,约定7月1日付清,我催过好几次。上周听说他正挂牌卖他名下唯一的门面房,房子登记在他一个人名下、没抵押,车牌和开户银行我都知道。我怕他转移,想先申请财产保全,我可以买保险公司的责任险做担保,怎么弄?",
    "2025年5月我全款买了陈某的二手房,签了书面合同,5月20日付清86万,6月就搬进去住了,因为他的解押手续没办好一直没过户。2026年10月9日法院因为陈某欠别人的钱查封了这套房,我上周看到封条。合同、付款流水、物业费收据都有,案子已经判了在执行。我能不能让法院解封?",
    "我因为给朋友担保被判还20万,执行法官冻结了我的工资卡,每月5200元全扣了,家里还有两个孩子。我已经如实申报过财产,只有一套自住的房子,是全家唯一住房,还有贷款。我没能力一次还清,想分期。冻结没有超过判决的数额,就是没给我留生活费,怎么办?",
    "2021年3月我借给前同事5万,有借条,约定2022年3月1日还。到期后我每年过年都微信问他要,2025年2月他还回我说手头紧、下半年一定还,聊天记录都留着。现在还能起诉吗,过没过诉讼时效?",
    "我爸在工地干活摔伤,老板不赔,要打官司讨工伤赔偿,家里请不起律师,没签劳动合同,工友能作证,去年10月摔的,想申请法律援助。我爸有残疾证,是低保户,没有别的收入。要赔的大概15万。去哪申请,要带什么?",
]
REPLIES = [
    ("progress", "还没去申请,以为判了就会给", "还没申请"),
    ("progress", "年初就申请执行了", "已经申请,正在执行"),
    ("progress", "前面说过了,要上诉,还没到执行", "还没申请"),
    ("clue", "他有辆车,车牌我记着", "知道"),
    ("clue", "一点线索都没有", "不知道"),
    ("only_home", "房子是他跟他老婆两个人的", "和配偶等人共有"),
    ("only_home", "登记的是他跟他媳妇两个人的,另外他爸妈还有一套", "和配偶等人共有"),
    ("hard_paper", "我二级残疾,家里也没固定收入", "有低保、残疾等证明"),
    ("only_home", "他就那一套房", "只有这一套"),
    ("only_home", "还有一套在他们县城", "不止一套、没有共有"),
    ("proof", "微信上说得清清楚楚的", "有证据"),
    ("proof", "给的现金,啥凭据都没有", "没有什么证据"),
    ("seat", "法院就在我租房的那个区", "我住的地方或履行地、事发地"),
    ("seat", "是对方老家那边的法院", "和我、和这件事没有关系的外地"),
    ("proof_new", "有一份银行流水当时没打出来", "有新证据"),
    ("proof_new", "该交的一审都交了", "没有新证据"),
    ("hard_paper", "我有四级残疾证", "有低保、残疾等证明"),
    ("hard_paper", "没办过什么证明,就打零工", "困难但没有证明"),
    ("bond", "我可以拿自己的房子担保", "能提供"),
    ("bond", "没钱担保", "提供不了"),
    ("declared", "报过了,填了表", "如实申报过"),
    ("declared", "一直没理法院", "还没申报"),
    ("other", "只知道个微信号", "只知道姓名、电话或微信"),
    ("other", "他家住哪我都清楚", "知道身份和住址"),
    ("response", "那钱我早还清了", "不认可"),
    ("response", "钱是欠的,就是一时拿不出", "认可,但付不出"),
    ("kept", "一分钱都没给", "没有履行"),
    ("deal", "在村委会谈的", "人民调解等调解组织"),
    ("fault", "法官没看我交的证据", "事实或法律认定错了"),
    ("ruling", "区法院判的,一审", "一审判决"),
    ("claimed", "每年过年都找他要", "有过"),
    ("claimed", "一直不好意思开口要", "没有"),
    ("means", "听说把房子过到他儿子名下了", "转移、隐瞒了财产"),
    ("able", "一次拿不出这么多", "没有能力一次还清"),
    ("before", "合同签了,钱也付清了,人也住进去了", "都有"),
    ("when", "还没起诉呢", "还没起诉"),
    ("stage", "下个月十号开庭", "还没开庭"),
    ("need", "就是请不起律师", "申请法律援助"),
    ("agreed_fee", "借条上写了律师费由他出", "写了由对方承担"),
]


@pytest.mark.parametrize(("story", "decisive"), OPENINGS)
def test_what_an_opening_holds_back_is_asked(story: str, decisive: set[str]) -> None:
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert decisive <= asked
    assert not asked & set(facts.extract(DOMAIN.elements, story, TODAY)), "asked what was told"


@pytest.mark.parametrize("story", WHOLE)
def test_a_whole_story_is_asked_nothing(story: str) -> None:
    assert reasoning.recognise(DOMAIN, story)
    assert rounds(DOMAIN, story, TODAY) == []


@pytest.mark.parametrize(("element", "said", "value"), REPLIES)
def test_a_natural_reply_is_read(element: str, said: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), said, TODAY)
    assert fact is not None and fact.value == value


# The troubles people bring, one lay opening each: the cause that must be recognised first.
TROUBLES = [
    ("sue", "欠条在手,对方一直赖账,我想去法院告他,需要准备什么材料"),
    ("sue", "被告在外地打工,我该去他老家还是他现在住的地方起诉"),
    ("sue", "只有对方的微信号和手机号,能不能立案"),
    ("filing", "立案大厅说我材料不全,来回跑了四趟都不收"),
    ("filing", "网上立案一个月了显示审核不通过,没说原因"),
    ("sue", "想起诉装修公司,官司费要交多少,谁出"),
    ("filing", "法院不给立案也不给书面的裁定,我该怎么办"),
    ("summoned", "今天收到法院短信说我被起诉了,下周三开庭,我该怎么办"),
    ("summoned", "收到传票,说我欠他钱,可我早还清了,要不要写答辩状"),
    ("summoned", "我不去开庭会怎么样,会被抓吗"),
    ("summoned", "开庭那天我在国外回不来,能请人代我去吗"),
    ("appeal", "我根本没收到传票,法院缺席判了我还钱,现在才知道"),
    ("venue", "合同里写了由甲方所在地法院管辖,现在他在他老家告我,我能申请转过来吗"),
    ("evidence", "偷偷录的音法院认不认"),
    ("evidence", "对方提交的借条签名不是我签的,想做笔迹鉴定"),
    ("evidence", "证人不愿意出庭作证怎么办"),
    ("evidence", "银行不给我打对方的流水,能让法院去调吗"),
    ("evidence", "聊天记录换手机删了,还能当证据吗"),
    ("evidence", "对方的鉴定报告我觉得不公平,能重新鉴定吗"),
    ("trial", "案子立案快一年了还没判,催法官也没用"),
    ("trial", "起诉后对方还钱了,我想撤诉,诉讼费退吗"),
    ("trial", "法官是对方的亲戚,能不能换人"),
    ("trial", "被告找不到,法院说要公告送达,得多久"),
    ("trial", "父亲受伤住院等钱救命,官司还没判能先让对方付一部分吗"),
    ("trial", "官司打到一半被告死了,还能接着告他儿子吗"),
    ("trial", "离婚官司法官说要等六个月才能再起诉"),
    ("preserve", "听说他要把房子过户给他弟,我还没起诉,能先查封吗"),
    ("frozen", "法院把我公司账户冻结了,可我根本不欠那么多,怎么解封"),
    ("preserve", "申请保全要交多少担保"),
    ("settle", "法院调解书签了,他第一期就没给"),
    ("settle", "村委会调解签的协议,对方不认账了,能直接申请强制执行吗"),
    ("settle", "和对方私下签了和解协议,他又反悔"),
    ("settle", "调解时被法官催着签了字,现在后悔了"),
    ("writ", "朋友打了欠条不还,听说可以申请支付令"),
    ("writ", "收到法院寄来的支付令,让我十五天内还钱,我不认"),
    ("appeal", "一审判我输了,我不服,上诉要怎么弄,多少天内"),
    ("appeal", "二审也输了,还能去哪里申诉"),
    ("appeal", "对方上诉了,我要不要请律师去"),
    ("appeal", "判决早生效了,我最近找到了新证据"),
    ("appeal", "法院把我的起诉驳回了,说不属于受理范围"),
    ("enforce", "判决下来半年了,对方一分钱不给,怎么申请强制执行"),
    ("enforce", "执行法官说查不到财产要终本,可他天天开宝马"),
    ("enforce", "老赖把房子转到他老婆名下了,能执行吗"),
    ("enforce", "对方公司只剩空壳,能追加股东吗"),
    ("enforce", "判决都三年多了我才想起来申请执行,还行吗"),
    ("enforce", "法院扣到的钱迟迟不发给我"),
    ("enforce", "对方每个月工资八千,法院为什么只扣两千"),
    ("enforce", "离婚判了孩子归我探视,前妻不让看,法院能强制吗"),
    ("limited", "我成了失信被执行人,孩子上学受影响吗"),
    ("frozen", "法院把我的工资卡全冻了,一家人没法活"),
    ("debtor", "我没钱还,法院说要拘留我,怎么办"),
    ("limited", "钱都还清了,失信名单还没撤"),
    ("limited", "我当过公司法人早就卸任了,现在被限高坐不了飞机"),
    ("debtor", "唯一住房要被法院拍卖,我们住哪"),
    ("frozen", "卡里的低保钱被法院划走了"),
    ("frozen", "给朋友担保,朋友跑了,银行把我告了还冻结了账户"),
    ("outsider", "我租的房子房东欠债被法院拍卖了,新房东要赶我走"),
    ("outsider", "丈夫赌债被执行,法院要拍我们夫妻共同的房子"),
    ("outsider", "我的车停在他院子里,被法院当成他的扣了"),
    ("outsider", "买的车没过户,车主欠债,车被查封了"),
    ("outsider", "借名买房,房子登记在我姐名下,她欠债被查封"),
    ("limitation", "2016年借出去的钱,没写还款日子,现在还能告吗"),
    ("limitation", "欠条五年了没要过,对方说过期了"),
    ("limitation", "八年前的工程款一直催,对方一直说给,能告吗"),
    ("arbitration", "合同里写争议由仲裁委仲裁,我能直接去法院告吗"),
    ("arbitration", "仲裁裁决下来了我觉得有问题,能撤销吗"),
    ("help", "没钱请律师,能申请法律援助吗"),
    ("help", "律师收了钱不办事,钱能退吗"),
    ("help", "官司赢了,律师费能让对方出吗"),
    ("help", "诉讼费太贵交不起,能缓交吗"),
    ("enforce", "执行法官半年不理我,电话不接,能投诉吗"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_each_trouble_comes_out_at_its_cause(cause: str, opening: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


@pytest.mark.parametrize(
    ("cause", "story", "article", "words"),
    [
        ("filing", "我去立案,窗口说材料不全要补,退了三次,一直没给书面的裁定", f"{CPC}#126", "书面"),
        ("frozen", "我给朋友担保,银行卡被法院冻结了,低保也在里面,案子已经判决在执行", f"{CPC}#254", "可以再向他追"),
        ("limited", "我早就不是公司的法定代表人了,还是被限制高消费,买不了高铁票", f"{LUXURY}#9", "工商变更"),
    ],
)
def test_new_causes_conclude(cause: str, story: str, article: str, words: str) -> None:
    causes, _, _, grounds, said = told(story)
    assert causes[0] == cause
    assert article in grounds
    assert words in said
