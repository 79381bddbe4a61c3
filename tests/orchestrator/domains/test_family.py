"""婚姻家庭 against stories as people tell them: the cause, the facts, nothing asked twice, the right articles."""

from datetime import date

import pytest

from orchestrator import asking, facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.family import DOMAIN, ONE, TWO
from orchestrator.domains.pack import Cause
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)

# (messages, cause, expected facts, an article among the grounds, may anything still be asked)
STORIES = [
    (
        ["我和老婆性格不合,分居三年多了,她就是不同意离婚,怎么办"],
        "divorce",
        {"stage": "我想离,对方不同意", "apart": "满两年"},
        "民法典#1079",
        False,
    ),
    (["我怀孕六个月,老公闹着要离婚怎么办"], "divorce", {"stage": "男方在女方孕产期要离"}, "民法典#1082", False),
    (["我们俩都同意离婚,没有孩子,怎么办手续"], "divorce", {"stage": "双方都同意离"}, "民法典#1077", False),
    (
        ["去年起诉离婚,法院判不准离婚,判完之后我们又分居一年多了,现在他还是不同意离"],
        "divorce",
        {"stage": "法院判过不准离", "after": "又分居满一年"},
        "民事诉讼法#127",
        True,
    ),
    (
        ["老公天天喝酒打我,我要离婚,他不同意,我报过警,孩子3岁一直跟我,婚后买的房子是我们一起出的钱,怎么分"],
        "violence",
        {"fault": "家庭暴力或虐待", "bought": "婚后买的", "paid": "夫妻一起出的", "violence_side": "受害的是我本人"},
        "反家庭暴力法#28",
        False,
    ),
    (
        ["离婚房子怎么分?婚前他付的首付30万,写他名,结婚后一起还贷的"],
        "property",
        {"bought": "婚前买的", "paid": "一方付首付,婚后一起还贷", "down": "300000元"},
        f"{ONE}#78",
        False,
    ),
    (["结婚后公婆全款买的房,写了我们两个名字,离婚我能分一半吗"], "property", {"paid": "父母出了钱"}, f"{TWO}#8", False),
    (["老公给小三转了30万,我能要回来吗"], "assets", {"issue": "钱给了第三者", "moved": "300000元"}, f"{TWO}#7", None),
    (
        ["我老公背着我网贷欠了20万,我完全不知情,钱他赌博输了,债主现在找我还,我要还吗"],
        "assets",
        {"issue": "配偶在外欠债", "debt_use": "对方个人用了,我不知情", "debt": "200000元"},
        "民法典#1064",
        None,
    ),
    (["离婚协议写房子归我,前夫一直不过户怎么办"], "agreement", {"agree_issue": "对方不按协议办"}, f"{ONE}#69", False),
    (["离婚后才发现前夫当时藏了一笔50万的存款"], "agreement", {"agree_issue": "漏分或隐藏了财产"}, f"{ONE}#84", False),
    (
        ["孩子5岁,一直跟我生活,离婚能判给我吗,他出轨"],
        "custody",
        {"age": "满两周岁不满八周岁", "with_whom": "一直跟我"},
        f"{ONE}#46",
        False,
    ),
    (
        ["婆家把孩子抢走藏起来了不让我见,我们还没离婚,孩子4岁"],
        "custody",
        {"with_whom": "被对方抢走或藏起来"},
        f"{TWO}#12",
        None,
    ),
    (
        ["离婚协议约定前夫每月给2000抚养费,他已经一年没给了,怎么要"],
        "support",
        {"paper": "离婚协议", "monthly": "2000元", "unpaid": "1年"},
        f"{TWO}#17",
        False,
    ),
    (["前夫月薪一万,抚养费该给多少?我带孩子"], "support", {"income": "10000元"}, f"{ONE}#49", False),
    (
        ["前妻带孩子,我失业了,每月3000的抚养费我给不起,能不能少给"],
        "support",
        {"support_side": "出抚养费的一方", "support_issue": "想减少或停付"},
        f"{ONE}#59",
        False,
    ),
    (
        ["离婚后前妻不让我看孩子,离婚协议写了每周看一次"],
        "visit",
        {"visit_paper": "只有离婚协议写了"},
        f"{ONE}#68",
        False,
    ),
    (
        ["前夫每次来看孩子都喝醉打孩子,我能不让他看吗"],
        "visit",
        {"visit_side": "带孩子的一方", "harm": "有伤害孩子的情况"},
        "民法典#1086",
        False,
    ),
    (["我被老公打了,没报警也没证据,怕他"], "violence", {"violence_proof": "没有什么证据"}, "反家庭暴力法#23", False),
    (
        ["我妹妹被她老公家暴住进医院,我们娘家怎么办"],
        "violence",
        {"violence_side": "受害的是家人或朋友"},
        "反家庭暴力法#23",
        False,
    ),
    (
        ["前男友分手后天天跟踪骚扰我,报过警"],
        "violence",
        {"violence_who": "前任或没住一起的恋人"},
        "妇女权益保障法#29",
        False,
    ),
    (
        ["订婚给了女方18万8彩礼,没领证也没一起住,现在她悔婚不退"],
        "betrothal",
        {"bride_price": "188000元", "registered": "没有领证"},
        f"{ONE}#5",
        False,
    ),
    (
        ["男方现在起诉我要我退彩礼,我们没领证,同居两年,还流过产"],
        "betrothal",
        {"bride_side": "收彩礼的一方", "lived": "一起生活时间较长"},
        "最高人民法院关于审理涉彩礼纠纷案件适用法律若干问题的规定#6",
        False,
    ),
    (
        ["我今年75了,三个儿子都不管我,没有收入还生病"],
        "elder",
        {"elder_side": "我是老人", "elder_need": "没有劳动能力或生活困难"},
        "民法典#1067",
        False,
    ),
    (["我妈在我七岁就抛弃我了,现在要我赡养她,我有义务吗"], "elder", {"excuse": "父母没有抚养过"}, "民法典#26", False),
    (
        ["他婚前隐瞒精神分裂症,我上个月才发现,能撤销婚姻吗"],
        "validity",
        {"defect": "隐瞒重大疾病"},
        "民法典#1053",
        False,
    ),
    (
        ["老婆要跟我离婚,起诉到法院了,我收到传票,我不想离,我们就是吵架没大矛盾"],
        "divorce",
        {"stage": "对方要离,我不想离"},
        "民法典#1076",
        False,
    ),
    (["我出轨了,老公要离婚,我会净身出户吗"], "divorce", {"fault": "我自己有过错"}, f"{ONE}#63", False),
    (
        ["离婚了孩子判给前夫,他再婚后不管孩子,扔给奶奶带,我想要回抚养权,孩子6岁"],
        "custody",
        {"custody_stage": "离婚后想变更"},
        f"{ONE}#56",
        None,
    ),
    (
        ["未婚生子,男方不认,不给抚养费,我能告他吗,没领证"],
        "support",
        {"support_issue": "还没定数额"},
        "民法典#1071",
        False,
    ),
    (
        ["弟弟谈的对象,给了彩礼16万6,三金3万,领了证住了两个月女方跑回娘家不回来了,能要回彩礼吗"],
        "betrothal",
        {"bride_price": "166000元", "gold": "30000元"},
        "最高人民法院关于审理涉彩礼纠纷案件适用法律若干问题的规定#5",
        False,
    ),
    (["为了买房假离婚,现在她不肯复婚还要分走房子"], "agreement", {"agree_issue": "假离婚"}, f"{TWO}#2", False),
    # corrections: the later message wins
    (
        ["我和老婆性格不合,分居一年,她不同意离婚", "不对,是分居三年了"],
        "divorce",
        {"apart": "满两年"},
        "民法典#1079",
        False,
    ),
    (
        ["结婚后买的房,怎么分,我们一起出的钱", "说错了,是结婚前买的,他付的首付,婚后一起还贷"],
        "property",
        {"bought": "婚前买的", "paid": "一方付首付,婚后一起还贷"},
        f"{ONE}#78",
        False,
    ),
    # bare one-liners lead to a few decisive questions
    (["我想离婚"], "divorce", {}, None, True),
    (["要退彩礼吗"], "betrothal", {}, None, True),
    (["抚养权怎么争"], "custody", {}, None, True),
]


