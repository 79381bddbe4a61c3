"""What a visitor types into a field, as the API takes it: 5万 → 50000, 7年6个月 → 90.

What cannot be read goes to the API as it is, which refuses it by the name of its field.
"""

import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from deploy.shapes.calculators import InputInfo
from orchestrator import quantities

_SPOKEN = ("amount", "duration", "number")  # a rate said in words (月息两分) is not a percentage a year


def value(wanted: InputInfo, typed: str, today: date) -> str:
    """The value of this input."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if wanted.kind == "payments":
        return "; ".join(line.strip() for line in text.splitlines() if line.strip())
    if wanted.kind in ("choice", "date"):
        return typed.strip()
    plain = text.replace(",", "").removesuffix("元").removesuffix("%").strip()
    if _is_number(plain) or wanted.kind not in _SPOKEN:
        return plain
    found = quantities.find(wanted.kind, text, today)
    return str(Decimal(str(found[0].value))) if len(found) == 1 else text


def unitless(wanted: InputInfo, typed: str) -> bool:
    """Whether a duration was typed as a bare number, which some mean in years and some in months."""
    return wanted.kind == "duration" and _is_number(unicodedata.normalize("NFKC", typed).strip())


def day(typed: str) -> date | None:
    """The day of a date field; None when it was left open. Raises ValueError."""
    return date.fromisoformat(typed.strip()) if typed.strip() else None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
