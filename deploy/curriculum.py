"""What planner and encoder learn from: our utterances, and everything else of ours that belongs to a field of law.

Brings `models`, `retrievers` and `orchestrator` together, which do not know each other. Nothing that serves imports it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any
from zlib import crc32

from pydantic import BaseModel

from models.scripts import simplified
from models.training import sources
from models.training.sources import Example
from orchestrator import examples
from orchestrator.domains import OTHER, packs
from retrievers import digests
from retrievers.digests import Digest
from retrievers.ranking.pairs import Stories

# What an example counts against an utterance, which is what the planner will hear; found by cross-validation.
QUESTION, ELSEWHERE, CASE, WRITTEN = 0.5, 0.1, 0.5, 0.2
# A first message of the packs' examples, long and often in the words of another field: for the field, and for the
# route, of which it says little.
EXAMPLE, STORY = 3.0, 0.3
SPARED = 5  # one story of so many
CLEAR = (
    0.85  # the share of a law's digests in one field from which a question on another article of it is of that field
)
FEW = 3  # digests; fewer do not show what field a law is of
# Laws that no field deals with: questions on them are legal and of none (其他).
NO_FIELD = frozenset(
    (
        "税收征收管理法", "个人所得税法", "海关法", "教育法", "义务教育法", "高等教育法", "民办教育促进法",
        "职业教育法", "教师法", "证券法", "信托法", "票据法", "最高人民法院关于审理票据纠纷案件若干问题的规定",
        "外商投资法", "对外贸易法", "军人保险法", "退役军人保障法", "社会救助暂行办法", "宗教事务条例", "体育法",
        "文物保护法", "民用航空法", "出境入境管理法", "护照法", "学校体育工作条例", "学校卫生工作条例",
        "志愿服务条例", "社会团体登记管理条例", "存款保险条例", "残疾人保障法", "渔业法", "水法", "电力法",
        "标准化法", "统计法", "审计法", "会计法", "政府采购法", "公证法", "殡葬管理条例",
    )
)  # fmt: skip
# Of a model of a pack: what is a pattern or an identifier, not words to a client.
_NO_WORDS = frozenset(
    ("articles", "governing", "cues", "strong", "says", "short", "near", "id", "element", "kind", "name")
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
Heads = dict[str, list[Example]]


def planner() -> tuple[Heads, Heads]:
    """(utterances, other texts) by head, in simplified characters, as the models read; no text is in both.

    Of the other texts the planner learns fields, but no routes.
    """
    said = sources.utterances()
    for name in packs():
        # The others say no more of the field: with three times as many, clients are placed no better.
        told = [example.text for example in examples.read(name) if example.told is not None]
        said["route"] += [Example(text, {"consult": 1.0}, STORY) for text in told]
        said["field"] += [Example(text, {name: 1.0}, EXAMPLE) for text in told]
    known = {example.text for examples in said.values() for example in examples}
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for text, field, weight in (*_asked(), *_written()):
        if text not in known:
            found[text][field] = max(weight, found[text].get(field, 0.0))
    other = [
        Example(simplified(text), {field: 1.0}, weight)
        for text, fields in found.items()
        for field, weight in fields.items()
    ]
    heard = {
        head: [Example(simplified(example.text), example.labels, example.weight) for example in rows]
        for head, rows in said.items()
    }
    return heard, {"field": other}


def is_spared(text: str) -> bool:
    """Whether the encoder does not learn this story: on such ones what a search says of a cause can be weighed."""
    return crc32(text.encode()) % SPARED == 0


def stories(*, spared: bool = True) -> list[Stories]:
    """The packs' examples, by cause; with those that the encoder does not learn or without."""
    found = []
    for name, domain in packs().items():
        texts: dict[str, list[str]] = defaultdict(list)
        for example in examples.read(name):
            if spared or not is_spared(example.text):
                texts[example.cause].append(example.text)
        found += [
            Stories(
                f"{name}/{cause.id}",
                tuple(texts[cause.id]),
                tuple(dict.fromkeys((*cause.governing, *sorted(cause.articles)))),
            )
            for cause in domain.causes
        ]
    return found


def _asked() -> Iterator[tuple[str, str, float]]:
    """Questions of lay people, each with its field and what it counts."""
    rows = list(digests.digests())
    yield from ((question, row.field, 1.0) for row in rows for question in row.asked_as)
    for stem, texts in sources.keyword_texts().items():
        field = import_module(f"orchestrator.domains.{stem}").DOMAIN.name
        yield from ((text, field, 1.0) for text in texts)
    field_of = _fields_of_articles(rows)
    for asked in digests.questions():
        if (field := field_of(asked.id)) is not None:
            weight = ELSEWHERE if field == OTHER else QUESTION
            yield from ((question, field, weight) for question in asked.asked_as)


def _written() -> Iterator[tuple[str, str, float]]:
    """What we wrote about the fields: digests and their terms, invented cases, what the packs say to clients."""
    for row in digests.digests():
        yield "，".join((row.digest, *row.terms)), row.field, WRITTEN
    yield from ((f"{row.title} {row.facts}", row.field, CASE) for row in digests.cases())
    for name, domain in packs().items():
        for part in (*domain.elements, *(finding for cause in domain.causes for finding in cause.findings)):
            if text := "，".join(dict.fromkeys(_words(part))):
                yield text, name, WRITTEN


def _words(value: Any) -> Iterator[str]:
    """The texts in a pack, or a part of one, that are words to a client."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _NO_WORDS:
                yield from _words(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _words(part)
    elif isinstance(value, str) and len(_HAN.findall(value)) >= 3:
        yield value


def _fields_of_articles(rows: Sequence[Digest]) -> Callable[[str], str | None]:
    """The field of an article id, None where none is clear.

    An article that was digested has the field of its digests; another one that of nearly all digests of its law, or in
    the 民法典, of many fields, that of the two digested articles before it and the two after.
    """
    own: dict[str, set[str]] = defaultdict(set)
    laws: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        own[row.id].add(row.field)
        laws[row.id.partition("#")[0]][row.field] += 1
    code = sorted((_number(id_), sorted(fields)[0]) for id_, fields in own.items() if id_.startswith("民法典#"))

    def field_of(id_: str) -> str | None:
        law = id_.partition("#")[0]
        if id_ in own:
            return next(iter(own[id_])) if len(own[id_]) == 1 else None
        if law in NO_FIELD:
            return OTHER
        if law == "民法典":
            number = _number(id_)
            around = [field for at, field in code if at < number][-2:] + [field for at, field in code if at > number][
                :2
            ]
            return around[0] if len(set(around)) == 1 else None
        if law not in laws:
            return None
        [(field, count)] = laws[law].most_common(1)
        total = laws[law].total()
        return field if count >= FEW and count / total >= CLEAR else None

    return field_of


def _number(id_: str) -> int:
    return int(id_.partition("#")[2].partition("-")[0])
