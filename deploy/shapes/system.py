"""The state of the service on the wire."""

from typing import Any, Literal

from pydantic import BaseModel


class Readiness(BaseModel):
    """Whether all models that are needed and the library can serve. `problems`: by name of the model, or `retriever`.

    `corpus`: what is loaded; empty where the library does not answer. `warm`: whether the replica that answers has made
    every field of law ready, which it does in the first minute: before, a field's first message waits half a second.
    """

    status: Literal["ready", "unavailable"]
    problems: dict[str, str]
    corpus: dict[str, Any]
    warm: bool
