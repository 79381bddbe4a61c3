"""Calculate: which figure is wanted, the values for it, questions for those that are missing, and the result.

Facts of the matter that the session already knows are used; a rate that no table has is a question like any other.
"""

import time
from collections.abc import Mapping

from models.contracts import AnswerPlan, Ground
from orchestrator import computing, opinion
from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import BadInput, Calculation, Calculator, Input, MissingInputs
from orchestrator.contracts import Fact, Question
from orchestrator.facts import chosen, extract, merge, read_reply, unread
from orchestrator.reasoning import decide
from orchestrator.state import State
from orchestrator.steps.clarify import TURNS, question
from orchestrator.steps.common import Run, as_of, causes_of, dumped, emit, entry, facts_of, message_of, story_of
from orchestrator.wording import plain

WHICH = "calculator"  # the id of the question which figure is wanted
A_TURN = 4  # a calculation is a form: more blanks at once than a consultation has questions


async def run(state: State, runtime: Run) -> State:
    """The questions of this turn, or the draft of the answer: the calculation, or why it cannot be made."""
    started = time.perf_counter()
    message = message_of(state)
    text = message.content or "\n".join((message.reply or {}).values())
    calculator = _calculator(state, text)
    if calculator is None:
        return _which(state, runtime)
    inputs = _inputs(state, runtime, calculator, text)
    kept: State = {"calculator": calculator.name, "inputs": dumped(inputs), "questions": []}
    given, assumed = computing.values(calculator, inputs)
    try:
        made = _calculated(state, runtime, calculator, given, inputs)
    except MissingInputs as error:
        questions = [question(calculator.element(id)) for id in error.ids if id not in inputs][:A_TURN]
        if questions and _may_ask(state):
            rows = [one.model_dump(mode="json") for one in questions]
            emit(runtime, "question", questions=rows)
            lacking = "、".join(one.id for one in questions)
            note = entry("calculate", f"{calculator.title}:还缺{lacking}", started)
            rounds = state.get("rounds", 0) + 1
            return {**kept, "questions": rows, "asker": "calculate", "rounds": rounds, "trace": [note]}
        return {**kept, **_said(state, calculator, _impossible(calculator, error.ids)), "rounds": 0}
    except BadInput as error:
        return {
            **kept,
            **_said(state, calculator, f"这些数据不能计算:{error}。请更正后再告诉我。"),
            "inputs": {},
            "rounds": 0,
        }
    made = made.model_copy(update={"assumed": (*assumed, *made.assumed)})
    plan = await _plan(state, runtime, made, inputs)
    note = entry("calculate", f"{calculator.title}:{made.summary}", started, calculation=made.model_dump(mode="json"))
    return {**kept, "draft": plan.model_dump(mode="json"), "rounds": 0, "trace": [note]}


def leads_to(state: State) -> str:
    """ask with open questions, else the answer; a dry run of a chat ends here."""
    if state.get("questions"):
        return "ask"
    return "__end__" if state.get("dry") else "answer"


def _calculator(state: State, text: str) -> Calculator | None:
    named = next((one for one in calculators().values() if plain(text).strip() == plain(one.title)), None)
    current = calculators().get(state.get("calculator", "")) if state.get("questions") else None
    return (
        named
        or current
        or computing.asked_for(text, state.get("domain", ""))
        or calculators().get(state.get("calculator", ""))
    )


