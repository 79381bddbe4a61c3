"""Papers as downloads: the format asked for, its media type, and a file name that every browser can read."""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from starlette.responses import Response

from deploy.api.errors import ApiError
from deploy.shapes.papers import FORMATS, MEDIA
from orchestrator.papers import fonts, markdown, pdf, word
from orchestrator.papers.paper import Paper

# What the page of the API says of an endpoint that gives a paper.
CONTENT: dict[int | str, dict[str, Any]] = {200: {"content": {media.split(";")[0]: {} for media in MEDIA.values()}}}
Format = Annotated[str, Query(json_schema_extra=FORMATS)]


def checked(format: str) -> str:
    """The format, if there is such a one. Raises ApiError before any work is done for it."""
    if format not in MEDIA:
        raise ApiError("unsupported_format", f"可用的格式有 {'、'.join(MEDIA)},不支持 {format[:20]}。", "format")
    return format


async def download(paper: Paper, format: str, font: Path | None) -> Response:
    """The paper as an attachment in a checked format; `font` is the one configured for PDF.

    Raises NoFont and MissingCharacters for PDF.
    """
    content = await asyncio.to_thread(_rendered, paper, format, font)
    name = f"{paper.title}-{paper.on.isoformat()}.{format}"
    plain = f"lexhub-{paper.on.isoformat()}.{format}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=MEDIA[format], headers={"Content-Disposition": disposition})


def _rendered(paper: Paper, format: str, font: Path | None) -> str | bytes:
    if format == "pdf":
        return pdf.render(paper, fonts.find(font))
    return word.render(paper) if format == "docx" else markdown.render(paper)
