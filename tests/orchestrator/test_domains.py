"""Every field of law against the corpus: the articles it names exist, and say what its grounds say."""

import json
import lzma
import os
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from orchestrator.domains import NAMES, packs
from orchestrator.wording import pattern
from retrievers import checking, digests, figures

DATA = os.environ.get("LEXHUB_TEST_DATA")


@cache
def embedded() -> dict[str, str]:
    return {row.id: row.digest for row in digests.digests()}


@cache
def official() -> dict[str, str]:
    assert DATA is not None
    with lzma.open(Path(DATA) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def faults(name: str, texts: dict[str, str], words_too: bool) -> list[str]:
    """Figures are checked always; 应当, 可以, 不得 only against official text, since a digest is in plain words."""
    found = []
    for cause in packs()[name].causes:
        named = set(cause.governing)
        for finding in cause.findings:
            for ground in finding.grounds:
                named.update(ground.articles)
                source = "\n".join(texts.get(article, "") for article in ground.articles)
                missing = figures.unfounded(ground.text, source)
                if missing := [one for one in missing if words_too or one not in figures.MODALS]:
                    found.append(f"{cause.id}: {ground.text}: not in {ground.articles}: {missing}")
        found += [f"{cause.id}: {article} is not in the corpus" for article in sorted(named - set(texts))]
    return found


@pytest.mark.parametrize("name", sorted(packs()))
def test_grounds_stand_in_the_embedded_corpus(name: str) -> None:
    assert faults(name, embedded(), words_too=False) == []


@pytest.mark.skipif(DATA is None, reason="needs LEXHUB_TEST_DATA (official texts)")
@pytest.mark.parametrize("name", sorted(packs()))
def test_grounds_stand_in_the_official_text(name: str) -> None:
    assert faults(name, official(), words_too=True) == []


@pytest.mark.parametrize("name", sorted(packs()))
def test_what_is_asked_in_one_breath_is_short_and_of_one_cause(name: str) -> None:
    pack = packs()[name]
    causes = [set(cause.elements) for cause in pack.causes]
    for group in pack.together:
        assert len(group) > 1
        assert all(clause.endswith("?") and len(clause) <= 26 for clause in group.values())
        pairs = combinations(group, 2)
        assert [pair for pair in pairs if not any(elements >= set(pair) for elements in causes)] == []


@pytest.mark.parametrize("name", sorted(packs()))
def test_no_ground_quotes(name: str) -> None:
    """A ground is in words of ours: the gate drops a sentence that quotes what the article does not say."""
    texts = [ground.text for cause in packs()[name].causes for one in cause.findings for ground in one.grounds]
    assert [text for text in texts if list(checking.quotations(text))] == []


@pytest.mark.parametrize("name", sorted(packs()))
def test_every_pattern_compiles(name: str) -> None:
    for element in packs()[name].elements:
        for text in (*element.near, *(said for choice in element.choices for said in choice.says)):
            assert pattern(text).flags & re.UNICODE


@pytest.mark.parametrize("name", sorted(packs()))
def test_pack_has_no_loose_ends(name: str) -> None:
    pack = packs()[name]
    assert pack.name in NAMES
    used = {element for cause in pack.causes for element in cause.elements}
    assert used == {element.id for element in pack.elements}
    for cause in pack.causes:
        assert any(not finding.when or len(finding.when) == 1 for finding in cause.findings)
        assert any(finding.steps for finding in cause.findings)
        assert any(finding.evidence for finding in cause.findings)
