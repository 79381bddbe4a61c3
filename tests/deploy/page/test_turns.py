"""Turns as the page watches them, over the real API: what was watched is what a reload shows."""

import json
from collections.abc import AsyncIterator

import pytest

from deploy.page import turns
from deploy.page.conversing import Conversing
from deploy.sdk import AsyncLexhub
from orchestrator.contracts import Confirmation, UserMessage
from tests.deploy.page.conftest import Begin

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"


async def last(states: AsyncIterator[Conversing]) -> Conversing:
    """The state at the end; a Conversing is one object all the way, so only the end can be kept."""
    held = None
    async for state in states:
        held = state
    assert held is not None
    return held


def fitting(held: Conversing) -> UserMessage:
    """What a visitor who agrees to everything says next."""
    if held.questions:
        return UserMessage(reply={one.id: one.options[0] for one in held.questions})
    return UserMessage(confirm=Confirmation(ok=True))


async def whole(client: AsyncLexhub) -> Conversing:
    """A consultation from its story to its answer."""
    held = await last(turns.answered(client, "", UserMessage(content=STORY), "professional"))
    while not held.answered:
        assert held.error is None and len(held.turns) < 8
        held = await last(turns.answered(client, held.id, fitting(held), "professional"))
    return held


async def test_a_reload_shows_what_was_watched(begin: Begin) -> None:
    async with begin() as both:
        held = await whole(both.client)
        again, running = await turns.opened(both.client, held.id)
    assert not running
    assert again.bubbles("zh") == held.bubbles("zh")
    assert again.citations and again.citations == held.citations and again.cases == held.cases


async def test_a_restart_shows_the_same_and_goes_on(begin: Begin) -> None:
    async with begin() as both:
        held = await last(turns.answered(both.client, "", UserMessage(content=STORY), "professional"))
    async with begin() as both:
        again, _ = await turns.opened(both.client, held.id)
        assert again.questions == held.questions and again.bubbles("zh") == held.bubbles("zh")
        assert (await last(turns.answered(both.client, held.id, fitting(again), "professional"))).error is None


async def test_the_steps_are_seen_while_the_turn_runs(begin: Begin) -> None:
    async with begin() as both:
        seen: list[list[str]] = []
        async for held in turns.answered(both.client, "", UserMessage(content=STORY), "normal"):
            seen.append([str(one["metadata"].get("status")) for one in held.bubbles("zh") if one["metadata"]])
    assert ["pending", "done"] in [one[:2] for one in seen]
    assert "pending" not in seen[-1] and len(seen) > 3


async def test_the_same_message_sent_twice_is_one_turn(begin: Begin) -> None:
    async with begin() as both:
        held = await last(turns.answered(both.client, "", UserMessage(content=STORY), "professional"))
        message = fitting(held)
        name = turns.key(held, message)
        first = await both.client.send(held.id, message, name)
        assert await both.client.send(held.id, message, name) == first
        assert len((await turns.opened(both.client, held.id))[0].turns) == 2


async def test_the_key_tells_messages_and_places_apart() -> None:
    one, other = UserMessage(content="甲"), UserMessage(content="乙")
    assert turns.key(Conversing("a"), one) == turns.key(Conversing("a"), one)
    assert len({turns.key(Conversing(id), message) for id in "ab" for message in (one, other)}) == 4


async def test_told_anew_the_answer_is_given_again_in_another_consultation(begin: Begin) -> None:
    async with begin() as both:
        held = await whole(both.client)
        again = await last(turns.told_anew(both.client, held.id))
        kept, _ = await turns.opened(both.client, held.id)
    assert again.id != held.id and again.error is None
    assert again.reply is not None and kept.reply is not None and again.reply.answer == kept.reply.answer
    assert kept.bubbles("zh") == held.bubbles("zh")


async def test_a_consultation_that_is_not_there_is_told_with_its_code(begin: Begin) -> None:
    async with begin() as both:
        for states in (
            turns.followed(both.client, "nobody"),
            turns.answered(both.client, "nobody", UserMessage(content="好"), "normal"),
        ):
            held = await last(states)
            assert held.error is not None and held.error.code == "session_not_found" and held.error.request_id


async def test_ratings_are_shown_as_given(begin: Begin) -> None:
    async with begin() as both:
        held = await last(turns.answered(both.client, "", UserMessage(content=STORY), "normal"))
        await both.client.feedback(held.id, 1, "up")
        await both.client.feedback(held.id, 1, "down", "不清楚")
        again, _ = await turns.opened(both.client, held.id)
    assert again.ratings == {1: "down"}


async def test_a_listing_tells_how_each_story_begins(begin: Begin) -> None:
    async with begin() as both:
        held = await last(turns.answered(both.client, "", UserMessage(content=STORY), "normal"))
        empty = await both.client.create()
        listed = {one.id: one.title for one in await both.client.consultations()}
        kept = await both.client.consultation(held.id)
    assert listed == {held.id: STORY[:40], empty.id: ""}
    assert not kept.running and kept.title == STORY[:40] and json.dumps(kept.feedback) == "[]"


@pytest.mark.parametrize("mode", ["normal", "professional"])
async def test_the_mode_is_kept(begin: Begin, mode: str) -> None:
    async with begin() as both:
        held = await last(
            turns.answered(
                both.client, "", UserMessage(content="民法典第675条"), "normal" if mode == "normal" else "professional"
            )
        )
        assert (await turns.opened(both.client, held.id))[0].mode == mode
