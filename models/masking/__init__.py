"""Identity data in texts: found, replaced by placeholders, and put back. `masks` is the place to start."""

from models.masking.masks import Mask, Unmasking, identities, mask

__all__ = ["Mask", "Unmasking", "identities", "mask"]
