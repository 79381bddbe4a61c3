"""离婚协议书: for both spouses to sign, so nothing of one side's story enters it."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer, signer_line
from orchestrator.documents.template import DATE_LINE, EMPTY, Template, clause, clauses, signature
from orchestrator.domains.pack import Is, Says
from orchestrator.papers.paper import Block, Heading

FAMILY = "婚姻家庭"
RULES = "最高人民法院关于适用民法典婚姻家庭编的解释（一）"
HUSBAND = signer("husband", "男方", "丈夫", "老公")
WIFE = signer("wife", "女方", "妻子", "老婆")
MARRIED = Gap(id="married_on", label="结婚登记的日期和机关", kind="text")
CHILDREN = Gap(id="children", label="子女的姓名和出生日期", hint="没有子女的写“无”")
CUSTODY = Gap(id="custody", label="直接抚养子女的一方", hint="写“男方”或“女方”")
SUPPORT = Gap(id="support", label="每月抚养费", kind="amount", facts=((FAMILY, "monthly"),), cues=("抚养费", "生活费"))
SUPPORT_HOW = Gap(id="support_how", label="抚养费的支付日、账户和期限")
VISITS = Gap(id="visits", label="探望的时间和方式")
HOUSE = Gap(id="house", label="房屋的坐落、归属、贷款和过户的安排", hint="没有的写“无”")
SAVINGS = Gap(
    id="savings", label="存款数额", kind="amount", facts=((FAMILY, "savings"),), cues=("存款",), hint="没有的写“无”"
)
SAVINGS_TO = Gap(id="savings_to", label="存款的分法")
GOODS = Gap(id="goods", label="车辆、股权、保险等其他财产的分法", hint="没有的写“无”")
DEBTS = Gap(id="debts", label="共同债务和由谁偿还", hint="没有的写“无”")
HELP = Gap(id="help", label="补偿、帮助或其他约定", hint="没有的写“无”")
COPIES = Gap(id="copies", label="份数", hint="双方和婚姻登记机关各一份")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The agreement."""
    none = matter.holds(FAMILY, Is("bought", "没有房子要分")) and not matter.known(HOUSE)
    return (
        clause(signer_line(matter, "男方", HUSBAND)),
        clause(signer_line(matter, "女方", WIFE)),
        clause(f"双方于{matter[MARRIED]}登记结婚。现双方自愿离婚,经协商一致,达成如下协议:"),
        Heading(text="一、自愿离婚"),
        clause("双方均自愿离婚,对下列子女抚养、财产以及债务处理的约定均已充分了解并同意。"),
        Heading(text="二、子女抚养"),
        clauses(
            f"子女:{matter[CHILDREN]}。",
            f"子女由{matter[CUSTODY]}直接抚养。",
            f"另一方每月支付抚养费{matter[SUPPORT]};{matter[SUPPORT_HOW]}。",
            f"不直接抚养的一方探望子女:{matter[VISITS]},另一方予以协助。",
        ),
        Heading(text="三、财产"),
        clauses(
            "房屋:无。" if none else f"房屋:{matter[HOUSE]}。",
            f"存款{matter[SAVINGS]}:{matter[SAVINGS_TO]}。",
            f"其他财产:{matter[GOODS]}。",
            "双方确认没有隐瞒其他夫妻共同财产。",
        ),
        Heading(text="四、债务"),
        clause(f"夫妻共同债务:{matter[DEBTS]}。各自以个人名义所负、没有用于家庭的债务由各自承担。"),
        Heading(text="五、其他"),
        clauses(
            f"补偿、帮助和其他约定:{matter[HELP]}。",
            f"户口迁移:{EMPTY} 不需要  {EMPTY} 需要(写明时间)。",
            f"本协议一式{matter[COPIES]}份,经婚姻登记机关办理离婚登记后生效。",
        ),
        *signature("男方(签名):", DATE_LINE, "女方(签名):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What both spouses must mind."""
    return (
        Says(
            text="协议要写明自愿离婚,以及对子女抚养、财产和债务处理协商一致的意见,双方亲自到婚姻登记机关申请",
            articles=("民法典#1076",),
        ),
        Says(
            text="申请后三十日内任何一方都可以撤回;期满后三十日内双方要亲自去领离婚证,没有去的视为撤回申请",
            articles=("民法典#1077",),
        ),
        Says(text="对债务的约定只约束双方,债权人仍有权就夫妻共同债务向双方主张", articles=(f"{RULES}#35",)),
        Says(text="不满两周岁的子女,以由母亲直接抚养为原则;满八周岁的要尊重孩子的真实意愿", articles=("民法典#1084",)),
        Says(text="隐藏、转移夫妻共同财产的,离婚后发现仍可以起诉再次分割", articles=("民法典#1092",)),
    )


TEMPLATE = Template(
    name="离婚协议书",
    title="离婚协议书",
    about="双方都同意离婚时签,写明子女抚养、财产和债务的处理",
    says=(r"离婚(协议书?|协定)", r"协议离婚的?(协议|书)"),
    fields=(FAMILY,),
    gaps=(
        *HUSBAND,
        *WIFE,
        MARRIED,
        CHILDREN,
        CUSTODY,
        SUPPORT,
        SUPPORT_HOW,
        VISITS,
        HOUSE,
        SAVINGS,
        SAVINGS_TO,
        GOODS,
        DEBTS,
        HELP,
        COPIES,
    ),
    fill=fill,
    notes=notes,
)
