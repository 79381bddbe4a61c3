"""Turns dialogues into what the model is trained on: token ids, and which of them are its own words.

Every prompt is written by the function that serving uses, so training and serving cannot differ. An answer whose prompt
goes on from the answer before shares one example with it; where the format rewrites history (a thinking model's does),
each answer is an example of its own, as serving will ask for it. Only answers and the token that ends them are taught.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import BadRequest, Message
from models.training.lora.dialogues import Dialogues, refuse

Prompt = Callable[[Sequence[Message]], list[int]]
Disarm = Callable[[str], str]
AGAIN = Message(role="user", content="丙")


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids [length] and which are taught [length]."""

    ids: NDArray[np.int32]
    taught: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What a file of dialogues gives: examples, the tokens of each whole dialogue, and the answers that were too long.

    `cut`: line → answers left out at the end of that dialogue; `left_out`: the lines of which nothing remained.
    """

    examples: tuple[Example, ...]
    tokens: tuple[int, ...]
    cut: dict[int, int]
    left_out: tuple[int, ...]

    @property
    def taught(self) -> int:
        """How many tokens are taught."""
        return sum(int(example.taught.sum()) for example in self.examples)


class Writer:
    """Writes dialogues with `prompt` and a fast `tokenizer`; `ends` are the tokens that end an answer, and `disarm`
    is what serving does to a text that holds the format's own marks.
    """

    def __init__(self, prompt: Prompt, disarm: Disarm, tokenizer: Any, ends: Sequence[int]) -> None:
        self._prompt = prompt
        self._disarm = disarm
        self._tokenizer = tokenizer
        self._end = self._ending(ends)

    def examples(self, messages: Sequence[Message]) -> list[Example]:
        """The examples of a dialogue, an example for each run of answers that share one text.

        Raises BadRequest when the format refuses the messages, or when one of them holds a mark of it.
        """
        for place, message in enumerate(messages):
            if (changed := self._disarm(message.content)) != message.content:
                where = next(
                    at for at, pair in enumerate(zip(message.content, changed, strict=False)) if len({*pair}) > 1
                )
                mark = message.content[max(0, where - 1) : where + 20]
                raise BadRequest(f"messages.{place}: a mark of the model's own format at {mark!r}")
        places = [place for place, message in enumerate(messages) if message.role == "assistant"]
        heads = [self._prompt(messages[:place]) for place in places]
        made: list[tuple[list[int], list[bool]]] = []
        for place, head, later in zip(places, heads, [*heads[1:], self._prompt([*messages, AGAIN])], strict=True):
            answer = self._answer(messages[place].content, head, later)
            if made and head[: len(made[-1][0])] == made[-1][0]:
                ids, taught = made.pop()
            else:
                ids, taught = [], []
            taught = taught + [False] * (len(head) - len(ids)) + [True] * len(answer)
            made.append((head + answer, taught))
        return [Example(np.array(ids, np.int32), np.array(taught, np.bool_)) for ids, taught in made]

    def _answer(self, text: str, head: list[int], later: list[int]) -> list[int]:
        """The tokens of an answer and its end: those that the format itself writes, where it writes them plainly."""
        rest = later[len(head) :]
        if later[: len(head)] == head and self._end in rest:
            said = rest[: rest.index(self._end)]
            if self._text(said).strip() == text.strip():
                return [*said, self._end]
        return [*self._tokenizer(text.strip(), add_special_tokens=False)["input_ids"], self._end]

    def _ending(self, ends: Sequence[int]) -> int:
        """The token that ends an answer in this format; the tokenizer's own when the format shows none."""
        answered = [Message(role="user", content="甲"), Message(role="assistant", content="乙"), AGAIN]
        ids = self._prompt(answered)
        for place, token in enumerate(ids):
            if token in ends and self._text(ids[:place]).rstrip().endswith("乙"):
                return token
        own = self._tokenizer.eos_token_id
        return int(own) if own in ends else ends[0]

    def _text(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))


def curriculum(
    dialogues: Dialogues, writer: Writer, length: int, report: Callable[[int, int], None] | None = None
) -> Curriculum:
    """The examples of all dialogues, each at most `length` tokens: a longer one ends with the last answer that fits.

    `report` hears (done, total). Raises BadDialogues with the lines that the model's format refuses.
    """
    examples: list[Example] = []
    tokens: list[int] = []
    cut: dict[int, int] = {}
    left_out: list[int] = []
    faults: list[tuple[int, str]] = []
    for done, dialogue in enumerate(dialogues.rows, 1):
        try:
            whole = writer.examples(dialogue.messages)
        except BadRequest as error:
            faults.append((dialogue.line, str(error)))
            continue
        fitting = [kept for kept in (_fitted(example, length) for example in whole) if kept is not None]
        lost = dialogue.answers - sum(_answers(example) for example in fitting)
        tokens.append(max(len(example.ids) for example in whole))
        if not fitting:
            left_out.append(dialogue.line)
        elif lost:
            cut[dialogue.line] = lost
        examples.extend(fitting)
        if report:
            report(done, len(dialogues.rows))
    refuse(dialogues.name, faults)
    return Curriculum(tuple(examples), tuple(tokens), cut, tuple(left_out))


def _fitted(example: Example, length: int) -> Example | None:
    """`example` up to the last answer that ends within `length` tokens; None when not even the first does."""
    ends = _stops(example)
    last = max((int(end) for end in ends if end <= length), default=0)
    return Example(example.ids[:last], example.taught[:last]) if last else None


def _stops(example: Example) -> NDArray[np.intp]:
    """Where its answers end, exclusive."""
    return np.flatnonzero(example.taught & ~np.append(example.taught[1:], False)) + 1


def _answers(example: Example) -> int:
    return len(_stops(example))
