"""API keys over HTTP, for administrators. The text of a key is in one answer only: that of its making or rotation."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from deploy.accounts.account import Allowance, Right
from deploy.accounts.accounts import Accounts
from deploy.accounts.keys import Key
from deploy.api.guard import Caller, caller
from deploy.shapes.values import whole
from retrievers.contracts import CORPUS_NAME

router = APIRouter(prefix="/v1/admin/keys", tags=["accounts"])
Admin = Annotated[Caller, Depends(caller("admin"))]
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


def accounts(request: Request) -> Accounts:
    """The accounts of this replica."""
    return request.app.state.accounts  # type: ignore[no-any-return]


Kept = Annotated[Accounts, Depends(accounts)]


@router.post("", status_code=201)
async def create(wanted: NewKey, who: Admin, kept: Kept) -> MadeKey:
    """新建密钥;密钥本身只在这里显示一次。"""
    allowance = Allowance(wanted.per_minute, wanted.per_day, wanted.per_month)
    expires = None if wanted.days is None else time.time() + wanted.days * DAY_S
    scopes = tuple(dict.fromkeys(wanted.scopes))
    made, text = await kept.keys.create(wanted.name, scopes, tuple(wanted.corpora), allowance, expires)
    return MadeKey(**info(made).model_dump(), key=text)


@router.get("")
async def listed(who: Admin, kept: Kept) -> list[KeyInfo]:
    """数据库中的全部密钥,包括已作废的。"""
    return [info(key) for key in await kept.keys.list()]


@router.delete("/{id}")
async def revoke(id: str, who: Admin, kept: Kept) -> KeyInfo:
    """作废密钥;所有副本在两秒之内不再接受它。"""
    return info(await kept.keys.revoke(id))


@router.post("/{id}/rotate")
async def rotate(id: str, who: Admin, kept: Kept, wanted: Rotation | None = None) -> MadeKey:
    """更换密钥,编号、会话和用量不变;旧的立即失效,或者在 overlap_minutes 分钟后失效。"""
    overlap = 60.0 * (wanted.overlap_minutes if wanted else 0)
    made, text = await kept.keys.rotate(id, overlap)
    return MadeKey(**info(made).model_dump(), key=text)


def info(key: Key) -> KeyInfo:
    """The key as lists show it."""
    account, allowance = key.account, key.account.allowance
    return KeyInfo(
        id=account.id,
        name=account.name,
        scopes=list(account.scopes),
        corpora=list(account.corpora),
        per_minute=allowance.per_minute,
        per_day=allowance.per_day,
        per_month=allowance.per_month,
        created=key.created,
        expires=account.expires,
        used=key.used,
        revoked=key.revoked,
    )
