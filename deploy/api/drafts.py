"""Papers over HTTP: the templates that exist, and papers that need no session (loan notes, wills, leases)."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from deploy.api import files
from deploy.api.guard import Caller, caller
from orchestrator import documents
from orchestrator.documents.matter import Matter

router = APIRouter(prefix="/v1/documents", tags=["drafts"])
Consulting = Annotated[Caller, Depends(caller("consult"))]


def _named(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(documents.register())


class DraftRequest(BaseModel):
    """Which paper to write: the name of its template, the format, and answers to its gaps by their ids."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(max_length=40, json_schema_extra=_named)
    format: str = Field(default="md", json_schema_extra=files.FORMATS)
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


@router.post("/drafts", response_class=Response, responses=files.CONTENT)
async def draft(wanted: DraftRequest, request: Request, who: Consulting) -> Response:
    """不需要会话的文书:借条、欠条、租赁合同、遗嘱、授权委托书等。"""
    format, template = files.checked(wanted.format), documents.find(wanted.template)
    matter = Matter(on=request.app.state.services.today(), values=wanted.values)
    settings = request.app.state.settings
    paper = documents.written(template, matter, uuid4().hex, settings.producer)
    return await files.download(paper, format, settings.font)
