"""Server-sent events of a turn: numbered, so that a client can resume with Last-Event-ID."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import Header
from fastapi.sse import format_sse_event
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from deploy.api.errors import ApiError
from models.streams import gathered

# Told to who reads the description; last_event_id says it to who does not keep to it.
LastEventId = Annotated[str, Header(json_schema_extra={"pattern": "^[0-9]{0,9}$"})]
# Some readers of lines end one here too, which JSON leaves as they are.
_ENDING = "\x85\u2028\u2029"
_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in _ENDING}


def one_line(value: Any) -> str:
    """`value` as JSON that every reader takes for one line."""
    text = to_json(value).decode()
    return text.translate(_ENDS) if any(map(text.__contains__, _ENDING)) else text


def stream(rows: AsyncIterator[tuple[int, dict[str, Any]]]) -> StreamingResponse:
    """A response that sends (number, event) rows as they come."""

    async def encoded() -> AsyncIterator[bytes]:
        async with aclosing(gathered(rows)) as batches:
            async for batch in batches:
                yield b"".join(_encoded(number, event) for number, event in batch)

    return StreamingResponse(encoded(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _encoded(number: int, event: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=one_line(event["data"]), event=event["kind"], id=str(number))


def last_event_id(given: str) -> int:
    """The number after which to resume. Raises ApiError for a header that is no event number of ours."""
    if given == "":
        return 0
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise ApiError("invalid_request", "Last-Event-ID 应为此前收到的事件编号。", "Last-Event-ID")
    return int(given)
