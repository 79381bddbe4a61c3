"""Inputs of interest on late payment, and how people tell loans, prices and judgments apart."""

from orchestrator.calculators.parts.debts import ELAPSED, PAYMENTS, RETURNED, UNTIL
from orchestrator.calculators.parts.lending_rates import FILED, LPR, OLD_CAP
from orchestrator.domains.lending import DOMAIN
from orchestrator.domains.pack import Choice, Element

LOAN, SALE, JUDGMENT = "借款到期没还", "货款到期没付", "判决生效后没履行"
LATE_RATE, TERM_RATE, NOTHING_AGREED = "约定了逾期利率(或逾期付款违约金)", "只约定了借期内的利率", "都没有约定"
FIXED, FLOATING = "按开始逾期时的LPR一直算", "随LPR变动分段算"
REST = r"[\s\S]*"

DEBT = Element(
    id="debt",
    label="什么钱逾期了",
    why="借款、货款和判决确定的款项,逾期利息的算法不同",
    question="逾期的是什么钱?",
    choices=(
        Choice(value=LOAN, says=(r"(借(?!口)|贷款|民间借贷|出借)",), short=("借款", "借的钱")),
        Choice(
            value=SALE,
            says=(r"(货款|尾款|材料款|买卖|供货|卖(了|给)|进货|采购|价款)[^。;]{0,20}",),
            short=("货款", "买卖", "价款"),
        ),
        Choice(
            value=JUDGMENT,
            says=(rf"(判决|法院判|判了|判他|判对方|生效|调解书|裁决书?|强制执行|加倍|迟延履行|双倍利息|老赖){REST}",),
            short=("判决", "判决后", "法院判的"),
        ),
    ),
)
AMOUNT = Element(
    id="amount",
    label="逾期的数额",
    why="利息按没有还(付)的数额计算;判决的,不包括其中的一般利息",
    question="到期没有还(付)的本金或价款是多少?(判决确定的,不含利息)",
    kind="amount",
    near=(
        r"(欠(?!条)|借(?!条)|本金|货款|尾款|材料款|价款|判(?!决书)|拖欠|没付|没还|未付|未还)"
        r"(决|令|了|我|他|她|对方|给|款|钱|的|是|有|应|要|还|支付|偿还|赔|返还|归还|公司)*",
    ),
    sole=True,
)
DUE = Element(
    id="due_since",
    label="到期日",
    why="逾期利息从到期的次日起算;判决的,从履行期间届满之日起算",
    question="约定的还(付)款日、判决定的履行期限最后一天是哪天?",
    kind="date",
    near=(
        r"(该还|该付|应还|应付|还款日|付款日|还款期|付款期|约定|说好|履行期限?|期限|最迟)(是|在|到|为)*",
        r"(?<!没)(到期|届满|期满|逾期|之?前(还|付|给|履行|支付)|(前|底|日|号)(还|付)(清|款)?(?!了))",
    ),
)
LATE = ELAPSED.model_copy(update={"question": "到现在(或到付清)一共逾期多久了?"})
RATE = Element(
    id="rate",
    label="借期内(判决确定)的利率",
    why="没有约定逾期利率的,可以按借期内的利率算;判决确定了利息的,一般利息按判决算",
    question="约定的借期内年利率(判决确定的利率)是多少?(也可以说月息几分)",
    kind="rate",
    near=(r"(?<!逾期)(借期内?|期内)?(月息|年息|日息|利率|利息|年化|月利|年利)", r"息"),
    sole=True,
)
LATE_AT = Element(
    id="late_rate",
    label="约定的逾期利率",
    why="有约定的按约定,借款不能超过上限",
    question="约定的逾期利率(或逾期付款违约金折合的利率)是多少?",
    kind="rate",
    near=(r"(逾期|违约金|滞纳金|罚息|超期|过期|延期|迟延|晚)[^,。;]{0,4}", r"的?(违约金|滞纳金|罚息)"),
)
TERMS = Element(
    id="terms",
    label="利率约定",
    why="有没有约定逾期利率、借期利率,适用的标准不同",
    question="约定过逾期利率或借期内的利率吗?",
    choices=(
        Choice(value=LATE_RATE, short=("约定了逾期利率", "有逾期利率", "约定了违约金")),
        Choice(value=TERM_RATE, short=("只有借期利率", "只约定了利息")),
        Choice(
            value=NOTHING_AGREED,
            says=(
                r"(没|没有|未|都没)(约定|写|说|谈|提)(过|好)?[^,。;]{0,6}(逾期|违约金|利息|利率|滞纳金)",
                r"(利息|利率|违约金|逾期)[^,。;]{0,6}(没|没有|未)(约定|写|说|谈|提)",
                r"(无息|没有利息|没利息)",
            ),
            short=("没有", "都没有", "没约定"),
        ),
    ),
)
LENT_ON = DOMAIN.element("lent_on").model_copy(
    update={"why": "利率上限按借款合同成立时的LPR", "question": "借款合同(借条)是哪天签的、钱是哪天借出的?"}
)
CHARGES = Element(
    id="charges",
    label="另外约定的违约金和其他费用",
    why="与逾期利息合计不能超过同一上限",
    question="除逾期利息外,还约定了多少违约金或其他费用?(没有填0)",
    kind="amount",
    near=(r"(违约金|滞纳金|服务费|管理费|手续费|其他费用)(是|为|约定|了|有|共|一共)*",),
)
COURSE = Element(
    id="lpr_course",
    label="LPR变动时",
    why="没有约定的,按开始逾期时的LPR还是随LPR分段,法院做法不一",
    question="按开始逾期时的LPR一直算,还是随LPR变动分段算?",
    choices=(
        Choice(value=FIXED, says=(r"一直按|固定",), short=("固定", "一直算")),
        Choice(value=FLOATING, says=(r"分段|随(着)?LPR|浮动|同期LPR",), short=("分段", "浮动")),
    ),
)
EXTRA = Element(
    id="extra",
    label="加计的百分比",
    why="没有约定的,货款逾期按LPR加计百分之三十至五十计算",
    question="在LPR基础上加计百分之几?(30到50之间,不填就两头都算)",
    kind="number",
    near=(r"加(计|收)(百分之)?",),
)
BANK_RATE = Element(
    id="bank_rate",
    label="当时的银行逾期罚息利率",
    why="2019年8月19日以前开始违约的,参照当时的贷款基准利率和逾期罚息标准",
    question="开始违约时,银行同期同类贷款的逾期罚息年利率是百分之几?",
    kind="rate",
    near=(r"罚息利率|基准利率",),
)
INPUTS = (
    DEBT,
    AMOUNT,
    DUE,
    UNTIL,
    LATE,
    TERMS,
    LATE_AT,
    RATE,
    LENT_ON,
    RETURNED,
    PAYMENTS,
    CHARGES,
    COURSE,
    EXTRA,
    LPR,
    FILED,
    OLD_CAP,
    BANK_RATE,
)
