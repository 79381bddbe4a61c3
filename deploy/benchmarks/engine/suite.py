"""The whole benchmark, in order: the machine, then for each size the checkpoint, the engine and its contenders."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from deploy.benchmarks.engine import bare, checkpoints, machine, plain, plots, server, vllm_offline
from deploy.benchmarks.engine.apart import apart
from deploy.benchmarks.engine.report import Report, Size
from deploy.benchmarks.engine.shapes import Shape
from deploy.benchmarks.engine.timing import Load, against_roofline

PACKAGES = ("torch", "transformers", "ray", "vllm")
Say = Callable[[str], None]
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Plan:
    """What is measured. `work`: where checkpoints are kept for the next run; None makes them anew and removes them."""

    shapes: tuple[Shape, ...]
    loads: tuple[Load, ...]
    repeat: int
    out: Path
    stories: tuple[str, ...]
    work: Path | None = None
    plain: bool = True
    server: bool = True
    vllm: bool = True


def run(plan: Plan, say: Say) -> Report:
    """Measure all of the plan. The report is written to `engine.json` after each part, with a picture of each size, so
    that a run that is cut short leaves what it has. A part that fails is named in its size's `failures`.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    kind = machine.device()
    # The sizes of one run share a dtype: the small one is for a CPU, the others for a GPU.
    others = os.getloadavg()[0]
    report = Report(apart(machine.measure, kind, plan.shapes[0].dtype), _versions(), others)
    with _work(plan.work) as work:
        for shape in plan.shapes:
            say(f"{shape.name}:生成随机权重")
            folder = apart(checkpoints.make, shape, work / shape.name, kind)
            size = Size(shape)
            report.sizes.append(size)
            for section, measure in _sections(plan, size, folder, report):
                say(f"{shape.name}:{section}")
                try:
                    measure()
                except Exception as error:  # whatever one contender dies of, the others are still measured
                    size.failures[section] = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
                report.save(plan.out / "engine.json")
                plots.draw(size, plan.out / f"engine-{shape.name}.png")
    return report


def _sections(plan: Plan, size: Size, folder: Path, report: Report) -> Iterator[tuple[str, Callable[[], None]]]:
    def engine() -> None:
        found = apart(bare.measure, folder, plan.loads, plan.repeat, plan.stories)
        size.engine = [against_roofline(one, size.shape, report.machine) for one in found.loads]
        done = found.prefill.requests * size.shape.prefill_operations(found.prefill.prompt)
        size.prefill = replace(found.prefill, busy=done / found.prefill.seconds / report.machine.peak)
        size.calls = found.calls

    def static() -> None:
        size.plain = [
            against_roofline(one, size.shape, report.machine)
            for one in apart(plain.measure, folder, plan.loads, plan.repeat)
        ]

    def rival() -> None:
        size.vllm = apart(vllm_offline.measure, folder, plan.loads, plan.repeat)

    def whole() -> None:
        gpus = int(report.machine.kind == "cuda")
        size.server, size.counted = server.measure(folder, plan.loads, plan.repeat, gpus)

    yield "引擎", engine
    if plan.plain:
        yield "generate", static
    if plan.vllm and vllm_offline.installed():
        yield "vLLM", rival
    if plan.server:
        yield "整个服务", whole


def loads(prompt: int, new: int, requests: Sequence[int]) -> tuple[Load, ...]:
    """A load for each number of requests, fewest first."""
    return tuple(Load(prompt, new, count) for count in sorted(set(requests)))


@contextmanager
def _work(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found
