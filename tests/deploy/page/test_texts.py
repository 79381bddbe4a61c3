"""The words of the page: both languages say the same things, and no other module has words of its own."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import deploy.page
from deploy.page import texts

HERE = Path(deploy.page.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
# What visitors write and what the API says is Chinese in both languages: modules that read or send it.
READING = {"sources.py", "views/questions.py", "tools/naming.py", "tools/preview.py", "tools/reading.py"}
WORDMARK = re.compile("律枢?|《|》")


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("key", texts.TEXTS)
def test_both_languages_have_the_same_placeholders(key: str) -> None:
    chinese, english = texts.TEXTS[key]
    assert chinese or english  # a word may be needed in one language only
    assert placeholders(chinese) == placeholders(english)


def test_words_are_filled_in() -> None:
    assert texts.text("citations.more", "zh", count=3) == "另外 3 条"
    assert texts.text("citations.more", "en", count=3) == "3 more"
    with pytest.raises(KeyError):
        texts.text("nothing")


def literals(path: Path) -> set[str]:
    """The string literals of a module, docstrings aside."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    }


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.py")), ids=lambda one: one.relative_to(HERE).as_posix())
def test_no_module_has_words_of_its_own(path: Path) -> None:
    if path.name.startswith("texts") or path.relative_to(HERE).as_posix() in READING:
        return
    assert not {one for one in literals(path) if CHINESE.search(WORDMARK.sub("", one))}


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.html")), ids=lambda one: one.name)
def test_no_template_has_words_of_its_own(path: Path) -> None:
    assert not CHINESE.search(WORDMARK.sub("", path.read_text("utf-8")))


def test_no_words_are_said_twice_under_one_key() -> None:
    keys = re.findall(
        r'^ {4}"([a-z0-9_.]+)": \(', "".join(one.read_text("utf-8") for one in HERE.glob("texts*.py")), re.M
    )
    assert len(keys) == len(set(keys)) == len(texts.TEXTS)


def test_every_word_is_used() -> None:
    modules = [one for one in [*HERE.rglob("*.py"), *HERE.rglob("*.html")] if not one.name.startswith("texts")]
    sources = "\n".join(one.read_text("utf-8") for one in modules)
    for key in texts.TEXTS:
        group = re.escape(key.rpartition(".")[0])
        assert re.search(rf"[\"']{re.escape(key)}[\"']", sources) or re.search(rf"\"{group}\.(?:\"|\{{)", sources), key
