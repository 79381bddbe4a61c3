"""The HTTP API of design.md section 7: `build_api` puts the routers, error table and session store together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from deploy.api import admission, calculators, chat, consultations, documents, drafts, errors, experts, guard, system
from deploy.settings import BadSettings, Settings
from orchestrator.consultations import Consultations
from orchestrator.services import Services
from orchestrator.sessions import SessionStore

ABOUT = """
律枢 Lexhub:自托管的中文法律咨询服务。**AI生成,仅供参考,不构成律师意见。**

咨询的基本流程:`POST /v1/consultations` 建立会话,`POST /v1/consultations/{id}/messages` 发送
`{"content": "…"}`;回复的 `status` 为 `question` 时用 `{"reply": {问题id: 文本}}` 回答,为 `confirm` 时用
`{"confirm": {"ok": true}}` 确认事实;得到 `answer` 之后可以 `GET …/report`。加上 `Accept: text/event-stream` 即为流式。
"""


def build_api(settings: Settings, services: Services) -> FastAPI:
    """The API over these services; sessions are opened when the application starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings.sessions != "sqlite":
            raise BadSettings("sessions: only sqlite can be served by this version; PostgreSQL is not built yet")
        store = await SessionStore.open(settings.home / "sessions.sqlite")
        # No class outside the standard types may come out of a checkpoint: strict msgpack, no pickle.
        serializer = JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=None)
        saver = AsyncSqliteSaver(store.connection, serde=serializer)
        await saver.setup()
        app.state.consultations = Consultations(store, saver, services)
        try:
            yield
        finally:
            await store.close()

    # Its page of the API brings its scripts with it; FastAPI's own fetches them from outside.
    app: FastAPI = FastAPIOffline(
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
            {"name": "system", "description": "健康检查与指标"},
        ],
    )
    app.state.settings, app.state.services = settings, services
    admission.install(app, settings)  # inside the envelope: what is refused has its headers too
    guard.install(app, settings)
    errors.install(app)
    for module in (consultations, chat, experts, calculators, drafts, documents, system):
        app.include_router(module.router)
    return app
