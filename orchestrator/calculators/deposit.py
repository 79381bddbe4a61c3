"""定金: what of a deposit is lost, returned or doubled, and whether the agreed penalty would be more."""

from dataclasses import dataclass
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
from orchestrator.domains.pack import Choice, Element

NAME, TITLE = "deposit", "定金"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"
CAP, RULE, OPTION = "民法典#586", "民法典#587", "民法典#588"
SHARE = Decimal("0.2")  # 民法典 586: of the price of the main contract
NOTHING = Decimal(0)
DEPOSIT, NO_DEPOSIT = "写明是定金", "订金、押金、意向金等,没说是定金"
PAYER, RECEIVER = "付定金的一方违约", "收定金的一方违约"
BOTH, MAJEURE, NOBODY = "双方都严重违约", "不可抗力,怪不着谁", "没有违约,合同正常履行"

PAID = Element(
    id="deposit",
    label="实际交付的定金",
    why="定金按实际交付的数额算",
    question="实际交了多少定金?",
    kind="amount",
    near=(
        r"(定金|订金|押金|意向金|诚意金|保证金)(是|为|了|共|一共|交了|付了|收了|的)*",
        r"的?(定金|订金|意向金|诚意金)",
    ),
    sole=True,
)
PRICE = Element(
    id="price",
    label="合同总价",
    why="定金不超过合同总价百分之二十的部分才有定金的效力",
    question="合同总价(标的额)是多少?",
    kind="amount",
    near=(
        r"(总价|总额|房价|车价|房款|价款|合同价|合同额|价格|标的额?|成交价|全款|售价|总共|一共要)(是|为|款|共|一共|的)*",
        r"的(房子?|车|合同|货|单子|家具|工程)",
    ),
)
NATURE = Element(
    id="nature",
    label="约定的性质",
    why="没有约定为定金的,不适用双倍返还和没收",
    question="合同或收据上写的是“定金”,还是“订金、押金、意向金”之类?",
    choices=(
        Choice(value=DEPOSIT, says=(r"(?<!不是)(?<!没写)定金",), short=("定金", "是定金", "写的定金")),
        Choice(
            value=NO_DEPOSIT,
            says=(r"订金|押金|意向金|诚意金|预付款|不是定金|没写定金",),
            short=("订金", "押金", "意向金"),
        ),
    ),
)
SELLER = r"(卖家|卖方|房东|商家|店家|店|公司|机构|厂家|车行|老板|开发商|中介|供货商|对方|他|她|他们)"
SELF = r"(我|我们|本人|买家|买方|客户|租客)"
WHEN = r"(自己|现在|又|突然|后来|说|却|临时|要|直接|居然|想)*"
DEFAULT = r"(违约|反悔|不(想)?(履行|干)|毁约|变卦)"
NOT_SOLD = r"(不(想|肯|愿意?)?(卖|租给|交货|发货)|[卖租](给)?(了)?(给)?(别人|其他人)|一房二卖|涨价)"
NOT_BOUGHT = r"(不(想|打算|愿意?)?(买|要|租|拍|做|装|去|订|定|签)(?!给))"
BREACH = Element(
    id="breach",
    label="谁违约",
    why="付的一方违约没收,收的一方违约双倍返还,都没有过错的退回",
    question="是谁的原因履行不了(达到不能实现合同目的的程度)?",
    choices=(
        Choice(
            value=PAYER,
            says=(
                rf"(?<!对)(?<!卖){SELF}{WHEN}{DEFAULT}",
                rf"{NOT_BOUGHT}了",
            ),
            short=("我违约", "买方", "付定金的"),
        ),
        Choice(
            value=RECEIVER,
            says=(rf"{SELLER}{WHEN}{DEFAULT}", rf"{NOT_SOLD}了?", r"(双倍返还|双倍退|退双倍)"),
            short=("卖方", "卖家", "收定金的", "对方违约"),
        ),
        Choice(value=BOTH, says=(r"(双方|两边|都)(都)?(有)?(违约|过错|责任)",), short=("双方", "都违约")),
        Choice(value=MAJEURE, says=(r"(不可抗力|地震|洪水|台风|政策(原因|变化|限购)|限购)",), short=("不可抗力",)),
        Choice(value=NOBODY, says=(r"(正常履行|没有违约|顺利)",), short=("没有违约", "正常履行")),
    ),
)
PENALTY = Element(
    id="penalty",
    label="约定的违约金",
    why="定金和违约金只能选一个,要比较哪个多",
    question="合同另外约定了多少违约金?(没有填0)",
    kind="amount",
    near=(r"违约金(是|为|约定|了|有|共|写的?)*",),
)
LOSS = Element(
    id="loss",
    label="实际损失",
    why="定金不够弥补损失的,可以再要超过的部分",
    question="能证明的实际损失是多少?(没有填0)",
    kind="amount",
    near=(r"(?<!没)(?<!没有)(损失|亏|差价|多花)(了|是|为|大概|约|有|共)*",),
)
UNDONE = Element(
    id="undone",
    label="没有履行的比例",
    why="部分履行、对方已接受的,按没有履行的比例适用",
    question="没有履行的部分占合同的百分之几?(全部没履行填100)",
    kind="number",
    near=(r"(没履行|未履行|没交|没做)(的|完)*(部分)?(占|有|还有|剩)*(百分之)?",),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A deposit in yuan: all that was paid, and what of it the breach touches."""

    paid: Decimal
    touched: Decimal


def work(given: Given) -> Calculation:
    """What becomes of the deposit. Raises MissingInputs and BadInput."""
    missing = [id for id in ("deposit", "nature", "breach") if id not in given]
    breach, nature = given.choice("breach", ""), given.choice("nature", "")
    punished = nature == DEPOSIT and breach in (PAYER, RECEIVER)
    if punished and "price" not in given and not given.assuming:
        missing.append("price")
    if missing:
        raise MissingInputs(*missing)
    paid = given.decimal("deposit")
    if paid == 0:
        raise BadInput("没有实际交付的定金,定金合同不成立")
    draft = Draft()
    if not punished:
        return _returned(draft, paid, nature, breach)
    parts = _parts(given, draft, paid)
    draft.assumed.append("违约已使合同目的不能实现;只是轻微违约的,不适用定金罚则")
    draft.notes.append("订立合同的定金、解约的定金,适用的条件不同,请看合同写明的类型;没写类型的按违约定金。")
    return _kept(given, draft, parts) if breach == PAYER else _doubled(given, draft, parts)


def _returned(draft: Draft, paid: Decimal, nature: str, breach: str) -> Calculation:
    if nature == NO_DEPOSIT:
        draft.line("没有约定定金性质", "不适用没收和双倍返还", "按已付款处理", f"{GENERAL}#67")
        if breach == PAYER:
            draft.line("付款的一方违约", "扣除应赔的损失或违约金后退回", f"最多 {yuan(paid)}", "民法典#577")
            summary = f"不是定金,不会因此没收;付款的一方违约的,扣除应赔的损失或违约金后退回,最多 {yuan(paid)}。"
            return draft.finished(NAME, TITLE, summary, None)
    elif breach == NOBODY:
        draft.line("合同正常履行", "抵作价款或者收回", yuan(paid), RULE)
        return draft.finished(NAME, TITLE, f"合同正常履行的,定金 {yuan(paid)} 抵作价款或者收回。", paid)
    elif breach == MAJEURE:
        draft.line("因不可抗力不能履行", "不适用定金罚则", "原数退回", f"{GENERAL}#68")
        draft.notes.append("买商品房,因不能归责于双方的原因没签成合同或办不成贷款的,定金也应当退还。")
    else:
        draft.line("双方都有致使合同目的不能实现的违约", "不适用定金罚则", "原数退回", f"{GENERAL}#68")
        draft.notes.append("双方的损失按各自的过错另算。")
    draft.line("退回的数额", "实际交付的数额", yuan(paid), *draft.lines[-1].articles)
    return draft.finished(NAME, TITLE, f"应当原数退回 {yuan(paid)},不双倍也不没收。", paid)


def _parts(given: Given, draft: Draft, paid: Decimal) -> Parts:
    effective = _effective(given, draft, paid)
    undone = given.decimal("undone", Decimal(100))
    if not 0 < undone <= 100:
        raise BadInput("没有履行的比例在 0 到 100 之间,并且大于 0")
    touched = cents(effective * undone / 100)
    if touched < effective:
        draft.line("按没有履行的比例", f"{yuan(effective)} × {shown(undone)}%", yuan(touched), f"{GENERAL}#68")
    return Parts(paid, touched)


def _effective(given: Given, draft: Draft, paid: Decimal) -> Decimal:
    """What of the deposit counts as one: at most a fifth of the price."""
    if "price" not in given:  # as `work` allows where nobody can be asked
        draft.line("有定金效力的数额", f"实付 {yuan(paid)},不超过总价的 20%", yuan(paid), CAP)
        draft.assumed.append("定金没有超过合同总价的 20%;超过的部分不算定金,只按原数退。")
        return paid
    price = given.decimal("price")
    if price == 0:
        raise BadInput("合同总价要大于 0")
    cap = cents(price * SHARE)
    effective = min(paid, cap)
    working = f"实付 {yuan(paid)},总价的 20% 为 {yuan(price)} × 20% = {yuan(cap)}"
    draft.line("有定金效力的数额", working, yuan(effective), CAP)
    if paid > cap:
        draft.line("超过部分不产生定金效力", f"{yuan(paid)} - {yuan(cap)}", yuan(paid - cap), CAP)
    return effective


def _kept(given: Given, draft: Draft, parts: Parts) -> Calculation:
    back = parts.paid - parts.touched
    draft.line("付定金的一方违约,无权要回", "有定金效力的数额", yuan(parts.touched), RULE)
    draft.line("其余应当退回", f"{yuan(parts.paid)} - {yuan(parts.touched)}", yuan(back), RULE, CAP)
    more = _compared(given, draft, parts, "收定金的一方")
    summary = f"付定金的一方违约:{yuan(parts.touched)} 不退" + (f",多付的 {yuan(back)} 要退" if back else "")
    return draft.finished(NAME, TITLE, f"{summary}。{more}", back)


def _doubled(given: Given, draft: Draft, parts: Parts) -> Calculation:
    total = parts.paid + parts.touched
    draft.line("收定金的一方违约,双倍返还", f"{yuan(parts.touched)} × 2", yuan(parts.touched * 2), RULE)
    if rest := parts.paid - parts.touched:
        draft.line("其余按原数退回", f"{yuan(parts.paid)} - {yuan(parts.touched)}", yuan(rest), CAP)
    draft.line("一共应当返还", f"实付 {yuan(parts.paid)} + 加付 {yuan(parts.touched)}", yuan(total), RULE)
    more = _compared(given, draft, parts, "付定金的一方")
    summary = f"收定金的一方违约:一共应当返还 {yuan(total)}(其中加付 {yuan(parts.touched)})。"
    return draft.finished(NAME, TITLE, summary + more, total)


def _compared(given: Given, draft: Draft, parts: Parts, side: str) -> str:
    """Deposit or penalty, which gives the side that kept the contract more; a sentence for the summary."""
    penalty, loss = given.decimal("penalty", NOTHING), given.decimal("loss", NOTHING)
    gain = max(parts.touched, loss)
    if loss > parts.touched:
        working = f"损失 {yuan(loss)} - 定金 {yuan(parts.touched)}"
        draft.line("定金不足以弥补,另赔", working, yuan(loss - parts.touched), OPTION)
    if not penalty:
        if "penalty" not in given:
            draft.assumed.append("没有另外约定违约金;约定了的,只能在违约金和定金中选一个")
        return f"损失更大,还可以另要 {yuan(loss - parts.touched)}。" if loss > parts.touched else ""
    better = "违约金" if penalty > gain else "定金" if penalty < gain else "两者一样"
    working = f"选定金净得 {yuan(gain)},选违约金得 {yuan(penalty)}(定金另按原数退回或抵作价款)"
    draft.line("定金和违约金只能选一个", working, better if better == "两者一样" else f"{better}更多", OPTION)
    draft.notes.append("选违约金的,定金本身不再适用罚则;违约金过高或过低的,还可能被调整,见“违约金”计算器。")
    if better == "两者一样":
        return f"另约定了违约金 {yuan(penalty)},两者只能选一个,数额一样。"
    return f"另约定了违约金 {yuan(penalty)},两者只能选一个,{side}选{better}更多(净得 {yuan(max(gain, penalty))})。"


CALCULATOR = Calculator(
    name=NAME,
    title=TITLE,
    about="计算定金没收、退回或双倍返还的数额,并与违约金比较哪个更多",
    fields=("合同", "房产买卖", "房屋租赁", "消费维权"),
    says=(
        r"(定金|订金|意向金|诚意金)[^。;?!]{0,30}(退|返还|赔|要回|没收)[^,。;?!]{0,4}(多少|几多|几倍|吗|双倍|回来)?",
        r"(退|返还|赔)[^,。;?!]{0,8}(多少|几倍|双倍)?(的)?(定金|订金)",
        r"(定金|订金)(到底|应该|应|该|要|是)*(怎么|如何|咋)(算|退|赔)",
        r"(双倍|两倍)(返还|退|赔)[^,。;?!]{0,6}(定金|多少)?",
        r"(定金|订金)[^。;?!]{0,10}违约金[^。;?!]{0,14}(选|哪个|一起|同时|都要)[^,。;?!]{0,6}",
    ),
    inputs=(PAID, PRICE, NATURE, BREACH, PENALTY, LOSS, UNDONE),
    work=work,
)
