"""投诉举报信: to the authority that supervises the other side."""

from orchestrator.documents import elements, forms, pleading
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import DATE_LINE, Template, box, clause, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Heading, Items, Paragraph, Table

AREA = Gap(id="area", label="所在区县", hint="例如“北京市海淀区”")
OFFICE = Gap(id="office", label="接收投诉举报的机关", hint="不清楚的可以打 12345 问")
NAME = Gap(id="sender_name", label="投诉举报人姓名", kind="name", cues=("投诉人", "举报人", "投诉举报人"))
NUMBER = Gap(id="sender_number", label="投诉举报人身份证号码")
ADDRESS = Gap(id="sender_address", label="投诉举报人通讯地址", kind="place", cues=("投诉人", "举报人", "我"))
PHONE = Gap(id="sender_phone", label="投诉举报人联系电话")
TARGET = Gap(
    id="target_name", label="被投诉举报人名称", kind="name", cues=("被投诉人", "被举报人", "商家", "公司", "对方")
)
TARGET_ADDRESS = Gap(id="target_address", label="被投诉举报人地址", hint="线下写经营地址,网店写平台和店铺名")
PROOF = Gap(id="attachments", label="证据材料", hint="订单、付款记录、聊天记录、照片等")
ASK = Gap(id="asks", label="具体的投诉请求", hint="例如“退还价款”“责令支付工资”")

OFFICES = {
    "消费维权": "市场监督管理局",
    "网络电商": "市场监督管理局",
    "劳动": "人力资源和社会保障局(劳动保障监察机构)",
    "医疗损害": "卫生健康委员会",
    "物业": "住房和城乡建设局",
    "房屋租赁": "住房和城乡建设局",
}


def fill(matter: Matter) -> tuple[Block, ...]:
    """The letter."""
    office = matter.known(OFFICE)
    if not office and matter.field in OFFICES:
        office = f"{matter[AREA]}{OFFICES[matter.field]}"
    facts = elements.known(matter, "投诉举报人", "被投诉举报人")
    proof = forms.pieces(matter, "投诉举报人", "被投诉举报人")
    return (
        Paragraph(text=f"{office or matter[OFFICE]}:"),
        Table(
            rows=(
                ("投诉举报人", f"{matter[NAME]},身份证号码:{matter[NUMBER]}"),
                ("通讯地址和电话", f"{matter[ADDRESS]},{matter[PHONE]}"),
                ("被投诉举报人", f"{matter[TARGET]},地址:{matter[TARGET_ADDRESS]}"),
            ),
            widths=(3, 9),
        ),
        Heading(text="一、请求"),
        Items(
            rows=(
                box(f"投诉:{matter[ASK]}"),
                box("举报:依法查处被投诉举报人的违法行为,并书面告知处理结果"),
            ),
            marks="number",
        ),
        Heading(text="二、事实和理由"),
        *((Table(header=("事项", "内容"), rows=tuple(facts), widths=(3, 9)),) if facts else ()),
        *(clause(line) for line in matter.lines(forms.STORY)),
        Heading(text="三、附件"),
        Items(rows=tuple(name for name, _ in proof) or (matter[PROOF],), marks="number"),
        clause("投诉举报人保证以上内容属实。"),
        *signature("投诉举报人(签名):", DATE_LINE),
    )


def unfit(matter: Matter) -> str:
    """Why the client has nobody to complain of."""
    if pleading.side(matter) == "respondent" and matter.field in OFFICES:
        return "从您说的情况看,是对方在向您提要求,投诉举报信由提要求的一方写;您可以写答辩状或者书面说明。"
    return ""


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the sender must mind."""
    found = []
    if matter.field in ("", "消费维权", "网络电商"):
        found.append(
            Says(
                text="消费者投诉的,行政部门应当自收到之日起七个工作日内予以处理并告知",
                articles=("消费者权益保护法#46",),
            )
        )
    if matter.field in ("", "劳动"):
        found.append(
            Says(
                text="对劳动方面的违法行为,有权向劳动保障行政部门举报、投诉;两年内没有被发现也没有被举报、投诉的,不再查处",
                articles=("劳动保障监察条例#9", "劳动保障监察条例#20"),
            )
        )
    found.append(
        Says(
            text="只写自己经历和有证据的事实:捏造事实诬告陷害他人要承担法律责任",
            articles=("刑法#243",),
        )
    )
    return tuple(found)


TEMPLATE = Template(
    name="投诉举报信",
    title="投诉举报信",
    about="向市场监管、劳动监察、卫生健康等部门投诉或举报",
    says=(r"(投诉|举报|检举)(信|书|材料|函)", r"(写|拟|起草)[^。,;]{0,8}(投诉|举报)"),
    gaps=(AREA, OFFICE, NAME, NUMBER, ADDRESS, PHONE, TARGET, TARGET_ADDRESS, ASK, PROOF, forms.STORY),
    fill=fill,
    notes=notes,
    unfit=unfit,
    me=lambda matter: "sender_name",
)
