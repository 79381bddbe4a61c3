"""A calculation while it is written."""

from dataclasses import dataclass, field
from decimal import Decimal

from orchestrator.calculators.calculator import Calculation, Line


@dataclass
class Draft:
    """Steps, assumptions and notes in the order in which they come up."""

    lines: list[Line] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def line(self, label: str, working: str, result: str, *articles: str) -> None:
        """Add a step with the ids of the articles that say so."""
        self.lines.append(Line(label=label, working=working, result=result, articles=articles))

    def finished(self, calculator: str, title: str, summary: str, total: Decimal | None) -> Calculation:
        """The calculation in yuan."""
        return Calculation(
            calculator=calculator,
            title=title,
            summary=summary,
            total=total,
            lines=tuple(self.lines),
            assumed=tuple(self.assumed),
            notes=tuple(self.notes),
        )
