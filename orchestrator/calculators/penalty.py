"""违约金: whether the agreed penalty is likely to stand beside the loss, and what a court would bring it to."""

from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    cents,
    shown,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.ledger import YEAR_DAYS, percent
from orchestrator.domains.pack import Choice, Element

NAME, TITLE = "penalty", "违约金"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"
CODE = "民法典#585"
OVER = Decimal("1.3")  # 通则解释 65: more than thirty percent above the loss is as a rule excessive
MONTH_DAYS = 30
DELIBERATE, NOT_DELIBERATE = "恶意违约", "不是恶意"

AGREED = Element(
    id="penalty",
    label="约定的违约金",
    why="与实际损失比较,看是否过高或过低",
    question="合同约定的违约金一共是多少元?(按天按比例约定的,说比例、基数和天数)",
    kind="amount",
    near=(r"(违约金|赔偿金|赔)(是|为|约定|了|要|有|高达|共|一共|写的?|条款|我|他|对方|给)*", r"的?违约金"),
)
RATE = Element(
    id="penalty_rate",
    label="违约金的比例",
    why="按比例约定的,先算出违约金的数额",
    question="违约金按多高的比例算?(如每天千分之五、年利率24%)",
    kind="rate",
    near=(r"(违约金|滞纳金|逾期)[^,。;]{0,8}", r"的?(违约金|滞纳金)"),
    sole=True,
)
BASE = Element(
    id="base",
    label="违约金的基数",
    why="按比例约定的,以拖欠的款项为基数",
    question="比例乘在多少钱上(如拖欠的货款、租金)?",
    kind="amount",
    near=(r"(欠(?!条)|拖欠|未付|没付|基数)(的|了|我|他|货款|租金|房租|工程款|房款|尾款|本金|款|钱|是|共|还|有)*",),
)
LATE_FOR = Element(
    id="late_for",
    label="违约的时间",
    why="按天、按月约定的,时间越长违约金越多",
    question="违约(逾期)了多久?",
    kind="duration",
    near=(r"(逾期|拖|晚|迟延|延期|超期|违约|欠)(了|交付|付款|交房|交货|着|已经?|有)*",),
    sole=True,
)
LOSS = Element(
    id="loss",
    label="实际损失",
    why="是否过高、减到多少,都以能证明的实际损失为基础",
    question="能证明的实际损失(包括履行后本可以得到的利益)是多少?(没有损失填0)",
    kind="amount",
    near=(r"(?<!没)(?<!没有)(损失|亏|少赚|多花|多付|差价)(了|是|为|大概|大约|一共|共|约|有|只有|最多|也就|只)*",),
)
FAULT = Element(
    id="fault",
    label="违约方的过错",
    why="恶意违约的一方请求减少,一般不予支持",
    question="违约方是恶意违约吗(明明能履行却故意不履行)?",
    choices=(
        Choice(
            value=DELIBERATE,
            says=(r"(?<!不是)(?<!非)(恶意|故意)(违约|不(给|付|交|履行|还)|拖)",),
            short=("是恶意", "故意的", "恶意"),
        ),
        Choice(
            value=NOT_DELIBERATE,
            says=(r"(不是|非|没有)(恶意|故意)", r"(疫情|资金|周转|经营)[^,。;]{0,6}(困难|紧张|不开)"),
            short=("不是故意", "不是恶意的", "没有恶意"),
        ),
    ),
)
CONTRACT = Element(
    id="contract",
    label="合同种类",
    why="民间借贷的违约金另有上限,劳动合同的违约金另有限制",
    question="是什么合同?",
    choices=(
        Choice(value="民间借贷", says=(r"(借款|借条|民间借贷|借钱|欠条)",), short=("借款", "借贷")),
        Choice(value="劳动合同", says=(r"(劳动合同|竞业|服务期|离职|辞职|入职|培训费)",), short=("劳动", "劳动合同")),
        Choice(
            value="其他合同",
            says=(r"(买卖|货款|供货|租赁|租房|房租|租金|装修|工程|购房|买房|卖房|服务合同|加盟|承揽|合作)",),
            short=("其他", "买卖", "租房", "装修"),
        ),
    ),
)


def work(given: Given) -> Calculation:
    """The penalty beside the loss. Raises MissingInputs and BadInput."""
    if given.choice("contract", "") == "民间借贷":
        raise BadInput("借款的违约金与利息合计以四倍LPR为限,请用“逾期利息”计算器")
    if given.choice("contract", "") == "劳动合同":
        raise BadInput("劳动合同的违约金另有法定限制,不按这里的规则计算")
    missing = _missing(given)
    if missing:
        raise MissingInputs(*missing)
    draft = Draft()
    agreed, loss = _agreed(given, draft), given.decimal("loss")
    total, summary = _weigh(given, draft, agreed, loss)
    if "contract" not in given:
        draft.assumed.append("按一般合同计算;借款合同、劳动合同的违约金另有规定")
    draft.notes += [
        "调整要由当事人提出请求(可以反诉或抗辩),法院不会主动调整;合同写了不得调整的也可以请求。",
        "主张过高的一方要证明过高,另一方主张合理的也要提供证据;损失可以包括履行后本可以得到的利益。",
        "法院还会看合同履行情况、过错程度、履约背景等,结果可能与这里不同。",
        "专为迟延履行约定的违约金,付了以后债务仍要履行。",
    ]
    return draft.finished(NAME, TITLE, summary, total)


