"""CAIL 2019-SCM, triples of similar cases: {"A", "B", "C", "label"}. All three are judgments on private lending.

The texts are imported; which two are more alike is a label for training and is left out.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from retrievers.contracts import Case

SOURCE = "CAIL2019-SCM"
Row = dict[str, Any]


def fits(row: Row) -> bool:
    """Whether the object is of this form."""
    return {"A", "B", "C"} <= row.keys()


def cases(row: Row, place: str) -> Iterator[Case]:
    """The three cases. Raises ValueError with the reason in one line."""
    for key in "ABC":
        facts = str(row[key]).strip()
        if not facts:
            raise ValueError(f"{key} must not be empty")
        yield Case(
            id=f"scm-{hashlib.sha256(facts.encode()).hexdigest()[:16]}",
            title="民间借贷纠纷案",
            kind="judgment",
            field="民间借贷",
            cause="民间借贷纠纷",
            facts=facts,
            source=SOURCE,
        )
