"""What clients do at a server whose replicas die."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.serve.conftest import Server


def asking(model: str, stream: bool = False) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "朋友欠我钱不还"}], "stream": stream}


def completed(client: httpx.Client, model: str) -> dict[str, Any]:
    """The message of a chat completion."""
    answer = client.post("/v1/chat/completions", json=asking(model))
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["choices"][0]["message"])


def speaker(client: httpx.Client) -> str:
    answer = client.post("/v1/chat/completions", json=asking("dialogue"))
    return answer.json()["choices"][0]["message"]["lexhub"]["model"] if answer.status_code == 200 else ""


def keyworder(client: httpx.Client) -> str:
    answer = client.post("/v1/chat/completions", json=asking("keyword"))
    return answer.json()["choices"][0]["message"]["lexhub"]["model"] if answer.status_code == 200 else ""


def streamed(server: Server, model: str, text: str, heard: list[str] | None = None) -> list[str]:
    """The data of all events of a streamed chat completion that asks `text`; each is in `heard` as soon as it comes."""
    heard = [] if heard is None else heard
    asked = asking(model, True) | {"messages": [{"role": "user", "content": text}]}
    with server.client() as client, client.stream("POST", "/v1/chat/completions", json=asked) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line.startswith("data: "):
                heard.append(line[6:])
    return heard


def session(client: httpx.Client, **settings: str) -> str:
    return str(client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto", **settings}).json()["id"])


def transcript(server: Server, id: str) -> list[dict[str, Any]]:
    with server.client() as client:
        return list(client.get(f"/v1/consultations/{id}").json()["transcript"])


def follow(server: Server, path: str, after: int = 0, **request: Any) -> list[tuple[int, str, dict[str, Any]]]:
    """The events of a stream: number, kind, data."""
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after), **request.pop("headers", {})}
    with (
        server.client() as client,
        client.stream(request.pop("method", "GET"), path, headers=headers, **request) as got,
    ):
        assert got.status_code == 200, got.read()
        return events(got.iter_lines())


def events(lines: Iterator[str]) -> list[tuple[int, str, dict[str, Any]]]:
    found, row = [], dict[str, str]()
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            row[name] = value
        elif "event" in row:
            found.append((int(row["id"]), row["event"], json.loads(row["data"])))
            row = {}
    return found
