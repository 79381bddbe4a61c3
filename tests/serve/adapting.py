"""A program for test_adapters: serves one card by two replicas and prints, as JSON, what was said and who said it.

Its arguments are the card as JSON, and the names of the adapters: two for the replicas, one that needs their room.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from deploy.settings import privatise_ray

privatise_ray()  # before Ray is imported

import ray  # noqa: E402
from ray import serve  # noqa: E402
from ray.serve.config import ProxyLocation, RequestRouterConfig  # noqa: E402
from ray.serve.schema import LoggingConfig  # noqa: E402

from deploy.deployments import ModelServer  # noqa: E402
from deploy.remote.models import RemoteGenerator  # noqa: E402
from deploy.remote.retrying import Hedging  # noqa: E402
from deploy.routing import ModelRouter  # noqa: E402
from models.contracts import ModelCard, ModelError  # noqa: E402
from tests.serve.test_adapters import request  # noqa: E402

ROUNDS = 8


class Client:
    """Asks the model and notes which replica worked: the first thing on a request's own stream is its id."""

    def __init__(self, model: RemoteGenerator) -> None:
        assert model._lines is not None
        self._model, self._read = model, model._lines.read
        self._replica = ""
        model._lines.read = self._noting  # type: ignore[method-assign]

    def _noting(self, opening: tuple[str, int], stream: AsyncIterator[str | int]) -> Any:
        async def noted() -> AsyncIterator[str | int]:
            async for one in stream:
                self._replica = one if isinstance(one, str) else self._replica
                yield one

        return self._read(opening, noted())

    async def ask(self, adapter: str | None) -> tuple[str, str]:
        """The answer, and the replica that gave it."""
        text = "".join([chunk.text async for chunk in self._model.generate(request(adapter))])
        return text, self._replica


async def observe(model: RemoteGenerator, first: str, second: str, third: str) -> dict[str, Any]:
    client = Client(model)
    said = {"base": (await client.ask(None))[0]}
    settled: list[tuple[str, str]] = []
    # Replicas tell Serve in the background what they have; until then a request may go to any.
    for _ in range(30):
        pairs = [await client.ask(adapter) for adapter in (first, second)]
        said |= {adapter: text for adapter, (text, _) in zip((first, second), pairs, strict=True)}
        settled = [*settled, (pairs[0][1], pairs[1][1])][-3:]
        if len(settled) == 3 and len(set(settled)) == 1 and len(set(settled[0])) == 2:
            break
        await asyncio.sleep(0.3)
    rounds = []
    for _ in range(ROUNDS):
        rounds.append([(await client.ask(adapter))[1] for adapter in (first, second)])
    together = await asyncio.gather(*(client.ask(adapter) for adapter in (first, None, second) * 3))
    # There is room for one adapter at a replica, so this one takes the place of another.
    later = {adapter: (await client.ask(adapter))[0] for adapter in (third, first, second)}
    try:
        refused = (await client.ask("none"))[0]
    except ModelError as error:
        refused = error.code
    return {
        "said": said,
        "rounds": rounds,
        "together": [text for text, _ in together],
        "later": later,
        "refused": refused,
    }


def main(card: ModelCard, names: list[str]) -> None:
    quiet = LoggingConfig(log_level="ERROR", enable_access_log=False)
    ray.init(_node_ip_address="127.0.0.1", include_dashboard=False, log_to_driver=False, num_cpus=4)
    try:
        serve.start(proxy_location=ProxyLocation.Disabled, logging_config=quiet)
        servers = serve.deployment(
            ModelServer,
            name="model-tiny",
            num_replicas=2,
            ray_actor_options={"num_cpus": 0.1},
            request_router_config=RequestRouterConfig(request_router_class=ModelRouter),
        )
        handle = serve.run(servers.bind([card], True), name="tiny", route_prefix=None, logging_config=quiet)
        print(json.dumps(asyncio.run(observe(RemoteGenerator(handle, card, Hedging()), *names))))
    finally:
        serve.shutdown()
        ray.shutdown()


if __name__ == "__main__":
    main(ModelCard.model_validate_json(sys.argv[1]), sys.argv[2:])
