"""The files of an import: a LawRefBook folder, an archive of one, or one Markdown file.

Archives are read member by member in memory; nothing in them is ever written to disk. Knows nothing of articles.
"""

import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from retrievers import lawrefbook
from retrievers.contracts import BadSource
from retrievers.lawrefbook import Document

LARGEST_FILE = 16_000_000  # bytes of one Markdown file
LARGEST_IMPORT = 2_000_000_000  # bytes of all of them: more is a decompression bomb
_FORMATS = "a LawRefBook folder, a .tar, .tar.gz, .tar.xz or .zip of one, or a .md file"


@dataclass
class Skipped:
    """What an import left out: `faults` (file, reason), and how many files of each kind that is not a law."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def documents(path: Path) -> tuple[list[Document], Skipped]:
    """Every law in `path`, file by file in the order of their names, and what was skipped.

    Raises BadSource when `path` is none of the known forms or holds no law at all.
    """
    skipped, found = Skipped(), []
    for name, content in sorted(_rooted(list(files(path, skipped))), key=lambda entry: entry[0]):
        if (kind := lawrefbook.kind(name)) != "law":
            skipped.others[kind] += 1
            continue
        try:
            found.append(lawrefbook.parse(content, name))
        except BadSource as error:
            skipped.faults.append((name, str(error).removeprefix(f"{name}: ")))
    if not found:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.faults[:3])
        raise BadSource(f"{path}: no law found{': ' + reasons if reasons else f' (expected {_FORMATS})'}")
    return found, skipped


def files(path: Path, skipped: Skipped) -> Iterator[tuple[str, bytes]]:
    """Every Markdown file of a folder, an archive, or itself: (path inside it, content). Raises BadSource."""
    try:
        if path.is_dir():
            yield from _of_folder(path, skipped)
        elif path.suffix == ".md":
            yield path.resolve().relative_to(_root(path.resolve().parent)).as_posix(), path.read_bytes()
        elif path.is_file() and zipfile.is_zipfile(path):
            yield from _of_zip(path, skipped)
        elif path.is_file() and tarfile.is_tarfile(path):
            yield from _of_tar(path, skipped)
        else:
            raise BadSource(f"{path}: {'not readable as' if path.exists() else 'does not exist; expected'} {_FORMATS}")
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadSource(f"{path}: {error}") from error


def _of_folder(path: Path, skipped: Skipped) -> Iterator[tuple[str, bytes]]:
    root = _root(path.resolve())
    for file in path.resolve().rglob("*.md"):
        name = file.relative_to(root).as_posix()
        if _hidden(name) or not file.is_file():
            continue
        if file.stat().st_size > LARGEST_FILE:
            skipped.faults.append((name, _too_large()))
            continue
        try:
            yield name, file.read_bytes()
        except OSError as error:
            skipped.faults.append((name, error.strerror or str(error)))


def _root(folder: Path) -> Path:
    """Where names begin: a folder of one category given alone keeps the category's name."""
    return folder.parent if folder.name in lawrefbook.CATEGORIES else folder


def _of_tar(path: Path, skipped: Skipped) -> Iterator[tuple[str, bytes]]:
    total = 0
    with tarfile.open(path) as archive:
        for member in archive:
            name = _plain(member.name)
            if not member.isfile() or not name.endswith(".md") or _hidden(name):
                continue
            total = _within(total + member.size, path)
            if member.size > LARGEST_FILE:
                skipped.faults.append((name, _too_large()))
            elif (content := archive.extractfile(member)) is not None:
                yield name, content.read()


def _of_zip(path: Path, skipped: Skipped) -> Iterator[tuple[str, bytes]]:
    total = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = _plain(_zip_name(member))
            if member.is_dir() or not name.endswith(".md") or _hidden(name):
                continue
            total = _within(total + member.file_size, path)
            if member.file_size > LARGEST_FILE:
                skipped.faults.append((name, _too_large()))
            else:
                yield name, archive.read(member)


def _zip_name(member: zipfile.ZipInfo) -> str:
    """The member's name; archives made on Chinese Windows hold GBK bytes that zipfile takes for CP437."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437")
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _plain(name: str) -> str:
    return "/".join(part for part in PurePosixPath(name).parts if part not in ("/", ".", ".."))


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _within(total: int, path: Path) -> int:
    if total > LARGEST_IMPORT:
        raise BadSource(f"{path}: more than {LARGEST_IMPORT:,} bytes of text")
    return total


def _too_large() -> str:
    return f"larger than {LARGEST_FILE:,} bytes"


def _rooted(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files without folders around the whole (Laws-master/): a law's first folder is its category."""
    while files:
        tops = {name.split("/")[0] if "/" in name else "" for name, _ in files}
        inner = {name.split("/")[1] for name, _ in files if name.count("/") > 1}
        if len(tops) != 1 or "" in tops or not inner:
            break
        files = [(name.partition("/")[2], content) for name, content in files]
    return files
