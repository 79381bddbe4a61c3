"""The examples of the fields: every cause has some, and stories they do not hold come out at their causes."""

import random
from pathlib import Path

import pytest

from orchestrator import examples
from orchestrator.domains import packs

FEWEST = 5


@pytest.mark.parametrize("name", packs())
def test_every_cause_has_examples_and_every_example_a_cause(name: str) -> None:
    told = examples.read(name)
    causes = [cause for cause, _ in told]
    assert set(causes) == {cause.id for cause in packs()[name].causes}
    assert min(map(causes.count, set(causes))) >= FEWEST
    assert len({text for _, text in told}) == len(told)


def test_shares_add_up_to_one_and_follow_the_story() -> None:
    pack = packs()["民间借贷"]
    for cause, text in random.Random(0).sample(examples.read(pack.name), 30):
        likely = examples.shares(pack, text)
        assert sum(likely.values()) == pytest.approx(min(1, len(text) / examples.TELLING))
        assert max(likely, key=lambda id: likely[id]) == cause


def test_a_story_without_a_known_sign_is_like_none() -> None:
    likely = examples.shares(packs()["劳动"], "zzz")
    assert max(likely.values()) < 0.05


def test_a_bad_line_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "labour.tsv").write_text("wages\t欠薪了\nno tab\n", "utf-8")
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"labour\.tsv:2"):
        examples.read("劳动")
