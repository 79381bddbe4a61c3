"""Prints the consultation graph as Mermaid, one line for each choice and each meeting of ways: `make graph`.

ARCHITECTURE.md shows it.
"""

from orchestrator import graph

NAMES = {"__start__": "start", "__end__": "finish"}  # `end` is a word of Mermaid's own


def drawn() -> str:
    """The compiled graph; a dotted arrow is a choice that the step makes."""
    choices: dict[str, list[str]] = {}
    ways: dict[str, list[str]] = {}
    for edge in graph.build().get_graph().edges:
        source, target = (NAMES.get(one, one) for one in (edge.source, edge.target))
        if edge.conditional:
            choices.setdefault(source, []).append(target)
        else:
            ways.setdefault(target, []).append(source)
    lines = [f"  {' & '.join(sorted(sources))} --> {target}" for target, sources in sorted(ways.items())]
    lines += [f"  {source} -.-> {' & '.join(sorted(targets))}" for source, targets in sorted(choices.items())]
    return "\n".join(["flowchart LR", "  start([start])", "  finish([end])", *lines])


if __name__ == "__main__":
    print(drawn())
