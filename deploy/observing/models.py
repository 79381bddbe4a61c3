"""The models' state as one replica of the API sees it, as metrics."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from orchestrator.services import ModelPool

BREAKERS = {"closed": 0, "half_open": 1, "open": 2}


class ModelStates(Collector):
    """Health, breaker and queue of each model, read when they are asked for."""

    def __init__(self, models: ModelPool) -> None:
        self._models = models

    def collect(self) -> Iterator[Metric]:
        """The families, with a series for each model."""
        healthy, breaker, queued = self.describe()
        for card in self._models.cards():
            load = self._models.load(card.name)
            healthy.add_metric([card.name], float(load.able))
            breaker.add_metric([card.name], BREAKERS[load.breaker])
            queued.add_metric([card.name], load.queued)
        yield from (healthy, breaker, queued)

    def describe(self) -> Sequence[GaugeMetricFamily]:
        """The families, empty."""
        return (
            GaugeMetricFamily("lexhub_model_healthy", "1: a request may go to the model", labels=["model"]),
            GaugeMetricFamily("lexhub_model_breaker_state", "0 closed, 1 half open, 2 open", labels=["model"]),
            GaugeMetricFamily("lexhub_model_queued", "Requests without a first chunk yet", labels=["model"]),
        )
