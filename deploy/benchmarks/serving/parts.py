"""What is measured, each part on its own; `PARTS` in the order in which they run."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from deploy.benchmarks.serving import clients, consulting, processes, upstream
from deploy.benchmarks.serving.processes import Server
from deploy.benchmarks.serving.report import Bar, Report

COMPLETIONS = "/v1/chat/completions"
STREAM = 2000  # events of a stream


@dataclass(frozen=True)
class Plan:
    """How much is measured. `litellm`: its proxy's program, None to leave it out. `scale` shortens a run for tests."""

    work: Path
    litellm: Path | None = None
    workers: int = 1
    rounds: int = 3
    consultations: int = 1000
    overload: float = 10.0
    scale: float = 1.0

    def count(self, wanted: int, least: int = 2) -> int:
        """So many, scaled."""
        return max(least, round(wanted * self.scale))


@dataclass
class Bench:
    """A run: its plan, the two servers that all parts need, the home of the measured one, and what was found."""

    plan: Plan
    upstream: Server
    lexhub: Server
    home: Path
    report: Report = field(repr=False)

    def asking(self, model: str) -> dict[str, object]:
        """A chat completion of that model."""
        return {"model": model, "messages": [{"role": "user", "content": consulting.STORY}]}


def storage(bench: Bench) -> None:
    """How the database grows with the turns of one consultation."""
    few, many = 10, bench.plan.count(100, 12)
    sizes: dict[int, int] = {}

    async def run() -> None:
        async with clients.session(bench.lexhub.url) as client:
            id = await consulting.begin(client)
            message: dict[str, object] = {"content": consulting.STORY}
            for number in range(1, many + 1):
                message = consulting.next_message(await consulting.say(client, id, message), number)
                if number in (few, many):
                    sizes[number] = _size(bench.home)
            await consulting.end(client, id)

    asyncio.run(run())
    for number in (few, many):
        bench.report.add("storage", f"第 {number} 轮后的会话数据库", sizes[number] / 1024, "KiB")
    if many == 100:
        ratio = sizes[many] / sizes[few]
        bench.report.bars.append(Bar("storage", "数据库:第 100 轮 / 第 10 轮", ratio, 12, most=True))


