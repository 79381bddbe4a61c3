"""The calls about the service itself and papers that need no consultation."""

from deploy.privacy import Notice
from deploy.sdk import reading
from deploy.sdk.calls import Call, Request
from deploy.sdk.reading import Download
from deploy.shapes.models import ModelInfo, Models
from deploy.shapes.papers import DraftRequest, TemplateInfo, Templates


def models() -> Call[list[ModelInfo]]:
    """The models of chat completions, and what each is able to do."""
    read = reading.of(Models)
    return Call(Request("GET", "/v1/models"), lambda response: read(response).data)


def privacy() -> Call[Notice]:
    """The notice of how personal data are processed."""
    return Call(Request("GET", "/v1/privacy"), reading.of(Notice))


def templates() -> Call[list[TemplateInfo]]:
    """The templates of papers and their gaps."""
    read = reading.of(Templates)
    return Call(Request("GET", "/v1/documents/templates"), lambda response: read(response).templates)


def draft(template: str, values: dict[str, str] | None = None, format: str = "md") -> Call[Download]:
    """A paper that needs no consultation."""
    wanted = DraftRequest(template=template, values=values or {}, format=format)
    return Call(Request("POST", "/v1/documents/drafts", wanted), reading.download)
