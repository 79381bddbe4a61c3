"""The notice of how personal data are processed, for everybody to read."""

from fastapi import APIRouter, Request

from deploy import privacy
from deploy.api.calling import Used
from deploy.api.errors import ApiError
from deploy.privacy import Consent, Notice
from deploy.settings import Settings

router = APIRouter(prefix="/v1", tags=["accounts"])


@router.get("/privacy")
async def told(request: Request, used: Used) -> Notice:
    """个人信息处理的告知:谁处理、为什么、处理什么、保存多久、怎样保护、是否发给别人、您的权利。不需要密钥。"""
    return privacy.notice(request.app.state.settings, used.models.cards())


def require(request: Request, used: Used, consent: Consent | None) -> None:
    """Raise ApiError 403 when the consent is not enough for a consultation."""
    settings: Settings = request.app.state.settings
    told = privacy.notice(settings, used.models.cards())
    if absent := privacy.missing(told, consent):
        extra = {"consent": {"version": told.version, "parts": told.parts, "notice": "/v1/privacy"}}
        raise ApiError("consent_required", privacy.refusal(settings, told, absent), "consent", extra)
