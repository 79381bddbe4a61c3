"""Any OpenAI-compatible server (vLLM, SGLang, ray.serve.llm, a cloud) as a model, over httpx.

Knows nothing of what is asked. Reads no environment: who builds it hands in the key.
"""

import asyncio
import json
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from models.contracts import Chunk, DeadlineExceeded, GenerationRequest, ModelUnavailable
from models.framing import framed
from models.masking import Mask, Unmasking
from models.openai_wire import Events, Transient, content, refusal, unreachable

T = TypeVar("T")


class Options(BaseModel):
    """`model` empty: the first that the server lists. `api_key_env` names the variable that holds the key; its value
    comes in `api_key`. `timeout_s` is the longest silence. `attempts` counts tries before the first token; between
    them up to `backoff_s`, doubled each time, is waited. `extra` goes into the body as it is, a null takes a key out.
    With `outside`, which the card sets, and `mask`, identity data is replaced before anything is sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(pattern=r"^https?://[^/\s]+")
    model: str = ""
    api_key_env: str = ""
    api_key: SecretStr | None = None
    timeout_s: float = Field(default=60, gt=0)
    connect_s: float = Field(default=5, gt=0)
    attempts: int = Field(default=3, ge=1, le=10)
    backoff_s: float = Field(default=0.5, ge=0)
    connections: int = Field(default=64, ge=1)
    proxy: str | None = None
    ca_file: Path | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
    outside: bool = False
    mask: bool = True


def build(options: dict[str, Any]) -> "HttpEndpoint":
    """The endpoint; nothing is sent yet. Raises pydantic's ValidationError for bad options."""
    return HttpEndpoint(Options.model_validate(options))


class HttpEndpoint:
    """A Generator with one pool of connections; use it in one event loop, and `aclose` it there.

    An adapter is asked for as such servers name it: in the place of the model.
    """

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._model = options.model
        key = options.api_key.get_secret_value() if options.api_key else ""
        self._client = httpx.AsyncClient(
            base_url=options.base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(options.timeout_s, connect=options.connect_s),
            limits=httpx.Limits(max_connections=options.connections),
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
        """Stream the server's answer. Only a failure before the first token is tried again."""
        masked = Mask()
        unmasking = Unmasking(masked)
        stream, event = await self._begin(framed(request), masked)
        reason, usage = None, None
        try:
            while event is not None:
                text, ended, counted = content(event)
                reason, usage = ended or reason, counted or usage
                if text := unmasking.feed(text):
                    yield Chunk(text=text)
                try:
                    event = await _within(request.deadline, stream.next())
                except Transient as error:
                    raise error.error from error
        finally:
            await stream.aclose()
        if reason is None:
            raise ModelUnavailable(f"{self._where} broke off its answer")
        yield Chunk(text=unmasking.close(), finish_reason=reason, usage=usage)

    async def _begin(self, request: GenerationRequest, masked: Mask) -> tuple[Events, dict[str, Any] | None]:
        """The stream with its first event, after as many attempts as it takes or are allowed."""
        attempt = 1
        while True:
            try:
                return await _within(request.deadline, self._attempt(request, masked))
            except Transient as error:
                if attempt == self._options.attempts:
                    raise error.error from error
                # Full jitter: replicas that failed together must not come back together.
                pause = error.wait + random.uniform(0, self._options.backoff_s * 2 ** (attempt - 1))
                if pause > self._options.timeout_s:
                    raise error.error from error
            attempt += 1
            await _within(request.deadline, asyncio.sleep(pause))

    async def _attempt(self, request: GenerationRequest, masked: Mask) -> tuple[Events, dict[str, Any] | None]:
        response = await self._send("POST", "chat/completions", await self._body(request, masked))
        if not response.is_success:
            raise refusal(response, self._where)
        stream = Events(response, self._where)
        try:
            return stream, await stream.next()
        except BaseException:
            await stream.aclose()
            raise

    async def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """The response: still open when it is a success, read and closed otherwise."""
        if self._options.api_key_env and not self._options.api_key:
            raise ModelUnavailable(f"{self._where} needs a key: set the variable {self._options.api_key_env}")
        try:
            response = await self._client.send(self._client.build_request(method, path, json=body), stream=True)
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

    async def _body(self, request: GenerationRequest, masked: Mask) -> dict[str, Any]:
        if not self._model:
            known = await self._listed()
            if not known:
                raise ModelUnavailable(f"{self._where} lists no model; name one in the option `model`")
            self._model = known[0]
        hide = masked.mask if self._options.outside and self._options.mask else str
        sampling = request.sampling
        body: dict[str, Any] = {
            "model": request.adapter or self._model,
            "messages": [{"role": row.role, "content": hide(row.content)} for row in request.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        if request.schema_ is not None:
            form = {"name": "output", "schema": request.schema_, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        return {name: value for name, value in {**body, **self._options.extra}.items() if value is not None}

    @property
    def _where(self) -> str:
        """The server, without anything secret that its URL may contain."""
        url = self._client.base_url
        return f"the endpoint {url.scheme}://{url.host}" + (f":{url.port}" if url.port else "")


async def _within(deadline: float | None, work: Awaitable[T]) -> T:
    """The result of `work`, or DeadlineExceeded when the deadline (Unix time) passes first."""
    try:
        # wait_for is given the time left even when that is nothing, so that `work` is always awaited.
        return await asyncio.wait_for(work, None if deadline is None else max(deadline - time.time(), 0))
    except TimeoutError as error:
        raise DeadlineExceeded("the deadline passed before the endpoint was done") from error
