"""What the first message of a field would wait for, done before it comes: patterns compiled, examples learned from."""

import time
from datetime import date

from orchestrator import examples, facts
from orchestrator.domains import packs


def is_done() -> bool:
    """Whether no first message has to wait any more."""
    return examples.learned() == len(packs())


def warm(pause: float) -> None:
    """Go through all fields of law, one after the other, with `pause` seconds between two of them.

    It takes about a second of one core for each field. What it makes ready is kept by the modules that made it.
    """
    for name, pack in packs().items():
        time.sleep(pause)
        story = examples.read(name)[0].text
        facts.extract(pack.elements, story, date.today())
        examples.like(name, story)
