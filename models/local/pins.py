"""Fingerprints of a checkpoint's files, so that what is loaded is what was tested. Knows nothing of models."""

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from models.contracts import ModelUnavailable
from models.local import folders

logger = logging.getLogger("lexhub")


def pins(folder: Path) -> dict[str, str]:
    """The SHA-256, in hex, of every file that loading may read, by name. Raises ModelUnavailable."""
    return _digests(folders.parts(folder))


def verify(folder: Path, pinned: Mapping[str, str]) -> None:
    """Raise ModelUnavailable unless the files that loading may read are exactly the pinned ones.

    With no pins at all a warning is logged, once for each folder.
    """
    if not pinned:
        _warn(folder)
        return
    parts = folders.parts(folder)
    problems = [
        *(f"{name} is not there" for name in _outside(pinned, parts)),
        *(f"{name} is not pinned" for name in _outside(parts, pinned)),
    ]
    if not problems:
        found = _digests(parts)
        problems = [f"{name} is not the pinned file" for name, digest in found.items() if digest != pinned[name]]
    if problems:
        raise folders.refusal(folder, f"its files are not those of the card's sha256: {'; '.join(problems)}")


@cache
def _warn(folder: Path) -> None:
    logger.warning(
        "the weights of %s are not pinned: a changed file would go unnoticed; "
        "`lexhub models pin %s` prints the lines for its card",
        folders.title(folder),
        folder,
    )


def _outside(names: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(known))


def _digests(parts: Mapping[str, Path]) -> dict[str, str]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing frees the interpreter
        return dict(zip(parts, pool.map(_digest, parts.values()), strict=True))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnavailable(f"{path.name} cannot be read: {error}") from error
