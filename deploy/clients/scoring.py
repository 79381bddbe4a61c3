"""What a consultation with a scripted client was worth. Pure: no clock, no network.

Two kinds of intervals, both 95 %: Wilson for what is yes or no of each client, and a bootstrap over clients (2,000
draws, seeded) where a client brings several things that are counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import stats

from deploy.clients.scripts import Client, Held
from orchestrator.domains import NAMES, OTHER

UNCLEAR = "不清楚"
SAID = "这个我前面已经说过了。"
TURNS = 3  # a decisive fact counts if it was asked for within so many turns
Group = Literal["route", "field", "not_asked", "told", "asked_needlessly", "unread", "articles", "citations", "failed"]
GROUPS: dict[Group, str] = {
    "failed": "没有得到答复",
    "route": "路线判错",
    "field": "领域判错",
    "told": "追问已经说过的事",
    "asked_needlessly": "情况齐全仍追问",
    "not_asked": "没有问到关键事实",
    "unread": "回答没有读懂",
    "articles": "应引未引的法条",
    "citations": "引用有误",
}


@dataclass(frozen=True)
class Asked:
    """One question of the server and what the client said. `facts`: which facts it was about.

    `kind` held: some that were held back; told: one that the client had told before; other: none that the client knows.
    """

    turn: int
    id: str
    text: str
    kind: Literal["held", "told", "other"]
    facts: tuple[str, ...]
    says: str


@dataclass
class Memory:
    """What a client has said so far; decides the answer to the next question."""

    client: Client
    asked: list[Asked] = field(default_factory=list)

    def answer(self, turn: int, id: str, question: str, options: Sequence[str] = ()) -> Asked:
        """The client's answer to a question, kept. `turn` counts from 1, `id` is the server's name of the question.

        What the question's text leaves open (现在是哪种情况?), the quick replies beside it tell.
        """
        made = self._answer(turn, id, question, " ".join(options))
        self.asked.append(made)
        return made

    def _answer(self, turn: int, id: str, question: str, options: str) -> Asked:
        if any(before.id == id for before in self.asked):
            return Asked(turn, id, question, "told", ("第二次问",), SAID)
        if told := next((one for one in self.client.tells if one.meant_by(question)), None):
            return Asked(
                turn, id, question, "told", (told.fact,), SAID if self.client.complete else f"前面说过了,{told.fact}。"
            )
        meant = self._meant_by(question) or self._meant_by(options)[:1]
        if not meant:
            return Asked(turn, id, question, "other", (), UNCLEAR)
        # A question may ask for two things at once (签名、日期和见证人); what was said for another is not said again.
        fresh = [held for held in meant if not self._has_said(held)] or meant[:1]
        return Asked(
            turn, id, question, "held", tuple(held.fact for held in fresh), ";".join(one.says for one in fresh)
        )

    def _meant_by(self, text: str) -> list[Held]:
        return [held for held in self.client.holds_back if held.meant_by(text)]

    def _has_said(self, held: Held) -> bool:
        return any(before.kind == "held" and held.fact in before.facts for before in self.asked)


@dataclass(frozen=True)
class Played:
    """A consultation as it went. `faults`: what is wrong with the citations, in words. `answer_ms`: the turn that
    answered, None where none did; `failure` says why then. `turns`: how many times the server asked. `unclear`: ids of
    the facts that the server held for unclear at the end.
    """

    client: Client
    route: str
    field: str
    asked: tuple[Asked, ...]
    turns: int
    cited: tuple[str, ...]
    citations: int
    faults: tuple[str, ...]
    answer_ms: float | None
    failure: str = ""
    unclear: frozenset[str] = frozenset()

    @property
    def unread(self) -> list[Asked]:
        """The questions whose answer said something, and which the server still holds for unclear at the end."""
        return [one for one in self.asked if one.says not in (UNCLEAR, SAID) and one.id in self.unclear]

    @property
    def decisive(self) -> dict[str, bool]:
        """The decisive facts held back, and whether each was asked for in time."""
        heard = {fact for one in self.asked if one.kind == "held" and one.turn <= TURNS for fact in one.facts}
        return {held.fact: held.fact in heard for held in self.client.holds_back if held.decisive}

    @property
    def told(self) -> list[Asked]:
        """The questions about what was told already."""
        return [one for one in self.asked if one.kind == "told"]

    @property
    def missing(self) -> list[str]:
        """The articles that should have been cited and were not."""
        return [id_ for id_ in self.client.must_cite if id_ not in self.cited]

    @property
    def misplaced(self) -> bool:
        """Whether a consultation was taken for one of another field."""
        return self.client.route == "consult" and self.field != self.client.field

    def reasons(self) -> dict[Group, list[str]]:
        """What went wrong, by kind; empty for a faultless consultation."""
        found: dict[Group, list[str]] = {}
        if self.failure:
            found["failed"] = [self.failure]
        if self.route != self.client.route:
            found["route"] = [f"{self.route},应为 {self.client.route}"]
        if self.misplaced:
            found["field"] = [f"{self.field},应为 {self.client.field}"]
        if self.told:
            found["told"] = [f"{one.text}({'、'.join(one.facts)})" for one in self.told]
        if self.client.complete and self.asked:
            found["asked_needlessly"] = [one.text for one in self.asked]
        if lacking := [fact for fact, heard in self.decisive.items() if not heard]:
            ended = f"问满{TURNS}轮" if self.turns >= TURNS else f"只问了{self.turns}轮"
            found["not_asked"] = [f"{fact}({ended})" for fact in lacking]
        if self.unread:
            found["unread"] = [f"{one.text} ← {one.says}" for one in self.unread]
        if self.missing:
            found["articles"] = self.missing
        if self.faults:
            found["citations"] = list(self.faults)
        return found

    @property
    def badness(self) -> float:
        """0 for a faultless consultation; shares of what was missed and one for each thing that must never be."""
        decisive = list(self.decisive.values())
        shares = decisive.count(False) / len(decisive) if decisive else 0.0
        shares += len(self.missing) / len(self.client.must_cite) if self.client.must_cite else 0.0
        never = bool(self.failure) + (self.route != self.client.route) + self.misplaced
        return shares + never + len(self.told) + len(self.faults) + (self.client.complete and bool(self.asked))


@dataclass(frozen=True)
class Figure:
    """One figure with its 95 % interval; `count` is what was counted (of `total`). `bar` and `aim` are the issue's."""

    name: str
    value: float
    low: float
    high: float
    count: float
    total: int
    bar: float | None = None
    aim: float | None = None
    least: bool = True  # False: the less the better


