"""The tables of error codes in the operator's guides: all stable codes, with the status that the API gives them."""

import re

import pytest

from deploy.api.errors import STATUS
from tests.docs.pages import GUIDES, ROOT, source

PACKAGES = ("orchestrator", "models", "retrievers", "deploy")
# What a caller never sees: families, and what is caught and told as another code.
INNER = {
    "calculation_failed",
    "model_failed",
    "retrieval_failed",
    "consultation_failed",
    "wrong_replica",
    "article_role_failed",
}


def stable() -> set[str]:
    """The code of every error class of the program; without importing all of it, which takes half a minute."""
    texts = (path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {code for text in texts for code in re.findall(r'^    code(?:: str)? = "(\w+)"$', text, re.MULTILINE)}


@pytest.mark.parametrize("page", GUIDES)
def test_the_guide_lists_every_code_of_the_api(page: str) -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \|", source(page), re.MULTILINE))
    assert told == {code: str(status) for code, status in {**STATUS, "internal_error": 500}.items()}


@pytest.mark.parametrize("page", GUIDES)
def test_the_guide_lists_every_code_of_a_command(page: str) -> None:
    told = set(re.findall(r"^\| `([a-z_]+)` \| (?!\d)", source(page), re.MULTILINE))
    assert told == stable() - set(STATUS) - INNER
