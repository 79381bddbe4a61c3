"""Everything that is stored, sealed with the first key: what was plain, and what older keys sealed.

Runs beside a server that has the same keys: it takes one session after the other.
"""

from collections import Counter

from sqlalchemy import LargeBinary, func, select, update

from orchestrator.contracts import SealedDataRefused
from orchestrator.storage import rows
from orchestrator.storage.database import Database
from orchestrator.storage.sealing import key_id
from orchestrator.storage.tables import metadata, sessions

HEAD = 34  # bytes at most before the nonce


async def reseal(database: Database) -> tuple[int, list[str]]:
    """How many rows were sealed anew, and the sessions that were refused (altered, or a key is missing).

    Where anything changed the database is rewritten, so that nothing of the old rows stays in its files.
    """
    changed, refused = 0, []
    async with database.read() as connection:
        ids = (await connection.execute(select(sessions.c.id))).scalars().all()
    for id in ids:
        try:
            changed += await _session(database, id)
        except SealedDataRefused:
            refused.append(id)
    if changed:
        await database.compact()
    return changed, refused


async def seals(database: Database) -> dict[str, Counter[str]]:
    """Of each table, how many rows are sealed with each key; "" stands for plain ones."""
    found: dict[str, Counter[str]] = {}
    async with database.read() as connection:
        for name, (columns, *_) in rows.SEALED.items():
            head = func.substr(metadata.tables[name].c[columns[0]], 1, HEAD, type_=LargeBinary)
            heads = await connection.stream_scalars(select(head))
            found[name] = Counter([key_id(head) async for head in heads])
    return found


async def _session(database: Database, id: str) -> int:
    changed = 0
    async with database.write() as connection:
        await connection.execute(select(sessions.c.id).where(sessions.c.id == id).with_for_update())
        for name, (_, session, _) in rows.SEALED.items():
            table = metadata.tables[name]
            for row in (await connection.execute(select(table).where(table.c[session] == id))).mappings().all():
                if values := rows.sealed_anew(database.sealing, name, row):
                    mine = [column == row[column.name] for column in table.primary_key]
                    await connection.execute(update(table).where(*mine).values(values))
                    changed += 1
    return changed
