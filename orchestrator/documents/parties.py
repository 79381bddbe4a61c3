"""The parties of a paper: what is asked of each, as gaps, as rows of a form, and as lines of a contract."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import boxes
from orchestrator.papers.paper import Table

WIDTHS = (3, 9)
SEX = ("男", "女")
KINDS = ("自然人", "法人", "非法人组织")


def party(id: str, role: str, *cues: str) -> tuple[Gap, ...]:
    """The gaps of a party that courts ask about: name, birth, people, work, home, telephone, number, head."""
    return (
        Gap(id=f"{id}_name", label=f"{role}姓名或名称", kind="name", cues=(role, *cues)),
        Gap(id=f"{id}_birth", label=f"{role}出生日期", hint="自然人填写"),
        Gap(id=f"{id}_people", label=f"{role}民族", hint="自然人填写"),
        Gap(id=f"{id}_work", label=f"{role}职业和工作单位", hint="自然人填写"),
        Gap(
            id=f"{id}_address",
            label=f"{role}住所",
            kind="place",
            cues=(role, *cues),
            hint="自然人写户籍地或经常居住地,单位写主要办事机构所在地",
        ),
        Gap(id=f"{id}_phone", label=f"{role}联系电话"),
        Gap(id=f"{id}_number", label=f"{role}证件号码", hint="身份证号码或统一社会信用代码"),
        Gap(id=f"{id}_head", label=f"{role}法定代表人或负责人姓名、职务", hint="单位填写"),
    )


def party_table(matter: Matter, gaps: tuple[Gap, ...]) -> Table:
    """The rows of a form about one party, from the gaps of `party`."""
    name, birth, people, work, address, phone, number, head = gaps
    rows = (
        ("类型", boxes(*KINDS)),
        ("姓名或名称", matter[name]),
        ("性别", boxes(*SEX)),
        ("出生日期", matter[birth]),
        ("民族", matter[people]),
        ("职业和工作单位", matter[work]),
        ("住所", matter[address]),
        ("联系电话", matter[phone]),
        ("证件号码", matter[number]),
        ("法定代表人或负责人", f"{matter[head]}(单位填写)"),
    )
    return Table(rows=rows, widths=WIDTHS)


def signer(id: str, role: str, *cues: str) -> tuple[Gap, Gap, Gap, Gap]:
    """The gaps of one who signs a contract or note: name, number of the identity card, home, telephone."""
    return (
        Gap(id=f"{id}_name", label=f"{role}姓名", kind="name", cues=(role, *cues), hint="与身份证一致"),
        Gap(id=f"{id}_number", label=f"{role}身份证号码"),
        Gap(id=f"{id}_address", label=f"{role}住址", kind="place", cues=(role, *cues)),
        Gap(id=f"{id}_phone", label=f"{role}联系电话"),
    )


def signer_line(matter: Matter, role: str, gaps: tuple[Gap, Gap, Gap, Gap]) -> str:
    """One line that says who signs."""
    name, number, address, phone = gaps
    return f"{role}:{matter[name]},身份证号码:{matter[number]},住址:{matter[address]},联系电话:{matter[phone]}。"
