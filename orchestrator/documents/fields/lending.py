"""民间借贷: getting money back, and answering such a claim."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import AtLeast, Is

RULES = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
WITHIN, ABOVE = "约定了,年利率12%以内(月息1分以内)", "约定了,比这高"

PLEADINGS = (
    Pleading(
        field="民间借贷",
        stands=(
            Stand(side="claimant", when=(Is("side", "出借人"),)),
            Stand(side="respondent", when=(Is("side", "借款人", "担保人", "借款人的配偶"),)),
        ),
        requests=(
            Request(
                text="判令{respondent}归还借款本金{principal}",
                unless=(AtLeast("returned", 0.01),),
                when=(Is("side", "出借人"),),
                articles=("民法典#675",),
            ),
            Request(
                text="判令{respondent}归还尚欠的借款(本金{principal},已还{returned},按扣除后的余额计算)",
                when=(Is("side", "出借人"),),
                needs=("returned",),
                articles=("民法典#675", "民法典#561"),
            ),
            Request(
                text="判令{respondent}按约定的利率支付借款期间的利息,以合同成立时一年期贷款市场报价利率的四倍为限",
                when=(Is("interest", WITHIN, ABOVE),),
                articles=("民法典#674", f"{RULES}#25"),
            ),
            Request(
                text="判令{respondent}支付逾期还款的利息,自约定的还款日({due_since})届满之后算至付清之日"
                "(没有约定利率的,参照当时一年期贷款市场报价利率标准)",
                when=(Is("due", "约定了,已到期"),),
                articles=("民法典#676", f"{RULES}#28"),
            ),
            Request(
                text="判令担保人对上述款项承担保证责任(写明连带责任的,写“连带清偿责任”)",
                when=(Is("guarantor", "写明连带责任", "写了担保人,没写方式"),),
                articles=("民法典#686", "民法典#688"),
            ),
            Request(
                text="判令借款人的配偶共同归还上述款项",
                when=(Is("spouse", "夫妻共同签字或共用"),),
                articles=("民法典#1064",),
            ),
        ),
        answers=(
            Request(text="{claimant}没有实际出借,借款关系不成立", when=(Is("repaid", "没有借过或没收到钱"),)),
            Request(text="借款已经还清,应当驳回诉讼请求", when=(Is("repaid", "已经还清"),), articles=(f"{RULES}#15",)),
            Request(
                text="已经归还{returned},应当从所欠款项中扣除",
                needs=("returned",),
                when=(AtLeast("returned", 0.01),),
                articles=("民法典#561",),
            ),
            Request(
                text="利息已预先从本金中扣除,实际到手{got},应当按实际借款数额归还和计息",
                when=(Is("cut", "有预扣"),),
                articles=("民法典#670",),
            ),
            Request(
                text="没有约定利息,不应支付借款期间的利息",
                when=(Is("interest", "没有约定"),),
                articles=("民法典#680", f"{RULES}#24"),
            ),
            Request(
                text="约定的利率超过合同成立时一年期贷款市场报价利率四倍的部分,不应支持",
                when=(Is("interest", ABOVE),),
                articles=(f"{RULES}#25",),
            ),
            Request(
                text="诉讼时效期间已经届满",
                when=(AtLeast("due_since", 36), Is("demand", "没有催过")),
                articles=("民法典#188",),
            ),
            Request(
                text="保证期间内没有依法主张权利,保证责任已经免除",
                causes=("surety",),
                when=(Is("chased", "都没有"),),
                articles=("民法典#693",),
            ),
            Request(
                text="没有约定保证方式,按一般保证承担责任",
                causes=("surety",),
                when=(Is("guarantor", "写了担保人,没写方式"),),
                articles=("民法典#686",),
            ),
            Request(
                text="借款由一方自己使用,不属于夫妻共同债务",
                causes=("spouse_debt",),
                when=(Is("spouse", "一方自己用"),),
                articles=("民法典#1064",),
            ),
        ),
        omitted=("fees", "special", "proof", "demand", "chased"),
    ),
)
