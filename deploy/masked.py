"""What leaves the process about itself, masked: every log record, whoever makes it, and every exported span.

Libraries log and trace what they please (FastAPI's spans hold paths, database drivers log parameters): it is masked
where records are made and where spans are exported, so that no handler and no collector sees more than ours does.
"""

import logging
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status
from opentelemetry.util.types import Attributes

from models.masking import mask

# Bytes and texts that were written as escapes hold what no pattern reads; nobody needs them in a log.
_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2}){2,}|(?:\\u[0-9a-fA-F]{4})+")
_TALKATIVE = ("aiosqlite", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "httpcore", "asyncio")  # with parameters
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
        if (hidden := cleaned(message)) != message:  # a number may begin in one argument and end in another
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0] is not None:
            # Formatters write this text where it is there, and make none of their own.
            record.exc_text = cleaned("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
        if record.stack_info:
            record.stack_info = cleaned(record.stack_info)
        record.masked = True
        return record

    made.masks = True  # type: ignore[attr-defined]  # `install` may run twice in a process
    return made


def cleaned(text: str) -> str:
    """The text as a log may hold it."""
    return mask(_ESCAPES.sub("〔略〕", text))


def mask_records() -> None:
    """From now on every record of this process is masked when it is made. Doing it twice changes nothing."""
    factory = logging.getLogRecordFactory()  # Ray has one of its own, which adds fields
    if not getattr(factory, "masks", False):
        logging.setLogRecordFactory(masking(factory))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)  # whatever level an operator gives the rest


class MaskingExporter(SpanExporter):
    """Hands spans to another exporter with every name, attribute, event and status text masked."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the masked spans."""
        return self._exporter.export([_span(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the other exporter down."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the other exporter."""
        return self._exporter.force_flush(timeout_millis)


def _span(span: ReadableSpan) -> ReadableSpan:
    events = [Event(cleaned(one.name), _attributes(one.attributes), one.timestamp) for one in span.events]
    text = span.status.description
    return ReadableSpan(
        name=cleaned(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=events,
        links=[Link(one.context, _attributes(one.attributes)) for one in span.links],
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code, None if text is None else cleaned(text)),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def _attributes(given: Attributes) -> Attributes:
    def one(value: Any) -> Any:
        if isinstance(value, str):
            return cleaned(value)
        return tuple(map(one, value)) if isinstance(value, Sequence) and not isinstance(value, bytes) else value

    return {name: one(value) for name, value in (given or {}).items()}


def _masked(value: Any) -> Any:
    if isinstance(value, _UNMASKED):
        return value
    text = str(value)
    hidden = cleaned(text)
    return value if hidden == text else hidden
