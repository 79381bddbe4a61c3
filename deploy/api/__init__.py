"""The HTTP API of design.md section 7: `build_api` puts the routers, error table and session store together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from deploy import storage
from deploy.accounts.accounts import Accounts
from deploy.accounts.spending import CountedPool
from deploy.api import (
    admin,
    admission,
    calculators,
    chat,
    consultations,
    description,
    documents,
    drafts,
    envelope,
    errors,
    experts,
    keys,
    operations,
    own_data,
    pages,
    privacy,
    system,
    usage,
)
from deploy.control import Control, Fleet
from deploy.mcp import http as mcp
from deploy.observing import recording
from deploy.observing.exposition import Peers
from deploy.observing.library import watched
from deploy.observing.middleware import CODES, Observed
from deploy.observing.models import ModelStates
from deploy.observing.observer import ServiceObserver
from deploy.observing.replicas import Alone, Watching
from deploy.settings import Settings
from orchestrator.consultations import Consultations
from orchestrator.services import Services
from orchestrator.storage.retention import Retention
from orchestrator.storage.sessions import SessionStore
from orchestrator.storage.traffic import TrafficStore

ABOUT = """
律枢 Lexhub:自托管的中文法律咨询服务。**AI生成,仅供参考,不构成律师意见。**

咨询的基本流程:`POST /v1/consultations` 建立会话,`POST /v1/consultations/{id}/messages` 发送
`{"content": "…"}`;回复的 `status` 为 `question` 时用 `{"reply": {问题id: 文本}}` 回答,为 `confirm` 时用
`{"confirm": {"ok": true}}` 确认事实;得到 `answer` 之后可以 `GET …/report`。加上 `Accept: text/event-stream` 即为流式。
"""


def build_api(
    settings: Settings,
    services: Services,
    fleet: Fleet | None = None,
    watching: Watching | None = None,
    peers: Peers | None = None,
) -> FastAPI:
    """The API over these services; it opens the database when it starts.

    `fleet`: where models can join; `watching` this replica, `peers` all replicas of the service: without them this
    process is all there is.
    """
    watching = watching or Watching()
    watching.metrics.registry.register(ModelStates(services.models))
    observer = ServiceObserver(watching.metrics, watching.tracer, CODES)
    services.models.watch.decisions.heard = recording.decided
    models, library = CountedPool(services.models), watched(services.library, observer)
    services = replace(services, models=models, library=library, observer=observer)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = await storage.open_database(settings)
        database.observer = observer
        store = SessionStore(database)
        held = app.state.consultations = Consultations(store, services)
        app.state.database = database
        accounts = app.state.accounts = await Accounts.open(settings, database)
        retention = Retention(store, settings.retention_days)
        control = app.state.control = Control(settings, services.models, TrafficStore(database), fleet)
        await control.open()
        app.state.mcp = mcp.manager(app, settings)
        try:
            async with mcp.running(app.state.mcp):
                yield
        finally:
            await control.close()
            await retention.close()
            await held.close()
            await accounts.close()
            await store.close()
            await database.close()

    # Brings the scripts of the pages with it; FastAPI's own fetches them from outside.
    app: FastAPI = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        title="Lexhub 律枢",
        version="0.1.0",
        description=ABOUT,
        lifespan=lifespan,
        openapi_tags=[
            {"name": "consultations", "description": "咨询会话:多轮、可恢复、带核对过的引用"},
            {"name": "chat", "description": "OpenAI 兼容接口(无状态)"},
            {"name": "experts", "description": "内部路由:计划与模型选择、关键词、法条、案例"},
            {"name": "calculators", "description": "计算器:每一步都列出依据的法条"},
            {"name": "drafts", "description": "文书:模板,以及不需要会话的文书"},
            {"name": "documents", "description": "内部文件:只给获准的密钥"},
            {"name": "accounts", "description": "密钥与用量"},
            {"name": "system", "description": "健康检查与指标"},
            {"name": "admin", "description": "模型的运维:加入、停用、权重、固定、灰度、回滚;需要 admin 权限"},
        ],
    )
    app.state.settings, app.state.services = settings, services
    app.state.peers = peers or Alone(watching)
    admission.install(app, settings)  # inside the envelope: what is refused has its headers too
    envelope.install(app, settings)
    errors.install(app)
    # The last, so that it is around all others.
    app.add_middleware(Observed, observer=observer, records=watching.records, echoed=watching.served)
    for module in (
        consultations,
        own_data,
        chat,
        experts,
        calculators,
        drafts,
        documents,
        keys,
        usage,
        privacy,
        system,
        admin,
        operations,
        pages,
        mcp,
    ):
        app.include_router(module.router)
    description.install(app)
    return app
