from io import StringIO

from rich.console import Console

from deploy.benchmarks.engine import tables
from deploy.benchmarks.engine.bare import Calls, Prefill
from deploy.benchmarks.engine.machine import Kind, Machine
from deploy.benchmarks.engine.report import Report, Size, bars
from deploy.benchmarks.engine.shapes import SIZES
from deploy.benchmarks.engine.timing import Figures, Load


def measured(requests: int, rate: float, share: float | None = None) -> Figures:
    return Figures(Load(1024, 128, requests), 1.0, rate, 2 * rate, 0.1, 0.2, 0.01, 0.02, rate, share, 0.1)


def report(kind: Kind, *sizes: Size) -> Report:
    return Report(Machine("机器", kind, 2, 4.3e12, 790e12, "bfloat16"), {}, 0.0, list(sizes))


def test_bars_of_a_cpu_compare_with_generate_and_with_one_at_a_time() -> None:
    size = Size(SIZES["30m"])
    size.engine = [measured(1, 100), measured(64, 450)]
    size.plain = [measured(1, 100), measured(64, 500)]
    size.server = [measured(1, 90), measured(64, 350)]
    found = {bar.what: (bar.got, bar.held) for bar in bars(report("cpu", size))}
    assert found["1 路 / generate 一条"] == (1.0, True)
    assert found["64 路 / 逐条"] == (4.5, False)
    assert found["64 路 / generate 一批 64 条"] == (0.9, True)
    assert found["整个服务 / 引擎(最差的一档)"] == (350 / 450, False)


def test_bars_of_a_gpu_use_the_steady_rate_and_the_larger_model_only() -> None:
    large, middle = Size(SIZES["8b"]), Size(SIZES["1.7b"])
    large.engine = [measured(1, 90, 0.61), measured(64, 2500, 0.44)]
    large.prefill = Prefill(32, 1024, 1.0, 32768.0, busy=0.5)
    middle.calls = Calls(0.14, 0.2, 96)
    found = {bar.what: (bar.got, bar.held) for bar in bars(report("cuda", large, middle))}
    assert found["1 路,稳态"] == (180, True)
    assert found["1 路,占带宽上限"] == (0.61, True)
    assert found["64 路,稳态"] == (5000, False)
    assert found["64 路,占带宽上限"] == (0.44, False)
    assert found["读提示"] == (395.0, False)
    assert found["整个服务 / 引擎(最差的一档)"] == (None, None)
    assert found["关键词一次(带语法)p50"] == (140.0, True)


def test_what_was_not_measured_is_said_and_not_guessed() -> None:
    size = Size(SIZES["8b"], failures={"引擎": "OutOfMemory: 显存不足"})
    out = StringIO()
    Console(file=out, width=160).print(tables.tables(report("cuda", size)))
    shown = out.getvalue()
    assert "没有测成:引擎:OutOfMemory: 显存不足" in shown
    assert shown.count("未测") == len(bars(report("cuda", size)))
