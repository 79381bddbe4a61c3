"""All calculators together: names, requests, and the articles they name."""

import ast
import json
import lzma
import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import orchestrator.calculators as package
from orchestrator.calculators import calculators
from orchestrator.wording import pattern

DATA = os.environ.get("LEXHUB_TEST_DATA")
FOLDER = Path(package.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.py") if path.stem != "__init__"
)
ARTICLE = re.compile(r"[^\s#]+#\d+(-\d+)?")


@cache
def official() -> set[str]:
    assert DATA is not None
    with lzma.open(Path(DATA) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        return {json.loads(line)["id"] for line in lines}


@cache
def superseded() -> set[str]:
    assert DATA is not None
    return {row["law"] for row in yaml.safe_load((Path(DATA) / "superseded.yaml").read_text(encoding="utf-8"))}


def text_of(node: ast.AST, module: ModuleType) -> str | None:
    """The text that a literal or f-string writes, where it is made of the module's own constants."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.FormattedValue):
        value = getattr(module, node.value.id, None) if isinstance(node.value, ast.Name) else None
        return value if isinstance(value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [text_of(part, module) for part in node.values]
        return None if None in parts else "".join(part for part in parts if part)
    return None


def articles(name: str) -> Iterator[str]:
    """The article ids that the module's source writes."""
    module = import_module(f"{package.__name__}.{name}")
    assert module.__file__ is not None
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        text = text_of(node, module)
        if text is not None and ARTICLE.fullmatch(text):
            yield text


def test_every_file_is_a_calculator_under_its_own_name() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "calculator"}
    assert {(stem, import_module(f"{package.__name__}.{stem}").CALCULATOR.name) for stem in files} == {
        (stem, stem) for stem in files
    }
    assert set(calculators()) == files


@pytest.mark.parametrize("name", sorted(calculators()))
def test_a_request_is_recognised_but_not_the_empty_one(name: str) -> None:
    one = calculators()[name]
    assert one.title and one.about and one.fields
    for said in one.says:
        assert not pattern(said).search("")


@pytest.mark.parametrize("name", sorted(calculators()))
def test_patterns_of_the_inputs_compile(name: str) -> None:
    for element in calculators()[name].inputs:
        for said in (*element.near, *(said for choice in element.choices for said in choice.says)):
            assert pattern(said).flags & re.UNICODE
        assert element.question.endswith(("?", ")", "？")), element.id


def test_articles_are_read_from_sources() -> None:
    assert "劳动合同法#47" in set(articles("severance"))


@pytest.mark.skipif(DATA is None, reason="needs LEXHUB_TEST_DATA (official texts)")
@pytest.mark.parametrize("name", MODULES)
def test_every_article_stands_in_the_official_corpus(name: str) -> None:
    named = set(articles(name))
    assert sorted(named - official()) == []
    assert sorted(id for id in named if id.partition("#")[0] in superseded()) == []
