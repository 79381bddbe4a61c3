"""What an operator looks at: the consultation graph, the last requests with their traces, and what is stored."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import func, select

from deploy.api.admin import Admin
from deploy.api.calling import LONGEST_ID
from deploy.api.errors import ApiError
from deploy.observing.exposition import Peers
from deploy.shapes.operations import Drawing, Edge, Requests, RequestTrace, Stored
from orchestrator import graph
from orchestrator.storage.database import Database
from orchestrator.storage.tables import metadata

router = APIRouter(prefix="/v1/admin", tags=["admin"])
Limit = Annotated[int, Query(ge=1, le=500)]
Id = Annotated[str, Path(min_length=1, max_length=2 * LONGEST_ID)]  # a hashed one is longer


@router.get("/graph")
async def drawing(who: Admin) -> Drawing:
    """咨询图:编译之后的步骤和连线。"""
    return _drawn()


@router.get("/requests")
async def latest(request: Request, who: Admin, limit: Limit = 50) -> Requests:
    """各副本最近处理的请求,新的在前;只有编号、时间、接口、状态和模型,没有当事人说的话。"""
    return Requests(requests=list(await _peers(request).latest(limit)))


@router.get("/requests/{id}")
async def trace(id: Id, request: Request, who: Admin) -> RequestTrace:
    """一个请求的经过:步骤与耗时、模型的选择和理由、检索到的编号和得分;没有当事人说的话。重启或时间久了就没有了。"""
    found = await _peers(request).find(id)
    if found is None:
        raise ApiError("no_such_request", "没有这个请求的记录:编号有误,或者已经过去太久。", "id")
    return found


@router.get("/storage")
async def stored(request: Request, who: Admin) -> Stored:
    """会话数据库:各表的行数和占用的空间。"""
    database: Database = request.app.state.database
    async with database.read() as connection:
        counted = {
            table.name: int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
            for table in metadata.sorted_tables
        }
        size = None
        if database.dialect == "sqlite":
            pages, page = [
                int((await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one())
                for name in ("page_count", "page_size")
            ]
            size = pages * page
    return Stored(database=database.dialect, rows=counted, bytes=size)


@cache
def _drawn() -> Drawing:
    drawn = graph.build().get_graph()
    edges = [Edge(source=one.source, target=one.target, conditional=one.conditional) for one in drawn.edges]
    return Drawing(nodes=list(drawn.nodes), edges=edges, mermaid=drawn.draw_mermaid())


def _peers(request: Request) -> Peers:
    return request.app.state.peers  # type: ignore[no-any-return]
