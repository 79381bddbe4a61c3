"""The figures of one size as a picture: speed, share of what the device allows, latency, all by requests at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deploy.benchmarks.engine.report import Size
from deploy.benchmarks.engine.timing import Figures


def draw(size: Size, path: Path) -> None:
    """Write a PNG with three panels."""
    import matplotlib as plotting

    plotting.use("Agg")
    from matplotlib import pyplot

    figure, (speed, shares, latency) = pyplot.subplots(1, 3, figsize=(12, 3.8))
    engine = size.engine or []
    _line(speed, engine, lambda one: one.ceiling, "bandwidth roofline", linestyle=":", color="grey")
    _line(speed, engine, lambda one: one.steady, "engine, all writing")
    contenders = {"engine": engine, "generate": size.plain, "vLLM": size.vllm, "server (SSE)": size.server}
    for label, measured in contenders.items():
        _line(speed, measured or [], lambda one: one.rate, label)
    speed.set_ylabel("new tokens a second")
    speed.set_yscale("log")
    _line(shares, engine, lambda one: one.share, "of the bandwidth roofline")
    _line(shares, engine, lambda one: one.busy, "of the peak operations")
    shares.set_ylabel("share")
    shares.set_ylim(bottom=0)
    _line(latency, engine, lambda one: _ms(one.first_p50), "first token, p50")
    _line(latency, engine, lambda one: _ms(one.gap_p50), "next token, p50")
    _line(latency, engine, lambda one: _ms(one.gap_p99), "next token, p99")
    latency.set_ylabel("ms")
    latency.set_yscale("log")
    for axis in (speed, shares, latency):
        axis.set_xscale("log", base=2)
        axis.xaxis.set_major_formatter("{x:g}")
        axis.set_xlabel("requests at once")
        if axis.has_data():
            axis.legend(fontsize="small")
    figure.suptitle(f"{size.shape.name}, random weights")
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def _line(
    axis: Any, measured: Sequence[Figures], value: Callable[[Figures], float | None], label: str, **style: str
) -> None:
    points = [(one.load.requests, found) for one in measured if (found := value(one)) is not None]
    if points:
        axis.plot(*zip(*points, strict=True), marker="o", label=label, **style)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
