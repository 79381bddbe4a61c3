"""Who may enter the console: operators who signed in with a key of the scope admin, or this machine where no keys are.

A key is checked against the API, kept in the memory of this process alone, and named by a random cookie. Wrong keys are
slow and bounded, and are told nothing about why they are wrong.
"""

import asyncio
import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from deploy.sdk import AsyncLexhub, LexhubError

COOKIE = "lexhub_console"
LIFE_S = 8 * 3600.0
SESSIONS = 100  # the oldest makes room
LONGEST_KEY = 256
WRONG_S = 1.0  # how long a wrong key takes
SPAN_S, OF_ONE, OF_ALL = 300.0, 5, 60  # wrong keys that are heard in a time, from one address and from all
ADDRESSES = 1000
LOOKED_S = 5.0  # how long it is taken for granted whether the server has keys
REFUSED = (401, 403)
Connect = Callable[[str], AsyncLexhub]
Denial = Literal["wrong", "often", "away"]


@dataclass(frozen=True)
class Session:
    """One operator who signed in; `ends` by the keeper's clock."""

    operator: AsyncLexhub
    ends: float


class Keeper:
    """Made once for a page, with what makes a client of the API for a key. For one event loop."""

    def __init__(self, connect: Connect, clock: Callable[[], float] = time.monotonic) -> None:
        self._connect, self._clock = connect, clock
        self._nobody = connect("")
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=OF_ALL)
        self._keyless: tuple[float, bool] = (-LOOKED_S, False)
        self._checking = asyncio.Semaphore(2)

    async def admitted(self, cookie: str, address: str, host: str) -> AsyncLexhub | None:
        """The operator of a request with this cookie, from this address and to this Host; None for nobody."""
        session = self._sessions.get(_digest(cookie)) if cookie else None
        if session is not None:
            if self._clock() < session.ends:
                return session.operator
            await self.leave(cookie)
        if _local(address) and _local(urlsplit(f"//{host}").hostname or "") and await self._without_keys():
            return self._nobody
        return None

    async def enter(self, key: str, address: str) -> tuple[str, Denial | None]:
        """The cookie of a new session for this key, or why there is none."""
        if self._too_often(address):
            return "", "often"
        async with self._checking:
            if self._too_often(address):  # of those that waited here together
                return "", "often"
            operator = self._connect(key if _readable(key) else "-")
            try:
                await operator.admin.traffic()
            except LexhubError as error:
                await operator.aclose()
                if not refused(error):
                    return "", "away"
                self._note(address)
                await asyncio.sleep(WRONG_S)
                return "", "wrong"
        cookie = secrets.token_urlsafe(32)
        self._sessions[_digest(cookie)] = Session(operator, self._clock() + LIFE_S)
        if len(self._sessions) > SESSIONS:
            await self._sessions.popitem(last=False)[1].operator.aclose()
        return cookie, None

    async def leave(self, cookie: str) -> None:
        """End the session."""
        session = self._sessions.pop(_digest(cookie), None)
        if session is not None:
            await session.operator.aclose()

    async def close(self) -> None:
        """End all sessions, and close all connections."""
        operators = [self._nobody, *(session.operator for session in self._sessions.values())]
        self._sessions.clear()
        for operator in operators:
            await operator.aclose()

    async def anybody(self) -> AsyncLexhub | None:
        """An operator for work that goes on behind all of them: the latest whose session is open."""
        now = self._clock()
        for session in reversed(self._sessions.values()):
            if now < session.ends:
                return session.operator
        return self._nobody if await self._without_keys() else None

    async def _without_keys(self) -> bool:
        """Whether the server admits who has no key; while it is away, whether it did when last heard of."""
        looked, known = self._keyless
        if self._clock() < looked + LOOKED_S:
            return known
        try:
            await self._nobody.admin.traffic()
            found = True
        except LexhubError as error:
            found = known and not refused(error)
        self._keyless = self._clock(), found
        return found

    def _too_often(self, address: str) -> bool:
        since = self._clock() - SPAN_S
        of_one = [at for at in self._wrong.get(address, ()) if at > since]
        return len(of_one) >= OF_ONE or sum(at > since for at in self._all) >= OF_ALL

    def _note(self, address: str) -> None:
        self._wrong.setdefault(address, deque(maxlen=OF_ONE)).append(self._clock())
        self._wrong.move_to_end(address)
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)
        self._all.append(self._clock())


def cookie_of(cookies: Mapping[str, str]) -> str:
    """The session's cookie among those of a request."""
    return cookies.get(COOKIE, "")


def refused(error: LexhubError) -> bool:
    """Whether the server does not, or no longer, admit the key."""
    return error.status in REFUSED


def _readable(key: str) -> bool:
    """Whether a header can hold the key."""
    return bool(key) and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()


def _digest(cookie: str) -> str:
    """Sessions are kept by their cookie's digest, so that looking one up tells nothing by its time."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def _local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
