"""Errors of a replica arrive wrapped by Ray; here they are unwrapped into the family that the contract promises."""

from typing import TypeVar

from ray.exceptions import RayError, RayTaskError
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError

from models.contracts import ModelError
from retrievers.contracts import RetrievalError

WRAPPED = (RayError, BackPressureError, DeploymentUnavailableError)  # what a call over a handle raises
Family = TypeVar("Family", ModelError, RetrievalError)


def unwrapped(
    error: Exception, family: type[Family], overloaded: type[Family], unavailable: type[Family], name: str
) -> Family:
    """The error of the contract's family behind a Ray error."""
    cause = error.cause if isinstance(error, RayTaskError) else error
    if isinstance(cause, family):
        return cause
    if isinstance(cause, BackPressureError):
        return overloaded(f"{name}: the queue is full")
    return unavailable(f"{name}: {type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else 'no message'}")
