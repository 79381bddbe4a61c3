"""The board and the alerts ask for metrics, and labels, that there are."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml
from prometheus_client.metrics import MetricWrapperBase

import deploy
from deploy.observing import corpus, dashboard
from deploy.observing.metrics import Metrics
from deploy.observing.models import ModelStates
from orchestrator.services import Services
from retrievers.contracts import CorpusState
from tests.orchestrator.doubles import Library, Pool, scripted

FOLDER = Path(deploy.__file__).parent / "dashboards"
ADDED = {"deployment", "replica"}  # by the page, to every series of a replica
RAY = {"ray_serve_deployment_queued_queries", "ray_serve_replica_processing_queries"}
NAME = r"(?:lexhub|process|ray_serve)_[a-z_]+"


async def known() -> dict[str, set[str]]:
    """The labels of every series, by its name."""
    metrics, found = Metrics(), dict[str, set[str]]()
    for wrapper in [one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)]:
        (family,) = wrapper.describe()
        labels = {*wrapper._labelnames, *ADDED}
        if family.type == "histogram":
            found |= {family.name + end: labels | {"le"} for end in ("_bucket", "_sum", "_count")}
        else:
            found[family.name + ("_total" if family.type == "counter" else "")] = labels
    for family in metrics.registry.collect():
        if family.name.startswith(("process_", "lexhub_sessions_")):
            found |= {sample.name: ADDED for sample in family.samples}
    services = Services(library=Reaching(), models=Pool(scripted("m", "dialogue")))
    for family in await corpus.families(services.library):
        found[family.name] = {label for sample in family.samples for label in sample.labels}
    for family in ModelStates(services.models).describe():
        found[family.name] = {"model", *ADDED}
    return found | {name: {"deployment"} for name in RAY}


class Reaching(Library):
    async def state(self) -> CorpusState:
        return (await super().state()).model_copy(update={"reaches": date(2026, 1, 1)})


def queries() -> Iterator[str]:
    board = json.loads((FOLDER / "lexhub.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


async def test_every_metric_and_label_is_there() -> None:
    series, asked = await known(), set[str]()
    for query in queries():
        names = re.findall(rf"\b{NAME}\b", query)
        assert names, query
        asked |= set(names)
        assert set(names) <= set(series), (query, set(names) - set(series))
        labels = set().union(*(series[name] for name in names))
        chosen = set(re.findall(r"[{,]\s*([a-z_]+)\s*(?:=~|!~|!=|=)", query))
        grouped = {
            one.strip() for found in re.findall(r"\b(?:by|ignoring) \(([^)]*)\)", query) for one in found.split(",")
        }
        assert chosen | grouped <= labels, (query, (chosen | grouped) - labels)
    assert len(asked) > 25
    # Whatever is counted is shown or watched, but for a few that others say in more detail.
    shown = {re.sub("_(bucket|sum|count)$", "", name) for name in asked}
    ours = {re.sub("_(bucket|sum|count)$", "", name) for name in series if name.startswith("lexhub_")}
    assert ours - shown <= {
        "lexhub_corpus_info",
        "lexhub_corpus_laws",
        "lexhub_corpus_cases",
        "lexhub_turn_failures_total",
    }


def test_queries_are_well_formed() -> None:
    for query in queries():
        depth = 0
        for char in query:
            depth += (char in "([{") - (char in ")]}")
            assert depth >= 0, query
        assert depth == 0 and query.count('"') % 2 == 0, query
        for counter in re.findall(rf"{NAME}_(?:total|bucket)\b", query):
            assert re.search(rf"rate\({counter}(?:{{[^}}]*}})?\[", query), (query, counter)


def test_the_board_is_the_one_that_the_table_makes() -> None:
    kept = json.loads((FOLDER / "lexhub.json").read_text(encoding="utf-8"))
    assert kept == dashboard.board(), "python -m deploy.observing.dashboard > deploy/dashboards/lexhub.json"
    ids = [panel["id"] for panel in kept["panels"]]
    assert len(ids) == len(set(ids)) > 20
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in kept["panels"]]
    assert len(places) == len(set(places))


def test_alerts_say_what_to_do() -> None:
    rules = [
        rule
        for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    for rule in rules:
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("warning", "critical"), rule
        label = re.findall(r"\$labels\.([a-z]+)", rule["annotations"]["summary"])
        assert all(f"({one})" in rule["expr"] or f", {one})" in rule["expr"] for one in label), rule