def _inputs(state: State, runtime: Run, calculator: Calculator, text: str) -> dict[str, Fact]:
    """What the session knows, overridden by what this message says."""
    today = runtime.context.today()
    known: dict[str, Fact] = {}
    place, rates = state.get("jurisdiction", ""), runtime.context.rates()
    matter = computing.Matter(story_of(state), facts_of(state), today, place, rates)
    causes = causes_of(state)
    # What the facts of the matter have decided (how the job ended) is not asked again.
    decided = [finding for _, finding in decide(causes, matter.facts, today).held]
    for computes in (one for finding in reversed(decided) for one in finding.computes):
        if computes.calculator == calculator.name:
            given = ((calculator.element(id), value) for id, value in computes.given.items())
            known |= {element.id: fact for element, value in given if (fact := chosen(element, plain(value)))}
    for finding in (finding for cause in causes for finding in cause.findings):
        for computes in finding.computes:
            if computes.calculator == calculator.name:
                known |= computing.taken(calculator, computes, matter)
    if state.get("calculator") == calculator.name:
        known |= {id: Fact.model_validate(row) for id, row in state.get("inputs", {}).items()}
    message = message_of(state)
    new = extract(calculator.inputs, text, today, "story" if message.content else "reply")
    asked = [row["id"] for row in state.get("questions", []) if row["id"] != WHICH]
    for id in asked:
        said = (message.reply or {}).get(id) if message.reply else (text if len(asked) == 1 else None)
        fact = read_reply(calculator.element(id), said, today) if said else None
        if fact is None and message.reply and id in message.reply and id not in new:
            fact = unread(calculator.element(id), message.reply[id])
        if fact is not None:
            new[id] = fact
    return merge(known, new)


def _calculated(
    state: State, runtime: Run, calculator: Calculator, given: Mapping[str, Input], inputs: Mapping[str, Fact]
) -> Calculation:
    """The calculation. What seldom decides is asked for once, and then taken as it usually is.

    Raises MissingInputs and BadInput.
    """
    rates, today, place = runtime.context.rates(), runtime.context.today(), state.get("jurisdiction", "")
    try:
        return calculator.calculate(given, rates, today, place)
    except MissingInputs as error:
        if _may_ask(state) and any(id not in inputs for id in error.ids):
            raise
        return calculator.calculate(given, rates, today, place, assuming=True)


def _may_ask(state: State) -> bool:
    return state.get("mode") != "normal" and state.get("rounds", 0) < TURNS


def _which(state: State, runtime: Run) -> State:
    """Ask which figure is wanted; in normal mode, or once asked, say what can be worked out."""
    titles = tuple(one.title for one in calculators().values())
    if _may_ask(state) and not state.get("rounds"):
        which = Question(id=WHICH, text="您想算哪一项？", why="每一项的算法和需要的数据不同", options=titles)
        rows = [which.model_dump(mode="json")]
        emit(runtime, "question", questions=rows)
        return {"questions": rows, "asker": "calculate", "rounds": state.get("rounds", 0) + 1}
    said = f"没有看出您要算哪一项。目前可以算的有:{'、'.join(titles)}。请写明要算的项目和数据。"
    plan = AnswerPlan(kind="calculation", field=state.get("domain", ""), conclusions=(said,))
    return {"questions": [], "rounds": 0, "draft": plan.model_dump(mode="json")}


def _impossible(calculator: Calculator, ids: tuple[str, ...]) -> str:
    named = "、".join(f"「{calculator.element(id).label}」" for id in ids)
    why = ";".join(calculator.element(id).why for id in ids[:2])
    return f"还不能算出{calculator.title}:缺少{named}({why})。没有这些数据我不会估一个数;查到以后告诉我,就可以接着算。"


def _said(state: State, calculator: Calculator, text: str) -> State:
    plan = AnswerPlan(kind="calculation", field=_field(state, calculator), conclusions=(text,))
    return {"draft": plan.model_dump(mode="json")}


def _field(state: State, calculator: Calculator) -> str:
    return state.get("domain", "") if state.get("domain") in calculator.fields else calculator.fields[0]


async def _plan(state: State, runtime: Run, made: Calculation, inputs: dict[str, Fact]) -> AnswerPlan:
    calculator = calculators()[made.calculator]
    found = {one.id: one for one in await runtime.context.library.passages(list(made.articles), as_of(state))}
    grounds = tuple(
        Ground(says="", sources=(opinion.source(found[id], made.title),))
        for id in made.articles
        if id in found and found[id].citable
    )
    shown = computing.worked(made, inputs.values(), found)
    return AnswerPlan(kind="calculation", field=_field(state, calculator), calculations=(shown,), grounds=grounds)
