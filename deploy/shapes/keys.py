"""API keys on the wire. The text of a key is in one answer only: that of its making or rotation."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from deploy.accounts.account import Right
from deploy.shapes.values import whole
from retrievers.contracts import CORPUS_NAME

DAY_S = 86_400
Limit = Annotated[int, Field(ge=1, lt=2**31), BeforeValidator(whole)] | None


class NewKey(BaseModel):
    """A new key. `days`: until it expires; `per_minute` requests, `per_day` and `per_month` tokens; null: no limit."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
    scopes: list[Right] = Field(default=["consult", "experts"], min_length=1, max_length=4)
    corpora: list[Annotated[str, Field(pattern=f"^{CORPUS_NAME}$")]] = Field(default=[], max_length=100)
    days: Annotated[int, Field(ge=1, le=3650), BeforeValidator(whole)] | None = None
    per_minute: Limit = None
    per_day: Limit = None
    per_month: Limit = None


class Rotation(BaseModel):
    """How long the text before stays valid, in minutes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    overlap_minutes: Annotated[int, Field(ge=0, le=10_080), BeforeValidator(whole)] = 0


class KeyInfo(BaseModel):
    """A key without its text. Times are Unix seconds; `used` is at most half a minute behind."""

    id: str
    name: str
    scopes: list[Right]
    corpora: list[str]
    per_minute: int | None
    per_day: int | None
    per_month: int | None
    created: float
    expires: float | None
    used: float | None
    revoked: float | None


class MadeKey(KeyInfo):
    """A key with its text, which is not told again."""

    key: str
