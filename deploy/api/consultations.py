"""Consultation sessions over HTTP: make, send, read, follow, report, feedback, export, delete."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from deploy.api import admission, files, leaving, privacy, sse
from deploy.api.calling import Calling, Used
from deploy.api.guard import Caller, caller
from deploy.shapes.consultations import (
    Consultation,
    ConsultationInfo,
    Deleted,
    Exchange,
    Feedback,
    NewConsultation,
    Verdict,
)
from deploy.shapes.papers import DraftRequest
from orchestrator import documents, reports
from orchestrator.consultations import Consultations
from orchestrator.contracts import Reply, UserMessage, clean_text
from orchestrator.storage.sessions import Session

router = APIRouter(prefix="/v1/consultations", tags=["consultations"])
Consulting = Annotated[Caller, Depends(caller("consult"))]
MAX_KEY = 200
MAX_TITLE = 40  # characters of a story that stand for it in a listing


async def consultations(request: Request) -> Consultations:
    """The consultations of this replica."""
    return request.app.state.consultations  # type: ignore[no-any-return]


Held = Annotated[Consultations, Depends(consultations)]


@router.post("", status_code=201)
async def create(
    request: Request, who: Consulting, held: Held, used: Used, wanted: NewConsultation | None = None
) -> ConsultationInfo:
    """建立咨询会话。需要同意处理个人信息的服务(见 GET /v1/privacy)没有同意时返回 consent_required。"""
    wanted = wanted or NewConsultation()
    privacy.require(request, used, wanted.consent)
    settings = wanted.model_dump(mode="json", exclude={"mode", "consent"})
    if wanted.consent is not None:
        settings["consent"] = wanted.consent.record()
    return _info(await held.create(who.owner, wanted.mode, settings))


@router.get("")
async def mine(who: Consulting, held: Held, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> list[ConsultationInfo]:
    """我的会话,新的在前。"""
    sessions = await held.of_owner(who.owner, limit)
    stories = await held.stories(sessions)
    return [_info(session, stories.get(session.id, "")) for session in sessions]


@router.delete("")
async def delete_mine(who: Consulting, held: Held) -> Deleted:
    """删除我的全部会话及其数据;有会话正在处理消息时一个也不删。"""
    return Deleted(deleted=await held.delete_owner(who.owner))


@router.post("/{id}/messages", response_model=Reply, responses={200: {"content": {"text/event-stream": {}}}})
async def send(
    id: str,
    message: UserMessage,
    request: Request,
    who: Consulting,
    held: Held,
    call: Calling,
    accept: Annotated[str, Header()] = "application/json",
    idempotency_key: Annotated[str | None, Header(max_length=MAX_KEY)] = None,
    last_event_id: sse.LastEventId = "",
) -> Any:
    """发送一条消息:文本、对追问的回答,或对事实的确认。`Accept: text/event-stream` 时以事件流返回。"""
    after = sse.last_event_id(last_event_id)
    running = await leaving.outliving(held.send(id, who.owner, message.cleaned(), idempotency_key, call))
    admission.outlives(request, running.task)
    if "text/event-stream" in accept:
        return sse.stream(running.follow(after))
    async for _ in running.follow():
        pass
    if running.error is not None:
        raise running.error
    return running.reply


@router.get("/{id}/events", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def events(
    id: str,
    who: Consulting,
    held: Held,
    turn: Annotated[int | None, Query(ge=1)] = None,
    last_event_id: sse.LastEventId = "",
) -> Response:
    """接着收一轮的事件流(默认最近一轮),从 Last-Event-ID 之后开始。"""
    after = sse.last_event_id(last_event_id)
    rows = held.follow(id, who.owner, turn, after)
    try:
        first = await anext(rows)
    except StopAsyncIteration:
        return sse.stream(_none())
    return sse.stream(_chained(first, rows))


@router.get("/{id}")
async def read(id: str, who: Consulting, held: Held) -> Consultation:
    """会话的状态、全部对话和最近一轮的决策记录。"""
    # Asked in this order: of a turn that ends meanwhile it may be said that it runs, never that it is not there.
    running, verdicts = await held.standing(id, who.owner)
    session, turns = await held.get(id, who.owner)
    last = turns[-1].reply if turns else None
    return Consultation(
        **_info(session, str(turns[0].message.get("content", "")) if turns else "").model_dump(),
        running=running,
        feedback=[Verdict.model_validate(one) for one in verdicts],
        status=last["status"] if last else None,
        questions=last["questions"] if last else [],
        facts=last["facts"] if last else [],
        transcript=[
            Exchange(number=one.number, at=one.at, message=one.message, reply=Reply.model_validate(one.reply))
            for one in turns
        ],
        trace=last["trace"] if last else [],
    )


@router.delete("/{id}", status_code=204)
async def delete(id: str, who: Consulting, held: Held) -> Response:
    """删除会话及其全部数据。"""
    await held.delete(id, who.owner)
    return Response(status_code=204)


@router.get("/{id}/report", response_class=Response, responses=files.CONTENT)
async def report(id: str, request: Request, who: Consulting, held: Held, format: files.Format = "md") -> Response:
    """法律咨询报告:Markdown(md)、Word(docx)或 PDF(pdf)。"""
    wanted = files.checked(format)
    opinion = await held.opinion(id, who.owner)
    library, settings = request.app.state.services.library, request.app.state.settings
    articles = await library.passages([citation.id for citation in opinion.citations])
    reaches = (await library.state()).reaches
    paper = reports.report(opinion, id, settings.producer, reaches, {passage.id: passage for passage in articles})
    return await files.download(paper, wanted, settings.font)


@router.post("/{id}/feedback", status_code=204)
async def feedback(id: str, given: Feedback, who: Consulting, held: Held) -> Response:
    """对某一轮答复的评价。"""
    comment = clean_text(given.comment) if given.comment.strip() else ""
    await held.feedback(id, who.owner, given.turn, given.rating, comment)
    return Response(status_code=204)


@router.post("/{id}/documents", response_class=Response, responses=files.CONTENT)
async def document(id: str, wanted: DraftRequest, request: Request, who: Consulting, held: Held) -> Response:
    """由会话生成文书(GET /v1/documents/templates 列出全部模板和空格)。"""
    format, template = files.checked(wanted.format), documents.find(wanted.template)
    matter = await held.matter(id, who.owner, template, wanted.values)
    settings = request.app.state.settings
    paper = documents.written(template, matter, id, settings.producer)
    return await files.download(paper, format, settings.font)


@router.get("/{id}/export")
async def export(id: str, who: Consulting, held: Held) -> dict[str, Any]:
    """导出会话的全部数据。"""
    return await held.export(id, who.owner)


def _info(session: Session, story: str = "") -> ConsultationInfo:
    title = " ".join(story.split())[:MAX_TITLE]
    return ConsultationInfo.model_validate(
        {"id": session.id, "title": title, "mode": session.mode, "created": session.created, **session.settings}
    )


async def _none() -> AsyncIterator[tuple[int, dict[str, Any]]]:
    return
    yield


async def _chained(
    first: tuple[int, dict[str, Any]], rest: AsyncIterator[tuple[int, dict[str, Any]]]
) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    yield first
    async for row in rest:
        yield row
