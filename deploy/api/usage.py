"""What keys used: a caller sees its own, an administrator all, as JSON or CSV."""

import time
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from deploy.accounts import quotas, usage
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from deploy.api.keys import Admin, Kept
from deploy.shapes.usage import Usage
from deploy.shapes.values import Day

router = APIRouter(prefix="/v1", tags=["accounts"])
Anyone = Annotated[Caller, Depends(caller())]
Bound = Annotated[Day | None, Query(description="YYYY-MM-DD,北京时间")]
Format = Annotated[str, Query(json_schema_extra={"enum": ["json", "csv"]})]
SHOWN_DAYS = 31


@router.get("/usage")
async def mine(who: Anyone, kept: Kept, since: Bound = None, until: Bound = None) -> Usage:
    """本密钥的用量,按日、接口、模型;默认最近 31 天。约有一秒的延迟。"""
    return await _report(kept, since, until, who.account.id)


@router.get("/admin/usage", response_model=Usage, responses={200: {"content": {"text/csv": {}}}})
async def everyone(
    who: Admin, kept: Kept, since: Bound = None, until: Bound = None, key: str | None = None, format: Format = "json"
) -> Usage | Response:
    """全部密钥的用量;format=csv 时为表格。"""
    if format not in ("json", "csv"):
        raise ApiError("unsupported_format", "可用的格式有 json、csv。", "format")
    found = await _report(kept, since, until, key)
    if format == "json":
        return found
    name = f"lexhub-usage-{found.since.isoformat()}-{found.until.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(usage.as_csv(found.rows), media_type="text/csv; charset=utf-8", headers=headers)


async def _report(kept: Kept, since: date | None, until: date | None, key: str | None) -> Usage:
    last = until or date.fromisoformat(quotas.day(time.time()))
    first = since or last - timedelta(days=min(SHOWN_DAYS - 1, (last - date.min).days))
    rows = await usage.report(kept.database, kept.ring.named(), first.isoformat(), last.isoformat(), key)
    return Usage(since=first, until=last, rows=rows)
