"""Papers on the wire: templates, what to write, and in which format."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from orchestrator import documents

MEDIA = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# Told to who reads the description; `deploy.api.files` says it to who does not keep to it.
FORMATS: dict[str, JsonValue] = {"enum": [*MEDIA]}


def _named(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(documents.register())


class DraftRequest(BaseModel):
    """Which paper to write: the name of its template, the format, and answers to its gaps by their ids."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(max_length=40, json_schema_extra=_named)
    format: str = Field(default="md", json_schema_extra=FORMATS)
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


class Templates(BaseModel):
    """All templates."""

    templates: list[TemplateInfo]
