"""Papers over HTTP: the templates that exist, and papers that need no session (loan notes, wills, leases)."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from deploy.api import files
from deploy.api.guard import Caller, caller
from deploy.shapes.papers import DraftRequest, GapInfo, TemplateInfo, Templates
from orchestrator import documents
from orchestrator.documents.matter import Matter

router = APIRouter(prefix="/v1/documents", tags=["drafts"])
Consulting = Annotated[Caller, Depends(caller("consult"))]


@router.get("/templates")
async def templates(who: Consulting) -> Templates:
    """全部文书模板,以及每个模板的空格。"""
    rows = [
        TemplateInfo(
            name=one.name,
            title=one.title,
            about=one.about,
            fields=one.fields,
            session=one.session,
            gaps=tuple(GapInfo(id=gap.id, label=gap.label, hint=gap.hint) for gap in one.gaps),
        )
        for one in documents.register().values()
    ]
    return Templates(templates=rows)


@router.post("/drafts", response_class=Response, responses=files.CONTENT)
async def draft(wanted: DraftRequest, request: Request, who: Consulting) -> Response:
    """不需要会话的文书:借条、欠条、租赁合同、遗嘱、授权委托书等。"""
    format, template = files.checked(wanted.format), documents.find(wanted.template)
    matter = Matter(on=request.app.state.services.today(), values=wanted.values)
    settings = request.app.state.settings
    paper = documents.written(template, matter, uuid4().hex, settings.producer)
    return await files.download(paper, format, settings.font)
