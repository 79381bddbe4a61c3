"""What papers cite against the corpus: the articles exist, and say what the cautions and requests say."""

import re
from collections.abc import Iterator

import pytest

from orchestrator import documents
from orchestrator.documents.matter import Matter
from orchestrator.documents.pleading import pleadings
from orchestrator.documents.template import article
from orchestrator.domains import packs
from orchestrator.domains.pack import Says
from retrievers import figures
from tests.orchestrator.documents.matters import STORIES, TODAY, matter
from tests.orchestrator.test_domains import DATA, embedded, official


def cautions() -> Iterator[tuple[str, Says]]:
    """The cautions of every template for every field and cause."""
    for name, one in documents.register().items():
        seen = set()
        given = [Matter(on=TODAY), *(matter(told) for told in STORIES)]
        given += [
            Matter(on=TODAY, field=field, causes=(cause,)) for field, pack in packs().items() for cause in pack.causes
        ]
        for one_matter in given:
            for says in one.notes(one_matter):
                if says not in seen:
                    seen.add(says)
                    yield name, says


def faults(texts: dict[str, str]) -> list[str]:
    """What cautions and requests say that their articles do not."""
    found = []
    rows = [(name, says.text, says.articles) for name, says in cautions()]
    rows += [
        (field, re.sub(r"\{\w+\}", "", request.text), request.articles)
        for field, one in pleadings().items()
        for request in (*one.requests, *one.answers)
        if request.articles
    ]
    for name, text, articles in rows:
        if missing := [id for id in articles if id not in texts]:
            found.append(f"{name}: {text}: no {missing}")
        elif unfounded := figures.unfounded(text, "\n".join(texts[id] for id in articles)):
            found.append(f"{name}: {text}: not in {articles}: {unfounded}")
    return found


@pytest.mark.skipif(DATA is None, reason="needs LEXHUB_TEST_DATA (official texts)")
def test_cautions_and_requests_stand_in_the_official_text() -> None:
    assert faults(official()) == []


def test_what_the_embedded_corpus_has_of_them_agrees() -> None:
    texts = embedded()
    wrong = [row for row in faults(texts) if ": no [" not in row]
    assert [row for row in wrong if not re.search(r"\[('(应当|可以|不得)'(, )?)+\]$", row)] == []


def test_articles_have_names() -> None:
    ids = {id for _, says in cautions() for id in says.articles}
    ids |= {id for one in pleadings().values() for row in (*one.requests, *one.answers) for id in row.articles}
    assert len(ids) > 100
    for id in ids:
        assert article(id).startswith(f"《{id.partition('#')[0]}》第")
