"""The graph's state between two turns of a session: one checkpoint, as bytes that stay readable by later versions.

While a turn runs, its checkpoint lies in memory (`Desk`); what is durable is written by sessions.py, together with the
turn. So a turn is there wholly or not at all, and a failed one leaves nothing behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from orchestrator.contracts import StorageFailed

FORMAT = 2  # 1: the versions of channels were text, as LangGraph's own savers write them
INTERRUPT = "__interrupt__"  # LangGraph's channel for what a paused graph asks
# No class outside the standard types may come out of a checkpoint: strict msgpack, no pickle.
SERIALISER = JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None)


@dataclass
class Saved:
    """One checkpoint with the writes that wait on it: (task, channel, value)."""

    checkpoint: Checkpoint
    metadata: CheckpointMetadata
    writes: list[tuple[str, str, Any]] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """The graph's state."""
        return self.checkpoint["channel_values"]

    @property
    def paused(self) -> list[Any]:
        """What the graph asked when it paused; empty when it ran to its end."""
        return [asked.value for _, channel, value in self.writes if channel == INTERRUPT for asked in value]


def dump(saved: Saved) -> bytes:
    """The checkpoint as bytes, in the newest format."""
    kind, data = SERIALISER.dumps_typed(
        {"format": FORMAT, "checkpoint": saved.checkpoint, "metadata": saved.metadata, "writes": saved.writes}
    )
    assert kind == "msgpack"
    return data


def load(data: bytes) -> Saved:
    """The checkpoint of these bytes, in whichever format. Raises StorageFailed for one of a later version."""
    kept = SERIALISER.loads_typed(("msgpack", data))
    if not isinstance(kept, dict) or kept.get("format") not in (1, FORMAT):
        raise StorageFailed("这个会话是由更新版本的程序保存的,本版本读不了,请升级后重试。")
    if kept["format"] == 1:
        _number(kept["checkpoint"])
    return Saved(kept["checkpoint"], kept["metadata"], [tuple(one) for one in kept["writes"]])


def _number(checkpoint: dict[str, Any]) -> None:
    """Turn the versions `00…012.0.37…` of format 1 into 12."""

    def numbered(versions: dict[str, Any]) -> dict[str, int]:
        return {channel: int(str(version).partition(".")[0]) for channel, version in versions.items()}

    checkpoint["channel_versions"] = numbered(checkpoint["channel_versions"])
    checkpoint["versions_seen"] = {node: numbered(seen) for node, seen in checkpoint["versions_seen"].items()}


class Desk(BaseCheckpointSaver[int]):
    """The checkpoints of the turns that run now, each under a thread id of its own. For one event loop.

    Whoever lays a checkpoint out takes it away, or drops it, when the turn is over.
    """

    def __init__(self) -> None:
        super().__init__(serde=SERIALISER)
        self._threads: dict[str, Saved] = {}
        self._writes: dict[tuple[str, str], list[tuple[str, str, Any]]] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing of any turn lies here."""
        return not (self._threads or self._writes)

    def lay(self, thread: str, saved: Saved) -> None:
        """Begin a thread with this checkpoint."""
        self._threads[thread] = saved

    def take(self, thread: str) -> Saved:
        """The newest checkpoint of the thread, which is gone from the desk then. Raises KeyError for none."""
        saved = self._threads[thread]
        saved.writes = self._writes.get((thread, saved.checkpoint["id"]), saved.writes)
        self.drop(thread)
        return saved

    def drop(self, thread: str) -> None:
        """Forget the thread."""
        self._threads.pop(thread, None)
        for key in [key for key in self._writes if key[0] == thread]:
            del self._writes[key]

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """As LangGraph asks for it."""
        thread = config["configurable"]["thread_id"]
        if (saved := self._threads.get(thread)) is None:
            return None
        where: RunnableConfig = {
            "configurable": {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": saved.checkpoint["id"]}
        }
        return CheckpointTuple(where, saved.checkpoint, saved.metadata, None, cast(Any, saved.writes))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As LangGraph asks for it."""
        thread = config["configurable"]["thread_id"]
        self._threads[thread] = Saved(checkpoint, metadata)
        return {"configurable": {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": checkpoint["id"]}}

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """As LangGraph asks for it; may come before the checkpoint that the writes belong to."""
        where = config["configurable"]
        key = (where["thread_id"], where["checkpoint_id"])
        self._writes.setdefault(key, []).extend((task_id, channel, value) for channel, value in writes)
