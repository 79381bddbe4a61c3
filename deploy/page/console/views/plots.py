"""Figures over time as inline SVG, drawn here: no script, no font and nothing else is fetched."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.page.console.texts import Lang, text
from deploy.page.console.views.parts import esc

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 190, 46, 10, 10, 24
COLOURS = 6  # .lc-line-0 … in console.css
Series = Sequence[tuple[float, float | None]]  # (seconds ago, value); None: nothing happened


@dataclass(frozen=True)
class Line:
    """One line of a plot; `name` is plain text."""

    name: str
    points: Series


def plot(title: str, unit: str, lines: Sequence[Line], span_s: float, lang: Lang) -> str:
    """A plot of the last `span_s` seconds, with what each line came to last. Values are not negative."""
    told = [line for line in lines if any(value is not None for _, value in line.points)][:COLOURS]
    if not told:
        return _framed(title, f'<p class="lc-note">{esc(text("plots.none", lang))}</p>', "")
    top = _ceiling(max(value for line in told for _, value in line.points if value is not None))
    inner, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(ago: float, value: float) -> tuple[float, float]:
        return LEFT + inner * (1 - min(ago, span_s) / span_s), TOP + down * (1 - value / top)

    grid = "".join(
        f'<line class="lc-grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="lc-tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{esc(_short(value))}</text>'
        for value in (0, top / 2, top)
        for _, y in (at(0, value),)
    )
    ticks = "".join(
        f'<text class="lc-tick" x="{at(ago, 0)[0]:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{esc(said)}</text>'
        for ago, anchor, said in (
            (span_s, "start", text("plots.ago", lang, minutes=f"{span_s / 60:.2g}")),
            (span_s / 2, "middle", text("plots.ago", lang, minutes=f"{span_s / 120:.2g}")),
            (0.0, "end", text("plots.now", lang)),
        )
    )
    drawn = "".join(_drawn(number, [(at(ago, value) if value is not None else None) for ago, value in line.points])
                    for number, line in enumerate(told))  # fmt: skip
    latest = {line.name: next(value for _, value in reversed(line.points) if value is not None) for line in told}
    spoken = "; ".join(f"{name} {_short(value)} {unit}" for name, value in latest.items())
    picture = (
        f'<svg class="lc-plot" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{esc(f"{title}: {spoken}")}">'
        f"{grid}{ticks}{drawn}</svg>"
    )
    return _framed(text("plots.titled", lang, title=title, unit=unit), picture, _legend(latest, unit))


def _framed(title: str, picture: str, legend: str) -> str:
    return f'<figure class="lc-figure"><figcaption>{esc(title)}</figcaption>{picture}{legend}</figure>'


def _legend(latest: Mapping[str, float], unit: str) -> str:
    rows = "".join(
        f'<li><span class="lc-swatch lc-line-{number}" aria-hidden="true"></span>{esc(name)}'
        f" <strong>{esc(_short(value))}</strong></li>"
        for number, (name, value) in enumerate(latest.items())
    )
    return f'<ul class="lc-legend" aria-label="{esc(unit)}">{rows}</ul>'


def _drawn(number: int, points: Sequence[tuple[float, float] | None]) -> str:
    """The line, broken where nothing happened; a point by itself is a dot."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    made = ""
    for run in runs:
        if len(run) == 1:
            made += f'<circle class="lc-line-{number}" cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2.5"/>'
        elif run:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            made += f'<polyline class="lc-line-{number}" points="{path}"/>'
    return made


def _ceiling(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * 0.999)


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:.3g}"
