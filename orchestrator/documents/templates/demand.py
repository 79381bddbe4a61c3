"""催告函: a demand in the creditor's own name. It is never a lawyer's letter: the product is no lawyer."""

from orchestrator.documents import elements, forms, pleading
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import DATE_LINE, Template, clause, money, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Paragraph, Table

SENDER = Gap(id="sender_name", label="催告人姓名或名称", kind="name", cues=("催告人", "债权人", "出借人"))
SENDER_PHONE = Gap(id="sender_phone", label="催告人联系电话")
RECEIVER = Gap(
    id="receiver_name",
    label="被催告人姓名或名称",
    kind="name",
    cues=("被催告人", "债务人", "借款人", "欠款人", "对方", "公司", "房东", "租客"),
)
DUTY = Gap(id="performance", label="对方应当履行的义务", hint="例如“归还借款”“支付货款”“维修房屋”")
OWED = Gap(
    id="owed",
    label="应付金额",
    kind="amount",
    sole=True,
    facts=(
        ("民间借贷", "principal"),
        ("合同", "owed"),
        ("劳动", "owed"),
        ("物业", "fee_sum"),
        ("消费维权", "balance"),
        ("继承", "debt_sum"),
    ),
    cues=("欠", "借", "拖欠", "金额", "货款", "工资"),
)
UNTIL = Gap(id="until", label="限定履行的日期", kind="date", hint="给对方合理的时间", cues=("之前", "前付", "前还"))
ACCOUNT = Gap(id="account", label="收款账户")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The letter."""
    amount = money(_owed(matter))
    facts = elements.known(matter, "催告人", "被催告人")
    rests = pleading.basis(matter, pleading.pleading(matter).requests)
    return (
        Paragraph(text=f"{matter[RECEIVER]}:"),
        clause(f"关于{forms.cause(matter)}一事,现将有关情况和要求函告如下。" if matter.causes else "现函告如下。"),
        *((Table(header=("事项", "内容"), rows=tuple(facts), widths=(3, 9)),) if facts else ()),
        clause(f"您方应当履行的义务:{matter[DUTY]};涉及的金额:{amount}。"),
        *((clause(f"依据:{rests}。"),) if rests else ()),
        clause(f"请您方于{matter[UNTIL]}之前履行上述义务。收款账户:{matter[ACCOUNT]}。"),
        clause(
            "逾期不履行的,催告人将依法通过调解、仲裁或者诉讼等途径主张权利,由此产生的费用依法由责任方负担。"
            "您方对上述情况有不同意见的,请在同一期限内书面答复。"
        ),
        *signature(f"催告人:{matter[SENDER]}", "(签名或盖章)", f"联系电话:{matter[SENDER_PHONE]}", DATE_LINE),
    )


def _owed(matter: Matter) -> str:
    """What is owed; in a tenancy what the client's own side asks for; nothing when part was paid back already."""
    if matter.known(OWED):
        paid = matter.field == "民间借贷" and matter.told("returned") and not matter.values.get("owed")
        return f"本金{matter[OWED]},已还{matter.told('returned')}" if paid else matter[OWED]
    if matter.field == "房屋租赁":
        ids = {one.id for one in matter.causes}
        return matter.told("deposit" if "deposit" in ids else "arrears") or matter[OWED]
    return matter[OWED]


def unfit(matter: Matter) -> str:
    """Why a demand is not for this client."""
    if pleading.side(matter) == "respondent":
        return "从您说的情况看,是对方在向您提要求,催告函由要求的一方发;您可以用答辩状或者调解协议。"
    return ""


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the sender must mind."""
    found = [
        Says(
            text="要求履行会使诉讼时效中断、重新计算;请用能证明内容和送达的方式寄出,留好底稿、回执",
            articles=("民法典#195",),
        ),
        Says(
            text="对方迟延履行主要债务,经催告后在合理期限内仍未履行的,可以解除合同",
            articles=("民法典#563",),
        ),
    ]
    if matter.field == "民间借贷":
        found.append(
            Says(text="没有约定还款期限的,可以催告对方在合理期限内返还", articles=("民法典#675",)),
        )
    found.append(
        Says(text="只写事实和要求,不要辱骂、威胁或者向无关的人散布", articles=("民法典#1024",)),
    )
    return tuple(found)


TEMPLATE = Template(
    name="催告函",
    title="催告函",
    about="以自己的名义书面催促对方付款或履行(不是律师函)",
    says=(r"催告(函|书|通知)", r"催(款|收|缴|还款?)(函|通知|书)", r"律师函", r"(发|写)[^。,;]{0,6}函"),
    gaps=(SENDER, SENDER_PHONE, RECEIVER, DUTY, OWED, UNTIL, ACCOUNT),
    fill=fill,
    notes=notes,
    unfit=unfit,
    me=lambda matter: "sender_name",
)
