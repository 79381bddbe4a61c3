"""Logging of a replica: identity data is masked in every record of the process, whoever logs and whoever writes.

`install` makes the process's records mask themselves, so that no handler (Serve's files, uvicorn's, a test's) can write
more than ours does. Who formats lines otherwise keeps that.
"""

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from models.masking import mask

_UNMASKED = (int, float, bool, type(None))  # numbers keep their type: %d and %.1f must find them


Factory = Callable[..., logging.LogRecord]


def masking(factory: Factory) -> Factory:
    """A factory of records that masks what `factory` makes: message, arguments, traceback and stack."""

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = factory(*args, **kwargs)
        if isinstance(record.args, Mapping):
            record.args = {name: _masked(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_masked(value) for value in record.args)
        message = record.getMessage()
        if (hidden := mask(message)) != message:  # a number may begin in one argument and end in another
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0] is not None:
            # Formatters write this text where it is there, and make none of their own.
            record.exc_text = mask("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return record

    made.masks = True  # type: ignore[attr-defined]  # `install` may run twice in a process
    return made


class MaskingFormatter(logging.Formatter):
    """Formats as its parent does, then masks the whole line: fields of a record that were set later, too."""

    def format(self, record: logging.LogRecord) -> str:
        """The masked line."""
        return mask(super().format(record))


def install() -> None:
    """Mask every record of this process, and send its log lines to stderr, which Serve keeps in its files."""
    factory = logging.getLogRecordFactory()  # Ray has one of its own, which adds fields
    if not getattr(factory, "masks", False):
        logging.setLogRecordFactory(masking(factory))
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def _masked(value: Any) -> Any:
    if isinstance(value, _UNMASKED):
        return value
    text = str(value)
    hidden = mask(text)
    return value if hidden == text else hidden
