"""The state of the service on the wire."""

from typing import Any, Literal

from pydantic import BaseModel


class Readiness(BaseModel):
    """Whether all models that are needed and the library can serve. `problems`: by name of the model, or `retriever`.

    `corpus`: what is loaded; empty where the library does not answer.
    """

    status: Literal["ready", "unavailable"]
    problems: dict[str, str]
    corpus: dict[str, Any]
