"""The models of chat completions on the wire, as OpenAI lists them."""

from typing import Any, Literal

from pydantic import BaseModel


class ModelInfo(BaseModel):
    """One model. `lexhub`: what it is able to do, and the live state of the models behind it. `info` tells Open WebUI
    the same in its words: without it, that page sends tools along with every message, which are refused.
    """

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str
    description: str
    lexhub: dict[str, Any]
    info: dict[str, Any]


class Models(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: list[ModelInfo]
