"""A whole run: the servers, then the parts that were asked for, in order."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.benchmarks.serving import processes
from deploy.benchmarks.serving.parts import PARTS, Bench, Plan
from deploy.benchmarks.serving.report import Report


def run(plan: Plan, parts: Sequence[str], say: Callable[[str], None], out: Path | None = None) -> Report:
    """Measure those parts. With `out` the report is written there after each, so that a run cut short leaves some."""
    report = Report(os.getloadavg()[0])
    home = plan.work / "home"
    home.mkdir(parents=True, exist_ok=True)
    with processes.scripted_upstream(plan.work) as upstream, processes.lexhub(upstream.url, home) as lexhub:
        bench = Bench(plan, upstream, lexhub, home, report)
        for name, part in PARTS.items():
            if name in parts:
                say(f"{name}:{(part.__doc__ or '').splitlines()[0]}")
                part(bench)
                if out is not None:
                    report.save(out)
    return report
