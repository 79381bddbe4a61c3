"""The last requests of one replica, recorded while they are worked on. Bounded in number and in size.

Kept are requests that did work (a step, a search, a model) or failed by our fault; reading lists, what operators do and
what machines ask all the time is nobody's trouble, and would push the others out.
"""

import re
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from deploy.shapes.operations import Found, Judged, Outcome, Piece, RequestRow, RequestTrace, Search
from models.masking import mask
from orchestrator.decisions import Decision
from retrievers.contracts import CaseHit, DocumentHit, Hit

KEPT = 200  # requests of a replica
PIECES, DECISIONS, SEARCHES, HITS = 400, 50, 8, 10  # of one request; hits of one search
_REASON = re.compile("[::].*", re.DOTALL)  # behind it stand words that an article shares with the story

current: "ContextVar[Record | None]" = ContextVar("lexhub_record", default=None)


class Record:
    """One request while it is worked on. What comes past the bounds is left out."""

    def __init__(self, records: "Records", id: str, method: str) -> None:
        self.id, self.at, self.method = id, time.time(), method
        self.started = time.perf_counter()
        self.route, self.status, self.ms, self.code, self.key, self.session = "", 0, 0.0, "", "", ""
        self.outcome: Outcome | None = None
        self.pieces: list[Piece] = []
        self.decisions: list[Decision] = []
        self.searches: list[Search] = []
        self._records: Records | None = records

    def keep(self) -> None:
        """There is something to see: from now on the request is among the last ones."""
        if self._records is not None:
            self._records.add(self)
            self._records = None

    def ended(self, route: str, status: int, code: str, key: str, session: str) -> None:
        """Its answer is sent, or its client has left."""
        self.route, self.status, self.code, self.key, self.session = route, status, code, key, session
        self.ms = _ms(time.perf_counter() - self.started)
        if status >= 500:
            self.keep()

    def row(self, replica: str) -> RequestRow:
        """As the list shows it."""
        return RequestRow(**self._told(replica))

    def trace(self, replica: str) -> RequestTrace:
        """In full."""
        decisions = [
            one.model_copy(
                update={"reason": mask(one.reason), "others": {name: mask(why) for name, why in one.others.items()}}
            )
            for one in self.decisions
        ]
        return RequestTrace(
            **self._told(replica),
            pieces=tuple(sorted(self.pieces, key=lambda one: one.began)),
            decisions=tuple(decisions),
            searches=tuple(self.searches),
        )

    def _told(self, replica: str) -> dict[str, Any]:
        models = dict.fromkeys(one.model for one in self.decisions if one.model)
        return {
            "id": self.id,
            "at": round(self.at, 3),
            "replica": replica,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "ms": self.ms if self.status else _ms(time.perf_counter() - self.started),
            "code": self.code,
            "key": self.key,
            "session": self.session,
            "models": tuple(models),
            "outcome": self.outcome,
        }


class Records:
    """The last requests of one replica. For one event loop."""

    def __init__(self) -> None:
        self._kept: deque[Record] = deque(maxlen=KEPT)

    def add(self, record: Record) -> None:
        """Keep a request, for as long as there are not KEPT newer ones."""
        self._kept.append(record)

    def begin(self, id: str, method: str) -> Record:
        """A request begins; it is kept once there is something to see."""
        return Record(self, id, method)

    def latest(self, limit: int, replica: str) -> list[RequestRow]:
        """The newest first."""
        return [record.row(replica) for record in list(self._kept)[::-1][:limit]]

    def find(self, id: str, replica: str) -> RequestTrace | None:
        """The newest request of this id."""
        return next((record.trace(replica) for record in reversed(self._kept) if record.id == id), None)


def worked(kind: str, name: str, started: float, code: str = "", **more: Any) -> None:
    """Note a piece of the current request's work, which ends now; `started` is a reading of `time.perf_counter()`."""
    record = current.get()
    if record is None or len(record.pieces) >= PIECES:
        return
    now = time.perf_counter()
    piece = {"kind": kind, "name": name, "began": _ms(started - record.started), "ms": _ms(now - started), "code": code}
    record.pieces.append(Piece.model_validate(piece | more))
    if kind != "storage":
        record.keep()


def decided(decision: Decision) -> None:
    """Note a choice that the current request made."""
    record = current.get()
    if record is not None and len(record.decisions) < DECISIONS:
        record.decisions.append(decision)


def searched(call: str, started: float, result: object) -> None:
    """Note what a search of the current request found; other results of the library are passed over."""
    record = current.get()
    if record is None or len(record.searches) >= SEARCHES or not isinstance(result, Sequence):
        return
    hits = [one for one in result if isinstance(one, Hit | CaseHit | DocumentHit)]
    if hits:
        began = _ms(started - record.started)
        shown = tuple(_found(hit) for hit in hits[:HITS])
        record.searches.append(Search(call=call, began=began, found=len(hits), hits=shown))


def replied(mode: str, status: str, reply: Mapping[str, Any]) -> None:
    """Note how the current request's turn ended; `reply` is empty for one that failed."""
    record = current.get()
    if record is None:
        return
    if not reply:
        record.outcome = Outcome(mode=mode, status=status)
        return
    citations = {"verified": 0, "digest": 0, "rejected": 0}
    for citation in reply["citations"]:
        citations[citation["status"]] += 1
    judged: list[Judged] = []
    for entry in reply["trace"]:
        details = entry["details"]
        citations["rejected"] += len(details.get("rejected", ()))
        for name, used in (("kept", True), ("dropped", False)):
            judged += [
                Judged(id=one["id"], used=used, reason=_REASON.sub("", one["reason"])) for one in details.get(name, ())
            ]
    record.outcome = Outcome(
        mode=mode,
        status=status,
        route=reply["route"],
        domain=reply["domain"],
        questions=len(reply["questions"]),
        citations=citations,
        degraded=tuple(dict.fromkeys(reply["degraded"])),
        judged=tuple(judged),
    )


def _found(hit: Hit | CaseHit | DocumentHit) -> Found:
    scores = {name: round(score, 4) for name, score in hit.scores.items()}
    return Found(id=_id(hit), score=round(hit.score, 4), scores=scores)


def _id(hit: Hit | CaseHit | DocumentHit) -> str:
    if isinstance(hit, CaseHit):
        return hit.case.id
    # The names of private files are their owner's words.
    return hit.passage.id if isinstance(hit, Hit) else hit.passage.corpus


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
