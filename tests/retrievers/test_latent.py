from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrievers.contracts import CorruptIndex
from retrievers.indexes import latent
from retrievers.indexes.latent import Latent

# Two kinds of events, told with words that overlap only through neighbours.
BOATS = ("渡船超载退还渡钱", "船夫超载多收渡钱", "艄公多收船资不退", "船资太贵艄公不让")
FIRES = ("火种租赁没写字据", "租来火种烧坏木板", "木板烧坏要赔字据", "炭火烤坏邻居木板")


def texts() -> Iterator[str]:
    for at in range(40):
        yield f"{BOATS[at % 4]},第{at}天"
        yield f"{FIRES[at % 4]},第{at}天"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent, "FEWEST", 10)
    monkeypatch.setattr(latent, "AXES", 2)


@pytest.mark.usefixtures("small")
def test_texts_of_one_kind_are_near_without_shared_words(tmp_path: Path) -> None:
    assert latent.build(texts, 80, tmp_path)
    assert Latent.exists(tmp_path)
    index = Latent(tmp_path)
    place = index.place("艄公不让渡")
    assert place is not None
    near = index.similar(place, np.arange(8, dtype=np.int64))
    assert min(near[0::2]) > 0.8
    assert max(near[1::2]) < 0.3
    assert set(index.nearest(place, 40).tolist()) == set(range(0, 80, 2))


@pytest.mark.usefixtures("small")
def test_the_sample_is_bounded_and_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent, "SAMPLE", 20)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        latent.build(texts, 80, tmp_path / name)
    first, second = (Latent(tmp_path / name).place(BOATS[0]) for name in ("a", "b"))
    assert first is not None
    assert second is not None
    assert first.tolist() == second.tolist()


@pytest.mark.usefixtures("small")
def test_what_one_half_of_a_text_tells_of_the_other_counts_most(tmp_path: Path) -> None:
    """Both halves are about boats, or about fires; who is named stands in one of them only."""
    names = ("云岭镇王大锤", "青石湾赵小满")

    def stories() -> Iterator[str]:
        for at in range(80):
            kind, name = (BOATS, FIRES)[at % 2], names[at // 2 % 2]
            yield f"{name}找{name}。{kind[at // 4 % 4]}。{kind[(at // 4 + 1) % 4]}。{kind[(at // 4 + 2) % 4]}。"

    latent.build(stories, 80, tmp_path)
    index = Latent(tmp_path)
    place = index.place(f"{names[0]}说{BOATS[0]}")
    assert place is not None
    assert set(index.nearest(place, 40).tolist()) == set(range(0, 80, 2))
    near = index.similar(place, np.arange(4, dtype=np.int64))
    assert near[2] - near[1] > 0.9  # a boat of the other's, a fire of the same person's


def test_a_small_collection_has_none(tmp_path: Path) -> None:
    assert not latent.build(texts, 80, tmp_path)
    assert not Latent.exists(tmp_path)


@pytest.mark.usefixtures("small")
def test_unknown_words_and_damage(tmp_path: Path) -> None:
    latent.build(texts, 80, tmp_path)
    assert Latent(tmp_path).place("xyz") is None
    (tmp_path / "latent-axes.npy").write_bytes(b"")
    with pytest.raises(CorruptIndex, match="latent-axes"):
        Latent(tmp_path)
