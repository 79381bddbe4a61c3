"""A paper as data: blocks that every format renders. Reports and documents are written once, in these blocks.

`orchestrator/papers/markdown.py`, `word.py` and `pdf.py` render a Paper; none of them knows what it says.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

GAP = "【待填】"  # what nobody has told yet; a named gap is 【待填:被告住址】


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Heading(Value):
    """A heading; level 1 is a section of the paper (the title itself is the Paper's). Formats with pages keep what
    follows on a `new_page`.
    """

    kind: Literal["heading"] = "heading"
    text: str
    level: int = Field(default=1, ge=1, le=3)
    new_page: bool = False


class Paragraph(Value):
    """Running text. `strong` for a line that must not be missed, `align` as on paper (signatures stand right)."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    strong: bool = False
    align: Literal["left", "center", "right"] = "left"
    indent: bool = False  # two characters, as official papers do


class Quote(Value):
    """Text of others, shown byte for byte: a statute, what the client wrote, a passage of a document."""

    kind: Literal["quote"] = "quote"
    text: str


class Items(Value):
    """A list. `marks`: bullets, numbers (1. 2. 3.) or empty boxes to tick."""

    kind: Literal["items"] = "items"
    rows: tuple[str, ...]
    marks: Literal["bullet", "number", "box"] = "bullet"


class Table(Value):
    """A table. `header` may be empty: then the first column names the row, as forms of courts do.

    `widths`: relative widths of the columns; empty: equal.
    """

    kind: Literal["table"] = "table"
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


class Rule(Value):
    """A horizontal line between parts."""

    kind: Literal["rule"] = "rule"


Block = Annotated[Heading | Paragraph | Quote | Items | Table | Rule, Field(discriminator="kind")]


class Paper(Value):
    """A whole paper. `id` identifies the content (the session), `producer` the operator, for the AIGC label.

    The visible AI label stands at head and foot of every format, the implicit one in the file's metadata
    (GB 45438-2025): the renderers add both, so that no paper can be without them.
    """

    title: str
    on: date
    id: str
    producer: str
    blocks: tuple[Block, ...]

    @property
    def gaps(self) -> int:
        """How many places are still to be filled in."""
        return self.model_dump_json().count("【待填")
