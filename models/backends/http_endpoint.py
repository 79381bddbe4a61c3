"""Any OpenAI-compatible server (vLLM, SGLang, ray.serve.llm, a cloud, another Lexhub) as a model, over httpx.

Knows nothing of what is asked. Reads no environment: who builds it hands in the key.
"""

import asyncio
import json
import random
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import Any, Literal

import httpx
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from models import openai_request, structured
from models.contracts import (
    BadOutput,
    BadRequest,
    Chunk,
    DeadlineExceeded,
    GenerationRequest,
    Message,
    ModelUnavailable,
    Usage,
)
from models.framing import framed, unframed
from models.masking import Mask, Unmasking
from models.openai_errors import Transient, refusal, unreachable
from models.openai_request import Structured
from models.openai_wire import Events, Said

_W3C = TraceContextTextMapPropagator()
# A kept connection that its server closed at the moment of use: nobody has worked on the request.
STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class Options(BaseModel):
    """`model` empty: the first that the server lists. `adapter_form`: what is asked for in the place of the model
    when a request names an adapter, e.g. `{model}:{adapter}` for ray.serve.llm and Lexhub. `api_key_env` names the
    variable that holds the key; its value comes in `api_key`.

    Seconds: `connect_s` to connect, `timeout_s` the longest silence, `keepalive_s` how long an idle connection is kept
    (shorter than servers do, of which many take 5). `attempts` counts tries before the first token; between them up to
    `backoff_s`, doubled each time, is waited, and what the server asks for.

    `structured`: how the server is bound to a schema. `json_schema`: by its own grammar. `json_object`, `prompt`: the
    schema is told in the prompt, the first also asks for any JSON; the answer is checked, and mended once, so that it
    comes in one piece. `none`: such requests are refused.

    `limit_field` names the limit of new tokens. `extra` goes into the body as it is, a null takes a key out. With
    `outside`, which the card sets, and `mask`, identity data is replaced before anything is sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(pattern=r"^https?://[^/\s]+")
    model: str = ""
    adapter_form: str = Field(default="{adapter}", pattern=r"\{adapter\}")
    api_key_env: str = ""
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=60, gt=0)
    connect_s: float = Field(default=5, gt=0)
    keepalive_s: float = Field(default=4, ge=0)
    attempts: int = Field(default=3, ge=1, le=10)
    backoff_s: float = Field(default=0.5, ge=0)
    connections: int = Field(default=64, ge=1)
    structured: Structured = "json_schema"
    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    proxy: str | None = None
    ca_file: Path | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
    outside: bool = False
    mask: bool = True


def build(options: dict[str, Any]) -> "HttpEndpoint":
    """The endpoint; nothing is sent yet. Raises pydantic's ValidationError for bad options."""
    return HttpEndpoint(Options.model_validate(options))


