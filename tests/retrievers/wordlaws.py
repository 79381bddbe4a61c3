"""DOCX files in the form of the national law database, made on the spot: of an invented law, or of a Markdown one."""

import re
from collections.abc import Sequence
from io import BytesIO

import docx

TITLE = "中华人民共和国星光借贷法"
ADOPTED = (
    "（2001年3月5日第九届星河大会第二次会议通过　根据2010年6月7日第十一届星河大会《关于修改〈星光借贷法〉的决定》第一次修正"
    "　2023年12月29日第十四届星河大会第七次会议修订）"
)
CONTENTS = ("第一编　总则", "第一章　一般规定", "第二编　借与还", "第一章　借", "第一节　字据", "附　　则")
BODY = (
    "第一编　总则",
    "第一章　一般规定",
    "第一条　为了规范星光的借贷，制定本法。",
    "第二条　本法所称星光，包括下列各项：",
    "（一）月光；",
    "（二）  烛光。",
    "第二编　借与还",
    "第一章　借",
    "第一节　字据",
    "第三条　借星光应当立字据。",
    "没有字据的，依照本法第二条处理。",
    "第三条之一　字据一式两份。",
    "附　　则",
    "第四条　本法自2024年7月1日起施行。《月光法》同时废止。",
    "附件：字据样式",
    "样式里的话。",
)


def law(lines: Sequence[str]) -> bytes:
    """A DOCX of these paragraphs; \\v in one is a line break that Word made."""
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for at, part in enumerate(line.split("\v")):
            run = paragraph.add_run(part)
            if at < line.count("\v"):
                run.add_break()
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def whole(body: Sequence[str] = BODY) -> bytes:
    """The invented law with its table of contents."""
    return law((TITLE, ADOPTED, "目　　录", *CONTENTS, *body))


def of_markdown(content: bytes) -> bytes:
    """The DOCX that the database would have of the law in a Markdown file."""
    head, _, body = content.decode().partition("<!-- INFO END -->")
    title = next(line.lstrip("# ").strip() for line in head.split("\n") if line.startswith("# "))
    events = [line.strip().replace(" ", "", 1) for line in head.split("\n") if re.match(r"\d{4}年", line)]
    lines = [line.strip("\u200b \r\t\u3000") for line in body.split("\n")]
    heads = [re.sub(r"\s+", "　", line.lstrip("# ")) for line in lines if line.startswith("#")]
    made = [title[:9], title[9:]] if len(title) > 22 else [title]
    made += [f"（{'　'.join(events)}）"] if events else []
    made += ["目　　录", *heads] if len(heads) > 2 else []
    for line in filter(None, lines):
        made.append(re.sub(r"\s+", "　", line.lstrip("# ")) if line.startswith("#") else line)
    return law(made)
