"""The Grafana dashboard, written from a table: `python -m deploy.observing.dashboard > …/dashboards/lexhub.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
EVERY = "$__rate_interval"
WIDTH, HEIGHT, ACROSS = 8, 8, 24  # of a panel, and of the whole board


@dataclass(frozen=True)
class Panel:
    """A panel: title, unit, and its queries by legend. `only` one figure instead of lines over time."""

    title: str
    unit: str
    queries: Mapping[str, str]
    only: bool = False


def _rate(metric: str, by: str = "", **labels: str) -> str:
    chosen = "{" + ",".join(f'{name}=~"{value}"' for name, value in labels.items()) + "}" if labels else ""
    return f"sum{f' by ({by})' if by else ''} (rate({metric}{chosen}[{EVERY}]))"


def _quantile(share: float, metric: str, *by: str) -> str:
    return f"histogram_quantile({share}, {_rate(f'{metric}_bucket', ', '.join(('le', *by)))})"


def _both(metric: str, *by: str) -> dict[str, str]:
    name = " ".join(f"{{{{{one}}}}}" for one in by)
    return {f"{name} p50".strip(): _quantile(0.5, metric, *by), f"{name} p95".strip(): _quantile(0.95, metric, *by)}


def _share(part: str, whole: str) -> str:
    return f"{part} / clamp_min({whole}, 0.000001)"


SERVED = _rate("lexhub_http_requests_total")
FAILED = _rate("lexhub_http_requests_total", status="5..")
TURNS = _rate("lexhub_turns_total")
ROWS: dict[str, tuple[Panel, ...]] = {
    "流量": (
        Panel("每秒请求", "reqps", {"{{route}}": _rate("lexhub_http_requests_total", "route")}),
        Panel("按状态码", "reqps", {"{{status}}": _rate("lexhub_http_requests_total", "status")}),
        Panel("5xx 占比", "percentunit", {"5xx": _share(FAILED, SERVED)}),
        Panel("错误代码", "reqps", {"{{code}}": _rate("lexhub_errors_total", "code")}),
        Panel(
            "处理中",
            "short",
            {
                "会话": "sum (lexhub_sessions_open)",
                "请求": "sum (lexhub_http_requests_in_progress)",
                "轮次": "sum (lexhub_turns_in_progress)",
                "模型调用": "sum (lexhub_model_calls_in_progress)",
                "排队 {{model}}": "sum by (model) (lexhub_model_queued)",
            },
        ),
        Panel(
            "被拒绝(429、503)与流事件",
            "reqps",
            {
                "拒绝 {{route}}": _rate("lexhub_http_requests_total", "route", status="429|503"),
                "SSE 事件": _rate("lexhub_sse_events_total"),
            },
        ),
    ),
    "延迟": (
        Panel("整次请求 p95", "s", {"{{route}}": _quantile(0.95, "lexhub_http_request_seconds", "route")}),
        Panel("整轮咨询", "s", _both("lexhub_turn_seconds", "mode")),
        Panel("各步骤 p95", "s", {"{{step}}": _quantile(0.95, "lexhub_step_seconds", "step")}),
    ),
    "模型": (
        Panel("首个片段 p95", "s", {"{{model}}": _quantile(0.95, "lexhub_model_first_chunk_seconds", "model")}),
        Panel("整次调用", "s", _both("lexhub_model_seconds", "model")),
        Panel("词元", "short", {"{{model}} {{direction}}": _rate("lexhub_model_tokens_total", "model, direction")}),
        Panel("调用结果", "reqps", {"{{model}} {{result}}": _rate("lexhub_model_calls_total", "model, result")}),
        Panel(
            "重试与替补",
            "reqps",
            {
                "重试 {{model}}": _rate("lexhub_model_retries_total", "model"),
                "替补 {{model}}": _rate("lexhub_model_fallbacks_total", "model"),
            },
        ),
        Panel(
            "断路器(0 闭合、1 半开、2 断开)与健康",
            "short",
            {
                "断路器 {{model}}": "max by (model) (lexhub_model_breaker_state)",
                "健康 {{model}}": "min by (model) (lexhub_model_healthy)",
            },
        ),
    ),
    "咨询质量": (
        Panel("引用", "short", {"{{result}}": _rate("lexhub_citations_total", "result")}),
        Panel(
            "被删句子占比",
            "percentunit",
            {"占比": _share(_rate("lexhub_citations_total", result="rejected"), _rate("lexhub_citations_total"))},
        ),
        Panel("各轮结果", "reqps", {"{{status}}": _rate("lexhub_turns_total", "status")}),
        Panel("缺少的部分(降级)", "reqps", {"{{task}}": _rate("lexhub_degraded_total", "task")}),
        Panel("每轮反问", "short", {"问题": _share(_rate("lexhub_questions_asked_total"), TURNS)}),
        Panel("领域", "reqps", {"{{field}}": _rate("lexhub_turn_fields_total", "field")}),
    ),
    "检索": (
        Panel("检索 p95", "s", {"{{call}}": _quantile(0.95, "lexhub_retrieval_seconds", "call")}),
        Panel("检索失败", "reqps", {"{{call}} {{code}}": _rate("lexhub_retrieval_errors_total", "call, code")}),
        Panel("法条", "short", {"条": "max (lexhub_corpus_articles)"}, only=True),
        Panel("语料截至", "dateTimeAsIso", {"截至": "max (lexhub_corpus_reaches_timestamp_seconds) * 1000"}, only=True),
    ),
    "存储": (
        Panel("数据库", "s", _both("lexhub_storage_seconds", "operation")),
        Panel("数据库失败", "reqps", {"{{operation}}": _rate("lexhub_storage_errors_total", "operation")}),
    ),
    "副本": (
        Panel("内存", "bytes", {"{{deployment}} {{replica}}": "process_resident_memory_bytes"}),
        Panel("CPU(核)", "short", {"{{deployment}} {{replica}}": f"rate(process_cpu_seconds_total[{EVERY}])"}),
        Panel("副本数", "short", {"{{deployment}}": "count by (deployment) (process_resident_memory_bytes)"}),
        Panel("副本内耗时 p95", "s", {"{{call}}": _quantile(0.95, "lexhub_replica_call_seconds", "call")}),
        Panel("副本上的调用", "short", {"{{deployment}}": "sum by (deployment) (lexhub_replica_calls_in_progress)"}),
    ),
    "Ray Serve(需抓取 Ray 自己的指标)": (
        Panel(
            "排队",
            "short",
            {"{{deployment}}": "sum by (deployment) (ray_serve_deployment_queued_queries)"},
        ),
        Panel(
            "处理中",
            "short",
            {"{{deployment}}": "sum by (deployment) (ray_serve_replica_processing_queries)"},
        ),
    ),
}


def board() -> dict[str, Any]:
    """The dashboard as Grafana imports it; it asks which Prometheus to read."""
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in ROWS.items():
        panels.append({"type": "row", "title": title, "gridPos": {"x": 0, "y": y, "w": ACROSS, "h": 1}, "panels": []})
        y += 1
        for at, panel in enumerate(row):
            x = at * WIDTH % ACROSS
            panels.append(_panel(panel, x, y + at * WIDTH // ACROSS * HEIGHT))
        y += -(-len(row) * WIDTH // ACROSS) * HEIGHT
    for id, made in enumerate(panels, 1):
        made["id"] = id
    variable = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "数据源"}
    return {
        "uid": "lexhub",
        "title": "律枢 Lexhub",
        "tags": ["lexhub"],
        "timezone": "browser",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [variable]},
        "panels": panels,
    }


def _panel(panel: Panel, x: int, y: int) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": query, "legendFormat": legend}
        for at, (legend, query) in enumerate(panel.queries.items())
    ]
    return {
        "type": "stat" if panel.only else "timeseries",
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": targets,
    }


if __name__ == "__main__":
    print(json.dumps(board(), ensure_ascii=False, indent=1))
