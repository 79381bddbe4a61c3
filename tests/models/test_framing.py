"""models.framing: what a language model is asked for each task, and what comes of its answer."""

import json
from collections.abc import AsyncGenerator

import pytest

from models.contracts import BadOutput, BadRequest, Chunk, GenerationRequest, Usage
from models.framing import framed, unframed
from models.schemas import KEYWORDS, TERMS, read_keywords
from tests.models.conftest import ask


async def said(request: GenerationRequest, *texts: str) -> list[Chunk]:
    async def chunks() -> AsyncGenerator[Chunk, None]:
        for text in texts[:-1]:
            yield Chunk(text=text)
        yield Chunk(text=texts[-1], finish_reason="stop", usage=Usage(completion_tokens=len(texts)))

    return [chunk async for chunk in unframed(request, chunks())]


async def test_keywords_are_asked_for_as_a_list_and_told_with_weights() -> None:
    request = ask("老板不发工资", task="keywords", schema=KEYWORDS)
    assert framed(request).schema_ == TERMS
    (chunk,) = await said(request, '{"keywords": ["拖欠劳动', '报酬", "劳动仲裁", "经济补偿"]}')
    rows = json.loads(chunk.text)["keywords"]
    assert [row["term"] for row in rows] == ["拖欠劳动报酬", "劳动仲裁", "经济补偿"]
    assert [row["weight"] for row in rows] == [1.0, 0.8, 0.6]
    assert [row.term for row in read_keywords(chunk.text)] == ["拖欠劳动报酬", "劳动仲裁", "经济补偿"]
    assert (chunk.finish_reason, chunk.usage) == ("stop", Usage(completion_tokens=2))


async def test_keywords_that_already_have_weights_stay_as_they_are() -> None:
    given = '{"keywords": [{"term": "借款合同", "weight": 0.7}]}'
    (chunk,) = await said(ask("问", task="keywords"), given)
    assert json.loads(chunk.text) == json.loads(given)


async def test_keywords_that_were_cut_off_are_an_error() -> None:
    with pytest.raises(BadOutput):
        await said(ask("问", task="keywords"), '{"keywords": ["拖欠')


async def test_what_other_tasks_say_passes_piece_by_piece() -> None:
    assert [chunk.text for chunk in await said(ask("问"), "好", "的")] == ["好", "的"]


def test_a_plain_conversation_is_not_framed_and_facts_need_a_schema() -> None:
    request = ask("你好")
    assert framed(request) is request
    with pytest.raises(BadRequest):
        framed(ask("你好", task="facts"))
