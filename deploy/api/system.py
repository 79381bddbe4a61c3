"""Health, readiness, metrics, and the administrator's view."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from deploy.api.experts import Used
from deploy.api.guard import Caller, caller
from models.contracts import ModelError
from retrievers.contracts import RetrievalError

router = APIRouter(tags=["system"])
Measuring = Annotated[Caller, Depends(caller("metrics"))]
Admin = Annotated[Caller, Depends(caller("admin"))]


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """进程活着。"""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, response: Response, used: Used) -> dict[str, Any]:
    """各模型与法条库都能服务时为 200,否则 503 并写明哪一个不行。"""
    problems: dict[str, str] = {}

    async def model(name: str) -> None:
        try:
            await asyncio.wait_for(used.models.generator(name).check(), 5)
        except (ModelError, TimeoutError) as error:
            problems[name] = str(error) or "no answer within 5 s"

    await asyncio.gather(*(model(card.name) for card in used.models.cards()))
    corpus: dict[str, Any] = {}
    try:
        corpus = (await asyncio.wait_for(used.library.state(), 5)).model_dump(mode="json")
    except (RetrievalError, TimeoutError) as error:
        problems["retriever"] = str(error) or "no answer within 5 s"
    if problems:
        response.status_code = 503
    return {"status": "unavailable" if problems else "ready", "problems": problems, "corpus": corpus}


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(who: Measuring) -> Response:
    """Prometheus 指标(本副本)。"""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/admin/models")
async def admin_models(who: Admin, used: Used) -> dict[str, Any]:
    """已部署的模型与当前负载。"""
    rows = []
    for card in used.models.cards():
        load = used.models.load(card.name)
        rows.append(
            {
                **card.model_dump(mode="json", exclude={"options"}),
                "ongoing": load.ongoing,
                "healthy": load.healthy,
                "reason": load.reason,
            }
        )
    return {"models": rows}
