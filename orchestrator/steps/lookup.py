"""Lookup: the article itself, in any notation, and follow-ups to it (那第二款呢)."""

import time

import cn2an

from models.contracts import AnswerPlan, Ground, Source
from orchestrator import signals
from orchestrator.state import State
from orchestrator.steps.common import Run, as_of, emit, entry, message_of
from retrievers.contracts import Passage, Resolution

WIDEST = 20  # articles of one range that are shown


async def run(state: State, runtime: Run) -> State:
    """Resolve what the message names and make the answer plan that shows it."""
    started = time.perf_counter()
    text = _completed(message_of(state).content or "", state.get("last_lookup", ""))
    resolutions = await runtime.context.library.resolve(text, as_of(state))
    found = [one for one in resolutions if one.outcome == "found" and one.passage is not None and one.passage.citable]
    shown: list[Source] = []
    for at, one in enumerate(found):
        if at and (between := _between(text, found[at - 1], one)):
            law, numbers = between
            inside = [await runtime.context.library.article(law, number, 0, as_of(state)) for number in numbers]
            shown += [_whole(passage) for passage in inside if passage.citable]
        if one.passage is not None:
            shown.append(_source(one, one.passage))
    if shown:
        conclusions = tuple(dict.fromkeys(one.note for one in found if one.note))
    elif any(one.note for one in resolutions):
        conclusions = ("没有找到可以展示的现行条文。",)
    else:
        conclusions = ("没有看出您要查哪部法律的哪一条。请写明法律名称和条号,例如“民法典第1079条”。",)
    emit(
        runtime,
        "articles",
        articles=[{"id": one.id, "name": one.name, "score": 1.0, "status": "in_force"} for one in shown],
    )
    plan = AnswerPlan(
        kind="lookup",
        field=state.get("domain", ""),
        conclusions=conclusions,
        grounds=tuple(Ground(says="", sources=(one,)) for one in shown),
    )
    last = shown[-1].id if shown else state.get("last_lookup", "")
    return {
        "draft": plan.model_dump(mode="json"),
        "last_lookup": last,
        "trace": [entry("lookup", f"识别到{len(resolutions)}处引用,找到{len(shown)}条", started)],
    }


def _completed(text: str, last: str) -> str:
    """A bare follow-up made whole with the law and article shown last: 那第二款呢 → 《民法典》第1079条第二款."""
    parts = signals.lookup_follow_up(text)
    if parts is None or not last:
        return text
    law, _, number = last.partition("#")
    number, _, sub = number.partition("-")
    article, paragraph, item = parts
    named = f"第{article}条" if article else f"第{number}条" + (f"之{sub}" if sub else "")
    return (
        f"《{law.partition('@')[0]}》{named}"
        + (f"第{paragraph}款" if paragraph else "")
        + (f"第{item}项" if item else "")
    )


def _between(text: str, first: Resolution, last: Resolution) -> tuple[str, range] | None:
    """The law and the numbers strictly inside a range of articles (第1062条至第1064条), None when it is no range."""
    a, b = first.mention, last.mention
    joined = text[a.end : b.start].strip(" 第") in ("到", "至", "-", "—", "~")
    if not joined or a.law != b.law or not 1 < b.number - a.number <= WIDEST:
        return None
    return a.law, range(a.number + 1, b.number)


def _whole(passage: Passage) -> Source:
    return Source(id=passage.id, name=passage.name, excerpt=passage.text, quoted=passage.kind == "official")


def _source(resolution: Resolution, passage: Passage) -> Source:
    place = "".join(
        f"第{cn2an.an2cn(number)}{unit}"
        for number, unit in ((resolution.mention.paragraph, "款"), (resolution.mention.item, "项"))
        if number is not None
    )
    return Source(
        id=passage.id,
        name=passage.name + (place if passage.kind == "official" else ""),
        excerpt=resolution.excerpt or passage.text,
        quoted=passage.kind == "official",
    )
