"""Any reranker that sentence-transformers reads: a sequence classifier, or a causal model that says yes or no.

A causal one (Qwen3-Reranker) is asked by a template; its score is the logit of yes against that of no (Nogueira et al.
2020, Document Ranking with a Pretrained Sequence-to-Sequence Model). Knows nothing of articles.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import CrossEncoder

from models.contracts import DeadlineExceeded, ModelUnavailable, OutOfMemory
from models.local import reading
from models.readers import RerankerOptions

READ = 2048  # tokens of question and text together
QUESTION, TEXT = 1200, 1600  # characters of each, so that a long question leaves room for the text
WANTED = "Given a web search query, retrieve relevant passages that answer the query"
# The form that Qwen3-Reranker was trained with, to the last line break: with another one its scores mean nothing.
TEMPLATE = (
    '{%- macro said(role) -%}{{ messages | selectattr("role", "eq", role) | map(attribute="content") | first }}'
    "{%- endmacro -%}"
    "{{- '<|im_start|>system\\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\\n\' }}'
    "{{- '<|im_start|>user\\n<Instruct>: ' ~ (said('system') or '" + WANTED + "') }}"
    "{{- '\\n<Query>: ' ~ said('query') ~ '\\n<Document>: ' ~ said('document') ~ '<|im_end|>\\n' }}"
    "{{- '<|im_start|>assistant\\n<think>\\n\\n</think>\\n\\n' }}"
)


class CrossReranker:
    """A loaded reranker. One call at a time."""

    def __init__(self, options: RerankerOptions) -> None:
        """Raises ModelUnavailable with the reason or the command that fetches the checkpoint, OutOfMemory."""
        self.model, self._options = options.model, options
        folder = reading.found(options)
        # A causal checkpoint without modules of its own (Qwen3-Reranker's first form) lacks a template for pairs.
        bare = _is_causal(folder) and not (folder / "modules.json").exists()
        more = {"processor_kwargs": {"chat_template": TEMPLATE}} if bare else {}
        self._net: Any = reading.loaded(CrossEncoder, folder, options, **more)
        if self._net.num_labels != 1:
            raise ModelUnavailable(f"{options.model} gives {self._net.num_labels} scores for a text, not one")
        self._net.max_seq_length = min(self._net.max_seq_length or READ, READ)
        try:
            self.scores("?", ["?"])
        except ValueError as error:  # a template that cannot carry the pair
            raise ModelUnavailable(f"{options.model}: {' '.join(str(error).split())[:400]}") from error

    def scores(self, question: str, texts: Sequence[str], deadline: float | None = None) -> list[float]:
        """How well each text answers, from 0 to 1. Texts of like length share a batch.

        `deadline`: Unix time; past it no batch is begun and DeadlineExceeded raised. Raises OutOfMemory,
        ModelUnavailable.
        """
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        found = [0.0] * len(texts)
        for start in range(0, len(order), self._options.batch):
            if deadline is not None and time.time() > deadline:
                raise DeadlineExceeded(f"{self.model}: {start} of {len(texts)} texts were read in time")
            some = order[start : start + self._options.batch]
            for at, score in zip(some, self._read(question, [texts[at] for at in some]), strict=True):
                found[at] = score
        return found

    def _read(self, question: str, texts: Sequence[str]) -> list[float]:
        pairs = [(question[:QUESTION], text[:TEXT]) for text in texts]
        try:
            found = self._net.predict(
                pairs,
                prompt=self._options.instruction,
                batch_size=len(pairs),
                activation_fn=torch.nn.Sigmoid(),  # whatever the checkpoint would have: scores are from 0 to 1
                show_progress_bar=False,
            )
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(f"{self.model}: no memory for a batch of {len(pairs)} texts") from error
        except RuntimeError as error:  # whatever else fails on a device
            raise ModelUnavailable(f"{self.model}: {' '.join(str(error).split())[:400]}") from error
        return [float(score) for score in found]


def _is_causal(folder: Path) -> bool:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False  # loading says what is wrong with it
    return any(str(name).endswith("ForCausalLM") for name in config.get("architectures") or ())
