"""The consultation graph as inline SVG; where a request is chosen, its way through it with the time of each step."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from deploy.page.console.layers import Layout, Place, laid_out
from deploy.page.console.texts import Lang, text
from deploy.page.console.views.parts import esc, ms

STEP_X, STEP_Y, WIDTH, HEIGHT, EDGE = 118, 46, 88, 32, 12


def drawing(graph: Mapping[str, Any], trace: Mapping[str, Any] | None, lang: Lang) -> str:
    """The graph of GET /v1/admin/graph, and over it the steps of a trace of GET /v1/admin/requests/{id}."""
    nodes = tuple(graph["nodes"])
    edges = tuple((one["source"], one["target"]) for one in graph["edges"])
    conditional = {(one["source"], one["target"]) for one in graph["edges"] if one["conditional"]}
    layout = _layout(nodes, edges)
    way = steps(nodes, trace)
    taken = set(pairwise(name for name, _ in way))
    spent: dict[str, float] = {}
    for name, took in way:
        spent[name] = spent.get(name, 0.0) + took
    width, height = layout.layers * STEP_X + 2 * EDGE - STEP_X + WIDTH, layout.rows * STEP_Y + 2 * EDGE
    lines = "".join(
        _line(places, edge in conditional, edge in taken)
        for edge, places in sorted(layout.edges.items(), key=lambda one: one[0] in taken)
    )
    boxes = "".join(_box(name, place, spent.get(name), lang) for name, place in layout.nodes.items())
    label = text("graph.label", lang) if not way else text("graph.way", lang, steps=" → ".join(name for name, _ in way))
    return (
        f'<div class="lc-scroll" role="region" tabindex="0" aria-label="{esc(text("graph.title", lang))}">'
        f'<svg class="lc-graph" role="img" aria-label="{esc(label)}" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}"><defs><marker id="lc-tip" viewBox="0 0 8 8" refX="7" refY="4"'
        f' markerWidth="6" markerHeight="6" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{lines}{boxes}</svg></div>"
    )


def steps(nodes: Sequence[str], trace: Mapping[str, Any] | None) -> list[tuple[str, float]]:
    """The steps of the graph that the request went through, in their order, with milliseconds."""
    if trace is None:
        return []
    return [(one["name"], one["ms"]) for one in trace["pieces"] if one["kind"] == "step" and one["name"] in nodes]


@lru_cache(maxsize=4)
def _layout(nodes: tuple[str, ...], edges: tuple[tuple[str, str], ...]) -> Layout:
    return laid_out(nodes, edges)


def _line(places: Sequence[Place], conditional: bool, taken: bool) -> str:
    forward = places[0][0] <= places[-1][0]
    points = [_at(place) for place in places]
    half = WIDTH / 2 if forward else -WIDTH / 2
    (x, y), (last_x, last_y) = points[0], points[-1]
    path = f"M{x + half:.1f} {y:.1f}"
    for (from_x, from_y), (to_x, to_y) in pairwise(points):
        begins = from_x + (half if (from_x, from_y) == (x, y) else 0)
        ends = to_x - (half if (to_x, to_y) == (last_x, last_y) else 0)
        middle = (begins + ends) / 2
        path += f"C{middle:.1f} {from_y:.1f} {middle:.1f} {to_y:.1f} {ends:.1f} {to_y:.1f}"
    classes = "lc-edge" + (" lc-maybe" if conditional else "") + (" lc-taken" if taken else "")
    return f'<path class="{classes}" d="{path}" marker-end="url(#lc-tip)"/>'


def _box(name: str, place: Place, spent: float | None, lang: Lang) -> str:
    x, y = _at(place)
    end = name.startswith("__")
    shown = text(f"graph.{name.strip('_')}", lang) if end else name
    taken = " lc-taken" if spent is not None else ""
    up = 6 if spent is not None else 0
    time = f'<text class="lc-spent" x="{x:.1f}" y="{y + 11:.1f}">{esc(ms(spent))}</text>' if spent is not None else ""
    return (
        f'<g class="lc-node{" lc-end" if end else ""}{taken}"><rect x="{x - WIDTH / 2:.1f}" y="{y - HEIGHT / 2:.1f}"'
        f' width="{WIDTH}" height="{HEIGHT}" rx="{HEIGHT / 2 if end else 6}"/>'
        f'<text x="{x:.1f}" y="{y + 4 - up:.1f}">{esc(shown)}</text>{time}</g>'
    )


def _at(place: Place) -> tuple[float, float]:
    layer, row = place
    return EDGE + WIDTH / 2 + layer * STEP_X, EDGE + STEP_Y / 2 + row * STEP_Y