def consult(messages: list[str]) -> tuple[dict[str, Fact], list[Cause], reasoning.Decision]:
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    return known, causes, decision


@pytest.mark.parametrize(
    ("messages", "cause", "expected", "article", "open_"), STORIES, ids=[row[0][0][:24] for row in STORIES]
)
def test_story(
    messages: list[str], cause: str, expected: dict[str, str], article: str | None, open_: bool | None
) -> None:
    known, causes, decision = consult(messages)
    assert cause in [one.id for one in causes]
    assert {id: known[id].value for id in expected if id in known} == expected
    asked = asking.listed(DOMAIN, causes, decision, known, "\n".join(messages))
    assert not {element.id for element in asked} & set(known)
    if open_ is not None:
        assert any(finding.weight >= asking.PRESSING for _, finding, _ in decision.open_) is open_
    if article:
        assert article in {one for _, finding in decision.held for ground in finding.grounds for one in ground.articles}


@pytest.mark.parametrize("story", ["没有家暴,没有出轨,就是性格不合天天吵架", "他没打过我,也没有赌博,就是感情不和"])
def test_what_is_denied_is_not_a_fact(story: str) -> None:
    known, causes, _ = consult([story])
    assert known["fault"].value == "没有明显过错,感情不和"
    assert "violence" not in [cause.id for cause in causes]


