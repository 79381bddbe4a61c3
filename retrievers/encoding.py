"""What the indexes ask of an encoder of texts. `models/embedders` has them; `deploy` introduces the two."""

from collections.abc import Sequence
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
