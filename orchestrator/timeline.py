"""The dates of a matter in order: what the client told, and the last days of what is to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.contracts import Step
from orchestrator.contracts import Fact


@dataclass(frozen=True)
class Entry:
    """One date: `iso` a day, month or year; `what` happened or must be done; `how` it is known. Deadlines are `due`."""

    iso: str
    what: str
    how: str
    due: bool = False

    def past(self, today: date) -> bool:
        """Whether the whole of it lies before today."""
        return self.iso < today.isoformat()[: len(self.iso)]


def timeline(facts: Iterable[Fact], steps: Iterable[Step]) -> list[Entry]:
    """All dates, the earliest first; of one day, events before deadlines."""
    told = [Entry(fact.iso, fact.label, "咨询人陈述") for fact in facts if fact.iso is not None]
    ends = [
        Entry(due.iso, step.what, f"{step.deadline};按「{due.event}」{due.began}推算", due=True)
        for step in steps
        for due in step.due
    ]
    return sorted([*told, *dict.fromkeys(ends)], key=lambda entry: (entry.iso, entry.due))
