"""The OpenAI-compatible API: models, and chat completions over the same consultation, stateless.

Models: `lexhub` (professional: may ask back), `lexhub-normal` (answers at once), and the experts `dialogue` and
`keyword`, each also with the name of an adapter: `dialogue:NAME`. What is taken and refused: `parameters`; what experts
say and how it is checked: `speech`; the objects on the wire: `completions`.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from deploy.api import chores, completions, leaving, live, speech
from deploy.api.calling import Calling, Used
from deploy.api.consultations import Held
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from deploy.api.live import Controlled
from deploy.api.parameters import EXPERTS, IGNORED_IN_CONSULTATIONS, MODELS, ChatRequest
from deploy.api.speech import Piece
from deploy.control import Place
from models.contracts import Ability
from orchestrator.contracts import Event, clean_text
from orchestrator.services import Services

router = APIRouter(prefix="/v1", tags=["chat"])
Consulting = Annotated[Caller, Depends(caller("consult"))]
TOLD = ("status", "route", "domain", "degraded", "questions", "facts", "citations", "cases", "documents")
# As Open WebUI calls what a model may be given besides text: nothing of it is taken.
UNABLE = (
    "builtin_tools", "code_interpreter", "file_context", "file_upload", "image_generation", "memory", "terminal",
    "vision", "web_search",
)  # fmt: skip
INFO = {"meta": {"capabilities": dict.fromkeys(UNABLE, False)}}
ABILITIES: dict[str, Ability] = {"dialogue": "dialogue", "keyword": "keywords"}


@router.get("/models")
async def models(who: Consulting, used: Used, control: Controlled) -> dict[str, Any]:
    """可用的模型;扩展字段 lexhub 写明各自能做什么,以及专家背后各模型此刻的状态。"""
    places = await control.places()
    return {"object": "list", "data": [_row(name, used, places) for name in MODELS]}


@router.get("/models/{name}")
async def model(name: str, who: Consulting, used: Used, control: Controlled) -> dict[str, Any]:
    """一个模型。"""
    if name not in MODELS:
        raise ApiError("no_such_model", f"没有模型 {name[:40]};可用:{'、'.join(MODELS)}。", "model")
    return _row(name, used, await control.places())


@router.post("/chat/completions", response_model=None)
async def completion(
    wanted: ChatRequest, request: Request, who: Consulting, held: Held, call: Calling, used: Used
) -> JSONResponse | leaving.Stream:
    """OpenAI 兼容的对话补全;无状态,事实每次从全部用户消息重新提取。

    dialogue 的文字逐句核对引用,不通过的句子删去并列在 lexhub.rejected;指定 response_format 时 JSON 原样给出,
    其中的引用逐一核对,结果列在 lexhub.citations,使用前请看 ok。logprobs 只给出所发文字的词元。
    用量在模型给出词元数时按词元,否则按字符。客户端离开即停止生成。
    """
    wanted.require_possible()
    texts = [clean_text(message.text) for message in wanted.messages if message.role == "user"]
    if any(_unreadable(message.text) for message in wanted.messages):
        raise ApiError("invalid_message", "消息中含有不完整的字符(孤立代理项),请检查后重发。", "messages")
    if not texts or wanted.messages[-1].role != "user":
        raise ApiError("invalid_request", "最后一条消息应当是用户消息。", "messages")
    chore = None if wanted.expert in EXPERTS else chores.answer(texts[-1])
    if chore is not None:
        choices = [chores.pieces(chore)]
    elif wanted.expert in EXPERTS:
        choices = [speech.expert(used, wanted, number) for number in range(wanted.choices)]
    else:
        mode = "normal" if wanted.model == "lexhub-normal" else "professional"
        rounds = sum(message.role == "assistant" for message in wanted.messages)
        choices = [_consultation(held.chat(texts, mode, rounds, call))]
    pieces = completions.merged(choices)
    asked, told = sum(map(len, texts)), bool(wanted.logprobs)
    if not wanted.stream:
        made = completions.whole(wanted.model, pieces, wanted.choices, asked, told)
        return JSONResponse(await leaving.unless_left(request.receive, made))

    async def begin() -> completions.Numbered:
        return await anext(pieces)

    # The first piece is awaited here, so that an early failure is an HTTP error and not a broken stream.
    first = await leaving.unless_left(request.receive, begin())
    usage = wanted.stream_options is not None and wanted.stream_options.include_usage
    events = completions.joined(completions.chunks(wanted.model, first, pieces, asked, told, usage))
    return leaving.Stream(events, pieces)


async def _consultation(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Piece, None]:
    async with aclosing(events):
        async for event in events:
            if event.kind == "delta":
                yield Piece(event.data["text"])
            elif event.kind == "done":
                reply = event.data
                if reply["status"] == "question":
                    yield Piece(_asked(reply["questions"]))
                yield Piece(finish="stop", extension={name: reply[name] for name in TOLD})


def _unreadable(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _asked(questions: list[dict[str, Any]]) -> str:
    lines = ["为了给出准确的意见，还需要了解：", ""]
    for at, question in enumerate(questions, 1):
        lines.append(f"{at}. {question['text']}（{question['why']}）")
        lines += [f"   可选：{' / '.join(part['options'])}" for part in (question, question["beside"]) if part]
    return "\n".join([*lines, "", "请直接回复；不清楚的可以说“不清楚”。"])


def _row(name: str, services: Services, places: Mapping[str, Place]) -> dict[str, Any]:
    """A model as OpenAI lists it, with what it is able to do in the extension field `lexhub`."""
    row = {"id": name, "object": "model", "created": 0, "owned_by": "lexhub", "description": MODELS[name], "info": INFO}
    if name not in EXPERTS:
        ignored = list(IGNORED_IN_CONSULTATIONS)
        return {**row, "lexhub": {"kind": "consultation", "response_format": ["text"], "ignored": ignored}}
    able = [card for card in services.models.cards() if ABILITIES[name] in card.abilities]
    told = {
        "kind": "expert",
        "ability": ABILITIES[name],
        "response_format": ["text", "json_object", "json_schema"] if name == "dialogue" else ["json_object"],
        "adapters": f"{name}:NAME",
        "models": [live.row(card, services.models, places) for card in able],
    }
    return {**row, "lexhub": told}
