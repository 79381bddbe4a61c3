"""Many clients of the streaming API at once. Lean, since it shares the cores with the server: pieces of the body are
kept with their moments as they come, and read only after the last has come.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx

from deploy.benchmarks.engine.timing import Timeline


@dataclass(frozen=True)
class Answer:
    """One streamed completion: its timeline (an arrival for each event with text, and its end), and its characters."""

    timeline: Timeline
    characters: int


class BadStream(Exception):
    """The server answered with an error, or its stream ended early."""


def ask(url: str, texts: Sequence[str], new: int) -> list[Answer]:
    """Send all the texts at once to the expert `dialogue` at `url`, `new` tokens of each. Raises BadStream."""
    return asyncio.run(_ask(url, texts, new))


async def _ask(url: str, texts: Sequence[str], new: int) -> list[Answer]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=None, limits=limits, trust_env=False) as client:
        received = await asyncio.gather(*(_one(client, text, new) for text in texts))
    return [read(sent, pieces) for sent, pieces in received]


async def _one(client: httpx.AsyncClient, text: str, new: int) -> tuple[float, list[tuple[float, bytes]]]:
    body = {
        "model": "dialogue",
        "messages": [{"role": "user", "content": text}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": new,
        "temperature": 0,
    }
    sent, pieces = time.perf_counter(), []
    async with client.stream("POST", "/v1/chat/completions", json=body) as response:
        async for piece in response.aiter_raw():
            pieces.append((time.perf_counter(), piece))
        if response.status_code != 200:
            raise BadStream(f"{response.status_code}: {b''.join(piece for _, piece in pieces).decode()[:500]}")
    return sent, pieces


def read(sent: float, pieces: Iterable[tuple[float, bytes]]) -> Answer:
    """The answer in the pieces of a body of server-sent events. Raises BadStream for an error or an early end.

    A line with a broken character is dropped by the server, and random answers have some: so the end is an arrival too.
    """
    arrivals: list[float] = []
    ended = sent
    characters, prompt, tokens, done, rest = 0, 0, 0, False, b""
    for moment, piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                done, ended = True, moment
                continue
            event = json.loads(data)
            if error := event.get("error"):
                raise BadStream(str(error))
            if usage := event.get("usage"):
                prompt, tokens = usage["prompt_tokens"], usage["completion_tokens"]
            said = "".join(choice["delta"].get("content") or "" for choice in event["choices"])
            if said:
                arrivals.append(moment)
                characters += len(said)
    if not done:
        raise BadStream("the stream ended before [DONE]")
    return Answer(Timeline(sent, (*arrivals, ended), prompt, tokens), characters)
