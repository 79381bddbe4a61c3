"""The two clients, `Lexhub` and `AsyncLexhub`: the same calls, blocking and awaited."""

from types import TracebackType
from typing import Self

import httpx

from deploy.sdk import admin, experts, service, sessions
from deploy.sdk.links import AsyncLink, Link
from deploy.sdk.methods import Answered, Streamed

LOCAL = "http://127.0.0.1:8000"
TIMEOUT_S = 120.0
RETRIES = 2


class Calls:
    """Everything that can be asked of a server; the docstrings stand with the functions that are named here."""

    create = Answered(sessions.create)
    send = Answered(sessions.send)
    stream = Streamed(sessions.stream)
    follow = Streamed(sessions.follow)
    consultation = Answered(sessions.consultation)
    consultations = Answered(sessions.consultations)
    delete = Answered(sessions.delete)
    delete_all = Answered(sessions.delete_all)
    export = Answered(sessions.export)
    export_all = Answered(sessions.export_all)
    report = Answered(sessions.report)
    document = Answered(sessions.document)
    feedback = Answered(sessions.feedback)

    route = Answered(experts.route)
    keywords = Answered(experts.keywords)
    search_articles = Answered(experts.search_articles)
    search_cases = Answered(experts.search_cases)
    article = Answered(experts.article)
    versions = Answered(experts.versions)
    case = Answered(experts.case)
    corpora = Answered(experts.corpora)
    search_documents = Answered(experts.search_documents)
    calculators = Answered(experts.calculators)
    calculate = Answered(experts.calculate)

    templates = Answered(service.templates)
    draft = Answered(service.draft)
    models = Answered(service.models)
    usage = Answered(service.usage)
    ready = Answered(service.ready)
    privacy = Answered(service.privacy)


class AsyncAdmin(admin.Calls):
    """What an operator can ask of a server, awaited."""

    def __init__(self, link: AsyncLink) -> None:
        self.link = link


class Admin(admin.Calls):
    """What an operator can ask of a server, blocking."""

    def __init__(self, link: Link) -> None:
        self.link = link


class AsyncLexhub(Calls):
    """A server's API, awaited. Concurrent calls are safe. Close it, or use it as an async context manager."""

    def __init__(
        self,
        url: str = LOCAL,
        key: str = "",
        subject: str = "",
        timeout: float = TIMEOUT_S,
        transport: httpx.AsyncBaseTransport | None = None,
        retries: int = RETRIES,
    ) -> None:
        """`key`: the API key; `subject`: the end user for whom it is used, whose consultations are kept apart.

        `timeout`: seconds that the server may be silent. `retries`: how often a call that may be repeated is sent again
        when the server is full or away.
        """
        http = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport, trust_env=False)
        self.link = AsyncLink(http, _headers(key, subject), retries)

    @property
    def admin(self) -> AsyncAdmin:
        """The operator's calls."""
        return AsyncAdmin(self.link)

    def of(self, subject: str) -> "AsyncLexhub":
        """The same server over the same connections for another end user. Closing either closes both."""
        other = object.__new__(AsyncLexhub)
        other.link = AsyncLink(self.link.http, {**self.link.headers, **_headers("", subject)}, self.link.retries)
        return other

    async def aclose(self) -> None:
        """Close the connections."""
        await self.link.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Lexhub(Calls):
    """A server's API, blocking. Calls from several threads are safe. Close it, or use it as a context manager."""

    def __init__(
        self,
        url: str = LOCAL,
        key: str = "",
        subject: str = "",
        timeout: float = TIMEOUT_S,
        transport: httpx.BaseTransport | None = None,
        retries: int = RETRIES,
    ) -> None:
        """As AsyncLexhub."""
        http = httpx.Client(base_url=url, timeout=timeout, transport=transport, trust_env=False)
        self.link = Link(http, _headers(key, subject), retries)

    @property
    def admin(self) -> Admin:
        """The operator's calls."""
        return Admin(self.link)

    def close(self) -> None:
        """Close the connections."""
        self.link.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _headers(key: str, subject: str) -> dict[str, bytes]:
    given = {"Authorization": f"Bearer {key}" if key else "", "Lexhub-Subject": subject}
    return {name: value.encode() for name, value in given.items() if value}
