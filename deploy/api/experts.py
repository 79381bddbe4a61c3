"""The internal routing API: the plan and the models chosen for it, and each expert directly."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from deploy.api.calling import Used
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from deploy.shapes.experts import Articles, ArticleVersions, Cases, CaseSearch, Keywords, Question, Search, Story
from deploy.shapes.values import Day
from orchestrator import finding, routing
from orchestrator.contracts import TEXT, Routing, clean_text
from orchestrator.services import Services
from retrievers import contracts as retrieval
from retrievers.contracts import Case, Passage, Term

router = APIRouter(prefix="/v1", tags=["experts"])
Expert = Annotated[Caller, Depends(caller("experts"))]
Consulting = Annotated[Caller, Depends(caller("consult"))]
NUMBER = r"^([0-9]{1,4})(?:-([0-9]{1,2}))?$"
Law = Annotated[str, Path(json_schema_extra={"pattern": TEXT, "maxLength": 200})]
Number = Annotated[str, Path(json_schema_extra={"pattern": NUMBER})]


@router.post("/route")
async def route(asked: Question, who: Expert, used: Used) -> Routing:
    """只给出计划:走哪条路线、哪些任务、各选哪个模型、为什么;不执行。"""
    history = [clean_text(one) for one in asked.history]
    return await routing.route(used, clean_text(asked.text), history, asked.mode)


@router.post("/keywords")
async def keywords(asked: Story, who: Expert, used: Used) -> Keywords:
    """口语叙述 → 带权重的法律关键词。"""
    return await _keywords(used, clean_text(asked.text))


@router.post("/articles/search")
async def articles(asked: Search, who: Expert, used: Used) -> Articles:
    """检索法条。"""
    query, terms = await query_of(used, asked)
    return Articles(hits=await used.library.search_articles(query), keywords=terms)


@router.post("/cases/search")
async def cases(asked: CaseSearch, who: Expert, used: Used) -> Cases:
    """检索案例,可按法院层级、年份、地区、罪名、领域、来源筛选;每个案例给出与所问情况的相同点和不同点。"""
    query, terms = await query_of(used, asked)
    hits = await used.library.search_cases(query.model_copy(update={"only": asked.filter}))
    return Cases(hits=await finding.compared(hits, query.text, terms, used.today()), keywords=terms)


@router.get("/articles/{law}/{number}")
async def article(
    law: Law, number: Number, who: Consulting, used: Used, as_of: Annotated[Day | None, Query()] = None
) -> Passage:
    """按法律名称和条号精确查条文;条号如 1079 或 133-1(第一百三十三条之一)。"""
    return await used.library.article(clean_text(law), *_numbers(number), as_of)


@router.get("/articles/{law}/{number}/versions")
async def versions(
    law: Law, number: Number, who: Consulting, used: Used, as_of: Annotated[Day | None, Query()] = None
) -> ArticleVersions:
    """一条在各个已收录版本中的文本:施行和失效的日期、在 as_of 那天(默认今天)的效力、由什么取代;新的在前。"""
    found = await used.library.versions(clean_text(law), *_numbers(number), as_of)
    return ArticleVersions(law=found[0].law, number=found[0].number, sub=found[0].sub, versions=found)


@router.get("/cases/{id}")
async def case(id: str, who: Consulting, used: Used) -> Case:
    """一个案例的全文。kind 为 invented 的是教学案例,系虚构。"""
    return await used.library.case(id)


def _numbers(written: str) -> tuple[int, int]:
    """(number, sub) of 133-1. Raises ApiError."""
    match = re.fullmatch(NUMBER, written)
    if match is None:
        raise ApiError("invalid_request", "条号应为数字,如 1079 或 133-1。", "number")
    return int(match[1]), int(match[2] or 0)


async def _keywords(used: Services, text: str) -> Keywords:
    terms, made = await finding.keywords(used, text)
    return Keywords(keywords=list(terms), model=made.model)


async def query_of(used: Services, asked: Search) -> tuple[retrieval.Query, list[Term]]:
    """The query for a search, and its keywords: those given, else the keyword model's. Raises ModelError."""
    text = clean_text(asked.query)
    terms = asked.keywords if asked.keywords is not None else (await _keywords(used, text)).keywords
    query = retrieval.Query(text=text, keywords=tuple(terms), field=asked.field, as_of=asked.as_of, top=asked.top)
    return query, terms
