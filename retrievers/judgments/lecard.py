"""LeCaRD candidates: one JSON file each ({"ajId", "ajName", "ajjbqk", "pjjg", "qw", …}), or a JSONL of fact summaries
({"id", "charges", "facts": {charge: summary}, "text"}).

The file's name is the id that LeCaRD's labels use; a file in several query folders is one case.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from retrievers.contracts import Case
from retrievers.judgments import charges

SOURCE = "LeCaRD"
_CHARGE = re.compile(r"犯([一-龥、]{2,30}?罪)(?![行名责过犯刑])")
_NUMBER = re.compile(r"[（(〔]\d{4}[）)〕][一-龥]{1,8}\d*[一-龥]{1,6}第?\d+号")
_COURT = re.compile(r"[一-龥]{2,30}?法院")
# How the summaries begin; it says nothing of the case: 与“盗窃罪”相关的起因、经过、结果分别为:
_LEAD = re.compile(r"^与[^。\n]{0,40}?相关的[^。\n]{0,20}起因、经过、结果分别(?:为|是|如下)?[：:]?\s*")
Row = dict[str, Any]


def fits(row: Row) -> bool:
    """Whether the object is of one of the two forms."""
    return "ajjbqk" in row or (isinstance(row.get("facts"), dict) and "charges" in row)


def cases(row: Row, place: str) -> Iterator[Case]:
    """The case. `place` is the file's path. Raises ValueError with the reason in one line."""
    yield _summary(row) if "ajjbqk" not in row else _candidate(row, PurePosixPath(place).stem)


def _summary(row: Row) -> Case:
    accused = tuple(filter(None, (charges.named(str(name)) for name in row["charges"])))
    facts = "\n".join(f"{name}:{_LEAD.sub('', str(text).strip())}" for name, text in row["facts"].items())
    if not facts or not str(row.get("id", "")).strip():
        raise ValueError("id and facts must not be empty")
    name = "、".join(accused)
    return Case(
        id=str(row["id"]),
        title=f"{name}案" if name else str(row["id"]),
        kind="judgment",
        field="刑事",
        cause=name,
        facts=facts,
        charges=accused,
        source=SOURCE,
    )


def _candidate(row: Row, stem: str) -> Case:
    facts, outcome, whole = (str(row.get(key) or "").strip() for key in ("ajjbqk", "pjjg", "qw"))
    id_ = stem if stem.isdecimal() else str(row.get("ajId") or "").strip()
    if not facts or not id_:
        raise ValueError("ajjbqk and ajId must not be empty")
    head, name = whole[:300], str(row.get("ajName") or "").strip()
    accused = tuple(dict.fromkeys(map(charges.named, _CHARGE.findall(outcome))))
    court, number = _COURT.search(head), _NUMBER.search(head)
    return Case(
        id=f"lecard-{id_}",
        title=name or f"{'、'.join(accused)}案",
        kind="judgment",
        field="刑事",
        cause="、".join(accused),
        facts=facts,
        outcome=outcome,
        reasoning=str(row.get("cpfxgc") or "").strip(),
        charges=accused,
        court=court[0] if court else "",
        number=number[0] if number else "",
        source=SOURCE,
    )
