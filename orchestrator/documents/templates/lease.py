"""房屋租赁合同: a lease of a home, balanced between landlord and tenant."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer, signer_line
from orchestrator.documents.template import DATE_LINE, EMPTY, Template, clause, clauses, money, signature
from orchestrator.domains.pack import Is, Says
from orchestrator.papers.paper import Block, Heading

TENANCY = "房屋租赁"
LANDLORD = signer("landlord", "出租人", "房东", "甲方")
TENANT = signer("tenant", "承租人", "租客", "乙方")
HOUSE = Gap(id="house", label="房屋坐落、面积和权属证号", hint="写到门牌号")
USE = Gap(id="use", label="租赁用途", hint="例如“居住”")
TERM = Gap(
    id="term",
    label="租赁期限",
    kind="duration",
    facts=((TENANCY, "lease_term"),),
    cues=("租期", "期限", "租(?!金)"),
)
START = Gap(
    id="started_on", label="起租日期", kind="date", facts=((TENANCY, "started_on"),), cues=("起租", "开始", "从", "自")
)
RENT = Gap(
    id="rent",
    label="每月租金",
    kind="amount",
    facts=((TENANCY, "rent"),),
    cues=("租金", "房租", "月租", "每个?月"),
)
PAY = Gap(id="pay_how", label="租金的支付周期、日期和账户", hint="例如“每三个月付一次,每期首月5日前转账”")
DEPOSIT = Gap(id="deposit", label="押金", kind="amount", facts=((TENANCY, "deposit"),), cues=("押金",))
BACK = Gap(id="deposit_back", label="押金退还的期限", hint="例如“交还房屋、结清费用后7日内”")
FEES = Gap(id="fees", label="水、电、燃气、物业等费用由谁负担")
THINGS = Gap(id="things", label="家具家电清单和现状", hint="可以另附清单和照片")
BREACH = Gap(id="breach", label="提前退租或收房的违约金", hint="例如“一个月租金”")
COPIES = Gap(id="copies", label="份数")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The contract."""
    return (
        clause(signer_line(matter, "出租人", LANDLORD)),
        clause(signer_line(matter, "承租人", TENANT)),
        Heading(text="一、房屋"),
        clause(f"出租人将下列房屋出租给承租人:{matter[HOUSE]}。用途:{matter[USE]}。"),
        clause(f"房屋内的家具、家电和现状:{matter[THINGS]}。"),
        Heading(text="二、期限和租金"),
        clauses(
            f"租赁期限:{matter[TERM]},自{matter[START]}起算。",
            f"租金:每月{money(matter[RENT])},支付方式:{matter[PAY]}。",
            f"押金:{money(matter[DEPOSIT])}。{matter[BACK]}退还,有应扣费用的,出租人列明项目和凭据后扣除。",
            f"费用:{matter[FEES]}。",
        ),
        Heading(text="三、使用和维修"),
        clauses(
            "出租人保证对房屋有权出租,并在租赁期间保持房屋和设施适合约定的用途。",
            "房屋和设施的维修由出租人负责;因承租人的过错损坏的,由承租人负责。",
            "承租人发现需要维修的,应当及时通知出租人;出租人在合理期限内没有维修的,"
            "承租人可以自行维修,费用由出租人负担。",
            f"转租:{EMPTY} 不得转租  {EMPTY} 经出租人书面同意可以转租。",
            "出租人进入房屋应当事先通知并征得承租人同意,紧急情况除外。",
        ),
        Heading(text="四、解除和违约"),
        clauses(
            "承租人拖欠租金,经催告后在合理期限内仍不支付的,出租人可以解除合同。",
            "房屋危及承租人的安全或者健康的,承租人可以随时解除合同。",
            f"一方无正当理由提前解除的,向另一方支付违约金:{matter[BREACH]}。",
            "双方均不得以换锁、断水断电等方式解决纠纷。",
        ),
        Heading(text="五、其他"),
        clause(f"本合同一式{matter[COPIES]}份,自双方签名之日起生效。争议由房屋所在地的人民法院管辖。"),
        *signature("出租人(签名):", "承租人(签名):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What both must mind."""
    return (
        Says(
            text="合同一般写明房屋、用途、租赁期限、租金及其支付期限和方式、维修等",
            articles=("民法典#704",),
        ),
        Says(text="租期六个月以上的要用书面形式,否则难以确定租期的视为不定期租赁", articles=("民法典#707",)),
        Says(text="租期不得超过二十年", articles=("民法典#705",)),
        Says(
            text="没有另外约定的,维修由出租人负责;按约定用途正常使用的损耗,承租人不用赔",
            articles=("民法典#712", "民法典#710"),
        ),
        Says(text="没有经出租人同意转租的,出租人可以解除合同", articles=("民法典#716",)),
        Says(text="租赁期间房屋卖给别人的,租约继续有效", articles=("民法典#725",)),
        Says(
            text="签约后向房产管理部门登记备案;没有备案不影响合同的效力",
            articles=("城市房地产管理法#54", "民法典#706"),
        ),
    )


def me(matter: Matter) -> str:
    """The tenant's name or the landlord's, whichever the client is."""
    if matter.holds(TENANCY, Is("side", "租客")):
        return "tenant_name"
    return "landlord_name" if matter.holds(TENANCY, Is("side", "房东")) else ""


TEMPLATE = Template(
    name="房屋租赁合同",
    title="房屋租赁合同",
    about="租房时由房东和租客签,写明租金、押金、维修和退租",
    says=(r"(房屋?|租房|房子)?(出租|租赁|租房|租房子)(合同|协议|契约)", r"租约"),
    fields=(TENANCY,),
    gaps=(
        *LANDLORD,
        *TENANT,
        HOUSE,
        USE,
        TERM,
        START,
        RENT,
        PAY,
        DEPOSIT,
        BACK,
        FEES,
        THINGS,
        BREACH,
        COPIES,
    ),
    fill=fill,
    notes=notes,
    me=me,
)
