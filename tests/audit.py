"""`make audit`: constraints.txt against the published advisories, by pip-audit. Passes only for what was really audited.

A package index that knows no advisories answers as if there were none. So every package must have been looked up, and
a release that is known to be vulnerable must be told as such; otherwise the outcome is `NOT AUDITED`.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
CANARY = "urllib3==1.24.1"  # several advisories since 2019
SERVICES = ("pypi", "osv")
CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 2


def asked(service: str, requirements: Path) -> list[dict[str, Any]] | str:
    """What pip-audit found of each package, or why it found nothing."""
    words = ["pip_audit", "-r", str(requirements), "--no-deps", "--disable-pip", "-s", service, "-f", "json"]
    run = subprocess.run(
        [sys.executable, "-m", *words, "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        found: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        return (run.stderr.strip().splitlines() or ["no output"])[-1]
    return found


def verdict(
    canary: Sequence[Mapping[str, Any]] | str, packages: Sequence[Mapping[str, Any]] | str, pinned: int
) -> tuple[int, list[str]]:
    """(exit status, lines that say why) of what was found of the canary and of the pinned packages."""
    for found in (canary, packages):
        if isinstance(found, str):
            return NOT_AUDITED, [f"the advisories cannot be reached: {found}"]
    assert not isinstance(canary, str)
    assert not isinstance(packages, str)
    if not any(one.get("vulns") for one in canary):
        return NOT_AUDITED, [f"{CANARY} is not told as vulnerable: this service knows no advisories"]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if skipped or len(packages) != pinned:
        return NOT_AUDITED, [
            f"{len(packages) - len(skipped)} of {pinned} packages looked up; not: {', '.join(skipped)}"
        ]
    bad = [(one, vuln) for one in packages for vuln in one["vulns"]]
    if bad:
        return VULNERABLE, [
            f"{one['name']} {one['version']}: {vuln['id']}, mended in {', '.join(vuln['fix_versions']) or 'no release'}"
            for one, vuln in bad
        ]
    return CLEAN, [f"{len(packages)} packages, no known vulnerability"]


def main() -> int:
    """Ask each service in turn until one has advisories."""
    pinned = [line for line in CONSTRAINTS.read_text().splitlines() if line and not line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "canary.txt"
        wrong.write_text(CANARY + "\n")
        for service in SERVICES:
            canary = asked(service, wrong)
            status, lines = verdict(
                canary, asked(service, CONSTRAINTS) if not isinstance(canary, str) else [], len(pinned)
            )
            print(f"audit with {service}: {('clean', 'VULNERABLE', 'NOT AUDITED')[status]}", *lines, sep="\n  ")
            if status != NOT_AUDITED:
                return status
    print("NOT AUDITED: run this where pypi.org or api.osv.dev can be reached.")
    return NOT_AUDITED


if __name__ == "__main__":
    sys.exit(main())
