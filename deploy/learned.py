"""Introduces the shipped encoder to the shipped ranking knowledge: what every library of this machine searches with."""

from functools import lru_cache

from models.embedders.static import StaticEncoder
from retrievers.ranking.knowledge import WEIGHTS, Knowledge


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Loaded once in a process. Raises ModelUnavailable, CorruptIndex or EncoderMismatch."""
    return Knowledge.load(StaticEncoder(), WEIGHTS)
