"""Who is spending: the request being served travels in a context variable, and models count what they use to it.

A consultation's turn that goes on without its client still counts: its task has inherited the variable.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import Scope

from models.contracts import Chunk, GenerationRequest, Generator, ModelCard, Usage
from orchestrator.services import ModelPool
from orchestrator.tracking import Load

Charge = Callable[[str, str, str, int, int], None]  # account, route, model, prompt and completion tokens


@dataclass
class Spender:
    """A request that is being served. `told`: its route says itself what was used, so its models do not."""

    account: str
    scope: Scope
    charge: Charge
    told: bool = False

    @property
    def route(self) -> str:
        """The template of the route's path, known once the request was routed."""
        return str(getattr(self.scope.get("route"), "path_format", ""))

    def add(self, model: str, prompt: int, completion: int) -> None:
        """Count tokens."""
        self.charge(self.account, self.route, model, prompt, completion)


spender: ContextVar[Spender | None] = ContextVar("lexhub_spender", default=None)


def tell() -> Callable[[str, int, int], None]:
    """From now on the request at hand counts its tokens itself, by the function returned."""
    found = spender.get()
    if found is None:  # served without accounts, as by a command of the command line
        return lambda model, prompt, completion: None
    found.told = True
    return found.add


class CountedPool:
    """A ModelPool whose models count what they use to the request at hand."""

    def __init__(self, pool: ModelPool) -> None:
        self._pool, self.watch = pool, pool.watch

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all deployed models."""
        return self._pool.cards()

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self._pool.load(name)

    def generator(self, name: str) -> Generator:
        """The model itself. Raises KeyError."""
        return _Counted(self._pool.generator(name), name)


class _Counted:
    """A Generator that counts; characters where the model tells no tokens, or was not heard to its end."""

    def __init__(self, model: Generator, name: str) -> None:
        self._model, self._name = model, name

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """As the model's own."""
        who, usage, said = spender.get(), None, 0
        try:
            chunks = self._model.generate(request)
            async with aclosing(chunks) as stream:  # type: ignore[type-var]
                async for chunk in stream:
                    said += len(chunk.text)
                    usage = chunk.usage or usage
                    yield chunk
        finally:
            if who is not None and not who.told and (usage or said):
                asked = sum(len(message.content) for message in request.messages)
                used = usage or Usage(prompt_tokens=asked, completion_tokens=said)
                who.add(self._name, used.prompt_tokens, used.completion_tokens)

    async def check(self) -> None:
        """As the model's own."""
        await self._model.check()
