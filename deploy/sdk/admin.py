"""The operator's calls: models, traffic, revisions, decisions, keys, usage, metrics. They need scope admin."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from deploy.sdk import reading
from deploy.sdk.calls import Call, Request
from deploy.sdk.methods import Answered
from deploy.shapes.admin import (
    Body,
    Chain,
    Decisions,
    Deployment,
    Joining,
    Models,
    Pinning,
    Policy,
    Revisions,
    Rollback,
    Trial,
    Weight,
)
from deploy.shapes.keys import KeyInfo, MadeKey, NewKey, Rotation
from deploy.shapes.usage import Usage
from models.contracts import Ability
from orchestrator.decisions import Decision
from orchestrator.traffic import Revision, Traffic

ROOT = "/v1/admin"
REVISION = reading.of(Revision)


def models() -> Call[Models]:
    """All deployed models: card, deployment, load, breaker; those that start or leave too."""
    return Call(Request("GET", f"{ROOT}/models"), reading.of(Models))


def model(name: str) -> Call[dict[str, Any]]:
    """One deployed model."""
    return Call(Request("GET", _model(name)), reading.data)


def join(card: str | Mapping[str, Any], deployment: Deployment | None = None) -> Call[dict[str, Any]]:
    """Let a model join: the name of a card, or a whole card. It takes no requests before it is deployed."""
    wanted = Joining(card=card if isinstance(card, str) else dict(card), deployment=deployment or Deployment())
    return Call(Request("POST", f"{ROOT}/models", wanted), reading.data, repeatable=False)


def leave(name: str) -> Call[dict[str, Any]]:
    """Remove a model that joined and is drained."""
    return Call(Request("DELETE", _model(name)), reading.data, repeatable=False)


def drain(name: str, why: str = "") -> Call[Revision]:
    """Send the model no new requests."""
    return _change("POST", f"{_model(name)}/drain", Body(why=why))


def resume(name: str, why: str = "") -> Call[Revision]:
    """Send the model requests again."""
    return _change("POST", f"{_model(name)}/resume", Body(why=why))


def weigh(name: str, weight: float | None, why: str = "") -> Call[Revision]:
    """Share the sessions between models by weight; None takes the weight away."""
    return _change("PUT", f"{_model(name)}/weight", Weight(weight=weight, why=why))


def try_out(name: str, percent: float | None, why: str = "") -> Call[Revision]:
    """Give the model a part of the sessions; None ends it."""
    return _change("PUT", f"{_model(name)}/canary", Trial(percent=percent, why=why))


def pin(ability: Ability, model: str, field: str = "", key: str = "", why: str = "") -> Call[Revision]:
    """Let a model go first for an ability, in a field of law or for an API key only where those are named."""
    return _change("PUT", f"{ROOT}/pins", Pinning(ability=ability, model=model, field=field, key=key, why=why))


def unpin(ability: Ability, field: str = "", key: str = "", why: str = "") -> Call[Revision]:
    """Take back the pin that was made for the same ability, field and key."""
    which = {"ability": ability, "field": field, "key": key, "why": why}
    return Call(Request("DELETE", f"{ROOT}/pins", None, which), REVISION, repeatable=False)


def chain(ability: Ability, models: Sequence[str], why: str = "") -> Call[Revision]:
    """The models that are tried first for an ability, in order; none ends it."""
    return _change("PUT", f"{ROOT}/chains/{quote(ability, safe='')}", Chain(models=tuple(models), why=why))


def traffic() -> Call[Revision]:
    """The policy that holds."""
    return Call(Request("GET", f"{ROOT}/traffic"), REVISION)


def replace(policy: Traffic, why: str = "") -> Call[Revision]:
    """Another policy in the place of the one that holds."""
    return _change("PUT", f"{ROOT}/traffic", Policy(policy=policy.model_dump(mode="json"), why=why))


def revisions(limit: int = 50) -> Call[list[Revision]]:
    """The revisions of the policy, the newest first."""
    read = reading.of(Revisions)
    request = Request("GET", f"{ROOT}/revisions", None, {"limit": limit})
    return Call(request, lambda response: read(response).revisions)


def roll_back(revision: int, why: str = "") -> Call[Revision]:
    """Let the policy of an earlier revision hold again, as a new one."""
    return _change("POST", f"{ROOT}/rollback", Rollback(revision=revision, why=why))


def decisions(limit: int = 100) -> Call[list[Decision]]:
    """The latest choices of models of one replica, the newest first."""
    read = reading.of(Decisions)
    request = Request("GET", f"{ROOT}/decisions", None, {"limit": limit})
    return Call(request, lambda response: read(response).decisions)


def keys() -> Call[list[KeyInfo]]:
    """The keys in the database, without their texts."""
    return Call(Request("GET", f"{ROOT}/keys"), reading.of(list[KeyInfo]))


def make_key(wanted: NewKey) -> Call[MadeKey]:
    """A new key. Its text is in this answer only."""
    return Call(Request("POST", f"{ROOT}/keys", wanted), reading.of(MadeKey), repeatable=False)


def revoke_key(id: str) -> Call[KeyInfo]:
    """Make a key invalid."""
    return Call(Request("DELETE", f"{ROOT}/keys/{quote(id, safe='')}"), reading.of(KeyInfo))


def rotate_key(id: str, overlap_minutes: int = 0) -> Call[MadeKey]:
    """Another text for a key; the one before stays valid so long."""
    wanted = Rotation(overlap_minutes=overlap_minutes)
    path = f"{ROOT}/keys/{quote(id, safe='')}/rotate"
    return Call(Request("POST", path, wanted), reading.of(MadeKey), repeatable=False)


def usage(since: date | None = None, until: date | None = None, key: str | None = None) -> Call[Usage]:
    """The use of all keys, or of one, by day, route and model; both ends included, the last 31 days by default."""
    days = {name: None if day is None else day.isoformat() for name, day in (("since", since), ("until", until))}
    return Call(Request("GET", f"{ROOT}/usage", None, {**days, "key": key}), reading.of(Usage))


def metrics() -> Call[str]:
    """The page of metrics of all replicas, in Prometheus' format."""
    return Call(Request("GET", "/metrics"), reading.text)


class Calls:
    """What an operator can ask of a server."""

    models = Answered(models)
    model = Answered(model)
    join = Answered(join)
    leave = Answered(leave)
    drain = Answered(drain)
    resume = Answered(resume)
    weigh = Answered(weigh)
    try_out = Answered(try_out)
    pin = Answered(pin)
    unpin = Answered(unpin)
    chain = Answered(chain)
    traffic = Answered(traffic)
    replace = Answered(replace)
    revisions = Answered(revisions)
    roll_back = Answered(roll_back)
    decisions = Answered(decisions)
    keys = Answered(keys)
    make_key = Answered(make_key)
    revoke_key = Answered(revoke_key)
    rotate_key = Answered(rotate_key)
    usage = Answered(usage)
    metrics = Answered(metrics)


def _model(name: str) -> str:
    return f"{ROOT}/models/{quote(name, safe='')}"


def _change(method: str, path: str, body: Body) -> Call[Revision]:
    return Call(Request(method, path, body), REVISION, repeatable=False)
