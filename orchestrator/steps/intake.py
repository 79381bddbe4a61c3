"""Intake: what kind of message this is, before any model is asked. Emergencies and refusals leave from here."""

import time

from orchestrator import corrections, documents, opinion, planning, points, premises, signals, statements
from orchestrator.contracts import NothingAsked, Question, UserMessage
from orchestrator.domains import OTHER
from orchestrator.facts import extract, merge, read_reply, settled
from orchestrator.reasoning import recognise
from orchestrator.state import State, no_matter
from orchestrator.steps import draft
from orchestrator.steps.common import (
    Run,
    awaits_confirmation,
    causes_of,
    dumped,
    emit,
    entry,
    facts_of,
    message_of,
    pack_of,
    supposed_of,
)
from orchestrator.steps.understand import supposed_facts

SHORT = 40  # characters of a message that goes on with a matter without naming it
REMEMBERED = 6  # messages of the client that the planner sees


async def run(state: State, runtime: Run) -> State:
    """Sort the message: `entry` names the next step. Raises NothingAsked for a reply that answers nothing."""
    field = state.get("matter") or state.get("domain", "")
    # A search in another field, a turn before, does not move the facts there; a supposition holds for one turn.
    return {"supposed": {}, "aside": [], "domain": field, **await _sorted({**state, "domain": field}, runtime)}


async def _sorted(state: State, runtime: Run) -> State:
    started = time.perf_counter()
    message = message_of(state)
    emit(runtime, "step", task="intake", id=0, ms=0.0)  # the client sees at once that the message has arrived
    if message.reply is not None:
        return _replied(state, message.reply)
    if message.confirm is not None:
        return _confirmed(state, message, runtime)
    text = message.content or ""
    fresh: State = {"history": [*state.get("history", []), text][-REMEMBERED:]}
    note = entry("intake", "按规则识别", started)
    if signals.danger(text) is not None:
        return {
            **fresh,
            "entry": "courtesy",
            "route": "emergency",
            "trace": [note],
            "story": [*state.get("story", []), text],
        }
    if signals.wrongdoing(text):
        return {**fresh, "entry": "courtesy", "route": "refuse", "trace": [note]}
    if state.get("supposed") and statements.confirms_supposition(text):
        return {**fresh, **_adopted(state), **_consulting(state), "entry": "clarify"}
    if signals.courtesy(text) and not _awaits(state):
        return {**fresh, "entry": "courtesy", "route": "smalltalk", "trace": [note]}
    if statements.begins_anew(text):
        return {**fresh, **_cleared(), "history": [], "entry": "courtesy", "route": "smalltalk", "trace": [note]}
    if signals.new_matter(text):
        return {**fresh, **_cleared(), "history": [text], "entry": "plan"}
    if signals.bare_citation(text) or (state.get("last_lookup") and signals.lookup_follow_up(text)):
        return {
            **fresh,
            "entry": "lookup",
            "route": "article_lookup",
            "domain": state.get("domain", OTHER),
            "trace": [note],
        }
    if not _awaits(state) and draft.continues(state, text, runtime.context.today()):
        return {**fresh, "entry": "draft", "route": "draft_document", "trace": [note]}
    if state.get("questions") and signals.asks_draft(text) and documents.named(text) is not None:
        return {**fresh, "entry": "draft", "route": "draft_document", "trace": [note]}
    calculating = bool(state.get("questions")) and state.get("asker") == "calculate"
    if _awaits(state) and not calculating and pack_of(state) is not None and _asks_point(text):
        return {**fresh, **_consulting(state), "asked": text, "entry": "clarify"}
    if calculating or (state.get("questions") and pack_of(state) is not None):
        return {**fresh, **_continues(state)}
    if awaits_confirmation(state) and signals.agrees(text):
        return {**fresh, "confirmed": True, "facts": dumped(settled(facts_of(state))), "entry": "clarify"}
    if _about_matter(state, text, runtime):
        return {**fresh, **_consulting(state), "entry": "understand"}
    return {**fresh, "entry": "plan"}


def leads_to(state: State) -> str:
    """The step that `run` chose."""
    return state["entry"]


