"""Understand: the causes the story speaks of, and the facts it states or the replies give."""

import asyncio
import time
from collections.abc import Mapping

from models.contracts import ModelError
from orchestrator import extraction, recognition
from orchestrator.contracts import UNCLEAR, Fact, Question
from orchestrator.domains.pack import Domain
from orchestrator.facts import extract, merge, read_reply
from orchestrator.reasoning import MAX_CAUSES, recognise
from orchestrator.state import Json, State
from orchestrator.steps.common import Run, as_of, dumped, entry, facts_of, message_of, pack_of
from orchestrator.wording import plain
from retrievers.contracts import RetrievalError

CAUSE = "cause"  # the id of the question which trouble it is, when the story does not say


async def run(state: State, runtime: Run) -> State:
    """Extract facts from the message, read it as the answer to open questions, and recognise causes."""
    started = time.perf_counter()
    message, pack = message_of(state), pack_of(state)
    text = message.content or "\n".join((message.reply or {}).values())
    story = [*state.get("story", []), text]
    if pack is None:
        return {"story": story, "questions": [], "trace": [entry("understand", "该领域没有要素包,直接检索", started)]}
    today = runtime.context.today()
    asked = [Question.model_validate(row) for row in state.get("questions", [])]
    known = facts_of(state)
    # A quick reply answers its own question and says nothing of other facts; free text may.
    options = {option for question in asked for option in question.options}
    free = (
        text if message.content else "\n".join(said for said in (message.reply or {}).values() if said not in options)
    )
    new = extract(pack.elements, free, today, "story" if message.content else "reply")
    causes = list(state.get("causes", []))
    read, notes, degraded = await _by_model(state, runtime, pack, free, new)
    new = {**read, **new}
    for question in asked:
        given = (message.reply or {}).get(question.id) if message.reply else (text if len(asked) == 1 else None)
        if question.id == CAUSE:
            causes = causes or _named_cause(pack, given or text)
            continue
        element = pack.element(question.id)
        fact = read_reply(element, given, today) if given else None
        if fact is None and question.id not in new and message.reply is not None and question.id in message.reply:
            # An answer that cannot be read stays in the story; the question is not put a second time.
            fact = Fact(id=element.id, label=element.label, value=UNCLEAR, source="reply")
        if fact is not None:
            new[question.id] = fact
    recognised, found = await _causes(state, runtime, pack, "\n".join(story))
    causes = list(dict.fromkeys([*causes, *recognised]))[:MAX_CAUSES]
    active = {id for cause in pack.causes if cause.id in causes for id in cause.elements}
    earlier: dict[str, Fact] = {}
    for told in state.get("story", []):
        # What was told before a cause was recognised counts for it too; what a reply settled stands above it.
        earlier |= extract(pack.elements, told, today)
    merged = merge({**earlier, **known}, new)
    facts = {id: fact for id, fact in merged.items() if id in active or not causes}
    follow_up = bool(state.get("opinion")) and message.content is not None
    moved = [fact.label for id, fact in facts.items() if known.get(id) != fact]
    note = entry("understand", f"案由:{'、'.join(causes) or '未识别'};新增或更正:{'、'.join(moved) or '无'}", started)
    return {
        "story": story,
        "causes": causes,
        "facts": dumped(facts),
        "questions": [],
        "asked": text if follow_up and not moved else "",
        "confirmed": bool(state.get("confirmed")) and follow_up,
        "degraded": [*state.get("degraded", []), *degraded],
        "trace": [*notes, *found, note],
    }


async def _causes(state: State, runtime: Run, pack: Domain, story: str) -> tuple[list[str], list[Json]]:
    """The causes of the story, and the trace; where the search fails, the words alone decide."""
    started = time.perf_counter()
    if state.get("opinion") or not message_of(state).content:
        return [cause.id for cause in recognise(pack, story)], []
    try:
        wanted = recognition.causes(runtime.context.library, pack, story, as_of(state))
        named, added = await asyncio.wait_for(wanted, runtime.context.limits.retrieval)
    except (RetrievalError, TimeoutError) as error:
        note = entry("understand", "检索不可用,案由只按叙述的用词识别", started, error=str(error))
        return [cause.id for cause in recognise(pack, story)], [note]
    return named, [entry("understand", f"按检索到的法条补充案由:{'、'.join(added)}", started)] if added else []


async def _by_model(
    state: State, runtime: Run, pack: Domain, text: str, known: dict[str, Fact]
) -> tuple[Mapping[str, Fact], list[Json], list[str]]:
    """What a language model reads in the message, its trace, and the task if it failed: the rules then stand alone."""
    if not text.strip():
        return {}, [], []
    causes = [*state.get("causes", []), *(cause.id for cause in recognise(pack, text))]
    wanted = {id for cause in pack.causes if cause.id in causes for id in cause.elements}
    elements = [element for element in pack.elements if element.id in wanted or not causes]
    try:
        read = await extraction.by_model(
            runtime.context, elements, text, state.get("story", [])[-3:], known, state.get("domain", "")
        )
    except ModelError as error:
        return {}, [entry("facts", f"事实抽取模型失败({error.code}),只用规则抽取", error=str(error))], ["facts"]
    return read.facts, [read.entry.model_dump(mode="json")] if read.entry else [], []


def _named_cause(pack: Domain, text: str) -> list[str]:
    said = plain(text).strip()
    exact = [cause.id for cause in pack.causes if said in (plain(cause.name), plain(cause.label))]
    return exact or [cause.id for cause in recognise(pack, text)]
