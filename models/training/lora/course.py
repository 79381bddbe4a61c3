"""The whole way from a file of dialogues to an adapter's folder."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from models.training.lora import adapter
from models.training.lora.base import Base, Words, adapted, words
from models.training.lora.dialogues import BadDialogues, Dialogues, read, require_apart
from models.training.lora.learning import Learner, Report
from models.training.lora.recipe import BadTraining, Recipe
from models.training.lora.rendering import Curriculum, curriculum
from models.training.lora.resuming import Saved

UNFINISHED = "unfinished.safetensors"
LOCK = "lock"  # held while a run works in the folder


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything but the weights: what is learned, and the words of the base that will learn it."""

    words: Words
    data: Dialogues
    learned: Curriculum
    held_out: Dialogues | None
    tested: Curriculum | None


def prepare(base: Base, data: Path, held_out: Path | None, length: int, report: Report) -> Prepared:
    """Read, check and write out the dialogues.

    Raises BadDialogues for a bad line, ModelUnavailable for the base, BadTraining for more tokens than it can hold.
    """
    dialogues = read(data)
    apart = read(held_out) if held_out else None
    if apart:
        require_apart(dialogues, apart)
    spoken = words(base)
    if length > spoken.context:
        raise BadTraining(f"--length {length} is more than the {spoken.context} tokens that {base.name} can hold")
    learned = _written(dialogues, spoken, length, report)
    return Prepared(spoken, dialogues, learned, apart, _written(apart, spoken, length, report) if apart else None)


def train(
    base: Base, prepared: Prepared, recipe: Recipe, out: Path, report: Report, resume: bool = False, every: int = 100
) -> adapter.Record:
    """Train and write the adapter to `out`; its state is kept there each `every` steps, and at the end of each epoch.

    Raises BadTraining for a folder that has an adapter or another run already, OutOfMemory when the device is full.
    """
    if recipe.patience and prepared.tested is None:
        raise BadTraining("patience looks at the held-out loss, and nothing is held out")
    if (out / adapter.RECORD).exists():
        raise BadTraining(f"{out} holds a finished adapter: take another folder")
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BadTraining(f"another run is at work in {out}") from None
    try:
        made = _trained(base, prepared, recipe, out, report, resume, every)
    finally:
        (out / LOCK).unlink(missing_ok=True)
        lock.release()
    return made


def _trained(
    base: Base, prepared: Prepared, recipe: Recipe, out: Path, report: Report, resume: bool, every: int
) -> adapter.Record:
    saved = Saved(out / UNFINISHED, _identity(base, prepared, recipe), resume)
    model = adapted(prepared.words.folder, base.name, base.device, recipe)
    tested = prepared.tested.examples if prepared.tested else ()
    learner = Learner(model, prepared.learned.examples, tested, recipe, saved)
    run = learner.learn(every, report)
    data = adapter.Data.of(prepared.data, prepared.learned)
    held_out = adapter.Data.of(prepared.held_out, prepared.tested) if prepared.held_out and prepared.tested else None
    made = adapter.record(base, prepared.words.digest, data, held_out, recipe, run)
    adapter.save(model, made, out)
    saved.forget()
    return made


def _written(dialogues: Dialogues, spoken: Words, length: int, report: Report) -> Curriculum:
    label = f"读入 {dialogues.name}"
    made = curriculum(dialogues, spoken.writer, length, lambda done, total: report(done, total, label))
    if not made.examples:
        raise BadDialogues(f"{dialogues.name}: every dialogue is longer than {length} tokens")
    return made


def _identity(base: Base, prepared: Prepared, recipe: Recipe) -> str:
    """What a run must have in common with the one that it resumes, as a digest."""
    held_out = prepared.held_out.sha256 if prepared.held_out else None
    parts = [
        prepared.words.digest,
        base.template,
        base.format,
        prepared.data.sha256,
        held_out,
        recipe.model_dump(mode="json"),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
