"""医疗损害: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.domains.medical import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理医疗损害责任纠纷案件适用法律若干问题的解释"
HARM = "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释"


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
    (
        (
            "我爸去年8月胸痛去县医院急诊,医生说是胃病开了点药就让回家,第二天就心梗去世了,没做尸检,已经火化了,病历我们复印了,还没做鉴定,医院只肯赔5万",
        ),
        "treatment",
        {
            "mishap": "误诊漏诊",
            "outcome": "患者去世",
            "autopsy": "没做,已火化或土葬",
            "appraisal": "还没鉴定",
            "records": "已复印或封存",
            "hurt_on": "2025年8月",
            "offer": "50000元",
        },
        f"{HARM}#15",
    ),
    (
        (
            "去年3月我在市医院做胆囊切除,主刀把胆总管切断了,后来转到省医院又做了一次手术,前后花了18万,现在还在恢复,病历全部复印了,鉴定结果出来说医院是主要原因",
        ),
        "treatment",
        {"mishap": "手术或操作失误", "appraisal": "医院主要责任以上", "hospitals": "不止一家", "medical": "180000元"},
        f"{RULES}#12",
    ),
    (
        (
            "去年5月我在骨科医院植入钢板,今年9月钢板断在里面,又做了一次手术取出来,断的钢板我留着,花了6万,厂家和医院互相推",
        ),
        "product",
        {"item": "医疗器械或植入物", "kept": "还在或已封存检验", "medical": "60000元"},
        "民法典#1223",
    ),
    (
        ("我老婆今年3月在妇幼生孩子大出血,子宫被切了,病历复印了,还没做鉴定",),
        "birth",
        {"birth_problem": "产妇受损或去世", "outcome": "残疾或重大损伤", "appraisal": "还没鉴定"},
        f"{HARM}#12",
    ),
    (
        ("去年10月在整形医院割双眼皮花了1万2,现在大小眼还闭不上,没做过鉴定",),
        "cosmetic",
        {"clinic": "有医疗资质", "cos_problem": "身体受伤或毁容", "fee": "12000元"},
        f"{RULES}#1",
    ),
    (
        ("孩子打完疫苗当天高烧抽搐,疾控说是异常反应,打的是免费的百白破",),
        "vaccine",
        {"vac_finding": "属于(或不能排除)异常反应", "vac_kind": "免费的(免疫规划)"},
        "疫苗管理法#56",
    ),
    (
        ("我奶奶82岁住养老院,上个月夜里坠床骨折,养老院不肯调监控,花了4万",),
        "care",
        {"place": "养老院", "care_event": "摔伤或坠床", "age": "82"},
        "老年人权益保障法#79",
    ),
    (
        ("我妈住院时在病房卫生间滑倒了髋部骨折,今年5月的事,医院说我们自己不小心,手术花了7万",),
        "care",
        {"place": "医院病房(住院期间)", "hurt_on": "2026年5月"},
        "民法典#1173",
    ),
    (
        ("护士把我得艾滋病的事发到了朋友圈,全村都知道了",),
        "privacy",
        {"leak_how": "医务人员告诉了别人或发到网上"},
        "民法典#1226",
    ),
    (
        ("整形医院把我的术前术后照片放到小红书上做宣传没经过我同意",),
        "privacy",
        {"leak_how": "拿照片或病例做宣传"},
        "民法典#1019",
    ),
    (("感冒去医院给我做了一堆检查花了3000多,能退吗",), "fees", {"fee_issue": "多收费或过度检查"}, "民法典#1227"),
    (("给主刀塞了5000红包",), "fees", {"fee_issue": "收红包或回扣"}, "医师法#31"),
    (("孩子在医院欠费医院不让出院",), "fees", {"fee_issue": "欠费或不让出院"}, "民法典#509"),
    (
        ("我被前夫强行送到精神病院关了20天,我没病也没打人",),
        "psychiatric",
        {"psy_want": "被强行送进去", "danger": "没有危险行为"},
        "精神卫生法#32",
    ),
    (
        ("我哥有精神分裂老是打我妈,我们想送他去精神病院他不肯去",),
        "psychiatric",
        {"psy_want": "想送家人住院", "danger": "危害他人"},
        "精神卫生法#30",
    ),
    (("医院不给我复印病历",), "records", {"records": "医院不给或拖着"}, "民法典#1225"),
    (
        ("病历被改过了,手术时间前后不一样",),
        "records",
        {"records": "怀疑改动、伪造或丢失"},
        "民法典#1222",
    ),
]


@pytest.mark.parametrize(("messages", "cause", "expected", "article"), COMPLETE)
def test_a_complete_story_is_understood_and_leaves_nothing_to_ask(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert causes[0] == cause
    assert {id: known.get(id) for id in expected} == expected
    assert asked == []
    assert article in grounds


BARE = [
    ("医院把我妈治坏了怎么办", "treatment", {"mishap", "outcome", "appraisal"}),
    ("医院误诊", "treatment", {"outcome", "appraisal"}),
    ("打完疫苗出事了找谁", "vaccine", {"vac_finding"}),
    ("隆鼻失败了怎么办", "cosmetic", {"clinic", "cos_problem"}),
    ("医院没经过我签字给我爸做了气管切开", "consent", {"outcome"}),
    ("我弟弟在精神病院现在想出院医院不让", "psychiatric", {"danger"}),
    ("我在医院摔了一跤骨折了", "care", {"place"}),
    ("孩子脑瘫能告医院吗", "birth", {"appraisal", "records"}),
    ("黑诊所把我孩子治坏了", "unlicensed", {"outcome"}),
]


@pytest.mark.parametrize(("story", "cause", "wanted"), BARE)
def test_a_bare_story_leads_to_few_and_decisive_questions(story: str, cause: str, wanted: set[str]) -> None:
    causes, known, asked, _ = told(story)
    assert causes[0] == cause
    assert wanted <= set(asked)
    decision = reasoning.decide(
        [one for one in DOMAIN.causes if one.id in causes], facts.extract(DOMAIN.elements, story, TODAY), TODAY
    )
    now = reasoning.to_ask_now(DOMAIN, decision, facts.extract(DOMAIN.elements, story, TODAY))
    assert 1 <= len(now) <= 6
    assert not {element.id for element in now} & set(known)


# The hospital, the doctor, the one who treats without a licence.
OTHER_SIDE = [
    (
        "我是医生,患者家属在科室门口拉横幅还打了我",
        "provider",
        {"staff_issue": "患者闹事打人"},
        "民法典#1228",
    ),
    (
        "我开的诊所被患者起诉了,要30万,说我没告知风险",
        "provider",
        {"staff_issue": "被患者起诉或索赔", "claim": "300000元", "informed": "没告知也没签字"},
        f"{RULES}#17",
    ),
    (
        "医院认为患者可以办理出院手续，但患者仍然想住院观察，患者拒不缴费希望继续住院到自己满意为止是否可行？",
        "provider",
        {"staff_issue": "患者欠费或不肯出院"},
        "民法典#563",
    ),
    (
        "我们医院被家属起诉要求赔80万,鉴定说次要责任",
        "provider",
        {"staff_issue": "被患者起诉或索赔", "appraisal": "医院同等或次要责任"},
        f"{RULES}#6",
    ),
    (
        "我老公没有行医证给人拔牙被卫生局查了,没出事",
        "unlicensed",
        {"quack_side": "行医的一方", "outcome": "没有实际伤害"},
        "医师法#59",
    ),
]


@pytest.mark.parametrize(("story", "cause", "expected", "article"), OTHER_SIDE)
def test_the_other_side(story: str, cause: str, expected: dict[str, str], article: str) -> None:
    causes, known, asked, grounds = told(story)
    assert causes[0] == cause
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


# Rambling first messages: (story, causes, causes it is not, facts, must-have article).
RAMBLING = [
    (
        "俺娘今年7月份在县医院做的阑尾,术后一直发烧,后来市里查出肚子里落了块纱布,又开了一刀,花了4万多,县医院只肯出2万",
        {"treatment"},
        {"product", "fees"},
        {"mishap": "手术或操作失误", "medical": "40000元", "offer": "20000元"},
        "民法典#1221",
    ),
    (
        "我爷爷肺炎住院,护士输液打错了别人的药,当晚就抢救了,人现在还在ICU,医院说会负责但不给看病历",
        {"treatment", "records"},
        {"consent"},
        {"mishap": "用药或输液出错", "records": "医院不给或拖着"},
        "医疗纠纷预防和处理条例#25",
    ),
    (
        "我妈刚在医院去世了 我们怀疑是医生用错药 要不要尸检啊",
        {"treatment"},
        {"provider"},
        {"outcome": "患者去世", "autopsy": "没做,遗体还在"},
        "医疗纠纷预防和处理条例#26",
    ),
    (
        "我老公胃镜检查时穿孔了,医院说是并发症签了字的不赔",
        {"treatment", "consent"},
        {"fees"},
        {"informed": "讲清了也签了字", "excuse": "属于并发症或个体差异"},
        "民法典#1218",
    ),
    (
        "医院把我妈的子宫卵巢一起切了,说好的只切囊肿",
        {"consent", "treatment"},
        {"birth"},
        {"informed": "做的和签的不一样", "outcome": "残疾或重大损伤"},
        "民法典#1219",
    ),
    (
        "整容医院宣传是韩国专家主刀,结果是个没证的,花了8万",
        {"cosmetic"},
        {"unlicensed"},
        {"cos_problem": "虚假宣传或用假产品", "fee": "80000元"},
        "消费者权益保护法#55",
    ),
    (
        "紧急情况下未取得患者或其亲属同意就对患者实施抢救，造成了患者损害，能否追究医生或医疗机构责任？",
        {"consent"},
        {"provider"},
        {"informed": "紧急抢救来不及"},
        f"{RULES}#18",
    ),
    (
        "和医院签了和解协议赔了3万,后来查出九级伤残,还能反悔吗",
        {"route"},
        {"treatment"},
        {"settled": "私下签了协议"},
        "民法典#152",
    ),
    (
        "鉴定说不构成医疗事故,医院就一分不赔,我腿都瘫了",
        {"treatment"},
        {"records"},
        {"appraisal": "不构成医疗事故"},
        "医疗纠纷预防和处理条例#44",
    ),
    ("医疗事故罪与一般医疗事故有什么区别？", {"route"}, {"treatment"}, {"route_ask": "追究刑事责任"}, "刑法#335"),
    (
        "我爸输血后查出丙肝,去年12月查出来的,医院说血是血站的,血袋早没了",
        {"product"},
        {"treatment"},
        {"item": "输入的血液", "hurt_on": "2025年12月"},
        "献血法#13",
    ),
    (
        "产检一切正常,生下来是唐氏儿,今年2月生的",
        {"birth"},
        {"treatment"},
        {"birth_problem": "产检没查出缺陷"},
        "母婴保健法#18",
    ),
    (
        "村里没证的人给我妈打针,我妈当天就死了",
        {"unlicensed"},
        {"treatment"},
        {"outcome": "患者去世", "quack_side": "被治疗的一方"},
        "刑法#336",
    ),
    (
        "在美容院打玻尿酸打坏了脸,鼻子都烂了,她没有证",
        {"cosmetic"},
        {"treatment"},
        {"clinic": "没有医疗资质"},
        "基本医疗卫生与健康促进法#99",
    ),
    (
        "病人因自身原因在医院坠楼身亡，医院需要承担赔偿责任吗？",
        {"care"},
        {"treatment"},
        {"care_event": "自杀或走失", "outcome": "患者去世"},
        "民法典#1174",
    ),
]


@pytest.mark.parametrize(
    ("story", "causes", "others", "expected", "article"), RAMBLING, ids=[row[0][:24] for row in RAMBLING]
)
def test_a_rambling_story(
    story: str, causes: set[str], others: set[str], expected: dict[str, str], article: str
) -> None:
    found, values, _, grounds = told(story)
    assert causes <= set(found) and not others & set(found)
    assert expected.items() <= values.items()
    assert article in grounds


def test_a_correction_overrides() -> None:
    _, known, _, _ = told(
        "去年6月在医院做手术把神经切断了,还没做鉴定", "不对,是前年6月做的手术,鉴定做了,说医院次要责任"
    )
    assert known["hurt_on"] == "2024年6月"
    assert known["appraisal"] == "医院同等或次要责任"


def test_a_negation_is_no_fact() -> None:
    causes, known, _, grounds = told("做胃镜前医生没跟我讲风险也没让我签字,不过人没什么事,身体很好,能要赔偿吗")
    assert causes[0] == "consent"
    assert known["informed"] == "没告知也没签字"
    assert known["outcome"] == "没有实际伤害"
    assert f"{RULES}#17" in grounds


def test_an_old_harm_turns_on_whether_it_was_claimed() -> None:
    _, known, asked, _ = told("我公公2019年在镇卫生院打针打瘫的,鉴定还没做,病历复印了")
    assert known["outcome"] == "残疾或重大损伤"
    assert asked == ["claimed"]
    _, _, asked, grounds = told("我公公2019年在镇卫生院打针打瘫的,鉴定还没做,病历复印了,一直没找过医院")
    assert asked == []
    assert "民法典#192" in grounds


# (cause, opening, the decisive facts held back)
OPENINGS: list[tuple[str, str, set[str]]] = [
    (
        "treatment",
        "我老公做完阑尾手术第三天人就没了,医院说是突发疾病,我们怎么都想不通,该怎么讨个说法",
        {"autopsy", "records", "appraisal", "informed"},
    ),
    (
        "treatment",
        "老妈在县医院补牙把神经弄伤了,现在半边嘴是麻的,医院推来推去,能告吗",
        {"records", "appraisal", "informed"},
    ),
    ("consent", "医生没跟我们说就把我老婆的卵巢切了,我们都没签过字,这样合法吗", {"records", "appraisal"}),
    ("records", "去医院要病历,病案室一直推脱不给我复印,怎么办", {"outcome"}),
    ("vaccine", "孩子打完疫苗高烧抽搐住了好几天医院,社区说跟他们没关系,我该找谁", {"vac_finding", "vac_kind"}),
    (
        "cosmetic",
        "在美容机构打了玻尿酸,现在脸上一块一块的硬结,对方不认账,我该怎么维权",
        {"clinic", "papers", "examined"},
    ),
    (
        "birth",
        "生孩子的时候助产士硬拉,孩子胳膊抬不起来,医生说是臂丛神经损伤,我们要找医院赔",
        {"records", "appraisal", "informed"},
    ),
    ("fees", "牙科诊所多收我钱,说好的价格做完又加价,能退吗", {"bill"}),
    ("care", "我爸住养老院,夜里上厕所摔断了胯骨,养老院说是他自己不小心", {"watch"}),
    (
        "unlicensed",
        "村里一个没有行医证的人给我爸打针,打完腿就肿得走不了路了,想让他赔",
        {"papers", "reported", "examined"},
    ),
    (
        "treatment",
        "孩子发烧去社区医院挂水,挂完全身过敏休克,抢救了三天才过来,医院一句话都没有",
        {"appraisal", "records"},
    ),
    ("cosmetic", "在私人工作室割了双眼皮,现在一大一小,肿了三个月没消,老板把我拉黑了", {"examined", "papers"}),
    ("care", "婆婆住院期间半夜从病床上掉下来,脑出血走了,护士一直没来看", {"watch"}),
    ("birth", "我怀孕一直在妇幼产检,次次说正常,孩子生下来发现没有左手", {"appraisal", "records"}),
]

# Stories that leave nothing open.
TOLD_ALL: list[tuple[str, str]] = [
    (
        "treatment",
        "我母亲68岁,2026年4月12日在市二院做膝关节置换手术,术前我们签了知情同意书,医生也讲了感染的风险。术后第五天伤口化脓,做了两次清创,6月出院,现在走路还要拄拐,还在做康复。病历全部复印了,也封存了。医院说感染是并发症,不承认有责任。我们8月找医务科谈过一次没谈拢,医疗损害鉴定还没有做。一共花了七万二,医保报了三万。下一步该怎么走?",
    ),
    (
        "treatment",
        "我爸59岁,今年9月3日胸口疼去县医院急诊,值班医生没做心电图就说是胃病,开了点药让回家,没建议住院,当天晚上就心梗去世了。没有做尸检,已经火化。病历我们复印了,急诊没让签过什么同意书。医院说我爸自己没有说清楚病情,不肯赔。我们还没有做鉴定,9月底去卫健委投诉过。抢救花了四千多。能不能起诉?",
    ),
    (
        "consent",
        "今年3月我在市妇幼做剖腹产,医生没跟我和老公说一声就把我的输卵管结扎了,同意书上根本没有这一项,也没人签字。我现在再也不能生育了,做试管的费用医生说要十来万。病历我已经复印封存,写着家属同意,是假的。医院说是为了我好。还没有做鉴定,我5月书面投诉过。医院要不要赔?",
    ),
    (
        "cosmetic",
        "2026年5月我在一家医疗美容门诊部做了双眼皮手术,花了一万二。我在卫健委网站查过,机构有医疗机构执业许可证,医生也有医师证。做完左眼闭不上、一直发炎,7月去市人民医院眼科检查,诊断眼睑外翻。我有付款记录、手术同意书、病历复印件和前后照片。术前签了字但没讲会闭不上。没有做过鉴定。8月找机构谈过,他们说是个人体质,只肯退两千。我该怎么要赔偿?",
    ),
    (
        "birth",
        "我妻子今年1月在县医院顺产,胎心一度很低,医生没有及时剖,孩子出来重度窒息,现在十个月了还不会翻身,诊断是脑瘫。病历已经复印封存,护理记录上的时间对不上。分娩前签过同意书,但没有讲要不要剖。鉴定还没做。9月去找过医务科,医院解释说是胎儿自身原因。已经花了十六万康复费,以后还要做。要怎么索赔?",
    ),
    (
        "care",
        "我妈82岁,住在区里的养老院,签的合同写的是全护理。今年6月20日夜里她自己下床摔倒,大腿骨折,早上六点才被发现,护工承认睡着了。监控我们已经拷下来了。住院做手术花了五万八,现在还卧床恢复。7月找院方谈过,只愿意出一万。我们能要多少?",
    ),
    (
        "unlicensed",
        "今年7月我在小区门口一家没有执业许可证的推拿馆正骨,老板没有医师证,给我按完脖子手就麻了。我去市医院检查,诊断颈髓损伤,住院花了三万六,现在右手还没有力气,一直在康复。微信付款记录、聊天记录和诊断书都有。8月我向卫健委举报了,他们正在查。老板只肯给五千。我能要哪些钱?",
    ),
    (
        "fees",
        "我在私立口腔医院做烤瓷牙,合同上写一共八千六,做完给我的发票和清单却是一万三,多收了四千四。我找前台和经理要求退费,他们说用了进口材料,可事先没说。能要求退多收的钱吗?",
    ),
    (
        "treatment",
        "我今年35岁,3月10日在市一院做甲状腺手术,手术把喉返神经切断了,现在声音嘶哑,评了八级伤残。术前签过知情同意书,讲过有这个风险。病历全部复印封存了,6月医学会鉴定说医院有过错,负主要责任。医院口头承认,只愿意赔五万。医疗费花了四万三,误工四个月,月工资六千。我没有签过任何协议,7月去医调委调解过没成。能要多少钱,怎么起诉?",
    ),
]


@pytest.mark.parametrize(("cause", "story", "decisive"), OPENINGS, ids=[row[1][:24] for row in OPENINGS])
def test_what_an_opening_holds_back_is_asked_for(cause: str, story: str, decisive: set[str]) -> None:
    causes, known, _, _ = told(story)
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert cause in causes
    assert decisive <= asked and not asked & set(known)


@pytest.mark.parametrize(("cause", "story"), TOLD_ALL, ids=[row[1][:24] for row in TOLD_ALL])
def test_a_story_that_tells_all_is_asked_nothing(cause: str, story: str) -> None:
    assert cause in told(story)[0]
    assert rounds(DOMAIN, story, TODAY) == []


# (element, a natural reply to its question, what it says)
REPLIES = [
    ("outcome", "闭不上眼,要做修复手术", "受到伤害,还在治或没评残"),
    ("outcome", "一岁了还不会坐,医生说发育迟缓", "残疾或重大损伤"),
    ("records", "还没去,没想到要病历", "还没复印"),
    ("records", "医院说要等领导签字才给复印", "医院不给或拖着"),
    ("appraisal", "没有做过,不知道去哪做", "还没鉴定"),
    ("autopsy", "还没做,遗体还在太平间", "没做,遗体还在"),
    ("informed", "签过知情同意书,但没讲清楚会伤神经", "签了字但没讲清"),
    ("clinic", "我还没去查过", "还没核实"),
    ("papers", "有微信转账记录,还有做之前的照片", "有凭证"),
    ("examined", "上个月去市医院看过,医生说要重做", "去别的医院检查过"),
    ("reported", "报过警,派出所让我找卫健委", "投诉或报警过"),
    ("watch", "监控他们说坏了", "没有或不给看"),
    ("informed", "进手术室前才让签字,没人跟我讲风险", "签了字但没讲清"),
    ("papers", "签过一张同意书,付款记录也有", "有凭证"),
    ("examined", "市人民医院诊断说要做修复", "去别的医院检查过"),
]


@pytest.mark.parametrize(("element", "reply", "value"), REPLIES)
def test_natural_replies_are_read(element: str, reply: str, value: str) -> None:
    fact = facts.read_reply(DOMAIN.element(element), reply, TODAY)
    assert fact is not None and fact.value == value


@pytest.mark.parametrize(
    ("story", "element"),
    [
        ("孩子人在医院,昨天抢救过来的", "autopsy"),
        ("昨天我爸在手术台上去世了", "autopsy"),
        ("给我做双眼皮的人好像没有医师证", "clinic"),
        ("医院没有赔过,没有签过协议", "records"),
        ("医院没有赔过,没有签过协议", "informed"),
    ],
)
def test_what_was_not_said_is_no_fact(story: str, element: str) -> None:
    assert element not in facts.extract(DOMAIN.elements, story, TODAY)


def test_a_fall_of_the_blood_pressure_is_no_fall() -> None:
    assert "care" not in told("我爸做完手术,一直到第三天血压掉下来才抢救,人没了")[0]


def test_an_operation_stays_one_although_a_form_was_signed_and_the_insurance_paid() -> None:
    story = "在省医院做腰椎手术,术前签了知情同意书,术后神经损伤,医疗费八万六,已扣除医保报销"
    assert told(story)[0] == ["treatment"]


# The troubles people bring, in their words, and the cause that each must come out at first.
TROUBLES = [
    ("我爸在医院输液,护士换药时拿错别人的药,半小时后休克了", "treatment"),
    ("宝宝肺炎在诊所挂水五天,转到大医院说晚了", "treatment"),
    ("腰椎间盘手术后大小便失禁", "treatment"),
    ("医院说我得了癌切了乳房,病理出来是良性", "treatment"),
    ("孩子配眼镜店做近视治疗仪,视力反而掉了三百度", "treatment"),
    ("产后大出血没有血,等了两个小时人没了", "birth"),
    ("给我妈装的心脏起搏器被召回了,要重新开刀", "product"),
    ("中医馆承诺治不好退款,花了六万,现在老板失踪", "fees"),
    ("住院部走廊刚拖完地,我妈滑倒手腕骨折", "care"),
    ("小区里没证的牙医给我爸镶牙,化脓住院", "unlicensed"),
    ("医生把我堕胎的事告诉了我婆婆", "privacy"),
    ("割双眼皮割成了大小眼,店家只肯免费修复", "cosmetic"),
    ("我爸胸口疼去镇卫生院,医生当胃病开了点药让回家,半夜人就没了,能告吗", "treatment"),
    ("切甲状腺结节以后嗓子哑了,喝水呛,医生说都有这种可能", "treatment"),
    ("老婆做阑尾手术肠子被戳穿,又开了一刀,现在天天拉肚子", "treatment"),
    ("体检年年说没事,今年别的医院查出来肺癌晚期,回头看前年的片子就有阴影", "treatment"),
    ("孩子发高烧去医院,护士打错药,抽搐昏迷进了ICU", "treatment"),
    ("我妈骨折手术后伤口一直流脓,医院说是她体质差", "treatment"),
    ("120来了四十分钟才到,路上氧气瓶还是空的,我哥没救过来", "treatment"),
    ("拔智齿以后下嘴唇一直麻,半年了,诊所说过段时间就好", "treatment"),
    ("近视激光手术做完视力还不如以前,晚上看灯有重影", "treatment"),
    ("针灸扎到肺了,气胸住院", "treatment"),
    ("肿瘤化疗用错剂量,人给打没了,病历上还写的正常剂量", "treatment"),
    ("做手术前说切一个囊肿,醒来才知道把卵巢也切了,没人问过我们", "consent"),
    ("让我签字的时候什么都没讲,出了事就拿同意书说我们签过了", "consent"),
    ("去复印病历,医院推说主任不在,跑了好几趟只给几张", "records"),
    ("医院给的病历跟我手里原来的不一样,护理记录明显后补的", "records"),
    ("我想给我爸封存病历,医院说要患者本人来", "records"),
    ("腿里的钢板走路时断了,医生怪我不好好养,厂家是谁也不说", "product"),
    ("输血后查出丙肝,医院说血站的事", "product"),
    ("药店推荐的保健药吃了肝损伤住院", "product"),
    ("孩子打完百白破当晚高烧抽搐,疾控说是偶合", "vaccine"),
    ("在美容院打瘦脸针,脸歪了嘴也合不上,老板说会恢复", "cosmetic"),
    ("双眼皮做坏了,眼睛闭不上,要求退钱修复,对方失联", "cosmetic"),
    ("交了两万做植发,没效果,合同写不满意全退,现在不认", "cosmetic"),
    ("四维彩超没查出唇腭裂,生下来才知道,医院说机器看不出", "birth"),
    ("老婆生孩子大出血子宫没了,医院说羊水栓塞", "birth"),
    ("生的时候胎心不好拖了三个小时才剖,孩子脑瘫了", "birth"),
    ("医院多收了我八千块,清单上有的药根本没用过", "fees"),
    ("出院的时候欠了三万,医院扣着不给出生证明", "fees"),
    ("牙科交了三万八做种植牙,店关门跑路了,钱还能退吗", "fees"),
    ("主刀医生暗示要红包,给了五千,手术还没做好", "fees"),
    ("护士把我得艾滋的事告诉了我单位同事,现在大家都躲着我", "privacy"),
    ("整容医院拿我的前后对比照发抖音做广告,没问过我", "privacy"),
    ("我奶奶住院夜里上厕所摔断胯骨,护士说家属没陪护", "care"),
    ("养老院里我爸长了大褥疮,烂得见骨头,去世了", "care"),
    ("村里一个没有证的老头给我妈打针,打完人就休克了", "unlicensed"),
    ("我姐被姐夫强行送进精神病院,她根本没病,不让出来", "psychiatric"),
    ("我是医院的护士,被患者家属打了,他们还在医院拉横幅", "provider"),
    ("我们诊所被病人起诉要三十万,说拔牙拔坏了", "provider"),
    ("和医院签了协议赔三万,现在伤口又恶化,还能再要吗", "regret"),
    ("当时医务科让我们签了和解书说一次性了结,后来查出要做第二次手术", "regret"),
    ("医调委调解好了医院不给钱怎么办", "route"),
    ("想告医生医疗事故罪,把他抓起来,怎么报案", "route"),
    ("做鉴定说医院没责任,我不服,还能重新鉴定吗", "appraisal"),
    ("法院让我们选鉴定机构,鉴定要多少钱,材料怎么准备", "appraisal"),
    ("我爸死在医院,医院让我们签尸检同意书,要不要做,人还在太平间", "treatment"),
    ("医院说死因要尸检,我们当时没同意已经火化了,还能打官司吗", "treatment"),
    ("试管婴儿做了三次都失败,胚胎还被医院弄丢了", "treatment"),
    ("医院不给开出生医学证明,孩子上不了户口", "fees"),
    ("我哥肚子疼去县医院急诊,按肠胃炎挂了两天水,第三天阑尾穿孔感染休克", "treatment"),
    ("老娘心脏搭桥完一直没醒,医院说麻醉意外", "treatment"),
    ("孩子骨折打石膏绑太紧,手指头坏死截了", "treatment"),
    ("我爱人在医院做胃镜被捅破了食管", "treatment"),
    ("吃了诊所开的中药,肾衰竭了", "treatment"),
    ("肠镜报告说没问题,半年后肠癌扩散了", "treatment"),
    ("白内障手术后眼睛感染瞎了一只", "treatment"),
    ("血透的时候护士接错管子,我爸人没了", "treatment"),
    ("急诊让我们先交钱才肯手术,拖了两个钟头,人瘫了", "treatment"),
    ("剖腹产的时候顺便把我的子宫肌瘤也切了,事先一句话都没说", "consent"),
    ("医生让我老婆签字做介入,风险一个字没提,结果偏瘫", "consent"),
    ("医院的病程记录明显是补写的,时间都对不上,怎么证明造假", "records"),
    ("人死了想把病历封起来,医院说下班了明天再来", "records"),
    ("换的人工髋关节两年就松了,厂家说是医生没装好", "product"),
    ("输液的药瓶里发现有黑点,孩子浑身发抖", "product"),
    ("孩子接种乙肝疫苗后得了紫癜,鉴定说不排除", "vaccine"),
    ("隆胸后一边硬得像石头,店里没有整形资质", "cosmetic"),
    ("点痣店给我点完脸上一个大坑", "cosmetic"),
    ("激光祛斑越祛越黑,交的三万块不退", "cosmetic"),
    ("怀孕36周说胎动少去医院,医生说没事,第二天胎死腹中", "birth"),
    ("唐筛低风险,生下来是唐氏儿", "birth"),
    ("新生儿在保温箱里被烫伤", "birth"),
    ("私立医院说包治不孕,花了八万没怀上", "fees"),
    ("住院押金两万出院只退了三千,清单也不打", "fees"),
    ("体检中心把我的乙肝结果发给了公司", "privacy"),
    ("我外婆在康复医院被护工摔了,肋骨断三根,他们说自己摔的", "care"),
    ("爸爸在ICU坠床颅内出血", "care"),
    ("街边牙科没执照,给我妈拔牙后大出血", "unlicensed"),
    ("母亲精神分裂要打人,想送她去医院她不肯,能强制吗", "psychiatric"),
    ("患者家属在病区堵着医生办公室不让走,我们科室怎么办", "provider"),
    ("在医务科签了保密协议拿了五万,后来鉴定出八级伤残,想再告", "regret"),
    ("市医学会鉴定成不构成医疗事故,我们觉得偏袒,怎么推翻", "appraisal"),
    ("医调委调解半年没结果,还能起诉吗", "route"),
]


@pytest.mark.parametrize(("story", "cause"), TROUBLES)
def test_a_trouble_comes_out_at_its_cause(story: str, cause: str) -> None:
    assert [found.id for found in reasoning.recognise(DOMAIN, story)][:1] == [cause]


# One story per cause, and words of the conclusion that must hold.
CONCLUSIONS = [
    ("regret", "和医院签了协议赔了三万,是在医务科签的,现在伤口恶化又要手术,还能再要吗", "可以以重大误解或显失公平"),
    ("appraisal", "法院委托的鉴定说医院没有过错,鉴定没开听证会,我不服,能重新鉴定吗", "法院应当准许重新鉴定"),
]


@pytest.mark.parametrize(("cause", "story", "words"), CONCLUSIONS)
def test_a_story_leads_to_its_conclusion(cause: str, story: str, words: str) -> None:
    known = facts.extract(DOMAIN.elements, story, TODAY)
    causes = reasoning.recognise(DOMAIN, story)
    assert causes[0].id == cause
    held = reasoning.decide(causes[:1], known, TODAY).held
    assert any(words in finding.concludes for _, finding in held)


SIGNED_REPLIES = [
    ("tests_done", "单子是阿莫西林那一类的,冇做皮试,直接就挂了", "没问过敏史或没做皮试"),
    ("tests_done", "啥心电图也没做,拿听筒听了听就完了", "该做的检查没做"),
    ("refused_care", "没有,就说没大事,回家躺躺就好了", "医院没有建议,家属也没拒绝"),
    ("refused_care", "我劝他上县医院拍个片,他不干,说扎两针就中", "家属拒绝过或自己要求走"),
    ("records", "没封过,我都不知道还能封", "还没复印"),
    ("claimed", "去年三月去找过医务科,填了张登记表按了手印", "要求过"),
    ("clinic", "卫健委网站查不到她的名字,诊所有许可证", "机构有证,操作的人没有"),
    ("kept", "瓶子跟管子他们当场就收走了", "已经没有了"),
]

SIGNED_STORIES = [
    (
        "我46岁,2026年1月8日,我在省中医院做手术伤了神经,有一个12岁的孩子要抚养",
        {"age": "46", "hurt_on": "2026年1月8日"},
        {},
    ),
    ("去年三月去找过医务科,填了张登记表,叫等信儿", {"claimed_on": "2025年3月"}, {"hurt_on": "2025年3月"}),
    ("没做过啥尸检,也没人跟俺讲能做,第三天就埋了", {"autopsy": "没做,已火化或土葬"}, {"informed": "没告知也没签字"}),
    ("双眼皮做完一只闭不拢,术前让我签了张单子,写效果因人而异、概不退款", {"cos_problem": "身体受伤或毁容"}, {}),
    (
        "打点滴,针挂上去几分钟就说心里发慌,身上起坨,抢救过来半边手脚不灵,人都认不清",
        {"mishap": "用药或输液出错", "outcome": "残疾或重大损伤"},
        {},
    ),
    ("卫健委网站查不到她的名字", {}, {"reported": "投诉或报警过"}),
]

SIGNED_ANSWERS = [
    ("care", "我妈住院从病床上摔下来去世了,医院没拉床栏,遗体还在医院", "尸检", ""),
    (
        "provider",
        "我在县城开诊所,老主顾扎针回家当天半夜脑出血走了,家属拉横幅要八十万,我劝他上县医院他不干",
        "患者或家属不肯的",
        "您受了什么损害",
    ),
    ("cosmetic", "割双眼皮做完一只眼睛闭不上,卫健委网站查不到医生的名字,诊所有许可证", "非医师行医", ""),
    (
        "treatment",
        "社区医院打点滴休克抢救,脑子坏了瘫痪,没做皮试就挂了青霉素,药瓶当场被医院收走了",
        "没有当面封存就被收走",
        "",
    ),
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
