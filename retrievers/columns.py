"""The properties of cases that a search filters and prefers by, as columns of numbers beside the cases.

Every question is answered by array operations over whole columns: a million cases cost a few milliseconds. Knows
positions and values, not texts.
"""

import json
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from retrievers.contracts import Case, CaseFilter, CorruptIndex
from retrievers.judgments import charges, courts

FILE, NAMES = "columns.npz", "columns.json"
_SINGLE = ("kind", "level", "region", "field")  # one value a case
Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


class Builder:
    """Columns while they are made: one `add` for each case, in the order of positions."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, int]] = {name: {} for name in (*_SINGLE, "subject")}
        self._codes = {name: array("i") for name in _SINGLE}
        self._years = array("h")
        self._subjects, self._starts = array("i"), array("q", [0])

    def add(self, case: Case) -> None:
        """Take the case's properties."""
        for name in _SINGLE:
            self._codes[name].append(self._code(name, getattr(case, name)))
        self._years.append(case.year if case.year is not None and 0 < case.year < 10_000 else 0)
        for subject in dict.fromkeys(case.subjects):
            self._subjects.append(self._code("subject", subject))
        self._starts.append(len(self._subjects))

    def write(self, folder: Path) -> None:
        """Write both files."""
        arrays: dict[str, Any] = {name: np.frombuffer(self._codes[name], np.int32) for name in _SINGLE}
        arrays["year"] = np.frombuffer(self._years, np.int16)
        arrays["subjects"] = np.array(self._subjects, np.int32)  # may be empty, which frombuffer refuses
        arrays["starts"] = np.frombuffer(self._starts, np.int64)
        np.savez(folder / FILE, **arrays)
        names = {name: list(codes) for name, codes in self._names.items()}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    def _code(self, name: str, value: str) -> int:
        return self._names[name].setdefault(value, len(self._names[name]))


class Columns:
    """The columns of a generation, loaded. Safe for concurrent use: they are only read."""

    def __init__(self, folder: Path) -> None:
        """Raises CorruptIndex naming the file."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
            self._codes = {name: cast(NDArray[np.int32], arrays[name]) for name in _SINGLE}
            self._year: NDArray[np.int16] = arrays["year"]
            self._subjects: NDArray[np.int32] = arrays["subjects"]
            self._starts: NDArray[np.int64] = arrays["starts"]
            self._names: dict[str, list[str]] = {name: names[name] for name in (*_SINGLE, "subject")}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise CorruptIndex(f"{folder / FILE}: {error}; import the cases again") from error
        self.subjects, self.documents = len(self._names["subject"]), len(self._year)

    def of_field(self, field: str) -> Mask | None:
        """Which cases belong to the field of law; null where none does."""
        if not field or field not in self._names["field"]:
            return None
        same: Mask = self._codes["field"] == self._names["field"].index(field)
        return same

    def allowed(self, only: CaseFilter) -> Mask:
        """Which cases the filter lets through."""
        passed: Mask = np.ones(len(self._year), np.bool_)
        for name, wanted in (("kind", only.kinds), ("level", only.levels), ("field", only.fields)):
            if wanted:
                passed &= self._holds(name, set(wanted).__contains__)
        if only.regions:
            passed &= self._holds("region", {courts.region(name) or name for name in only.regions}.__contains__)
        if only.charges:
            passed &= self._about(only.charges)
        if only.year_from is not None:
            passed &= self._year >= only.year_from
        if only.year_to is not None:
            passed &= (self._year <= only.year_to) & (self._year > 0)
        return passed

    def subjects_of(self, positions: Positions) -> tuple[Positions, NDArray[np.int32]]:
        """The subjects of these cases as two columns: index into `positions`, and number of the subject."""
        starts, counts = self._starts[positions], np.diff(self._starts)[positions]
        owners = np.repeat(np.arange(len(positions)), counts)
        before = np.repeat(np.cumsum(counts) - counts, counts)
        return owners, self._subjects[np.arange(len(owners)) - before + np.repeat(starts, counts)]

    def _holds(self, name: str, wanted: Callable[[str], bool]) -> Mask:
        """Cases whose value of the column is wanted: decided once for each value, then looked up."""
        return np.array([wanted(value) for value in self._names[name]], np.bool_)[self._codes[name]]

    def _about(self, asked: Iterable[str]) -> Mask:
        wanted = list(asked)
        covering = [any(charges.covers(known, one) for one in wanted) for known in self._names["subject"]]
        hits = np.flatnonzero(np.array(covering, np.bool_)[self._subjects])
        found: Mask = np.zeros(len(self._year), np.bool_)
        found[np.searchsorted(self._starts, hits, "right") - 1] = True
        return found
