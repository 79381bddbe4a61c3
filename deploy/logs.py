"""Logging of a replica: identity data is masked in every line, tracebacks included (`masked`)."""

import logging

from deploy.masked import cleaned, mask_records


class MaskingFormatter(logging.Formatter):
    """Formats as its parent does, then masks the whole line: fields of a record that were set later, too."""

    def format(self, record: logging.LogRecord) -> str:
        """The masked line."""
        return cleaned(super().format(record))


def install() -> None:
    """Mask every record of this process, and send its log lines to stderr, which Serve keeps in its files."""
    mask_records()
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
