"""Reading and writing the JSONL of the batch commands, with the line at fault named."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from deploy.settings import BadSettings


def rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of the file. Raises BadSettings naming the file, the line and what is missing."""
    try:
        lines = path.open(encoding="utf-8")
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadSettings(f"{path}:{number}: not JSON: {error}") from error
            if not isinstance(row, dict) or not set(needed) <= set(row):
                raise BadSettings(f"{path}:{number}: an object with {', '.join(needed)} is needed")
            yield row


def write(path: Path, found: Iterable[dict[str, Any]]) -> int:
    """Write the objects and return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for row in found:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
