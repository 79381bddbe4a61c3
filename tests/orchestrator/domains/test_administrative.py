"""行政: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.administrative import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
SUIT = "最高人民法院关于适用行政诉讼法的解释"
DEAL = "最高人民法院关于审理行政协议案件若干问题的规定"
DAMAGE = "最高人民法院关于审理行政赔偿案件若干问题的规定"
HOUSES = "国有土地上房屋征收与补偿条例"
OPEN_ACT = "政府信息公开条例"
MARKET = "市场监督管理投诉举报处理暂行办法"

# What only openings are asked (below): short as they are, the first stories do not tell it.
DEEPER = {"process", "prior", "ruled", "appraised", "info_notice", "wound"}


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str]]:
    """Causes, facts (id to value), questions (element ids), articles of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known) if element.id not in DEEPER]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds


COMPLETE = [
    (("开小超市,卖过期食品一包,才卖了8块钱,市场监管局要罚我5万,告知书昨天收到,能不能少罚",), "penalty", {"stage": "还没下决定", "plea": "罚得太重", "fine": "50000元", "goods": "8元"}, "行政处罚法#44"),
    (("上个月15号收到城管的处罚决定书,说我占道经营罚款3000,我根本没占道,不服怎么办",), "penalty", {"stage": "已经收到决定书", "plea": "没有违法、事实不对", "known_on": "2026年10月15日"}, "行政复议法#20"),
    (("我们厂环保局说排放超标,下了告知书要责令停产整治,还要罚20万,我们已经整改了",), "penalty", {"stage": "还没下决定", "pen_kind": "停业、吊销、降资质", "plea": "轻微、已改正"}, "行政处罚法#63"),
    (("10月20号收到税务局的处罚决定书罚款5万,太重了,公司现在困难交不起",), "tax", {"plea": "罚得太重", "hard_up": "交罚款有困难"}, "行政复议法#27"),
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


OPENINGS = [
    ("我家面馆让市监局罚了三万,说冰柜里有包过期的火锅底料。我觉得罚太狠了,咋办?", {"known_on", "prior", "process"}),
    ("城管说我店外摆了两张桌子,下了处罚决定书罚两千,我就摆了半个钟头", {"known_on", "prior", "process"}),
    ("骑电动车过路口,交警当场罚我五十,我明明走的是绿灯", {"acted", "proof"}),
    ("收到短信说我车违停罚两百,那会儿我车停在单位院里,肯定拍错了", {"proof"}),
    ("我弟跟人打架,派出所说要拘他五天,是对方先动的手", {"proof", "wound"}),
    ("邻居把我打了,报警两个月了派出所也不处理", {"proof", "wound"}),
    ("我们镇要修高速,要征我家三亩果园,村干部让签字,价钱低得离谱", {"offer", "ruled"}),
    ("老城改造要拆我家房子,开的价买不起旁边的房,天天有人上门催", {"appraised", "ruled"}),
    ("镇上来人把我家猪圈推了,说是违建", {"known_on", "papers", "proof"}),
    ("城管把我的烤串车拉走了,一直不还", {"papers", "proof"}),
    ("给区政府寄了信息公开申请,到现在没人理我", {"applied_on", "info_notice"}),
    ("我向住建局要拆迁补偿方案,他们答复不公开", {"info_why"}),
    ("想办个食品经营许可证,窗口就是不给办", {"lic_paper"}),
    ("我在老宅基地上翻建房子,镇里不批", {"lic_paper"}),
    ("楼下烧烤油烟熏得没法开窗,跟城管说了好几回没人管", {"applied_on", "proof"}),
    ("12315投诉健身房,说不受理", {"applied_on", "stake"}),
    ("我爸被抓错了,关了小半年最后放了,能不能要赔偿", {"cleared", "proof"}),
    ("城管打伤我,我想申请国家赔偿", {"days", "known_on", "proof"}),
    ("人社局说我不算工伤,我不服,想告他们", {"known_on"}),
    ("低保被停了,我要去告民政局", {"known_on", "proof"}),
]
WHOLE = [
    "我开了家小超市。今年10月20日县市场监管局来检查,货架上有两袋过期三天的饼干,还没卖出去,进价才6块钱,我当天就下架退给厂家了,没人吃出问题。11月5日我收到处罚决定书,罚款2万元。开店八年从没被罚过。处罚前给过我告知书,我写了申辩材料,他们没采纳,决定书上写着六十天内可以复议、六个月内可以起诉。检查笔录、退货单和照片我都留着,还没申请复议。罚得太重了,我该怎么办?",
    "10月28日上午我在人民路被交警当场拦下,说我开车打电话,现场开了罚单罚款200元记3分。我当时手里拿的是充电宝,根本没打电话,行车记录仪录得清清楚楚,通话记录也能查。罚单上写了可以六十天内复议。我还没有申请复议,想知道怎么办。",
    "我老公35岁,10月30日晚上和邻居因为停车吵起来,邻居先动手推他,他还手打了一拳,对方鉴定是轻微伤,花了八百块医药费。11月10日派出所作出处罚决定,拘留我老公7天、罚款300,昨天已经执行完出来了。楼道有监控,我们也拷贝了。处罚前给过告知书,他也申辩了。决定书写明可以复议和起诉。我们还没申请复议,觉得他是正当防卫,该怎么走程序?",
    "我家在县城老街有一套带产证的房子,自家住,没租给别人。区政府今年3月1日贴了征收决定公告,评估公司给的价是每平方5800元,旁边二手房都卖9000。5月8日收到的分户评估报告,我申请过复核,没改。我一直没签协议,也没断水断电。11月3日收到区政府的补偿决定书,写着六十日内可以复议。评估报告、补偿决定书和周边成交价截图我都有。还没有复议,下一步怎么办?",
    "2026年10月15日凌晨,街道办带了挖机和城管把我家院里的彩钢棚拆了,说是违建。棚子2015年搭的,没有办审批。事前没有收到任何决定书、催告和公告,棚里的机器设备也被压坏了,损失大概4万元。我拍了视频,街道主任当场承认是他们拆的。还没复议也没起诉,想告他们赔偿。",
    "我9月2日用EMS向县自然资源局申请公开我们村征地的批文和补偿方案,9月4日签收的,我家两亩地在里面。到现在两个多月了没有答复,也没收到延期或者补正的通知,打电话说在研究。快递单和签收记录都留着。我该怎么办?",
    "我在镇上想翻建自家宅基地的房子,有宅基地使用证。8月12日把材料交到镇政府,给了受理回执,10月20日镇里给我一份书面通知书说不批准,理由是不符合规划,通知书上写了可以六十日内复议。材料、回执和通知书都留着。我还没复议,怎么办?",
    "今年8月5日我通过12315平台投诉楼下超市卖假酒,我自己买了两瓶花了一千二,平台有工单号,市场监管局8月9日受理了。到现在三个多月没有任何处理结果,打电话就说在办。购物小票、付款截图我都有。他们不处理我能告吗?",
    "我因为涉嫌诈骗2025年3月1日被刑拘,4月5日批准逮捕,2026年2月20日检察院以证据不足作出不起诉决定,当天把我放了,一共关了356天。工作也丢了。不起诉决定书、释放证明都在手里,还没申请国家赔偿。能赔多少,找谁申请?",
    "区人社局10月12日作出不予认定工伤决定书,我10月18日收到的,上面写了六十日内可以复议、六个月内可以起诉。我早上七点按平时路线骑车上班的路上被车撞,对方全责,单位签了劳动合同、交了工伤保险,事故认定书、考勤记录、病历都有。我还没复议也没起诉,想直接告人社局,去哪个法院?",
]
REPLIES = [
    ("process", "没见着什么告知书,直接就给了决定", "没有事先告知或不听申辩"),
    ("process", "给过一张告知书,上面写了可以听证", "告知过,也能申辩"),
    ("prior", "开店这么久头一回", "第一次"),
    ("prior", "去年也被他们罚过一次", "以前被罚过"),
    ("told_rights", "上头写着可以申请复议", "告知了"),
    ("told_rights", "没看到写复议的事", "没有告知"),
    ("ruled", "就贴了张征收公告,别的没给", "没有补偿决定"),
    ("ruled", "上个月收到补偿决定书了", "已经下了补偿决定"),
    ("appraised", "报告上周送来的,还没申请复核", "收到报告,没申请复核"),
    ("appraised", "从来没给我看过评估报告", "没给评估报告"),
    ("squeeze", "水给断了,我录了视频", "断水断电、骚扰逼迁"),
    ("unlisted", "祖上传下来的,没办过证", "没有房产证"),
    ("unlisted", "有宅基地证", "有合法手续"),
    ("unknown_doer", "镇里的副镇长带人来的", "知道是谁"),
    ("papers", "什么单子都没给", "没有任何手续"),
    ("papers", "之前贴过一张限期拆除通知", "有决定和通知"),
    ("info_notice", "啥通知都没收到过", "没收到任何通知"),
    ("info_notice", "来过一个延期答复的告知书", "收到过延期或补正通知"),
    ("proof", "我手机录了像,还有邻居能作证", "有证据"),
    ("proof", "当时没拍", "还没有证据"),
    ("acted", "就去镇里找过两趟", "只找过人或信访过"),
    ("acted", "还没呢", "什么都还没做"),
    ("acted", "已经交了复议申请", "复议过或起诉过"),
    ("ina_form", "在12315小程序上提交的,有编号", "书面或平台,有凭证"),
    ("ina_form", "就打了两次电话", "只是口头、电话"),
    ("lic_paper", "窗口的人嘴上说不行", "只是口头说的"),
    ("lic_paper", "给了份不予许可通知书", "有书面决定"),
    ("decider", "是区政府盖的章", "县级以上政府"),
    ("held_step", "昨天刚放出来", "已经处罚完了"),
    ("wound", "鉴定出来是轻微伤", "轻微伤或没有鉴定"),
    ("cleared", "检察院说证据不够,没起诉", "证据不足不起诉"),
    ("arrested", "批捕过的", "逮捕过"),
    ("wrong_found", "还没有去告", "还没确认"),
    ("wrong_found", "法院已经判他们违法了", "已经撤销或确认违法"),
    ("stake", "当然影响我,天天睡不着", "损害到我自己"),
    ("ina_who", "打的12345", "12345、信访或其他"),
    ("holder", "房子是我租的", "租户、经营户"),
    ("land", "村里的宅基地", "集体土地(农村)"),
    ("take_step", "还没签,一直在谈", "在谈补偿,没签协议"),
    ("plea", "我觉得罚得太多了", "罚得太重"),
    ("stage", "昨天拿到决定书了", "已经收到决定书"),
    ("stage", "只给了告知书", "还没下决定"),
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


# The troubles that people typically bring, each with the cause it belongs to.
TROUBLES = [
    ("我开小卖部卖了两包过期辣条,市场监管局要罚我五千", "penalty"),
    ("开餐馆的,环保上门说油烟净化器没开,下了告知书要罚两万", "penalty"),
    ("消防来检查说我店里通道堵了,罚款一万还让停业", "penalty"),
    ("违停贴条罚了一百,那里根本没有禁停标志,想申诉", "ticket"),
    ("电子眼拍到我闯红灯扣六分,可那天是别人开我的车", "ticket"),
    ("喝酒开车被吊销驾照,我觉得罚重了", "ticket"),
    ("跟邻居打架,派出所给我开了拘留五天,对方却没事", "detention"),
    ("我老公打麻将被派出所抓了,说要拘留十天", "detention"),
    ("被邻居打成轻微伤,派出所两个月都没处理结果", "detention"),
    ("我家老房子划进棚户区改造,给的价太低不想签", "taking"),
    ("村里的承包地被征了修高速,补偿款到现在没给", "taking"),
    ("签了拆迁协议三年了安置房还没交", "taking"),
    ("镇政府昨天带人把我家养鸡棚强拆了", "tearing"),
    ("城管把我的三轮车和水果都扣走了,没给单子", "tearing"),
    ("街道给我楼顶的阳光房下了限期拆除通知", "tearing"),
    ("我向自然资源局申请公开征地批文,一个多月没回复", "disclosure"),
    ("申请公开村里的低保名单,镇里说涉及隐私不予公开", "disclosure"),
    ("我申请翻建老宅,镇里说不批也不给书面", "licence"),
    ("我的烟草证到期不给续,说附近有学校", "licence"),
    ("举报楼下饭店油烟半年了,城管环保互相推没人管", "inaction"),
    ("买到假货投诉到12315,市场监管局不立案", "inaction"),
    ("信访答复意见书说我的诉求不合理,我不服", "inaction"),
    ("被关了八个月最后证据不足不起诉,想要国家赔偿", "redress"),
    ("法院执行把我的房子拍卖错了,想要赔偿", "redress"),
    ("县政府复议维持了原来的决定,我要去哪个法院告", "challenge"),
    ("行政官司一审输了,想上诉", "challenge"),
    ("法院不给我立行政案件,怎么办", "challenge"),
    ("我们厂的工人下班骑车被撞,人社局认定工伤,老板不服", "work_injury"),
    ("我老公在工地猝死,人社局不予认定工伤", "work_injury"),
    ("我在车间手被压断,厂里不给申报工伤,人社局说没劳动合同不受理", "work_injury"),
    ("去办退休,社保局说我在供销社的十年工龄不算", "pension"),
    ("社保局突然停发了我妈的养老金,说要退回以前多领的", "pension"),
    ("查到我名下居然有一家公司,我是法人,可我从来没办过", "impostor"),
    ("有人冒用我的身份证注册了个体户,现在欠税了", "impostor"),
    ("楼上要加装电梯,规划局批了许可,我一楼采光全没了", "neighbour"),
    ("邻居盖三层楼,镇里批了建房许可,把我家采光挡死了,想撤销", "neighbour"),
    ("村里把我的低保停了,说我儿子买了车", "aid"),
    ("我申请公租房,街道说不符合条件不给书面", "aid"),
    ("我爸是退伍军人,优抚金少发了好几年", "aid"),
    ("大学说我考试作弊开除学籍,我不服", "school"),
    ("公务员考试面试过了,政审不合格不录用", "school"),
    ("孩子上小学,学区学校说学位满了不收", "school"),
    ("镇政府下了处理决定把我家的山林判给隔壁村民", "land_right"),
    ("税务局稽查让我公司补税八十万加滞纳金,不服能复议吗", "tax"),
    ("我跟开发区签了招商协议,答应的奖励一直不兑现", "pact"),
    ("我在路边摆个煎饼摊,城管来了四五个人把我炉子连车都拉走了,说占道,啥也没给我,我怎么要回来", "tearing"),
    ("跑网约车没办证,运管把我车扣了说要罚三万,我才干了半个月", "penalty"),
    ("我家养猪场在河边,环保局下了责令停产,说禁养区,补偿一分没有", "penalty"),
    ("老伴骑电动车带孙子被交警拦了罚五十,说没戴头盔,他说罚单没给", "ticket"),
    ("我是小学老师,因为体罚学生被教育局给了记过处分,不服", "challenge"),
    ("我家宅基地旁边有块空地我们种菜三十年,镇里去年给邻居办了证,现在他要盖房", "land_right"),
    ("我爸交通事故以后残了,申请残疾人两项补贴,残联说评残不够等级不给", "aid"),
    ("我在小区楼下被人骂还被推倒,报警了警察来看看就走了,一个月没下文", "detention"),
    ("我公司被市场监管局列入经营异常,说地址联系不上,其实我们一直在那", "licence"),
    ("离婚的前夫拿假的结婚证明去民政局,我发现自己名下有个结婚登记,根本不是我", "impostor"),
    ("申请了三个月的营业执照变更,窗口每次都说材料不对,跑了六趟", "licence"),
    ("我因为在群里说了句难听的话被行政拘留三天,已经出来了,想撤销这个记录", "detention"),
    ("城中村改造,村委会跟我签了协议,说好一年内回迁,都四年了过渡费也停了", "taking"),
    ("我当兵回来分配的工作没了,退役军人事务局说没有名额,让等", "aid"),
    ("卫健委罚我诊所五万,说我超范围行医,处罚前没让我听证", "penalty"),
    ("单位欠我社保三年没交,我去社保局投诉,他们说过了两年不管", "inaction"),
    ("我去办失业金,社保局说我是自己辞职的不给,其实是公司逼我走的", "pension"),
    ("公安局不给我孩子上户口,说没有出生证,孩子在家生的", "licence"),
    ("儿子中考成绩有误,教育考试院说复查无误,就是不给看卷子", "school"),
    ("我养鱼塘被政府修路填了,说鱼塘没手续不赔,鱼和设备值十几万", "taking"),
    ("买的新房楼间距不够,开发商改了规划,规划局批的,能告规划局吗", "neighbour"),
    ("我们村低保评给了村支书亲戚,我举报到镇里三个月没人理", "inaction"),
    ("关了我弟三十七天就放了,说不够罪,撤案了,能不能要赔偿", "redress"),
    ("我家厂房被消防大队贴了封条,说有重大隐患,已经半个月了没法生产", "tearing"),
]


@pytest.mark.parametrize(("opening", "cause"), TROUBLES)
def test_a_typical_trouble_comes_out_at_its_cause(opening: str, cause: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


# One story for each of the small causes, with words of what is concluded.
CONCLUSIONS = [
    (
        "我们公司不服人社局的工伤认定,保安下班被车撞,交警认定同等责任,没给他交社保",
        "work_injury",
        "待遇都由单位按标准支付",
    ),
    ("社保局给我的养老金核定表不算国营厂的工龄,我是全民固定工,招工表还在", "pension", "视同缴费年限"),
    ("有人冒用我的身份证注册了公司,我成了法人", "impostor", "申请撤销这个登记"),
    ("楼上加装电梯,规划局发了许可证,挡我采光,没征求过我的意见,还没动工", "neighbour", "没有听您的意见"),
    ("镇里把我妈的低保停了,没给书面决定", "aid", "停发低保要有书面决定"),
    ("大学把我开除学籍,我不服", "school", "向学校申诉"),
    ("镇政府下了处理决定把我家山林判给邻居,收到了确权决定", "land_right", "先复议"),
    ("税务局处理决定让我补税20万,我不服", "tax", "先按决定缴清"),
    ("开发区跟我签了招商协议,答应的奖励一直没兑现", "pact", "行政协议"),
]


@pytest.mark.parametrize(("story", "cause", "words"), CONCLUSIONS)
def test_a_small_cause_comes_to_its_conclusion(story: str, cause: str, words: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    held = reasoning.decide(causes, facts.extract(DOMAIN.elements, story, TODAY), TODAY).held
    assert any(words in finding.concludes for found, finding in held if found.id == cause)
