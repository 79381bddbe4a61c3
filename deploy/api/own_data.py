"""All that is kept about the caller, in one answer."""

from typing import Any

from fastapi import APIRouter

from deploy.api.consultations import Consulting, Held

router = APIRouter(prefix="/v1", tags=["consultations"])


@router.get("/export")
async def export(who: Consulting, held: Held) -> dict[str, Any]:
    """导出我的全部数据:每个会话的设置、对话和评价。"""
    return {"consultations": await held.export_owner(who.owner)}
