"""行政: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.administrative import DOMAIN

TODAY = date(2026, 11, 20)
SUIT = "最高人民法院关于适用行政诉讼法的解释"
DEAL = "最高人民法院关于审理行政协议案件若干问题的规定"
DAMAGE = "最高人民法院关于审理行政赔偿案件若干问题的规定"
HOUSES = "国有土地上房屋征收与补偿条例"
OPEN_ACT = "政府信息公开条例"
MARKET = "市场监督管理投诉举报处理暂行办法"


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
    (("开小超市,卖过期食品一包,才卖了8块钱,市场监管局要罚我5万,告知书昨天收到,能不能少罚",), "penalty", {"stage": "还没下决定", "plea": "罚得太重", "fine": "50000元", "goods": "8元"}, "行政处罚法#44"),
    (("上个月15号收到城管的处罚决定书,说我占道经营罚款3000,我根本没占道,不服怎么办",), "penalty", {"stage": "已经收到决定书", "plea": "没有违法、事实不对", "known_on": "2026年10月15日"}, "行政复议法#20"),
    (("我们厂环保局说排放超标,下了告知书要责令停产整治,还要罚20万,我们已经整改了",), "penalty", {"stage": "还没下决定", "pen_kind": "停业、吊销、降资质", "plea": "轻微、已改正"}, "行政处罚法#63"),
    (("10月20号收到税务局的处罚决定书罚款5万,太重了,公司现在困难交不起",), "penalty", {"plea": "罚得太重", "hard_up": "交罚款有困难"}, "行政复议法#27"),
    (("昨天停车被贴条了,当时送老婆去急诊就停了10分钟,能申诉吗",), "ticket", {"road_how": "电子眼或违停抓拍"}, "行政处罚法#41"),
    (("交警说我闯红灯,现场罚了200扣6分,我明明过的是黄灯",), "ticket", {"road_how": "交警当场处罚", "road_plea": "没有违法或拍错了"}, "行政复议法#23"),
    (("电动车被交警扣了,没有牌照,怎么拿回来",), "ticket", {"road_how": "扣车或扣证"}, "道路交通安全法#112"),
    (("我老公昨天因为打架被派出所行政拘留10天,对方先动手的,现在人在拘留所,怎么办",), "detention", {"role": "被处罚的人或家属", "held_step": "正在拘留", "held_plea": "被打才还手", "days": "10天"}, "行政处罚法#73"),
    (("嫖娼被抓,被罚了五百块钱,档案里面有记录怎么取消",), "detention", {"role": "被处罚的人或家属", "held_plea": "认罚,只担心影响"}, "行政处罚法#9"),
    (("邻居把我妈打了,轻微伤,报警一个多月了派出所一直没处理",), "detention", {"role": "被侵害的一方", "police_done": "没处理、一直拖", "wound": "轻微伤或没有鉴定"}, "行政复议法#23"),
    (("派出所调解让对方赔我5000,我不同意,调解不成怎么办,我被打成轻微伤",), "detention", {"role": "被侵害的一方", "police_done": "在调解或调解不成"}, "民法典#1179"),
    (("我家在老城区的房子要征收,只给4000一平,周边二手房都卖9000,我不想签怎么办",), "taking", {"land": "国有土地(城市房屋)", "take_step": "在谈补偿,没签协议", "worth": "9000元"}, f"{HOUSES}#19"),
    (("我老家的山被征收了，一分钱没有补到，我该怎么办？",), "taking", {"land": "集体土地(农村)", "take_step": "已经被占,没拿到补偿"}, "土地管理法#48"),
    (("拆迁协议签了三年了安置房还没交,过渡费也停了",), "taking", {"take_step": "已经签了协议", "deal": "没有兑现"}, f"{DEAL}#25"),
    (("被逼着签了拆迁协议,断水断电威胁我,能撤销吗",), "taking", {"deal": "被逼或被骗签的", "squeeze": "断水断电、骚扰逼迁"}, "民法典#152"),
    (("我租的门面要拆迁,装修花了20万,房东说补偿都归他,我能要吗",), "taking", {"holder": "租户、经营户", "spent": "200000元"}, f"{HOUSES}#23"),
    (("10月12号收到区政府的房屋征收补偿决定书,补偿才80万,不服",), "taking", {"take_step": "收到补偿(安置)决定", "known_on": "2026年10月12日", "offer": "800000元"}, "行政诉讼法#15"),
    (("上周三凌晨镇政府带人把我家房子强拆了,没签协议也没任何手续,家具家电都埋了",), "tearing", {"force": "征收拆迁中强拆", "torn": "已经拆了(扣了)", "inside": "屋内物品毁损丢失"}, f"{DAMAGE}#27"),
    (("收到镇政府限期拆除通知,说我家院子里盖的彩钢棚是违建,让我7天内自行拆除",), "tearing", {"force": "以违建为由拆除", "torn": "还没拆,收到通知"}, "土地管理法#83"),
    (("城管把我三轮车和水果扣走了,没给任何单子,已经一个多月了不还",), "tearing", {"force": "东西被查封扣押", "papers": "没有任何手续"}, "行政强制法#25"),
    (("两个月前向区政府申请公开征地批文,EMS签收了,一直没答复,怎么办",), "disclosure", {"info_step": "申请了没答复", "info_wait": "已经满了"}, f"{OPEN_ACT}#33"),
    (("申请公开拆迁补偿明细,答复说涉及个人隐私不予公开,10月25号收到的答复",), "disclosure", {"info_step": "答复不公开", "info_why": "商业秘密或个人隐私"}, f"{OPEN_ACT}#15"),
    (("开饭店申请食品经营许可证,交了材料受理了三个月还没结果",), "licence", {"lic_step": "受理了拖着不办"}, "行政许可法#42"),
    (("邻居加盖楼房,规划局给他批了规划许可证,挡了我家采光,想撤销他的许可证",), "licence", {"lic_step": "批给别人,影响我"}, f"{SUIT}#12"),
    (("被人用我的身份证注册了公司,我成了法人,怎么撤销",), "licence", {"lic_step": "被冒名登记"}, "市场主体登记管理条例#40"),
    (("举报邻居违建三个多月了,城管一直不管",), "inaction", {"ina_step": "没有回音、一直拖", "ina_wait": "满两个月"}, "行政诉讼法#47"),
    (("向12315投诉买到假货,市场监管说调解不成终止调解,怎么办",), "inaction", {"ina_step": "调解不成"}, f"{MARKET}#21"),
    (("信访答复收到了,我不服,能去法院告吗",), "inaction", {"ina_step": "信访答复不服"}, "信访工作条例#35"),
    (("我看到别人家超市卖过期食品就举报了,市场监管局答复不立案,我能复议吗",), "inaction", {"stake": "与我没有直接关系"}, "行政诉讼法#25"),
    (("我弟弟被逮捕关了8个月,检察院以证据不足不起诉,怎么申请国家赔偿,能赔多少",), "redress", {"cleared": "证据不足不起诉", "arrested": "逮捕过", "days": "8个月"}, "国家赔偿法#33"),
    (("我被刑拘37天后取保,一年后公安撤销案件,能申请国家赔偿吗",), "redress", {"cleared": "撤案或终止侦查", "arrested": "只是刑事拘留"}, "国家赔偿法#21"),
    (("检察院给我做了相对不起诉,之前被逮捕关了4个月,能要赔偿吗",), "redress", {"cleared": "情节轻微不起诉"}, "国家赔偿法#19"),
    (("法院判决城管强拆违法了,我怎么申请赔偿",), "redress", {"wrong_found": "已经撤销或确认违法", "harm": "财产损失"}, "国家赔偿法#14"),
    (("收到复议决定书维持了罚款,11月10号收到的,不服怎么办",), "challenge", {"rev_step": "收到复议决定不服", "rev_on": "2026年11月10日"}, "行政诉讼法#45"),
    (("法院不给立案,我告镇政府的行政案件,起诉状都不收",), "challenge", {"rev_step": "法院不立案"}, "行政诉讼法#51"),
    (("我是公务员,被单位记过处分不服,可以行政诉讼吗",), "challenge", {"rev_target": "单位人事处分、考核"}, "公务员法#95"),
]  # fmt: skip

RAMBLING = [
    ("2018年8月我在村里自己承包地上盖了养殖场,去年11月镇政府说是违建给拆了,当时给过限期拆除通知,没告诉我可以复议起诉", ["tearing"], {"known_on": "2025年11月", "since_on": "2018年8月", "told_rights": "没有告知", "torn": "已经拆了(扣了)", "papers": "有决定和通知"}, []),
    ("我们村修高速征了我家3亩地,只给了青苗费,土地补偿款村里不给,怎么办", ["taking"], {"land": "集体土地(农村)", "take_step": "补偿款被村里扣下没分"}, []),
    ("上个月打架我被行政拘留了7天,已经出来了,可是我根本没打他,对方只罚了200", ["detention"], {"role": "被处罚的人或家属", "held_step": "已经处罚完了", "days": "7天"}, []),
    ("跟人吵架互相推搡,派出所说要拘留我5天,明天送拘留所,我不服", ["detention"], {"role": "被处罚的人或家属", "held_step": "决定了还没执行", "days": "5天"}, ["held_plea"]),
    ("我开理发店,没办卫生许可证被卫健委查了,说要罚3000,我是第一次,已经去补办了", ["penalty"], {"stage": "还没下决定", "plea": "轻微、已改正", "fine": "3000元"}, []),
    ("市监局给我下了罚单5000,同一件事之前街道综合执法已经罚过2000,又罚一次合法吗", ["penalty"], {"twice": "同一件事罚了两次"}, ["plea", "known_on", "told_rights"]),
    ("政府征收我家房子的补偿决定是去年3月收到的,决定书写明可以6个月内起诉,我一直没告,现在还行吗", ["taking"], {"known_on": "2025年3月", "told_rights": "告知了", "take_step": "收到补偿(安置)决定"}, []),
    ("我被邻居举报违建,城管给我下了责令限期拆除决定书,昨天收到的", ["tearing"], {"known_on": "2026年11月19日", "torn": "还没拆,收到通知"}, []),
    ("民宿许可证办好一年,今天收到通知说当时发错了要撤销,我装修投了30万", ["licence"], {"lic_step": "办下来又被撤销、收回", "known_on": "2026年11月20日", "spent": "300000元"}, []),
    ("行政官司打赢了,判决撤销了处罚,罚款镇政府一直不退,不执行怎么办", ["challenge"], {"rev_step": "赢了但政府不执行"}, []),
]  # fmt: skip

BARE = [
    ("被罚款怎么办", "penalty", {"stage", "plea"}),
    ("打架派出所怎么处理", "detention", {"role"}),
    ("拆迁补偿标准是多少", "taking", {"land"}),
    ("房子被强拆了怎么办", "tearing", {"force", "papers", "known_on"}),
    ("信息公开申请不给答复", "disclosure", {"info_wait"}),
    ("营业执照办不了", "licence", {"lic_step"}),
    ("打12345反映路灯坏了没人管", "inaction", {"ina_wait"}),
    ("怎么申请国家赔偿", "redress", {"pay_kind", "harm"}),
    ("想申请行政复议", "challenge", {"rev_target"}),
]


@pytest.mark.parametrize(
    ("messages", "cause", "expected", "article"), COMPLETE, ids=[row[0][0][:14] for row in COMPLETE]
)
def test_a_complete_story_is_understood_and_nothing_is_asked(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert causes[0] == cause
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(
    ("story", "expected_causes", "expected", "questions"), RAMBLING, ids=[row[0][:14] for row in RAMBLING]
)
def test_a_rambling_story_is_not_misread(
    story: str, expected_causes: list[str], expected: dict[str, str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert causes == expected_causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == questions


@pytest.mark.parametrize(("message", "cause", "decisive"), BARE, ids=[row[0] for row in BARE])
def test_a_bare_line_leads_to_the_decisive_questions(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert causes[0] == cause
    assert decisive <= set(asked)


def test_a_correction_moves_the_limit() -> None:
    _, known, _, grounds = told("市场监管局罚款2万,4月5号收到的决定书,没有告知可以复议起诉", "不对,是11月5号收到的")
    assert known["known_on"] == "2026年11月5日"
    assert f"{SUIT}#64" not in grounds
    assert "行政复议法#87" in grounds


def test_an_untold_right_lengthens_the_limit() -> None:
    _, known, asked, grounds = told("去年12月被工商局罚了2万,决定书上没写可以复议起诉,我觉得太重,现在还能告吗")
    assert known["told_rights"] == "没有告知"
    assert asked == []
    assert f"{SUIT}#64" in grounds


def test_not_yet_torn_is_no_demolition() -> None:
    _, known, _, grounds = told("镇政府说我家房子是违建,要拆,还没拆,也没给决定书")
    assert known["torn"] == "还没拆,收到通知"
    assert "行政诉讼法#76" not in grounds


def test_no_article_of_the_superseded_police_law_is_cited() -> None:
    for cause in DOMAIN.causes:
        cited = set(cause.governing) | {
            article for finding in cause.findings for ground in finding.grounds for article in ground.articles
        }
        assert not [article for article in cited if article.startswith("治安管理处罚法")]


def test_every_quick_reply_says_itself() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value
