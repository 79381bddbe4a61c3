import json
from pathlib import Path

import pytest

from retrievers.contracts import CorruptIndex
from retrievers.storage import ImportRunning, Manifest, Store


def manifest(digest: str) -> Manifest:
    return Manifest(kind="laws", digest=digest, embedded="e", tokeniser="t", imported=True, counts={"laws": 1})


def publish(store: Store, digest: str, text: str = "text") -> Manifest:
    with store.writing(), store.building() as folder:
        (folder / "index").mkdir()
        (folder / "index" / "data").write_text(text)
        return store.publish(folder, manifest(digest))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "laws")


def test_nothing_serves_before_the_first(store: Store) -> None:
    assert store.current() is None


def test_what_was_published_serves_and_is_verified(store: Store) -> None:
    published = publish(store, "aaaaaaaa")
    assert store.current() == "aaaaaaaa"
    assert store.verified("aaaaaaaa") == published
    assert list(published.files) == ["index/data"]


def test_a_failed_build_leaves_the_serving_one(store: Store) -> None:
    publish(store, "aaaaaaaa")
    with pytest.raises(IsADirectoryError), store.writing(), store.building() as folder:
        folder.write_text("half")
    assert store.current() == "aaaaaaaa"
    assert store.is_whole("aaaaaaaa")
    assert [path.name for path in (store.folder / "generations").iterdir()] == ["aaaaaaaa"]


def test_the_serving_and_two_old_generations_stay(store: Store) -> None:
    for digest in ("aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"):
        publish(store, digest)
    assert {path.name for path in (store.folder / "generations").iterdir()} == {"bbbbbbbb", "cccccccc", "dddddddd"}


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda folder: (folder / "index" / "data").unlink(), "data: missing"),
        (lambda folder: (folder / "index" / "data").write_text("t"), "data: 1 bytes"),
        (lambda folder: (folder / "index" / "data").write_text("test"), "data: its content"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json: missing"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json: not a manifest"),
        (lambda folder: _relayout(folder / "manifest.json"), "layout 0"),
    ],
)
def test_damage_is_named(store: Store, damage: object, named: str) -> None:
    publish(store, "aaaaaaaa")
    damage(store.generation("aaaaaaaa"))  # type: ignore[operator]
    with pytest.raises(CorruptIndex, match=named):
        store.verified("aaaaaaaa")
    assert not store.is_whole("aaaaaaaa")


def test_a_damaged_generation_is_mended_by_publishing_it_again(store: Store) -> None:
    publish(store, "aaaaaaaa")
    (store.generation("aaaaaaaa") / "index" / "data").write_text("")
    publish(store, "aaaaaaaa")
    assert store.is_whole("aaaaaaaa")


def test_a_pointer_that_names_no_generation_is_refused(store: Store) -> None:
    publish(store, "aaaaaaaa")
    (store.folder / "CURRENT").write_bytes(b"../\xff")
    with pytest.raises(CorruptIndex, match="CURRENT"):
        store.verified(store.current() or "")


def test_one_import_at_a_time(store: Store) -> None:
    with store.writing(), pytest.raises(ImportRunning), store.writing():
        pass
    with store.writing():
        pass


def _relayout(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "layout": 0}))
