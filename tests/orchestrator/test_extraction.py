"""Facts read by a language model: only what the client's own words bear out counts."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from models.backends.scripted import ScriptedModel
from models.contracts import ModelCard
from orchestrator.domains import packs
from retrievers.library import LocalLibrary
from tests.orchestrator.doubles import Pool, card
from tests.orchestrator.offices import Office, composer, keyworder, planner, proposer, values

LENT = "去年我把五万块钱给了老王周转，他后来写过一张条子，说好今年六月底前给我，现在人也不见了"


def reader(*rows: tuple[str, str, str], **options: Any) -> ModelCard:
    told = {"facts": [{"id": id, "value": value, "quote": quote} for id, value, quote in rows]}
    return card("reader", "facts", options={"replies": [json.dumps(told, ensure_ascii=False)], **options})


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", library)
    await made.restart()
    yield made
    await made.close()


async def read(office: Office, story: str, model: ModelCard) -> dict[str, Any]:
    office.pool = Pool(planner(), keyworder(), proposer(), composer(), model)
    await office.restart()
    return await office.say(await office.session(), story)


def notes(reply: dict[str, Any]) -> list[str]:
    return [row for entry in reply["trace"] for row in entry["details"].get("refused", [])]


async def test_what_the_words_bear_out_is_taken(office: Office) -> None:
    choice = packs()["民间借贷"].element("guarantor").choices[0].value
    reply = await read(office, LENT, reader(("guarantor", choice, "写过一张条子")))
    assert values(reply)["guarantor"] == choice
    assert not notes(reply)


@pytest.mark.parametrize(
    "row",
    [
        ("guarantor", "有", "他媳妇签字担保"),
        ("principal", "80000元", "五万块钱"),
        ("guarantor", "也许有", "写过一张条子"),
        ("guarantor", "有", "我"),
        ("no_such_element", "有", "写过一张条子"),
    ],
    ids=[
        "words nobody said",
        "another figure than the words",
        "no such choice",
        "words that bear out anything",
        "no such element",
    ],
)
async def test_what_they_do_not_is_refused_and_traced(office: Office, row: tuple[str, str, str]) -> None:
    told = values(await office.say(await office.session(), LENT))
    reply = await read(office, LENT, reader(row))
    assert values(reply) == told
    assert [note for note in notes(reply) if note.startswith(row[0])]


async def test_where_the_rules_read_another_value_theirs_stands(office: Office) -> None:
    story = "朋友去年3月向我借了3万2，微信转账的"
    reply = await read(office, story, reader(("side", "借款人", "朋友去年3月向我借了3万2")))
    assert values(reply)["side"] == "出借人"
    assert any("规则读作出借人" in note for note in notes(reply))


async def test_a_model_that_fails_leaves_the_rules_and_says_so(office: Office) -> None:
    reply = await read(office, LENT, reader(failures=["ModelUnavailable"] * 9))
    assert "facts" in reply["degraded"]
    assert values(reply)["principal"] == "50000元"


async def test_it_is_asked_for_the_elements_of_the_matter_by_a_form(office: Office) -> None:
    await read(office, LENT, reader())
    model = office.pool.generator("reader")
    assert isinstance(model, ScriptedModel)
    [request] = model.requests
    assert request.schema_ is not None
    offered = {row["properties"]["id"]["const"] for row in request.schema_["properties"]["facts"]["items"]["anyOf"]}
    assert {"principal", "side"} <= offered <= {element.id for element in packs()["民间借贷"].elements}
