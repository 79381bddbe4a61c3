"""The file of the first layout, written by the version before this one, opened by this one."""

import gzip
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from orchestrator.contracts import SealedDataRefused, StorageFailed
from orchestrator.storage.database import Database
from orchestrator.storage.resealing import reseal
from orchestrator.storage.sealing import Sealing, new_key
from orchestrator.storage.sessions import SessionStore
from orchestrator.storage.tables import VERSION
from retrievers.library import LocalLibrary
from tests.orchestrator.offices import Office
from tests.orchestrator.storage.conftest import closed

KEPT = Path(__file__).parents[2] / "data" / "storage" / "sessions-1.sqlite.gz"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "sessions.sqlite"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()))
    return path


async def test_old_sessions_go_on_where_they_were(old: Path, library: LocalLibrary) -> None:
    office = Office(old, library)
    await office.restart()
    held = office.consultations
    session, (turn,) = await held.get("paused-at-a-question", "me")
    assert session.settings == {"confirm": "ask"}
    assert (turn.number, turn.reply["status"]) == (1, "question")
    assert (await office.send(session.id, "again", "first")).reply == turn.reply
    last = await office.settle(session.id, turn.reply)
    assert last["status"] == "confirm"
    assert (await office.say(session.id, {"confirm": {"ok": True}}))["status"] == "answer"

    session, (turn,) = await held.get("answered", "me")
    assert session.settings == {"confirm": "auto", "jurisdiction": "上海"}
    assert (await held.opinion(session.id, "me")).answer == turn.reply["answer"]
    rows = [event async for _, event in held.follow(session.id, "me", 1, 0)]
    assert (rows[0]["kind"], rows[-1]) == ("step", {"kind": "done", "data": turn.reply})
    assert [row["comment"] for row in (await held.export(session.id, "me"))["feedback"]] == ["说得清楚"]
    assert (await office.say(session.id, "那利息呢"))["turn"] == 2
    await office.close()


async def test_an_old_file_is_sealed_while_it_is_moved(old: Path) -> None:
    store = SessionStore(await Database.open(f"sqlite:///{old}", Sealing.parse(new_key("k"))))
    assert len(await store.of_owner("me")) == 2
    await closed(store)
    for file in old.parent.iterdir():
        assert "朋友".encode() not in file.read_bytes()


async def test_a_turn_that_lost_its_row_in_a_crash_is_moved_too(old: Path) -> None:
    with sqlite3.connect(old) as connection:
        connection.execute("DELETE FROM turns WHERE session = 'answered'")
    store = SessionStore(await Database.open(f"sqlite:///{old}"))
    (turn,) = await store.turns("answered")
    assert (turn.number, turn.reply["status"]) == (1, "answer")
    assert await store.begin("answered", "me", "k", 1) == 1
    await closed(store)


async def test_a_file_of_a_later_version_is_refused_and_left_alone(url: str) -> None:
    database = await Database.open(url)
    async with database.write() as connection:
        await connection.execute(text(f"UPDATE layout SET version = {VERSION + 1}"))
    await database.close()
    with pytest.raises(StorageFailed, match="升级"):
        await Database.open(url)


async def test_plain_sessions_are_refused_until_they_are_sealed(url: str) -> None:
    plain = SessionStore(await Database.open(url))
    made = await plain.create("甲", "normal", {"jurisdiction": "上海"})
    await closed(plain)
    one, two = new_key("one"), new_key("two")
    store = SessionStore(await Database.open(url, Sealing.parse(one)))
    for call in (store.get(made.id, "甲"), store.of_owner("甲"), store.begin(made.id, "甲", "k", 1)):
        with pytest.raises(SealedDataRefused):
            await call
    assert await reseal(store.database) == (1, [])
    assert await reseal(store.database) == (0, [])
    assert await store.of_owner("甲") == [made]
    await closed(store)

    both = SessionStore(await Database.open(url, Sealing.parse(f"{two},{one}")))
    assert await reseal(both.database) == (1, [])
    await closed(both)
    new = SessionStore(await Database.open(url, Sealing.parse(two)))
    assert await new.of_owner("甲") == [made]
    await closed(new)