# Rambling first messages with distracting numbers: (story, causes, causes it is not, facts, elements it says nothing of).
RAMBLING = [
    (
        "你好律师,我跟老公2016年结的婚,有个女儿今年9岁上三年级,他去年开始天天不着家,昨天我看他手机发现他跟一个女同事开房,我当时就跟他吵,第二天他就搬出去了,房子是婚后买的,首付他爸妈出了40万,剩下我俩一起还月供4500,我想离他说要离你净身出户,我该咋办,孩子我一定要",
        {"custody", "divorce", "property"},
        set(),
        {"stage": "我想离,对方不同意", "fault": "出轨", "age": "满八周岁"},
        set(),
    ),
    (
        "老婆起诉我离婚了,上周收到法院传票5月8号开庭,我们儿子才1岁2个月,她说我家暴其实就是去年吵架我推了她一下,她报过警,我不想离",
        {"divorce"},
        set(),
        {"fault": "对方说我家暴", "violence_side": "我被指家暴"},
        set(),
    ),
    (
        "去年腊月跟女方定亲给了16.8万彩礼还有三金4万多,今年正月办了酒席没领证,住了三个月她回娘家不回来了,昨天媒人说她家只肯退5万,我借了10万块钱结婚的",
        {"betrothal"},
        set(),
        {"bride_side": "给彩礼的一方", "registered": "没有领证", "bride_price": "168000元"},
        set(),
    ),
    (
        "我和男朋友订婚他家给了8万8,我们领了证过了两年有个孩子,现在要离婚他让我把彩礼退了,手机一万多也要我还,我要退吗",
        {"betrothal"},
        set(),
        {"bride_price": "88000元", "bride_side": "收彩礼的一方"},
        set(),
    ),
    (
        "老公喝完酒就打人,昨天晚上又把我打了,眼睛都肿了,我带孩子跑回娘家了,没敢报警,他发微信说我不回去就弄死我全家",
        {"violence"},
        set(),
        {"violence_proof": "有报警、伤情或聊天等证据"},
        set(),
    ),
    (
        "离婚三年了,孩子跟我,前夫一分抚养费没给过,离婚协议上写的每个月1500,现在孩子上初中补课一个月就要2000,前夫开饭店听说一年赚二三十万",
        {"support"},
        {"custody"},
        {"support_issue": "定好了却不给", "paper": "离婚协议", "monthly": "1500元"},
        set(),
    ),
    (
        "前妻不让我看孩子,我每个月都给3000抚养费从来没断过,法院判决书上写的每个月可以看两次,她搬家了也不告诉我",
        {"visit"},
        {"support"},
        {"visit_paper": "法院判决或调解书写明了"},
        set(),
    ),
    (
        "我爸78了,脑梗瘫在床上,我们姐弟三个,就我一个人伺候,弟弟说房子给我了就该我管,房子才值十几万,请保姆一个月4500,姐姐说嫁出去的女儿不管",
        {"elder"},
        set(),
        {},
        set(),
    ),
    (
        "我发现我老公这两年给外面那个女的转了有28万6,还给她买了辆车12万,有微信转账记录,我不想离婚就想把钱要回来",
        {"assets"},
        {"divorce"},
        {"issue": "钱给了第三者", "moved": "286000元"},
        {"stage"},
    ),
    (
        "离婚时孩子判给了孩子爸,现在孩子爸在外地打工,孩子6岁一直在老家跟奶奶,上个月我去看孩子,孩子身上有伤,我现在再婚了收入8000,能把抚养权要过来吗",
        {"custody"},
        set(),
        {"custody_stage": "离婚后想变更", "with_whom": "一直跟对方"},
        set(),
    ),
    (
        "我俩同居五年没领证,一起买了套房子首付我出20万他出30万写的他名,月供6000一起还的,现在分手了他让我搬走",
        {"betrothal"},
        set(),
        {"gift_kind": "同居时一起买的东西"},
        {"bride_side"},
    ),
    (
        "结婚半年发现老婆有精神病,一直吃药,丈母娘早就知道没告诉我们,彩礼花了20万,能退婚不",
        {"betrothal", "validity"},
        set(),
        {"registered": "领了证", "defect": "隐瞒重大疾病"},
        set(),
    ),
]


@pytest.mark.parametrize(
    ("story", "causes", "others", "expected", "silent"), RAMBLING, ids=[row[0][:24] for row in RAMBLING]
)
def test_a_rambling_story(
    story: str, causes: set[str], others: set[str], expected: dict[str, str], silent: set[str]
) -> None:
    known, found, _ = consult([story])
    ids = {cause.id for cause in found}
    values = {id: fact.value for id, fact in known.items()}
    assert causes <= ids and not others & ids
    assert expected.items() <= values.items()
    assert not silent & set(values)


