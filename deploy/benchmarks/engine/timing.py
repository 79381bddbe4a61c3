"""From the moments at which requests were sent and answered to the figures that are compared."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from deploy.benchmarks.engine.shapes import Shape

if TYPE_CHECKING:  # it imports torch, which clients do without
    from deploy.benchmarks.engine.machine import Machine


@dataclass(frozen=True)
class Timeline:
    """One request: when it was sent, when each piece of its answer came (both in seconds of one clock), and the tokens
    of prompt and answer as the usage of its last piece says.

    A piece is what the client sees at once: of the engine almost always one token, of the server a line.
    """

    sent: float
    arrivals: tuple[float, ...]
    prompt: int
    tokens: int


@dataclass(frozen=True)
class Load:
    """What is asked: `prompt` tokens in (chat template included), `new` tokens out, `requests` at once."""

    prompt: int
    new: int
    requests: int


@dataclass(frozen=True)
class Figures:
    """A measured load. Seconds unless said otherwise.

    `rate`: new tokens a second from the first request sent to the last answered, prompts included. `steady`: while
    all requests were writing, from the last first piece to the first last one; None when there was no such time or
    pieces are not tokens. `first`: time to the first piece, `gap`: between two pieces of one request.
    `ceiling`: what `steady` would be if memory bandwidth were the only limit, `share` of it reached, and `busy`: the
    share of the device's peak operations; these are None where `steady` is.
    """

    load: Load
    seconds: float
    rate: float
    steady: float | None
    first_p50: float | None
    first_p99: float | None
    gap_p50: float | None
    gap_p99: float | None
    ceiling: float | None = None
    share: float | None = None
    busy: float | None = None


def figures(load: Load, rows: Sequence[Timeline], by_token: bool = True) -> Figures:
    """The figures of one burst. Raises ValueError when an answer has not the tokens that were asked for, since speeds
    of answers of different lengths cannot be compared; `by_token`: whether each piece is one token.
    """
    if wrong := sorted({row.tokens for row in rows if row.tokens != load.new}):
        raise ValueError(f"answers of {load.new} tokens were asked for, some have {wrong}")
    seconds = max(row.arrivals[-1] for row in rows) - min(row.sent for row in rows)
    firsts = [row.arrivals[0] - row.sent for row in rows]
    gaps = [later - earlier for row in rows for earlier, later in zip(row.arrivals, row.arrivals[1:], strict=False)]
    return Figures(
        load,
        seconds,
        sum(row.tokens for row in rows) / seconds,
        steady_rate(rows) if by_token else None,
        percentile(firsts, 50),
        percentile(firsts, 99),
        percentile(gaps, 50),
        percentile(gaps, 99),
    )


def steady_rate(rows: Sequence[Timeline]) -> float | None:
    """Tokens a second while every request was writing; None when there was no such time.

    A piece counts as its share of the request's tokens: the few tokens that are no whole character yet come with the
    next piece.
    """
    began = max(row.arrivals[0] for row in rows)
    ended = min(row.arrivals[-1] for row in rows)
    if ended <= began:
        return None
    written = sum(
        sum(began < moment <= ended for moment in row.arrivals) * row.tokens / len(row.arrivals) for row in rows
    )
    return written / (ended - began)


def against_roofline(measured: Figures, shape: Shape, machine: "Machine") -> Figures:
    """The same figures with ceiling and shares.

    A step writes a token for each request and reads the weights once and all caches, whose mean length is the prompt
    and half of the answer. So at bandwidth B the ceiling is requests x B / bytes of a step.
    """
    if measured.steady is None:
        return measured
    load = measured.load
    context = load.prompt + load.new / 2
    ceiling = load.requests * machine.bandwidth / shape.step_bytes(load.requests, context)
    steps = measured.steady / load.requests
    busy = steps * shape.step_operations(load.requests, context) / machine.peak
    return replace(measured, ceiling=ceiling, share=measured.steady / ceiling, busy=busy)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The percentile, interpolated; None of nothing."""
    return float(np.percentile(values, share)) if values else None


def median(runs: Sequence[Figures]) -> Figures:
    """The run whose rate is the (upper) median of all."""
    middle = statistics.median_high([run.rate for run in runs])
    return next(run for run in runs if run.rate == middle)
