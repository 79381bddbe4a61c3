"""Where the nodes of a graph stand when it is drawn from left to right. Knows no drawing.

Layers by the longest way from the beginning, edges that lead back left aside; an edge over several layers passes
through a place of its own in each, so that no line runs through a node; places are ordered by their neighbours' mean.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

SWEEPS = 12
Edge = tuple[str, str]
Place = tuple[int, float]  # layer, row


@dataclass(frozen=True)
class Layout:
    """The place of each node, and those that each edge passes through, its ends among them, in the edge's direction."""

    nodes: dict[str, Place]
    edges: dict[Edge, tuple[Place, ...]]

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return 1 + max((layer for layer, _ in self.nodes.values()), default=-1)

    @property
    def rows(self) -> float:
        """How far down the lowest place is, plus one."""
        return 1 + max((row for places in self.edges.values() for _, row in places), default=0.0)


def laid_out(nodes: Sequence[str], edges: Iterable[Edge]) -> Layout:
    """The layout; the first node is the beginning."""
    known = list(dict.fromkeys(edges))
    back = _leading_back(nodes, known)
    forward = [(target, source) if (source, target) in back else (source, target) for source, target in known]
    layer = _layers(nodes, [edge for edge in known if edge not in back])
    chains = {
        edge: _chain(layer, one) for edge, one in zip(known, forward, strict=True) if layer[one[0]] < layer[one[1]]
    }
    rows = _rows([(layer[node], node) for node in nodes], list(chains.values()))
    places = {
        edge: tuple((at, rows[at, name]) for at, name in (chain[::-1] if edge in back else chain))
        for edge, chain in chains.items()
    }
    return Layout({node: (layer[node], rows[layer[node], node]) for node in nodes}, places)


def _leading_back(nodes: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    following: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        following[source].append(target)
    found: set[Edge] = set()
    done: set[str] = set()
    under_way: set[str] = set()

    def visit(node: str) -> None:
        under_way.add(node)
        for target in following[node]:
            if target in under_way:
                found.add((node, target))
            elif target not in done:
                visit(target)
        under_way.discard(node)
        done.add(node)

    for node in nodes:
        if node not in done:
            visit(node)
    return found


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:  # as many rounds as the longest way can have
        for source, target in edges:
            layer[target] = max(layer[target], layer[source] + 1)
    return layer


def _chain(layer: dict[str, int], edge: Edge) -> list[tuple[int, str]]:
    """The node at each end, and between them a place for each layer passed."""
    source, target = edge
    between = [(at, f"{source}>{target}") for at in range(layer[source] + 1, layer[target])]
    return [(layer[source], source), *between, (layer[target], target)]


def _rows(
    nodes: Sequence[tuple[int, str]], chains: Sequence[Sequence[tuple[int, str]]]
) -> dict[tuple[int, str], float]:
    """The row of each place: neighbours near each other, and each layer centred."""
    before: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    after: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    layers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place in dict.fromkeys([*nodes, *(place for chain in chains for place in chain)]):
        layers[place[0]].append(place)
    for chain in chains:
        for one, other in pairwise(chain):
            after[one].append(other)
            before[other].append(one)
    row = {place: float(at) for places in layers.values() for at, place in enumerate(places)}
    for sweep in range(SWEEPS):
        neighbours = after if sweep % 2 else before
        for at in sorted(layers, reverse=bool(sweep % 2)):
            layers[at].sort(key=lambda place: fmean([row[one] for one in neighbours[place]] or [row[place]]))
            row |= {place: float(number) for number, place in enumerate(layers[at])}
    most = max(map(len, layers.values()), default=0)
    return {place: row[place] + (most - len(layers[place[0]])) / 2 for place in row}
