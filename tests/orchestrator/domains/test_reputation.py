"""侵权名誉: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.reputation import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
NET = "最高人民法院关于审理利用信息网络侵害人身权益民事纠纷案件适用法律若干问题的规定"
SLANDER = "最高人民法院、最高人民检察院关于办理利用信息网络实施诽谤等刑事案件适用法律若干问题的解释"
FACE = "最高人民法院关于审理使用人脸识别技术处理个人信息相关民事案件适用法律若干问题的规定"
CAMERA = "公共安全视频图像信息系统管理条例"
WOMEN = "妇女权益保障法"
DATACRIME = "最高人民法院、最高人民检察院关于办理侵犯公民个人信息刑事案件适用法律若干问题的解释"


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str]]:
    """Causes, facts of those causes (id to value), questions (element ids), articles of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    active = {id for cause in causes for id in cause.elements}
    known = {id: fact for id, fact in known.items() if id in active}
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known)]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds


COMPLETE = [
    (("我前同事在公司微信群里造谣说我是小三,靠睡上位,群里200多人,我现在抑郁了在吃药,医药费花了3000,我想告他",), "defame", {"side": "受侵害的一方", "act": "造谣诽谤", "place": "群里发布", "harm": "精神或身体严重受损", "treat": "3000元"}, "民法典#1024"),
    (("前妻在抖音天天发视频说我家暴出轨,粉丝好几万,播放量十几万,全是编的,我工作都丢了",), "defame", {"act": "造谣诽谤", "place": "网上公开发布", "known": "知道真实身份", "spread": "到了", "harm": "丢工作或失生意"}, f"{SLANDER}#2"),
    (("有人在小红书发帖说我整容失败造谣我是假脸,才三百多浏览,发帖人不认识,我没啥损失就是生气",), "defame", {"known": "只知道账号网名", "spread": "没到", "harm": "没有明显后果"}, f"{NET}#3"),
    (("我妈被邻居当街辱骂,气得心脏病住院花了12000",), "defame", {"side": "受侵害的一方", "act": "辱骂侮辱", "place": "线下当众", "treat": "12000元"}, "民法典#1183"),
    (("我在大众点评给一家店写了差评,说的都是真实情况,有照片和小票,老板威胁要起诉我让我删",), "accused", {"side": "被追究的一方", "post": "属实的经历或评价", "truth_proof": "有证据", "stage": "对方要求删除或威胁起诉"}, "消费者权益保护法#15"),
    (("收到法院传票,说我在朋友圈骂他侵犯名誉权,要我赔两万精神损失费,我确实骂了他几句脏话,已经删了",), "accused", {"side": "被追究的一方", "post": "骂人侮辱的话", "stage": "已经被起诉", "deleted": "已删除", "claimed": "20000元"}, "民事诉讼法#128"),
    (("我把欠钱不还的人的照片和身份证发到抖音上了,他现在说要告我侵权",), "accused", {"post": "公开了对方照片或隐私"}, "民法典#1032"),
    (("对门邻居在他家门上装了个摄像头,正对着我家门口,我们进出都能拍到,让他拆他不拆",), "camera", {"side": "受侵害的一方", "intrusion": "邻居等的摄像头", "view": "能拍到住家门口或屋内"}, f"{CAMERA}#33"),
    (("我家门口装了个监控,只拍自己门口和楼道,邻居说侵犯他隐私要我拆掉",), "camera", {"side": "被追究的一方", "view": "只拍公共区域或自己门口"}, "民法典#288"),
    (("住酒店发现有针孔摄像头对着床,怎么办",), "privacy", {"intrusion": "私密处被偷拍、偷窥或闯入"}, f"{CAMERA}#8"),
    (("买了房之后天天接到装修公司的推销电话,肯定是售楼处泄露的,我没有什么损失就是烦",), "info", {"info_kind": "被单位或商家泄露", "source": "有明确线索", "info_loss": "主要是骚扰和担心"}, "个人信息保护法#69"),
    (("我的身份信息被泄露,骗子冒充客服骗走了我2万块,不知道是谁泄露的",), "info", {"source": "不知道是谁", "info_loss": "被骗钱或有实际损失", "loss": "20000元"}, "民事诉讼法#122"),
    (("小区物业强制刷脸进门,不录人脸就不让进",), "info", {"side": "受侵害的一方", "info_kind": "强制刷脸或过度收集"}, f"{FACE}#10"),
    (("我把公司的客户信息卖给了同行,赚了8000块,大概三千条,会判刑吗",), "info", {"side": "被追究的一方", "info_kind": "被买卖"}, f"{DATACRIME}#5"),
    (("影楼没经过我同意就把我的婚纱照放到公众号做宣传,我找他们要赔偿,他们说只给删",), "portrait", {"portrait_use": "商业广告、宣传或卖货", "consent": "没同意过"}, "民法典#1019"),
    (("我离职半年了,公司还在用我的照片和视频做广告招生",), "portrait", {"consent": "同意过,已到期或超出范围"}, "民法典#1022"),
    (("有人用AI把我的脸换到不雅视频里发到网上了",), "portrait", {"portrait_use": "AI换脸、合成声音或丑化恶搞"}, "民法典#1023"),
    (("我们店公众号用了网上一张明星的照片,现在收到律师函说侵犯肖像权要赔8万",), "portrait", {"side": "被追究的一方", "consent": "没同意过", "claimed": "80000元"}, "民法典#1182"),
    (("突然发现自己成了一家公司的法人,我根本不知道,身份证前年丢过",), "name", {"misuse": "注册公司、当法人股东", "lent": "丢失或被盗用"}, "市场主体登记管理条例#40"),
    (("朋友借我身份证注册了公司,现在公司欠债,我被限高了",), "name", {"lent": "借给过别人"}, "居民身份证法#16"),
    (("离婚后前妻偷偷把孩子的姓改了",), "name", {"misuse": "改名、改姓"}, "民法典#1015"),
    (("我信用卡早就还清了,征信上还显示逾期,跟银行投诉了说要等",), "credit", {"credit_issue": "已还清或记错", "objected": "提过,没解决"}, "征信业管理条例#26"),
    (("征信逾期了怎么消除",), "credit", {"credit_issue": "确实逾期过"}, "征信业管理条例#16"),
    (("楼上小孩天天半夜跑跳拖椅子,吵得我睡不着,找了物业也没用",), "neighbour", {"side": "受侵害的一方", "trouble": "噪音", "noise_src": "邻居生活"}, "噪声污染防治法#65"),
    (("我家楼上卫生间漏水,把我家天花板和衣柜都泡了,修要8000,楼上说不是他家的问题不肯赔",), "neighbour", {"trouble": "漏水渗水", "leak_src": "还没查清", "repair": "8000元"}, "民法典#1184"),
    (("邻居在我家南边加盖了一层,没有手续,把我家光全挡了",), "neighbour", {"trouble": "挡光、通风", "permit": "违建或超规划"}, "民法典#293"),
    (("村里邻居把我家出门唯一的路砌墙堵死了,走了几十年的路",), "neighbour", {"trouble": "通行被堵", "only_way": "必经或历史通道"}, "民法典#291"),
    (("楼下说我家漏水要我赔两万,但物业说是公共管道的问题",), "neighbour", {"side": "被追究的一方", "trouble": "漏水渗水", "claimed": "20000元"}, "民法典#1184"),
    (("邻居说我家孩子太吵要报警,怎么办",), "neighbour", {"side": "被追究的一方", "trouble": "噪音"}, "噪声污染防治法#65"),
    (("领导在办公室摸我大腿,我拒绝了他还给我穿小鞋,跟人事投诉了人事让我忍忍",), "harass", {"where_harass": "职场(领导、同事、客户)", "touch": "有身体接触或强迫", "reported": "单位不处理或包庇"}, "刑法#237"),
    (("公司老板天天给我发暧昧微信,说露骨的话,没有碰过我",), "harass", {"touch": "只有言语、信息"}, "妇女权益保障法#25"),
    (("超市保安怀疑我偷东西,当众搜我的包,还不让我走,最后什么都没搜到",), "dignity", {"side": "受侵害的一方", "thing": "搜身、扣留不让走"}, "民法典#1011"),
    (("我家的狗被邻居打死了,能要精神损失费吗",), "dignity", {"thing": "宠物"}, "民法典#1183"),
    (("婚庆公司把我们的婚礼录像弄丢了,只肯退一半钱",), "dignity", {"thing": "纪念物、婚礼录像等"}, "民法典#996"),
]  # fmt: skip

