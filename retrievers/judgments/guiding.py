"""Guiding and model cases: LawRefBook's 案例 folder (Markdown with headings), or a JSONL of the same
({"id", "title", "category", "sections": {heading: text}, "cited"}).

Both forms give a case the same id, case:TITLE. Knows the headings that such files use, not what is said under them.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from retrievers import lawrefbook
from retrievers.contracts import Case

FIELDS = {"劳动人事": "劳动", "消费购物": "消费维权", "行政协议诉讼": "行政"}
_FACTS = ("基本案情", "简要案情", "案情回顾")
_ISSUE = ("争议焦点", "原告诉讼请求", "申请人请求")
_OUTCOME = ("裁判结果", "处理结果", "法院裁判")
_REASONING = ("裁判要点", "裁判要旨", "裁判理由", "案例分析", "适用解析", "法官解读", "典型意义")
_COURT = re.compile(r"[一-龥]{2,12}(?:省|市|自治区)[一-龥]{0,12}?人民法院")
# The kinds of dispute that titles end in; what stands before them are names of parties.
_CAUSE = re.compile(
    r"((?:网络信息购物|网络购物|网络服务|医疗服务|服务|房屋买卖|买卖|土地承包|金融借款|借款|租赁|承揽)合同"
    r"|网络侵权责任|侵权责任|财产损害赔偿|名誉权|法定继承|婚姻家庭|捆绑交易|劳动争议)(?:纠纷)?(?:一?案|等)*$"
)
_MARKS = re.compile(r"<!--.*?-->", re.DOTALL)
Row = dict[str, Any]


def fits(row: Row) -> bool:
    """Whether the object is of this form."""
    return isinstance(row.get("sections"), dict) and "title" in row


def cases(row: Row, place: str) -> Iterator[Case]:
    """The case. Raises ValueError with the reason in one line."""
    sections = {_heading(str(name)): str(text) for name, text in row["sections"].items()}
    cited = tuple(str(id_) for id_ in row.get("cited") or ())
    yield _case(str(row["title"]).strip(), str(row.get("category") or ""), sections, cited)


def markdown(content: bytes, path: str) -> Iterator[Case]:
    """The case in a Markdown file; `path` gives its category. Raises ValueError with the reason in one line."""
    if lawrefbook.kind(path) == "目录页":
        return
    try:
        text = _MARKS.sub("", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start})") from error
    title, subtitle, heading = "", "", ""
    sections: dict[str, str] = {}
    for line in (line.strip(" \t\r\u3000\u200b") for line in text.split("\n")):
        if line.startswith("# ") and not title:
            title = line.lstrip("# ").strip()
        elif line.startswith("#"):
            heading = _heading(line.lstrip("#"))
            if not sections and heading.endswith("案"):
                subtitle = heading
        elif line and heading:
            sections[heading] = f"{sections[heading]}\n{line}" if heading in sections else line
    folders = PurePosixPath(path).parts[:-1]
    yield _case(title, folders[-1] if folders else "", sections, (), subtitle)


def _case(title: str, category: str, sections: dict[str, str], cited: tuple[str, ...], subtitle: str = "") -> Case:
    facts = _joined(sections, _FACTS)
    if not title or not facts:
        raise ValueError("no title, or no section 基本案情")
    outcome = _joined(sections, _OUTCOME)
    cause, court = _CAUSE.search(subtitle or title), _COURT.search(outcome)
    return Case(
        id=f"case:{title}",
        title=title if not subtitle else f"{title}({subtitle})",
        kind="guiding",
        field=FIELDS.get(category, ""),
        cause=f"{cause[1]}纠纷" if cause else "",
        facts=facts,
        issue=_joined(sections, _ISSUE),
        outcome=outcome,
        reasoning=_joined(sections, _REASONING),
        articles=cited,
        court=court[0] if court else "",
        source="LawRefBook",
    )


def _heading(written: str) -> str:
    return re.sub(r"[\s\u3000]+", "", written)


def _joined(sections: dict[str, str], names: tuple[str, ...]) -> str:
    return "\n".join(sections[name] for name in names if name in sections)
