"""The live state of models as the API shows it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from deploy.control import Control, Place
from models.contracts import ModelCard
from orchestrator.services import ModelPool

NOWHERE = Place("starting")


async def control(request: Request) -> Control:
    """The control plane of this replica."""
    return request.app.state.control  # type: ignore[no-any-return]


Controlled = Annotated[Control, Depends(control)]


def row(card: ModelCard, models: ModelPool, places: Mapping[str, Place]) -> dict[str, Any]:
    """One model. Replicas are those of the whole server, all else is what this replica of the API has seen:
    requests under way and those without a first piece yet, of the last five minutes requests and failures, seconds to
    the first piece and to the last (moving averages, null before there was an answer).
    """
    place, load, policy = places.get(card.name, NOWHERE), models.load(card.name), models.watch.traffic
    canary = policy.canary(card.name)
    return {
        "name": card.name,
        "label": card.label,
        "abilities": list(card.abilities),
        "fields": list(card.fields),
        "cost": card.cost,
        "state": "drained" if card.name in policy.drained and place.state == "ready" else place.state,
        "reason": place.reason,
        "replicas": place.replicas,
        "ongoing": load.ongoing,
        "queued": load.queued,
        "latency": {"first_s": _rounded(load.first_s), "total_s": _rounded(load.total_s)},
        "requests": load.requests,
        "failures": load.failures,
        "error_rate": round(load.error_rate, 4),
        "breaker": {"state": load.breaker, "reason": load.reason, "rests_s": round(load.rests, 1)},
        "weight": policy.weights.get(card.name),
        "canary": None if canary is None else canary.percent,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
