"""Log lines of a replica: text for one machine, JSON for a cluster. Each line names the request that it is of.

Whatever is said is masked, tracebacks too. A line at INFO has ids, names, counts and codes, never a client's words.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from deploy.masked import cleaned, mask_records
from deploy.observing.context import request_id, trace_id

Form = Literal["text", "json"]


class MaskingFormatter(logging.Formatter):
    """One line of text, masked (deploy/masked.py): level, logger, request id, message, and what is `told` besides."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The masked line, its request id in front."""
        id, told = request_id.get(), " ".join(f"{name}={value}" for name, value in _told(record).items())
        line = super().format(record)
        said = line if getattr(record, "masked", False) else cleaned(line)  # mostly masked when it was made
        parts = (cleaned(f"[{id}]") if id else "", said, cleaned(told))
        return " ".join(part for part in parts if part)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request, trace, the replica, and what is `told` besides."""

    def __init__(self, replica: Mapping[str, str]) -> None:
        super().__init__()
        self._replica = dict(replica)

    def format(self, record: logging.LogRecord) -> str:
        """The line; its texts are masked."""
        row: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": cleaned(record.getMessage()),
            "request": request_id.get(),
            "trace": trace_id(),
            **self._replica,
            **{name: cleaned(value) if isinstance(value, str) else value for name, value in _told(record).items()},
        }
        if record.exc_info:
            row["error"] = cleaned(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in row.items() if value != ""}, ensure_ascii=False, default=str)


def _told(record: logging.LogRecord) -> Mapping[str, Any]:
    """What a caller gave as `extra={"told": {…}}`: ids, counts and codes beside the message."""
    told: Mapping[str, Any] = getattr(record, "told", {})
    return told


def install(form: Form = "text", replica: Mapping[str, str] | None = None) -> None:
    """Mask every record of this process, and send its log lines to stderr, which Serve keeps in its files.

    Our own loggers (`lexhub…`) tell of requests and turns; others only of what went wrong.
    """
    mask_records()
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(replica or {}) if form == "json" else MaskingFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("lexhub").setLevel(logging.INFO)
