"""Every route of the API has its call, and every call its route."""

import re
from typing import Any

from deploy.api import build_api
from deploy.sdk import admin, calls, client
from deploy.sdk.events import Following
from deploy.sdk.methods import Answered, Streamed
from deploy.settings import load
from deploy.shapes.keys import NewKey
from orchestrator.services import Services
from orchestrator.traffic import Traffic

# Chat completions have their own clients, a page is for people, and the rest is asked of all models at once.
WITHOUT = {("POST", "/v1/chat/completions"), ("GET", "/v1/models/{name}"), ("GET", "/healthz")}
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "feedback": ("x", 1, "up"), "calculate": ("x", {}), "article": ("x", 1), "versions": ("x", 1),
    "weigh": ("x", 1.0), "try_out": ("x", 1.0), "pin": ("dialogue", "x"), "unpin": ("dialogue",),
    "chain": ("dialogue", ["x"]), "replace": (Traffic(),), "roll_back": (0,), "make_key": (NewKey(name="x"),),
    "send": ("x", "x"), "stream": ("x", "x"), "document": ("x", "x"),
    **dict.fromkeys(("create", "consultations", "delete_all", "export_all", "corpora", "calculators", "templates",
                     "models", "usage", "ready", "privacy", "traffic", "revisions", "graph", "requests", "storage", "decisions", "keys", "metrics"), ()),
}  # fmt: skip


def described(owner: type) -> list[calls.Request]:
    """What the calls of a client send, with arguments that stand for any."""
    found = []
    for name, method in vars(owner).items():
        if isinstance(method, Answered | Streamed):
            made = getattr(owner, name)(*ARGUMENTS.get(name, ("x",)))
            found.append(made.request() if isinstance(made, Following) else made.request)
    return found


def route_of(request: calls.Request, routes: set[tuple[str, str]]) -> tuple[str, str]:
    """The route that takes the request: of several, the one with the fewest names of its own."""
    taking = [
        (method, path)
        for method, path in routes
        if method == request.method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)), request.path)
    ]
    assert taking, f"no route takes {request.method} {request.path}"
    return min(taking, key=lambda route: route[1].count("{"))


def test_every_route_has_its_call(shared: Services) -> None:
    paths = build_api(load("embedded", {}), shared).openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    reached = {route_of(request, routes) for request in [*described(client.Calls), *described(admin.Calls)]}
    assert routes - reached == WITHOUT
