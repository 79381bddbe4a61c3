"""The OpenAI-compatible API: models, and chat completions over the same consultation, stateless.

Models: `lexhub` (professional: may ask back), `lexhub-normal` (answers at once), and the experts `dialogue` and
`keyword`. Citations come in the extension field `lexhub` of the message (of the last chunk in a stream).
"""

import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, StreamingResponse

from deploy.api import errors
from deploy.api.consultations import Held
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from models.contracts import GenerationRequest, Message, ModelError, Sampling
from models.schemas import KEYWORDS
from orchestrator import dispatch, verification
from orchestrator.contracts import ConsultationError, clean_text
from orchestrator.services import Services
from retrievers.contracts import RetrievalError

router = APIRouter(prefix="/v1", tags=["chat"])
Consulting = Annotated[Caller, Depends(caller("consult"))]
MODELS = {
    "lexhub": "法律咨询(专业模式:必要时追问)",
    "lexhub-normal": "法律咨询(普通模式:直接答复)",
    "dialogue": "对话模型(专家直连)",
    "keyword": "关键词模型(专家直连)",
}
REFUSED = ("tools", "tool_choice", "functions", "function_call", "logprobs", "response_format", "audio")


class TextPart(BaseModel):
    """A part of a message; only text is taken."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """One message. The content of assistant messages is not trusted: it only counts the rounds."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]

    @property
    def text(self) -> str:
        """The text of all parts."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class ChatRequest(BaseModel):
    """A chat completion. Unknown parameters are ignored as OpenAI clients expect; unsupported ones are refused."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=200)
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=32768)
    max_completion_tokens: int | None = Field(default=None, ge=1, le=32768)
    n: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None


class Piece(BaseModel):
    """A piece of the completion: text, and at the end the extension field."""

    text: str = ""
    extension: dict[str, Any] | None = None


@router.get("/models")
async def models(who: Consulting) -> dict[str, Any]:
    """可用的模型。"""
    data = [
        {"id": id, "object": "model", "created": 0, "owned_by": "lexhub", "description": label}
        for id, label in MODELS.items()
    ]
    return {"object": "list", "data": data}


@router.post("/chat/completions", response_model=None)
async def completions(
    wanted: ChatRequest, request: Request, who: Consulting, held: Held
) -> JSONResponse | StreamingResponse:
    """OpenAI 兼容的对话补全;无状态,事实每次从全部用户消息重新提取。"""
    if wanted.model not in MODELS:
        raise ApiError("no_such_model", f"没有模型 {wanted.model[:40]};可用:{'、'.join(MODELS)}。", "model")
    for name in REFUSED:
        if (wanted.model_extra or {}).get(name):
            raise ApiError("unsupported_parameter", f"不支持参数 {name}。", name)
    if wanted.n not in (None, 1):
        raise ApiError("unsupported_parameter", "n 只能为 1。", "n")
    texts = [clean_text(message.text) for message in wanted.messages if message.role == "user"]
    if not texts or wanted.messages[-1].role != "user":
        raise ApiError("invalid_request", "最后一条消息应当是用户消息。", "messages")
    if wanted.model in ("lexhub", "lexhub-normal"):
        mode = "normal" if wanted.model == "lexhub-normal" else "professional"
        rounds = sum(message.role == "assistant" for message in wanted.messages)
        pieces = _consultation(held.chat(texts, mode, rounds, who.corpora))
    else:
        pieces = _expert(request.app.state.services, wanted, texts)
    if wanted.stream:
        # The first piece is awaited here, so that an early failure is an HTTP error and not a broken stream.
        first = await anext(pieces)
        usage = bool((wanted.stream_options or {}).get("include_usage"))
        return StreamingResponse(_chunks(wanted.model, first, pieces, usage), media_type="text/event-stream")
    text, extension = "", None
    async for piece in pieces:
        text += piece.text
        extension = piece.extension or extension
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if extension is not None:
        message["lexhub"] = extension
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return JSONResponse({**_head(wanted.model, "chat.completion"), "choices": [choice], "usage": _usage(texts, text)})


async def _consultation(events: AsyncIterator[Any]) -> AsyncIterator[Piece]:
    async for event in events:
        if event.kind == "delta":
            yield Piece(text=event.data["text"])
        elif event.kind == "done":
            reply = event.data
            if reply["status"] == "question":
                yield Piece(text=_asked(reply["questions"]))
            kept = ("status", "route", "domain", "degraded", "questions", "facts", "citations", "cases", "documents")
            yield Piece(extension={name: reply[name] for name in kept})


def _asked(questions: list[dict[str, Any]]) -> str:
    lines = ["为了给出准确的意见,还需要了解:", ""]
    for at, question in enumerate(questions, 1):
        lines.append(f"{at}. {question['text']}({question['why']})")
        lines.append(f"   可选:{' / '.join(question['options'])}")
    return "\n".join([*lines, "", "请直接回复;不清楚的可以说“不清楚”。"])


async def _expert(services: Services, wanted: ChatRequest, texts: list[str]) -> AsyncIterator[Piece]:
    """One expert directly. What `dialogue` says is checked sentence by sentence like any answer."""
    sampling = Sampling(
        temperature=wanted.temperature or 0.0,
        top_p=wanted.top_p or 1.0,
        max_tokens=wanted.max_completion_tokens or wanted.max_tokens or 1024,
        stop=tuple([wanted.stop] if isinstance(wanted.stop, str) else wanted.stop or ()),
        seed=wanted.seed,
    )
    if wanted.model == "keyword":
        request = GenerationRequest(
            task="keywords", messages=(Message(role="user", content=texts[-1]),), schema_=KEYWORDS
        )
        output, _ = await dispatch.ask(services, request, "")
        yield Piece(text=output)
        return
    roles = {"developer": "system"}
    messages = tuple(
        Message.model_validate({"role": roles.get(one.role, one.role), "content": one.text}) for one in wanted.messages
    )
    asked = dispatch.Asked(services, GenerationRequest(task="dialogue", messages=messages, sampling=sampling), "")

    async def spoken() -> AsyncIterator[str]:
        async for chunk in asked:
            yield chunk.text

    allowed = "\n".join(texts)
    async for batch in verification.gathered(verification.sentences(spoken())):
        for checked in await verification.check(services.library, batch, allowed, None):
            if checked.verdict.ok:
                yield Piece(text=checked.text)


async def _chunks(model: str, first: Piece, rest: AsyncIterator[Piece], usage: bool) -> AsyncIterator[str]:
    head = _head(model, "chat.completion.chunk")

    def data(delta: dict[str, Any], finish: str | None = None) -> str:
        return _data({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})

    yield data({"role": "assistant", "content": ""})
    count, extension = 0, first.extension
    try:
        if first.text:
            count += len(first.text)
            yield data({"content": first.text})
        async for piece in rest:
            extension = piece.extension or extension
            if piece.text:
                count += len(piece.text)
                yield data({"content": piece.text})
    except (ConsultationError, ModelError, RetrievalError) as error:
        # The head has gone out: the failure is said inside the stream, which never ends as if it were complete.
        yield _data(errors.body(error.code, str(error)))
        return
    yield data({"lexhub": extension} if extension is not None else {}, "stop")
    if usage:
        yield _data(
            {**head, "choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": count, "total_tokens": count}}
        )
    yield "data: [DONE]\n\n"


def _data(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": model}


def _usage(texts: list[str], answer: str) -> dict[str, int]:
    """Characters, since the embedded models have no tokens."""
    asked = sum(map(len, texts))
    return {"prompt_tokens": asked, "completion_tokens": len(answer), "total_tokens": asked + len(answer)}
