"""The report as tables for a reader."""

from collections.abc import Iterator

from rich.console import Group
from rich.table import Table

from deploy.benchmarks.engine.report import Report, Size, bars
from deploy.benchmarks.engine.timing import Figures


def tables(report: Report) -> Group:
    """A table of loads for each size, one line of what was measured besides, and the bars."""
    parts: list[Table | str] = []
    for size in report.sizes:
        parts += [_loads(size), *_besides(size)]
    return Group(*parts, _bars(report))


def machine(report: Report) -> str:
    """The machine and what it can do at most."""
    one = report.machine
    return (
        f"{one.name},{one.cores} 核;带宽 {one.bandwidth / 1e9:.0f} GB/s,"
        f"{one.dtype} 矩阵乘峰值 {one.peak / 1e12:.2f} TFLOP/s(均为实测)"
    )


def _loads(size: Size) -> Table:
    shape = size.shape
    title = f"{shape.name}:{shape.parameters / 1e9:.2f}B 参数,{shape.dtype};随机权重"
    heads = ("路数", "提示+新词元", "引擎 tok/s", "稳态 tok/s", "占带宽上限", "占算力", "首字 p50/p99", "词间 p50/p99")
    table = Table(*heads, "generate tok/s", "vLLM tok/s", "服务 tok/s", "服务/引擎", title=title)
    counts = sorted({one.load.requests for of in (size.engine, size.plain, size.vllm, size.server) for one in of or ()})
    for count in counts:
        engine, plain, vllm, server = (size.at(count, of) for of in (size.engine, size.plain, size.vllm, size.server))
        load = next(one.load for one in (engine, plain, vllm, server) if one is not None)
        table.add_row(
            str(count),
            f"{load.prompt}+{load.new}",
            *_engine(engine),
            _rate(plain),
            _rate(vllm),
            _rate(server),
            _share(size.ratio(server, engine)),
        )
    return table


def _besides(size: Size) -> Iterator[str]:
    if (prefill := size.prefill) is not None:
        yield (
            f"读提示:{prefill.requests} 条 × {prefill.prompt} 词元,{prefill.rate:.0f} tok/s,"
            f"占算力峰值 {_share(prefill.busy)}"
        )
    if (calls := size.calls) is not None:
        yield f"关键词(带语法,每次 {_number(calls.tokens)} 词元):一次 p50/p99 {_times(calls.p50, calls.p99)}"
    if size.counted is False:
        yield "接口的用量不是按词元计的,服务一栏按所要求的词元数计算(随机权重不会提前结束)。"
    for section, reason in size.failures.items():
        yield f"没有测成:{section}:{reason}"


def _bars(report: Report) -> Table:
    table = Table("模型", "界限", "要求", "实测", "是否达到", title="界限")
    for bar in bars(report):
        sign = "≤" if bar.most else "≥"
        verdict = {None: "未测", True: "达到", False: "未达到"}[bar.held]
        table.add_row(
            bar.size, bar.what, f"{sign} {bar.wanted:g} {bar.unit}", f"{_number(bar.got)} {bar.unit}", verdict
        )
    return table


def _engine(found: Figures | None) -> tuple[str, ...]:
    if found is None:
        return ("-",) * 6
    return (
        _number(found.rate),
        _number(found.steady),
        _share(found.share),
        _share(found.busy),
        _times(found.first_p50, found.first_p99),
        _times(found.gap_p50, found.gap_p99),
    )


def _rate(found: Figures | None) -> str:
    return "-" if found is None else _number(found.rate)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _times(p50: float | None, p99: float | None) -> str:
    return "-" if p50 is None or p99 is None else f"{_number(p50 * 1000)}/{_number(p99 * 1000)} ms"
