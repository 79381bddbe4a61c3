"""Reads dialogues for training: one JSON object a line, `{"messages": [{"role": ..., "content": ...}, ...]}`.

Knows nothing of tokens. A file with a bad line is refused whole: nobody wants to find out after the training.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from models.contracts import Message, ModelError
from models.registry import complaint

SHOWN = 10  # bad lines that an error names


class BadDialogues(ModelError):
    """A file of dialogues cannot be trained on; the message names the lines and what is wrong with each."""

    code = "bad_dialogues"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue and the number of its line. Perhaps a system message, then user and assistant in turn."""

    line: int
    messages: tuple[Message, ...]

    @property
    def answers(self) -> int:
        """How many answers it teaches."""
        return sum(message.role == "assistant" for message in self.messages)


@dataclass(frozen=True, slots=True)
class Dialogues:
    """The dialogues of the file `name`, whose bytes have the digest `sha256`."""

    name: str
    sha256: str
    rows: tuple[Dialogue, ...]


class _Row(BaseModel):
    messages: tuple[Message, ...] = Field(min_length=2)


def read(path: Path) -> Dialogues:
    """The dialogues of a file; empty lines count, and are skipped.

    Raises BadDialogues for a file that cannot be read, has no dialogue, or has a bad line.
    """
    digest, rows, faults = hashlib.sha256(), [], []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                digest.update(line)
                if not line.strip():
                    continue
                try:
                    rows.append(Dialogue(number, _messages(line)))
                except ValueError as error:
                    faults.append((number, str(error)))
    except OSError as error:
        raise BadDialogues(f"{path}: {error.strerror}") from error
    refuse(path.name, faults)
    if not rows:
        raise BadDialogues(f"{path.name}: no dialogue in it")
    return Dialogues(path.name, digest.hexdigest(), tuple(rows))


def refuse(name: str, faults: Iterable[tuple[int, str]]) -> None:
    """Raise BadDialogues for (line, what is wrong) of the file `name`, when there are any."""
    faults = list(faults)
    if not faults:
        return
    more = f"; and {len(faults) - SHOWN} more lines" if len(faults) > SHOWN else ""
    raise BadDialogues("; ".join(f"{name}:{line}: {why}" for line, why in faults[:SHOWN]) + more)


def require_apart(training: Dialogues, held_out: Dialogues) -> None:
    """Raise BadDialogues when a held-out dialogue is also trained on: its loss would say nothing."""
    seen = {dialogue.messages: dialogue.line for dialogue in training.rows}
    refuse(
        held_out.name,
        [
            (dialogue.line, f"is trained on too ({training.name}:{seen[dialogue.messages]})")
            for dialogue in held_out.rows
            if dialogue.messages in seen
        ],
    )


def _messages(line: bytes) -> tuple[Message, ...]:
    """The messages of a line. Raises ValueError saying what is wrong with it."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"not JSON in UTF-8: {error}") from error
    try:
        messages = _Row.model_validate(row).messages
    except ValidationError as error:
        raise ValueError(complaint(error)) from error
    spoken = messages[1:] if messages[0].role == "system" else messages
    for number, message in enumerate(messages):
        if not message.content.strip():
            raise ValueError(f"messages.{number}: empty content")
        if any("\ud800" <= character <= "\udfff" for character in message.content):
            raise ValueError(f"messages.{number}: half a character (a lone surrogate)")
    for number, message in enumerate(spoken, len(messages) - len(spoken)):
        wanted = "user" if (number - len(messages) + len(spoken)) % 2 == 0 else "assistant"
        if message.role != wanted:
            raise ValueError(f"messages.{number}: {wanted} must speak here, not {message.role}")
    if messages[-1].role != "assistant":
        raise ValueError("the last message must be the assistant's: there is no answer to learn")
    return messages