RAMBLING = [
    ("俺隔壁那家子成天价搁院里放大喇叭唱戏,吵得俺老娘犯心脏病,说他他还骂人,咋整", "neighbour", {"side": "受侵害的一方", "trouble": "噪音"}, set(), []),
    ("他在朋友圈骂我,我也骂了他,他现在报警了说我侮辱他", "accused", {"side": "被追究的一方", "post": "骂人侮辱的话", "stage": "被报警或刑事自诉"}, set(), []),
    ("借出去的钱要不回来,我就把他欠条和身份证照片贴到他们村口了,现在派出所叫我去", "accused", {"side": "被追究的一方", "post": "公开了对方照片或隐私"}, set(), []),
    ("我在业主群里说物业贪污,物业经理要告我,我也没证据,是听别人说的", "accused", {"post": "有失实或夸大", "truth_proof": "拿不出证据"}, {"permit"}, []),
    ("我加了一个好友他看了我的隐私部位以后我不想给他看了他就威胁我。他现在要发网上去", "privacy", {"leaked": "只是威胁"}, {"view"}, []),
    ("我之前在一家卖画的公司上班 现在辞职了。他们之前拍我的照片充当画家!我现在想让他们删", "portrait", {"portrait_use": "商业广告、宣传或卖货"}, {"stage"}, []),
    ("我家农村的,邻居跑到我家房基地旁边种菜,贴着墙边种,浇菜会阴到我的房子是不是侵权了", "neighbour", {"side": "受侵害的一方", "trouble": "施工挖地危及房屋"}, set(), []),
    ("我女儿在学校被同学造谣,拉了个群骂她,现在不敢上学,医生说是抑郁症", "defame", {"side": "受侵害的一方", "act": "两样都有", "child": "是未成年学生"}, set(), ["school_told"]),
    ("村里人到处说我爸爸去世是因为偷情,我爸都死了三年了还造谣,我们就是觉得丢人", "defame", {"dead": "已去世", "harm": "没有明显后果"}, set(), []),
    ("我孩子班主任当着全班说他是白痴,孩子现在不愿意上学", "defame", {"side": "受侵害的一方", "act": "辱骂侮辱", "place": "线下当众"}, set(), ["harm"]),
    ("被前公司背调时造谣说我偷公司东西,新公司不要我了", "defame", {"act": "造谣诽谤", "place": "线下当众", "harm": "丢工作或失生意"}, set(), []),
    ("我发了条抖音吐槽一家装修公司偷工减料,他们告我到法院索赔10万,我有照片有聊天记录", "accused", {"side": "被追究的一方", "stage": "已经被起诉", "claimed": "100000元", "truth_proof": "有证据"}, set(), ["post"]),
    ("拍短视频时把路人拍进去了,他找来说侵犯肖像权要我赔钱", "portrait", {"side": "被追究的一方", "portrait_use": "新闻、公共场合拍到"}, set(), []),
    ("我妈的身份证被村干部拿去贷款10万,我妈根本不识字", "name", {"misuse": "贷款、办信用卡", "lent": "丢失或被盗用"}, set(), []),
    ("我被网暴了,抖音上几百条评论骂我,还有人把我电话挂出来", "privacy", {"intrusion": "住址电话等被公开(人肉开盒)"}, set(), ["harm", "known"]),
    ("前夫造谣说我女儿不是他亲生的,在家族群里说,已经做了亲子鉴定是亲生的", "defame", {"place": "群里发布", "known": "知道真实身份"}, set(), ["harm"]),
]  # fmt: skip

