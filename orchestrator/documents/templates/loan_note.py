"""借条: what a borrower signs when money is lent between people."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer
from orchestrator.documents.template import DATE_LINE, Template, box, clause, money, signature
from orchestrator.domains.pack import Is, Says
from orchestrator.papers.paper import Block, Items

RULES = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
LENDING = "民间借贷"
LENDER = signer("lender", "出借人", "贷款人", "债权人", "借给我的是")
BORROWER = signer("borrower", "借款人", "债务人", "借给")
PRINCIPAL = Gap(
    id="principal",
    label="借款金额",
    kind="amount",
    facts=((LENDING, "principal"),),
    sole=True,
    cues=("借款?", "借给", "本金", "借了", "金额"),
)
LENT_ON = Gap(id="lent_on", label="交付日期", kind="date", facts=((LENDING, "lent_on"),))
DUE_ON = Gap(
    id="due_on",
    label="还款日期",
    kind="date",
    facts=((LENDING, "due_since"),),
    cues=("还款日期?", "到期", "还清", "归还", "前还", "还"),
)
INTEREST = Gap(id="interest", label="利息约定", hint="例如“年利率3%”;不要利息的写“不计利息”")
USE = Gap(id="use", label="借款用途")
ACCOUNT = Gap(id="account", label="收款账户", hint="户名、开户行、账号;现金交付的写“现金”")
PLACE = Gap(id="court_place", label="约定管辖的法院", hint="可以写出借人住所地法院")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The note."""
    lender, borrower = LENDER[0], BORROWER[0]
    free = matter.holds(LENDING, Is("interest", "没有约定")) and not matter.known(INTEREST)
    interest = "本借款不计利息" if free else f"利息:{matter[INTEREST]}"
    return (
        clause(
            f"今{matter[borrower]}(身份证号码:{matter[BORROWER[1]]})因{matter[USE]},"
            f"向{matter[lender]}(身份证号码:{matter[LENDER[1]]})借到人民币{money(matter[PRINCIPAL])}。"
        ),
        clause(f"款项于{matter[LENT_ON]}以下列方式交付,借款人已经收到:"),
        Items(rows=(box(f"转账,收款账户:{matter[ACCOUNT]}"), box("现金")), marks="number"),
        clause(f"{interest}。借款人于{matter[DUE_ON]}之前一次还清本金和利息。"),
        clause(f"因本借款发生的纠纷,由{matter[PLACE]}管辖。"),
        clause(f"借款人住址:{matter[BORROWER[2]]},联系电话:{matter[BORROWER[3]]}。"),
        *signature("借款人(签名并按指印):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What lender and borrower must mind."""
    return (
        Says(text="自然人之间的借款自提供借款时成立:只有借条没有交付,借款还不成立", articles=("民法典#679",)),
        Says(text="没有写利息的,视为没有利息", articles=("民法典#680",)),
        Says(text="利率不能超过合同成立时一年期贷款市场报价利率的四倍", articles=(f"{RULES}#25",)),
        Says(text="利息不得预先从本金中扣除,金额要写实际交付的数额", articles=("民法典#670",)),
        Says(
            text="最好通过转账交付并保存凭证,由借款人亲笔书写全文、当面签名按指印;姓名与身份证一致",
            articles=("民法典#668",),
        ),
        Says(text="有担保人的,在借条上写明“连带责任保证”或“一般保证”,并由担保人签名", articles=("民法典#686",)),
    )


def me(matter: Matter) -> str:
    """The lender's name when the client lent, the borrower's when the client borrowed."""
    if matter.holds(LENDING, Is("side", "出借人")):
        return "lender_name"
    return "borrower_name" if matter.holds(LENDING, Is("side", "借款人")) else ""


TEMPLATE = Template(
    name="借条",
    title="借条",
    about="个人之间借钱时由借款人出具,写明金额、利息和还款时间",
    says=(r"借条", r"借据", r"借款(凭证|协议|合同)"),
    fields=(LENDING,),
    gaps=(*LENDER[:2], *BORROWER, PRINCIPAL, LENT_ON, DUE_ON, INTEREST, USE, ACCOUNT, PLACE),
    fill=fill,
    notes=notes,
    me=me,
)
