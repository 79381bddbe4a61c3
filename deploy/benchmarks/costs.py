"""What a consultation costs the server, whatever else the machine does: seconds of CPU by deployment, bytes stored.

Processes of other programs make a turn slower, not dearer, so these figures can be taken on a busy machine too.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, Field

_REPLICA = re.compile(r"ServeReplica:lexhub:([\w-]+)")
_PROXY = re.compile(r"ProxyActor")


class Costs(BaseModel):
    """`seconds`: of CPU a turn, by deployment: ingress, retriever, proxy (Serve's), and the cards that one hosts, with
    commas between them. `memory`: bytes of one replica, unshared pages alone. `bytes_per_turn`: what a turn adds to the
    sessions' database. Measured over `turns` turns on the `machine`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    machine: str
    turns: int = Field(ge=1)
    seconds: dict[str, float]
    memory: dict[str, int]
    bytes_per_turn: float

    def of(self, name: str, cards: Collection[str] = ()) -> float | None:
        """Seconds a turn of a deployment by this name, or of one that hosts these cards; null where not measured."""
        if not cards:
            return self.seconds.get(name)
        found = [value for key, value in self.seconds.items() if set(key.split(",")) <= set(cards)]
        return sum(found) if found else None


def processes(pid: int) -> dict[str, list[psutil.Process]]:
    """The replicas and proxies below a server's process, by deployment."""
    found: dict[str, list[psutil.Process]] = defaultdict(list)
    for process in psutil.Process(pid).children(recursive=True):
        try:
            name = " ".join(process.cmdline())
        except psutil.NoSuchProcess:
            continue
        if replica := _REPLICA.search(name):
            found[replica[1]].append(process)
        elif _PROXY.search(name):
            found["proxy"].append(process)
    return dict(found)


def spent(found: Mapping[str, list[psutil.Process]]) -> dict[str, float]:
    """Seconds of CPU of each deployment so far."""
    return {name: sum(_seconds(one) for one in some) for name, some in found.items()}


def memory(found: Mapping[str, list[psutil.Process]]) -> dict[str, int]:
    """Bytes that one replica of each deployment has to itself."""
    return {name: max(one.memory_full_info().uss for one in some) for name, some in found.items()}


def stored(sessions: Path) -> int:
    """Bytes in use of a SQLite database."""
    with sqlite3.connect(sessions) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
