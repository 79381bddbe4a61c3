"""Short forms in which several fields write their elements, findings and patterns; each makes what pack.py defines.

No law stands here: what is said, asked and concluded is the field's own. A short form that one field alone uses
stands in that field's file.
"""

from collections.abc import Iterable

from orchestrator.domains.pack import Choice, Condition, Element, Finding, Is, Says


def asked(id: str, label: str, why: str, question: str, *values: str, topic: tuple[str, ...]) -> Element:
    """A choice read from the reply alone: in a story only `topic` tells that it was dealt with."""
    choices = tuple(Choice(value=value) for value in values)
    return Element(id=id, label=label, why=why, question=question, choices=choices, topic=topic)


def choice(
    id: str, label: str, why: str, question: str, *values: tuple[str, ...], topic: tuple[str, ...] = ()
) -> Element:
    """A choice; each of `values` is a value and the patterns that recognise it in a story: `("有", r"有证据", …)`."""
    choices = tuple(Choice(value=value, says=says) for value, *rest in values for says in [tuple(rest)])
    return Element(id=id, label=label, why=why, question=question, choices=choices, topic=topic)


def moot(elements: Iterable[Element], holds: Is, *ids: str) -> tuple[Element, ...]:
    """The elements; of those with these ids there is no such thing where `holds` does."""
    return tuple(
        one.model_copy(update={"unless": (*one.unless, holds)}) if one.id in ids else one for one in elements
    )


def told(id: str, label: str, why: str, question: str, topic: str, *choices: Choice) -> Element:
    """A choice asked in one breath with what belongs to it; `topic` is one pattern, empty where there is none."""
    return Element(id=id, label=label, why=why, question=question, topic=(topic,) if topic else (), choices=choices)


def amount(id: str, label: str, question: str, *near: str, topic: tuple[str, ...] = ()) -> Element:
    """A sum that a claim for damages is reckoned from; `near` are its cue patterns."""
    return Element(id=id, label=label, why="影响赔多少钱", question=question, kind="amount", near=near, topic=topic)


def noted(when: tuple[Condition, ...], concludes: str, *grounds: Says) -> Finding:
    """An aside: worth a line in the answer, never a question of its own weight."""
    return Finding(when=when, concludes=concludes, grounds=grounds, weight=3)


def outweighing(trouble: str) -> tuple[str, ...]:
    """A strong pattern counted several times: the special trouble comes before the general one that it is part of."""
    return (trouble,) * 4


def unless(context: str, *said: str) -> tuple[str, ...]:
    """Patterns that count only in a story without `context`."""
    return tuple(rf"^(?![\s\S]*(?:{context}))[\s\S]*?(?:{one})" for one in said)
