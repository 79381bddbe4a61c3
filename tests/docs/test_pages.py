"""What the pages say of each other and of the program: links, anchors, names, paths, the drawn graph."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from deploy import settings
from deploy.api import build_api
from deploy.settings import ModelDeployment, Settings
from docs import graph
from models.contracts import ModelCard
from orchestrator.calculators import calculators
from orchestrator.domains import packs
from orchestrator.services import Services
from retrievers import digests
from tests.docs.pages import GUIDES, PAGES, READMES, ROOT, anchors, blocks, headings, links, named, section, source
from tests.orchestrator.doubles import Library, Pool


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        there = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert there.is_file(), target
        if anchor:
            assert anchor in anchors(str(there.relative_to(ROOT))), target


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_is_read_by_the_settings(page: str) -> None:
    known = (ROOT / "deploy" / "settings.py").read_text("utf-8")
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    for name in set(re.findall(r"\bLEXHUB_[A-Z_]+\b", source(page))):
        assert name in known or (name.startswith("LEXHUB_TEST_") and name in tests), name


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths of the API, as it describes them, with any name in braces."""
    loaded = settings.load("embedded", {"home": str(tmp_path_factory.mktemp("home"))})
    described = build_api(loaded, Services(library=Library(), models=Pool())).openapi()["paths"]
    return {re.sub(r"\{\w+\}", "{}", path) for path in described}


@pytest.mark.parametrize("page", PAGES)
def test_every_path_of_the_api_exists(page: str, paths: set[str]) -> None:
    for path in re.findall(r"(?<![\w.])/v1/[\w/{}-]+", source(page)):
        general = re.sub(r"\{\w+\}", "{}", path.rstrip("/"))
        # The name of one thing stands for all, and the beginning of several paths for them.
        known = general in paths or re.sub(r"[^/]+$", "{}", general) in paths
        assert known or any(one.startswith(f"{general}/") for one in paths), path


@pytest.mark.parametrize("page", GUIDES)
def test_every_setting_exists(page: str) -> None:
    """What stands in a sentence as `name: value`, or `group.name`, is a setting of the server or of a card."""
    said = [text.partition(":")[0] for text in named(page) if re.fullmatch(r"(?!lexhub)[a-z_]+: \S.*", text)]
    said += [text for text in named(page) if re.fullmatch(r"limits\.[a-z_]+", text)]
    assert len(said) > 5
    assert [name for name in said if not is_setting(name)] == []


def is_setting(name: str) -> bool:
    """Whether the server, a deployment, a model's card, or its options have it."""
    kinds: list[type[BaseModel]] = [Settings, ModelDeployment, ModelCard]
    first, _, rest = name.partition(".")
    if rest:
        inner = Settings.model_fields[first].annotation
        return isinstance(inner, type) and issubclass(inner, BaseModel) and rest in inner.model_fields
    return first == "adapters" or any(first in kind.model_fields for kind in kinds)


@pytest.mark.parametrize(("page", "title"), [(GUIDES[0], "Settings"), (GUIDES[1], "设置")])
def test_the_settings_most_used_exist(page: str, title: str) -> None:
    (listed,) = [text for text in section(page, title).split("\n\n") if "`deploy/settings.py`" in text]
    names = [name for name in re.findall("`([^`]+)`", listed) if re.fullmatch(r"[a-z_.]+", name)]
    assert len(names) > 8
    assert [name for name in names if not is_setting(name)] == []


def test_the_alerts_are_those_that_ship() -> None:
    shipped = set(re.findall(r"alert: (\w+)", (ROOT / "deploy" / "dashboards" / "alerts.yaml").read_text("utf-8")))
    for page in GUIDES:
        assert set(re.findall(r"^\| `(Lexhub\w+)`", source(page), re.MULTILINE)) == shipped


def test_the_picture_is_the_compiled_graph() -> None:
    (picture,) = [block.text.strip() for block in blocks("ARCHITECTURE.md") if block.language == "mermaid"]
    assert picture == graph.drawn()


def test_the_architecture_is_one_page() -> None:
    assert len(source("ARCHITECTURE.md").splitlines()) <= 120


@pytest.mark.parametrize("pages", [READMES, GUIDES], ids=["readmes", "guides"])
def test_both_languages_have_the_same_sections(pages: tuple[str, str]) -> None:
    first, second = ([level for level, _ in headings(page)] for page in pages)
    assert first == second
    figures = [re.findall(r"(?<![\w.])\.\d{3}\b|\b\d[\d,.]*\d\b", tabled(page)) for page in pages]
    assert sorted(figures[0]) == sorted(figures[1])


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/extending.md"])
def test_every_file_that_is_named_exists(page: str) -> None:
    made = {block.name for block in blocks("docs/extending.md")} | {"lexhub.yaml"}
    for name in named(page):
        if re.fullmatch(r"[\w./-]+/[\w.-]*\.(py|md|yaml|tsv|jinja|json|sh)", name) and name not in made:
            within = (
                ROOT,
                *(ROOT / one for one in ("deploy", "orchestrator", "models", "retrievers", "retrievers/ranking")),
            )
            assert "NAME" in name or any((folder / name).exists() for folder in within), name


MEASURED = "docs/measured.md"


def tabled(page: str) -> str:
    """The rows of the page's tables."""
    return "\n".join(line for line in source(page).splitlines() if line.startswith("|"))


@pytest.mark.parametrize("page", READMES)
def test_the_short_table_says_what_was_measured(page: str) -> None:
    """Every figure of a row stands in the part of docs/measured.md that the row leads to."""
    rows = re.findall(r"^\| (.+) \| \[[^\]]+\]\(docs/measured\.md#([\w-]+)\) \|$", source(page), re.MULTILINE)
    assert len(rows) >= 8
    for row, anchor in rows:
        part = under(anchor)
        for figure in re.findall(r"(?<![\w.])\.\d+|(?<![@\w.-])\d[\d,.]*", row):
            assert re.search(rf"(?<![\d.]){re.escape(figure.rstrip('.,'))}(?![\d])", part), f"{figure} in {row}"


def under(anchor: str) -> str:
    """The part of docs/measured.md with this anchor."""
    parts = re.split(r"^## (.+)$", source(MEASURED), flags=re.MULTILINE)
    return next(
        text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title.lower().replace(" ", "-") == anchor
    )


@pytest.mark.parametrize("page", READMES)
def test_the_readme_counts_what_there_is(page: str) -> None:
    rows = [row for path in digests.CASES.glob("*.yaml") for row in yaml.safe_load(path.read_text("utf-8"))["cases"]]
    counts = {f"{len(list(digests.digests())):,}", str(len(rows))}
    assert counts <= set(re.findall(r"(?<=\s)\d[\d,]*", source(page)))
    words = ("twenty", "Fourteen") if page == READMES[0] else ("二十个领域", "十四个计算器")
    assert all(word in source(page) for word in words)
    assert (len(packs()), len(calculators())) == (20, 14)


def test_pictures_are_pictures() -> None:
    for target in {target for page in READMES for target in links(page) if target.endswith(".png")}:
        assert (ROOT / target).read_bytes().startswith(b"\x89PNG"), target
        assert Path(target).parent == Path("docs/pictures")
