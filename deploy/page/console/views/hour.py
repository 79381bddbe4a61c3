"""The last hour as plots, from the points of the sampler."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deploy.observing.frames import Latency
from deploy.page.console.sampling import SPAN_S, Point
from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.plots import Line, plot

SHORTEST_S = 300.0  # of the time axis, before an hour is full
Get = Callable[[Point], float | None]


def plots(points: Sequence[Point], now: float, route: str, model: str, lang: Lang) -> str:
    """All plots. `route` and `model` name those whose latency is drawn; empty: the busiest."""
    span = min(SPAN_S, max(SHORTEST_S, now - points[0].at if points else 0.0))

    def line(name: str, get: Get) -> Line:
        return Line(name, [(now - point.at, get(point)) for point in points])

    def minute(get: Callable[[Point], Mapping[str, float]], name: str) -> Get:
        return lambda point: 60 * get(point).get(name, 0.0) / point.seconds

    route, model = route or busiest(points, _routes), model or busiest(points, _models)
    unit = text("unit.per_minute", lang)
    made = [
        _latency("route", route, _routes, line, span, lang),
        _latency("model", model, _models, line, span, lang),
        plot(
            text("plots.rate", lang),
            unit,
            [
                line(text("plots.requests", lang), lambda point: 60 * point.requests / point.seconds),
                line(text("plots.calls", lang), lambda point: 60 * point.calls / point.seconds),
            ],
            span,
            lang,
        ),
        plot(
            text("plots.queue", lang),
            text("unit.queued", lang),
            [
                line(name, lambda point, name=name: point.queued.get(name, 0.0))  # type: ignore[misc]
                for name in _most(points, lambda point: point.queued)
            ],
            span,
            lang,
        ),
        plot(
            text("plots.errors", lang),
            unit,
            [
                line(text("plots.failed", lang), lambda point: 60 * point.failed / point.seconds),
                *(
                    line(name, minute(lambda point: point.errors, name))
                    for name in _most(points, lambda point: point.errors)
                ),
            ],
            span,
            lang,
        ),
        plot(
            text("plots.citations", lang),
            unit,
            [
                line(text(f"plots.citation.{name}", lang), minute(lambda point: point.citations, name))
                for name in ("verified", "digest", "rejected")
            ],
            span,
            lang,
        ),
    ]
    return parts.note(text("plots.lead", lang)) + f'<div class="lc-plots">{"".join(made)}</div>'


def names(points: Sequence[Point]) -> tuple[list[str], list[str]]:
    """The routes and the models that there are figures of, in the order of their names."""
    routes = {name for point in points for name in point.routes}
    return sorted(routes), sorted({name for point in points for name in point.models})


def busiest(points: Sequence[Point], get: Callable[[Point], Mapping[str, Any]]) -> str:
    """Whose figures are in most of the points; empty when there are none."""
    seen = Counter(name for point in points for name in get(point))
    return min(seen, key=lambda name: (-seen[name], name), default="")


def _latency(
    kind: str,
    name: str,
    get: Callable[[Point], Mapping[str, Latency]],
    line: Callable[[str, Get], Line],
    span: float,
    lang: Lang,
) -> str:
    def quantile(which: str) -> Get:
        def found(point: Point) -> float | None:
            seconds = getattr(get(point).get(name), which, None)
            return None if seconds is None else 1000 * float(seconds)

        return found

    title = text(f"plots.latency.{kind}", lang, name=name or "—")
    lines = [line(which, quantile(which)) for which in ("p50", "p95")]
    return plot(title, text("unit.ms", lang), lines, span, lang)


def _most(points: Sequence[Point], get: Callable[[Point], Mapping[str, float]]) -> list[str]:
    """The names with the greatest sums; those with nothing at all come last."""
    sums: Counter[str] = Counter()
    for point in points:
        sums.update(get(point))
    return sorted(sums, key=lambda name: (-sums[name], name))[:5]


def _routes(point: Point) -> Mapping[str, Latency]:
    return point.routes


def _models(point: Point) -> Mapping[str, Latency]:
    return point.models
