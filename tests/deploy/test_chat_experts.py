"""The experts over the OpenAI API in this process, with the stock openai client and scripted models."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from pydantic import BaseModel

from deploy.learned import knowledge
from models.contracts import ModelCard, Sampling
from orchestrator.services import Limits, Services
from retrievers.library import LocalLibrary
from tests.deploy.conftest import Start
from tests.deploy.test_chat_api import STORY, client_of
from tests.orchestrator.doubles import Pool, card, scripted

ASKED: list[Any] = [{"role": "user", "content": "朋友借钱不还怎么办"}]
GOOD, BAD = "您可以起诉。\n", "依据《民法典》第九千条,应当赔偿十倍。\n"


@pytest.fixture(scope="module")
def library(home: Path) -> LocalLibrary:
    return LocalLibrary.open(home, knowledge())


@asynccontextmanager
async def serving(
    start: Start, library: LocalLibrary, *cards: ModelCard
) -> AsyncIterator[tuple[openai.AsyncOpenAI, Pool]]:
    """A client of the API with these models alone, over the embedded library."""
    pool = Pool(*cards)
    async with start(Services(library=library, models=pool, limits=Limits(model=5, tries=1))) as http:
        yield client_of(http), pool


def speaker(*replies: str, **options: Any) -> ModelCard:
    return scripted("speaker", "dialogue", *replies, **options)


async def test_every_parameter_reaches_the_model_and_every_choice_has_a_seed(
    start: Start, library: LocalLibrary
) -> None:
    async with serving(start, library, speaker("一", "二", "三")) as (client, pool):
        made = await client.chat.completions.create(
            model="dialogue",
            messages=ASKED,
            temperature=0.5,
            top_p=0.9,
            max_completion_tokens=7,
            stop="完",
            seed=5,
            presence_penalty=0.1,
            frequency_penalty=-0.2,
            logit_bias={"12": -100},
            logprobs=True,
            top_logprobs=2,
            n=3,
            extra_body={"top_k": 4, "min_p": 0.05, "repetition_penalty": 1.1},
        )
        assert [choice.message.content for choice in made.choices] == ["一", "二", "三"]
        assert [choice.index for choice in made.choices] == [0, 1, 2]
        wanted = Sampling(
            temperature=0.5,
            top_p=0.9,
            top_k=4,
            min_p=0.05,
            presence_penalty=0.1,
            frequency_penalty=-0.2,
            repetition_penalty=1.1,
            logit_bias={12: -100},
            logprobs=2,
            max_tokens=7,
            stop=("完",),
        )
        assert [one.sampling for one in pool.generator("speaker").requests] == [
            wanted.model_copy(update={"seed": seed}) for seed in (5, 6, 7)
        ]
        assert made.usage is not None
        assert (made.usage.prompt_tokens, made.usage.completion_tokens) == (9, 3)


async def test_without_parameters_a_model_is_greedy(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("好")) as (client, pool):
        await client.chat.completions.create(model="dialogue", messages=ASKED)
        assert pool.generator("speaker").requests[0].sampling == Sampling()


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"temperature": 3}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"n": 0}, "n"),
        ({"n": 99}, "n"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
        ({"logit_bias": {"x": 1}}, "logit_bias.x"),
        ({"logit_bias": {"5": 101}}, "logit_bias.5"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"seed": 2**63}, "seed"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"presence_penalty": -2.5}, "presence_penalty"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "odd"}}}},
            "response_format",
        ),
        ({"extra_body": {"min_p": 2}}, "min_p"),
    ],
)
async def test_a_bad_value_is_named(start: Start, library: LocalLibrary, wanted: dict[str, Any], param: str) -> None:
    async with serving(start, library, speaker("好")) as (client, pool):
        with pytest.raises(openai.BadRequestError) as caught:
            await client.chat.completions.create(**{"model": "dialogue", "messages": ASKED, **wanted})
        assert caught.value.param == param
        assert caught.value.type == "invalid_request_error"
        assert not pool.built


async def test_what_is_no_text_is_refused_wherever_it_stands(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("好")) as (client, pool):
        http: httpx.AsyncClient = client._client  # type: ignore[assignment]
        body = {"model": "dialogue", "messages": [{"role": "system", "content": "\ud800"}, *ASKED]}
        said = json.dumps(body)  # escaped, as it may come
        answer = await http.post("/v1/chat/completions", content=said, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_message")
        assert not pool.built


async def test_a_consultation_refuses_what_it_cannot_honour(start: Start) -> None:
    refused: dict[str, Any] = {
        "stop": "完",
        "n": 2,
        "logit_bias": {"1": 1},
        "logprobs": True,
        "response_format": {"type": "json_object"},
        "tools": [{"type": "function", "function": {"name": "f"}}],
    }
    async with start() as http:
        for model in ("lexhub", "lexhub-normal"):
            for name, value in refused.items():
                with pytest.raises(openai.BadRequestError) as caught:
                    await client_of(http).chat.completions.create(**{"model": model, "messages": ASKED, name: value})
                assert (caught.value.code, caught.value.param) == ("unsupported_parameter", name)


async def test_a_consultation_ignores_what_only_tunes_a_model(start: Start) -> None:
    async with start() as http:
        said = await client_of(http).chat.completions.create(
            model="lexhub-normal",
            messages=[{"role": "user", "content": STORY}],
            temperature=1,
            top_p=0.5,
            seed=1,
            max_tokens=1,
            presence_penalty=1,
            response_format={"type": "text"},
        )
        assert len(said.choices[0].message.content or "") > 100
        listed = await client_of(http).models.retrieve("lexhub-normal")
        assert {"temperature", "max_tokens"} <= set((listed.model_extra or {})["lexhub"]["ignored"])


@pytest.mark.parametrize("stream", [False, True])
async def test_log_probabilities_are_those_of_the_text_that_passed(
    start: Start, library: LocalLibrary, stream: bool
) -> None:
    async with serving(start, library, speaker(GOOD + BAD + "请保存证据。", piece=3)) as (client, _):
        request: dict[str, Any] = {"model": "dialogue", "messages": ASKED, "logprobs": True, "top_logprobs": 2}
        if stream:
            chunks = [one async for one in await client.chat.completions.create(**request, stream=True)]
            choices = [chunk.choices[0] for chunk in chunks]
            text = "".join(choice.delta.content or "" for choice in choices)
            tokens = [token for choice in choices if choice.logprobs for token in choice.logprobs.content or ()]
            told = (choices[-1].delta.model_extra or {})["lexhub"]
        else:
            made = (await client.chat.completions.create(**request)).choices[0]
            assert made.logprobs is not None
            text, tokens = made.message.content or "", made.logprobs.content or []
            told = (made.message.model_extra or {})["lexhub"]
        assert text == GOOD + "请保存证据。"
        assert bytes(byte for token in tokens for byte in token.bytes or ()).decode() == text
        assert {token.logprob for token in tokens} == {-0.5}
        assert [one.token for one in tokens[0].top_logprobs] == ["您", "1"]
        assert told["model"] == "speaker"
        assert [row["sentence"] for row in told["rejected"]] == [BAD.strip()]
        assert told["rejected"][0]["faults"]


async def test_none_are_told_unless_they_are_asked_for(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("好")) as (client, _):
        made = await client.chat.completions.create(model="dialogue", messages=ASKED)
        assert made.choices[0].logprobs is None


async def test_a_model_without_tokens_says_so(start: Start) -> None:
    async with start() as http:
        with pytest.raises(openai.BadRequestError) as caught:
            await client_of(http).chat.completions.create(model="keyword", messages=ASKED, logprobs=True)
        assert caught.value.code == "bad_model_request"


class Opinion(BaseModel):
    """What a service wants of the expert."""

    view: str
    more: list[str]


async def test_json_comes_whole_with_a_verdict_for_every_citation(start: Start, library: LocalLibrary) -> None:
    said = Opinion(view=GOOD + BAD, more=["民法典第675条规定了返还借款的期限。"]).model_dump_json()
    async with serving(start, library, speaker(said, piece=4)) as (client, pool):
        made = await client.chat.completions.parse(model="dialogue", messages=ASKED, response_format=Opinion)
        message = made.choices[0].message
        assert message.parsed == Opinion.model_validate_json(said)
        assert message.content == said
        rows = (message.model_extra or {})["lexhub"]["citations"]
        assert [(row["path"], row["ok"]) for row in rows] == [("/view", False), ("/more/0", True)]
        assert rows[0]["sentence"] == BAD.strip()
        assert rows[0]["faults"]
        assert rows[1]["citations"] == ["民法典#675"]
        schema = pool.generator("speaker").requests[0].schema_
        assert schema is not None and set(schema["properties"]) == {"view", "more"}


async def test_json_streams_as_it_is_made_and_is_judged_when_cut_off(start: Start, library: LocalLibrary) -> None:
    said = json.dumps({"view": GOOD + BAD}, ensure_ascii=False)[:-2]
    async with serving(start, library, speaker(said, piece=4, finish="length")) as (client, _):
        stream = await client.chat.completions.create(
            model="dialogue", messages=ASKED, response_format={"type": "json_object"}, stream=True
        )
        choices = [chunk.choices[0] async for chunk in stream]
        texts = [choice.delta.content for choice in choices if choice.delta.content]
        assert "".join(texts) == said
        assert max(map(len, texts)) == 4
        assert choices[-1].finish_reason == "length"
        rows = (choices[-1].delta.model_extra or {})["lexhub"]["citations"]
        assert [(row["path"], row["ok"]) for row in rows] == [("/view", False)]


async def test_a_stream_counts_tokens_and_keeps_choices_apart(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("一\n二\n", "三\n四\n", piece=1, finish="length")) as (client, _):
        stream = await client.chat.completions.create(
            model="dialogue", messages=ASKED, n=2, stream=True, stream_options={"include_usage": True}
        )
        texts, finished, usage = ["", ""], {}, None
        async for chunk in stream:
            usage = chunk.usage
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
                finished |= {choice.index: choice.finish_reason} if choice.finish_reason else {}
        assert texts == ["一\n二\n", "三\n四\n"]
        assert finished == {0: "length", 1: "length"}
        assert usage is not None
        assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (9, 8, 17)


@pytest.mark.parametrize("count", [1, 2])
async def test_a_failure_in_a_stream_is_an_error_and_no_end(start: Start, library: LocalLibrary, count: int) -> None:
    broken = speaker("一\n二\n三\n", piece=2, failures=[None] * (count - 1) + ["ModelUnavailable"], after=2)
    async with serving(start, library, broken) as (client, pool):
        stream = await client.chat.completions.create(model="dialogue", messages=ASKED, n=count, stream=True)
        with pytest.raises(openai.APIError, match="scripted failure"):
            async for _ in stream:
                pass
        assert len(pool.generator("speaker").requests) == count


async def test_an_adapter_is_asked_for_by_name(start: Start, library: LocalLibrary) -> None:
    cards = (speaker("好", adapters=["contracts"]), card("composer", "dialogue", backend="composer"))
    async with serving(start, library, *cards) as (client, pool):
        made = await client.chat.completions.create(model="dialogue:contracts", messages=ASKED)
        assert made.model == "dialogue:contracts"
        assert pool.generator("speaker").requests[0].adapter == "contracts"
        with pytest.raises(openai.NotFoundError) as caught:
            await client.chat.completions.create(model="dialogue:other", messages=ASKED)
        assert (caught.value.code, caught.value.param) == ("no_such_adapter", "model")
        for name in ("lexhub:contracts", "dialogue:", "other"):
            with pytest.raises(openai.NotFoundError) as caught:
                await client.chat.completions.create(model=name, messages=ASKED)
            assert caught.value.code == "no_such_model"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ("ModelOverloaded", openai.InternalServerError),
        ("OutOfMemory", openai.InternalServerError),
        ("ContextLengthExceeded", openai.BadRequestError),
        ("BadOutput", openai.InternalServerError),
    ],
)
async def test_errors_are_not_hidden_by_a_stand_in(
    start: Start, library: LocalLibrary, failure: str, error: type[openai.APIStatusError]
) -> None:
    cards = (speaker("好", failures=[failure]), card("composer", "dialogue", backend="composer"))
    async with serving(start, library, *cards) as (client, _):
        with pytest.raises(error) as caught:
            await client.chat.completions.create(model="dialogue", messages=ASKED, stream=True)
        assert caught.value.code not in (None, "bad_model_request")
        if failure in ("ModelOverloaded", "OutOfMemory"):
            assert (caught.value.status_code, caught.value.response.headers["retry-after"]) == (503, "2")


async def test_the_keyword_model_takes_parameters_but_no_other_form(start: Start, library: LocalLibrary) -> None:
    keywords = '{"keywords": [{"term": "民间借贷", "weight": 1.0}]}'
    async with serving(start, library, scripted("terms", "keywords", keywords)) as (client, pool):
        made = await client.chat.completions.create(
            model="keyword", messages=ASKED, temperature=0.3, response_format={"type": "json_object"}
        )
        assert made.choices[0].message.content == keywords
        assert pool.generator("terms").requests[0].sampling.temperature == 0.3
        with pytest.raises(openai.BadRequestError) as caught:
            await client.chat.completions.parse(model="keyword", messages=ASKED, response_format=Opinion)
        assert caught.value.param == "response_format"


async def test_the_list_says_what_each_is_able_to_do(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("好")) as (client, _):
        told = {one.id: (one.model_extra or {})["lexhub"] for one in (await client.models.list()).data}
        assert told["lexhub"]["kind"] == "consultation"
        assert "json_schema" in told["dialogue"]["response_format"]
        assert [row["name"] for row in told["dialogue"]["models"]] == ["speaker"]
        assert told["keyword"]["models"] == []
        with pytest.raises(openai.NotFoundError):
            await client.models.retrieve("gpt-4")


async def test_lines_that_json_does_not_end_are_ended_by_no_reader(start: Start, library: LocalLibrary) -> None:
    async with serving(start, library, speaker("一\u2028二\x85三")) as (client, _):
        http: httpx.AsyncClient = client._client  # type: ignore[assignment]
        body = {"model": "dialogue", "messages": ASKED, "stream": True}
        answer = await http.post("/v1/chat/completions", json=body)
        events = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
        text = "".join(json.loads(one)["choices"][0]["delta"].get("content", "") for one in events[:-1])
        assert text == "一\u2028二\x85三"
