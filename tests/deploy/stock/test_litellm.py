"""LiteLLM over a real socket."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from tests.deploy.stock.conftest import HURRIED, KEY, STORY

pytestmark = pytest.mark.filterwarnings("ignore")  # of the library itself, while it is loaded and used
ASKED: list[Any] = [{"role": "user", "content": STORY}]


@pytest.fixture(scope="module")
def litellm() -> Iterator[ModuleType]:
    """The library without what it would fetch from outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        import litellm

        patch.setattr(litellm, "telemetry", False)
        patch.setattr(litellm, "suppress_debug_info", True)
        yield litellm


@pytest.fixture
def options(base_url: str) -> dict[str, Any]:
    return {"api_base": base_url, "api_key": KEY, "messages": ASKED, "num_retries": 0, "max_retries": 0}


def test_completion(litellm: ModuleType, options: dict[str, Any]) -> None:
    made = litellm.completion(model="openai/lexhub-normal", **options)
    assert "结论" in made.choices[0].message.content
    assert made.usage.total_tokens > 100
    named = litellm.completion(model="lexhub-normal", custom_llm_provider="openai", **options)
    assert named.choices[0].message.content == made.choices[0].message.content


async def test_awaited(litellm: ModuleType, options: dict[str, Any]) -> None:
    made = await litellm.acompletion(model="openai/lexhub", **options)
    assert "还需要了解" in made.choices[0].message.content


async def test_streams(litellm: ModuleType, options: dict[str, Any]) -> None:
    whole = litellm.completion(model="openai/lexhub-normal", **options).choices[0].message.content
    blocking = list(litellm.completion(model="openai/lexhub-normal", stream=True, **options))
    stream = await litellm.acompletion(
        model="openai/lexhub-normal", stream=True, stream_options={"include_usage": True}, **options
    )
    waiting = [chunk async for chunk in stream]
    for chunks in (blocking, waiting):
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole
    assert litellm.stream_chunk_builder(waiting).choices[0].message.content == whole
    assert waiting[-1].usage.total_tokens > 100


class Verdict(BaseModel):
    """What a service wants of the expert."""

    owed: bool
    field: Literal["民间借贷", "劳动争议"]


def test_structured_output(litellm: ModuleType, options: dict[str, Any], language_url: str) -> None:
    made = litellm.completion(
        model="openai/dialogue", response_format=Verdict, max_tokens=200, **{**options, "api_base": language_url}
    )
    Verdict.model_validate_json(made.choices[0].message.content)


def test_errors(litellm: ModuleType, options: dict[str, Any]) -> None:
    with pytest.raises(litellm.AuthenticationError):
        litellm.completion(model="openai/lexhub", **{**options, "api_key": "sk-wrong"})
    with pytest.raises(litellm.NotFoundError):
        litellm.completion(model="openai/gpt-unknown", **options)
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    with pytest.raises(litellm.BadRequestError, match="不支持参数 tools"):
        litellm.completion(model="openai/lexhub", tools=[tool], **options)
    with pytest.raises(litellm.RateLimitError):
        for _ in range(3):
            litellm.completion(model="openai/lexhub", **{**options, "api_key": HURRIED})
