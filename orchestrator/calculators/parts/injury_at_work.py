"""What a work injury may need to tell: the inputs of its calculator and the scale of the grades."""

from dataclasses import dataclass

from orchestrator.calculators.parts.employment import job_element, local_wage_element
from orchestrator.domains.pack import Choice, Element

RULES = "工伤保险条例"
DEATH, UNGRADED = "因工死亡", "没有评上等级"
LEAVING, STAYING = "要解除或终止", "继续保留"
WITH_SPOUSE, NO_SPOUSE = "有", "没有"
_DIGITS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True)
class Grade:
    """Months of own wage paid at once, and the monthly allowance in percent of it (0: none)."""

    number: int
    name: str
    months: int
    percent: int
    article: str


_SCALE = ((27, 90), (25, 85), (23, 80), (21, 75), (18, 70), (16, 60), (13, 0), (11, 0), (9, 0), (7, 0))
_ARTICLES = (f"{RULES}#35",) * 4 + (f"{RULES}#36",) * 2 + (f"{RULES}#37",) * 4
GRADES = {
    f"{digit}级": Grade(number, f"{digit}级", *scale, article)
    for number, (digit, scale, article) in enumerate(zip(_DIGITS, _SCALE, _ARTICLES, strict=True), 1)
}
NURSING = {"完全不能自理": 50, "大部分不能自理": 40, "部分不能自理": 30}


def _grade_choice(number: int, digit: str) -> Choice:
    said = rf"(?<![\d一二三四五六七八九十第])({digit}|{number})级(?!医院|甲等|护理|保护|建造)"
    return Choice(value=f"{digit}级", says=(said,), short=(str(number), digit, f"{number}级"))


_COUNT = r"(?=[\d一二两三四五六七八九]+\s*(个|名|位))"
INPUTS = (
    Element(
        id="outcome",
        label="伤残等级(或死亡)",
        why="一次性补助金和每月的津贴按等级定",
        question="劳动能力鉴定是几级?(还是因工死亡、没有评上等级?)",
        choices=(
            *(_grade_choice(number, digit) for number, digit in enumerate(_DIGITS, 1)),
            Choice(
                value=DEATH,
                says=(r"(去世|死亡|身亡|猝死|工亡|死了|过世|人没了|抢救无效|没(能)?(抢)?救(回|过)来)[\s\S]*",),
                short=("死亡", "去世", "工亡"),
            ),
            Choice(
                value=UNGRADED,
                says=(r"(没|没有|未)评上(等级)?", r"(够不上|达不到|不构成|不够)(伤残)?等?级"),
                short=("没评上", "没有等级", "不够级"),
            ),
        ),
    ),
    job_element(
        "monthly_wage",
        "受伤前十二个月的平均月缴费工资(没参保的按应发工资)是多少?",
        "伤残补助金和津贴按本人工资的月数、比例算",
    ),
    job_element("happened_on", "哪天受伤(死亡)的?", "按当时公布的上年度平均工资和收入算"),
    local_wage_element("本人工资低于它的60%或高于300%的按上下限算;丧葬补助金和护理费也按它算"),
    Element(
        id="urban_income",
        label="上一年度全国城镇居民人均可支配收入",
        why="一次性工亡补助金是它的20倍",
        question="死亡那年的上一年度全国城镇居民人均可支配收入是多少?(国家统计局公布,一年的数)",
        kind="amount",
        near=(r"可支配收入(是|为|大概|约)*",),
    ),
    Element(
        id="stoppage",
        label="停工留薪的时间",
        why="停工留薪期内原工资照发",
        question="受伤后停工治疗了多久?",
        kind="duration",
        near=(r"(停工留薪(期)?|休养|养伤|休息|治疗|住院|没上班|不能上班|休)(了|满|有|一共|共|是)*",),
    ),
    Element(
        id="leaving",
        label="是否离开单位",
        why="五级到十级的,离开时才有一次性医疗补助金和就业补助金",
        question="您要与单位解除或终止劳动关系吗?",
        choices=(
            Choice(
                value=LEAVING,
                says=(r"(?<!不)(?<!没)(离职|辞职|解除|终止|不干了|走人|合同到期)",),
                short=("要", "离职", "解除"),
            ),
            Choice(
                value=STAYING, says=(r"(继续|还)(上班|干|留)|(不|没)(想|打算)?(离职|辞职)",), short=("不", "继续干")
            ),
        ),
    ),
    Element(
        id="medical_subsidy",
        label="一次性工伤医疗补助金",
        why="各省标准不同,这里不推测",
        question="按您所在省的规定,一次性工伤医疗补助金是多少?(可问12333)",
        kind="amount",
        near=(r"医疗补助金(是|为|有)*",),
    ),
    Element(
        id="job_subsidy",
        label="一次性伤残就业补助金",
        why="各省标准不同,这里不推测",
        question="按您所在省的规定,一次性伤残就业补助金是多少?(可问12333)",
        kind="amount",
        near=(r"就业补助金(是|为|有)*",),
    ),
    Element(
        id="nursing",
        label="生活护理",
        why="经确认需要护理的按月有护理费",
        question="劳动能力鉴定确认需要生活护理吗?",
        choices=(
            *(Choice(value=level, says=(level,), short=(level,)) for level in ("大部分不能自理", "部分不能自理")),
            Choice(value="完全不能自理", says=(r"(生活)?(完全)?不能自理", r"瘫痪|植物人"), short=("完全",)),
            Choice(value="不需要", says=(r"(?<!不能)(能|可以)自理",), short=("没有", "不用")),
        ),
    ),
    Element(
        id="spouse",
        label="需要供养的配偶",
        why="供养亲属抚恤金按月发,配偶40%",
        question="死者有靠其生活、没有劳动能力的配偶吗?",
        choices=(Choice(value=WITH_SPOUSE, short=("有的",)), Choice(value=NO_SPOUSE, short=("无",))),
    ),
    Element(
        id="dependants",
        label="其他供养亲属人数",
        why="配偶以外每人每月30%",
        question="配偶以外,靠死者生活、没有劳动能力的亲属(老人、未成年子女等)有几人?",
        kind="number",
        near=(rf"(供养|抚养|赡养|留下)(了|着|的)?(亲属|老人|孩子|子女)?(有|共)?{_COUNT}",),
    ),
    Element(
        id="lone",
        label="其中孤寡老人或孤儿人数",
        why="孤寡老人或孤儿每人每月再加10%",
        question="其中孤寡老人或孤儿有几人?",
        kind="number",
        near=(r"(孤儿|孤寡老人)(有|共)?" + _COUNT,),
    ),
    job_element("insured", "单位交了工伤保险吗?", "没参保的,待遇全由单位付"),
)
