"""Health, readiness and metrics."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from deploy.api.calling import Used
from deploy.api.live import Controlled
from models.contracts import ModelError
from retrievers.contracts import RetrievalError

router = APIRouter(tags=["system"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """进程活着。"""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(response: Response, used: Used, control: Controlled) -> dict[str, Any]:
    """配置中的各模型(停用的除外)与法条库都能服务时为 200,否则 503 并写明哪一个不行。"""
    problems: dict[str, str] = {}

    async def model(name: str) -> None:
        try:
            await asyncio.wait_for(used.models.generator(name).check(), 5)
        except (ModelError, TimeoutError) as error:
            problems[name] = str(error) or "no answer within 5 s"

    await asyncio.gather(*(model(name) for name in control.needed()))
    corpus: dict[str, Any] = {}
    try:
        corpus = (await asyncio.wait_for(used.library.state(), 5)).model_dump(mode="json")
    except (RetrievalError, TimeoutError) as error:
        problems["retriever"] = str(error) or "no answer within 5 s"
    if problems:
        response.status_code = 503
    return {"status": "unavailable" if problems else "ready", "problems": problems, "corpus": corpus}


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus 指标(本副本)。"""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
