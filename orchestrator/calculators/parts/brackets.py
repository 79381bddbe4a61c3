"""Fees that rise by brackets: each bracket's part of the amount at its own rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestrator.calculators.calculator import shown, yuan
from orchestrator.calculators.parts.draft import Draft

TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Bracket:
    """What lies over `above` yuan, up to the next bracket, costs `percent` of it."""

    above: int
    percent: Decimal


def brackets(*rows: tuple[int, str]) -> tuple[Bracket, ...]:
    """Brackets from pairs of a lower edge in yuan and a percentage, rising."""
    return tuple(Bracket(above, Decimal(percent)) for above, percent in rows)


def climb(draft: Draft, amount: Decimal, table: Sequence[Bracket], base: Decimal, article: str) -> Decimal:
    """The fee in yuan: `base` up to the first edge, then bracket by bracket, each a step of the draft."""
    total = base
    if base:
        draft.line(f"不超过{edge(table[0].above)}的部分", "每件定额", yuan(base), article)
    for row, upper in zip(table, [*(row.above for row in table[1:]), None], strict=True):
        if amount <= row.above:
            break
        part = (amount if upper is None else min(amount, Decimal(upper))) - row.above
        fee = part * row.percent / 100
        total += fee
        label = f"超过{edge(row.above)}" + ("" if upper is None else f"至{edge(upper)}") + "的部分"
        draft.line(label, f"{yuan(part)} × {shown(row.percent)}%", yuan(fee), article)
    return total


def edge(amount: int) -> str:
    """The edge as the tables write it: 1万元, 1000元."""
    return f"{amount // TEN_THOUSAND}万元" if amount % TEN_THOUSAND == 0 else f"{amount}元"
