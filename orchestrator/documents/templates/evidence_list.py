"""证据清单: what to collect, and what each piece is to prove, with the columns courts ask for."""

from orchestrator.documents import forms
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import DATE_LINE, Template, clause, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import GAP, Block, Table

SUBMITTER = Gap(id="submitter_name", label="提交人", kind="name", cues=("提交人",))
OPPONENT = Gap(id="opponent_name", label="对方当事人", kind="name", cues=("对方", "对方当事人"))
HEADER = ("序号", "证据名称", "证据来源", "原件/复印件", "页数", "证明目的")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The list."""
    rows = [
        (str(at), name, GAP, GAP, GAP, aim or GAP)
        for at, (name, aim) in enumerate(forms.pieces(matter, "提交人", "对方当事人"), 1)
    ] or [("1", GAP, GAP, GAP, GAP, GAP)]
    return (
        clause(f"提交人:{matter[SUBMITTER]}  对方当事人:{matter[OPPONENT]}"),
        clause(f"案由:{forms.cause(matter)}"),
        Table(header=HEADER, rows=tuple(rows), widths=(1, 4, 3, 2, 1, 4)),
        *signature("提交人(签名):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the one who submits must mind."""
    return (
        Says(text="对自己提出的主张,有责任提供证据", articles=("民事诉讼法#67",)),
        Says(
            text="书证、物证应当提交原件、原物;确有困难的,可以提交复制品、照片、副本、节录本",
            articles=("民事诉讼法#73",),
        ),
        Says(
            text="聊天、转账等电子数据保留在原来的设备里,不要删改",
            articles=("民事诉讼法#66",),
        ),
    )


TEMPLATE = Template(
    name="证据清单",
    title="证据清单",
    about="把要提交的证据列成表,写明来源和证明目的",
    says=(r"证据(清单|目录|列表|表)",),
    session=True,
    gaps=(SUBMITTER, OPPONENT),
    fill=fill,
    notes=notes,
    me=lambda matter: "submitter_name",
)