# (cause, opening, the decisive facts held back)
OPENINGS: list[tuple[str, str, set[str]]] = [
    (
        "divorce",
        "结婚十一年,老公这几年一喝多就动手,前天又把我推倒在茶几上,闺女才上二年级,吓得躲在屋里。我真的过不下去了想离,可我不知道该怎么弄",
        {"stage", "violence_proof", "bought"},
    ),
    (
        "divorce",
        "跟媳妇结婚六年,天天为了我妈吵,去年开始她就搬回娘家了,我想离婚,律师帮我看看好不好离",
        {"stage", "kids", "bought"},
    ),
    (
        "property",
        "我俩准备离婚了,主要是那套房子谈不拢,她说一人一半,我觉得不公平,法院会怎么分",
        {"bought", "paid", "fault"},
    ),
    (
        "assets",
        "昨天一个陌生人加我微信,说我老公欠他钱,让我跟着一起还。我都不认识这个人,我该怎么办",
        {"debt_use", "debt", "debt_suit"},
    ),
    ("assets", "最近发现我老婆偷偷往她弟弟那里转钱,问她还不承认,我怎么才能要回来", {"trace", "moved", "still"}),
    ("agreement", "离婚的时候说好车归我,补我一笔钱,结果前夫到现在不给,电话也不接", {"term", "divorced_on"}),
    (
        "custody",
        "正在跟老公打离婚,我想要儿子的抚养权,他家里说孩子是他们家的根不可能给我",
        {"age", "with_whom", "means"},
    ),
    ("support", "前夫好久没给抚养费了,孩子一直是我带,我一个人实在扛不住", {"paper", "monthly", "income", "enforced"}),
    ("visit", "前妻不让我看孩子,每次去她都说孩子不在家,我想见儿子一面怎么这么难", {"visit_paper", "enforced"}),
    ("violence", "男朋友又打我了,同居两年打了不知道多少次,我想让他离我远一点,法院能管吗", {"violence_proof", "danger"}),
    (
        "betrothal",
        "我儿子去年订婚给了女方家彩礼,现在女方说不结了,彩礼不肯退,怎么要回来",
        {"lived", "pregnant", "spent", "paid_how"},
    ),
    (
        "betrothal",
        "前男友起诉让我退彩礼十万,我们办过酒席在一起过了一年多,我凭啥退",
        {"registered", "pregnant", "spent"},
    ),
    (
        "elder",
        "我今年七十六了,大儿子和小儿子谁都不管我,推来推去,我能告他们吗",
        {"elder_need", "children_means", "mediated"},
    ),
    ("validity", "领证以后才发现老公有精神分裂症一直在吃药,他们家结婚前一个字都没提,我想撤销婚姻", {"since", "trace"}),
    ("divorce", "老公在外面有人了天天不着家,我要是起诉离婚法院会不会判", {"bought", "kids", "stage"}),
    ("visit", "离婚后他一次都不让我见女儿,把我微信拉黑,我该怎么办啊", {"visit_paper"}),
    ("violence", "前夫天天跟踪我到单位闹,威胁说要我好看", {"violence_proof"}),
    ("divorce", "老婆出轨被我抓到了,我要离婚,她还想分家产,能不能让她净身出户", {"bought", "stage"}),
    ("divorce", "法院去年判了不准离,现在还能再起诉吗,我一天都不想跟他过了", {"after"}),
    ("custody", "离婚两年了孩子判给男方,现在想把抚养权要回来", {"age", "change_why"}),
    ("betrothal", "谈了三年恋爱给女友转了七八万,现在分手了能要回来不", {"paid_how"}),
    ("assets", "老公打赏女主播花了很多钱,都是家里的存款,能追回吗", {"moved", "trace"}),
]

