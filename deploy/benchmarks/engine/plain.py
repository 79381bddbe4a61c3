"""transformers' own `generate`: one static batch, all of its requests begun and ended together."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, StoppingCriteria
from transformers.utils import logging

from deploy.benchmarks.engine import machine
from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Figures, Load, Timeline, figures, median

WARM = 8


class _Clock(StoppingCriteria):  # type: ignore[misc]
    """Notes the moment after each step and stops nothing."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        if input_ids.is_cuda:
            torch.cuda.synchronize()  # `generate` looks at every step whether it is done, so this costs little
        self.moments.append(time.perf_counter())
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)


def measure(folder: Path, loads: Sequence[Load], repeat: int) -> list[Figures]:
    """Every load as one static batch, `repeat` times; the median run of each. Prompts are of one length: no padding."""
    logging.disable_progress_bar()
    kind = machine.device()
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, dtype="auto").to(kind).eval()
    prompts = Prompts(folder)
    measured = []
    for load in loads:
        _batch(model, kind, prompts, load, min(WARM, load.new))
        measured.append(median([figures(load, _batch(model, kind, prompts, load, load.new)) for _ in range(repeat)]))
    return measured


def _batch(model: Any, kind: str, prompts: Prompts, load: Load, new: int) -> list[Timeline]:
    ids = [prompts.ids(text) for text in prompts.texts(load)]
    clock = _Clock()
    sent = time.perf_counter()
    batch = torch.tensor(ids, device=kind)
    with torch.inference_mode():
        output = model.generate(
            batch,
            attention_mask=torch.ones_like(batch),
            do_sample=False,
            max_new_tokens=new,
            stopping_criteria=[clock],
        )
    made = output.shape[1] - batch.shape[1]
    return [Timeline(sent, tuple(clock.moments), load.prompt, made) for _ in ids]
