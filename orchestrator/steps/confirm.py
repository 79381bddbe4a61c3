"""Confirm (信息确认): pause until the client has looked at the facts."""

from langgraph.types import interrupt

from orchestrator.state import State
from orchestrator.steps.common import Run


async def run(state: State, runtime: Run) -> State:
    """Interrupt with the reply that `show` made; resumes with the keys of the next turn (message, turn, key)."""
    resumed: State = interrupt(state["reply"])
    return resumed
