"""The files of an import of laws: a LawRefBook folder, DOCX of the national law database, JSONL, alone or in archives.

Archives are read member by member in memory; nothing in them is ever written to disk. Knows nothing of articles.
"""

import gzip
import lzma
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from retrievers import lawdocx, lawjsonl, lawrefbook
from retrievers.contracts import BadSource
from retrievers.lawrefbook import Document

LARGEST_FILE = 16_000_000  # bytes of one text
LARGEST_ROWS = 500_000_000  # bytes of one JSONL, which holds many texts
LARGEST_IMPORT = 2_000_000_000  # bytes of all of them: more is a decompression bomb
MARKDOWN = (".md",)
LAWS = (".md", ".docx", ".jsonl")
REFUSED = {
    ".doc": "旧版 Word 格式(.doc),请用 Word 或 LibreOffice 另存为 .docx 后再导入",
    ".wps": "WPS 格式(.wps),请另存为 .docx 后再导入",
    ".docm": "含宏的 Word 格式(.docm),请另存为 .docx 后再导入",
    ".pdf": "PDF 里的条文不能可靠地还原,请改用同一部法律的 .docx",
    ".ofd": "OFD 格式(.ofd),请改用同一部法律的 .docx",
}
_PACKED = {".xz": lzma.open, ".gz": gzip.open}
_FORMATS = (
    "LawRefBook Markdown, DOCX of the national law database, JSONL (also .xz, .gz); a folder, .tar or .zip of them"
)


@dataclass
class Skipped:
    """What an import left out: `faults` (file, reason), and how many files of each kind that is not a law."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def documents(path: Path) -> tuple[list[Document], Skipped]:
    """Every law in `path`, file by file in the order of their names, and what was skipped.

    Raises BadSource when `path` is none of the known forms or holds no law at all.
    """
    skipped = Skipped()
    found: list[Document] = []
    for name, content in sorted(_rooted(list(files(path, skipped, LAWS))), key=lambda entry: entry[0]):
        if (kind := lawrefbook.kind(name)) != "law":
            skipped.others[kind] += 1
            continue
        try:
            found += _read(name, content, skipped)
        except BadSource as error:
            skipped.faults.append((name, str(error).removeprefix(f"{name}: ")))
    if not found:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.faults[:3])
        raise BadSource(f"{path}: no law found{': ' + reasons if reasons else f' (expected {_FORMATS})'}")
    return found, skipped


def _read(name: str, content: bytes, skipped: Skipped) -> list[Document]:
    """The laws in one file. Raises BadSource."""
    kind = _suffix(name)
    if kind == ".jsonl":
        return lawjsonl.parse(content.splitlines(), name, skipped.faults)
    return [lawdocx.parse(content, name) if kind == ".docx" else lawrefbook.parse(content, name)]


def files(path: Path, skipped: Skipped, wanted: tuple[str, ...] = MARKDOWN) -> Iterator[tuple[str, bytes]]:
    """Every file with a `wanted` suffix in a folder or an archive, or itself: (path inside it, content).

    Those that could be laws in another format are named in `skipped` where DOCX is wanted. Raises BadSource.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path, skipped, wanted)
        elif path.is_file() and _suffix(path.name) in wanted:
            yield path.resolve().relative_to(_root(path.resolve().parent)).as_posix(), _content(path)
        elif path.is_file() and (why := REFUSED.get(_suffix(path.name))) is not None:
            raise BadSource(f"{path}: {why}")
        elif path.is_file() and zipfile.is_zipfile(path):
            yield from _of_zip(path, skipped, wanted)
        elif path.is_file() and tarfile.is_tarfile(path):
            yield from _of_tar(path, skipped, wanted)
        else:
            raise BadSource(f"{path}: {'not readable as' if path.exists() else 'does not exist; expected'} {_FORMATS}")
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadSource(f"{path}: {error}") from error
    except lzma.LZMAError as error:
        raise BadSource(f"{path}: {error}") from error