OPEN = [
    ("被人造谣怎么办", "defame", {"place", "harm"}),
    ("名誉权纠纷怎么赔偿", "defame", {"side", "act", "place"}),
    ("对方要告我诽谤", "accused", {"post"}),
    ("隐私被侵犯了怎么办", "privacy", {"intrusion"}),
    ("邻居装监控侵犯隐私吗", "camera", {"view"}),
    ("个人信息泄露怎么办", "info", {"source", "info_loss"}),
    ("肖像权被侵犯怎么赔", "portrait", {"side", "portrait_use"}),
    ("有人用我身份证注册了公司", "name", {"lent"}),
    ("征信有问题怎么办", "credit", {"credit_issue"}),
    ("楼上漏水找谁赔", "neighbour", {"leak_src"}),
    ("邻居把路堵了", "neighbour", {"only_way"}),
    ("精神损失费怎么赔", "dignity", {"thing"}),
    ("被性骚扰了怎么办", "harass", {"touch", "where_harass"}),
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
    ("story", "cause", "expected", "absent", "questions"), RAMBLING, ids=[row[0][:14] for row in RAMBLING]
)
def test_a_rambling_story_is_not_misread(
    story: str, cause: str, expected: dict[str, str], absent: set[str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert cause in causes
    assert {id: known.get(id) for id in expected} == expected
    assert not absent & set(known)
    assert asked == questions


@pytest.mark.parametrize(("message", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert cause in causes
    assert decisive <= set(asked)
    assert len(asked) <= 6


def test_a_correction_turns_the_victim_into_the_accused() -> None:
    causes, known, _, _ = told("网上发帖骂人侵犯名誉权怎么办,对方被骂了", "不对,我是发帖的那个,现在对方要告我")
    assert known["side"] == "被追究的一方"
    assert "accused" in causes


def test_a_correction_replaces_a_figure() -> None:
    assert told("他索赔2万精神损失费,说我在群里骂他侵犯名誉", "不对,是索赔5万")[1]["claimed"] == "50000元"


def test_what_is_denied_is_not_taken_for_said() -> None:
    assert told("邻居的监控没有拍到我家门口,只拍他自己门口")[1]["view"] == "只拍公共区域或自己门口"
    assert told("身份证没有借给过别人,被人冒用注册公司")[1]["lent"] == "丢失或被盗用"
    assert told("他只是威胁说要把裸照发网上,还没发出去")[1]["leaked"] == "只是威胁"


def test_one_who_was_harmed_is_not_told_what_the_accused_should_do() -> None:
    for story in ("邻居在业主群里骂我是小偷", "有人在抖音造谣我出轨"):
        assert told(story)[1]["side"] == "受侵害的一方"
        assert "民事诉讼法#128" not in told(story)[3]


def test_a_quick_reply_is_read_as_itself_and_does_not_change_sides() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value
            side = facts.extract(DOMAIN.elements, choice.value, TODAY).get("side")
            assert element.id == "side" or side is None or side.value == "受侵害的一方"


def test_colleagues_who_saw_it_online_are_no_crowd_in_a_street() -> None:
    causes, known, _, _ = told("前男友在朋友圈和抖音发我的照片说我是骗子小三,好多同事都看到了,我该怎么办")
    assert causes == ["defame"]
    assert known["place"] == "网上公开发布"


OPENINGS = [
    ("有人在抖音上造谣说我是小三,评论区全在骂我", {"kept", "known", "truth", "spread"}),
    ("楼里有个邻居在业主群骂我是骗子,我气得睡不着", {"kept", "noticed"}),
    ("有个账号在网上发帖说我开的奶茶店喝了拉肚子,纯属瞎编,店里客人少了一半", {"poster", "kept", "noticed"}),
    ("我在大众点评写了个差评,商家说要告我侵犯名誉", {"truth_proof"}),
    ("邻居家的监控正对着我家门口,进进出出都被拍", {"mediated", "camera_why"}),
    ("前男友威胁要把我的私密照发出去", {"kept", "police"}),
    ("前夫把我跟他的聊天记录发到朋友圈", {"kept", "police"}),
    ("刚买完房就不停接到装修公司电话,谁把我信息卖了", {"kept", "police"}),
    ("一家影楼没经过我同意把我的婚纱照挂在网上做广告", {"kept", "noticed"}),
    ("有人用我的照片AI换脸做视频", {"kept", "known", "noticed"}),
    ("被人拿我身份证注册了公司,我是法人,怎么办", {"lent", "police"}),
    ("征信上有一笔贷款根本不是我贷的", {"objected", "police"}),
    ("楼上天天半夜跳操,吵得我没法睡", {"kept", "mediated"}),
    ("楼上漏水把我家天花板泡了", {"leak_src", "repair"}),
    ("部门经理总发暧昧短信给我,还动手摸我", {"kept", "police", "reported"}),
    ("超市保安怀疑我偷东西,把我扣下来搜身", {"kept", "police"}),
]
WHOLE = [
    "今年9月3日起,我前同事王某在公司一百多人的工作群和微博上发文,说我靠陪睡升职,还骂我是破鞋,全是编的。微博那条阅读一万多、转发七百多次。我截图录屏并在9月10日做了公证,公证费1200元。我私信要求他删除道歉,他不理,微博投诉也没处理。9月12日我报了警,派出所做了笔录。我去医院确诊焦虑状态,看病花了2300元,工作没丢。我要他公开道歉、赔精神损失2万元,能支持吗?",
    "上个月我在大众点评发了一条差评,说某理发店办卡后涨价还不退钱,都是我亲身经历,有订单、付款记录和聊天截图。店家要求我删除并道歉,我没删。11月10日我收到法院传票,他们告我侵犯名誉,要赔3万。差评里我没骂人,也没发他们照片。我该怎么应诉?",
    "对门邻居去年5月在门上装了带录音的可视门铃,正对我家大门,我儿子看过他手机,连客厅都能照见,画面存三十天。我要求他拆,他不肯,角度也不愿调。物业和居委会来调解过两次没用,我拍了照片和视频,民警也来过。没造成什么损失,就是心里膈应。能让他拆吗?",
    "今年6月我发现一家健身房把我去年锻炼时的照片印在门店海报和公众号上做招生广告。我没签过肖像授权,也没收过钱,没人问过我。6月20日我做了公证,25日书面要求他们撤下,7月底才撤。没有别的财产损失,公证费1000元。我要道歉和赔偿,能赔多少?",
    "2025年11月起楼上租户每天半夜在家打乒乓球、放音乐,吵得我们睡不着,我妈还去医院看过失眠,花了600块。我找物业、居委会调解过三次,报过两次警,民警来劝过也没用。我录了音,还请人测过分贝。想起诉让他们停止,还能要赔偿吗?",
    "今年10月查征信发现2023年有一笔5万元的网贷,我从没贷过,身份证2022年丢过,补办过。我10月15日向银行和征信中心提了异议,银行说查实是本人办的,不给改。10月18日我报了警,派出所给了回执。征信报告和报警回执都留着。现在房贷批不下来,还没造成别的损失,怎么办?",
    "今年8月开始部门经理在办公室多次摸我的腰、抱我,还发露骨的微信。我截图了聊天记录,同事小李看见过一次,9月1日我报了警,民警做了笔录。9月5日我向公司人事书面投诉,公司不处理,还让我别声张。我去心理科看过,诊断焦虑。想追究他和公司的责任。",
]
REPLIES = [
    ("kept", "截了图录了屏,还没公证", "已经保存"),
    ("kept", "没来得及截图他就删了", "还没保存"),
    ("noticed", "私信过他,不理我,平台还没投诉", "通知过,没有处理"),
    ("noticed", "还没跟平台投诉过", "还没通知"),
    ("spread", "我看的时候阅读七千多,转了三百多次", "到了"),
    ("known", "真名不知道,只知道抖音号", "只知道账号网名"),
    ("known", "是我以前的同事", "知道真实身份"),
    ("police", "还没报警,怕丢人", "还没报警"),
    ("police", "报过,派出所做了笔录", "报过警"),
    ("mediated", "物业来说过一次,没用", "调解过,没用"),
    ("view", "连我家玄关里头都能照见,还能录音存三十天", "能拍到住家门口或屋内"),
    ("business", "个体户执照,博主的真名不知道", "个体户"),
    ("harm", "去看了心理科,诊断焦虑状态", "精神或身体严重受损"),
    ("harm", "营业额掉了一大半", "丢工作或失生意"),
    ("consent", "从来没人问过我", "没同意过"),
    ("lent", "身份证丢过一次", "丢失或被盗用"),
    ("lent", "以前借给表哥用过", "借给过别人"),
    ("leak_src", "物业查了是楼上卫生间漏的", "楼上(邻居)家里"),
    ("objected", "跟银行提过异议,不给改", "提过,没解决"),
    ("touch", "他摸过我的腿", "有身体接触或强迫"),
    ("where_harass", "就是我们部门经理", "职场(领导、同事、客户)"),
    ("leaked", "还没发,就是拿这个吓唬我", "只是威胁"),
    ("place", "在我们业主群里发的", "群里发布"),
    ("act", "编的,根本没这回事", "造谣诽谤"),
    ("post", "都是真事,我自己碰上的", "属实的经历或评价"),
    ("truth_proof", "订单和聊天记录都在", "有证据"),
    ("stage", "昨天接到法院传票了", "已经被起诉"),
    ("source", "只有物业有我的电话", "有明确线索"),
    ("info_loss", "就是天天接骚扰电话,烦", "主要是骚扰和担心"),
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


# The troubles people bring, and the cause each is.
TROUBLES = [
    ("小区业主群里有个女的,因为车位跟我吵过,前天晚上在群里点名说我是小三、靠男人买的房", "defame"),
    ("同事在公司到处说我跟领导有一腿才升的职,我要告她", "defame"),
    ("前夫在抖音发小作文说我出轨骗婚,几万人看了", "defame"),
    ("村里有个人逢人就说我偷了他家的钱,派出所都查清不是我", "defame"),
    ("业主群里我质疑物业费,业委会主任骂我是刁民、疯狗", "defame"),
    ("有人匿名给我单位写举报信,编造我作风问题,查了没有的事,能告他诬告吗", "defame"),
    ("一个公众号发文章说我抄袭,失实,要求更正不理", "defame"),
    ("贴吧里有人造黄谣,把我照片配上不堪的文字,不知道是谁发的", "defame"),
    ("我爸去世了,有人还在网上骂他贪污", "defame"),
    ("我在县城开个小餐馆,有个男的在抖音发视频,说我后厨有老鼠、用臭肉,生意跌了一大半", "business"),
    ("同行雇人给我的网店刷差评,说我卖假货,订单掉了一半", "business"),
    ("我们公司被一个自媒体发文造谣要倒闭,客户都来退款", "business"),
    ("我家开民宿,一个客人没住就给恶意差评还要挟我退钱", "business"),
    ("我老公把网上的聊天记录转到微信群和抖音上,说一个女老师跟人开房,现在被告到法院,传票都来了", "accused"),
    ("在美团给一家美容院打了差评,商家给我发律师函说我侵犯名誉权", "accused"),
    ("有人欠我钱不还,我把他的照片和身份证发到抖音上,他说要告我", "accused"),
    ("发现老公出轨,我把小三的聊天记录发朋友圈了,她报警说我侮辱她", "accused"),
    ("我想把老赖的信息挂到网上,可以吗", "accused"),
    ("业主群里我说了物业经理贪钱,他起诉我名誉侵权要赔三万", "accused"),
    ("我女儿在班级群里骂同学,对方家长要我们赔钱道歉", "accused"),
    ("拍了商家后厨的视频发网上,都是真的,店家让我删还说要告我", "accused"),
    ("前男友手里有我以前的私密照片,说要发给我爸妈和公司同事", "blackmail"),
    ("网上裸聊被录了视频,对方要我打钱,不然发给通讯录", "blackmail"),
    ("前任把我们的亲密视频发到群里了,我该怎么办", "blackmail"),
    ("分手后前男友天天在我公司楼下堵我,换号打电话,我很害怕", "stalk"),
    ("一个追求者一直跟踪我,还给我车上装了定位器", "stalk"),
    ("离婚以后前夫三天两头上门闹,半夜发信息骂我", "stalk"),
    ("对门邻居在自家门口装了个可视门铃,正对着我家大门,说了几次不拆", "camera"),
    ("邻居家的监控能拍到我家院子,让他调角度他不肯", "camera"),
    ("我家门口装了摄像头,邻居说侵犯他隐私要我拆,我该拆吗", "camera"),
    ("住酒店发现房间插座里有针孔摄像头", "privacy"),
    ("房东在我租的房子客厅里偷偷装了摄像头", "privacy"),
    ("室友偷看我手机,把我跟男朋友的聊天记录截图发到宿舍群里", "privacy"),
    ("我的电话和家庭住址被人挂到网上开盒,天天有人骂我", "privacy"),
    ("公司在我们电脑上装监控软件,连微信聊天都能看", "privacy"),
    ("在县医院做了妇科手术,没几天全村都知道了,是在那医院上班的远房表嫂说出去的", "illness"),
    ("公司人事把我得乙肝的体检报告发到部门群里了", "illness"),
    ("我怀孕流产的事被卫生院的护士告诉了我婆婆", "illness"),
    ("网贷逾期四个月,催收的天天把电话打到我爸妈、单位同事那里,还说我是诈骗犯", "collection"),
    ("我不欠钱,是我表弟的贷款,催收天天给我打骚扰电话", "collection"),
    ("信用卡逾期,银行委托的公司给我村委会打电话说我欠钱", "collection"),
    ("刚买了房,装修公司、贷款公司的电话就打爆了,肯定是开发商泄露的", "info"),
    ("小区物业非要刷脸才能进门,不录人脸不让进", "info"),
    ("培训机构把我孩子的信息卖给别的机构了", "info"),
    ("学校把贫困生的名单身份证号贴在公告栏", "info"),
    ("换了工作,原公司不给我注销账号还在用我的身份信息", "info"),
    ("影楼没经过我同意把我的婚纱照挂在商场打广告", "portrait"),
    ("医美机构拿我的术前术后对比照发小红书宣传", "portrait"),
    ("有人用AI把我的脸换到不雅视频里", "portrait"),
    ("离职半年了,前公司还在用我的照片做招聘海报", "portrait"),
    ("幼儿园把我孩子的照片发到抖音招生", "portrait"),
    ("去办社保发现我名下有家公司,我成了法人,身份证丢过", "name"),
    ("有人用我的身份证办了贷款,银行来找我催", "name"),
    ("离婚后前妻偷偷把孩子的姓改了", "name"),
    ("贷款买房被拒,查征信发现有一笔我没借过的网贷", "credit"),
    ("信用卡早就还清了,征信上还显示逾期,银行不给改", "credit"),
    ("楼上天天半夜拖桌子、小孩跑跳,找了好几次不听", "neighbour"),
    ("楼上漏水把我家天花板和柜子泡坏了,不肯赔", "neighbour"),
    ("前面新盖的楼把我家阳光全挡了", "neighbour"),
    ("邻居把我家门口的路用砖头堵了,车进不来", "neighbour"),
    ("楼下开烧烤店,油烟熏得开不了窗", "neighbour"),
    ("部门经理总摸我腰,发暧昧微信,拒绝了还给我穿小鞋", "harass"),
    ("健身房教练上课的时候乱摸我", "harass"),
    ("坐顺风车司机一路说下流话还摸我腿", "harass"),
    ("孩子在学校被同学孤立、起外号,还被打过,老师说是闹着玩", "bully"),
    ("女儿被室友扒衣服拍视频发群里,学校不管", "bully"),
    ("超市保安说我偷东西,不让走还翻我的包", "dignity"),
    ("婚庆公司把我们婚礼的录像全弄丢了,能要精神损失费吗", "dignity"),
    ("开发商施工把我家祖坟挖了", "dignity"),
    ("宠物店洗澡把我的狗烫死了", "dignity"),
    ("面试说我有乙肝就不要我", "dignity"),
    ("有人用我的头像和名字注册微信,冒充我跟我朋友借钱", "name"),
]


@pytest.mark.parametrize(("opening", "cause"), TROUBLES, ids=[row[0][:14] for row in TROUBLES])
def test_each_trouble_is_recognised_for_what_it_is(opening: str, cause: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


CONCLUDED = [
    ("同行没来过我的店,在抖音编假话造谣我开的餐馆有老鼠,全是编的", "business", f"{NET}#8"),
    ("前男友拿我的私密照威胁,还没发出去,要我打钱", "blackmail", "刑法#274"),
    ("前男友跟踪我,在门口堵我", "stalk", f"{WOMEN}#29"),
    ("邻居的可视门铃对着我家,能拍到我家客厅", "camera", f"{CAMERA}#33"),
    ("医院护士翻我的病历,把我流产的事传出去了", "illness", "民法典#1226"),
    ("网贷催收群发短信给我亲戚,还P图恐吓", "collection", "刑法#293-1"),
    ("我孩子在学校被同学打了,学校不管,老师说闹着玩", "bully", "未成年人保护法#39"),
]


@pytest.mark.parametrize(("story", "cause", "article"), CONCLUDED, ids=[row[1] for row in CONCLUDED])
def test_a_trouble_of_its_own_kind_is_concluded(story: str, cause: str, article: str) -> None:
    causes = reasoning.recognise(DOMAIN, story)
    decision = reasoning.decide(causes, facts.extract(DOMAIN.elements, story, TODAY), TODAY)
    grounds = {id for _, finding in decision.held for ground in finding.grounds for id in ground.articles}
    assert causes[0].id == cause
    assert article in grounds
