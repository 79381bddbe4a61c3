"""Older layouts of the database, brought up to date when it is opened, in the transaction that opens it."""

import json
import time
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select, text

from orchestrator.contracts import StorageFailed
from orchestrator.storage import rows
from orchestrator.storage.checkpoints import SERIALISER, load
from orchestrator.storage.sealing import Sealing
from orchestrator.storage.tables import VERSION, checkpoints, feedback, layout, metadata, sessions, turns

OLD = ("writes", "checkpoints", "feedback", "turns", "sessions")  # of layout 1, those that refer to others first


def migrate(connection: Connection, sealing: Sealing) -> bool:
    """Make the layout that of `tables`, keeping what is stored. True when an older one was rewritten.

    Raises StorageFailed for a layout that is newer than this program.
    """
    present = inspect(connection).get_table_names()
    if "layout" in present:
        version = connection.execute(select(func.max(layout.c.version))).scalar()
        if version is not None and version > VERSION:
            raise StorageFailed(f"数据库的结构是第 {version} 版,本程序只认识到第 {VERSION} 版,请升级程序。")
        return False
    old = "sessions" in present and "turns" in present
    if old:
        for table in (name for name in OLD if name in present):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO old_{table}"))
        connection.execute(text("DROP INDEX IF EXISTS sessions_owner"))
    metadata.create_all(connection)
    connection.execute(insert(layout).values(version=VERSION))
    if old:
        _copy(connection, sealing, "checkpoints" in present)
        for table in (name for name in OLD if name in present):
            connection.execute(text(f"DROP TABLE old_{table}"))
    return old


def _copy(connection: Connection, sealing: Sealing, begun: bool) -> None:
    def old(statement: str) -> Any:
        return connection.execute(text(statement)).mappings()

    for one in old("SELECT s.*, (SELECT MAX(at) FROM old_turns WHERE session = s.id) AS last FROM old_sessions s"):
        values = rows.session(
            sealing, one["id"], one["owner"], one["mode"], json.loads(one["settings"]), one["created"]
        )
        connection.execute(insert(sessions).values({**values, "touched": one["last"] or one["created"]}))
    for one in old("SELECT * FROM old_turns ORDER BY session, number"):
        events = json.loads(one["events"])[:-1]
        message, reply = json.loads(one["message"]), json.loads(one["reply"])
        values = rows.turn(sealing, one["session"], one["number"], one["key"], message, reply, events, one["at"])
        connection.execute(insert(turns).values(values))
    for one in old("SELECT * FROM old_feedback ORDER BY at"):
        values = rows.feedback(sealing, one["session"], one["turn"], one["rating"], one["comment"], one["at"])
        connection.execute(insert(feedback).values(values))
    if begun:
        for one in old(
            "SELECT c.* FROM old_checkpoints c WHERE checkpoint_ns = '' AND thread_id IN (SELECT id FROM old_sessions)"
            " AND checkpoint_id = (SELECT MAX(checkpoint_id) FROM old_checkpoints WHERE thread_id = c.thread_id)"
        ):
            _keep_checkpoint(connection, sealing, one)


def _keep_checkpoint(connection: Connection, sealing: Sealing, row: Any) -> None:
    """Keep a session's newest checkpoint, and the turn it closed if a crash came before that was written."""
    data = _envelope(connection, row)
    saved, id = load(data), row["thread_id"]
    number, at = saved.values.get("turn", 0), time.time()
    reply = saved.paused[0] if saved.paused else saved.values.get("reply")
    if not reply:
        return
    last = connection.execute(select(func.max(turns.c.number)).where(turns.c.session == id)).scalar() or 0
    if number > last:
        values = rows.turn(sealing, id, number, saved.values["key"], saved.values["message"], reply, [], at)
        connection.execute(insert(turns).values(values))
    connection.execute(insert(checkpoints).values(rows.checkpoint(sealing, id, number, data)))


def _envelope(connection: Connection, row: Any) -> bytes:
    """A checkpoint of LangGraph's SQLite saver in format 1 (see checkpoints.py)."""
    waiting = connection.execute(
        text(
            "SELECT task_id, channel, type, value FROM old_writes WHERE thread_id = :thread AND checkpoint_id = :id"
            " ORDER BY task_id, idx"
        ),
        {"thread": row["thread_id"], "id": row["checkpoint_id"]},
    )
    kept = {
        "format": 1,
        "checkpoint": SERIALISER.loads_typed((row["type"], row["checkpoint"])),
        "metadata": json.loads(row["metadata"]),
        "writes": [(task, channel, SERIALISER.loads_typed((kind, value))) for task, channel, kind, value in waiting],
    }
    return SERIALISER.dumps_typed(kept)[1]
