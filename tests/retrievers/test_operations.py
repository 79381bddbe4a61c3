"""Imports that are killed, indexes that are damaged, generations that are swapped while people search."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import generations, ingest, library
from retrievers.contracts import CorruptIndex, Query, RetrievalError
from retrievers.indexes import bm25, latent
from retrievers.library import LocalLibrary
from retrievers.storage import Store
from retrievers.tokenise import Tokeniser
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)
PORTION = 25  # cases that the killed import counts at a time

# An import in a process of its own, slow enough to be killed in the middle.
SLOW_IMPORT = """
import sys, time
from pathlib import Path
from retrievers import embedded, ingest
from retrievers.indexes import bm25
from retrievers.tokenise import Tokeniser
from tests.retrievers.conftest import SHIPPED

embedded.shipped = lambda: SHIPPED
bm25.PORTION = {portion}
words = Tokeniser.words
def slow(self, text):
    time.sleep(0.004)
    return words(self, text)
Tokeniser.words = slow
ingest.ingest_cases(Path(sys.argv[1]), Path(sys.argv[2]))
"""

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def judgments(tmp_path: Path) -> Path:
    path = tmp_path / "judgments.jsonl"
    kinds = ("渡船超载多收渡钱", "租来火种烧坏木板", "借走月光逾期不还", "看星星不肯付钱")
    rows = (
        f'{{"id": "判{at:04}", "title": "第{at}号", "kind": "judgment", "cause": "{kinds[at % 4][:2]}纠纷", '
        f'"facts": "甲{kinds[at % 4]},第{at}天乙起诉。"}}'
        for at in range(400)
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_killed_import_goes_on_where_it_was(judgments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    store = generations.cases_store(home)
    command = [sys.executable, "-c", SLOW_IMPORT.format(portion=PORTION), str(judgments), str(home)]
    importing = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        deadline = time.monotonic() + 60
        while len(list(store.work.rglob("*[0-9a-f].npz"))) < 3:
            assert importing.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        os.kill(importing.pid, signal.SIGKILL)
        importing.wait()
    assert store.current() is None
    kept = len(list(store.work.rglob("*[0-9a-f].npz")))
    monkeypatch.setattr(bm25, "PORTION", PORTION)
    cut: list[str] = []
    words = Tokeniser.words
    monkeypatch.setattr(Tokeniser, "words", lambda self, text: cut.append(text) or words(self, text))
    report = ingest.ingest_cases(judgments, home)
    assert report.changed
    assert len(cut) == 402 - kept * PORTION
    assert not store.work.exists()
    assert not list((store.folder / "generations").glob(".build-*"))
    ingest.ingest_cases(judgments, tmp_path / "uninterrupted")
    other = generations.cases_store(tmp_path / "uninterrupted")
    assert files(store) == files(other)


def files(store: Store) -> dict[str, str]:
    """The SHA-256 of every file of the indexes that serve."""
    manifest = store.verified(store.current() or "")
    return {name: stored.sha256 for name, stored in manifest.files.items() if "/" in name}


@pytest.fixture
def home(judgments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With statutes and enough cases for every kind of file."""
    monkeypatch.setattr(latent, "FEWEST", 10)
    monkeypatch.setattr(latent, "AXES", 4)
    ingest.ingest_laws(LAWS, tmp_path / "home", knowledge())
    ingest.ingest_cases(judgments, tmp_path / "home")
    return tmp_path / "home"


def test_every_damaged_file_is_refused_by_name(home: Path) -> None:
    stores = {"laws": generations.laws_store(home), "cases": generations.cases_store(home)}
    seen = 0
    for store in stores.values():
        folder = store.generation(store.current() or "")
        for name in store.verified(folder.name).files:
            path = folder / name
            whole = path.read_bytes()
            flipped = bytes([whole[0] ^ 1]) + whole[1:] if whole else b"x"
            for damaged in (flipped, whole[:-1] if whole else b"xx", None):
                if damaged is None:
                    path.unlink()
                else:
                    path.write_bytes(damaged)
                with pytest.raises(CorruptIndex) as refused:
                    LocalLibrary(home, knowledge())
                assert str(path) in str(refused.value)
                seen += 1
            path.write_bytes(whole)
    assert seen > 60
    LocalLibrary(home, knowledge())


def test_nobody_notices_a_swap(home: Path, judgments: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two generations of statutes and of cases take turns while four threads search."""
    monkeypatch.setattr(library, "LOOK_EVERY", 0.005)
    laws, cases = generations.laws_store(home), generations.cases_store(home)
    first = [laws.current(), cases.current()]
    serving = LocalLibrary(home, knowledge(), today=lambda: TODAY)
    (home.parent / "更多").mkdir()
    law = "# 船票法\n\n2024年1月1日\n\n<!-- INFO END -->\n\n第一条 渡船超载的,退还渡钱。\n"
    (home.parent / "更多" / "船票法(2024-01-01).md").write_text(law, encoding="utf-8")
    wrong: list[BaseException] = []
    searched: set[str] = set()
    done = threading.Event()

    def search() -> None:
        async def searches() -> None:
            while not done.is_set():
                searched.add((await serving.state()).generation)
                hits = await serving.search_articles(Query(text="坐渡船超载了,能退渡钱吗", top=3))
                found = await serving.search_cases(Query(text="渡船超载多收渡钱", top=3))
                assert hits[0].score >= hits[-1].score
                assert found[0].case.cause == "渡船纠纷"

        try:
            asyncio.run(searches())
        except (AssertionError, RetrievalError, OSError, IndexError) as error:
            wrong.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    ingest.ingest_laws(home.parent / "更多", home, knowledge())
    judgments.write_text(judgments.read_text("utf-8").replace("判0399", "判9999"), encoding="utf-8")
    ingest.ingest_cases(judgments, home)
    second = [laws.current(), cases.current()]
    assert second != first
    taken = 0
    for turn in range(6):
        for store, digest in zip((laws, cases), (first, second)[turn % 2], strict=True):
            (store.folder / "CURRENT").with_suffix(".next").write_text(digest or "", encoding="ascii")
            os.replace((store.folder / "CURRENT").with_suffix(".next"), store.folder / "CURRENT")
        deadline = time.monotonic() + 20
        wanted = "-".join((digest or "")[:12] for digest in (first, second)[turn % 2])
        while wanted not in searched and not wrong and time.monotonic() < deadline:
            time.sleep(0.01)
        taken += wanted in searched
        searched.clear()
    done.set()
    for thread in threads:
        thread.join(20)
    assert not wrong
    assert taken == 6
