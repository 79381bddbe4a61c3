"""Health, readiness and metrics."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from deploy.api.calling import Used
from deploy.api.guard import Caller, caller
from deploy.api.live import Controlled
from deploy.observing import exposition
from deploy.observing.corpus import families
from deploy.observing.exposition import Peers
from deploy.shapes.system import Readiness
from models.contracts import ModelError
from orchestrator import warming
from retrievers.contracts import RetrievalError

router = APIRouter(tags=["system"])
Scraping = Annotated[Caller, Depends(caller("metrics", "admin"))]


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """进程活着。"""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(response: Response, used: Used, control: Controlled) -> Readiness:
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
    status: Literal["ready", "unavailable"] = "unavailable" if problems else "ready"
    return Readiness(status=status, problems=problems, corpus=corpus, warm=warming.is_done())


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request, who: Scraping, used: Used) -> Response:
    """Prometheus 指标:全部部署的全部副本,每个序列注明部署和副本。配置了密钥时需要 metrics 或 admin 权限。"""
    peers: Peers = request.app.state.peers
    snapshots, loaded = await asyncio.gather(peers.snapshots(), families(used.library))
    page = await asyncio.to_thread(exposition.page, snapshots, loaded)
    return Response(page, media_type=CONTENT_TYPE_PLAIN_0_0_4)
