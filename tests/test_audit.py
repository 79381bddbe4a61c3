"""An audit passes only when every package was looked up in a service that knows advisories."""

from typing import Any

import pytest

from tests.audit import CLEAN, NOT_AUDITED, VULNERABLE, verdict

KNOWN: list[dict[str, Any]] = [{"name": "urllib3", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}]
GOOD: dict[str, Any] = {"name": "good", "version": "1", "vulns": []}
BAD: dict[str, Any] = {**KNOWN[0], "name": "bad"}


@pytest.mark.parametrize(
    ("canary", "packages", "pinned", "status", "word"),
    [
        (KNOWN, [GOOD], 1, CLEAN, "1 packages"),
        (KNOWN, [GOOD, BAD], 2, VULNERABLE, "bad 1: X-1, mended in 2"),
        ([GOOD], [GOOD], 1, NOT_AUDITED, "knows no advisories"),
        ([{"name": "urllib3", "skip_reason": "not found"}], [GOOD], 1, NOT_AUDITED, "knows no advisories"),
        (KNOWN, [GOOD, {"name": "other", "skip_reason": "not found"}], 2, NOT_AUDITED, "other"),
        (KNOWN, [GOOD], 2, NOT_AUDITED, "1 of 2"),
        ("no address", [], 1, NOT_AUDITED, "no address"),
        (KNOWN, "no address", 1, NOT_AUDITED, "no address"),
    ],
)
def test_verdict(canary: Any, packages: Any, pinned: int, status: int, word: str) -> None:
    found, lines = verdict(canary, packages, pinned)
    assert found == status
    assert word in " ".join(lines)
