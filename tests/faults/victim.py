"""A server that dies where it is told to: the API, the store and the library of this tree in one process, no Ray.

    python -m tests.faults.victim HOME SESSIONS

All is loaded once. Each line of JSON on stdin, {"port": …, "at": [names], "spared": [points], "seen": FILE}, forks a
server from it, and its process id is written to stdout. The server notes in FILE each point of a turn that it passes: a
step of the graph that is done, a commit that is about to be made, the reply that is about to be sent. It kills itself,
as kill -9 does, at the first of them that has one of the names and is not spared. The hooks are outside the product:
they wrap the steps, SQLAlchemy's commits and ASGI's messages.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import psutil
import uvicorn
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy import local, settings
from deploy.api import build_api
from orchestrator import graph
from orchestrator.domains import packs
from orchestrator.services import Services
from orchestrator.state import State, turn
from tests.faults.stories import STORY


class Points:
    """The points of turns that were passed, in the order in which they were."""

    def __init__(self) -> None:
        self.at: frozenset[str] = frozenset()  # the names of the points to die at
        self.spared: frozenset[str] = frozenset()  # points not to die at, as `passed` writes them
        self.seen = -1  # a file descriptor
        self.turn = False  # whether a message is being worked on
        self._passed: Counter[str] = Counter()

    def begin(self) -> None:
        """A message is there; what an earlier one passed, which was refused, does not count."""
        self.turn, self._passed = True, Counter()
        os.ftruncate(self.seen, 0)

    def passed(self, name: str) -> None:
        """Note the point, and die there when it is the one."""
        if not self.turn:
            return
        self._passed[name] += 1
        point = f"{name}-{self._passed[name]}"
        os.write(self.seen, f"{point}\n".encode())
        if name in self.at and point not in self.spared:
            os.kill(os.getpid(), signal.SIGKILL)


POINTS = Points()


class Watched:
    """Middleware: a message begins a turn, and its reply is a point before it is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/messages"):
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            streams = dict(message.get("headers", [])).get(b"content-type", b"").startswith(b"text/event-stream")
            last = b"event: done" in message.get("body", b"")
            if (message["type"] == "http.response.start" and not streams) or last:
                POINTS.passed("reply")
            await send(message)

        POINTS.begin()
        await self._app(scope, receive, watched)
        POINTS.turn = False


def watch_steps() -> None:
    """Every step of the graph is a point when it is done, also when it ends by asking the client."""
    for module in vars(graph).values():
        if isinstance(module, ModuleType) and module.__name__.startswith("orchestrator.steps."):
            module.run = _watched(module.run, module.__name__.rpartition(".")[2])  # type: ignore[attr-defined]


def _watched(run: Callable[..., Any], name: str) -> Callable[..., Any]:
    if asyncio.iscoroutinefunction(run):

        @wraps(run)
        async def later(*args: Any, **named: Any) -> Any:
            try:
                return await run(*args, **named)
            finally:
                POINTS.passed(name)

        return later

    @wraps(run)
    def now(*args: Any, **named: Any) -> Any:
        try:
            return run(*args, **named)
        finally:
            POINTS.passed(name)

    return now


@event.listens_for(Engine, "commit")
def _committing(connection: Any) -> None:
    if threading.current_thread() is threading.main_thread():  # the heartbeat's come at any time
        POINTS.passed("commit")


async def warm(services: Services, story: str) -> None:
    """Consult once, so that the servers that are forked do not each begin cold."""
    compiled = graph.build()
    settings: State = {"mode": "normal", "auto_confirm": True, "stateless": True}
    for number, text in enumerate((story, "请帮我写一份起诉状", "有没有类似的案例?"), 1):
        await compiled.ainvoke({**settings, **turn({"content": text}, number)}, context=services)
    turned = turn({"content": story}, 1)
    await compiled.ainvoke({**settings, **turned, "mode": "professional"}, context=services)


def serve(app: FastAPI, order: dict[str, Any]) -> None:
    """Serve until told to stop, or to die."""
    POINTS.at, POINTS.spared = frozenset(order["at"]), frozenset(order["spared"])
    POINTS.seen = os.open(order["seen"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    uvicorn.run(Watched(app), host="127.0.0.1", port=order["port"], log_level="critical", timeout_graceful_shutdown=10)


def main(home: str, sessions: str) -> None:
    """Fork a server for each line of stdin."""
    packs()
    watch_steps()
    loaded = settings.load("embedded", {"home": home, "sessions": sessions})
    services = local.services(loaded)
    asyncio.run(warm(services, STORY))
    app = build_api(loaded, Services(services.library, services.models, services.limits))
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(app, json.loads(line))
            os._exit(0)
        print(pid, flush=True)
    for child in psutil.Process().children():  # whoever gave the orders is gone
        child.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
