"""The state of the corpus as metrics: the same from any replica, read when it is asked for."""

import asyncio
from datetime import UTC, datetime, time

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from retrievers.contracts import Library, RetrievalError

PATIENCE_S = 2.0


async def families(library: Library) -> list[Metric]:
    """The families. A library that does not answer in time is told by `lexhub_corpus_up` 0."""
    up = "1: the library answers"
    try:
        state = await asyncio.wait_for(library.state(), PATIENCE_S)
    except (RetrievalError, TimeoutError):
        return [GaugeMetricFamily("lexhub_corpus_up", up, value=0)]
    info = GaugeMetricFamily("lexhub_corpus_info", "1: the generation that serves", labels=["generation"])
    info.add_metric([state.generation], 1)
    made: list[Metric] = [GaugeMetricFamily("lexhub_corpus_up", up, value=1), info]
    for name, number in (("laws", state.laws), ("articles", state.articles), ("cases", state.cases)):
        made.append(GaugeMetricFamily(f"lexhub_corpus_{name}", f"Loaded {name}", value=number))
    if state.reaches is not None:
        reaches = datetime.combine(state.reaches, time(), UTC).timestamp()
        about = "The day that the official texts reach, Unix time"
        made.append(GaugeMetricFamily("lexhub_corpus_reaches_timestamp_seconds", about, value=reaches))
    return made
