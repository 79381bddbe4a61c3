"""Fields of forms as the templates of deploy/page/views/tools draw them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Field:
    """One field. `wanted`: it must be filled in now. `error`: what is wrong with it, empty when nothing is.

    `text` is one line, `words` grows with what is written, `choice` offers `choices` as (value, words),
    and `empty` as what is chosen when none of them is.
    """

    id: str
    label: str
    kind: Literal["text", "words", "date", "number", "choice"] = "text"
    hint: str = ""
    why: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    empty: str = ""
    wanted: bool = False
    error: str = ""
