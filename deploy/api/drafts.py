"""Papers over HTTP: the templates that exist, and papers that need no session (loan notes, wills, leases)."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from orchestrator import documents
from orchestrator.documents import markdown
from orchestrator.documents.matter import Matter
from orchestrator.papers.paper import Paper

router = APIRouter(prefix="/v1/documents", tags=["drafts"])
Consulting = Annotated[Caller, Depends(caller("consult"))]


class DraftRequest(BaseModel):
    """Which paper to write: the name of its template, the format, and answers to its gaps by their ids."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(max_length=40)
    format: Literal["md", "docx", "pdf"] = "md"
    values: dict[str, str] = Field(default={}, max_length=100)


class GapInfo(BaseModel):
    """One blank of a template."""

    id: str
    label: str
    hint: str


class TemplateInfo(BaseModel):
    """One template. `session`: it is made from a consultation only, not by `POST /v1/documents/drafts`."""

    name: str
    title: str
    about: str
    fields: tuple[str, ...]
    session: bool
    gaps: tuple[GapInfo, ...]


@router.get("/templates")
async def templates(who: Consulting) -> dict[str, list[TemplateInfo]]:
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
    return {"templates": rows}


@router.post("/drafts")
async def draft(wanted: DraftRequest, request: Request, who: Consulting) -> Response:
    """不需要会话的文书:借条、欠条、租赁合同、遗嘱、授权委托书等。"""
    template = documents.find(wanted.template)
    matter = Matter(on=request.app.state.services.today(), values=wanted.values)
    paper = documents.written(template, matter, uuid4().hex, request.app.state.settings.producer)
    return rendered(paper, wanted.format)


def rendered(paper: Paper, format: str) -> Response:
    """The paper as a file to download. Raises ApiError for a format that cannot be made."""
    made: dict[str, tuple[Any, str]] = {"md": (markdown.render, "text/markdown; charset=utf-8")}
    if format not in made:
        raise ApiError("unsupported_format", f"目前还不能生成 {format} 格式的文书。", "format")
    render, media = made[format]
    disposition = {"Content-Disposition": f'attachment; filename="lexhub-document.{format}"'}
    return Response(render(paper), media_type=media, headers=disposition)
