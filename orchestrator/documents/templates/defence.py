"""答辩状 (in arbitration of labour disputes: 答辩书): the answer of the one who was sued, element by element."""

from orchestrator.documents import elements, forms, pleading
from orchestrator.documents.forms import section
from orchestrator.documents.matter import Gap, Matter, open_gap
from orchestrator.documents.parties import party, party_table
from orchestrator.documents.template import DATE_LINE, Template, boxes, clause, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Heading, Items, Paragraph, Table

DEFENDANT = party("respondent", "答辩人", "被告")
OPPONENT = Gap(id="claimant_name", label="原告姓名或名称", kind="name", cues=("原告", "申请人", "对方"))
NUMBER = Gap(id="case_number", label="案号", hint="写在传票或应诉通知书上")
REASONS = Gap(id="reasons", label="答辩的事实和理由", hint="对照对方的每一项请求写,可以分成几段")
COURT = Gap(id="court", label="人民法院或仲裁委员会名称")
GAPS = (*DEFENDANT, OPPONENT, NUMBER, forms.DELIVERY, REASONS, forms.WITNESSES, COURT)
AGREE = boxes("没有异议", "有异议")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The paper for the defendant: `被告` is the client, `原告` the other side."""
    own, other = ("被申请人", "申请人") if matter.field == "劳动" else ("被告", "原告")
    answers = pleading.shown(matter, pleading.pleading(matter).answers, other, own)
    rows = tuple((label, text, AGREE) for label, text in elements.rows(matter, own, other))
    table = (Table(header=("事项", f"{own}的陈述", f"对{other}的说法"), rows=rows, widths=(3, 7, 3)),) if rows else ()
    rests = pleading.basis(matter, pleading.pleading(matter).answers) or open_gap("依据的法律规定")
    return (
        Paragraph(text=f"({forms.cause(matter)})", align="center"),
        Table(rows=(("案号", matter[NUMBER]), (other, matter[OPPONENT])), widths=(3, 9)),
        section(1, "答辩人"),
        party_table(matter, DEFENDANT),
        Table(rows=(forms.AGENT,), widths=(3, 9)),
        forms.delivery(matter),
        section(2, "对请求的答辩意见"),
        Items(
            rows=(
                f"☐ 请求驳回{other}的全部请求",
                f"☐ 请求驳回{other}的部分请求(写明是哪几项)",
                f"☐ 同意{other}的部分请求(写明是哪几项)",
                "☐ 愿意调解(写明可以接受的方案)",
            ),
            marks="number",
        ),
        *((Heading(text="具体的抗辩", level=2), Items(rows=tuple(answers), marks="number")) if answers else ()),
        Table(rows=(("依据的法律规定", rests),), widths=(3, 9)),
        section(3, "事实和理由"),
        *table,
        *(clause(line) for line in matter.lines(REASONS)),
        section(4, "证据和证据来源"),
        *forms.evidence(matter, own, other),
        Paragraph(text="此致", indent=True),
        Paragraph(text=matter[COURT]),
        *signature("答辩人(签名或盖章):", DATE_LINE),
    )


def unfit(matter: Matter) -> str:
    """Why an answer is not for this client."""
    if matter.field in ("行政", "刑事"):
        return f"{matter.field}案件的当事人不用民事答辩状;被指控的一方请尽快找辩护人,可以向法律援助中心申请。"
    if pleading.side(matter) == "claimant":
        wanted = "劳动仲裁申请书" if matter.field == "劳动" else "民事起诉状"
        return f"从您说的情况看,您是提出要求的一方,答辩状由被告写;您要用的是{wanted}。"
    return ""


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the defendant must mind."""
    period = Says(text="收到起诉状副本之日起十五日内提出答辩状", articles=("民事诉讼法#128",))
    if matter.field == "劳动":
        period = Says(text="收到仲裁申请书副本后十日内提交答辩书", articles=("劳动争议调解仲裁法#30",))
    return (
        period,
        Says(
            text="不提出答辩状不影响法院审理,但会失去先说明的机会;认为法院没有管辖权的,在提交答辩状期间提出",
            articles=("民事诉讼法#128", "民事诉讼法#130"),
        ),
        Says(
            text="诉讼时效要由您自己提出,法院不会主动适用",
            articles=("民法典#193",),
        ),
        Says(
            text="打勾和填写的内容取自您在咨询中的陈述,没有打勾的由您选择;请逐项核对,只写属实的内容",
            articles=("民事诉讼法#13",),
        ),
    )


TEMPLATE = Template(
    name="答辩状",
    title="答辩状",
    about="被起诉、被申请仲裁的一方用,对照对方的请求和事实逐项答辩",
    says=(r"(民事|仲裁)?答辩(状|书|意见)", r"(写|拟|起草|生成)[^。,;]{0,6}答辩"),
    session=True,
    elements=True,
    gaps=GAPS,
    fill=fill,
    notes=notes,
    unfit=unfit,
    me=lambda matter: "respondent_name",
)
