"""医疗损害: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.domains.medical import DOMAIN

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
            "autopsy": "没做,已火化",
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