# Stories that leave nothing open.
COMPLETE: list[tuple[str, str]] = [
    (
        "divorce",
        "我和丈夫结婚七年,女儿五岁,从出生到现在都是我带,他常年在外地。他去年开始跟单位一个女的在外面租房同居,我有他们进出小区的照片和聊天记录。我提出离婚他死活不同意,以前没有起诉过。我们从去年三月分居到现在。没有买房,一直租房住,存款也就四万块,没有外债。孩子我肯定要自己带,我月薪六千,我妈帮我接送。现在想起诉,胜算大不大?",
    ),
    (
        "divorce",
        "我们俩都同意离婚,也没有孩子,结婚才三年,没买过房,各自的工资各自花,车是她婚前的,没有存款和欠债要分,就是性格合不来,平时没有动过手也没有别人。想问问去民政局要带什么,冷静期是怎么算的?",
    ),
    (
        "property",
        "我跟老公要离婚,双方都同意离,没有小孩。房子是婚后第二年买的,写的我们两个人的名字,首付六十万,我爸妈出了二十万他爸妈出了四十万,没写过什么协议,剩下的贷款我俩一起还,现在市值二百三十万,还欠银行七十万。另外有存款十五万和一辆车,没有别的债。房子归谁,给多少补偿?",
    ),
    (
        "assets",
        "我和老公还没离婚,也暂时不想离。他去年五月到今年二月陆陆续续给一个女主播的私人微信转了二十三万,就是他在外面的情人,我查了银行流水,转账记录都打印出来了,聊天记录也拍了照。这里面大部分是家里的存款,我们没签过财产协议,她一分也没退过。我想把这笔钱要回来,要告谁?",
    ),
    (
        "assets",
        "老公瞒着我在外面跟朋友借了四十万去炒期货,全亏了,我完全不知情也没签过字,家里一分钱没用上。借条是他去年八月一个人打的。现在债主把我俩一起告到法院,我上周收到传票,下个月开庭。我们还没离婚,我也不想离。他的炒股流水我都打印了,这笔债我要一起还吗?",
    ),
    (
        "agreement",
        "我2024年6月和前夫在民政局办的离婚,离婚协议里写明房子归我,他要在三个月内配合过户。可一直到现在他都不去办,我发微信催了不知道多少回,他说涨价了要我补他二十万,聊天记录都在。我还没去过法院。房子没有贷款,还登记在他名下。我怎么让他过户?",
    ),
    (
        "custody",
        "我和老婆正在闹离婚,离婚这件事她也同意,财产也谈好了各归各的,就是两个人都想要孩子。儿子今年四岁,上幼儿园中班,从小就是我和我爸妈带,他妈妈在外地上班一个月回来一次。我月薪九千,有自己的房子,我爸妈退休了能帮着带;她租房住,工资七千。她没什么大毛病,就是感情不和。孩子能判给我吗?",
    ),
    (
        "support",
        "离婚三年,儿子判给我,今年十岁上四年级,法院判决书写着前夫每月给一千二抚养费。他从去年十月开始就一分没给了,算下来一年多。他开网约车,一个月挣七八千。我没去过法院申请执行,微信催过他,他说没钱。孩子每个月吃饭补课要三千多。我该怎么办?",
    ),
    (
        "visit",
        "我和前夫2023年离婚,女儿六岁归他,法院的调解书上写着我每月第一个和第三个周末可以接孩子探望。从今年春节起他就不让我看,换了电话,我去他家敲门他报警说我骚扰。我没有申请过执行,去找过居委会调解,没用。我从来没有打骂过孩子。我怎么才能见到孩子?",
    ),
    (
        "violence",
        "我老公打我三四年了,上周三晚上又把我头打破缝了六针,医院的病历和照片都有,派出所来过,给他出了告诫书。我现在带着八岁的儿子躲在娘家,暂时安全,他天天打电话说要弄死我全家。房子是租的,没什么财产和存款,孩子也一直是我带。我还没跟他离婚,以前没起诉过,准备起诉离婚。保护令怎么申请?",
    ),
    (
        "betrothal",
        "我是男方,去年十月订婚,彩礼一共十六万八,是我妈银行转账给她爸的,还有三金花了三万,媒人都知道。今年正月办的酒席,没有领证,在一起住了四个月。她没有怀孕。她陪嫁过来一台冰箱和几床被子,彩礼她爸说给她弟弟买车用了。现在因为她嫌我挣得少自己跑回娘家,说不过了,也不退钱。能要回来多少?",
    ),
    (
        "elder",
        "我今年74岁,老伴走了,腿脚不好还有糖尿病,没有退休金,就靠每个月两百块养老金。我有两个儿子一个女儿,都成家了,大儿子做生意收入不错,小儿子打工,女儿在外地。分家的时候房子给了小儿子,大儿子就说谁拿房子谁养老,一分不出,女儿说嫁出去的不管。村委会调解过两次都没用,没有写过赡养协议。我想让他们每人每月给我五百,医药费平摊,可以吗?",
    ),
    (
        "validity",
        "我和老婆今年六月领的证,九月她住院我才知道她结婚前就有癫痫和精神分裂症,十几岁就开始吃药,她们家一直瞒着我,我婚前完全不知道。她2019年的住院病历我拍了照。我们没有孩子,还没离婚。我是今年九月十号知道的,现在想撤销婚姻,还来得及吗?",
    ),
    (
        "divorce",
        "结婚9年,有一个7岁的儿子跟我住,老婆去年起赌博输了三十多万,劝过几次不改,欠条和她的保证书都在我这。她不同意离,之前没起诉过。房子是我婚前首付婚后一起还贷的,写我的名,现在值120万,还欠60万贷款,存款基本没有。我要离婚,要儿子,我妈帮忙带,我一个月挣一万二。能判吗?",
    ),
    (
        "assets",
        "我2020年结婚,老公婚内给第三者前后转了46万,是我翻他手机看到的转账记录,已经截图。我们没有签过财产协议,对方也没退过钱。我们现在没离婚,我还想过下去,不过要把钱追回来。",
    ),
    (
        "elder",
        "我们兄妹三个,老母亲84岁了,瘫痪在床没有退休金,一直在我家住,请保姆一个月5000。大哥说他当年没分到老房子不肯出钱,妹妹说嫁出去了也不管,其实大哥开店条件好,妹妹有退休工资。村委会调解过没用,没写过协议。我想让他们一人出一千五,该怎么办?",
    ),
    (
        "divorce",
        "律师您好,我跟老公结婚五年,他三天两头打我,今年八月打断了我一根肋骨,住院病历、伤情鉴定都有,派出所立案了。我要离婚,他不肯。我们没有孩子,住的房子是他婚前全款买的,写他的名,我不要他的房,存款各自保管,没有共同的债。我现在已经搬出来住在妹妹家,暂时安全。没有起诉过。法院能判离吗,能要赔偿吗?",
    ),
    (
        "custody",
        "我和前夫2022年协议离婚,儿子八岁半归他。今年他再婚以后后妈经常打孩子,身上有淤青,学校老师和邻居都看见了,我拍了照片。孩子跟老师说想跟我住。我有正式工作,月薪八千,自己有房,我爸妈身体好能帮忙接送。我想把抚养权变更过来,能成吗?",
    ),
    (
        "support",
        "孩子爸和我2021年在法院调解离婚,调解书写着每月2000抚养费,女儿现在七岁。他在国企上班,一个月到手九千多。今年三月起就不给了,已经八个月,我催过他好多次,他说要还房贷没钱。还没去申请执行。孩子一个月学费和生活费要三千出头。我该怎么要?",
    ),
]


