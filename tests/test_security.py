"""SECURITY.md names nothing that does not exist: no test, file, setting, command or route."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

from deploy.cli import app
from deploy.settings import ApiKey, Settings
from models.backends.http_endpoint import Options
from models.contracts import ModelCard

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
CODE = re.findall("`([^`\n]+)`", re.sub("<!--.*?-->", "", TEXT, flags=re.DOTALL))
TESTS = sorted({one for one in CODE if "::" in one})
RISKS = [f"LLM{number:02}" for number in range(1, 11)]


@cache
def collected(path: str) -> frozenset[str]:
    """The tests that pytest finds in a file."""
    assert Path(path).name.startswith("test_")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("named", TESTS)
def test_every_test_exists(named: str) -> None:
    path, _, name = named.partition("::")
    assert name in collected(path)


@pytest.mark.parametrize("risk", RISKS)
def test_every_risk_has_a_test(risk: str) -> None:
    section = re.split(r"\n##", TEXT.partition(f"### {risk} ")[2], maxsplit=1)[0]
    assert "::test_" in section


def test_every_file_command_route_and_setting_exists() -> None:
    commands, files, settings, routes, strange = 0, 0, 0, 0, []
    for one in CODE:
        if one in TESTS:
            continue
        if one.startswith("lexhub ") and "." not in one:
            commands += 1
            node: Any = get_command(app)
            for word in one.split()[1:]:
                node = node.commands[word]
        elif re.fullmatch(r"[A-Z]+ /\S+", one):
            routes += 1
            assert one.split()[1] in route_paths()
        elif "/" in one or one.endswith((".txt", ".py")):
            files += 1
            assert (ROOT / one).exists(), one
        elif re.fullmatch("[a-z_]+(?:[.][a-z_]+|: true)?", one) and one not in SAID:
            settings += 1
            assert is_setting(one.removesuffix(": true")), one
        elif one not in SAID:
            strange.append(one)
    assert strange == []
    assert min(commands, files, settings, routes) > 0


SAID = (
    "answer",
    "content",
    "admin",
    "lexhub.citations",
    "--remove",
    "make audit",
)  # fields, a scope, an option, a target


def is_setting(name: str) -> bool:
    """Whether there is such a setting: of the server, a key, a card, or an endpoint."""
    kinds: list[type[BaseModel]] = [Settings, ApiKey, ModelCard, Options]
    first, _, rest = name.partition(".")
    if rest:
        inner = Settings.model_fields[first].annotation
        assert isinstance(inner, type) and issubclass(inner, BaseModel)
        return rest in inner.model_fields
    return any(first in kind.model_fields for kind in kinds)


def route_paths() -> set[str]:
    """The paths of the routes that it may name: consultations, and what operators look at."""
    from deploy.api import consultations, operations

    return {getattr(route, "path", "") for one in (consultations, operations) for route in one.router.routes}