def _missing(given: Given) -> list[str]:
    missing = []
    if "penalty" not in given:
        by_rate = [id for id in ("penalty_rate", "base", "late_for") if id not in given]
        missing += ["penalty"] if "penalty_rate" not in given else by_rate
    return missing if "loss" in given else [*missing, "loss"]


def _agreed(given: Given, draft: Draft) -> Decimal:
    if "penalty" in given:
        agreed = given.decimal("penalty")
        working = "合同约定的数额"
    else:
        rate, base, months = given.decimal("penalty_rate"), given.decimal("base"), given.decimal("late_for")
        daily, days = rate / YEAR_DAYS, (months * MONTH_DAYS).quantize(Decimal(1))
        if daily == daily.quantize(Decimal("0.001")):  # agreed by the day: 千分之五 is 182.5 percent a year
            agreed = cents(base * daily / 100 * days)
            working = f"{yuan(base)} × 每天 {percent(daily)} × {shown(days)} 天"
            draft.assumed.append("按天约定的比例,一个月按30天计算")
        else:
            agreed = cents(base * rate / 100 * months / 12)
            working = f"{yuan(base)} × {percent(rate)} ÷ 12 × {shown(months.quantize(Decimal('0.01')))} 个月"
            draft.assumed.append("比例已折成年利率,按月计算")
    if agreed == 0:
        raise BadInput("约定的违约金要大于 0")
    draft.line("约定的违约金", working, yuan(agreed), CODE)
    return agreed


def _weigh(given: Given, draft: Draft, agreed: Decimal, loss: Decimal) -> tuple[Decimal | None, str]:
    """What is likely to be paid, None where that is a range or cannot be known, and a sentence on it."""
    limit = cents(loss * OVER)
    draft.line("损失加百分之三十", f"{yuan(loss)} × 130%", yuan(limit), f"{GENERAL}#65")
    if agreed < loss:
        draft.line("低于损失,可以请求增加", f"{yuan(agreed)} < {yuan(loss)}", f"可增加到 {yuan(loss)}", CODE)
        why = f"约定的违约金 {yuan(agreed)} 低于损失,守约方可以请求增加,以损失 {yuan(loss)} 为准。"
        return loss, why
    if agreed <= limit:
        draft.line("没有超过损失的百分之三十", f"{yuan(agreed)} ≤ {yuan(limit)}", "一般不减", f"{GENERAL}#65")
        why = f"约定的违约金 {yuan(agreed)} 没有超过损失的百分之三十,一般照约定支付。"
        return agreed, why
    comparison = f"{yuan(agreed)} > {yuan(limit)}"
    if given.choice("fault", NOT_DELIBERATE) == DELIBERATE:
        draft.line("超过百分之三十,但属恶意违约", comparison, "一般不予减少", f"{GENERAL}#65")
        why = f"约定的违约金 {yuan(agreed)} 超过损失的百分之三十,但恶意违约的一方请求减少,一般不予支持,可能照约定支付。"
        return agreed, why
    if "fault" not in given:
        draft.assumed.append("不属于恶意违约;恶意违约的,请求减少一般不予支持")
    draft.line("超过损失的百分之三十,可以认定过高", comparison, "可以请求适当减少", CODE, f"{GENERAL}#65")
    if loss == 0:
        draft.line("减到多少", "没有损失可作基础,由法院按履行情况、过错等酌定", "不能算出数额", f"{GENERAL}#65")
        return None, f"没有损失的,约定的违约金 {yuan(agreed)} 一般可以认定过高,减到多少由法院酌定,算不出确定的数额。"
    draft.line("可能减到的范围", "以损失为基础,兼顾履行情况、过错等", f"{yuan(loss)}至 {yuan(limit)}", f"{GENERAL}#65")
    why = (
        f"约定的违约金 {yuan(agreed)} 超过损失 {yuan(loss)} 的百分之三十,一般可以认定过高;请求减少的,"
        f"法院可能减到 {yuan(loss)}至 {yuan(limit)}之间。"
    )
    return None, why


CALCULATOR = Calculator(
    name=NAME,
    title=TITLE,
    about="比较约定的违约金与实际损失,看是否过高或过低、法院可能调到多少",
    fields=("合同", "房屋租赁", "房产买卖"),
    says=(
        r"违约金[^。;?!]{0,12}(太高|过高|高了|不合理|太多|太低|过低|合理吗|合法吗|调整|减少|降低|能减|减到|能少)[^,。;?!]{0,8}",
        r"违约金(到底|应该|应|该|要|是)*(怎么|如何|咋)?(算|计算|赔|付|给)[^,。;?!]{0,4}(多少)?",
        r"违约金[^。;?!]{0,12}超过[^。;?!]{0,10}(30%|百分之三十|三成|损失)[^,。;?!]{0,8}",
        r"(赔|付|给)(我|他|对方)?(多少|几多)违约金",
        r"(合同|约定)[^。;?!]{0,30}违约金[^。;?!]{0,30}(损失)[^。;?!]{0,20}(多少|怎么|能|吗)[^,。;?!]{0,6}",
    ),
    inputs=(AGREED, RATE, BASE, LATE_FOR, LOSS, FAULT, CONTRACT),
    work=work,
)