def _suffix(name: str) -> str:
    """The suffix that says what a file is: that before .xz or .gz of a packed JSONL."""
    pure = PurePosixPath(name)
    packed = pure.suffix in _PACKED and PurePosixPath(pure.stem).suffix == ".jsonl"
    return (PurePosixPath(pure.stem) if packed else pure).suffix.lower()


def _packed(name: str) -> bool:
    """Whether a member of an archive is packed once more: it is not opened."""
    return PurePosixPath(name).suffix in _PACKED


def _content(path: Path) -> bytes:
    """The bytes of a file given alone, unpacked. Raises BadSource when there are too many."""
    limit = _largest(path.name)
    with _PACKED.get(path.suffix, open)(path, "rb") as file:  # type: ignore[operator]
        content: bytes = file.read(limit + 1)
    if len(content) > limit:
        raise BadSource(f"{path}: {_too_large(path.name)}")
    return content


def _is_wanted(name: str, skipped: Skipped, wanted: tuple[str, ...]) -> bool:
    """Whether a file of a folder or an archive is of a kind that is read; one that nearly is, goes to `skipped`."""
    kind = _suffix(name)
    if _hidden(name):
        return False
    if kind in REFUSED and ".docx" in wanted:
        skipped.faults.append((name, REFUSED[kind]))
    return kind in wanted


def _is_small(name: str, size: int, skipped: Skipped) -> bool:
    """Whether a file is small enough to be read; one that is not, goes to `skipped`."""
    if size > _largest(name):
        skipped.faults.append((name, _too_large(name)))
    return size <= _largest(name)


def _of_folder(path: Path, skipped: Skipped, wanted: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    root = _root(path.resolve())
    for file in path.resolve().rglob("*"):
        name = file.relative_to(root).as_posix()
        if not file.is_file() or not _is_wanted(name, skipped, wanted):
            continue
        if not _is_small(name, file.stat().st_size, skipped):
            continue
        try:
            yield name, _content(file)
        except (OSError, EOFError, lzma.LZMAError) as error:
            skipped.faults.append((name, getattr(error, "strerror", None) or str(error)))
        except BadSource as error:
            skipped.faults.append((name, str(error).removeprefix(f"{file}: ")))


def _root(folder: Path) -> Path:
    """Where names begin: a folder of one category given alone keeps the category's name."""
    return folder.parent if folder.name in lawrefbook.CATEGORIES else folder


def _of_tar(path: Path, skipped: Skipped, wanted: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    total = 0
    with tarfile.open(path) as archive:
        for member in archive:
            name = _plain(member.name)
            if not member.isfile() or _packed(name) or not _is_wanted(name, skipped, wanted):
                continue
            total = _within(total + member.size, path)
            if _is_small(name, member.size, skipped) and (content := archive.extractfile(member)) is not None:
                yield name, content.read()


def _of_zip(path: Path, skipped: Skipped, wanted: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    total = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = _plain(_zip_name(member))
            if member.is_dir() or _packed(name) or not _is_wanted(name, skipped, wanted):
                continue
            total = _within(total + member.file_size, path)
            if _is_small(name, member.file_size, skipped):
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
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/"))


def _within(total: int, path: Path) -> int:
    if total > LARGEST_IMPORT:
        raise BadSource(f"{path}: more than {LARGEST_IMPORT:,} bytes of text")
    return total


def _largest(name: str) -> int:
    return LARGEST_ROWS if _suffix(name) == ".jsonl" else LARGEST_FILE


def _too_large(name: str) -> str:
    return f"larger than {_largest(name):,} bytes"


def _rooted(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files without folders around the whole (Laws-master/): a law's first folder is its category."""
    while files:
        tops = {name.split("/")[0] if "/" in name else "" for name, _ in files}
        inner = {name.split("/")[1] for name, _ in files if name.count("/") > 1}
        if len(tops) != 1 or "" in tops or not inner:
            break
        files = [(name.partition("/")[2], content) for name, content in files]
    return files