class HttpEndpoint:
    """A Generator with one pool of connections; use it in one event loop, and `aclose` it there."""

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._model = options.model
        key = options.api_key.get_secret_value() if options.api_key else ""
        self._client = httpx.AsyncClient(
            base_url=options.base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(options.timeout_s, connect=options.connect_s),
            limits=httpx.Limits(max_connections=options.connections, keepalive_expiry=options.keepalive_s),
            verify=ssl.create_default_context(cafile=str(options.ca_file)) if options.ca_file else True,
            proxy=options.proxy,
            trust_env=False,
            transport=transport,
        )

    async def check(self) -> None:
        """Return when the server answers and has the model. Raises ModelUnavailable with the reason."""
        try:
            known = await self._listed()
        except Transient as error:
            raise ModelUnavailable(str(error.error)) from error
        if self._options.model and known and self._options.model not in known:
            raise ModelUnavailable(f"{self._where} has no model {self._options.model}; it has {', '.join(known)}")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the server's answer. Only a failure before the first token is tried again.

        Raises BadRequest for log-probabilities that the server does not tell, or of a text that is mended or unmasked.
        """
        async with aclosing(unframed(request, self._answer(request))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _answer(self, request: GenerationRequest) -> AsyncGenerator[Chunk, None]:
        masked = Mask()
        asked = self._hidden(framed(request), masked)
        wants = asked.sampling.logprobs is not None
        if wants and masked.used:
            raise BadRequest("no log-probabilities can be told for messages with masked identity data")
        schema = asked.schema_
        if schema is not None and self._options.structured == "none":
            raise BadRequest(f"{self._where} cannot be bound to a schema")
        if schema is not None and self._options.structured != "json_schema":
            if wants:
                raise BadRequest(f"{self._where} is bound by its prompt, and then tells no log-probabilities")
            yield await self._bound(structured.instructed(asked), masked, schema)
            return
        unmasking = Unmasking(masked)
        reason, usage, whole, told = None, None, "", False
        async with aclosing(self._heard(asked)) as events:
            async for said in events:
                reason, usage = said.reason or reason, said.usage or usage
                text, told = unmasking.feed(said.text), told or bool(said.tokens)
                whole += text
                if text or said.tokens:
                    yield Chunk(text=text, tokens=said.tokens)
        if reason is None:
            raise ModelUnavailable(f"{self._where} broke off its answer")
        text = unmasking.close()
        if wants and whole and not told:
            raise BadRequest(f"{self._where} tells no log-probabilities")
        if schema is not None and reason == "stop" and (fault := structured.text_fault(whole + text, schema)):
            raise BadOutput(f"{self._where} does not keep to the schema (try the option `structured`): {fault}")
        yield Chunk(text=text, finish_reason=reason, usage=usage)

    async def _bound(self, request: GenerationRequest, masked: Mask, schema: dict[str, Any]) -> Chunk:
        """The whole answer, checked; one that misses the schema is sent back once to be mended. Raises BadOutput."""
        fault, prompt_tokens, completion_tokens = "", 0, 0
        for _ in range(2):
            raw, reason = "", None
            async with aclosing(self._heard(request)) as events:
                async for said in events:
                    raw, reason = raw + said.text, said.reason or reason
                    if said.usage is not None:
                        prompt_tokens += said.usage.prompt_tokens
                        completion_tokens += said.usage.completion_tokens
            if reason is None:
                raise ModelUnavailable(f"{self._where} broke off its answer")
            text = masked.unmask(structured.extracted(raw))
            fault = structured.text_fault(text, schema)
            if not fault or reason == "length":
                usage = Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)
                return Chunk(text=text, finish_reason=reason, usage=usage)
            request = structured.mending(request, raw, masked.mask(fault) if self._hides else fault)
        raise BadOutput(f"{self._where} does not keep to the schema, asked twice: {fault}")

    async def _heard(self, request: GenerationRequest) -> AsyncGenerator[Said, None]:
        """What the server says, from its first word on."""
        said: Said | None
        events, said = await self._begin(request)
        try:
            while said is not None:
                yield said
                try:
                    async with _until(request.deadline):
                        said = await events.next()
                except Transient as error:
                    raise error.error from error
                except TimeoutError as error:
                    raise _late() from error
        finally:
            await events.aclose()

    async def _begin(self, request: GenerationRequest) -> tuple[Events, Said]:
        """The stream with the first that it says, after as many attempts as it takes or are allowed."""
        attempt = 1
        while True:
            try:
                async with _until(request.deadline):
                    return await self._attempt(request)
            except TimeoutError as error:
                raise _late() from error
            except Transient as error:
                # Full jitter: replicas that failed together must not come back together.
                pause = error.wait + random.uniform(0, self._options.backoff_s * 2 ** (attempt - 1))
                late = request.deadline is not None and time.time() + pause > request.deadline
                if attempt == self._options.attempts or pause > self._options.timeout_s or late:
                    raise error.error from error
            attempt += 1
            await asyncio.sleep(pause)

    async def _attempt(self, request: GenerationRequest) -> tuple[Events, Said]:
        response = await self._send("POST", "chat/completions", await self._body(request))
        if not response.is_success:
            raise refusal(response, self._where, request.adapter)
        events = Events(response, self._where)
        try:
            # Some servers say at once that they will answer, long before they do.
            while (said := await events.next()) is not None:
                if said.begins:
                    return events, said
        except BaseException:
            await events.aclose()
            raise
        await events.aclose()
        raise Transient(ModelUnavailable(f"{self._where} broke off its answer before the first word"))

    async def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """The response: still open when it is a success, read and closed otherwise."""
        if self._options.api_key_env and not self._options.api_key:
            raise ModelUnavailable(f"{self._where} needs a key: set the variable {self._options.api_key_env}")
        headers: dict[str, str] = {}
        _W3C.inject(headers)  # the span that this is part of, where there is one
        request = self._client.build_request(method, path, json=body, headers=headers)
        try:
            try:
                response = await self._client.send(request, stream=True)
            except STALE:
                response = await self._client.send(request, stream=True)
            if not response.is_success:
                try:
                    await response.aread()
                finally:
                    await response.aclose()
        except httpx.TransportError as error:
            raise unreachable(error, self._where) from error
        return response

    async def _listed(self) -> list[str]:
        """The names of the server's models; none when it serves no such list."""
        response = await self._send("GET", "models")
        if response.status_code in (404, 405):
            return []
        if not response.is_success:
            raise refusal(response, self._where)
        try:
            return [str(row["id"]) for row in json.loads(await response.aread())["data"]]
        except httpx.TransportError as error:
            raise unreachable(error, self._where) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelUnavailable(f"{self._where} does not speak the OpenAI protocol: no list of models") from error
        finally:
            await response.aclose()

    async def _body(self, request: GenerationRequest) -> dict[str, Any]:
        if not self._model:
            known = await self._listed()
            if not known:
                raise ModelUnavailable(f"{self._where} lists no model; name one in the option `model`")
            self._model = known[0]
        model = self._model
        if request.adapter is not None:
            model = self._options.adapter_form.replace("{model}", model).replace("{adapter}", request.adapter)
        made = openai_request.body(request, model, self._options.structured, self._options.limit_field)
        return {name: value for name, value in {**made, **self._options.extra}.items() if value is not None}

    def _hidden(self, request: GenerationRequest, masked: Mask) -> GenerationRequest:
        """The request as it may leave."""
        if not self._hides:
            return request
        rows = tuple(Message(role=row.role, content=masked.mask(row.content)) for row in request.messages)
        return request.model_copy(update={"messages": rows})

    @property
    def _hides(self) -> bool:
        return self._options.outside and self._options.mask

    @property
    def _where(self) -> str:
        """The server, without anything secret that its URL may contain."""
        url = self._client.base_url
        return f"the endpoint {url.scheme}://{url.host}" + (f":{url.port}" if url.port else "")


def _until(deadline: float | None) -> AbstractAsyncContextManager[Any]:
    """Ends what is awaited inside with TimeoutError when the deadline (Unix time) passes, or has passed."""
    if deadline is None:
        return asyncio.timeout(None)
    left = deadline - time.time()
    if left <= 0:
        raise TimeoutError
    return asyncio.timeout(left)


def _late() -> DeadlineExceeded:
    return DeadlineExceeded("the deadline passed before the endpoint was done")
