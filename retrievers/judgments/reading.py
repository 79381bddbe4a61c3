"""Any file or folder of judgments to a stream of cases. A bad line or file is named and skipped, never the whole.

The format is told by the content, unless the caller names it. Holds one line (or one file) at a time in memory.
"""

import gzip
import json
import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import ValidationError

from retrievers import sources
from retrievers.contracts import BadSource, Case
from retrievers.judgments import cail, courts, guiding, lecard, plain, scm

LARGEST_LINE = 16_000_000  # bytes of one judgment
FAULTS_KEPT = 1000  # of a hopeless file the first thousand reasons are enough
Row = dict[str, Any]
Told = Callable[[int, int], None]
"""Called with (bytes read, bytes of all files); 0 of 0 where the size is not known."""


class _Format(Protocol):
    def fits(self, row: Row) -> bool: ...
    def cases(self, row: Row, place: str) -> Iterator[Case]: ...


FORMATS: dict[str, _Format] = cast(
    dict[str, _Format], {"cail": cail, "scm": scm, "lecard": lecard, "guiding": guiding, "lexhub": plain}
)


@dataclass
class Outcome:
    """What a reading met: how many cases, the first faults (place, reason), and how many there were."""

    cases: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    faulty: int = 0

    def failed(self, place: str, reason: str) -> None:
        """Keep the fault."""
        self.faulty += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append((place, reason))


def cases(path: Path, outcome: Outcome, form: str = "", told: Told = lambda done, total: None) -> Iterator[Case]:
    """The cases in `path`: JSONL, JSON (also .xz or .gz), a folder of JSON, a folder or archive of Markdown.

    `form` is a name of FORMATS, empty for what the content says. Counts into `outcome` as it goes. Raises BadSource
    for an unknown form, and for a path that cannot be read or holds no case, the latter at the end.
    """
    if form and form not in FORMATS:
        raise BadSource(f"no format {form!r}; known: {', '.join(FORMATS)}")
    for place, case in _all(path, outcome, form, told):
        try:
            case = Case.model_validate(courts.completed(case).model_dump())
        except ValidationError as error:
            outcome.failed(place, f"{error.error_count()} bad values")
            continue
        outcome.cases += 1
        yield case
    if not outcome.cases:
        reasons = "; ".join(f"{place}: {reason}" for place, reason in outcome.faults[:3])
        raise BadSource(f"{path}: no case found{': ' + reasons if reasons else ''}")


def _all(path: Path, outcome: Outcome, form: str, told: Told) -> Iterator[tuple[str, Case]]:
    if path.is_dir() and (files := sorted(file for file in path.rglob("*.json") if file.is_file())):
        for at, file in enumerate(files):
            told(at, len(files))
            yield from _of_json(file, outcome, form)
    elif path.is_dir() or ".tar" in path.suffixes or path.suffix in (".md", ".zip"):
        yield from _of_markdown(path, outcome)
    elif path.suffix == ".json" and not _has_lines(path):
        yield from _of_json(path, outcome, form)
    else:
        yield from _of_lines(path, outcome, form, told)


def _of_lines(path: Path, outcome: Outcome, form: str, told: Told) -> Iterator[tuple[str, Case]]:
    number, size = 0, 0
    try:
        size = path.stat().st_size
        with path.open("rb") as raw, _opened(path, raw) as lines:
            while line := lines.readline(LARGEST_LINE + 1):
                number += 1
                if number % 1000 == 1:
                    told(raw.tell(), size)
                place = f"{path.name}:{number}"
                if len(line) > LARGEST_LINE:
                    outcome.failed(place, f"longer than {LARGEST_LINE:,} bytes")
                    while line and not line.endswith(b"\n"):
                        line = lines.readline(LARGEST_LINE)
                elif line.strip():
                    yield from _read(line, place, outcome, form)
    except (OSError, EOFError, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadSource(f"{path}: {reason}" + (f" (after line {number})" if number else "")) from error
    told(size, size)


def _of_json(path: Path, outcome: Outcome, form: str) -> Iterator[tuple[str, Case]]:
    if path.stat().st_size > LARGEST_LINE:
        outcome.failed(path.name, f"larger than {LARGEST_LINE:,} bytes")
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        outcome.failed(path.name, error.strerror or str(error))
        return
    yield from _read(content, path.name, outcome, form)


def _of_markdown(path: Path, outcome: Outcome) -> Iterator[tuple[str, Case]]:
    """The files under a folder 案例; of a path that has no such folder, all Markdown files."""
    skipped = sources.Skipped()
    root = path.resolve().parent.name if path.is_dir() or path.suffix == ".md" else ""
    found = [(f"{root}/{name}", content) for name, content in sources.files(path, skipped)]
    marked = [row for row in found if "案例" in row[0].split("/") or path.resolve().name == "案例"]
    for place, reason in skipped.faults:
        outcome.failed(place, reason)
    for name, content in marked or found:
        try:
            yield from [(name, case) for case in guiding.markdown(content, name)]
        except ValueError as error:
            outcome.failed(name, _line(error))


def _read(content: bytes, place: str, outcome: Outcome, form: str) -> Iterator[tuple[str, Case]]:
    """The cases of one JSON object (or of a list of them); what is wrong with it goes to `outcome`."""
    try:
        row = json.loads(content.decode("utf-8-sig"))
        for one in row if isinstance(row, list) and content.lstrip().startswith(b"[{") else [row]:
            if not isinstance(one, dict):
                raise ValueError("not a JSON object")
            yield from [(place, case) for case in _format(one, form).cases(one, place)]
    except UnicodeDecodeError as error:
        outcome.failed(place, f"not UTF-8 (byte {error.start})")
    except json.JSONDecodeError as error:
        outcome.failed(place, f"not JSON: {error}")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        outcome.failed(place, _line(error))


def _format(row: Row, form: str) -> _Format:
    if form:
        return FORMATS[form]
    for known in FORMATS.values():
        if known.fits(row):
            return known
    raise ValueError(f"no known format (keys: {', '.join(list(row)[:6])}); a case needs id, title and facts")


def _line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
    return f"{error}" if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def _has_lines(path: Path) -> bool:
    """Whether a .json file holds one object a line, as CAIL's do."""
    try:
        with path.open("rb") as file:
            first = file.readline(LARGEST_LINE).strip()
            return first.startswith(b"{") and first.endswith(b"}") and bool(file.readline(10).strip())
    except OSError as error:
        raise BadSource(f"{path}: {error.strerror}") from error


def _opened(path: Path, raw: Any) -> BufferedIOBase:
    if path.suffix == ".xz":
        return cast(BufferedIOBase, lzma.open(raw))
    if path.suffix == ".gz":
        return cast(BufferedIOBase, gzip.open(raw))
    return cast(BufferedIOBase, raw)
