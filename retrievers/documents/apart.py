"""Reads files in a process of its own: one that never ends, or wants all memory, costs itself and not the import.

Whoever sends a document to a firm decides what is in it, and the readers' libraries walk whatever they find.
"""

import multiprocessing
import resource
from multiprocessing.pool import Pool
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
        self._pool: Pool | None = None

    def pieces(self, name: str, content: bytes) -> list[Piece]:
        """As `files.pieces`. Raises BadSource also for a file that takes too long or too much memory."""
        if self._pool is None:
            # Not a copy of this process, which may have threads.
            self._pool = multiprocessing.get_context("spawn").Pool(1, _limit, (self._memory,))
            self._pool.apply(_ready)  # the time that it needs to start is not the file's
        try:
            return self._pool.apply_async(files.pieces, (name, content)).get(self._patience)
        except multiprocessing.TimeoutError as error:
            self._stop()
            raise BadSource(f"{self._patience:g} 秒内没有读完") from error
        except MemoryError as error:
            self._stop()
            raise BadSource("读取需要的内存过多") from error

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends the process."""
        self._stop()

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _ready() -> None:
    """Nothing; that it is done says that the process runs."""
