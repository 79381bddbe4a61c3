"""CAIL 2018, charge prediction: {"fact", "meta": {"accusation", "relevant_articles", "criminals", …}}.

The rows have no id of their own: it is made of the facts, so that the same row is the same case in any file.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from retrievers.contracts import Case, article_id
from retrievers.judgments import charges

SOURCE = "CAIL2018"
Row = dict[str, Any]


def fits(row: Row) -> bool:
    """Whether the object is of this form."""
    return "fact" in row and isinstance(row.get("meta"), dict)


def cases(row: Row, place: str) -> Iterator[Case]:
    """The case. Raises ValueError with the reason in one line."""
    facts, meta = str(row["fact"]).strip(), row["meta"]
    accused = tuple(dict.fromkeys(filter(None, (charges.named(str(name)) for name in _list(meta, "accusation")))))
    if not facts or not accused:
        raise ValueError("fact and meta.accusation must not be empty")
    people = "、".join(str(name) for name in _list(meta, "criminals"))
    name = "、".join(accused)
    yield Case(
        id=f"cail2018-{hashlib.sha256(facts.encode()).hexdigest()[:16]}",
        title=f"{people}{name}案" if people else f"{name}案",
        kind="judgment",
        field="刑事",
        cause=name,
        facts=facts,
        outcome=_sentence(meta),
        articles=tuple(article_id("刑法", int(number)) for number in _list(meta, "relevant_articles")),
        charges=accused,
        source=SOURCE,
    )


def _list(meta: Row, key: str) -> list[Any]:
    value = meta.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"meta.{key}: not a list")
    return value


def _sentence(meta: Row) -> str:
    """The sentence in words; terms are months, money is yuan. A file without a term says nothing of the sentence."""
    term = meta.get("term_of_imprisonment")
    if not isinstance(term, dict):
        return ""
    months = int(term.get("imprisonment") or 0)
    if term.get("death_penalty"):
        said = "判处死刑"
    elif term.get("life_imprisonment"):
        said = "判处无期徒刑"
    elif months > 0:
        years, rest = divmod(months, 12)
        said = f"判处刑期{f'{years}年' if years else ''}{f'{rest}个月' if rest else ''}"
    else:
        said = "未判处自由刑"
    fine = int(meta.get("punish_of_money") or 0)
    return f"{said},并处罚金{fine}元。" if fine else f"{said}。"
