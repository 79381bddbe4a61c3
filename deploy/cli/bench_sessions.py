"""`lexhub bench sessions`: how a session's database grows, and what keeping a turn costs, without a server."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deploy.settings import Settings
    from orchestrator.storage.database import Database
    from orchestrator.storage.sessions import SessionStore

console = Console(highlight=False)
AT = (10, 100)  # turns after which the size is read
BOUND = 12  # times the first
# A long consultation, over and over. Ours, invented.
TALK = (
    "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转的账,现在他把我拉黑了,怎么办?",
    "那利息能要多少?",
    "民法典第六百七十五条是怎么说的?",
    "他名下有一套房子,我能先查封吗?",
    "有没有类似的案例?",
    "诉讼费大概多少,律师费能让他出吗?",
    "要准备哪些证据?聊天记录怎么保存?",
    "如果他说这是我送给他的怎么办?",
    "另外我弟弟在饭店干了两年,老板没签合同,上个月让他走人,还欠两个月工资,每月6000。",
    "谢谢,那我先去立案。",
)


def sessions(
    url: Annotated[str | None, typer.Option(help="一个空的 PostgreSQL 数据库的地址;不填则用临时的 SQLite 文件")] = None,
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
) -> None:
    """一个会话的数据库随轮数的大小,以及保存一轮的用时(加密)。"""
    from deploy import settings

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(settings.load(profile), url or f"sqlite:///{folder}/sessions.sqlite"))


async def _measure(settings: "Settings", url: str) -> None:
    from deploy import local
    from orchestrator.consultations import Consultations
    from orchestrator.contracts import UserMessage
    from orchestrator.storage.database import Database
    from orchestrator.storage.sealing import Sealing, new_key
    from orchestrator.storage.sessions import SessionStore

    database = await Database.open(url, Sealing.parse(new_key("bench")))
    store = SessionStore(database)
    spent: dict[str, list[float]] = {"begin": [], "commit": []}
    for name, times in spent.items():
        _time(store, name, times)
    held = Consultations(store, local.services(settings))
    id = (await held.create("bench", "normal", {"confirm": "auto"})).id
    sizes: dict[int, int] = {}
    turn, whole = 0, []
    while turn < AT[-1]:
        began = time.perf_counter()
        running = await held.send(id, "bench", UserMessage(content=TALK[turn % len(TALK)]), None)
        assert running.task is not None
        await running.task
        if running.error is not None:
            raise running.error
        whole.append((time.perf_counter() - began) * 1000)
        turn += 1
        if turn in AT:
            sizes[turn] = await _size(database, url)
    await held.close()
    await store.close()
    await database.close()
    table = Table("量", "p50", "p95")
    for label, times in (("开始一轮", spent["begin"]), ("保存一轮", spent["commit"]), ("整轮", whole)):
        ordered = sorted(times)
        table.add_row(label, f"{statistics.median(ordered):.1f} ms", f"{ordered[int(len(ordered) * 0.95)]:.1f} ms")
    console.print(table)
    first, last = (sizes[turns] for turns in AT)
    console.print(
        f"{database.dialect}:{AT[0]} 轮后 {first / 1000:.0f} kB,{AT[-1]} 轮后 {last / 1000:.0f} kB,"
        f"{last / first:.1f} 倍(界限 {BOUND})"
    )


def _time(store: "SessionStore", name: str, times: list[float]) -> None:
    """Let the store note how long each call of this method takes, in milliseconds."""
    method: Callable[..., Awaitable[Any]] = getattr(store, name)

    async def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return await method(*given, **named)
        finally:
            times.append((time.perf_counter() - began) * 1000)

    setattr(store, name, timed)


async def _size(database: "Database", url: str) -> int:
    """Bytes of the database: the file and its log, or the tables with their indexes."""
    from sqlalchemy import text

    from orchestrator.storage.tables import metadata

    await database.erase()
    if database.dialect == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*") if not file.name.endswith("-shm"))
    async with database.read() as connection:
        total = " + ".join(f"pg_total_relation_size('{name}')" for name in metadata.tables)
        return int((await connection.execute(text(f"SELECT {total}"))).scalar_one())
