"""The turns of a consultation as a page watches them: sent, followed, told anew. Each yields the same Conversing again
and again as it changes; what fails is noted in it.
"""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from pydantic import BaseModel

from deploy.page.conversing import Conversing, Exchange
from deploy.privacy import Consent
from deploy.sdk import AsyncLexhub, LexhubError
from orchestrator.contracts import Confirmation, Mode, UserMessage


class Unsent(BaseModel):
    """A message whose turn has not ended: it may still have to be sent. `turn` counts from 1."""

    turn: int
    message: UserMessage


async def opened(client: AsyncLexhub, id: str) -> tuple[Conversing, bool]:
    """The consultation as the server keeps it, and whether a turn of it runs now. Raises LexhubError."""
    kept = await client.consultation(id)
    turns = [Exchange(UserMessage.model_validate(one.message), one.reply) for one in kept.transcript]
    ratings = {one.turn: one.rating for one in kept.feedback}
    return Conversing(kept.id, kept.mode, turns, ratings), kept.running


async def kept(client: AsyncLexhub, id: str) -> bool:
    """Whether there is such a consultation of this visitor's. Raises LexhubError when that cannot be told."""
    try:
        await client.consultation(id)
    except LexhubError as error:
        if error.status == 404:
            return False
        raise
    return True


async def followed(client: AsyncLexhub, id: str) -> AsyncGenerator[Conversing, None]:
    """The consultation, and the turn that runs in it, if any, to its end."""
    held = Conversing(id)
    try:
        held, running = await opened(client, id)
        if running:
            held.begin(None)
        yield held
        if not running:
            return
        async with aclosing(client.follow(id)) as rows:
            async for _, event in rows:
                held.take(event)
                yield held
        yield (await opened(client, id))[0]  # with the message, which events do not tell
    except LexhubError as error:
        held.fail(error)
        yield held


async def answered(
    client: AsyncLexhub, id: str, message: UserMessage, mode: Mode, consent: Consent | None = None, turn: int = 0
) -> AsyncGenerator[Conversing, None]:
    """The message sent into the consultation, or into a new one where `id` is empty, to the end of its turn.

    The same message sent twice to the same turn is answered once. `turn`: the one that it was sent to before, if it
    was; where it has arrived, that turn is followed to its end, or shown.
    """
    held = Conversing(mode=mode)
    try:
        if id:
            held, running = await opened(client, id)
            if turn and (running or len(held.turns) >= turn):
                async with aclosing(followed(client, id)) as states:
                    async for held in states:
                        yield held
                return
        held.begin(message)
        yield held
        if not id:
            held.id = (await client.create(mode=mode, consent=consent)).id
            yield held
        async with aclosing(client.stream(held.id, message, key(held, message))) as rows:
            async for _, event in rows:
                held.take(event)
                yield held
    except LexhubError as error:
        held.fail(error)
        yield held


async def told_anew(client: AsyncLexhub, id: str, consent: Consent | None = None) -> AsyncGenerator[Conversing, None]:
    """A new consultation in which the visitor says the same again, as far as the same is asked.

    What was answered stays in the consultation `id`; an answer is never replaced by another one.
    """
    held = Conversing(id)
    try:
        before = (await opened(client, id))[0]
        held = Conversing(mode=before.mode)
        for turn in before.turns:
            message = _fitting(turn.message, held)
            if message is None:
                return
            async with aclosing(answered(client, held.id, message, _mode(before.mode), consent)) as states:
                async for held in states:
                    yield held
            if held.error is not None:
                return
    except LexhubError as error:
        held.fail(error)
        yield held


def key(held: Conversing, message: UserMessage) -> str:
    """The idempotency key of a message at its place: the same for whoever sends the same there twice."""
    told = f"{held.id}\x1f{len(held.turns) + 1}\x1f{message.model_dump_json()}"
    return hashlib.sha256(told.encode()).hexdigest()


def _fitting(message: UserMessage | None, held: Conversing) -> UserMessage | None:
    """What of an earlier message can be said now; None where something else is asked."""
    if message is None:
        return None
    if message.reply is not None:
        asked = {part.id for question in held.questions for part in question.parts}
        same = {id: value for id, value in message.reply.items() if id in asked}
        return UserMessage(reply=same) if same and all(one.id in same for one in held.questions) else None
    if message.confirm is not None:
        known = {fact.id for fact in held.facts}
        changes = {id: value for id, value in message.confirm.changes.items() if id in known}
        return UserMessage(confirm=Confirmation(ok=not changes, changes=changes)) if known else None
    return message if not held.questions and not held.facts else None


def _mode(mode: str) -> Mode:
    return "normal" if mode == "normal" else "professional"
