"""The calls about the service itself and papers that need no consultation."""

from datetime import date

from deploy.privacy import Notice
from deploy.sdk import reading
from deploy.sdk.calls import Call, Request
from deploy.sdk.reading import Download
from deploy.shapes.models import ModelInfo, Models
from deploy.shapes.papers import DraftRequest, TemplateInfo, Templates
from deploy.shapes.system import Readiness
from deploy.shapes.usage import Usage


def models() -> Call[list[ModelInfo]]:
    """The models of chat completions, and what each is able to do."""
    read = reading.of(Models)
    return Call(Request("GET", "/v1/models"), lambda response: read(response).data)


def usage(since: date | None = None, until: date | None = None) -> Call[Usage]:
    """The use of the caller's key by day, route and model; both ends included, the last 31 days by default."""
    days = {name: None if day is None else day.isoformat() for name, day in (("since", since), ("until", until))}
    return Call(Request("GET", "/v1/usage", None, days), reading.of(Usage))


def ready() -> Call[Readiness]:
    """Whether the server can serve, and what keeps it from it."""
    return Call(Request("GET", "/readyz"), reading.of(Readiness), answers=(503,))


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
