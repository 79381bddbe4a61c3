"""The options of embedders and rerankers. Pydantic only, so that settings can hold them without loading a model."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """`model`: a folder, or a name on the hub (`hub`: its address, when it is a mirror). `batch`: texts of a step.

    `dtype` auto is the checkpoint's own on a GPU, 32 bits on a CPU.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    revision: str | None = None
    hub: str | None = None
    download: bool = True
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    batch: int = Field(default=16, ge=1)


class EmbedderOptions(Options):
    """`dimensions`: only so many first ones, of a model trained for that (Matryoshka). `prompt`: what stands before a
    question in place of the checkpoint's own, for instance an instruction; it does not touch the stored vectors.
    """

    dimensions: int | None = Field(default=None, ge=8)
    prompt: str | None = None


class RerankerOptions(Options):
    """`instruction`: what the text must do for the question, for a model that takes one; null: the checkpoint's own."""

    instruction: str | None = None
