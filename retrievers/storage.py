"""Generations of a corpus on disk: built beside the one that serves, checked, then swapped in one step.

    <home>/corpora/<name>/CURRENT                  the digest of the generation that serves
    <home>/corpora/<name>/generations/<digest>/    manifest.json and the files that it lists

A generation never changes once it is named. Knows nothing of what the files hold.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from retrievers.contracts import CorruptIndex, RetrievalError, Value

SCHEMA = 2
ALWAYS_HASHED = 200_000_000  # bytes; a larger generation has its sizes checked at loading, its hashes when built
KEPT = 2  # old generations that stay after a swap
_BLOCK = 1 << 20


class ImportRunning(RetrievalError):
    """Another import holds the lock of this corpus."""

    code = "import_running"


class StoredFile(Value):
    """Size in bytes and SHA-256 of one file of a generation."""

    size: int
    sha256: str


class Manifest(Value):
    """What a generation is: `digest` names its content, `embedded` the shipped texts in it, `tokeniser` its cutting,
    `encoder` the weights of its vectors (empty where it has none),
    `knowledge` what it was ranked with.

    `imported` is false for a generation made of the shipped texts alone; `reaches` is the latest adoption date.
    """

    layout: int = Field(default=SCHEMA)
    kind: Literal["laws", "cases", "documents"]
    digest: str
    embedded: str
    tokeniser: str
    encoder: str = ""
    knowledge: str = ""
    imported: bool
    counts: dict[str, int]
    reaches: date | None = None
    files: dict[str, StoredFile] = Field(default_factory=dict)


class Store:
    """The generations under one folder. One writer at a time (`writing`), any number of readers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / "CURRENT"
        self._generations = folder / "generations"

    def current(self) -> str | None:
        """What CURRENT says: the digest of the generation that serves, null before the first."""
        try:
            return self._current.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None

    def last_swap(self) -> int | None:
        """When CURRENT was written last, in nanoseconds: another number is another swap, null before the first."""
        try:
            return self._current.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def generation(self, digest: str) -> Path:
        """The folder of the generation with this digest."""
        if not re.fullmatch("[0-9a-f]{8,64}", digest):
            raise CorruptIndex(f"{self._current}: {digest!r} is not the name of a generation")
        return self._generations / digest

    def outline(self, digest: str) -> dict[str, Any]:
        """The manifest of a generation as plain data, whatever its layout, its files not looked at."""
        return _outline(self.generation(digest) / "manifest.json")

    def file(self, digest: str, name: str) -> Path:
        """One file of a generation of any layout, checked against its manifest. Raises CorruptIndex naming it."""
        path = self.generation(digest) / name
        stored = self.outline(digest).get("files", {}).get(name)
        if not path.is_file() or stored is None:
            raise CorruptIndex(f"{path}: missing")
        if _sha256(path) != stored["sha256"]:
            raise CorruptIndex(f"{path}: its content does not match the manifest")
        return path

    def is_whole(self, digest: str) -> bool:
        """Whether a generation is there and all its files are as its manifest says."""
        try:
            verified(self.generation(digest))
        except CorruptIndex:
            return False
        return True

    def verified(self, digest: str) -> Manifest:
        """The manifest of a generation whose files are all as it says. Raises CorruptIndex naming the file."""
        return verified(self.generation(digest))

    @property
    def work(self) -> Path:
        """Where a long build keeps what it can go on from after it was cut off; gone once something is published."""
        return self._generations / ".work"

    @contextmanager
    def writing(self, timeout: float = 0) -> Iterator[None]:
        """Hold the corpus for one import; raises ImportRunning when another holds it longer than `timeout` seconds."""
        self._generations.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock", timeout=timeout)
        try:
            lock.acquire()
        except Timeout as error:
            raise ImportRunning(f"another import is writing to {self.folder}") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder for the files of a new generation; removed unless `publish` took it."""
        self._generations.mkdir(parents=True, exist_ok=True)
        for left in self._generations.glob(".build-*"):  # of an import that was killed; the caller holds `writing`
            shutil.rmtree(left)
        folder = Path(mkdtemp(prefix=".build-", dir=self._generations))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder)

    def publish(self, built: Path, manifest: Manifest) -> Manifest:
        """Name the files in `built` a generation, check it, and let it serve. Returns the complete manifest."""
        files = {
            path.relative_to(built).as_posix(): StoredFile(size=path.stat().st_size, sha256=_sha256(path))
            for path in sorted(built.rglob("*"))
            if path.is_file()
        }
        complete = manifest.model_copy(update={"files": files})
        for name in files:
            _sync(built / name)
        _write(built / "manifest.json", complete.model_dump_json(indent=1))
        verified(built)
        target = self.generation(manifest.digest)
        if target.exists():  # the same content was built before, and its files may be the reason to build it again
            shutil.rmtree(target)
        os.replace(built, target)
        _sync(self._generations)
        self._point_to(manifest.digest)
        if self.work.exists():
            shutil.rmtree(self.work)
        return complete

    def forget(self) -> None:
        """Delete every generation that does not serve: what was taken out of a private corpus is not kept on disk.

        The caller holds `writing`. A reader that has one of them open keeps what it opened.
        """
        current = self.current()
        for path in self._generations.iterdir():
            if path.name != current:
                shutil.rmtree(path)

    def clear(self) -> None:
        """Let nothing serve, and delete every generation. The caller holds `writing`."""
        self._current.unlink(missing_ok=True)
        _sync(self.folder)
        self.forget()

    def _point_to(self, digest: str) -> None:
        before = self.current()
        fresh = self._current.with_name(f".CURRENT-{os.getpid()}")
        _write(fresh, digest)
        os.replace(fresh, self._current)
        _sync(self.folder)
        self._prune({digest, before})

    def _prune(self, needed: set[str | None]) -> None:
        folders = [path for path in self._generations.iterdir() if not path.name.startswith(".")]
        old = sorted((path for path in folders if path.name not in needed), key=lambda path: path.stat().st_mtime)
        spare = KEPT - len(needed - {None}) + 1
        for path in old[: len(old) - spare] if spare > 0 else old:
            shutil.rmtree(path)


def _outline(path: Path) -> dict[str, Any]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CorruptIndex(f"{path}: missing") from error
    except ValueError as error:
        raise CorruptIndex(f"{path}: not a manifest: {error}") from error
    if not isinstance(rows, dict):
        raise CorruptIndex(f"{path}: not a manifest")
    return rows


def verified(folder: Path) -> Manifest:
    """The manifest in `folder`, after its files were compared with it. Raises CorruptIndex naming the file."""
    path = folder / "manifest.json"
    rows = _outline(path)
    if rows.get("layout") != SCHEMA:
        raise CorruptIndex(
            f"{path}: layout {rows.get('layout')}, this program reads {SCHEMA}; `lexhub ingest rebuild` makes it again"
        )
    try:
        manifest = Manifest.model_validate(rows)
    except ValidationError as error:
        raise CorruptIndex(f"{path}: not a manifest: {error}") from error
    for name, stored in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise CorruptIndex(f"{file}: missing")
        if (size := file.stat().st_size) != stored.size:
            raise CorruptIndex(f"{file}: {size} bytes, the manifest says {stored.size}")
    if sum(stored.size for stored in manifest.files.values()) < ALWAYS_HASHED:
        for name, stored in manifest.files.items():
            if _sha256(folder / name) != stored.sha256:
                raise CorruptIndex(f"{folder / name}: its content does not match the manifest")
    return manifest


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
