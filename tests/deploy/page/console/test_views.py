"""The console's views: nothing from outside has an effect, figures are where they belong, words are there."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import deploy.page.console
from deploy.observing.frames import Latency, Reading
from deploy.page.console import actions, sampling, texts
from deploy.page.console.actions import Incomplete, Standing, planned
from deploy.page.console.layers import laid_out
from deploy.page.console.sampling import Point, Sampler
from deploy.page.console.views import accounts, graph, holdings, hour, models, parts, requests, scores, signin
from deploy.page.console.views.plots import Line, plot
from deploy.sdk import AsyncLexhub
from orchestrator import graph as consultation
from orchestrator.traffic import Pin, Revision, Traffic

FOLDER = Path(deploy.page.console.__file__).parent
EVIL = "\"><script>alert('x')</script><img src=x onerror=alert(1)>{0}"
OUTCOME = {
    "mode": EVIL, "status": EVIL, "route": EVIL, "domain": EVIL, "questions": 0, "degraded": [EVIL],
    "citations": {"verified": 1, "digest": 2, "rejected": 3}, "judged": [{"id": EVIL, "used": False, "reason": EVIL}],
}  # fmt: skip


class Tags(HTMLParser):
    """What a browser makes of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.attributes = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def piece(name: str, began: float, ms: float, **more: Any) -> dict[str, Any]:
    base = {"kind": "step", "code": "", "model": "", "attempt": 0, "fallback": "", "first_ms": None}
    return {**base, "name": name, "began": began, "ms": ms, **more}


def trace(**more: Any) -> dict[str, Any]:
    made = {
        "id": EVIL, "at": 1.7e9, "replica": EVIL, "method": EVIL, "route": EVIL, "status": 500, "ms": 10.0, "code": EVIL,
        "key": EVIL, "session": EVIL, "models": [EVIL], "outcome": OUTCOME,
        "pieces": [piece(EVIL, 0, 9, code=EVIL, model=EVIL, attempt=2, fallback=EVIL, first_ms=1.0)],
        "decisions": [
            {
                "at": 1.0, "request": EVIL, "task": EVIL, "field": EVIL, "chosen": EVIL, "model": "m", "reason": EVIL,
                "others": {EVIL: EVIL}, "failed": [EVIL], "breakers": {EVIL: "open"}, "error": EVIL, "ms": 1.0,
            }
        ],
        "searches": [{"call": EVIL, "began": 0, "found": 2, "hits": [{"id": EVIL, "score": 0.5, "scores": {EVIL: 1.0}}]}],
    }  # fmt: skip
    return {**made, **more}


def model() -> dict[str, Any]:
    return {
        "name": EVIL, "label": EVIL, "abilities": [EVIL], "state": EVIL, "reason": EVIL, "replicas": 1, "ongoing": 0,
        "queued": 0, "latency": {"first_s": None, "total_s": 0.2}, "requests": 1, "failures": 1, "error_rate": 1.0,
        "breaker": {"state": "open", "reason": EVIL, "rests_s": 1.0}, "weight": 1.0, "canary": 5.0, "cost": 1,
    }  # fmt: skip


