"""房屋租赁: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.tenancy import DOMAIN
from tests.orchestrator.fields import played

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释"


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
    (("租期到了我搬走了,房东说墙面有点发黄、沙发旧了,要扣我2000块押金,我退房时拍了视频",), "deposit", {"side": "租客", "dep_why": "说房屋设施损坏", "wear": "正常使用的旧损", "handover": "拍了照或有清单"}, "民法典#710"),
    (("押金3000块,退租两个月了房东一直拖着不退,微信也不回",), "deposit", {"side": "租客", "deposit": "3000元", "dep_why": "没有说理由,拖着不退"}, "民法典#577"),
    (("交了1000定金,结果房东反悔把房子租给别人了,能要双倍吗",), "earnest", {"earnest": "1000元", "breach_by": "出租一方反悔"}, "民法典#587"),
    (("热水器坏了,跟房东说了好几次他就是不修,让我自己修,修理费谁出",), "repair", {"defect": "设施坏了", "noticed": "通知了但不修"}, "民法典#713"),
    (("租的自如房子刚装修完,甲醛超标,我头晕流鼻血,想退租",), "repair", {"side": "租客", "defect": "甲醛等危害健康安全"}, "民法典#731"),
    (("签了一年合同,住了四个月,因为换工作想提前退租,房东说押金不退还要赔一个月房租",), "early", {"side": "租客", "ending": "提前退租", "quit_why": "自己这边的原因", "form": "有书面合同和租期", "lease_term": "1年"}, "民法典#591"),
    (("合同签到明年6月,房东现在说要自己住,让我一周内搬走",), "early", {"side": "租客", "ending": "提前收回房子", "form": "有书面合同和租期"}, "民法典#577"),
    (("跟房东没签合同,口头说的,现在他要收房子让我三天搬走",), "early", {"form": "口头或没约定租期", "ending": "提前收回房子"}, "民法典#730"),
    (("我是房东,租客已经三个月没交房租了,催了好多次都说过几天,我能收回房子吗",), "arrears", {"side": "房东", "out_issue": "拖欠租金", "urged": "催过,没写期限", "owe_months": "3个月"}, "民法典#722"),
    (("租客合同到期了赖着不搬,我能不能直接换锁",), "arrears", {"side": "房东"}, "民法典#462"),
    (("房东把门锁换了,还把我的行李扔到楼道里,说我晚交了几天房租",), "arrears", {"side": "租客"}, "民法典#721"),
    (("我租的是二房东的房子,二房东跑路了,原房东说没同意转租,要我搬走",), "sublet", {"sub_role": "从二房东手里租的", "consent": "不同意"}, "民法典#716"),
    (("我把房子租给小王,他没经过我同意就转租给别人做民宿,我上个月才知道",), "sublet", {"side": "房东", "sub_role": "我的房被租客转租了", "consent": "不同意"}, "民法典#718"),
    (("我租的房子房东卖给别人了,新房东让我搬走,我合同还有两年,我也不想买,就想接着住",), "sale", {"side": "租客", "sale_issue": "卖给了别人"}, "民法典#725"),
    (("我租的门面被法院拍卖了,我租的时候房子还没抵押,是后来才抵押给银行的",), "sale", {"sale_issue": "被法院拍卖或银行处置", "first": "租赁在先"}, "民法典#405"),
    (("合同签了两年才住了半年,房东突然说要涨租,每月从2500涨到3000,不同意就让我走",), "renew", {"side": "租客", "term_issue": "租期没到就涨租"}, "民法典#543"),
    (("租了个商铺,房东同意我装修,装修花了20万,才干一年房东就违约把铺子收回了,装修损失谁赔",), "fitting", {"fit_issue": "到期或解除后装修怎么算", "fit_consent": "同意装修", "fault": "出租一方违约"}, f"{RULES}#9"),
    (("租了个厂房后来才知道是违建,现在要被拆,合同还有效吗,我是租户",), "fitting", {"side": "租客", "fit_issue": "房子是违建"}, f"{RULES}#2"),
    (("合同到期后没续签,我一直住着,房租也照交,房东突然让我明天就搬",), "renew", {"term_issue": "到期后没续签还在住"}, "民法典#734"),
]  # fmt: skip

RAMBLING = [
    ("我租的房子上个月底到期,押一付三押金2600,房东过来看了说墙上有钉子眼要重新刷墙扣1500,冰箱有味道扣300,还说我没打扫扣200清洁费,我住了两年了", ["deposit"], {"deposit": "2600元", "lived": "2年", "dep_why": "说房屋设施损坏"}, {"handover", "started_on", "penalty"}, ["wear"]),
    ("在自如租的房签了一年,住了5个月,公司搬到另一个区了想退租,管家说要扣一个月房租2890当违约金,还有服务费也不退,押金2890能要回来吗", ["early", "deposit"], {"quit_why": "自己这边的原因", "form": "有书面合同和租期", "lease_term": "1年"}, set(), []),
    ("我从一个租房公司租的房子,年付交了36000,才住了3个月,昨天房东突然来说公司没给他付房租,让我3天内搬走,给公司打电话已经关机了", ["sublet"], {"sub_role": "从二房东手里租的", "lived": "3个月"}, set(), ["consent"]),
    ("我有套房子租给一个小伙子,月租3200,已经两个月没付房租了,打电话不接微信不回,合同到明年4月,押金3200,我可以直接开门进去把他东西清出来吗", ["arrears"], {"side": "房东", "out_issue": "拖欠租金", "rent": "3200元", "owe_months": "2个月"}, set(), []),
    ("租的房子卫生间漏水,跟房东说了半个月没人修,楼下邻居找上来说他家吊顶泡了要我赔5000,我冤不冤啊", ["repair"], {"neighbour": "楼下邻居来索赔", "noticed": "通知了但不修"}, set(), []),
    ("昨天看房交了500定金,晚上回去我老婆不同意,今天跟房东说不租了,定金能退吗", ["earnest"], {"breach_by": "预订一方反悔", "earnest": "500元"}, {"started_on"}, []),
    ("2022年租了个门面做餐饮,签了5年,年租金12万,装修投了30多万,现在房东说房子要拆迁让我年底搬,只退剩下的租金,装修一分不赔", ["fitting"], {"fault": "征收等都没过错", "decor_cost": "300000元"}, set(), ["fit_consent"]),
    ("房东上个月把房子卖了没跟我说,新房东来了说要自己住让我一个月内搬,我合同到后年,押金在老房东那", ["sale"], {"sale_issue": "卖给了别人", "ended_on": "2028年"}, {"lived", "lease_term"}, []),
    ("房东说下个月起房租从2800涨到3300,我合同明年6月才到期,不同意的话他就让我搬走", ["renew"], {"term_issue": "租期没到就涨租", "ended_on": "2027年6月"}, {"started_on"}, []),
    ("刚搬进来一周,房间味道很大,眼睛疼,自己买了个检测仪测甲醛0.3,房东说通通风就好了,我想退租他说押金房租都不退,交了押一付三一共9600", ["repair"], {"defect": "甲醛等危害健康安全"}, {"arrears"}, []),
    ("我租了个铺子开奶茶店,现在生意不好赔钱了,欠了房东两个月房租,房东把门锁了不让我进去搬设备,设备值5万多,合同还有一年", ["arrears"], {"side": "租客", "out_issue": "换锁断水电赶人", "owe_months": "2个月"}, set(), []),
    ("我想去外地工作,房子还有7个月到期,房东不同意退租也不让转租,押金4000,我能怎么办", ["early", "sublet"], {"sub_role": "我想转租", "consent": "不同意", "quit_why": "自己这边的原因"}, set(), []),
    ("我是房东,租客签了两年,刚住了8个月就说要退租,让我退押金,我能扣押金再让他赔一个月房租吗,月租4500,押金4500", ["early", "deposit"], {"form": "有书面合同和租期", "rent": "4500元", "deposit": "4500元"}, set(), []),
    ("房东说要把房子收回去给他儿子结婚用,我不同意,昨天他就把水电都停了,我租到后年的,每月2200", ["early", "arrears"], {"ending": "提前收回房子", "out_issue": "换锁断水电赶人", "form": "有书面合同和租期"}, {"quit_why", "started_on"}, []),
]  # fmt: skip

OPEN = [
    ("房东不退押金怎么办", "deposit", set()),
    ("房子漏水怎么办,租的", "repair", {"noticed"}),
    ("想提前退租", "early", {"quit_why", "form"}),
    ("租客不交房租", "arrears", {"urged"}),
    ("二房东跑路了", "sublet", {"consent"}),
    ("房东要卖房", "sale", {"want_buy"}),
    ("房东要涨房租", "renew", {"term_issue"}),
    ("租的店面装修怎么赔", "fitting", {"fit_consent", "fault"}),
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
    ("story", "expected_causes", "expected", "absent", "questions"), RAMBLING, ids=[row[0][:14] for row in RAMBLING]
)
def test_a_rambling_story_is_not_misread(
    story: str, expected_causes: list[str], expected: dict[str, str], absent: set[str], questions: list[str]
) -> None:
    causes, known, asked, _ = told(story)
    assert causes == expected_causes
    assert {id: known.get(id) for id in expected} == expected
    assert not absent & set(known)
    assert asked == questions


@pytest.mark.parametrize(("message", "cause", "decisive"), OPEN, ids=[row[0] for row in OPEN])
def test_a_bare_line_leads_to_the_decisive_questions(message: str, cause: str, decisive: set[str]) -> None:
    causes, _, asked, _ = told(message)
    assert causes[0] == cause
    assert decisive <= set(asked)


def test_a_correction_replaces_the_fact() -> None:
    _, known, _, _ = told("押金交了2000,房东不退", "不对,押金是2500")
    assert known["deposit"] == "2500元"


def test_a_quick_reply_does_not_turn_the_landlord_into_the_tenant() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value
            side = facts.extract(DOMAIN.elements, choice.value, TODAY).get("side")
            assert element.id in ("side", "sub_role") or side is None


# Whole stories leave nothing to ask.
WHOLE = [
    ("deposit", "去年9月跟房东签的一年租约,每月2400,押一付三,押金2400。今年8月底租期到了我按时搬走,水电煤全结清,钥匙当面交的,走之前我把每个房间都录了像。合同上写退房后三天内退押金,除非人为损坏。现在他说卫生间的玻璃胶发黑、墙面有点黄要重新粉刷,一分钱都不给退,可这些都是正常住出来的。我微信问过他五六回,最后直接不回了。收据和转账我都留着,就想把押金拿回来,该怎么弄?"),
    ("earnest", "10月3号我在中介带看下看上一套两居,说好月租3800,当场交了定金2000,房东开了收条写的是“定金”,写明10月10号签正式合同入住。结果10月8号房东说他亲戚要住,不租给我了,只肯原数退2000。收条、微信聊天和转账截图我都有。为了等这房子我把原来那边也退了,多住了五天宾馆花了900。我想让他双倍还我,再把宾馆钱出了,行不行?协议里没写别的赔偿。"),
    ("repair", "今年3月起租的房子,月租3000,租期一年,主卧天花板从5月开始往下渗水,墙都长霉了,床垫和衣柜泡坏了大概值4000块。我前后给房东发了七八次微信和照片,他每次都说知道了就是不来修。物业来看过,说是楼顶防水年久老化,不是我弄的。合同写明房屋漏水由出租方负责维修。我自己找人报价修要3500。我有聊天记录、视频和物业的单子。身体没什么事,没去过医院。我不想搬,就想自己修了从房租里扣,再让他赔我床垫衣柜,这样可以吗?"),
    ("early", "我2026年1月1日租的房,签了两年书面合同,月租4200,押金4200。上个月单位把我调去苏州,我提前一个月在微信上通知房东要退租,还帮他找了接租的朋友,他不同意,说必须住满。合同里写承租人提前退租要付一个月租金作违约金,押金另算。他现在要我赔剩下十四个月的全部房租。聊天记录和合同都在我手里,房租交到了本月底没有欠。我想把合同解除掉,最多赔一个月,押金要退我,他这种要求站得住吗?"),
    ("arrears", "我名下一套住房2025年4月租给一对夫妻,书面合同签到2027年3月,月租3500按季付,押金3500。他们从今年5月开始拖,到现在六个月没付,一共欠21000。合同第七条写着拖欠超过三十天我有权解除合同收房,并按日万分之五付违约金。我9月10日寄过书面催款函,限15天内付清,快递显示本人签收了,微信里他也认账说没钱。到期没动静,我10月又寄了解除通知,他们还是住着不走。合同、快递单、微信截图都齐。我没换锁也没断水电。我要他们搬走并把欠的钱和违约金付了,起诉的话怎么弄?"),
    ("sublet", "今年2月我从二房东小陈手里租了间次卧,月租1800,押金1800,跟他签了一年的合同,租金半年一付已经付到明年1月底。上周大房东找来,说小陈的租约本来写着不得转租,他从头到尾没同意过,而且小陈三个月没交房租,所以把他的合同解除了,要我月底前搬。小陈跟大房东的合同到2027年6月才到期,我看过复印件。小陈电话打不通,我已经报了警,派出所给了回执。合同、转账记录、聊天我都有。我想让小陈把押金和没住的租金退给我,该去告谁?"),
    ("sale", "2025年12月我跟业主签了三年书面租约开理发店,月租5000,押金10000。今年10月他没打招呼就把铺子卖给了外人,已经办完过户,房产证都换了。新房东要我11月底前腾空,说他自己要开超市。房子没有抵押也没被查封过,我查过档。合同写明出租方提前收回要赔两个月租金,没写卖房可以解约。押金还在老房东手上。买卖通知我根本没收到,不过我也没打算买,就想接着开店。租约、转账和新房东的微信都留着。我可以不搬吗?真要搬他们该赔我什么?"),
    ("renew", "我租的住房书面合同是2025年6月1日到2027年5月31日,月租2600,押金2600。上周房东在微信上说周边都涨了,从12月起要收3100,不同意就月底搬走。合同里没有任何涨租的条款,写明租期内租金不变。我回复他不同意,11月的房租照旧转给他被退回来了。聊天截图、合同和转账被退的记录都有。我想按原价继续住到期,他有权这么做吗?我该怎么应对?"),
    ("fitting", "2023年5月我租了间商铺做餐馆,租期五年到2028年5月,月租8000。装修事先给房东看过图纸,他书面签字同意,前后花了26万,装修合同、发票和付款记录都保存着。今年9月房东跟我说要把铺子收回给儿子用,单方把合同解除了,我一直按时交租没有违约。合同约定因甲方原因提前解除的,甲方赔偿装修损失,具体怎么算没写。我不想闹了,同意搬,但要他赔我剩下那一年半多的装修残值,还有押金8000退给我,能要到吗?"),
]  # fmt: skip

# Bare openings: cause, story, what three turns must ask, what the story has told.
OPENINGS = [
    ("deposit", "租的房子退了快两个月了,房东就是不肯把押金还我,问他就说等等。押金怎么才能要回来?", {"clause", "end_how"}, {"asked_back", "dep_why", "side"}),
    ("deposit", "退房的时候中介管家挑了一堆毛病,说沙发脏了地板划了,押金两千六一分不退,气死我了", {"clause", "end_how", "state", "wear"}, {"dep_why", "deposit", "side"}),
    ("earnest", "上周看中一套公寓,给房东转了800块说先定下来,后来我调去别的城市上班不租了,他不退钱", {"clause_earnest", "earnest", "proof", "word"}, {"breach_by", "side"}),
    ("earnest", "房子看好了钱也交了,今天房东说不租给我了,这定金怎么算", {"earnest", "proof", "word"}, {"breach_by", "side"}),
    ("repair", "租的房子热水器坏了大半个月了,冷天没法洗澡,到底该谁出钱换啊", {"clause_repair", "noticed", "spoilt_by"}, {"defect", "side"}),
    ("repair", "刚搬进来的新装修公寓一股怪味,老婆怀孕了天天头晕,这房子还能住吗,能退吗", {"knew_air", "tested"}, {"defect", "side"}),
    ("early", "合同还有大半年,房东突然发消息说要把房子收回去,给我十天时间搬,我该怎么办", {"clause", "rent", "wish"}, {"ending", "form", "notice", "side"}),
    ("early", "公司外派我去成都,这边的房子还没到期,想把房退了,房东不干", {"clause", "notice", "rent"}, {"ending", "form", "quit_why", "side"}),
    ("arrears", "租我铺面的那家快餐店老板从六月起就不给租金了,人还在里面照常做生意,我该咋办", {"arrears", "clause_arrears", "form", "urged"}, {"out_issue", "side"}),
    ("arrears", "下班回来发现锁芯被房东换了,东西全在里面进不去,就因为晚交了十来天房租", {"arrears", "clause_arrears", "lock_why", "reported"}, {"out_issue", "side"}),
    ("sublet", "我跟一个姓刘的租的房,今天真正的房主上门说刘某半年没给他钱,让我们赶快搬", {"consent", "main_left", "reported"}, {"side", "sub_role"}),
    ("sublet", "我的房子被租客隔成四间分租出去了,我都不知道", {"knew_on", "restore_asked"}, {"consent", "side", "sub_role"}),
    ("sale", "房东准备把我现在住的这套卖掉,天天带人来看房,我合同才过半", {"clause_sale", "first", "want_buy"}, {"moved", "sale_issue", "side"}),
    ("sale", "租的门面突然贴了法院的公告说要拍卖,我生意还做着呢", {"first", "lease_when"}, {"moved", "sale_issue", "side"}),
    ("renew", "房东通知下个月开始每月多收五百,不接受就让我走人", {"clause_renew", "ended_on", "proof", "term_issue"}, {"side"}),
    ("renew", "租约下月满了,我还想接着租,房东说要租给出价更高的人", {"clause_renew", "ended_on", "notice", "proof", "rent"}, {"form", "side", "term_issue"}),
    ("fitting", "租的铺子我装了十几万,现在不让我干了,装修的钱找谁要", {"clause_use", "fault", "fit_consent", "lease_left"}, {"decor_cost", "fit_issue", "side"}),
    ("fitting", "租客没打招呼把我房子里的一面墙敲了,我要他恢复", {"clause_use", "restore_asked", "struct"}, {"fit_consent", "fit_issue", "side"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[0] for row in WHOLE])
def test_a_story_told_in_full_is_asked_nothing(cause: str, story: str) -> None:
    causes, _, asked = played(DOMAIN, story, TODAY)
    assert cause in causes
    assert asked == []


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
    ("clause", "合同写着拖欠超过一个月可以收房", "写了相关条款"),
    ("clause", "合同里没提这个", "没有写"),
    ("urged", "就微信和打电话催,没有书面的", "催过,没写期限"),
    ("first", "听说已经过户了,没听说抵押", "没有抵押查封"),
    ("moved", "听说已经过户了,没听说抵押", "已经过户"),
    ("tested", "后来找了有资质的公司测,报告写超标", "有资质机构的报告"),
    ("ill", "去儿童医院看过,花了两千多", "看过病,有病历"),
    ("fit_consent", "没跟我说就砸了", "没经同意装修"),
    ("end_how", "没住满,提前两个月退的", "没到期提前退的"),
    ("proof", "合同和转账记录都有,微信里他也认账", "有书面或影像证据"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "reply", "value"), ANSWERS, ids=[row[1][:12] for row in ANSWERS])
def test_an_answer_in_own_words_is_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None
    assert fact.value == value


# What people bring to a lawyer in this field, each at its own cause.
TROUBLES = [
    ("deposit", "合同到期搬走一个多月了,房东说地板有划痕、墙脏了,押金一分不退"),
    ("deposit", "自如退租以后说要扣我清洁费和折旧费,押金只剩几百块"),
    ("deposit", "二手家具坏了个抽屉,房东要我按新的赔,从押金里扣光"),
    ("deposit", "我是房东,租客退房时把沙发和地板都弄坏了,押金不够赔,还能找他要吗"),
    ("deposit", "租约满了正常退房,中介公司一直拖着押金不给,客服电话打不通"),
    ("earnest", "看中一套房交了五百块定金,回去家里人不同意就不想租了,对方说不退"),
    ("earnest", "收了我两千定金的房东昨天说要租给他亲戚,让我另找"),
    ("repair", "空调坏了半个月,房东让我自己找人修自己出钱"),
    ("repair", "卫生间天花板一直滴水,墙都长霉了,房东就是不来修"),
    ("repair", "刚搬进去的精装公寓味道特别冲,孩子老咳嗽,测出来甲醛超标"),
    ("repair", "租的房子老鼠蟑螂成灾,跟房东说了不管"),
    ("repair", "冬天没暖气,屋里十度不到,房东说是热力公司的事"),
    ("early", "换了工作要去外地,租约还有半年,房东说押一付三都不退还要违约金"),
    ("early", "店里生意太差干不下去了,合同还剩两年,房东要我赔剩下全部租金"),
    ("early", "房东说儿子要结婚用房,租期还没到就让我们下个月搬走"),
    ("early", "租客签了一年,住三个月就要退租,我这损失怎么算"),
    ("early", "没签合同,住了一年多,房东突然通知三天内搬走"),
    ("arrears", "租客四个月没交房租,人还住着,电话也不接,我该怎么收回房子"),
    ("arrears", "晚交了十天房租,房东把门锁换了,东西都在里面"),
    ("arrears", "房东为了赶我走把水电都停了"),
    ("arrears", "租期早满了租客就是不搬,我还等着房子用"),
    ("arrears", "被房东起诉欠租,法院传票来了,疫情那几个月确实没付"),
    ("sublet", "我从二房东手里租的,他卷钱跑了,真正的房东要我们走"),
    ("sublet", "租客没告诉我就把房子租给了别人当民宿"),
    ("sublet", "想把剩下的租期转租给朋友,房东不同意"),
    ("sublet", "长租公寓爆雷了,我付了一年房租,房东说没收到钱要收房"),
    ("sublet", "我的房子交给托管公司,公司两个月没打租金,里面还住着租客"),
    ("sale", "房东把房子卖了,新房东要我一个月内搬出去"),
    ("sale", "法院在我租的铺子门口贴了拍卖公告,我还能用到期满吗"),
    ("sale", "房东要卖房没先问我,同样价格我也想买"),
    ("sale", "我要卖正在出租的房子,租客不配合看房还说有优先权"),
    ("renew", "合同还没到期房东就说要涨五百房租"),
    ("renew", "租了十年的门面到期了,房东不肯续租,要租给隔壁"),
    ("renew", "到期后没续签一直住着,现在房东说要按新价补差价"),
    ("fitting", "开饭店装修花了三十万,房东提前收铺,装修损失谁来赔"),
    ("fitting", "租的厂房被认定是违建要拆,合同还有三年"),
    ("fitting", "租客没经我同意砸了墙做隔断"),
    ("fitting", "租的门面遇上拆迁,装修和停业的补偿能分到多少"),
    ("double", "合同签了钱也付了,去入住发现房子已经租给别人了"),
    ("double", "说好一号交房,房东拖到现在钥匙都不给我"),
    ("agent", "中介发的房源是假的,收了我看房费和中介费不退"),
    ("agent", "租房中介收了一个月租金当中介费,最后房没租成,能不能退"),
    ("agent", "冒充房东的人骗了我半年房租,人找不到了"),
    ("harm", "出租屋热水器漏电,我弟触电住院,房东说不关他事"),
    ("harm", "租客在我房子里自杀了,现在成了凶宅,能找家属赔吗"),
    ("harm", "租的房子半夜线路老化起火,家里东西烧光了"),
    ("shop", "盘下一家奶茶店给了十二万转让费,结果房东不认要收铺子"),
    ("shop", "租了一层楼开幼儿园,消防过不了办不下来许可证,租金能退吗"),
    ("privacy", "房东老是不打招呼就用钥匙开门进来,我一个女孩子很害怕"),
    ("privacy", "在出租屋插座里发现一个针孔摄像头"),
    ("privacy", "合租的室友天天半夜带人回来喝酒,还偷用我东西"),
    ("heir", "房东上个月去世了,他几个子女都来找我收租,不知道该给谁"),
    ("heir", "老租客去世,他儿子说要接着住,我可以收房吗"),
    ("early", "我去年跟一个大姐签了三年的铺面合同开面馆，最近她说儿媳妇要自己开奶茶店，叫我月底就腾出来，说押金退我就完了。我装修都花了十来万，这不是欺负人吗，我该咋办？"),
    ("earnest", "前天在闲鱼上看到个单间挺便宜，房东让我先转一千块占着房，我转了。昨天去看跟照片完全两码事，墙皮都掉光了。我说不租了他死活不退，说是定金。这钱要得回来不？"),
    ("renew", "租期下个月就到了，房东一张口就要涨八百，说不租就滚蛋。我在这都住了四年了，老人看病就在旁边医院，实在不想搬。他能这么涨吗？"),
    ("arrears", "租客是个跑业务的，三个月没见人了，房租也断了，电话关机，东西还扔在屋里。我想打开门重新租出去，会不会犯法？"),
    ("sublet", "我租的是一个公寓平台的房，一次付了半年，结果昨晚房东来砸门，说平台好几个月没打钱给他，让我三天内搬。平台客服已经失联了，群里几百号人都这样。"),
    ("repair", "热水器用着用着突然不打火了，找房东他说用坏了我自己修，师傅上门说是机子太老了要换，报价一千八。这钱该谁掏啊？"),
    ("deposit", "公司租的宿舍退租，物业和房东一起验的房，签了交接单。现在房东说要扣五千块翻新费，押金一万五只退一万，有这个道理吗？"),
    ("harm", "我租的老房子阳台栏杆锈断了，孩子靠了一下就掉下去了，腿摔断了在住院，房东说是我们没看好孩子，一分钱不管。"),
    ("sale", "我们租的这套房子，房东偷偷挂到中介卖，三天两头带人来看房，我下班在家都不得安生。合同还有一年多，他卖了我是不是就得搬？"),
    ("fitting", "我租人家厂房办加工厂，签了八年，第三年政府说那一片要征收，房东拿了补偿款一分不给我，我的设备搬迁、停产损失找谁？"),
    ("arrears", "租我房子的人合同十月底就到期了，我早跟他讲不续了，他说没找到房子赖着不走，租金也不给，我儿子等着结婚装修呢。"),
    ("double", "上礼拜签了合同交了押一付三，说好今天入住，结果上一个租客还没搬走，房东让我再等等，我东西都拉来了没地方放。"),
    ("privacy", "我跟人合租，主卧那对情侣天天半夜吵架摔东西，还把我快递拆了，跟二房东说也没用，我想搬走能退钱吗"),
    ("heir", "我爸是房东，上个月走了，租客说合同是跟我爸签的，不认我，房租也不给了。"),
    ("deposit", "我把房子租给一家人，退房一看满墙都是小孩涂鸦，地板泡烂了，押金才三千根本不够修，他们还催我退押金。"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_typical_trouble_comes_out_at_its_cause(cause: str, opening: str) -> None:
    causes = reasoning.recognise(DOMAIN, opening)
    assert causes[0].id == cause


# An opening, what is answered to the question about one element, and an article that then carries a conclusion.
SETTLED = [
    ("double", "签好合同付了押金,去入住才发现房东把房子又租给了别人", "moved_in", "别人已经住进去了", f"{RULES}#5"),
    ("agent", "中介收了我一个月中介费,房子没租成,不肯退中介费", "agent_deal", "没签成", "民法典#964"),
    ("harm", "我租的房子热水器漏电,女儿触电住院了", "harm_how", "设施老化或没有安全保障", "民法典#1165"),
    ("shop", "租了个门面开饭店,消防手续办不下来,执照办不了", "shop_use", "房子本身的原因", "民法典#724"),
    ("privacy", "房东经常不打招呼自己用钥匙开门进来", "reported", "还没有", "民法典#1033"),
    ("heir", "我租的房子房东去世了,他儿子要赶我走", "heir_who", "其他人", "民法典#725"),
    ("sale", "我租的铺子被法院拍卖了,叫我限期腾退", "first", "租赁在先", "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定#31"),
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
