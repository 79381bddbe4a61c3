"""Trains the static encoder from scratch: a unigram tokenizer, then contrastive pairs with in-batch negatives.

The loss is the multiple negatives ranking loss (Henderson et al. 2017, Efficient Natural Language Response
Suggestion, section 4.4) of sentence-transformers. Knows nothing of where the pairs come from.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from models.training import shipping

Progress = Callable[[int, int], None]


class EncoderOptions(BaseModel):
    """The recipe. `batch` pairs a step, which are each other's negatives; `scale` is the inverse temperature; `longest`
    is the characters of a token. With one thread a run is reproducible to the bit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vocabulary: int = Field(default=24_000, ge=300)
    longest: int = Field(default=4, ge=1)
    dimensions: int = Field(default=256, ge=8)
    batch: int = Field(default=1024, ge=2)
    steps: int = Field(default=300, ge=1)
    rate: float = Field(default=0.05, gt=0)
    scale: float = Field(default=20.0, gt=0)
    seed: int = 7
    threads: int = Field(default=1, ge=1)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of (left, right, key): texts that belong together. Rows with the same key never meet in one batch.

    `share` is the source's share of every batch, relative to the others.
    """

    rows: Sequence[tuple[str, str, str]]
    share: float


def tokenizer(texts: Iterator[str], options: EncoderOptions) -> Tokenizer:
    """A unigram tokenizer (Kudo 2018, Subword Regularization) of Chinese runs; every number is one sign."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([
        normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"[0-9]+(?:[.,][0-9]+)*"), "0"),
    ])  # fmt: skip
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed")
    trainer = trainers.UnigramTrainer(
        vocab_size=options.vocabulary, max_piece_length=options.longest, unk_token="<unk>", special_tokens=["<unk>"],
        show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(texts, trainer)
    return made


def train(
    cutter: Tokenizer, sources: Mapping[str, Pairs], options: EncoderOptions, progress: Progress = lambda done, of: None
) -> SentenceTransformer:
    """The trained encoder. Seeded; with one thread two runs give the same weights."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    module = StaticEmbedding(cutter, embedding_dim=options.dimensions)
    torch.nn.init.normal_(module.embedding.weight, std=options.dimensions**-0.5)
    encoder = SentenceTransformer(modules=[module], device="cpu")
    loss = MultipleNegativesRankingLoss(encoder, scale=options.scale)
    optimiser = torch.optim.Adam(encoder.parameters(), lr=options.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, total_steps=options.steps, pct_start=0.1, cycle_momentum=False
    )
    batches = _batches(sources, options)
    for step in range(options.steps):
        columns = [encoder.preprocess(list(column)) for column in zip(*next(batches), strict=True)]
        optimiser.zero_grad()
        value = loss(columns, torch.zeros(0))
        value.backward()
        optimiser.step()
        schedule.step()
        progress(step + 1, options.steps)
    return encoder


def save(made: SentenceTransformer, folder: Path, options: EncoderOptions, counts: Mapping[str, int]) -> None:
    """Write model.safetensors (half precision), tokenizer.json and the model card into `folder`.

    The folder holds what `StaticEmbedding.load` reads, as well as `models.embedders.static`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    module: Any = made[0]
    weights = module.embedding.weight.detach().half().numpy()
    module.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    lines = [
        "# 编码器:法律文本 → 向量",
        "",
        "Static token vectors, averaged. Trained from scratch; no text is stored.",
        "",
    ]
    lines += ["## Data", "", "Statutes (public law) and this project's own questions, stories and digests.", ""]
    lines += ["| pairs | count |", "|---|---|", *(f"| {name} | {count} |" for name, count in counts.items())]
    lines += ["", "## Recipe", "", "`lexhub train encoder LAWS`", "", "| option | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in options.model_dump().items()]
    lines += [
        "",
        "## Limits",
        "",
        "Word order means nothing to it, and it knows only words of statutes, our questions and stories.",
        "",
    ]
    shipping.write(folder, {"embedding.weight": weights}, lines)


def _batches(sources: Mapping[str, Pairs], options: EncoderOptions) -> Iterator[list[tuple[str, str]]]:
    """Endless batches, each with every source's share, no key twice."""
    draw = random.Random(options.seed)
    total = sum(source.share for source in sources.values())
    queues = {name: _shuffled(len(source.rows), draw) for name, source in sources.items()}
    while True:
        batch: list[tuple[str, str]] = []
        used: set[str] = set()
        for name, source in sources.items():
            for _ in range(round(options.batch * source.share / total)):
                at = next(queues[name])
                left, right, key = source.rows[at]
                if key not in used:
                    used.add(key)
                    batch.append((left, right))
        yield batch


def _shuffled(count: int, draw: random.Random) -> Iterator[int]:
    order = list(range(count))
    while True:
        draw.shuffle(order)
        yield from order
