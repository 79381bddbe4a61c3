"""A turn's server-sent events as rows, without the network: what to ask for, what a line means, where to go on."""

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from deploy.sdk.calls import Body, Request
from deploy.sdk.errors import LexhubError
from orchestrator.contracts import Event

Row = tuple[int, Event]  # the number of the event in its turn, and the event


@dataclass
class Following:
    """A stream that is followed to its end over as many connections as it takes.

    `body`: the message whose turn it is, sent again under its idempotency key when the stream breaks off; without one
    the stream is only read. `after`: the number of the last event that was seen.
    """

    events: str
    """The path at which the events of a turn can be read again."""

    query: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    body: Body = None
    key: str = ""
    after: int = 0
    finished: bool = False
    _fields: dict[str, str] = field(default_factory=dict)
    _rows: int = 0

    def request(self) -> Request:
        """What to send now."""
        self._fields, self._rows = {}, 0
        headers = {"Accept": "text/event-stream"}
        if self.after:
            headers["Last-Event-ID"] = str(self.after)
        if self.body is None:
            return Request("GET", self.events, None, self.query, headers)
        return Request("POST", self.path, self.body, {}, {**headers, "Idempotency-Key": self.key})

    def read(self, line: str) -> Row | None:
        """The row that this line ends, if any. Raises LexhubError for the event of an error, and for no event of ours.

        The server escapes whatever a reader of lines could take for the end of one.
        """
        if line:
            name, _, value = line.partition(":")
            if name == "data" and "data" in self._fields:
                value = f"{self._fields['data']}\n{value.removeprefix(' ')}"
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        if "data" not in fields:
            return None  # a comment, sent to keep the connection
        try:
            number = int(fields["id"])
            event = Event.model_validate({"kind": fields["event"], "data": json.loads(fields["data"])})
        except (KeyError, ValueError, ValidationError) as error:
            raise LexhubError("bad_answer", f"not an event of a Lexhub server: {error!r}"[:300], 200) from error
        self.after, self.finished = number, event.kind in ("done", "error")
        self._rows += 1
        if event.kind == "error":
            raise LexhubError(str(event.data["code"]), str(event.data["message"]), 200)
        return number, event

    def end(self) -> None:
        """The connection has ended. Raises LexhubError where the stream has not: it is to be gone on with."""
        nothing_left = self.body is None and not self._rows
        if not self.finished and not nothing_left:
            raise LexhubError("broken_off", "the stream ended before the turn did")

    def elsewhere(self, error: Exception) -> bool:
        """Whether the error says that the turn, begun over an earlier connection, goes on at another replica.

        It is read from there then; a turn under way is the one whose events are given where none is named.
        """
        if self.after and self.body is not None and isinstance(error, LexhubError) and error.code == "session_busy":
            self.body = None
            return True
        return False
