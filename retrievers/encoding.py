"""What indexes and searches ask of models. `models` has them; `deploy` introduces the two.

The static encoder that the ranking was learned with is part of every search. The article role (an embedder and a
reranker, language models) is added where it is deployed.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Texts to vectors. `digest` names the weights: vectors of another digest cannot be compared with these."""

    digest: str
    dimensions: int

    @property
    def table(self) -> Vectors:
        """The vector of each token, [vocabulary, dimensions]."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, [texts, dimensions], of length 1 (or 0 for a text without a known token)."""
        ...

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The known tokens of each text, rows of `table`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class EmbedderName:
    """An embedder as the operator names it (a folder, or a name on the hub), and how many dimensions are kept of its
    vectors (null: all); `digest` names whatever decides them.
    """

    model: str
    digest: str
    cut: int | None = None

    @property
    def command(self) -> str:
        """What makes the vectors of a home by this embedder."""
        cut = [] if self.cut is None else ["--dimensions", str(self.cut)]
        return shlex.join(["lexhub", "ingest", "rebuild", "--encoder", self.model, *cut])


class Embedder(Protocol):
    """A language model that turns passages into vectors, for building their index.

    May raise errors of its own, which end the build.
    """

    name: EmbedderName
    dimensions: int

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, [texts, dimensions], of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vector of a question, [dimensions], of length 1, and the embedder that made it."""

    vector: Vectors
    by: EmbedderName


class ArticleRole(Protocol):
    """The embedder and the reranker that a search may ask; either may be missing.

    Both raise RetrievalError only, or TimeoutError after the time that the role was given. Concurrent calls are safe.
    """

    embeds: bool
    reranks: bool

    async def embed(self, question: str) -> Embedded:
        """The vector of a question, to be compared with those of passages from the embedder of the same digest."""
        ...

    async def rerank(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """How well each text answers the question, from 0 to 1."""
        ...
