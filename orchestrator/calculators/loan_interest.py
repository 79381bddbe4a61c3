"""民间借贷利息: what is owed on a private loan on a day, at the agreed rate as far as courts protect it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    yuan,
)
from orchestrator.calculators.parts.debts import ELAPSED, PAYMENTS, RETURNED, UNTIL
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.ledger import CONVENTION, NOTHING, Balance, Span, day, listed, run, time, told
from orchestrator.calculators.parts.lending_rates import FILED, LPR, OLD_CAP, RULES, allowed
from orchestrator.domains.lending import DOMAIN
from orchestrator.domains.pack import Choice, Element
from orchestrator.payments import Payment

NAME, TITLE = "loan_interest", "民间借贷利息"
AGREED, NONE, VAGUE = "约定了利率", "没有约定利息", "说要给利息但没说多少"
PERSONS, COMPANY = "都是个人", "有一方是公司或其他单位"

PRINCIPAL = DOMAIN.element("principal").model_copy(
    update={"why": "本金是计算利息的基数", "question": "借条或合同上的本金是多少?"}
)
GOT = DOMAIN.element("got").model_copy(update={"question": "实际到手多少?(没有预扣的不用填)"})
CUT = DOMAIN.element("cut_sum").model_copy(update={"question": "给钱时先扣了多少利息?(没有扣的填0)"})
LENT_ON = DOMAIN.element("lent_on").model_copy(update={"why": "利息从这天起算,利率上限也按这时的LPR"})
RATE = Element(
    id="rate",
    label="约定的利率",
    why="按约定的利率计息,但不能超过上限",
    question="约定的年利率是多少?(也可以说月息几分)",
    kind="rate",
    near=(r"月息|年息|日息|利率|利息|年化|月利|年利|息", r"(的)?利(息)?"),
    sole=True,
)
INTEREST = Element(
    id="agreed",
    label="利息约定",
    why="没有约定利息的,借期内不计利息",
    question="当时约定利息了吗?",
    choices=(
        Choice(
            value=AGREED,
            says=(
                r"(月息|年息|日息|年化|月利|年利|利率|利息)[^,。;没不]{0,6}[\d一二两三四五六七八九十百半](?!分(钱|没|都|也))",
                r"[\d一二两三四五六七八九]分[五半\d]?(的)?(利|息)",
            ),
            short=("有", "约定了", "有利息", "有约定"),
        ),
        Choice(
            value=NONE,
            says=(
                r"(没|没有|未|也没)(约定|说|写|谈|讲|要|收|提)(好|明|过)?(?!逾期)[^,。;]{0,4}(利息|息)(?!多少)",
                r"(无息|(没|没有)利息|不要利息|免息|不算利息)",
                r"利息(都|也)?(没|没有)(约定|说|写|要|提|谈)(?!多少|清)",
            ),
            short=("没有", "没约定", "没说", "没写", "无息"),
        ),
        Choice(
            value=VAGUE,
            says=(
                r"(说|写)(了|好|着|过)?(要|会|有|给|付)[^,。;]{0,4}利息[^。;]{0,4}(没|没有)(说|写|定|讲)(清|明)?",
                r"利息(没|没有)(说|写|定|讲)(清|明|多少)",
            ),
            short=("没说清", "没说多少", "说了给但没说多少"),
        ),
    ),
)
PARTIES = Element(
    id="parties",
    label="借贷双方",
    why="利息约定不明时,个人之间按没有利息处理,有单位的由法院按交易习惯等确定",
    question="双方都是个人,还是有一方是公司或其他单位?",
    choices=(
        Choice(value=PERSONS, says=(r"(朋友|同事|亲戚|同学|邻居|表哥|表弟|哥们)",), short=("个人", "都是个人")),
        Choice(value=COMPANY, says=(r"(公司|厂|企业|合作社)[^,。;]{0,4}(借|向)",), short=("公司", "单位", "有公司")),
    ),
)
ROLLED_ON = Element(
    id="rolled_on",
    label="利息滚入本金、重写借条的日子",
    why="结算后把利息写进新借条的,只有没超过上限的利息才算进后来的本金",
    question="哪天把利息算进本金、重新写的借条?(没有这样做的不用填)",
    kind="date",
    near=(r"(重新|重|又|新)(写|打|出具|立|签)(了|过)?(一?张)?(新)?(借条|欠条|借据)?", r"(利滚利|滚入本金|计入本金)"),
)


def work(given: Given) -> Calculation:
    """What is owed on the last day. Raises MissingInputs and BadInput."""
    if missing := _missing(given):
        raise MissingInputs(*missing)
    draft = Draft()
    balance = Balance(_principal(given, draft))
    if not _bears(given, draft):
        return _free(given, draft, balance)
    first, last = time(given, "lent_on", draft)
    payments = told(given, first, last, draft)
    draft.assumed.append(CONVENTION)
    spans = allowed(given, draft, given.decimal("rate"), first, first, last)
    if "rolled_on" in given:
        _rolled(given, draft, balance, spans, payments)
    else:
        run(draft, balance, spans, payments)
    draft.line(
        f"{day(last)}尚欠合计",
        f"本金 {yuan(balance.principal)} + 未付利息 {yuan(balance.interest)}",
        yuan(balance.owed),
        "民法典#675",
    )
    draft.notes += [
        "以前按更高利率多付的,这里已自动抵作本金。",
        "银行、小额贷款公司、典当行等经批准的金融组织放的贷款,不适用民间借贷的利率上限。",
        "约定了还款日和逾期利率、违约金的,到期以后请用“逾期利息”计算器;各项合计也不能超过同一上限。",
        "为实现债权支出的费用(如约定由对方承担的律师费)依法先于利息抵充,这里没有计入。",
        "套取贷款转借、职业放贷等使合同无效的,约定的利息不受保护,不能这样算。",
    ]
    return draft.finished(NAME, TITLE, _summary(given, balance, last), balance.owed)


def _free(given: Given, draft: Draft, balance: Balance) -> Calculation:
    """A loan without interest: what was lent less what was paid, whenever that was."""
    paid = sum((one.amount for one in listed(given)), NOTHING) or given.decimal("returned", NOTHING)
    owed, surplus = max(balance.principal - paid, NOTHING), max(paid - balance.principal, NOTHING)
    draft.line("尚欠本金", f"{yuan(balance.principal)} - 已还 {yuan(paid)}", yuan(owed), "民法典#675")
    draft.notes.append("没有约定利息的,从逾期之日起仍可以主张逾期利息,请用“逾期利息”计算器。")
    more = f"已经还清,多还了 {yuan(surplus)}" if surplus else f"还要还本金 {yuan(owed)}"
    return draft.finished(NAME, TITLE, f"借期内没有利息,{more}。", owed)


def _missing(given: Given) -> list[str]:
    missing = [] if "principal" in given or "got" in given else ["principal"]
    agreed = given.choice("agreed", AGREED if "rate" in given else "")
    if not agreed:
        return [*missing, "agreed"]
    if agreed == VAGUE and "parties" not in given:
        return [*missing, "parties"]
    if not _without(given):
        missing += [] if "rate" in given else ["rate"]
        missing += [] if "lent_on" in given or "elapsed" in given else ["lent_on"]
    return missing


def _without(given: Given) -> bool:
    """Whether no interest was agreed, or only vaguely between persons."""
    agreed = given.choice("agreed", "")
    return agreed == NONE or (agreed == VAGUE and given.choice("parties") == PERSONS)


def _bears(given: Given, draft: Draft) -> bool:
    """Whether the loan bears interest before it is due."""
    if _without(given):
        vague = given.choice("agreed") == VAGUE
        working = "个人之间约定不明的,视为没有利息" if vague else "没有约定利息的,视为没有利息"
        draft.line("借期内利息", working, "0 元", "民法典#680", f"{RULES}#24")
        return False
    if given.choice("agreed", AGREED) == VAGUE:
        draft.notes.append("利息约定不明、有一方是单位的,利率由法院结合合同内容和交易习惯等确定,这里按您填的利率试算。")
    return given.decimal("rate") > 0


def _principal(given: Given, draft: Draft) -> Decimal:
    """The sum that was really lent."""
    written = given.decimal("principal") if "principal" in given else given.decimal("got")
    cut = given.decimal("cut_sum", NOTHING)
    real = given.decimal("got", written - cut if cut < written else NOTHING)
    if real <= 0:
        raise BadInput("本金要大于 0,预扣的利息也不能等于或超过本金")
    if real > written:
        raise BadInput(f"实际到手 {yuan(real)} 多于借条上的 {yuan(written)}")
    if real < written:
        draft.line(
            "本金按实际出借的数额",
            f"借条 {yuan(written)} - 预扣利息 {yuan(written - real)}",
            yuan(real),
            "民法典#670",
            f"{RULES}#26",
        )
    return real


def _rolled(
    given: Given, draft: Draft, balance: Balance, spans: tuple[Span, ...], payments: tuple[Payment, ...]
) -> None:
    """Interest written into a new note: it becomes principal within the cap, and the whole may not pass the limit."""
    turn = given.day("rolled_on")
    first, last = spans[0].first, spans[-1].last
    if not first < turn < last:
        raise BadInput("重写借条的日子要在借款日和算到的日子之间")
    limit = Balance(balance.principal)
    run(Draft(), limit, [Span(one.first, one.last, one.cap) for one in spans], payments)
    earlier = [replace(one, last=min(one.last, turn)) for one in spans if one.first < turn]
    later = [replace(one, first=max(one.first, turn)) for one in spans if one.last > turn]
    run(draft, balance, earlier, [one for one in payments if one.day <= turn])
    draft.line(
        f"{day(turn)}利息滚入本金",
        f"{yuan(balance.principal)} + 没有超过上限的利息 {yuan(balance.interest)}",
        yuan(balance.owed),
        f"{RULES}#27",
    )
    draft.assumed.append("重写借条以后的利率与原来相同,上限也按最初合同成立时计算")
    balance.principal, balance.interest = balance.owed, NOTHING
    run(draft, balance, later, [one for one in payments if one.day > turn])
    draft.line(
        "本息之和的上限:最初本金按上限利率、不计复利",
        f"滚利算得 {yuan(balance.owed)},上限 {yuan(limit.owed)}",
        yuan(min(balance.owed, limit.owed)),
        f"{RULES}#27",
    )
    if balance.owed > limit.owed:
        balance.principal, balance.interest = limit.principal, limit.interest


def _summary(given: Given, balance: Balance, last: date) -> str:
    if balance.surplus:
        return f"算到{day(last)},已经还清,多还了 {yuan(balance.surplus)}。"
    most = "最多" if "returned" in given and "payments" not in given and given.decimal("returned") else ""
    return (
        f"算到{day(last)},本息合计{most}还要还 {yuan(balance.owed)}"
        f"(本金 {yuan(balance.principal)},利息 {yuan(balance.interest)});期间利息一共 {yuan(balance.accrued)}。"
    )


CALCULATOR = Calculator(
    name=NAME,
    title=TITLE,
    about="按约定利率和四倍LPR上限计算借款的利息,逐笔抵扣还款,算出现在还欠多少",
    fields=("民间借贷",),
    says=(
        r"(?<!逾期)(?<!迟延)(?<!债务)利息(到底|应该|一共|总共|该|是|要)*(怎么|如何|咋|多少|几多|按什么)[^,。;?!]{0,4}(算|计算|给|付)?",
        r"(算|计算|帮我算|算一下|算算)[^,。;?!]{0,10}(?<!逾期)(?<!迟延)(?<!债务)(利息|本息|本金和利息)",
        r"(民间借贷|借款|借钱|借条|欠款|月息|年息|月利|年利率)[^。;?!]{0,30}(还|该还|要还|欠)[^,。;?!]{0,6}多少",
        r"借(了|给|款|他|她)?[^。;?!]{0,40}(月息|年息|利息|利率|分利)[^。;?!]{0,40}(还|该还|要还|欠)[^,。;?!]{0,6}多少(钱)?",
        r"(借|欠)[^。;?!]{0,40}还(要|该|欠|剩|需要)(还)?(他|她|我)?多少(钱)?",
        r"(本息|连本带利|本金和利息)(一共|总共|合计|共|加起来)?(是|要|该|有)?(还)?多少(钱)?",
        r"(四|4)倍(的)?(LPR|lpr|贷款市场报价利率|利率)(是|算|怎么|多少)*",
        r"(应该?|该|要|需要)?(付|给|还|收)(我|他|她)?(多少|几多)(钱)?利息",
        r"(民间借贷|借款|高利贷)(的)?(利息|利率)(上限|最高|计算)",
    ),
    inputs=(
        PRINCIPAL,
        GOT,
        CUT,
        RATE,
        INTEREST,
        PARTIES,
        LENT_ON,
        UNTIL,
        ELAPSED,
        RETURNED,
        PAYMENTS,
        ROLLED_ON,
        LPR,
        FILED,
        OLD_CAP,
    ),
    work=work,
)
