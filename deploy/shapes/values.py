"""Kinds of values that several routes take, described as strictly as they are read."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator


def _iso(value: Any) -> Any:
    """Only YYYY-MM-DD is a day: pydantic alone would take numbers for seconds since 1970."""
    if value is None or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise ValueError("a date is written YYYY-MM-DD")


def whole(value: Any) -> Any:
    """For strict whole numbers, of which JSON has no kind of their own: 5.0 is 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[date, BeforeValidator(_iso)]
