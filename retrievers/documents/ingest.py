"""Import of private documents into a corpus, and their removal. What serves is replaced only by what is whole.

The same files again change nothing; a changed file replaces its passages; what is removed leaves the disk with the
generation that held it.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

from retrievers import embedded, tokenise
from retrievers.contracts import BadSource, NoSuchDocument
from retrievers.documents import archive, corpora, files
from retrievers.documents.apart import Apart
from retrievers.documents.archive import Archive, Filed
from retrievers.documents.passages import Piece
from retrievers.generations import Progress, silent, watched
from retrievers.indexes import fused
from retrievers.storage import Manifest, Store

_VERSION = 1  # raise it when the files of a generation of documents change


@dataclass
class Report:
    """What an import did, by names of files. `skipped`: (file, reason); `passages` counts those of the corpus now.

    `changed` is false when everything was there already.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0
    changed: bool = False


def ingest(path: Path, home: Path, corpus: str, progress: Progress = silent, *, anew: bool = False) -> Report:
    """Import a folder or a file. Files of the corpus that are not given stay; a bad one keeps its last good version.

    `anew`: what the corpus held before is dropped and not even read. Raises BadSource, ImportRunning, or CorruptIndex
    when the serving generation, which it adds to, cannot be read.
    """
    began = time.monotonic()
    given, faults = files.found(path)
    report = Report(skipped=faults)
    store = _private(home, corpus)
    with store.writing():
        old = None if anew else _serving(store)
        known, new = _compared(given, old, report, progress)
        fresh = {filed.name for filed, _ in new}
        _publish(store, old, [name for name in known if name not in fresh], new, report, progress)
    report.seconds = round(time.monotonic() - began, 2)
    return report


def preview(path: Path, home: Path, corpus: str, progress: Progress = silent, *, anew: bool = False) -> Report:
    """What `ingest` would do, without writing anything. Raises as `ingest`, but for ImportRunning."""
    began = time.monotonic()
    given, faults = files.found(path)
    report = Report(skipped=faults)
    serving = _serving(corpora.store(home, corpus))
    known, new = _compared(given, None if anew else serving, report, progress)
    fresh = {filed.name for filed, _ in new}
    if anew and serving is not None:
        report.removed = [one.name for one in serving.files() if one.name not in fresh]
    kept = sum(one.passages for name, one in known.items() if name not in fresh)
    report.passages = kept + sum(filed.passages for filed, _ in new)
    report.changed = bool(new or report.removed)
    report.seconds = round(time.monotonic() - began, 2)
    return report


def _compared(
    given: list[files.Found], old: Archive | None, report: Report, progress: Progress
) -> tuple[dict[str, Filed], list[tuple[Filed, list[Piece]]]]:
    """The files that the corpus has, and those given that it has not, read; fills `report` by names."""
    known = {one.name: one for one in old.files()} if old is not None else {}
    new: list[tuple[Filed, list[Piece]]] = []
    with Apart() as readers:
        for at, file in enumerate(given):
            progress(at, len(given), "读取文件")
            try:
                read = _read(file, known.get(file.name), readers)
            except BadSource as error:
                kept = ";仍用此前导入的版本" if file.name in known else ""
                report.skipped.append((file.name, f"{error}{kept}"))
                continue
            if read is None:
                report.unchanged += 1
                continue
            (report.replaced if file.name in known else report.added).append(file.name)
            new.append(read)
    progress(len(given), len(given), "读取文件")
    return known, new


def remove(file: str, home: Path, corpus: str, progress: Progress = silent) -> Report:
    """Take one file out of the corpus; with its last file the corpus is gone. Raises NoSuchDocument, as `ingest`."""
    began = time.monotonic()
    if corpora.store(home, corpus).current() is None:
        raise NoSuchDocument(f"没有名为“{corpus}”的文件库。")
    store = _private(home, corpus)
    with store.writing():
        old = _serving(store)
        known = [one.name for one in old.files()] if old is not None else []
        if file not in known:
            raise NoSuchDocument(f"文件库“{corpus}”里没有文件“{file}”;`lexhub documents list {corpus}` 列出全部文件。")
        report = Report(removed=[file])
        _publish(store, old, [name for name in known if name != file], [], report, progress)
    report.seconds = round(time.monotonic() - began, 2)
    return report


def rebuild(home: Path, progress: Progress = silent) -> bool:
    """Make the indexes of every corpus anew from its stored passages; false if those that serve are what would be made.

    Raises ImportRunning, or CorruptIndex when the stored passages cannot be read.
    """
    report = Report()
    for name in corpora.names(home):
        store = _private(home, name)
        with store.writing():
            if (old := _serving(store)) is not None:
                _publish(store, old, [one.name for one in old.files()], [], report, progress)
    return report.changed


def _read(file: files.Found, known: Filed | None, readers: Apart) -> tuple[Filed, list[Piece]] | None:
    """The file as it is to be stored, null when the corpus has it already. Raises BadSource."""
    content, sha256 = files.content_of(file)
    if known is not None and (known.sha256, known.reader) == (sha256, files.VERSION):
        return None
    pieces = readers.pieces(file.name, content)
    return Filed(file.name, sha256, len(content), files.VERSION, len(pieces)), pieces


def _publish(
    store: Store,
    old: Archive | None,
    kept: list[str],
    new: list[tuple[Filed, list[Piece]]],
    report: Report,
    progress: Progress,
) -> None:
    """Let the kept and the new files serve, and delete every other generation. Fills `passages` and `changed`."""
    if not kept and not new:
        report.changed = store.current() is not None
        store.clear()
        return
    cutter = tokenise.tokeniser(embedded.shipped().dictionary)
    with store.building() as folder:
        archive.write(folder, old, kept, new)
        written = Archive(folder)
        filed = written.files()
        report.passages = sum(one.passages for one in filed)
        digest = written.digest(f"{_VERSION} {cutter.digest}")
        if store.current() == digest and store.is_whole(digest):
            return
        fused.build(watched(written.texts, 2 * report.passages, progress), cutter, folder)
        manifest = Manifest(
            kind="documents",
            digest=digest,
            embedded="",
            tokeniser=cutter.digest,
            imported=True,
            counts={"files": len(filed), "passages": report.passages},
        )
        store.publish(folder, manifest)
    store.forget()
    report.changed = True


def _private(home: Path, corpus: str) -> Store:
    """The store of the corpus, in a folder that only its owner can enter."""
    store = corpora.store(home, corpus)
    corpora.folder(home).mkdir(parents=True, exist_ok=True)
    for path in (corpora.folder(home), store.folder):
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
    return store


def _serving(store: Store) -> Archive | None:
    if (digest := store.current()) is None:
        return None
    return Archive(store.file(digest, archive.FILE).parent)
