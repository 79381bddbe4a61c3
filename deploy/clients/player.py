"""Plays a scripted client against a server over HTTP, as a person would: story, answers, the fact sheet, the answer."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.clients.citing import Checker
from deploy.clients.scoring import UNCLEAR, Memory, Played
from deploy.clients.scripts import Client
from deploy.settings import BadSettings

CONFIRMED = "情况属实。"
LONGEST = 12  # turns; a server that has not answered by then never will


@dataclass(frozen=True)
class Exchange:
    """One turn: what the client said, in words, and the server's reply as it came (empty where it failed)."""

    said: tuple[str, ...]
    reply: dict[str, Any]
    ms: float


@dataclass(frozen=True)
class Consultation:
    """A consultation for readers (`exchanges`) and for scoring (`played`)."""

    played: Played
    exchanges: tuple[Exchange, ...]


async def play(http: httpx.AsyncClient, checker: Checker, client: Client) -> Consultation:
    """Hold the whole consultation in a session of its own, which is deleted afterwards.

    A turn that the server refuses ends the consultation and is its failure. Raises BadSettings where the server cannot
    be reached or refuses to open a session.
    """
    try:
        id = await _opened(http)
        try:
            return await _held(http, checker, client, id)
        finally:
            await http.delete(f"/v1/consultations/{id}")
    except httpx.TransportError as error:
        raise BadSettings(f"{http.base_url}: the server does not answer: {error!r}") from error


async def _opened(http: httpx.AsyncClient) -> str:
    answer = await http.post("/v1/consultations", json={})
    if answer.status_code != 201:
        raise BadSettings(f"{http.base_url}: no session: HTTP {answer.status_code}: {answer.text[:200]}")
    return str(answer.json()["id"])


async def _held(http: httpx.AsyncClient, checker: Checker, client: Client, id: str) -> Consultation:
    memory = Memory(client)
    exchanges: list[Exchange] = []
    message: dict[str, Any] = {"content": client.opening}
    said: tuple[str, ...] = (client.opening,)
    turns, failure = 0, ""
    reply: dict[str, Any] = {}
    longest = LONGEST if client.route == "consult" else 1
    while len(exchanges) < longest:
        began = time.perf_counter()
        answer = await http.post(f"/v1/consultations/{id}/messages", json=message)
        ms = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            failure = f"HTTP {answer.status_code}: {answer.text[:200]}"
            exchanges.append(Exchange(said, {}, ms))
            break
        reply = answer.json()
        exchanges.append(Exchange(said, reply, ms))
        if reply["status"] == "question":
            turns += 1
            answers = [memory.answer(turns, one["id"], one["text"], one["options"]) for one in reply["questions"]]
            message, said = {"reply": {one.id: one.says for one in answers}}, tuple(one.says for one in answers)
        elif reply["status"] == "confirm":
            message, said = {"confirm": {"ok": True}}, (CONFIRMED,)
        else:
            break
    answered = not failure and reply["status"] == "answer"
    if client.route == "consult" and not answered and not failure:
        failure = f"以 {reply['status']} 结束"
    first = exchanges[0].reply
    played = Played(
        client=client,
        route=first.get("route", ""),
        field=first.get("domain", ""),
        asked=tuple(memory.asked),
        turns=turns,
        cited=tuple(row["id"] for row in reply["citations"]) if answered else (),
        citations=len(reply["citations"]) if answered else 0,
        faults=tuple(await checker.faults(reply)) if answered else (),
        answer_ms=exchanges[-1].ms if answered else None,
        failure=failure,
        unclear=frozenset(fact["id"] for fact in reply.get("facts", ()) if fact["value"] == UNCLEAR),
    )
    return Consultation(played, tuple(exchanges))
