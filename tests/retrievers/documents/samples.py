"""Private documents made on the spot: Word and PDF files of an invented company."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

HANDBOOK = (
    (1, "第三章 考勤"),
    (0, "第十一条 员工每日工作八小时,上下班须打卡。"),
    (0, "第十二条 员工连续旷工三日以上的,属于严重违反规章制度,公司可以解除劳动合同。"),
    (1, "第四章 薪酬"),
    (0, "第十四条 工资于次月十日前发放。"),
)


def word(*rows: tuple[int, str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A .docx of (heading level or 0, text), and a table at its end."""
    document = docx.Document()
    for level, text in rows:
        if level:
            document.add_heading(text, level)
        else:
            document.add_paragraph(text)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for at, cells in enumerate(table):
            for column, text in enumerate(cells):
                made.cell(at, column).text = text
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def numbered(*texts: str, form: str = "chineseCounting", pattern: str = "第%1条") -> bytes:
    """A .docx whose paragraphs are numbered by Word itself."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{level}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text in texts:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        listed = '<w:ilvl w:val="0"/><w:numId w:val="90"/>'
        properties.append(parse_xml(f"<w:numPr {nsdecls('w')}>{listed}</w:numPr>"))
    return saved(document)


def tracked(before: str, inserted: str, deleted: str) -> bytes:
    """A .docx of one paragraph with a tracked insertion and a tracked deletion."""
    document = docx.Document()
    paragraph = document.add_paragraph(before)._p
    paragraph.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>{inserted}</w:t></w:r></w:ins>'))
    gone = f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>'
    paragraph.append(parse_xml(gone))
    return saved(document)


def pdf(*pages: Sequence[str], password: str = "") -> bytes:
    """A PDF with these lines on its pages, in a Chinese font that is not embedded."""
    writer = PdfWriter()
    descendant = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType0"),
            NameObject("/BaseFont"): NameObject("/STSong-Light"),
        }
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/STSong-Light"),
            NameObject("/Encoding"): NameObject("/UniGB-UTF16-H"),
            NameObject("/DescendantFonts"): ArrayObject([descendant]),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        shown = [
            f"1 0 0 1 40 {760 - 20 * at} Tm <{line.encode('utf-16-be').hex()}> Tj" for at, line in enumerate(lines)
        ]
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf {' '.join(shown)} ET".encode())
        stream[NameObject("/Length")] = NumberObject(len(stream.get_data()))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def folder(path: Path) -> Path:
    """A folder with a handbook in Word and a rule in Markdown."""
    (path / "制度").mkdir(parents=True)
    (path / "员工手册.docx").write_bytes(word(*HANDBOOK))
    (path / "制度" / "差旅.md").write_text("# 差旅\n\n## 标准\n\n住宿每晚不超过四百元。\n", encoding="utf-8")
    return path
