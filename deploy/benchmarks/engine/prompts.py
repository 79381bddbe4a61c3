"""Prompts of an exact number of tokens, each different, so that no cache of beginnings can help."""

import random
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer

from deploy.benchmarks.engine.timing import Load
from deploy.benchmarks.engine.vocabulary import PLAIN


class Prompts:
    """Draws the messages of a load for one of our checkpoints; the same seed draws the same ones."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self._random = random.Random(seed)
        self._around = len(self.ids(""))

    def texts(self, load: Load) -> list[str]:
        """A user's message for each request; with the chat template around it, each has `load.prompt` tokens.

        Raises ValueError when the template alone has as many.
        """
        size = load.prompt - self._around
        if size < 1:
            raise ValueError(f"a prompt needs more than {self._around} tokens, those of the chat template")
        return ["".join(self._random.choices(PLAIN, k=size)) for _ in range(load.requests)]

    def ids(self, text: str) -> list[int]:
        """The message as token ids, in the chat template."""
        rows = [{"role": "user", "content": text}]
        written = self._tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True)
        return list(self._tokenizer(written, add_special_tokens=False)["input_ids"])