def _awaits(state: State) -> bool:
    return bool(state.get("questions")) or awaits_confirmation(state)


def _asks_point(text: str) -> bool:
    """Whether the message only asks about a point of procedure."""
    return statements.asks_only(text) and points.asked(text) is not None


def _continues(state: State) -> State:
    """To the step that asked the open questions, and takes the answer, whatever was looked up or drafted in between."""
    if state.get("asker") == "calculate":
        return {"entry": "calculate", "route": "calculate"}
    return {**({} if state.get("route") == "consult" else _consulting(state)), "entry": "understand"}


def _about_matter(state: State, text: str, runtime: Run) -> bool:
    """Whether a short message goes on with the matter that was answered, whatever field its words alone suggest.

    It supposes, corrects, asks about a point of procedure or what nobody can tell, or 那…呢 names what the matter's
    own findings speak of.
    """
    pack = pack_of(state)
    if not state.get("opinion") or pack is None or len(text) > SHORT:
        return False
    if statements.supposes(text):
        return bool(supposed_facts(pack, state, text, runtime.context.today())[0])
    if corrections.marked(text):
        taken = corrections.read(pack.elements, facts_of(state), state.get("recent", []), text, runtime.context.today())
        return bool(taken.facts or taken.reopened or extract(pack.elements, taken.rest, runtime.context.today()))
    if named := statements.and_what_of(text):
        return bool(recognise(pack, named)) or opinion.speaks_of(causes_of(state), named)
    return _asks_point(text) or (statements.asks_only(text) and bool(premises.beyond(text)))


def _consulting(state: State) -> State:
    """The consultation goes on in its field, whatever was looked up or searched in between."""
    made = planning.default("consult", state.get("domain", OTHER), state.get("mode", "professional"))
    return {"route": "consult", "plan": made.model_dump(mode="json")}


def _adopted(state: State) -> State:
    """What was supposed is so, the client says."""
    causes = [*state.get("causes", []), *state.get("aside", [])]
    return {"facts": dumped(merge(facts_of(state), supposed_of(state))), "causes": causes, "confirmed": True}


def _cleared() -> State:
    """The client says that another matter begins."""
    return {**no_matter(), "domain": "", "route": "consult", "last_lookup": "", "reply": {}}


def _replied(state: State, given: dict[str, str]) -> State:
    questions = [Question.model_validate(row) for row in state.get("questions", [])]
    if not questions:
        raise NothingAsked("目前没有等待回答的问题,请直接用 content 发送您的消息。")
    if strange := set(given) - {part.id for question in questions for part in question.parts}:
        raise NothingAsked(
            f"没有问过这些问题:{'、'.join(sorted(strange))};当前的问题是:{'、'.join(q.id for q in questions)}。"
        )
    joined = ";".join(given.values())
    if signals.danger(joined) is not None:
        return {"entry": "courtesy", "route": "emergency"}
    return _continues(state)


def _confirmed(state: State, message: UserMessage, runtime: Run) -> State:
    confirm = message.confirm
    assert confirm is not None
    if not awaits_confirmation(state):
        raise NothingAsked("目前没有等待确认的事实,请直接用 content 发送您的消息。")
    facts = settled(facts_of(state))
    if confirm.ok:
        return {"confirmed": True, "facts": dumped(facts), "entry": "clarify"}
    pack = pack_of(state)
    if pack is None or not confirm.changes:
        return {"entry": "clarify", "confirmed": False}
    changed = {}
    known = {element.id: element for element in pack.elements}
    for id, text in confirm.changes.items():
        if id not in known:
            raise NothingAsked(f"没有编号为 {id} 的事实;可以更正的是:{'、'.join(facts)}。")
        if (fact := read_reply(known[id], text, runtime.context.today(), "confirm")) is None:
            options = "、".join(choice.value for choice in known[id].choices) or known[id].question
            raise NothingAsked(f"「{known[id].label}」没有读懂「{text[:40]}」,可以写:{options}。")
        changed[id] = fact
    recent = [id for id in state.get("recent", []) if id not in changed] + list(changed)
    return {"facts": dumped(merge(facts, changed)), "recent": recent, "confirmed": False, "entry": "clarify"}
