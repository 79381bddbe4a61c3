"""Clarify (反问): which missing facts would change the advice, and whether to ask for them now."""

import time

from orchestrator import asking
from orchestrator.contracts import UNCLEAR, Question
from orchestrator.domains.pack import Domain, Element
from orchestrator.reasoning import decide
from orchestrator.state import State
from orchestrator.steps.common import Run, causes_of, emit, entry, facts_of, pack_of, spoken_of
from orchestrator.steps.understand import CAUSE
from orchestrator.wording import typeset

A_TURN = 2
TURNS = 3
SKIP = "跳过"
BREATH = 85  # characters; of a longer question for two facts the second is put by its clause


async def run(state: State, runtime: Run) -> State:
    """The questions of this turn, empty when nothing more is worth asking."""
    started = time.perf_counter()
    pack, rounds = pack_of(state), state.get("rounds", 0)
    if state.get("asked"):
        return {}  # what the client asked is answered first; what was open stays open
    if pack is None or state.get("mode") == "normal" or state.get("confirmed") or rounds >= TURNS:
        return {"questions": []}
    if not state.get("causes"):
        questions = [_which_cause(pack)] if rounds == 0 else []
    else:
        facts = facts_of(state)
        causes = causes_of(state)
        today = runtime.context.today()
        decision = decide(causes, facts, today)
        # Whoever told something else instead has heard the question; only a fact taken back is asked for anew.
        heard = set(state.get("put", [])) - set(state.get("doubtful", [])) - {CAUSE}
        chances = asking.questions(
            causes,
            decision,
            facts,
            *spoken_of(state, runtime, pack),
            state.get("votes", {}),
            today,
            heard,
            opening=rounds == 0,
        )
        questions = [_breath(pack, *asked) for asked in asking.breaths(pack, chances)[:A_TURN]]
    if not questions:
        return {"questions": [], "trace": [entry("clarify", "已知事实足以给出意见,不再追问", started)]}
    rows = [question.model_dump(mode="json") for question in questions]
    emit(runtime, "question", questions=rows)
    put = [part.id for question in questions for part in question.parts]
    labels = "、".join(put)
    return {
        "questions": rows,
        "put": [*state.get("put", []), *put],
        "asker": "understand",
        "rounds": rounds + 1,
        "trace": [entry("clarify", f"缺少会改变结论的事实:{labels}", started)],
    }


def leads_to(state: State) -> str:
    """ask with open questions; else show the facts, or go to work where nothing is to be confirmed."""
    if state.get("questions") and not state.get("asked"):
        return "ask"
    if state.get("dry"):
        return "__end__"
    sure = state.get("auto_confirm") or state.get("confirmed") or state.get("asked")
    wants = state.get("mode") == "professional" and not sure
    return "show" if wants and state.get("facts") else "execute"


def question(element: Element) -> Question:
    """The question about an element as the client sees it."""
    own = (UNCLEAR, SKIP)
    return Question(
        id=element.id,
        text=typeset(element.question),
        why=typeset(element.why),
        options=(*(typeset(choice.value) for choice in element.choices), *own),
        several=element.several,
        alone=(*(typeset(choice.value) for choice in element.choices if choice.alone), *own) if element.several else (),
    )


def _breath(pack: Domain, element: Element, beside: Element | None = None) -> Question:
    """The question about an element and another one in the same breath: in full if that is short, else its clause."""
    asked = question(element)
    if beside is None:
        return asked
    short = len(element.question + beside.question) <= BREATH
    clause = beside.question if short else pack.beside(element.id)[beside.id]
    also = question(beside).model_copy(update={"text": f"另外，{typeset(clause)}"})
    return asked.model_copy(update={"text": asked.text + also.text, "beside": also})


def _which_cause(pack: Domain) -> Question:
    options = tuple(cause.label for cause in pack.causes)
    return Question(
        id=CAUSE,
        text=typeset("您遇到的是下面哪一类情况?也可以直接把事情经过写下来。"),
        why="不同的情况适用不同的法律",
        options=(*options, UNCLEAR),
    )
