"""Logging of a replica: identity data is masked in every line, tracebacks included."""

import logging

from models.masking import mask


class MaskingFormatter(logging.Formatter):
    """Formats as its parent does, then masks names of people's papers, numbers and addresses (models/masking.py)."""

    def format(self, record: logging.LogRecord) -> str:
        """The masked line."""
        return mask(super().format(record))


def install() -> None:
    """Send this process's log lines to stderr, masked. Serve keeps a replica's stderr in its log files."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
