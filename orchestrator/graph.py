"""The whole consultation, written out: design.md section 2 on one screen.

    intake → plan → understand → clarify ⇄ ask          (反问: an interrupt, at most two questions a turn, three turns)
                                    ↓
                                 show ⇄ confirm          (信息确认: an interrupt; skipped with confirm "auto")
                                    ↓
                      execute → answer → verify → report (keywords, then articles ∥ cases; each sentence checked)

Other routes leave after `plan`: lookup, search, calculate (⇄ ask), draft, and the courteous replies. Each step returns
only the keys it owns.
"""

from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from orchestrator.services import Services
from orchestrator.state import State
from orchestrator.steps import (
    answer,
    ask,
    calculate,
    clarify,
    confirm,
    courtesy,
    draft,
    execute,
    intake,
    lookup,
    plan,
    report,
    search,
    show,
    understand,
    verify,
)
from orchestrator.steps.common import Run


def build(checkpointer: BaseCheckpointSaver[Any] | None = None) -> CompiledStateGraph[State, Services, State, State]:
    """Compile the graph. With no checkpointer it serves stateless chat completions."""
    graph = StateGraph(State, context_schema=Services)
    for step in (
        intake,
        plan,
        understand,
        clarify,
        ask,
        show,
        confirm,
        execute,
        answer,
        verify,
        report,
        lookup,
        search,
        calculate,
        draft,
        courtesy,
    ):
        name = step.__name__.rpartition(".")[2]
        graph.add_node(name, _observed(name, step.run))

    graph.add_edge(START, "intake")
    graph.add_conditional_edges(
        "intake", intake.leads_to, ["plan", "understand", "clarify", "lookup", "calculate", "draft", "courtesy"]
    )
    graph.add_conditional_edges(
        "plan", plan.leads_to, ["understand", "lookup", "search", "calculate", "draft", "courtesy"]
    )
    graph.add_edge("understand", "clarify")
    graph.add_conditional_edges("clarify", clarify.leads_to, ["ask", "show", "execute", END])
    graph.add_conditional_edges("ask", ask.leads_to, ["intake", END])
    graph.add_edge("show", "confirm")
    graph.add_edge("confirm", "intake")
    graph.add_edge("execute", "answer")
    graph.add_edge("answer", "verify")
    graph.add_edge("verify", "report")
    graph.add_conditional_edges("calculate", calculate.leads_to, ["ask", "answer", END])
    graph.add_edge("lookup", "answer")
    graph.add_edge("search", "answer")
    for last in ("report", "draft", "courtesy"):
        graph.add_edge(last, END)
    return graph.compile(checkpointer=checkpointer)


class Step(Protocol):
    """What a module of `steps` does."""

    async def __call__(self, state: State, runtime: Run) -> State:
        """Do it; returns the keys that it owns."""
        ...


def _observed(name: str, run: Step) -> Step:
    async def observed(state: State, runtime: Run) -> State:
        with runtime.context.observer.step(name):
            return await run(state, runtime)

    return observed