def _size(home: Path) -> int:
    """Bytes in use in the databases of a home, whatever of them is still in their logs."""
    total = 0
    for path in home.glob("*.sqlite"):
        with closing(sqlite3.connect(path)) as database:
            pages, free, size = (
                int(database.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("page_count", "freelist_count", "page_size")
            )
            total += (pages - free) * size
    return total


def proxying(bench: Bench) -> None:
    """One chat completion through Lexhub and through LiteLLM's proxy, before the same upstream, taking turns."""
    if bench.plan.litellm is None:
        _proxied(bench, {})
        return
    with processes.litellm(bench.plan.litellm, bench.upstream.url, bench.plan.work, bench.plan.workers) as other:
        _proxied(bench, {"LiteLLM": (other.url, upstream.MODEL)})


def _proxied(bench: Bench, others: dict[str, tuple[str, str]]) -> None:
    ours = {"dialogue": (bench.lexhub.url, "dialogue"), "lexhub-normal": (bench.lexhub.url, "lexhub-normal")}
    contenders = {"直连": (bench.upstream.url, upstream.MODEL), **others, **ours}
    p50: dict[str, float] = {}
    rates: dict[tuple[str, int], float] = {}
    for at_once, requests in ((1, 60), (8, 160), (32, 256)):
        outcomes: dict[str, list[clients.Outcome]] = {name: [] for name in contenders}
        for round_ in range(bench.plan.rounds + 1):  # the first one warms up
            for name, (url, model) in contenders.items():
                count = bench.plan.count(requests if name != "lexhub-normal" else requests // 2, at_once)
                made = clients.closed(url, COMPLETIONS, bench.asking(model), at_once, count)
                if made.others:
                    raise RuntimeError(f"{name}: answers that are no success: {dict(made.others)}")
                if round_:
                    outcomes[name].append(made)
        for name, made_ in outcomes.items():
            rates[name, at_once] = median(one.rate for one in made_)
            bench.report.add("proxying", f"{name},{at_once} 路:p50", median(one.p(50) for one in made_), "ms")
            bench.report.add("proxying", f"{name},{at_once} 路:p95", median(one.p(95) for one in made_), "ms")
            bench.report.add("proxying", f"{name},{at_once} 路:吞吐", rates[name, at_once], "次/s")
            if at_once == 1:
                p50[name] = median(one.p(50) for one in made_)
    for name in ours if others else ():
        added = (p50[name] - p50["直连"]) / (p50["LiteLLM"] - p50["直连"])
        bench.report.bars.append(Bar("proxying", f"{name}:增加的延迟 / LiteLLM", added, 1.0, 0.5, most=True))
        for at_once in (8, 32):
            share = rates[name, at_once] / rates["LiteLLM", at_once]
            bench.report.bars.append(Bar("proxying", f"{name}:{at_once} 路吞吐 / LiteLLM", share, 1.0, 2.0))


def turns(bench: Bench) -> None:
    """What a professional turn takes with models that take nothing; the trace tells how long searches took."""
    whole: dict[str, list[float]] = {}
    searching: list[float] = []

    async def run() -> None:
        async with clients.session(bench.lexhub.url) as client:
            for _ in range(bench.plan.count(25)):
                id = await consulting.begin(client)
                message: dict[str, object] = {"content": consulting.STORY}
                while True:
                    began = time.perf_counter()
                    reply = await consulting.say(client, id, message)
                    whole.setdefault(reply["status"], []).append((time.perf_counter() - began) * 1000)
                    if reply["status"] == "answer":
                        break
                    message = consulting.next_message(reply, 0)
                searching.append(max(row["ms"] for row in reply["trace"] if row["step"] in ("articles", "cases")))
                await consulting.end(client, id)

    asyncio.run(run())
    for status, named in (("question", "追问"), ("confirm", "核对事实"), ("answer", "给出意见")):
        if status in whole:
            bench.report.add("turns", f"{named}的一轮:p50", median(whole[status]), "ms")
    own = median(all_ - part for all_, part in zip(whole["answer"], searching, strict=True))
    bench.report.add("turns", "给出意见的一轮,其中检索:p50", median(searching), "ms")
    bench.report.bars.append(Bar("turns", "给出意见的一轮,含检索", median(whole["answer"]), 40, 20, "ms", most=True))
    bench.report.bars.append(Bar("turns", "给出意见的一轮,不含检索", own, 40, 20, "ms", most=True))


def events(bench: Bench) -> None:
    """Server-sent events a second through the whole server, and from a bare Starlette on uvicorn."""
    pieces = bench.plan.count(STREAM, 50)
    ratios = []
    for streams in (1, 8):
        bare, ours = [], []
        for _ in range(bench.plan.rounds):
            bare.append(_streamed(bench.upstream.url, bench.asking(upstream.model(pieces)), streams))
            ours.append(_streamed(bench.lexhub.url, bench.asking(f"dialogue:{upstream.model(pieces)}"), streams))
        bench.report.add("events", f"Starlette,{streams} 路", median(bare), "事件/s")
        bench.report.add("events", f"Lexhub,{streams} 路", median(ours), "事件/s")
        ratios.append(median(ours) / median(bare))
        bench.report.bars.append(Bar("events", f"事件流 / Starlette,{streams} 路", ratios[-1], 0.25, 0.5))


def _streamed(url: str, body: dict[str, object], streams: int) -> float:
    """Events a second of so many streams at once."""
    seen = 0

    async def run() -> float:
        async def follow(client: object) -> None:
            nonlocal seen
            async with client.post(COMPLETIONS, json={**body, "stream": True}) as response:  # type: ignore[attr-defined]
                response.raise_for_status()
                async for piece in response.content.iter_any():
                    seen += piece.count(b"data:")

        async with clients.session(url) as client:
            began = time.perf_counter()
            await asyncio.gather(*(follow(client) for _ in range(streams)))
            return time.perf_counter() - began

    seconds = asyncio.run(run())
    return seen / seconds


def openings(bench: Bench) -> None:
    """The memory that open consultations take: each has told its story and was asked back, all connections are kept."""
    idle, count = bench.lexhub.memory(), bench.plan.consultations

    async def run() -> int:
        async with clients.session(bench.lexhub.url) as client:

            async def open_(number: int) -> None:
                await consulting.say(client, await consulting.begin(client), {"content": consulting.STORY})

            await clients.gathered(open_, count, min(32, count))
            return bench.lexhub.memory()

    more = (asyncio.run(run()) - idle) / 1e9
    bench.report.add("openings", "空闲时的内存(PSS)", idle / 1e9, "GB")
    bench.report.add("openings", f"{count} 个进行中的咨询多用", more, "GB")
    if count >= 1000:
        bench.report.bars.append(Bar("openings", f"{count} 个进行中的咨询多用的内存", more, 1.5, unit="GB", most=True))


def overload(bench: Bench) -> None:
    """Arrivals at many times what the server carries: what still gets through, what the others are told, the memory.

    A machine that others use too is now faster, now slower: what it carries and what gets through are measured in turn.
    """
    url, body = bench.lexhub.url, bench.asking("lexhub-normal")
    clients.closed(url, COMPLETIONS, body, 16, bench.plan.count(64, 16))  # warms up
    memories, peaks, rates, got = [bench.lexhub.memory()], list[float](), list[float](), clients.Outcome()
    for _ in range(bench.plan.rounds):
        peaks.append(clients.closed(url, COMPLETIONS, body, 16, bench.plan.count(240, 16)).rate)
        with _Watching(bench.lexhub.memory) as memory:
            rate = bench.plan.overload * median(peaks)
            part, carried = clients.arriving(url, COMPLETIONS, body, rate, 20 * bench.plan.scale)
        rates.append(carried)
        memories += memory.seen
        got = got.joined(part)
    peak, steady = median(peaks), median(rates)
    refused = got.others[429] + got.others[503]
    told = sum(got.others.values()) + len(got.times)
    for what, value, unit in (
        ("能力(16 路)", peak, "次/s"),
        ("到达", told / got.seconds, "次/s"),
        ("成功", steady, "次/s"),
        ("成功者的 p95", got.p(95), "ms"),
        ("被拒(429、503)的比例", refused / told, ""),
        ("其中带 Retry-After 的比例", got.patient / max(refused, 1), ""),
        ("其他错误", float(told - len(got.times) - refused - got.others[0]), "次"),
        ("没有答复的客户端", float(got.others[0]), "个"),
        ("内存最多增加", (max(memories) - memories[0]) / 2**20, "MiB"),
    ):
        bench.report.add("overload", f"{bench.plan.overload:g} 倍负载:{what}", value, unit)
    bench.report.bars.append(Bar("overload", f"{bench.plan.overload:g} 倍负载下的有效吞吐 / 峰值", steady / peak, 0.9))


class _Watching:
    """Notes a value twice a second while it is entered."""

    def __init__(self, read: Callable[[], int]) -> None:
        self._read, self._stop, self.seen = read, threading.Event(), list[int]()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "_Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(2.0):
            self.seen.append(self._read())


PARTS: dict[str, Callable[[Bench], None]] = {
    one.__name__: one for one in (storage, proxying, turns, events, openings, overload)
}
