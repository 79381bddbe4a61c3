"""LangChain's ChatOpenAI over a real socket."""

from typing import Any, Literal

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field, SecretStr

from tests.deploy.stock.conftest import KEY, STORY


def chat(url: str, model: str = "lexhub-normal", **more: Any) -> ChatOpenAI:
    return ChatOpenAI(model=model, base_url=url, api_key=SecretStr(KEY), max_retries=0, **more)


def test_invoke(base_url: str) -> None:
    said = chat(base_url).invoke(STORY)
    assert "结论" in str(said.content)
    assert said.response_metadata["finish_reason"] == "stop"
    assert said.usage_metadata is not None and said.usage_metadata["output_tokens"] > 100


def test_several_turns(base_url: str) -> None:
    model = chat(base_url, "lexhub", temperature=0)
    asked = model.invoke([SystemMessage("你是法律助手"), HumanMessage(STORY)])
    assert "还需要了解" in str(asked.content)
    again = model.invoke([HumanMessage(STORY), AIMessage(asked.content), HumanMessage("没约定利息,别的都不清楚")])
    assert again.content != asked.content


async def test_streams(base_url: str) -> None:
    whole = str(chat(base_url).invoke(STORY).content)
    blocking = list(chat(base_url, stream_usage=True).stream(STORY))
    waiting = [chunk async for chunk in chat(base_url).astream(STORY)]
    for chunks in (blocking, waiting):
        assert len(chunks) > 3
        assert "".join(str(chunk.content) for chunk in chunks) == whole
    assert any(chunk.usage_metadata for chunk in blocking)


def test_batch(base_url: str) -> None:
    said = chat(base_url).batch(["你好", STORY, "谢谢"])
    assert "结论" in str(said[1].content)
    assert "结论" not in str(said[0].content) + str(said[2].content)


class Verdict(BaseModel):
    """What a service wants of the expert."""

    owed: bool = Field(description="whether anything is owed")
    field: Literal["民间借贷", "劳动争议"]


def test_structured_output(language_url: str) -> None:
    model = chat(language_url, "dialogue", max_tokens=200).with_structured_output(Verdict, method="json_schema")
    assert isinstance(model.invoke(STORY), Verdict)
    raw = chat(language_url, "dialogue", max_tokens=200).with_structured_output(
        Verdict, method="json_schema", include_raw=True
    )
    found: Any = raw.invoke(STORY)
    assert found["parsing_error"] is None


def test_tools_are_refused_by_name(base_url: str) -> None:
    bound = chat(base_url).bind_tools([Verdict])
    with pytest.raises(openai.BadRequestError) as failed:
        bound.invoke(STORY)
    assert (failed.value.code, failed.value.param) == ("unsupported_parameter", "tools")


def test_errors(base_url: str) -> None:
    wrong = ChatOpenAI(model="lexhub", base_url=base_url, api_key=SecretStr("sk-wrong"), max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        wrong.invoke("你好")
    with pytest.raises(openai.NotFoundError):
        chat(base_url, "gpt-4o").invoke("你好")
