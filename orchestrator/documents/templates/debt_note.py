"""欠条: what a debtor signs for money owed from something else than a loan: goods, wages, rent, works."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer
from orchestrator.documents.pleading import side
from orchestrator.documents.template import DATE_LINE, Template, clause, money, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block

CREDITOR = signer("creditor", "债权人", "收款人")
DEBTOR = signer("debtor", "欠款人", "债务人", "对方")
OWED = Gap(
    id="owed",
    label="欠款金额",
    kind="amount",
    sole=True,
    facts=(("合同", "owed"), ("劳动", "owed"), ("房屋租赁", "arrears"), ("物业", "fee_sum"), ("民间借贷", "principal")),
    cues=("欠", "欠款", "货款", "工资", "尾款", "金额"),
)
REASON = Gap(id="reason", label="欠款的由来", hint="例如“2026年5月购买钢材的货款”")
DUE_ON = Gap(id="due_on", label="付清日期", kind="date", cues=("付清", "还清", "结清", "前付", "前还"))
LATE = Gap(id="late", label="逾期付款的责任", hint="例如“按日万分之五支付违约金”;没有约定的写“无”")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The note."""
    return (
        clause(
            f"{matter[DEBTOR[0]]}(身份证号码:{matter[DEBTOR[1]]})因{matter[REASON]},"
            f"截至立据之日尚欠{matter[CREDITOR[0]]}(身份证号码:{matter[CREDITOR[1]]})"
            f"人民币{money(matter[OWED])}。"
        ),
        clause(f"欠款人承诺于{matter[DUE_ON]}之前付清。逾期的责任:{matter[LATE]}。"),
        clause(f"欠款人住址:{matter[DEBTOR[2]]},联系电话:{matter[DEBTOR[3]]}。"),
        *signature("欠款人(签名并按指印,单位盖章):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What both must mind."""
    return (
        Says(text="欠条写的是货款、工资等结算下来的欠款;借钱用借条", articles=("民法典#579", "民法典#679")),
        Says(
            text="写明由来和金额,与合同、对账单对得上;违约金约定过高的,对方可以请求适当减少", articles=("民法典#585",)
        ),
        Says(
            text="诉讼时效期间一般为三年;写明付清日期,到期后及时催要并留下证据",
            articles=("民法典#188", "民法典#195"),
        ),
    )


def me(matter: Matter) -> str:
    """The creditor's name when the client claims, the debtor's when it is claimed from the client."""
    return {"claimant": "creditor_name", "respondent": "debtor_name"}.get(side(matter), "")


TEMPLATE = Template(
    name="欠条",
    title="欠条",
    about="货款、工资、租金等结算后还没付清时,由欠款人出具",
    says=(r"欠条", r"欠款(确认书|协议|凭证)", r"还款(协议|承诺书|计划)"),
    gaps=(*CREDITOR[:2], *DEBTOR, OWED, REASON, DUE_ON, LATE),
    fill=fill,
    notes=notes,
    me=me,
)
