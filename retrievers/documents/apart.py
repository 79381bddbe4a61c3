"""Reads files in a process of its own: one that never ends, wants all memory or crashes its reader costs only itself.

Whoever sends a document to a firm decides what is in it, and the readers' libraries walk whatever they find.
"""

import multiprocessing
import resource
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from retrievers.contracts import BadSource
from retrievers.documents import files
from retrievers.documents.passages import Piece

PATIENCE = 600.0  # seconds for one file: thousands of pages take minutes
MEMORY = 4 * 2**30  # bytes


class Apart:
    """A context manager; the process starts with the first file, and anew after one that was given up."""

    def __init__(self, patience: float = PATIENCE, memory: int = MEMORY) -> None:
        """`patience`: seconds that one file may take; `memory`: bytes of data that the process may hold."""
        self._patience, self._memory = patience, memory
        self._reader: tuple[SpawnProcess, Connection] | None = None

    def pieces(self, name: str, content: bytes) -> list[Piece]:
        """As `files.pieces`. Raises BadSource also for a file that takes too long, too much memory, or the reader."""
        try:
            pipe = self._started()
            pipe.send((name, content))
            if not pipe.poll(self._patience):
                self._stop()
                raise BadSource(f"{self._patience:g} 秒内没有读完")
            answer: list[Piece] | Exception = pipe.recv()
        except (EOFError, OSError) as error:
            self._stop()
            raise BadSource("读取程序崩溃") from error
        if isinstance(answer, MemoryError):
            self._stop()
            raise BadSource("读取需要的内存过多") from answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends the process."""
        self._stop()

    def _started(self) -> Connection:
        if self._reader is None:
            context = multiprocessing.get_context("spawn")  # not a copy of this process, which may have threads
            ours, theirs = context.Pipe()
            process = context.Process(target=_read, args=(theirs, self._memory), daemon=True)
            process.start()
            self._reader = process, ours
            theirs.close()
            ours.recv()  # it runs: the time that it needs to start is not the file's
        return self._reader[1]

    def _stop(self) -> None:
        if self._reader is not None:
            process, pipe = self._reader
            process.kill()
            process.join()
            pipe.close()
            self._reader = None


def _read(pipe: Connection, memory: int) -> None:
    """What the process does: answers each file with its pieces, or with the error that it raised."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    pipe.send(None)
    while True:
        try:
            name, content = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(files.pieces(name, content))
        except Exception as error:
            pipe.send(error)
