"""Checkpoints as bytes: what comes back, what is refused, formats of earlier versions, the desk of running turns."""

import asyncio
import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from orchestrator.contracts import StorageFailed
from orchestrator.storage.checkpoints import FORMAT, SERIALISER, Desk, Saved, dump, load

KEPT = Path(__file__).parents[2] / "data" / "storage"


class Told(TypedDict, total=False):
    said: list[str]


async def listen(state: Told) -> Told:
    await asyncio.sleep(0)
    if state["said"][-1] == "fault":
        raise ZeroDivisionError
    return {"said": [*state["said"], "?"]}


def ask(state: Told) -> Told:
    return {"said": [*state["said"], interrupt({"asked": len(state["said"])})]}


def compiled(desk: Desk) -> Any:
    graph = StateGraph(Told)
    graph.add_node("listen", listen)
    graph.add_node("ask", ask)
    graph.add_edge(START, "listen")
    graph.add_edge("listen", "ask")
    graph.add_edge("ask", END)
    return graph.compile(checkpointer=desk)


async def run(graph: Any, desk: Desk, thread: str, given: Any, kept: bytes | None = None) -> bytes:
    if kept is not None:
        desk.lay(thread, load(kept))
    await graph.ainvoke(given, {"configurable": {"thread_id": thread}}, durability="exit")
    return dump(desk.take(thread))


async def test_a_graph_goes_on_from_bytes_elsewhere() -> None:
    desk, other = Desk(), Desk()
    paused = await run(compiled(desk), desk, "a", {"said": ["hello"]})
    assert load(paused).paused == [{"asked": 2}]
    ended = await run(compiled(other), other, "b", Command(resume="well"), paused)
    assert load(ended).paused == []
    assert load(ended).values["said"] == ["hello", "?", "well"]
    again = await run(compiled(desk), desk, "c", {"said": ["next"]}, ended)
    assert load(again).paused == [{"asked": 2}]
    assert desk.empty
    assert other.empty


async def test_turns_at_once_do_not_meet_and_leave_nothing() -> None:
    desk = Desk()
    graph = compiled(desk)
    made = await asyncio.gather(*(run(graph, desk, str(number), {"said": [str(number)]}) for number in range(20)))
    assert [load(one).values["said"][0] for one in made] == [str(number) for number in range(20)]
    for thread in ("x", "y"):
        with pytest.raises(ZeroDivisionError):
            await run(graph, desk, thread, {"said": ["fault"]}, made[0] if thread == "y" else None)
        desk.drop(thread)
    assert desk.empty


def test_only_plain_data_is_kept() -> None:
    values = {"said": ["张三"], "at": datetime(2026, 1, 1, tzinfo=UTC), "n": 1.5}
    saved: Any = Saved({"id": "1", "channel_values": values}, {"step": 1}, [("task", "channel", ("a", 1))])  # type: ignore[typeddict-item]
    assert load(dump(saved)).values == values
    saved.checkpoint["channel_values"] = {"path": object()}
    with pytest.raises(TypeError):
        dump(saved)


def test_a_checkpoint_of_a_later_version_is_refused() -> None:
    for data in ({"format": FORMAT + 1, "checkpoint": {}}, {}, []):
        with pytest.raises(StorageFailed, match="升级"):
            load(SERIALISER.dumps_typed(data)[1])


@pytest.mark.parametrize("format", [1, 2])
def test_checkpoints_of_every_format_are_read(format: int) -> None:
    saved = load(gzip.decompress((KEPT / f"checkpoint-{format}.msgpack.gz").read_bytes()))
    assert saved.paused[0]["status"] == "question"
    assert saved.values["facts"]["principal"]["value"] == "32000元"
    assert {type(one) for one in saved.checkpoint["channel_versions"].values()} == {int}
