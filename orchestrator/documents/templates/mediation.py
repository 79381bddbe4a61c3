"""调解协议: what both sides agreed on, neutral between them."""

from orchestrator.documents import forms
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer, signer_line
from orchestrator.documents.template import DATE_LINE, Template, clause, clauses, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Heading

FIRST = signer("first", "甲方")
SECOND = signer("second", "乙方")
DISPUTE = Gap(id="dispute", label="纠纷的主要事实和争议事项", hint="双方都认可的写法")
PAY = Gap(id="payment", label="付款或履行的内容", hint="例如“乙方向甲方支付20000元”")
UNTIL = Gap(id="until", label="履行期限和方式", hint="例如“2026年12月31日前转账至甲方账户”")
BREACH = Gap(id="breach", label="不按期履行的责任")
BODY = Gap(id="body", label="主持调解的组织", hint="例如某某人民调解委员会;双方自行和解的写“无”")
MEDIATOR = Gap(id="mediator", label="调解员姓名", hint="双方自行和解的写“无”")
COPIES = Gap(id="copies", label="份数")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The agreement."""
    about = f"因{forms.cause(matter)}," if matter.causes else ""
    return (
        clause(signer_line(matter, "甲方", FIRST)),
        clause(signer_line(matter, "乙方", SECOND)),
        clause(f"双方{about}经{matter[BODY]}主持调解(双方自行和解的,删去本句中的调解组织),自愿达成如下协议:"),
        Heading(text="一、纠纷的主要事实和争议事项"),
        *(clause(line) for line in matter.lines(DISPUTE)),
        Heading(text="二、协议内容"),
        clauses(
            f"{matter[PAY]}。",
            f"履行的期限和方式:{matter[UNTIL]}。",
            f"不按期履行的责任:{matter[BREACH]}。",
            "上述义务履行完毕后,双方就本纠纷再无其他争议。",
        ),
        Heading(text="三、其他"),
        clause(f"本协议一式{matter[COPIES]}份,双方各执一份,调解组织留存一份。"),
        *signature(
            "甲方(签名、盖章或按指印):",
            "乙方(签名、盖章或按指印):",
            f"调解员(签名):{matter[MEDIATOR]}",
            "调解组织(盖章):",
            DATE_LINE,
        ),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What both must mind."""
    return (
        Says(
            text="协议写明当事人情况、主要事实和争议、协议内容和履行的方式、期限;"
            "自双方签名、盖章或按指印,调解员签名并加盖调解委员会印章之日起生效",
            articles=("人民调解法#29",),
        ),
        Says(
            text="经人民调解委员会调解达成的协议有法律约束力;双方可以自协议生效之日起三十日内共同向法院申请司法确认",
            articles=("人民调解法#31", "人民调解法#33", "民事诉讼法#205"),
        ),
        Says(
            text="经法院裁定有效的协议,对方不履行时可以申请执行;没有确认的,只能再起诉",
            articles=("民事诉讼法#206", "人民调解法#32"),
        ),
    )


TEMPLATE = Template(
    name="调解协议",
    title="调解协议书",
    about="双方谈妥之后签,写明各自的义务、期限和违约责任",
    says=(r"(调解|和解)(协议|书|协议书)", r"(赔偿|补偿|私了|谅解)(协议书?|书)"),
    gaps=(*FIRST, *SECOND, DISPUTE, PAY, UNTIL, BREACH, BODY, MEDIATOR, COPIES),
    fill=fill,
    notes=notes,
)
