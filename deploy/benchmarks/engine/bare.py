"""The engine alone: models.backends.transformers_local as a server uses it, through its contract and nothing else."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Figures, Load, Timeline, figures, median, percentile
from models.contracts import GenerationRequest, Generator, Message, Sampling
from models.prompts import messages
from models.schemas import TERMS

WARM = 8  # tokens of each request that warms up
PREFILLED = 32  # prompts read at once
PAGE = 256  # tokens, at most, that the cache hands out at once
CALLS = 20  # calls of the keyword role
CALL_CACHE = 2048  # tokens, more than a call of it takes
CALL_TOKENS = 56  # ten terms, written without blanks, are about so many tokens of a real vocabulary
# The schema that the keyword role asks language models for, with as many and long terms as it allows: a random model
# closes terms and list anywhere, so here it cannot, and each call ends at CALL_TOKENS.
_LISTED = TERMS["properties"]["keywords"]
_TERM = {**_LISTED["items"], "minLength": _LISTED["items"]["maxLength"] // 2}
FULL = {**TERMS, "properties": {"keywords": {**_LISTED, "items": _TERM, "minItems": _LISTED["maxItems"]}}}


@dataclass(frozen=True)
class Prefill:
    """Reading `requests` prompts of `prompt` tokens at once, in `seconds`; `busy` is the share of the peak."""

    requests: int
    prompt: int
    seconds: float
    rate: float
    busy: float | None = None


@dataclass(frozen=True)
class Calls:
    """Calls of the keyword role, one after the other, its grammar on: seconds of each, and the tokens of a call."""

    p50: float | None
    p99: float | None
    tokens: int


@dataclass(frozen=True)
class Bare:
    """All that is measured of the engine alone."""

    loads: list[Figures]
    prefill: Prefill
    calls: Calls


def options(folder: Path, loads: Sequence[Load]) -> dict[str, Any]:
    """The engine's options for these loads: all their requests at once, and on a CPU a cache that holds them all."""
    import torch

    together = [*loads, *(Load(load.prompt, 1, PREFILLED) for load in loads)]
    given: dict[str, Any] = {"model": str(folder), "queue": max(load.requests for load in together)}
    if not torch.cuda.is_available():
        # A request takes whole pages, so it may hold nearly a page more than its tokens.
        wanted = max(load.requests * (load.prompt + load.new + PAGE) for load in together)
        given["cache_tokens"] = max(wanted, CALL_CACHE)
    return given


def measure(folder: Path, loads: Sequence[Load], repeat: int, stories: Sequence[str]) -> Bare:
    """Measure every load `repeat` times and keep the median run; then prefill and the keyword role."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    return asyncio.run(_measure(folder, loads, repeat, stories))


async def _measure(folder: Path, loads: Sequence[Load], repeat: int, stories: Sequence[str]) -> Bare:
    from models.backends import transformers_local

    model = transformers_local.build(options(folder, loads))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(model.aclose)
        await model.check()
        prompts = Prompts(folder)
        measured = []
        for load in loads:
            await burst(model, prompts.texts(load), min(WARM, load.new))
            runs = [figures(load, await burst(model, prompts.texts(load), load.new)) for _ in range(repeat)]
            measured.append(median(runs))
        return Bare(measured, await _prefill(model, prompts, loads[0].prompt), await _calls(model, stories))


async def burst(model: Generator, texts: Sequence[str], new: int) -> list[Timeline]:
    """Ask all at once, `new` tokens of each."""
    sampling = Sampling(max_tokens=new)
    asked = (GenerationRequest(messages=(Message(role="user", content=text),), sampling=sampling) for text in texts)
    return list(await asyncio.gather(*(_one(model, request) for request in asked)))


async def _one(model: Generator, request: GenerationRequest) -> Timeline:
    sent, arrivals, usage = time.perf_counter(), [], None
    async for chunk in model.generate(request):
        arrivals.append(time.perf_counter())
        usage = chunk.usage
    if usage is None:
        raise ValueError("the engine's last chunk has no usage")
    return Timeline(sent, tuple(arrivals), usage.prompt_tokens, usage.completion_tokens)


async def _prefill(model: Generator, prompts: Prompts, prompt: int) -> Prefill:
    """The time from the first prompt sent to the last first token, all sent at once."""
    load = Load(prompt, 1, PREFILLED)
    await burst(model, prompts.texts(load), 1)
    seconds = figures(load, await burst(model, prompts.texts(load), 1)).seconds
    return Prefill(PREFILLED, prompt, seconds, PREFILLED * prompt / seconds)


async def _calls(model: Generator, stories: Sequence[str]) -> Calls:
    rows = []
    for at in range(CALLS + 1):
        # As a plain request, since a keyword role's answer that was cut off is an error.
        request = GenerationRequest(
            messages=messages("keywords", text=stories[at % len(stories)]),
            schema_=FULL,
            sampling=Sampling(max_tokens=CALL_TOKENS),
        )
        rows.append(await _one(model, request))
    if any(row.tokens != CALL_TOKENS for row in rows):
        raise ValueError(f"calls of {CALL_TOKENS} tokens had {sorted({row.tokens for row in rows})}")
    spent = [row.arrivals[-1] - row.sent for row in rows[1:]]  # the first compiles the grammar
    return Calls(percentile(spent, 50), percentile(spent, 99), CALL_TOKENS)
