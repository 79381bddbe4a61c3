"""Articles as MCP resources: `lexhub://articles/{law}/{number}`, the same that `get_article` gives."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import mcp_types as types
from mcp.shared.exceptions import MCPError

TEMPLATE = types.ResourceTemplate(
    uri_template="lexhub://articles/{law}/{number}",
    name="article",
    title="法条",
    description="一条法律条文:文本、版本和效力状态。law 为法律名称或简称,number 如 1079 或 133-1。",
    mime_type="application/json",
)


def asked(uri: str) -> dict[str, Any]:
    """The arguments of `get_article` for a URI. Raises MCPError for one that is not of the template."""
    parts = urlsplit(uri)
    steps = parts.path.split("/")
    if parts.scheme != "lexhub" or parts.netloc != "articles" or len(steps) != 3 or not all(steps[1:]):
        raise MCPError(code=types.INVALID_PARAMS, message=f"没有这个资源;形式为 {TEMPLATE.uri_template}。")
    return {"law": unquote(steps[1]), "number": unquote(steps[2])}


def shown(uri: str, structured: dict[str, Any]) -> types.ReadResourceResult:
    """The article as the content of the resource."""
    text = json.dumps(structured, ensure_ascii=False)
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=uri, text=text, mime_type=TEMPLATE.mime_type)]
    )
