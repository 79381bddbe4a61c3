"""劳动仲裁申请书: what an employee (or an employer) asks of the commission for labour disputes."""

from orchestrator.documents import forms
from orchestrator.documents.forms import section
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import party, party_table
from orchestrator.documents.pleading import side
from orchestrator.documents.template import DATE_LINE, Template, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Heading, Paragraph, Table

APPLICANT = party("claimant", "申请人")
RESPONDENT = party("respondent", "被申请人", "公司", "单位")
COMMISSION = Gap(id="commission", label="劳动人事争议仲裁委员会名称", hint="劳动合同履行地或用人单位所在地的都可以")
GAPS = (
    *APPLICANT,
    *RESPONDENT,
    forms.DELIVERY,
    forms.OTHER,
    forms.TOTAL,
    forms.STORY,
    forms.WITNESSES,
    COMMISSION,
)


def fill(matter: Matter) -> tuple[Block, ...]:
    """The application."""
    return (
        Paragraph(text=f"({forms.cause(matter)})", align="center"),
        section(1, "当事人"),
        Heading(text="申请人", level=2),
        party_table(matter, APPLICANT),
        Heading(text="被申请人", level=2),
        party_table(matter, RESPONDENT),
        Table(rows=(forms.AGENT,), widths=(3, 9)),
        forms.delivery(matter),
        section(2, "仲裁请求"),
        *forms.requests(matter, "申请人", "被申请人"),
        section(3, "事实和理由"),
        *forms.facts(matter, "申请人", "被申请人"),
        section(4, "证据和证据来源"),
        *forms.evidence(matter, "申请人", "被申请人"),
        Paragraph(text="此致", indent=True),
        Paragraph(text=matter[COMMISSION]),
        *signature("申请人(签名或盖章):", DATE_LINE),
    )


def unfit(matter: Matter) -> str:
    """Why an application is not for this client."""
    if side(matter) == "respondent":
        return "从您说的情况看,您是用人单位一方;被员工申请仲裁的,应当写的是答辩状。"
    return ""


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the applicant must mind."""
    return (
        Says(
            text="申请书要写明双方的身份信息、仲裁请求、事实和理由、证据和证据来源,按被申请人的人数另备副本;"
            "书写确有困难的可以口头申请",
            articles=("劳动争议调解仲裁法#28",),
        ),
        Says(
            text="时效一般为一年;在职期间拖欠劳动报酬的不受一年限制,但离职的要自劳动关系终止之日起一年内提出",
            articles=("劳动争议调解仲裁法#27",),
        ),
        Says(
            text="向劳动合同履行地或者用人单位所在地的仲裁委员会提出",
            articles=("劳动争议调解仲裁法#21",),
        ),
        Says(
            text="违法解除的赔偿金和经济补偿不能同时得到,请选一项",
            articles=("劳动合同法实施条例#25",),
        ),
        Says(text="仲裁不收费", articles=("劳动争议调解仲裁法#53",)),
    )


TEMPLATE = Template(
    name="劳动仲裁申请书",
    title="劳动人事争议仲裁申请书",
    about="员工向劳动人事争议仲裁委员会申请仲裁时用",
    says=(r"(劳动|人事)?仲裁申请(书)?", r"(写|拟|起草|生成)[^。,;]{0,6}仲裁"),
    fields=("劳动",),
    session=True,
    elements=True,
    gaps=GAPS,
    fill=fill,
    notes=notes,
    unfit=unfit,
    me=lambda matter: "claimant_name",
)
