"""openai-python, blocking and awaited, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import openai
import pytest
from pydantic import BaseModel

from tests.deploy.stock.conftest import HURRIED, KEY, MORE, STORY

ASKED: list[Any] = [{"role": "user", "content": STORY}]


@pytest.fixture
def client(base_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=base_url, api_key=KEY, max_retries=0) as made:
        yield made


@pytest.fixture
async def waiting(base_url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=base_url, api_key=KEY, max_retries=0) as made:
        yield made


def told(message: Any) -> dict[str, Any]:
    """What the extension field says."""
    return (message.model_extra or {})["lexhub"]  # type: ignore[no-any-return]


def test_models(client: openai.OpenAI) -> None:
    assert [one.id for one in client.models.list()] == ["lexhub", "lexhub-normal", "dialogue", "keyword"]
    one = client.models.retrieve("lexhub")
    assert (one.object, one.owned_by) == ("model", "lexhub")
    with pytest.raises(openai.NotFoundError) as failed:
        client.models.retrieve("gpt-4o")
    assert failed.value.code == "no_such_model"


def test_a_consultation_over_several_turns(client: openai.OpenAI) -> None:
    messages = [{"role": "system", "content": "你是法律助手"}, *ASKED]
    said = client.chat.completions.create(model="lexhub", messages=messages).choices[0].message
    assert told(said)["status"] == "question"
    for answer in (MORE, "其他都不清楚", "都不清楚", "都不清楚"):
        messages += [{"role": "assistant", "content": said.content}, {"role": "user", "content": answer}]
        said = client.chat.completions.create(model="lexhub", messages=messages).choices[0].message
        if told(said)["status"] == "answer":
            break
    assert told(said)["status"] == "answer"
    assert "民法典#675" in {row["id"] for row in told(said)["citations"]}
    assert said.refusal is None and not said.tool_calls


async def test_streams(waiting: openai.AsyncOpenAI) -> None:
    stream = await waiting.chat.completions.create(
        model="lexhub-normal", messages=ASKED, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1].choices == []
    usage = chunks[-1].usage
    assert usage is not None and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 100
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert told(chunks[-2].choices[0].delta)["status"] == "answer"
    assert "结论" in "".join(one.choices[0].delta.content or "" for one in chunks[:-1])


async def test_the_helper_that_gathers_a_stream(waiting: openai.AsyncOpenAI) -> None:
    async with waiting.chat.completions.stream(model="lexhub-normal", messages=ASKED) as stream:
        kinds = {event.type async for event in stream}
        made = await stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert "结论" in (made.choices[0].message.content or "")


def test_a_stream_may_be_left(client: openai.OpenAI) -> None:
    with client.chat.completions.create(model="lexhub-normal", messages=ASKED, stream=True) as stream:
        next(iter(stream))
    assert client.models.list().data


def test_raw_responses_name_the_request(client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model="keyword", messages=ASKED)
    assert raw.headers["x-request-id"] == raw.request_id
    assert '"term"' in (raw.parse().choices[0].message.content or "")


class Verdict(BaseModel):
    """What a service wants of the expert."""

    owed: bool
    field: Literal["民间借贷", "劳动争议"]


def test_structured_output(language_url: str) -> None:
    with openai.OpenAI(base_url=language_url, api_key=KEY, max_retries=0) as client:
        made = client.chat.completions.parse(model="dialogue", messages=ASKED, response_format=Verdict, max_tokens=200)
        assert isinstance(made.choices[0].message.parsed, Verdict)
        assert made.usage is not None and made.usage.completion_tokens > 0
        with client.chat.completions.stream(
            model="dialogue", messages=ASKED, response_format=Verdict, max_tokens=200
        ) as stream:
            done = [event.parsed for event in stream if event.type == "content.done"]
        assert done == [made.choices[0].message.parsed]


def test_an_expert_takes_sampling_and_logprobs(language_url: str, readable: dict[str, int]) -> None:
    with openai.OpenAI(base_url=language_url, api_key=KEY, max_retries=0) as client:
        made = client.chat.completions.create(
            model="dialogue", messages=ASKED, max_tokens=8, temperature=1.0, seed=3, n=2, logprobs=True,
            top_logprobs=2, logit_bias=readable,
        )  # fmt: skip
    assert [choice.finish_reason for choice in made.choices] == ["length", "length"]
    for choice in made.choices:
        assert choice.logprobs is not None and choice.logprobs.content is not None
        assert all(len(one.top_logprobs) == 2 for one in choice.logprobs.content)


FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
CALLED = {"role": "assistant", "content": None, "tool_calls": [{"id": "c", **FUNCTION}]}


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"tools": [FUNCTION]}, "tools"),
        ({"functions": [FUNCTION["function"]]}, "functions"),
        ({"tools": [FUNCTION], "tool_choice": "required"}, "tools"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}, "response_format"),
        ({"n": 2}, "n"),
        ({"stop": "。"}, "stop"),
        ({"logprobs": True}, "logprobs"),
        ({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}, "audio"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "看"}, PICTURE]}]}, "messages"),
        ({"messages": [*ASKED, CALLED, {"role": "tool", "tool_call_id": "c", "content": "1"}]}, "messages"),
    ],
)
def test_what_cannot_be_done_is_named(client: openai.OpenAI, wanted: dict[str, Any], param: str) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as failed:
            client.chat.completions.create(**{"model": "lexhub", "messages": ASKED, "stream": stream, **wanted})
        assert (failed.value.code, failed.value.param) == ("unsupported_parameter", param)
        assert failed.value.type == "invalid_request_error"
        assert failed.value.request_id


def test_what_changes_nothing_is_taken(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="lexhub", tools=[], tool_choice="none", parallel_tool_calls=False, user="u1", metadata={"a": "b"},
        store=False, service_tier="auto", reasoning_effort="low", modalities=["text"], temperature=0.2, max_tokens=50,
        messages=[{"role": "user", "content": "你好", "name": "bob"}, {"role": "assistant", "content": None, "refusal": "不"},
                  {"role": "user", "content": [{"type": "text", "text": "你好"}]}],
    )  # fmt: skip
    assert told(made.choices[0].message)["status"] == "smalltalk"


def test_the_errors_are_openais(base_url: str, client: openai.OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError) as wrong:
        openai.OpenAI(base_url=base_url, api_key="sk-wrong", max_retries=0).models.list()
    assert wrong.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-4o", messages=ASKED)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="lexhub", input="x")
    with pytest.raises(openai.BadRequestError) as empty:
        client.chat.completions.create(model="lexhub", messages=[])
    assert empty.value.param == "messages"
    hurried = openai.OpenAI(base_url=base_url, api_key=HURRIED, max_retries=0)
    with pytest.raises(openai.RateLimitError) as limited:
        for _ in range(3):
            hurried.models.list()
    assert limited.value.code == "rate_limited"
    assert int(limited.value.response.headers["retry-after"]) > 0
    with pytest.raises(openai.PermissionDeniedError):
        client.get("/admin/models", cast_to=object)