def figures(played: Sequence[Played]) -> list[Figure]:
    """All figures of these consultations, those left out for which nothing was played. `played` is not empty."""
    complete = [one for one in played if one.client.complete]
    routed = sum(one.route == one.client.route for one in played)
    consulting = [one for one in played if one.client.route == "consult"]
    placed = sum(not one.misplaced for one in consulting)
    made = [
        _share("路线准确率", routed, len(played), 0.93, 0.98),
        _share("领域准确率", placed, len(consulting), 0.90, 0.97),
        _pooled("三轮内问到的关键事实", played, _heard, 0.80, 0.95),
        _pooled("追问已经说过的事", played, lambda one: (len(one.told), len(one.asked)), 0.0, 0.0, least=False),
        _share("情况齐全的不再追问", sum(not one.asked for one in complete), len(complete), 7 / 8, 1.0),
        _pooled("回答没有读懂", played, lambda one: (len(one.unread), _answered(one)), None, None, least=False),
        _pooled("应引法条出现在答复中", played, _cited, 0.75, 0.95),
        _pooled("不存在、已失效或引错的引用", played, lambda one: (len(one.faults), one.citations), 0, 0, least=False),
    ]
    return [figure for figure in made if figure is not None]


def latency(played: Sequence[Played]) -> list[Figure]:
    """p50 and p95 of the turn that answered, in milliseconds; empty where none answered."""
    values = np.array([one.answer_ms for one in played if one.answer_ms is not None])
    if not len(values):
        return []
    drawn = values[_draws(len(values))]
    made = []
    for name, share in (("答复一轮 p50(毫秒)", 0.5), ("答复一轮 p95(毫秒)", 0.95)):
        low, high = np.quantile(np.quantile(drawn, share, axis=1), (0.025, 0.975))
        value = float(np.quantile(values, share))
        made.append(Figure(name, value, float(low), float(high), value, len(values), least=False))
    return made


def by_field(played: Sequence[Played]) -> dict[str, list[Figure]]:
    """The same figures for each field that was played, in the order of NAMES."""
    fields = {name: [one for one in played if one.client.field == name] for name in (*NAMES, OTHER)}
    return {name: figures(rows) for name, rows in fields.items() if rows}


def worst(played: Sequence[Played], count: int) -> list[Played]:
    """The worst consultations, worst first; faultless ones are not among them."""
    return sorted((one for one in played if one.badness), key=lambda one: -one.badness)[:count]


def _answered(one: Played) -> int:
    return sum(asked.says not in (UNCLEAR, SAID) for asked in one.asked)


def _heard(one: Played) -> tuple[int, int]:
    return sum(one.decisive.values()), len(one.decisive)


def _cited(one: Played) -> tuple[int, int]:
    return len(one.client.must_cite) - len(one.missing), len(one.client.must_cite)


def _share(name: str, count: int, total: int, bar: float, aim: float) -> Figure | None:
    if not total:
        return None
    interval = stats.binomtest(count, total).proportion_ci(method="wilson")
    return Figure(name, count / total, float(interval.low), float(interval.high), count, total, bar, aim)


def _pooled(
    name: str,
    played: Sequence[Played],
    counted: Callable[[Played], tuple[int, int]],
    bar: float | None,
    aim: float | None,
    least: bool = True,
) -> Figure | None:
    """The share over all that is counted, clients drawn whole: what one client brings is not independent."""
    rows = np.array([counted(one) for one in played], dtype=float)
    count, total = rows.sum(axis=0)
    if not total:
        return None
    drawn = rows[_draws(len(rows))].sum(axis=1)
    drawn = drawn[drawn[:, 1] > 0]
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return Figure(name, float(count / total), float(low), float(high), float(count), int(total), bar, aim, least)


def _draws(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, count, (2000, count))
