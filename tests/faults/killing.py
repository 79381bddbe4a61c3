"""A consultation whose server is killed at every point of every turn, and what must hold after each kill."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import httpx

from orchestrator import graph
from orchestrator.contracts import UserMessage
from tests.faults.stories import STORY
from tests.faults.victims import Victim, Victims, done

Message = dict[str, Any]
Next = Callable[[dict[str, Any]], Message]


def replied(reply: dict[str, Any]) -> Message:
    """The answer to all that was asked back."""
    return {"reply": {question["id"]: "没说" for question in reply["questions"]}}


TURNS: tuple[tuple[str, Next], ...] = (
    ("question", lambda _: {"content": STORY}),
    ("answer", replied),
    ("correction", lambda _: {"confirm": {"ok": False, "changes": {"principal": "六万"}}}),
    ("confirm", lambda _: {"confirm": {"ok": True}}),
    ("follow-up", lambda _: {"content": "利息可以要多少?"}),
    ("supposition", lambda _: {"content": "如果他有担保人呢?"}),
    ("document", lambda _: {"content": "请帮我写一份起诉状"}),
    ("lookup", lambda _: {"content": "民法典第675条是什么?"}),
    ("search", lambda _: {"content": "有没有类似的案例?"}),
    ("calculation", lambda _: {"content": "借款六万元,年利率12%,从2024年3月1日到2025年3月1日,利息是多少?"}),
    ("courtesy", lambda _: {"content": "谢谢"}),
)


STEPS = frozenset(graph.build().get_graph().nodes) - {"__start__", "__end__"}
POINTS = STEPS | {"commit", "reply"}


class Client:
    """A client that never gives up: it sends a message with one key until it is answered, and keeps what it was told.

    `streams`: whether it takes replies as events. `kills` counts the points at which its servers died.
    """

    def __init__(self, victims: Victims, streams: bool = False) -> None:
        self._victims, self._streams = victims, streams
        self.told: list[tuple[Message, dict[str, Any]]] = []
        self.kills: Counter[tuple[str, str]] = Counter()
        self.id = ""

    def begin(self) -> None:
        """Make the session."""
        server = self._victims.start()
        made = server.client.post("/v1/consultations", json={})
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        server.end(signal.SIGKILL)

    def turn(self, kind: str, message: Message, points: Collection[str]) -> dict[str, Any]:
        """Have the message answered, whatever it takes: the server is killed at each of the turn's points that has one
        of the names, from the first to the last.
        """
        message = UserMessage.model_validate(message).cleaned().model_dump(mode="json", exclude_none=True)
        key, died = f"key-{len(self.told)}", list[str]()
        while True:
            server = self._victims.start(points, died)
            self.require_kept(server, message)
            reply = self._sent(server, message, key)
            if reply is not None:
                break
            died.append(server.seen()[-1])
        self.kills.update((kind, point.rpartition("-")[0]) for point in died)
        self.told.append((message, reply))
        server.end(signal.SIGKILL)
        server = self._victims.start()
        self.require_kept(server, message)
        assert self._sent(server, message, key) == reply, "one key gives one turn"
        server.end(signal.SIGKILL)
        return reply

    def require_kept(self, server: Victim, sent: Message) -> None:
        """All turns that were acknowledged are there, once, in order; one more only as a whole."""
        held = server.client.get(f"/v1/consultations/{self.id}")
        assert held.status_code == 200, held.text
        turns = held.json()["transcript"]
        assert [row["number"] for row in turns] == list(range(1, len(turns) + 1))
        assert [(row["message"], row["reply"]) for row in turns[: len(self.told)]] == self.told
        for row in turns[len(self.told) :]:
            assert len(turns) == len(self.told) + 1
            assert (row["message"], row["reply"]["turn"]) == (sent, len(turns))

    def _sent(self, server: Victim, message: Message, key: str) -> dict[str, Any] | None:
        """The reply, None when the server died on the way to it."""
        headers = {"Idempotency-Key": key} | ({"Accept": "text/event-stream"} if self._streams else {})
        while True:
            try:
                answer = server.client.post(f"/v1/consultations/{self.id}/messages", json=message, headers=headers)
            except httpx.TransportError:
                server.end(signal.SIGKILL)
                return None
            if answer.status_code != 409:
                break
            assert answer.json()["error"]["code"] == "session_busy"
            time.sleep(0.05)  # the lease of the server that was killed
        assert answer.status_code == 200, answer.text
        return done(answer.text) if self._streams else dict(answer.json())


def consult(client: Client, points: Callable[[], Collection[str]]) -> None:
    """A whole consultation with turns of every kind, whose servers die at `points` (asked for anew for each turn)."""
    client.begin()
    reply: dict[str, Any] = {}
    for kind, message in TURNS:
        reply = client.turn(kind, message(reply), points())
        while kind == "answer" and reply["status"] == "question":
            reply = client.turn(kind, message(reply), points())


def substance(client: Client) -> list[dict[str, Any]]:
    """The replies without what differs from run to run: how long each part took."""
    return [{name: value for name, value in reply.items() if name != "trace"} for _, reply in client.told]
