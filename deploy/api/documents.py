"""Private documents over HTTP: search in the corpora that the caller's key was given, and their names.

A corpus that the key was not given is answered like one that does not exist.
"""

from fastapi import APIRouter

from deploy.api.calling import Used
from deploy.api.experts import Expert, query_of
from deploy.api.guard import Caller
from deploy.shapes.experts import Corpora, Documents, DocumentSearch, Search
from orchestrator.services import EVERY_CORPUS, Services
from retrievers.contracts import NoSuchDocument

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("")
async def listed(who: Expert, used: Used) -> Corpora:
    """可以检索的内部文件库。"""
    return Corpora(corpora=await _visible(who, used))


@router.post("/search")
async def search(asked: DocumentSearch, who: Expert, used: Used) -> Documents:
    """检索内部文件;只返回这个密钥有权查看的文件库中的内容。"""
    visible = await _visible(who, used)
    wanted = visible if asked.corpora is None else asked.corpora
    if strange := next((name for name in wanted if name not in visible), None):
        raise NoSuchDocument(f"没有名为“{strange[:40]}”的文件库。")
    query, terms = await query_of(used, Search(query=asked.query, keywords=asked.keywords, top=asked.top))
    return Documents(hits=await used.library.documents(query, wanted), keywords=terms)


async def _visible(who: Caller, used: Services) -> list[str]:
    """The corpora that exist and that the caller may see: asked for in the same way whoever calls."""
    existing = await used.library.document_corpora()
    return [name for name in existing if who.corpora == EVERY_CORPUS or name in who.corpora]
