"""API keys over HTTP, for administrators. The text of a key is in one answer only: that of its making or rotation."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from deploy.accounts.account import Allowance
from deploy.accounts.accounts import Accounts
from deploy.accounts.keys import Key
from deploy.api.guard import Caller, caller
from deploy.shapes.keys import DAY_S, KeyInfo, MadeKey, NewKey, Rotation

router = APIRouter(prefix="/v1/admin/keys", tags=["accounts"])
Admin = Annotated[Caller, Depends(caller("admin"))]


async def accounts(request: Request) -> Accounts:
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
