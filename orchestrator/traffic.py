"""The operator's policy for the traffic to models: who is drained, weighted, pinned, on trial, and what comes next.

A policy is a value; each change makes another one, which is kept as a revision (orchestrator/storage/traffic.py).
"""

import hashlib
import math
from collections.abc import Collection, Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.contracts import NEEDED, Ability, ModelCard
from orchestrator.contracts import ConsultationError

PLAIN = r"^[^\x00-\x1f\x7f]*$"  # text of one line


class BadPolicy(ConsultationError):
    """The policy cannot be followed; the message says why."""

    code = "bad_policy"


class Value(BaseModel):
    """Base of the policy's parts: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pin(Value):
    """`model` goes first for `ability`; with `field` or `key` only in that field of law, or for that API key."""

    ability: Ability
    model: str
    field: str = Field(default="", max_length=120, pattern=PLAIN)
    key: str = Field(default="", max_length=120, pattern=PLAIN)


class Canary(Value):
    """`model` goes first for `percent` of the sessions, always the same ones, and for the others after all else."""

    model: str
    percent: float = Field(ge=0, le=100)


class Traffic(Value):
    """The whole policy; the empty one leaves every choice to the cards and the load.

    `drained` models get no new requests. `weights` share the requests among the models that have one (and those equal
    to them, which weigh 1); 0 comes last of them. `chains`: for an ability, the models that are tried first, in order.
    """

    drained: tuple[str, ...] = ()
    weights: dict[str, float] = {}
    pins: tuple[Pin, ...] = ()
    canaries: tuple[Canary, ...] = ()
    chains: dict[Ability, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if any(not 0 <= weight <= 1_000_000 for weight in self.weights.values()):
            raise ValueError("权重应在 0 到 1000000 之间")
        listed: dict[str, list[object]] = {
            "drained": list(self.drained),
            "pins": [(pin.ability, pin.field, pin.key) for pin in self.pins],
            "canaries": [canary.model for canary in self.canaries],
            **{f"chains.{ability}": list(chain) for ability, chain in self.chains.items()},
        }
        for what, names in listed.items():
            if len(set(names)) != len(names):
                raise ValueError(f"{what} 有重复的项")
        for model in {pin.model for pin in self.pins} | {canary.model for canary in self.canaries}:
            if model in self.drained:
                raise ValueError(f"模型 {model} 已停用(drained),不能同时固定或灰度")
        return self

    def names(self) -> set[str]:
        """All models that the policy names."""
        chained = {name for chain in self.chains.values() for name in chain}
        pinned = {pin.model for pin in self.pins} | {canary.model for canary in self.canaries}
        return {*self.drained, *self.weights, *pinned, *chained}

    def require_valid(self, cards: Iterable[ModelCard], serving: Collection[str]) -> None:
        """Raise BadPolicy unless the policy can be followed with these models, of which those `serving` are up."""
        known = {card.name: card for card in cards}
        if strange := sorted(self.names() - known.keys()):
            raise BadPolicy(f"没有部署名为 {'、'.join(strange)} 的模型;现有:{'、'.join(sorted(known))}。")
        unable = [(pin.model, pin.ability) for pin in self.pins if pin.ability not in known[pin.model].abilities]
        for ability, chain in self.chains.items():
            unable += [(name, ability) for name in chain if ability not in known[name].abilities]
        if unable:
            raise BadPolicy(f"模型 {unable[0][0]} 没有 {unable[0][1]} 能力。")
        for ability in NEEDED:
            able = [known[name] for name in serving if ability in known[name].abilities and not known[name].fields]
            if able and all(card.name in self.drained for card in able):
                raise BadPolicy(f"停用之后没有模型能够完成「{ability}」任务,所以没有停用。")

    # Changes: each gives another policy. Raises BadPolicy for one that contradicts itself.

    def drain(self, model: str) -> "Traffic":
        """Without new requests to the model."""
        return self._with(drained=tuple(dict.fromkeys((*self.drained, model))))

    def resume(self, model: str) -> "Traffic":
        """With requests to the model again."""
        return self._with(drained=tuple(name for name in self.drained if name != model))

    def weigh(self, model: str, weight: float | None) -> "Traffic":
        """With the weight of the model, or without one (None)."""
        others = {name: one for name, one in self.weights.items() if name != model}
        return self._with(weights=others if weight is None else {**others, model: weight})

    def pin(self, pin: Pin) -> "Traffic":
        """With the pin, in place of one for the same ability, field and key."""
        return self._with(pins=(*self.unpin(pin.ability, pin.field, pin.key).pins, pin))

    def unpin(self, ability: Ability, field: str = "", key: str = "") -> "Traffic":
        """Without the pin for exactly these."""
        return self._with(
            pins=tuple(one for one in self.pins if (one.ability, one.field, one.key) != (ability, field, key))
        )

    def try_out(self, model: str, percent: float | None) -> "Traffic":
        """With the model as a canary for this share of the sessions; None ends it."""
        others = tuple(one for one in self.canaries if one.model != model)
        return self._with(canaries=others if percent is None else (*others, Canary(model=model, percent=percent)))

    def chain(self, ability: Ability, models: tuple[str, ...]) -> "Traffic":
        """With the order for the ability; an empty one ends it."""
        others = {name: chain for name, chain in self.chains.items() if name != ability}
        return self._with(chains={**others, ability: models} if models else others)

    def without(self, model: str) -> "Traffic":
        """With no word about the model, which is gone."""
        return self._with(
            drained=tuple(name for name in self.drained if name != model),
            weights={name: weight for name, weight in self.weights.items() if name != model},
            pins=tuple(pin for pin in self.pins if pin.model != model),
            canaries=tuple(one for one in self.canaries if one.model != model),
            chains={
                ability: kept
                for ability, chain in self.chains.items()
                if (kept := tuple(name for name in chain if name != model))
            },
        )

    def _with(self, **changes: Any) -> "Traffic":
        return read({**self.model_dump(), **changes})

    # Questions

    def pinned(self, ability: Ability, field: str, key: str) -> Pin | None:
        """The pin that holds for a request: one for its key before one for its field before a general one."""
        fitting = [
            pin for pin in self.pins if pin.ability == ability and pin.field in ("", field) and pin.key in ("", key)
        ]
        return max(fitting, key=lambda pin: (bool(pin.key), bool(pin.field)), default=None)

    def canary(self, model: str) -> Canary | None:
        """The trial of the model, if there is one."""
        return next((one for one in self.canaries if one.model == model), None)


class Revision(Value):
    """One revision of the policy: its number (0: before the first), when (Unix time), by which key, why."""

    revision: int = 0
    at: float = 0.0
    who: str = ""
    why: str = ""
    policy: Traffic = Traffic()


def read(given: Any) -> Traffic:
    """The policy in plain data. Raises BadPolicy naming what is wrong."""
    try:
        return Traffic.model_validate(given)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        said = ";".join(f"{'.'.join(map(str, row['loc']))}:{row['msg']}".removeprefix(":") for row in rows)
        raise BadPolicy(said.replace("Value error, ", "")) from error


def draw(seed: str, name: str) -> float:
    """A number in (0, 1], always the same for the same two words, and spread evenly over many."""
    return (1 + int.from_bytes(hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest())) / 2**64


def hit(canary: Canary, seed: str) -> bool:
    """Whether the session or request `seed` is one of the trial's. A larger share takes in all of a smaller one."""
    return draw(seed, f"canary:{canary.model}") <= canary.percent / 100


def turn_of(seed: str, name: str, weight: float) -> float:
    """Whose turn it is: among models the least of these comes first for a share of the seeds as large as its weight."""
    return -math.log(draw(seed, name)) / weight if weight else math.inf
