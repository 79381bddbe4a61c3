"""The report as tables for a reader."""

from collections.abc import Iterator

from rich.console import Group
from rich.table import Table

from deploy.benchmarks.engine.report import Report, Size, bars
from deploy.benchmarks.engine.timing import Figures


def tables(report: Report) -> Group:
    """Speed and latency of each size, a line for each thing that was measured besides, and the bars."""
    parts: list[Table | str] = []
    for size in report.sizes:
        parts += [_speed(size), _latency(size), *_besides(size)]
    return Group(*parts, _bars(report))


def machine(report: Report) -> str:
    """The machine and what it can do at most."""
    one = report.machine
    return (
        f"{one.name},{one.cores} 核;带宽 {one.bandwidth / 1e9:.0f} GB/s,"
        f"{one.dtype} 矩阵乘峰值 {one.peak / 1e12:.2f} TFLOP/s(均为实测);开始前的平均负载 {report.others:.1f}"
    )


def _speed(size: Size) -> Table:
    """New tokens a second, prompts included; 稳态 is while all requests were writing."""
    shape = size.shape
    title = f"{shape.name}:{shape.parameters / 1e9:.3g}B 参数,{shape.dtype},随机权重;每秒词元数"
    heads = ("路", "引擎", "稳态", "占带宽", "占算力", "generate", "vLLM", "服务", "服务/引擎")
    table = Table(*heads, title=title, title_justify="left")
    counts = sorted({one.load.requests for of in (size.engine, size.plain, size.vllm, size.server) for one in of or ()})
    for count in counts:
        engine, server = size.at(count, size.engine), size.at(count, size.server)
        table.add_row(
            str(count),
            _rate(engine),
            *((_number(engine.steady), _share(engine.share), _share(engine.busy)) if engine else ("-",) * 3),
            _rate(size.at(count, size.plain)),
            _rate(size.at(count, size.vllm)),
            _rate(server),
            _share(size.ratio(server, engine)),
        )
    return table


def _latency(size: Size) -> Table:
    """Milliseconds to the first piece and between pieces: of the engine a token, of the server a line."""
    heads = ("路", "引擎首字", "词间", "generate 首字", "词间", "服务首行", "行间")
    table = Table(*heads, title="延迟 p50/p99,毫秒", title_justify="left")
    for engine in size.engine or ():
        count = engine.load.requests
        contenders = (engine, size.at(count, size.plain), size.at(count, size.server))
        cells = (
            (_times(one.first_p50, one.first_p99), _times(one.gap_p50, one.gap_p99)) if one else ("-", "-")
            for one in contenders
        )
        table.add_row(str(count), *(cell for pair in cells for cell in pair))
    return table


def _besides(size: Size) -> Iterator[str]:
    if size.engine:
        load = size.engine[0].load
        yield f"每路 {load.prompt} 词元的提示、{load.new} 个新词元;引擎、generate、vLLM、服务各栏连读提示的时间在内"
    if (prefill := size.prefill) is not None:
        yield (
            f"读提示:{prefill.requests} 条 × {prefill.prompt} 词元,{prefill.rate:.0f} tok/s,"
            f"占算力峰值 {_share(prefill.busy)}"
        )
    if (calls := size.calls) is not None:
        yield f"关键词(带语法,每次 {calls.tokens} 词元):一次 p50/p99 {_times(calls.p50, calls.p99)} ms"
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


def _rate(found: Figures | None) -> str:
    return "-" if found is None else _number(found.rate)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _times(p50: float | None, p99: float | None) -> str:
    return "-" if p50 is None or p99 is None else f"{_number(p50 * 1000)}/{_number(p99 * 1000)}"
