"""The training itself: AdamW over the adapter, a cosine schedule, the mean loss of the taught tokens of each step.

Given the same recipe, examples and threads, two runs on a CPU give the same bytes, also when one was resumed.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pad_sequence

from models.contracts import OutOfMemory
from models.training.lora.recipe import BadTraining, Recipe
from models.training.lora.rendering import Example
from models.training.lora.resuming import Run, Saved

IGNORED = -100
CLIP = 1.0  # the longest gradient of a step
Report = Callable[[int, int, str], None]


class Learner:
    """Trains `model` (a PeftModel) on `examples`; `held_out` may be empty. `saved` keeps what is needed to go on."""

    def __init__(
        self, model: Any, examples: Sequence[Example], held_out: Sequence[Example], recipe: Recipe, saved: Saved
    ) -> None:
        self._model, self._examples, self._held_out, self._recipe = model, examples, held_out, recipe
        self._weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._optimiser = torch.optim.AdamW(self._weights, lr=recipe.learning_rate, weight_decay=0.0)
        self._each = math.ceil(len(examples) / (recipe.batch * recipe.accumulate))
        self._steps = self._each * recipe.epochs
        self._saved = saved
        self.run = Run()

    def learn(self, every: int, report: Report) -> Run:
        """Train, from where it was left if it was; state is kept each `every` steps. The model has the adapter after.

        Raises OutOfMemory, or BadTraining when the loss is no number any more.
        """
        try:
            self._learn(every, report)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(
                "the device has too little memory for this batch: lower --batch (and raise --accumulate), or --length,"
                " or use --checkpointing or --quantised"
            ) from error
        return self.run

    def _learn(self, every: int, report: Report) -> None:
        self._saved.restore(self.run, self._model, self._optimiser)
        if self._held_out and not self.run.held_out:
            self.run.held_out.append(self._loss(report, "训练前的验证损失"))
        while self.run.step < self._steps and not self._settled():
            epoch, place = divmod(self.run.step, self._each)
            self._step(epoch, place)
            self.run.step += 1
            if place + 1 == self._each:
                self._close(epoch, report)
            if self.run.step % every == 0 or place + 1 == self._each:
                self._saved.keep(self.run, self._model, self._optimiser)
            report(self.run.step, self._steps, "训练")
        self._saved.choose(self._model)

    def _step(self, epoch: int, place: int) -> None:
        """One step of the optimiser: the mean loss over the taught tokens of all its batches."""
        recipe, size = self._recipe, self._recipe.batch * self._recipe.accumulate
        order = np.random.default_rng([recipe.seed, epoch]).permutation(len(self._examples))
        chosen = [self._examples[index] for index in order[place * size : (place + 1) * size]]
        tokens = sum(int(example.taught[1:].sum()) for example in chosen)
        self._model.train()
        total = 0.0
        for batch in _batches(chosen, recipe.batch):
            loss = self._summed(batch)
            (loss / tokens).backward()  # type: ignore[no-untyped-call]
            total += loss.item()
        if not math.isfinite(total):
            raise BadTraining(f"the loss of step {self.run.step + 1} is {total}: lower --learning-rate")
        clip_grad_norm_(self._weights, CLIP)
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.learning_rate * share(self.run.step, self._steps, recipe.warmup)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self.run.loss += total
        self.run.tokens += tokens

    def _close(self, epoch: int, report: Report) -> None:
        """End an epoch: its mean loss, the held-out loss, and the adapter if it is the best so far."""
        self.run.trained.append(self.run.loss / self.run.tokens)
        self.run.loss, self.run.tokens = 0.0, 0
        if self._held_out:
            self.run.held_out.append(self._loss(report, f"第 {epoch + 1} 轮后的验证损失"))
            if self._recipe.patience and self.run.best == epoch + 1:
                self._saved.remember(self._model)

    def _settled(self) -> bool:
        """Whether the held-out loss has not fallen for as many epochs as the recipe's patience."""
        patience, epochs = self._recipe.patience, len(self.run.held_out) - 1
        return bool(patience and self._held_out and epochs > 0 and epochs - self.run.best >= patience)

    def _loss(self, report: Report, label: str) -> float:
        """The mean loss of a held-out token."""
        ordered = sorted(self._held_out, key=lambda example: len(example.ids))
        self._rest()
        total, tokens = 0.0, sum(int(example.taught[1:].sum()) for example in ordered)
        with torch.no_grad():
            for done, batch in enumerate(_batches(ordered, self._recipe.batch), 1):
                total += self._summed(batch).item()
                report(done, math.ceil(len(ordered) / self._recipe.batch), label)
        return total / tokens

    def _rest(self) -> None:
        """Put the model into evaluation, but for 4-bit layers: on a CPU bitsandbytes would pack those for good, for
        inference only. They have no dropout.
        """
        self._model.eval()
        for layer in self._model.modules():
            if type(layer).__name__ == "Linear4bit" and not isinstance(layer, BaseTunerLayer):
                layer.train()

    def _summed(self, batch: Sequence[Example]) -> Tensor:
        """The summed loss of the taught tokens of a batch, a scalar."""
        device = self._model.device
        ids, attended, labels = padded(batch)
        mixed = torch.autocast(device.type, torch.bfloat16, enabled=self._model.dtype == torch.bfloat16)
        with mixed:
            scores = self._model(input_ids=ids.to(device), attention_mask=attended.to(device)).logits[:, :-1]
        targets = labels[:, 1:].to(device)
        taught = targets != IGNORED
        # Only the taught places are widened: the scores of all would be the largest tensor by far.
        return cross_entropy(scores[taught].float(), targets[taught], reduction="sum")


def share(step: int, steps: int, warmup: float) -> float:
    """The share of the learning rate in `step` of `steps`: rising during the warm-up, then half a cosine to nothing."""
    rising = math.ceil(steps * warmup)
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def padded(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Token ids, what is no padding, and the labels (IGNORED where nothing is taught), each [batch, longest]."""
    rows = [torch.from_numpy(example.ids.astype(np.int64)) for example in batch]
    taught = [torch.from_numpy(example.taught) for example in batch]
    labels = [ids.masked_fill(~mask, IGNORED) for ids, mask in zip(rows, taught, strict=True)]
    attended = [torch.ones_like(ids) for ids in rows]
    return (
        pad_sequence(rows, batch_first=True),
        pad_sequence(attended, batch_first=True),
        pad_sequence(labels, batch_first=True, padding_value=IGNORED),
    )


def _batches(examples: Sequence[Example], size: int) -> Iterator[Sequence[Example]]:
    return (examples[start : start + size] for start in range(0, len(examples), size))