def everything(lang: texts.Lang) -> list[str]:
    key = {
        "id": EVIL, "name": EVIL, "scopes": [EVIL], "corpora": [EVIL], "per_minute": None, "per_day": 5, "per_month": None,
        "created": 1.0, "expires": 2.0, "used": None, "revoked": None,
    }  # fmt: skip
    used = {"day": "d", "key": EVIL, "name": EVIL, "route": EVIL, "model": EVIL} | dict.fromkeys(
        ("requests", "calls", "prompt_tokens", "completion_tokens"), 1
    )
    policy = {
        "drained": [EVIL], "weights": {EVIL: 1}, "pins": [{"model": EVIL, "ability": EVIL, "field": EVIL, "key": EVIL}],
        "canaries": [{"model": EVIL, "percent": 1}], "chains": {EVIL: [EVIL, EVIL]},
    }  # fmt: skip
    revision = {"revision": 1, "at": 1.0, "who": EVIL, "why": EVIL, "policy": policy}
    drawn = {"nodes": ["__start__", EVIL], "edges": [{"source": "__start__", "target": EVIL, "conditional": True}]}
    return [
        models.table([model(), {"name": EVIL, "state": EVIL}], revision, lang),
        models.revisions([revision], lang),
        requests.listed([trace()], EVIL, lang),
        requests.summary(trace(), lang),
        requests.timeline(trace(), lang),
        requests.decisions(trace(), lang),
        scores.searches(trace(), lang),
        graph.drawing(drawn, trace(), lang),
        accounts.keys([key], lang),
        accounts.usage({"since": EVIL, "until": EVIL, "rows": [used]}, lang),
        holdings.corpus({"problems": {EVIL: EVIL}, "corpus": {}}, lang),
        holdings.storage({"database": EVIL, "rows": {EVIL: 1}, "bytes": None}, lang),
        holdings.replicas({EVIL: 1e9}, {EVIL: 1}, lang),
        plot(EVIL, EVIL, [Line(EVIL, [(1.0, 5.0)])], 60, lang),
        parts.alert(EVIL),
        parts.answer("bad", EVIL),
        signin.page(lang, "wrong"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_from_outside_has_an_effect(lang: texts.Lang) -> None:
    for told in everything(lang):
        seen = Tags()
        seen.feed(told)
        assert not seen.tags & {"script", "img", "iframe"}
        assert not [name for name in seen.attributes if name.startswith("on")]


def test_both_languages_have_the_same_values() -> None:
    for key, (zh, en) in texts.TEXTS.items():
        assert zh and en, key
        assert sorted(re.findall(r"\{\w+\}", zh)) == sorted(re.findall(r"\{\w+\}", en)), key


def test_every_word_is_used_and_no_other_module_has_words_of_its_own() -> None:
    sources = {path: path.read_text("utf-8") for path in FOLDER.rglob("*.py") if path.name != "texts.py"}
    code = "\n".join(sources.values())
    for key in texts.TEXTS:
        parts_of = key.split(".")
        groups = [re.escape(".".join(parts_of[:at])) for at in range(1, len(parts_of))]
        made = any(re.search(rf"""f["']{group}\.{{""", code) for group in groups)
        assert made or re.search(rf"""["']{re.escape(key)}["']""", code), key
    for path, source in sources.items():
        plain = "\n".join(line for line in source.splitlines() if "font" not in line)
        assert not re.search("[\u4e00-\u9fff]", plain), path


def test_names_that_the_server_adds_stand_for_themselves() -> None:
    assert texts.text("state.resting", "en") == "resting"
    with pytest.raises(KeyError):
        texts.text("tab.nothing", "zh")


def test_the_graph_is_drawn_from_left_to_right_and_no_box_lies_on_another() -> None:
    drawn = consultation.build().get_graph()
    nodes, edges = list(drawn.nodes), [(one.source, one.target) for one in drawn.edges]
    layout = laid_out(nodes, edges)
    assert set(layout.nodes) == set(nodes) and set(layout.edges) == set(edges)
    assert len(set(layout.nodes.values())) == len(nodes)
    assert layout.nodes["__start__"][0] == 0
    assert layout.nodes["__end__"][0] == layout.layers - 1
    back = [edge for edge in edges if layout.nodes[edge[0]][0] > layout.nodes[edge[1]][0]]
    assert sorted(back) == [("ask", "intake"), ("confirm", "intake")]
    for edge, places in layout.edges.items():
        assert (places[0], places[-1]) == (layout.nodes[edge[0]], layout.nodes[edge[1]])
        assert {abs(one[0] - other[0]) for one, other in pairwise(places)} == {1}
        assert not set(places[1:-1]) & set(layout.nodes.values())  # no line runs through a box


def test_the_way_of_a_request_is_marked() -> None:
    drawn = {
        "nodes": ["__start__", "a", "b", "__end__"],
        "edges": [{"source": one, "target": other, "conditional": False} for one, other in pairwise("ab")],
    }
    made = graph.drawing(drawn, trace(pieces=[piece("a", 0, 3), piece("x", 1, 1), piece("b", 4, 1500)]), "zh")
    assert made.count("lc-node lc-taken") == 2 and made.count("lc-edge lc-taken") == 1
    assert ">3 ms<" in made and ">1.50 s<" in made
    assert "lc-taken" not in graph.drawing(drawn, None, "zh")


def test_the_timeline_shows_what_was_when_and_within_what() -> None:
    pieces = [piece("execute", 0, 80), piece("keywords", 20, 40), piece("read", 90, 0.2, kind="storage")]
    made = requests.timeline(trace(ms=100.0, pieces=pieces), "zh")
    assert "left:20.00%;width:40.00%" in made and "padding-inline-start:0.9rem" in made
    assert made.count("<li") == 2 and "另有 1 次" in made


def test_a_plot_breaks_where_nothing_happened() -> None:
    made = plot("t", "ms", [Line("a", [(50, 10.0), (40, 20.0), (30, None), (20, 15.0)])], 60, "zh")
    assert made.count("<polyline") == 1 and made.count("<circle") == 1
    assert ">20<" in made and ">10<" in made  # the axis
    assert "<strong>15</strong>" in made  # what it came to last
    assert "<svg" not in plot("t", "ms", [Line("a", [(1, None)])], 60, "zh")


def page(requests_: int, slow: int, rejected: int) -> str:
    labels = 'method="POST",route="/v1/x"'
    return "\n".join(
        [
            "# TYPE lexhub_http_requests counter",
            f'lexhub_http_requests_total{{{labels},status="200"}} {requests_}',
            f'lexhub_http_requests_total{{method="GET",route="/v1/admin/models",status="200"}} {9 * requests_}',
            "# TYPE lexhub_http_request_seconds histogram",
            f'lexhub_http_request_seconds_bucket{{{labels},le="0.1"}} {requests_ - slow}',
            f'lexhub_http_request_seconds_bucket{{{labels},le="1.0"}} {requests_}',
            f'lexhub_http_request_seconds_bucket{{{labels},le="+Inf"}} {requests_}',
            "# TYPE lexhub_citations counter",
            f'lexhub_citations_total{{result="rejected"}} {rejected}',
            "# EOF\n",
        ]
    )


def test_a_point_is_what_happened_between_two_readings() -> None:
    made = sampling.point(Reading(page(10, 0, 1), 0.0), Reading(page(30, 10, 4), 10.0))
    assert (made.requests, made.seconds, made.citations) == (20, 10.0, {"rejected": 3})
    found = made.routes["/v1/x"]
    assert list(made.routes) == ["/v1/x"]
    assert found.p50 is not None and found.p95 is not None and found.p50 <= 0.1 < found.p95 <= 1.0


async def test_the_hour_is_bounded_and_a_silent_server_leaves_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    now, texts_ = 0.0, iter(page(number, 0, 0) for number in range(1, 5000))

    class Admin:
        async def metrics(self) -> str:
            return next(texts_)

    class Client:
        admin = Admin()

    async def nobody() -> AsyncLexhub | None:
        return None

    sampler = Sampler(nobody, lambda: now)
    for _ in range(sampling.KEPT + 20):
        now += sampling.EVERY_S
        await sampler.sample(Client())  # type: ignore[arg-type]
    points = sampler.points()
    assert len(points) == sampling.KEPT and points[-1].at - points[0].at < sampling.SPAN_S
    now += sampling.SPAN_S
    assert sampler.points() == []
    sampler.look()  # with nobody admitted, nothing is read
    await sampler.close()


def test_the_busiest_is_drawn_until_another_is_chosen() -> None:
    def point(at: float, *routes: str) -> Point:
        return Point(at, 10, dict.fromkeys(routes, Latency(0.1, 0.2)), {}, 1, {}, 0, 0, {}, {})

    points = [point(1, "/a"), point(2, "/a", "/b")]
    assert "请求用时：/a" in hour.plots(points, 3, "", "", "zh")
    assert "请求用时：/b" in hour.plots(points, 3, "/b", "", "zh")
    assert hour.names(points) == (["/a", "/b"], [])


def standing() -> Standing:
    """Two models, one of them drained and the other pinned; three revisions of the policy."""
    policies = [
        Traffic(weights={"m": 2}),
        Traffic(weights={"m": 2}, drained=("n",)),
        Traffic(weights={"m": 2}, drained=("n",), pins=(Pin(ability="dialogue", model="m", field="劳动"),)),
    ]
    rows = [
        {
            "name": name,
            "label": name,
            "abilities": ["dialogue"],
            "weight": policies[-1].weights.get(name),
            "canary": None,
        }
        for name in ("m", "n")
    ]
    made = [Revision(revision=at, why="因为", policy=one) for at, one in enumerate(policies, 1)]
    return Standing([*rows, {"name": "gone", "state": "removing"}], made[::-1])


@pytest.mark.parametrize(
    ("action", "labels"),
    [
        ("drain", ["m"]),
        ("resume", ["n"]),
        ("weight", ["m · 权重 2", "n"]),
        ("canary", ["m"]),
        ("pin", ["对话 → m"]),
        ("unpin", ["对话 限劳动 → m"]),
        ("rollback", ["第 2 版", "第 1 版", "第 0 版 · 空策略，按模型卡的默认顺序"]),
    ],
)
def test_an_action_can_be_done_to_what_is_there(action: str, labels: list[str]) -> None:
    found = actions.options(action, standing(), "zh")
    assert len(found) == len(labels)
    assert all(option.label.startswith(label) for option, label in zip(found, labels, strict=True))


def test_a_change_says_what_it_will_do() -> None:
    now = standing()
    for action, (name, _) in actions.ACTIONS.items():
        if action == "drain":
            continue  # the only one that could be is pinned
        change = planned(action, actions.options(action, now, "zh")[0].value, 5, " 因为\n坏了 ", now, "zh")
        assert change.values["why"] == "因为 坏了" and change.told and change.revision == 3
        assert change.name == name and callable(getattr(AsyncLexhub("http://x").admin, name))
    back = planned("rollback", '{"revision": 2}', None, "w", now, "zh")
    assert back.told == "回到第 2 版（停用 n；m 权重 2）。"
    ended = planned("weight", '{"name": "m"}', None, "w", now, "zh")
    assert ended.values["weight"] is None and ended.told == "取消 m 的权重。"


@pytest.mark.parametrize(
    ("action", "chosen", "amount", "why", "said"),
    [
        ("fly", "", None, "w", "请选择操作"),
        ("resume", '{"name": "m"}', None, "w", "请选择模型"),  # another operator was quicker
        ("drain", '{"name": "m"}', None, "w", "正被固定或灰度"),
        ("resume", '{"name": "n"}', None, " ", "请写明原因"),
        ("weight", '{"name": "n"}', None, "w", "请填写权重"),  # there is none to take away
        ("weight", '{"name": "m"}', -1, "w", "请填写权重"),
        ("canary", '{"name": "m"}', 101, "w", "请填写百分比"),
        ("pin", "", None, "w", "请选择能力与模型"),
        ("unpin", "", None, "w", "请选择要取消的固定"),
        ("rollback", '{"revision": 9}', None, "w", "请选择要回到的版本"),
    ],
)
def test_what_a_change_lacks_is_said(action: str, chosen: str, amount: float | None, why: str, said: str) -> None:
    with pytest.raises(Incomplete, match=said):
        planned(action, chosen, amount, why, standing(), "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_action_has_its_words(lang: texts.Lang) -> None:
    for action in actions.ACTIONS:
        assert texts.text(f"do.{action}", lang)
        with pytest.raises(Incomplete):
            planned(action, "", None, "w", Standing((), ()), lang)


def test_the_style_reaches_nothing_outside() -> None:
    style = (FOLDER / "console.css").read_text("utf-8")
    assert "http" not in style and "url(" not in style and "@import" not in style
