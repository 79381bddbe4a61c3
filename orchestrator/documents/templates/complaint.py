"""民事起诉状, in the form of elements: parties, requests, facts by the field's own elements, evidence."""

from orchestrator.documents import forms
from orchestrator.documents.forms import section
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import party, party_table
from orchestrator.documents.pleading import side
from orchestrator.documents.template import DATE_LINE, Template, boxes, signature
from orchestrator.domains.pack import Is, Says
from orchestrator.papers.paper import Block, Heading, Paragraph, Table

CLAIMANT = party("claimant", "原告")
RESPONDENT = party("respondent", "被告", "借款人", "对方")
COURT = Gap(id="court", label="人民法院名称", hint="不清楚去哪个法院的,看咨询意见或打 12368")
AWARD = Gap(id="award_number", label="仲裁裁决书的文号和收到的日期", hint="劳动争议要先经过仲裁")
GAPS = (
    *CLAIMANT,
    *RESPONDENT,
    forms.DELIVERY,
    forms.OTHER,
    forms.TOTAL,
    forms.STORY,
    forms.WITNESSES,
    COURT,
    AWARD,
)


def fill(matter: Matter) -> tuple[Block, ...]:
    """The paper for the plaintiff."""
    labour = matter.field == "劳动"
    costs = "☑ 本案诉讼费用由被告负担"
    blocks: list[Block] = [
        Paragraph(text=f"({forms.cause(matter)})", align="center"),
        section(1, "当事人"),
        Heading(text="原告", level=2),
        party_table(matter, CLAIMANT),
        Heading(text="被告", level=2),
        party_table(matter, RESPONDENT),
        Heading(text="其他", level=2),
        Table(rows=(("第三人", boxes("没有", "有(写明姓名或名称、住所)")), forms.AGENT), widths=(3, 9)),
        forms.delivery(matter),
        section(2, "诉讼请求"),
        *forms.requests(matter, "原告", "被告", (costs,)),
        section(3, "约定管辖和财产保全"),
        Table(
            rows=(
                ("是否约定仲裁或管辖法院", boxes("没有", "有(写明条款)")),
                ("诉前保全", boxes("没有", "有(写明法院和时间)")),
                ("诉讼保全", boxes("不申请", "申请(另交申请书)")),
                *((("先行仲裁", matter[AWARD]),) if labour else ()),
            ),
            widths=(3, 9),
        ),
        section(4, "事实和理由"),
        *forms.facts(matter, "原告", "被告"),
        section(5, "证据和证据来源"),
        *forms.evidence(matter, "原告", "被告"),
        Paragraph(text="此致", indent=True),
        Paragraph(text=matter[COURT]),
        *signature("具状人(签名或盖章):", DATE_LINE),
    ]
    if labour:
        # The requests of the arbitration, said again to a court.
        blocks = [_judged(block) for block in blocks]
    return tuple(blocks)


def _judged(block: Block) -> Block:
    if block.kind != "items":
        return block
    return block.model_copy(update={"rows": tuple(row.replace("裁决被告", "判令被告") for row in block.rows)})


def unfit(matter: Matter) -> str:
    """Why a plaint is not for this client."""
    if matter.field == "行政":
        return "告行政机关用的是行政起诉状,不是民事起诉状;目前没有行政起诉状的模板,法院立案窗口有样式。"
    if matter.field == "刑事":
        return "刑事案件由办案机关处理,一般不用民事起诉状;要附带民事赔偿的,请向办案的法院领取样式。"
    if side(matter) == "respondent":
        return "从您说的情况看,您是被要求的一方(被告),应当写的是答辩状;要反过来告对方,请先说明您要求什么。"
    return ""


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the plaintiff must mind."""
    found = [
        Says(text="起诉状要写明双方的身份信息、诉讼请求、事实和理由、证据和证据来源", articles=("民事诉讼法#124",)),
        Says(text="按被告的人数另备副本;书写有困难的,可以到法院口头起诉", articles=("民事诉讼法#123",)),
        Says(text="被告要明确,请求要具体,并由有管辖权的法院受理", articles=("民事诉讼法#122",)),
        Says(
            text="打勾和填写的内容取自您在咨询中的陈述,没有打勾的由您选择;请逐项核对,只写属实的内容",
            articles=("民事诉讼法#13",),
        ),
    ]
    if matter.field == "劳动":
        found.append(
            Says(text="劳动争议先申请仲裁,对裁决不服的才可以起诉", articles=("劳动争议调解仲裁法#5",)),
        )
        found.append(
            Says(
                text="一般自收到裁决书之日起十五日内起诉;对终局裁决另有规定",
                articles=("劳动争议调解仲裁法#50", "劳动争议调解仲裁法#47", "劳动争议调解仲裁法#49"),
            )
        )
    if matter.holds("婚姻家庭", Is("stage", "男方在女方孕产期要离")):
        found.append(
            Says(
                text="女方在怀孕期间、分娩后一年内或者终止妊娠后六个月内,男方不得提出离婚;"
                "女方提出,或者法院认为确有必要受理男方请求的除外",
                articles=("民法典#1082",),
            )
        )
    if any(cause.id == "support" for cause in matter.causes) and matter.field == "婚姻家庭":
        found.append(
            Says(
                text="要抚养费的权利属于子女:原告写子女,由直接抚养的一方作为法定代理人签名",
                articles=("民法典#1067", "民法典#23"),
            )
        )
    return tuple(found)


TEMPLATE = Template(
    name="民事起诉状",
    title="民事起诉状",
    about="向法院起诉时用,按要素填写:当事人、诉讼请求、事实和理由、证据",
    says=(r"(民事)?(起诉状|诉状|起诉书)", r"(写|拟|起草|生成)[^。,;]{0,6}起诉"),
    session=True,
    elements=True,
    gaps=GAPS,
    fill=fill,
    notes=notes,
    unfit=unfit,
    me=lambda matter: "claimant_name",
)
