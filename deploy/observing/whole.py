"""What is the same seen from any replica, read when it is asked for: the corpus, and the models' state."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, time

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from orchestrator.services import Services
from retrievers.contracts import RetrievalError

PATIENCE_S = 2.0
BREAKERS = {"closed": 0, "half_open": 1, "open": 2}


async def families(services: Services) -> list[Metric]:
    """The families of the whole service. A library that does not answer is told by `lexhub_corpus_up` 0."""
    made: list[Metric] = list(_models(services))
    try:
        state = await asyncio.wait_for(services.library.state(), PATIENCE_S)
    except (RetrievalError, TimeoutError):
        return [*made, GaugeMetricFamily("lexhub_corpus_up", "1: the library answers", value=0)]
    info = GaugeMetricFamily("lexhub_corpus_info", "1: the generation that serves", labels=["generation"])
    info.add_metric([state.generation], 1)
    made += [GaugeMetricFamily("lexhub_corpus_up", "1: the library answers", value=1), info]
    for name, number in (("laws", state.laws), ("articles", state.articles), ("cases", state.cases)):
        made.append(GaugeMetricFamily(f"lexhub_corpus_{name}", f"Loaded {name}", value=number))
    if state.reaches is not None:
        reaches = datetime.combine(state.reaches, time(), UTC).timestamp()
        about = "The day that the official texts reach, Unix time"
        made.append(GaugeMetricFamily("lexhub_corpus_reaches_timestamp_seconds", about, value=reaches))
    return made


def _models(services: Services) -> Iterator[Metric]:
    healthy = GaugeMetricFamily("lexhub_model_healthy", "1: the model answered lately", labels=["model"])
    breaker = GaugeMetricFamily("lexhub_model_breaker_state", "0 closed, 1 half open, 2 open", labels=["model"])
    for card in services.models.cards():
        load = services.models.load(card.name)
        healthy.add_metric([card.name], float(load.healthy))
        if (state := getattr(load, "breaker", None)) is not None:
            breaker.add_metric([card.name], BREAKERS[state])
    yield healthy
    yield breaker
