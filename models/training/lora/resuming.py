"""Keeps a run on disk so that a killed one goes on as if nothing had happened: one file, replaced whole, no pickle."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from peft import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from models.training.lora.recipe import BadTraining


@dataclass(slots=True)
class Run:
    """How far a run is: steps done, the mean loss of each epoch, the held-out losses (before training, then after
    each epoch), and the summed loss and tokens of the epoch under way.
    """

    step: int = 0
    trained: list[float] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)
    loss: float = 0.0
    tokens: int = 0

    @property
    def best(self) -> int:
        """The epoch (from 1) after which the held-out loss was lowest."""
        return 1 + min(range(len(self.held_out) - 1), key=self.held_out[1:].__getitem__)


class Saved:
    """The file `path` of a run with the digest `identity`. `resume`: whether a run that is there shall go on."""

    def __init__(self, path: Path, identity: str, resume: bool) -> None:
        self._path, self._identity = path, identity
        self._best: dict[str, Tensor] = {}
        if path.exists() and not resume:
            raise BadTraining(f"{path.parent} holds an unfinished run: go on with --resume, or take another folder")
        if path.exists() and self._described()["identity"] != identity:
            raise BadTraining(f"{path.parent}: the unfinished run has other data, another base or another recipe")

    def restore(self, run: Run, model: Any, optimiser: torch.optim.Optimizer) -> None:
        """Bring everything to where the run was left; nothing happens when there is none."""
        if not self._path.exists():
            return
        for name, value in json.loads(self._described()["run"]).items():
            setattr(run, name, value)
        kept: dict[str, dict[str, Tensor]] = {"adapter": {}, "best": {}, "optimiser": {}, "random": {}}
        with safe_open(self._path, "pt") as file:
            for name in file.keys():  # noqa: SIM118 - it is no mapping
                kind, _, rest = name.partition("/")
                kept[kind][rest] = file.get_tensor(name)
        set_peft_model_state_dict(model, kept["adapter"])
        self._best = kept["best"]
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in kept["optimiser"].items():
            index, _, what = name.partition("/")
            state.setdefault(int(index), {})[what] = tensor
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
        torch.set_rng_state(kept["random"]["cpu"])
        if model.device.type == "cuda":
            torch.cuda.set_rng_state(kept["random"]["cuda"], model.device)

    def keep(self, run: Run, model: Any, optimiser: torch.optim.Optimizer) -> None:
        """Write the state down; a kill leaves the old file or the new one."""
        tensors = {f"adapter/{name}": tensor for name, tensor in adapter_tensors(model).items()}
        tensors |= {f"best/{name}": tensor for name, tensor in self._best.items()}
        for index, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{index}/{what}": tensor for what, tensor in state.items()}
        tensors["random/cpu"] = torch.get_rng_state()
        if model.device.type == "cuda":
            tensors["random/cuda"] = torch.cuda.get_rng_state(model.device)
        part = self._path.with_suffix(".part")
        save_file(tensors, part, {"identity": self._identity, "run": json.dumps(asdict(run))})
        part.replace(self._path)

    def remember(self, model: Any) -> None:
        """Take the model's adapter as the best so far."""
        self._best = adapter_tensors(model)

    def choose(self, model: Any) -> None:
        """Give the model the best adapter, where one was remembered."""
        if self._best:
            set_peft_model_state_dict(model, self._best)

    def forget(self) -> None:
        """Remove the file of a run that is finished."""
        self._path.unlink(missing_ok=True)

    def _described(self) -> dict[str, str]:
        try:
            with safe_open(self._path, "pt") as file:
                return dict(file.metadata())
        except SafetensorError as error:
            raise BadTraining(f"{self._path} is damaged ({error}): remove it to begin anew") from error


def adapter_tensors(model: Any) -> dict[str, Tensor]:
    """A copy of the adapter's tensors by name, on the CPU."""
    found = get_peft_model_state_dict(model, save_embedding_layers=False)
    return {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in found.items()}
