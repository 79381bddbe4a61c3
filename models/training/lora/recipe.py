"""How an adapter is trained."""

from pydantic import Field

from models.contracts import ModelError, Value


class BadTraining(ModelError):
    """The run cannot be made as asked: the folder is in use, it is another run's, or the loss is no number."""

    code = "bad_training"


class Recipe(Value):
    """`alpha` / `rank` scales the adapter. `batch` dialogues go through the model at once, `accumulate` times for one
    step. `length`: tokens of the longest example. `targets`: the linear layers that get an adapter, by the end of
    their names, or all of them. `quantised`: the base in 4 bits (nf4). `patience`: stop after so many epochs without
    a lower held-out loss, and keep the best epoch; 0 trains all. `checkpointing` computes the activations twice
    instead of keeping them. `warmup`: the share of the steps in which the learning rate rises.
    """

    rank: int = Field(default=16, ge=1)
    alpha: float = Field(default=32, gt=0)
    dropout: float = Field(default=0.05, ge=0, lt=1)
    epochs: int = Field(default=3, ge=1)
    learning_rate: float = Field(default=1e-4, gt=0)
    warmup: float = Field(default=0.03, ge=0, lt=1)
    batch: int = Field(default=8, ge=1)
    accumulate: int = Field(default=1, ge=1)
    length: int = Field(default=2048, ge=16)
    quantised: bool = False
    targets: tuple[str, ...] = Field(default=("all-linear",), min_length=1)
    patience: int = Field(default=0, ge=0)
    checkpointing: bool = False
    seed: int = Field(default=0, ge=0)