@pytest.mark.parametrize(("cause", "story", "decisive"), OPENINGS, ids=[row[1][:24] for row in OPENINGS])
def test_what_an_opening_holds_back_is_asked_for(cause: str, story: str, decisive: set[str]) -> None:
    known, causes, _ = consult([story])
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert cause in [one.id for one in causes]
    assert decisive <= asked and not asked & set(known)


@pytest.mark.parametrize(("cause", "story"), COMPLETE, ids=[row[1][:24] for row in COMPLETE])
def test_a_complete_story_is_asked_nothing(cause: str, story: str) -> None:
    assert cause in [one.id for one in consult([story])[1]]
    assert rounds(DOMAIN, story, TODAY) == []


# (element, a natural reply to its question, what it says)
REPLIES = [
    ("stage", "他不同意,说要离就打官司", "我想离,对方不同意"),
    ("bought", "婚后第二年买的,写他一个人的名字,还有二十多万贷款", "婚后买的"),
    ("violence_proof", "报过一次警,派出所出了告诫书", "有报警、伤情或聊天等证据"),
    ("violence_proof", "没有报过警,也没拍照", "没有什么证据"),
    ("lived", "住一块儿才俩月就回娘家了", "一起生活时间较短"),
    ("pregnant", "没怀过,也没孩子", "没有怀孕生育"),
    ("spent", "陪嫁了一台电动车和家电,大概三万块", "有嫁妆或已用在共同生活"),
    ("paid_how", "十万是银行转账给她爸的,剩下的是现金,媒人在场", "有转账或收条、媒人证明"),
    ("enforced", "还没找过法院", "都没有"),
    ("with_whom", "现在跟她奶奶住,她带得多", "一直跟对方"),
    ("kids", "一个儿子,六岁,跟我", "有未成年孩子"),
    ("debt_suit", "就是天天打电话催", "还没有起诉"),
    ("children_means", "哥哥下岗吃低保,我和姐姐都有工作", "有的困难"),
    ("fault", "他喝多了就打我,还赌博,欠了一屁股债", "家庭暴力或虐待;赌博吸毒"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None and fact.value == value


@pytest.mark.parametrize(
    ("story", "element", "value"),
    [
        ("订婚给了彩礼12万,办了酒但先不领证,他们说办了酒就是结了婚", "registered", "没有领证"),
        ("他前天把我打得眼睛都青了,我没报警也没去医院", "violence_proof", "没有什么证据"),
        ("判决书上写我每个月给1500抚养费,她现在要涨到4000", "monthly", "1500元"),
        ("房子婚后买的,现在分居了她租房住", "bought", "婚后买的"),
    ],
)
def test_what_is_easily_misread(story: str, element: str, value: str) -> None:
    assert facts.extract(DOMAIN.elements, story, TODAY)[element].value == value


# The typical troubles of the field: the cause that leads, and how a client opens.
TROUBLES = [
    ("divorce", "结婚八年天天吵架,我提离婚老公不肯,直接起诉能离掉吗"),
    ("divorce", "法院第一次判了不准离,多久能再告"),
    ("divorce", "我跟老公都同意离,去民政局要带什么,冷静期怎么算"),
    ("divorce", "老婆突然说要离婚,我不想离,孩子还小"),
    ("divorce", "女儿刚满月,他就闹着要跟我离婚"),
    ("divorce", "跟媳妇分居三年了,她不同意离,我该怎么办"),
    ("absent", "老公在监狱服刑,判了七年,我想离婚"),
    ("absent", "老婆离家出走两年联系不上,能离婚吗"),
    ("property", "婚前他爸妈付的首付,婚后我们一起还贷,离婚房子怎么分"),
    ("property", "房本上加了我的名字,离婚时他说是他婚前财产,我能分吗"),
    ("property", "离婚时公积金和存款要不要平分"),
    ("property", "我爸妈全款给我和老公买的房,离婚他能分走一半吗"),
    ("mistress", "我老公给外面的女人转了二十多万,我能要回来吗"),
    ("mistress", "老婆跟公司男同事好上了,给那个男的买了辆车"),
    ("squander", "老公打赏女主播花了十几万,家里存款都没了"),
    ("squander", "闹离婚期间他偷偷把存款转到他妈名下"),
    ("owes", "老公背着我网贷了三十万,现在催收找我要我一起还"),
    ("owes", "离婚时说好债务归前夫,债主却把我也告了,说是夫妻共同债务"),
    ("agreement", "离婚协议写房子归我,前夫一直拖着不过户"),
    ("agreement", "离婚的时候被他骗着签了净身出户的协议,现在想反悔"),
    ("agreement", "离婚两年后才发现前妻还藏了一笔理财没分"),
    ("agreement", "为了买房假离婚,现在他不肯复婚还要房子"),
    ("custody", "要离婚了,孩子才一岁半,能判给我吗"),
    ("custody", "我没工作,离婚能争到女儿的抚养权吗"),
    ("custody", "孩子判给前夫,可他把孩子扔给爷爷奶奶不管,我想要回抚养权"),
    ("custody", "老公把儿子抢走藏到老家,不让我见"),
    ("support", "前夫已经八个月没给抚养费了,判决书写每月一千五"),
    ("support", "孩子上初中了开销大,能让前夫多给点抚养费吗"),
    ("support", "我失业了,给不起每个月三千的抚养费,能少给吗"),
    ("support", "离婚协议上我说不要抚养费,现在养不起了还能要吗"),
    ("visit", "离婚后前妻不让我看孩子,还把我拉黑了"),
    ("visit", "前夫每次来看孩子都喝得醉醺醺,我可以不让他看吗"),
    ("violence", "老公喝了酒就打我,昨晚把我打得鼻青脸肿"),
    ("violence", "分手后前男友天天跟踪我,堵在我公司门口"),
    ("violence", "我妈经常被我爸打,我想帮她申请保护令"),
    ("betrothal", "订婚给了十八万八彩礼,没领证女方悔婚,能退吗"),
    ("betrothal", "结婚半年就离了,男方家要我退彩礼"),
    ("love_money", "跟女朋友谈了两年,给她转账花了十来万,分手能要回来吗"),
    ("cohabit", "没领证同居五年,一起买的房只写了他的名,分手怎么分"),
    ("elder", "我七十了,两个儿子谁都不管我,能告他们吗"),
    ("elder", "我爸瘫在床上都是我一个人伺候,哥哥一分钱不出"),
    ("elder", "小时候父亲抛弃了我们,现在老了要我赡养"),
    ("validity", "结婚后才发现老公有精神病史,婚前一直瞒着,能撤销婚姻吗"),
    ("validity", "被家里逼着领了证,现在跑出来了怎么办"),
    ("paternity", "做了亲子鉴定孩子不是我亲生的,这些年抚养费能要回来吗"),
    ("paternity", "没结婚生了孩子,男方不认孩子也不肯做鉴定"),
    ("adoption", "想收养亲戚家的孩子,需要办什么手续"),
    ("adoption", "养父母跟我闹翻了,想解除收养关系"),
    ("guard", "孩子爸妈车祸都没了,爷爷奶奶和外公外婆争监护权"),
    ("guard", "我妈老年痴呆了,谁来当监护人,存款怎么取"),
    ("surname", "前妻偷偷把儿子改成继父的姓,我能要求改回来吗"),
    ("maintain", "我得了癌症,老公不管我,一分医药费都不出,没想离婚"),
    ("pact_valid", "老公写过保证书,说再出轨就净身出户,有法律效力吗"),
    ("grand", "儿子去世了,儿媳不让我们看孙子"),
    ("damages", "老公出轨同居,离婚我能要精神损害赔偿吗"),
    ("betrothal", "闪婚三个月我就后悔了，男方说离可以但得把彩礼退了，我们都没啥共同财产，该咋弄"),
    ("custody", "我跟孩子爸没领过证，现在分开了，女儿两岁半，他非要把孩子抢过去"),
    ("custody", "婆婆趁我上班把儿子接回老家了，老公说要离婚孩子归他家"),
    ("support", "我和孩子爸没结婚，娃一岁，他一分钱不掏，能告他要抚养费吗"),
    ("support", "女儿今年考上大学，前夫说满十八了不给抚养费了"),
    ("support", "前妻带孩子走了，每个月要我四千，我工资才五千五，能不能少点"),
    ("violence", "前夫离婚了还三天两头上门砸门骂人，我和孩子都怕"),
    ("violence", "我儿子喝醉就打我们老两口，怎么办啊"),
    ("property", "结婚前我爸妈全款买的房，去年过户加了老婆名字，现在她要离婚分一半"),
    ("property", "离婚他开的公司股份我能分吗，公司是婚后办的"),
    ("agreement", "民政局离的，说好每月还我二十万补偿款，到现在一分没给"),
    ("mistress", "发现丈夫这几年一直给一个女的发红包转账，加起来十好几万"),
    ("owes", "老公去世前欠的钱，债主找我"),
    ("elder", "我嫁出去二十年了，我哥说爸妈养老钱我也得出一半，有道理吗"),
    ("elder", "我妈改嫁把我扔给奶奶带大，现在她病了起诉我要赡养费"),
    ("betrothal", "相亲认识的，给了六万六见面礼和三金，处了俩月女方不干了"),
    ("betrothal", "和未婚妻办了酒席住了一年没领证，现在她走了，十二万彩礼能要吗"),
    ("validity", "男方用假身份证跟我领的证，现在人跑了，这婚姻算数吗"),
    ("validity", "领证以后才晓得他得过尿毒症，婚前没跟我讲"),
    ("visit", "孩子判给他妈了，每次去看都说不在家，都半年没见了"),
    ("divorce", "我老公长期赌博，屡教不改，还欠了一堆债，我想离婚他不肯"),
    ("divorce", "女方怀孕五个月，男方能起诉离婚吗"),
    ("squander", "他趁我坐月子把家里的车卖了，钱也不知道花哪了"),
    ("guard", "侄女父母都坐牢了，我想当她的监护人"),
    ("maintain", "老公两年没往家拿一分钱，孩子全靠我，我不想离婚"),
    ("divorce", "我男人在外头打工三年没回，电话也不接，我就想把这婚断了"),
    ("divorce", "结婚证丢了能不能直接离婚，双方都愿意"),
    ("property", "老公婚前买的房婚后我还了六年贷款，离了我能拿多少"),
    ("property", "公婆出钱盖的房子，写老公名，离婚我什么都没有吗"),
    ("damages", "他跟别人生了孩子，我离婚想让他赔我精神损失"),
    ("custody", "两个孩子，离婚是不是一人一个"),
    ("custody", "前妻要出国，女儿我想接回来自己养"),
    ("support", "离婚后他换了工作躲着，抚养费三年没见着一分"),
    ("visit", "法院判我每周能见儿子，前妻次次找借口"),
    ("elder", "老母亲八十了，五个子女都不愿意接，居委会调解过两次"),
    ("elder", "爸妈把拆迁房全给了弟弟，现在要我养老，我能不管吗"),
    ("betrothal", "退婚了女方只肯退一半彩礼，三金也不给"),
    ("violence", "他没打过我，但天天骂我，不让我出门还掐过我脖子"),
    ("paternity", "怀疑老二不是我的，老婆不让做鉴定"),
    ("love_money", "网上谈的女朋友，没见过面，前后给她转了五万，后来拉黑我"),
    ("cohabit", "和男友一起供房五年，首付各一半，没结婚，房产证是他的"),
    ("pact_valid", "婚前签了协议房子归我，老公现在说不算"),
    ("agreement", "离婚协议上车归我，他一直不配合过户还在开"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_trouble_comes_out_at_its_own_cause(cause: str, opening: str) -> None:
    assert consult([opening])[1][0].id == cause


# A cause of its own, a story with its deciding facts, and an article that the conclusion rests on.
CONCLUSIONS = [
    ("mistress", "我老公给情人转了二十万,都是520、1314,我们还没离婚", f"{TWO}#7"),
    ("squander", "老公打赏女主播花了十几万", f"{TWO}#6"),
    ("owes", "老公网贷三十万都赌输了,我不知情,催收找我要我一起还", f"{ONE}#34"),
    ("paternity", "做了亲子鉴定孩子不是我亲生的", "民法典#1073"),
    ("adoption", "想收养亲戚家的孩子", "民法典#1105"),
    ("guard", "孩子爸妈车祸都没了,爷爷奶奶和外公外婆争监护权", "民法典#31"),
    ("surname", "前妻偷偷把儿子改成继父的姓", f"{ONE}#59"),
    ("maintain", "我得了癌症没有收入,老公不管我,一分医药费都不出", "民法典#1059"),
    ("pact_valid", "老公写过保证书,说再出轨就净身出户,有法律效力吗", "民法典#1091"),
    ("love_money", "谈恋爱给女朋友转了十万,说好买婚房结婚用的,分手能要回来吗", "最高人民法院关于审理涉彩礼纠纷案件适用法律若干问题的规定#3"),
    ("cohabit", "没领证同居五年,一起买的房怎么分", f"{TWO}#4"),
    ("absent", "老公在监狱服刑,判了七年,我想离婚", "民事诉讼法#23"),
    ("grand", "儿子去世了,儿媳不让我们看孙子", "民法典#1086"),
    ("damages", "离婚我能要家务补偿吗,我全职在家带孩子八年", "民法典#1088"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story", "article"), CONCLUSIONS, ids=[row[0] for row in CONCLUSIONS])
def test_a_special_trouble_is_concluded_on_its_own_articles(cause: str, story: str, article: str) -> None:
    _, causes, decision = consult([story])
    assert causes[0].id == cause
    assert article in {one for _, finding in decision.held for ground in finding.grounds for one in ground.articles}


def test_who_fights_for_the_child_has_not_said_with_whom_it_lives() -> None:
    elements = DOMAIN.elements
    told = {
        text: facts.extract(elements, text, TODAY).get("with_whom")
        for text in ("孩子5岁,我怕他跟我抢孩子", "孩子6岁一直跟我")
    }
    assert [fact and fact.value for fact in told.values()] == [None, "一直跟我"]
