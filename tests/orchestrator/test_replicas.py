"""Consultations at several replicas over one database, SQLite and PostgreSQL: nothing lost, nothing doubled."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from orchestrator.consultations import Consultations
from orchestrator.contracts import SessionBusy, UnknownSession, UserMessage
from orchestrator.storage.sealing import Sealing, new_key
from orchestrator.storage.tables import metadata
from retrievers.library import LocalLibrary
from tests.databases import Server
from tests.orchestrator.doubles import Pool
from tests.orchestrator.offices import Office, asked, composer, keyworder, planner, proposer, speaker

STORY = "朋友去年3月向我借了3万2，没写借条，是微信转账的，说好年底还，到现在一分没还，怎么办？"
COMPLETE = UserMessage(content=STORY + "没有约定利息，钱是我自己的积蓄，我一直在催他还钱。")


def slow(seconds: float = 0.6) -> Pool:
    return Pool(planner(delay_s=seconds, piece=1000), keyworder(), proposer(), composer())


@pytest.fixture
async def office(library: LocalLibrary, url: str) -> AsyncIterator[Office]:
    made = Office(url, library)
    await made.restart()
    yield made
    await made.close()


async def rows(office: Office, table: str) -> int:
    async with office.stores[-1].database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(metadata.tables[table]))).scalar_one())


async def read(consultations: Consultations, id: str, turn: int | None = None, after: int = 0) -> list[Any]:
    return [row async for row in consultations.follow(id, "me", turn, after)]


def desk(consultations: Consultations) -> Any:
    return consultations._desk


async def test_every_turn_at_another_replica(office: Office) -> None:
    id = await office.session(jurisdiction="上海")
    reply = await office.say(id, STORY)
    replies = [reply]
    while reply["status"] != "answer":
        await office.restart()
        given = {"reply": dict.fromkeys(asked(reply), "不清楚")} if asked(reply) else {"confirm": {"ok": True}}
        reply = await office.say(id, given)
        replies.append(reply)
    assert [one["status"] for one in replies[-2:]] == ["confirm", "answer"]
    await office.restart()
    assert [one.reply for one in (await office.consultations.get(id, "me"))[1]] == replies
    assert (await office.consultations.opinion(id, "me")).answer == reply["answer"]
    assert (await rows(office, "checkpoints"), desk(office.consultations).empty) == (1, True)


async def test_a_turn_is_followed_from_another_replica(office: Office) -> None:
    office.pool = slow()
    await office.restart()
    id = await office.session("normal")
    first = await office.say(id, "你好")
    other = await office.another()
    running = await office.consultations.send(id, "me", COMPLETE, "k")
    # The turn that runs is the last one, not the one before it.
    elsewhere, named, again = await asyncio.gather(
        read(other, id), read(other, id, 2, after=2), other.send(id, "me", COMPLETE, "k")
    )
    assert running.task is not None
    await running.task
    assert [event for _, event in elsewhere] == running.events
    assert named == elsewhere[2:]
    assert (again.reply, again.finished) == (running.reply, True)
    assert await read(other, id, 1) == await read(office.consultations, id, 1)
    assert (await read(other, id, 1))[-1][1]["data"] == first
    assert await rows(office, "turns") == 2


async def test_a_turn_that_nobody_makes_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.consultations.TAKEN_S", 0.1)
    id = await office.session("normal")
    for number in (None, 1, 7):
        with pytest.raises(UnknownSession):
            await read(office.consultations, id, number)


async def test_a_message_whose_replica_died_is_answered_once(office: Office) -> None:
    office.pool = slow(2.0)
    await office.restart()
    id = await office.session("normal")
    stalled = await office.consultations.send(id, "me", COMPLETE, "k")
    office.stores[-1]._heartbeat._beat = lambda dropped: None  # type: ignore[method-assign]
    office.pool = slow(0)
    await office.restart()
    reply = await office.say(id, COMPLETE.model_dump(exclude_none=True), "k")
    assert stalled.task is not None
    await stalled.task
    # The first replica was only silent: it finds that it has lost the session.
    assert stalled.error is not None
    assert stalled.error.code == "lease_lost"
    assert [event["kind"] for event in stalled.events].count("done") == 0
    assert [one.reply for one in (await office.consultations.get(id, "me"))[1]] == [reply]
    assert (await office.say(id, "那利息呢"))["turn"] == 2


async def test_a_failed_turn_leaves_nothing_anywhere(office: Office) -> None:
    office.pool = Pool(planner(), keyworder(), proposer(), speaker("x", failures=["ModelUnavailable"] * 99))
    await office.restart()
    id = await office.session("normal")
    for _ in range(2):
        assert (await office.send(id, COMPLETE.model_dump(exclude_none=True), "k")).error is not None
    assert [await rows(office, name) for name in ("sessions", "turns", "checkpoints")] == [1, 0, 0]
    assert desk(office.consultations).empty
    office.pool.replace(composer())
    await office.restart()
    assert (await office.say(id, COMPLETE.model_dump(exclude_none=True), "k"))["turn"] == 1


async def test_sessions_at_once_do_not_disturb_each_other(office: Office) -> None:
    ids = [await office.session("normal") for _ in range(12)]
    texts = [f"朋友借我{number + 1}万块不还怎么办？" for number in range(12)]
    replies = await asyncio.gather(*(office.say(id, text) for id, text in zip(ids, texts, strict=True)))
    for number, (id, reply) in enumerate(zip(ids, replies, strict=True), 1):
        principal = [row["value"] for row in reply["facts"] if row["id"] == "principal"]
        assert principal == [f"{number}0000元"]
        (turn,) = (await office.consultations.get(id, "me"))[1]
        assert turn.reply == reply
    assert desk(office.consultations).empty
    assert office.consultations._running == {}


async def test_a_replica_that_stops_lets_its_sessions_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.consultations.PATIENCE_S", 0.1)
    office.pool = slow(30)
    await office.restart()
    id = await office.session("normal")
    running = await office.consultations.send(id, "me", COMPLETE, "k")
    await asyncio.sleep(0.05)
    await office.consultations.close()
    assert running.error is not None
    assert (running.error.code, running.finished) == ("lease_lost", True)
    office.pool = slow(0)
    await office.restart()
    assert (await office.say(id, COMPLETE.model_dump(exclude_none=True), "k"))["turn"] == 1


async def test_all_of_an_owner_is_exported_and_deleted(office: Office) -> None:
    ids = [await office.session("normal") for _ in range(2)]
    reply = await office.say(ids[1], "你好")
    held = office.consultations
    assert await held.export_owner("me") == [await held.export(id, "me") for id in reversed(ids)]
    assert (await held.export_owner("me"))[0]["turns"][0]["reply"] == reply
    assert await held.export_owner("you") == []
    lease = await office.stores[-1].begin(ids[0], "me", "k", 1)
    with pytest.raises(SessionBusy):
        await held.delete_owner("me")
    assert not isinstance(lease, int)
    await office.stores[-1].release(lease)
    assert await held.delete_owner("me") == 2
    assert [await rows(office, name) for name in ("sessions", "turns", "checkpoints")] == [0, 0, 0]


@pytest.mark.long
async def test_a_session_grows_with_its_turns_and_no_faster(library: LocalLibrary, tmp_path: Path) -> None:
    office = Office(tmp_path / "sessions.sqlite", library, sealing=Sealing.parse(new_key("k")))
    await office.restart()
    id = await office.session("normal")
    talk = ("那利息能要多少？", "民法典第六百七十五条是怎么说的？", "有没有类似的案例？", STORY, "谢谢")
    sizes = []
    for turn in range(1, 101):
        await office.say(id, talk[turn % len(talk)])
        if turn in (10, 100):
            await office.stores[-1].database.erase()
            sizes.append(sum(file.stat().st_size for file in tmp_path.iterdir() if file.suffix != ".sqlite-shm"))
    await office.close()
    assert sizes[1] < 12 * sizes[0]


WORDS = ("微信", "积蓄", "借款", "民法典", "上海", "张三丰", "不好用", "jurisdiction", "朋友")


@pytest.mark.parametrize("sealed", [True, False])
async def test_no_word_of_a_consultation_is_found_in_the_files(
    library: LocalLibrary, url: str, tmp_path: Path, request: pytest.FixtureRequest, sealed: bool
) -> None:
    office = Office(url, library, sealing=Sealing.parse(new_key("k")) if sealed else Sealing())
    await office.restart()
    id = (await office.consultations.create("desk\x1f张三丰", "normal", {"jurisdiction": "上海"})).id
    running = await office.consultations.send(id, "desk\x1f张三丰", COMPLETE, "张三丰的第一条")
    assert running.task is not None
    await running.task
    assert running.error is None
    await office.consultations.feedback(id, "desk\x1f张三丰", 1, "down", "不好用" * 10)
    folder = tmp_path
    if url.startswith("postgresql"):
        server: Server = request.getfixturevalue("postgresql")
        server.execute("CHECKPOINT")
        folder = server.data
    files = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name != "log"}
    assert any(b"sessions_owner" in content for content in files.values())
    if sealed:
        for word in WORDS:
            assert not [file.name for file, content in files.items() if word.encode() in content]
    # The values as they are stored, compressed: readable for anyone without keys, and for nobody with them.
    async with office.stores[-1].database.read() as connection:
        stored = [
            value
            for table in ("sessions", "turns", "checkpoints", "feedback")
            for row in (await connection.execute(select(metadata.tables[table]))).all()
            for value in row
            if isinstance(value, bytes)
        ]
    assert len(stored) == 5

    def readable(value: bytes) -> bool:
        for at in range(min(len(value), 60)):
            try:
                return any(word.encode() in zlib.decompress(value[at:]) for word in WORDS)
            except zlib.error:
                continue
        return False

    assert [readable(value) for value in stored] == [not sealed] * 5
    await office.close()
