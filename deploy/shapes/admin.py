"""The operator's API on the wire: models that join, traffic between them, revisions and decisions."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from deploy.shapes.values import whole
from models.contracts import Ability
from orchestrator.decisions import Decision
from orchestrator.traffic import Revision

# Kept with the revision; line breaks and other control characters would spoil the list of revisions.
Why = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Count = Annotated[int, Field(strict=True, ge=1), BeforeValidator(whole)]
Share = Annotated[float, Field(strict=True, ge=0)]


class Body(BaseModel):
    """Base of the requests: `why` is kept with the revision."""

    model_config = ConfigDict(extra="forbid")

    why: Why = ""


class Deployment(BaseModel):
    """Replicas of the model and what each takes; what is not given is as for any model."""

    model_config = ConfigDict(extra="forbid")

    replicas: Annotated[int, Field(strict=True, ge=1, le=1000), BeforeValidator(whole)] = 1
    cpus: Share | None = None
    gpus: Share | None = None
    ongoing: Count | None = None
    queued: Count | None = None


class Joining(BaseModel):
    """A model that is to join: the name of a card, or a whole card."""

    model_config = ConfigDict(extra="forbid")

    card: Name | dict[str, Any]
    deployment: Deployment = Deployment()

    @field_validator("card")
    @classmethod
    def _readable(cls, card: Any) -> Any:
        written = json.dumps(card, ensure_ascii=False)
        if "\\u0000" in written or any("\ud800" <= character <= "\udfff" for character in written):
            raise ValueError("不完整的字符")
        return card


class Weight(Body):
    """A weight; null takes it away."""

    weight: Annotated[float, Field(strict=True, ge=0, le=1_000_000)] | None


class Trial(Body):
    """A canary; null ends it."""

    percent: Annotated[float, Field(strict=True, ge=0, le=100)] | None


class Pinning(Body):
    """The pin for an ability, and if given for a field of law or for an API key."""

    ability: Ability
    model: Name
    field: Name = ""
    key: Name = ""


class Chain(Body):
    """The models that are tried first, in order; an empty list ends it."""

    models: tuple[Name, ...] = Field(max_length=50)


class Policy(Body):
    """A whole policy."""

    policy: dict[str, Any]


class Rollback(Body):
    """The revision whose policy is to hold again; 0 is the empty one."""

    revision: Annotated[int, Field(strict=True, ge=0), BeforeValidator(whole)]


class Models(BaseModel):
    """The deployed models, each with its card and its live state, and the number of the policy's revision."""

    models: list[dict[str, Any]]
    revision: int


class Revisions(BaseModel):
    """Revisions of the policy, the newest first."""

    revisions: list[Revision]


class Decisions(BaseModel):
    """Choices of models by one replica, the newest first."""

    decisions: list[Decision]
