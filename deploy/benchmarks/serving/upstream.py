"""A server with an OpenAI-compatible chat completion that answers at once, in as many pieces as the model's name says.

It is what both Lexhub and its contender ask, and itself the bare Starlette on uvicorn that streams are compared with.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

MODEL = "scripted-8"
# A line of an answer: it cites, so that whoever checks citations has work to do with each first line of an answer.
CITING = "借款人应当按照约定的期限返还借款,依据是《民法典》第六百七十五条。\n"
PLAIN = "请先整理好转账记录、聊天记录和对方的身份信息,再决定下一步怎么做。\n"
_HEAD = {"id": "chatcmpl-scripted", "created": 0, "model": MODEL}


def model(pieces: int) -> str:
    """The model whose answers have so many pieces, each a line."""
    return f"scripted-{pieces}"


def lines(model: str) -> list[str]:
    """The answer of a model."""
    return [CITING, *[PLAIN] * (int(model.removeprefix("scripted-")) - 1)]


async def _completions(request: Request) -> Response:
    asked = json.loads(await request.body())
    said = lines(asked["model"])
    if asked.get("stream"):
        return StreamingResponse(_events(said), media_type="text/event-stream")
    message = {"role": "assistant", "content": "".join(said)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return JSONResponse({**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _usage(said)})


async def _events(said: list[str]) -> AsyncIterator[str]:
    for text in said:
        yield _event({"content": text})
    yield _event({}, "stop", _usage(said))
    yield "data: [DONE]\n\n"


def _event(delta: dict[str, Any], finish: str | None = None, usage: dict[str, int] | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    value = {**_HEAD, "object": "chat.completion.chunk", "choices": [choice], "usage": usage}
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _usage(said: list[str]) -> dict[str, int]:
    return {"prompt_tokens": 1, "completion_tokens": len(said), "total_tokens": 1 + len(said)}


async def _models(request: Request) -> Response:
    return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model"}]})


app = Starlette(
    routes=[
        Route("/v1/chat/completions", _completions, methods=["POST"]),
        Route("/v1/models", _models),
    ]
)
