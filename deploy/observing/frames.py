"""What `lexhub top` shows: two readings of a server's metrics, and what happened between them. Knows no terminal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

BREAKERS = {0: "closed", 1: "half_open", 2: "open"}


class Reading:
    """The page of /metrics at a time (seconds, of any clock)."""

    def __init__(self, text: str, at: float) -> None:
        self.at = at
        self._series: dict[str, list[tuple[Mapping[str, str], float]]] = defaultdict(list)
        for family in text_string_to_metric_families(text):
            for one in family.samples:
                self._series[one.name].append((one.labels, one.value))

    def sum(self, name: str, **labels: str) -> float:
        """The sum of the series with these labels."""
        return sum(value for has, value in self._series[name] if labels.items() <= has.items())

    def by(self, name: str, label: str, **labels: str) -> dict[str, float]:
        """The sums by a label."""
        found: dict[str, float] = defaultdict(float)
        for has, value in self._series[name]:
            if labels.items() <= has.items():
                found[has.get(label, "")] += value
        return dict(found)

    def count(self, name: str, label: str) -> dict[str, int]:
        """How many series there are, by a label."""
        return dict(Counter(has.get(label, "") for has, _ in self._series[name]))

    def worst(self, name: str, **labels: str) -> float | None:
        """The greatest of the series, None when there is none."""
        return max((value for has, value in self._series[name] if labels.items() <= has.items()), default=None)


@dataclass(frozen=True)
class Latency:
    """Quantiles in seconds, None when nothing happened."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True)
class ModelRow:
    """A model: its state as the server tells it, and what it did meanwhile."""

    name: str
    state: str
    replicas: int | None
    ongoing: float
    calls_per_s: float
    error_rate: float | None
    first_chunk: Latency
    breaker: str
    cost: float | None


@dataclass(frozen=True)
class Frame:
    """What happened in `seconds`, and how things stand. Rates are per second."""

    seconds: float
    requests_per_s: float
    requests: Latency
    in_flight: dict[str, float]
    turns_per_s: float
    turns: Latency
    statuses: dict[str, float]
    citations: dict[str, float]
    degraded: dict[str, float]
    errors: dict[str, float]
    models: list[ModelRow]
    replicas: dict[str, int]
    memory: dict[str, float]
    corpus: dict[str, float]
    totals: dict[str, float] = field(default_factory=dict)


def frame(before: Reading, after: Reading, models: Iterable[Mapping[str, Any]]) -> Frame:
    """The frame of what happened between two readings; `models` as `/v1/admin/models` lists them."""
    seconds = max(after.at - before.at, 1e-9)

    def rate(name: str, **labels: str) -> float:
        return _grown(after.sum(name, **labels), before.sum(name, **labels)) / seconds

    def grown(name: str, label: str) -> dict[str, float]:
        old = before.by(name, label)
        return {one: more for one, value in after.by(name, label).items() if (more := _grown(value, old.get(one, 0)))}

    memory = after.by("process_resident_memory_bytes", "deployment")
    return Frame(
        seconds=round(seconds, 2),
        requests_per_s=rate("lexhub_http_requests_total"),
        requests=latency(before, after, "lexhub_http_request_seconds"),
        in_flight={
            "sessions": after.sum("lexhub_sessions_open"),
            "requests": after.sum("lexhub_http_requests_in_progress"),
            "turns": after.sum("lexhub_turns_in_progress"),
            "model_calls": after.sum("lexhub_model_calls_in_progress"),
        },
        turns_per_s=rate("lexhub_turns_total"),
        turns=latency(before, after, "lexhub_turn_seconds"),
        statuses=grown("lexhub_turns_total", "status"),
        citations=after.by("lexhub_citations_total", "result"),
        degraded=grown("lexhub_degraded_total", "task"),
        errors=grown("lexhub_errors_total", "code"),
        models=[_model(row, before, after, seconds) for row in models],
        replicas=after.count("process_resident_memory_bytes", "deployment"),
        memory=memory,
        corpus={name: after.sum(f"lexhub_corpus_{name}") for name in ("up", "laws", "articles", "cases")},
        totals={
            "requests": after.sum("lexhub_http_requests_total"),
            "turns": after.sum("lexhub_turns_total"),
            "errors": after.sum("lexhub_errors_total"),
            "questions": after.sum("lexhub_questions_asked_total"),
        },
    )


def latency(before: Reading, after: Reading, name: str, **labels: str) -> Latency:
    """The quantiles of a histogram between two readings, as Prometheus' histogram_quantile reckons them."""
    old = before.by(f"{name}_bucket", "le", **labels)
    counts = sorted(
        (float(edge), _grown(value, old.get(edge, 0.0)))
        for edge, value in after.by(f"{name}_bucket", "le", **labels).items()
    )
    return Latency(_quantile(counts, 0.5), _quantile(counts, 0.95))


def _quantile(counts: list[tuple[float, float]], share: float) -> float | None:
    total = counts[-1][1] if counts else 0.0
    if not total:
        return None
    below, under = 0.0, 0.0
    for edge, count in counts:
        if count >= share * total:
            return below if edge == float("inf") else below + (edge - below) * (share * total - under) / (count - under)
        below, under = edge, count
    return below


def _grown(after: float, before: float) -> float:
    """How much a counter grew; one that fell has begun anew."""
    return after - before if after >= before else after


def _model(row: Mapping[str, Any], before: Reading, after: Reading, seconds: float) -> ModelRow:
    """One model. What a server of another version does not tell is shown as unknown."""
    name = str(row["name"])
    calls = _grown(
        after.sum("lexhub_model_calls_total", model=name), before.sum("lexhub_model_calls_total", model=name)
    )
    fine = _grown(
        after.sum("lexhub_model_calls_total", model=name, result="ok"),
        before.sum("lexhub_model_calls_total", model=name, result="ok"),
    )
    told = row.get("breaker")
    worst = after.worst("lexhub_model_breaker_state", model=name)
    breaker = str(told.get("state", "")) if isinstance(told, Mapping) else "" if worst is None else BREAKERS[int(worst)]
    return ModelRow(
        name=name,
        state=str(row.get("state") or ("ready" if row.get("healthy", True) else "unhealthy")),
        replicas=row.get("replicas"),
        ongoing=after.sum("lexhub_model_calls_in_progress", model=name),
        calls_per_s=calls / seconds,
        error_rate=None if not calls else 1 - fine / calls,
        first_chunk=latency(before, after, "lexhub_model_first_chunk_seconds", model=name),
        breaker=breaker,
        cost=row.get("cost"),
    )
