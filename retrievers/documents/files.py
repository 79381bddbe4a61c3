"""The files of an import: a folder or one file, each read by the reader of its kind, what cannot be read named.

Knows the limits, not what the files are for.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from retrievers import tokenise
from retrievers.contracts import BadSource
from retrievers.documents.parts import LARGEST_TEXT, Part, clean
from retrievers.documents.passages import Piece, passages

VERSION = 1  # raise it when readers or passages change: files are then read again though they are the same
LARGEST_FILE = 50_000_000  # bytes
MOST_FILES = 50_000
LONGEST_NAME = 250
READERS = {".docx": "word", ".pdf": "pdf", ".md": "markdown", ".markdown": "markdown", ".txt": "plain"}
_NAMED = {
    ".doc": "旧版 Word 格式,请另存为 .docx",
    ".wps": "WPS 格式,请另存为 .docx",
    ".docm": "含宏的 Word 格式,请另存为 .docx",
}
_IGNORED = ("~$", ".")  # Word's locks, hidden files


@dataclass(frozen=True)
class Found:
    """A file to import: its name inside the corpus, and where it lies."""

    name: str
    path: Path


def found(path: Path) -> tuple[list[Found], list[tuple[str, str]]]:
    """The files to import by name, and (file, reason) of those that are none. Raises BadSource.

    Links are not followed: what lies outside the folder was not given. A file given alone is named by its last part.
    """
    if path.is_file():
        if path.suffix.lower() not in READERS:
            raise BadSource(f"{path.name}:{_unreadable(path)}")
        return [Found(_named(path.name), path)], []
    if not path.is_dir():
        raise BadSource(f"{path}:没有这个文件或文件夹")
    taken: list[Found] = []
    skipped: list[tuple[str, str]] = []
    for file in _walk(path):
        name = file.relative_to(path).as_posix()
        if file.is_symlink() or not file.is_file():
            skipped.append((name, "是链接或特殊文件"))
        elif file.suffix.lower() in READERS and len(name) <= LONGEST_NAME:
            taken.append(Found(_named(name), file))
        else:
            skipped.append((name, _unreadable(file) if len(name) <= LONGEST_NAME else "路径过长"))
    if len(taken) > MOST_FILES:
        raise BadSource(f"{path}:超过 {MOST_FILES} 个文件")
    return sorted(taken, key=lambda one: one.name), skipped


def content_of(file: Found) -> tuple[bytes, str]:
    """The bytes of the file and their SHA-256. Raises BadSource."""
    try:
        if file.path.stat().st_size > LARGEST_FILE:
            raise BadSource(f"超过 {LARGEST_FILE // 1_000_000} MB")
        content = file.path.read_bytes()
    except OSError as error:
        raise BadSource(f"无法读取:{error.strerror or error}") from error
    return content, hashlib.sha256(content).hexdigest()


def pieces(name: str, content: bytes) -> list[Piece]:
    """The passages of the file. Raises BadSource with the reason, in words for the operator."""
    module = import_module(f"retrievers.documents.{READERS[Path(name).suffix.lower()]}")
    read: Callable[[bytes], list[Part]] = module.read
    parts = read(content)
    if sum(len(part.text) for part in parts) > LARGEST_TEXT:
        raise BadSource(f"文字超过 {LARGEST_TEXT // 10_000} 万字")
    made = passages(parts)
    if not any(tokenise.bigrams(one.text) for one in made):
        raise BadSource("没有文字内容")
    return made


def _walk(path: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(_IGNORED))
        for name in sorted(names):
            if not name.startswith(_IGNORED):
                yield Path(folder) / name


def _named(name: str) -> str:
    return " ".join(clean(name).split("\n"))


def _unreadable(path: Path) -> str:
    suffix = path.suffix.lower()
    return _NAMED.get(suffix, f"不支持的格式 {suffix or '(无扩展名)'};可用 {'、'.join(READERS)}")
