"""Where models run, as Serve has it: the state of each, and applications of their own for those that join."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import ray
from ray import serve
from ray.serve.api import RunTarget, run_many
from ray.serve.handle import DeploymentHandle
from ray.serve.schema import ApplicationStatusOverview, DeploymentStatusOverview, LoggingConfig, ServeStatus

from deploy import casting, checkpoints
from deploy import settings as config
from deploy.app import deployed, hosted
from deploy.control import Place
from deploy.remote.models import LOST_S, RemoteGenerator, RemotePool
from deploy.remote.peers import ServePeers
from deploy.remote.retrying import Hedging
from deploy.serving import reason
from deploy.settings import BadSettings, ModelDeployment, Settings
from models.contracts import ModelCard, ModelUnavailable

PREFIX = "model-"  # of the names of applications
A_LOOK = 0.01  # share of a GPU that a process needs to see it
PATIENCE_S = 5.0
FRESH_S = 1.0  # how long what Serve said is taken for true
APPLICATION = {"RUNNING": "ready", "DEPLOY_FAILED": "failed", "UNHEALTHY": "unhealthy", "DELETING": "removing"}
DEPLOYMENT = {"HEALTHY": "ready", "UNHEALTHY": "unhealthy", "DEPLOY_FAILED": "failed"}


@serve.deployment(name="front", autoscaling_config={"min_replicas": 0, "initial_replicas": 0, "max_replicas": 1})
class Front:
    """Nothing but the ingress that Serve wants of an application: with HAProxy it may have no router of its own, which
    models have. No replica of it runs, since nobody calls it.
    """

    def __init__(self, model: DeploymentHandle) -> None:
        pass


class ServeFleet:
    """The Fleet (deploy/control.py) over Serve, from inside an ingress replica. `places`: each card's deployment."""

    def __init__(self, settings: Settings, pool: RemotePool, peers: ServePeers, places: Mapping[str, str]) -> None:
        self._settings, self._pool, self._peers, self._places = settings, pool, peers, dict(places)
        self._app = serve.get_replica_context().app_name
        self._asking = asyncio.Lock()
        self._said: tuple[float, ServeStatus] | None = None

    @property
    def replica(self) -> str:
        """This replica's id."""
        return str(serve.get_replica_context().replica_id.unique_id)

    async def places(self, fresh: bool = False) -> dict[str, Place]:
        """As Fleet.places; a second old at most."""
        async with self._asking:
            if fresh or self._said is None or time.monotonic() - self._said[0] > FRESH_S:
                self._said = (time.monotonic(), await self._status())
        applications = self._said[1].applications
        own = applications[self._app].deployments
        found = {card: _deployment(own[name]) for card, name in self._places.items() if name in own}
        joined = {name: one for name, one in applications.items() if name.startswith(PREFIX)}
        return found | {name.removeprefix(PREFIX): _application(one) for name, one in joined.items()}

    async def _status(self) -> ServeStatus:
        try:
            return await asyncio.wait_for(asyncio.to_thread(serve.status), PATIENCE_S)
        except TimeoutError as error:
            raise ModelUnavailable("Serve does not say how the models are") from error

    async def deploy(self, card: ModelCard, deployment: ModelDeployment) -> None:
        """As Fleet.deploy."""
        await asyncio.to_thread(self._deploy, card, deployment)
        self._said = None

    async def delete(self, name: str) -> None:
        """As Fleet.delete."""
        await asyncio.to_thread(serve.delete, PREFIX + name)
        self._said = None

    async def connect(self, card: ModelCard, deployment: ModelDeployment) -> None:
        """As Fleet.connect."""
        # Serve asks its controller for it, and would block this replica meanwhile.
        place = deployed(deployment), PREFIX + card.name
        handle = await asyncio.to_thread(serve.get_deployment_handle, *place)
        hedging = Hedging(self._settings.limits.hedge, min(2, deployment.upto), LOST_S)
        model = RemoteGenerator(handle, card, hedging)
        await model.check()
        self._pool.add(card, model)
        self._peers.add(card.name, handle)

    def disconnect(self, name: str) -> None:
        """As Fleet.disconnect."""
        self._pool.drop(name)
        self._peers.drop(name)

    def _deploy(self, card: ModelCard, deployment: ModelDeployment) -> None:
        secret = casting.with_secrets(card)
        if card.backend == casting.LOCAL:
            # In a process of its own, since looking at weights imports what an ingress replica has no use for.
            if deployment.gpus and not ray.cluster_resources().get("GPU"):
                raise BadSettings(f"{card.name} 需要 GPU,而这里没有")
            seen = min(deployment.gpus, A_LOOK)
            task = ray.remote(num_cpus=0, num_gpus=seen, max_retries=0)(checkpoints.require_one)
            try:
                ray.get(task.remote(deployment, card))
            except ray.exceptions.RayTaskError as error:
                raise error.cause from None
        app = hosted(deployment, [secret], self._settings, config.observing(self._settings))
        logs = LoggingConfig(log_level="WARNING", enable_access_log=False)
        front = Front.bind(app)  # type: ignore[attr-defined]
        target = RunTarget(target=front, name=PREFIX + card.name, route_prefix=None, logging_config=logs)
        run_many([target], wait_for_ingress_deployment_creation=True, wait_for_applications_running=False)


def _deployment(one: DeploymentStatusOverview) -> Place:
    return Place(DEPLOYMENT.get(one.status.value, "starting"), _told(one.message), _running(one))


def _application(one: ApplicationStatusOverview) -> Place:
    replicas = sum(map(_running, one.deployments.values()))
    status = APPLICATION.get(one.status.value, "starting")
    problems = [one.message, *(each.message for each in one.deployments.values())]
    return Place(status, "" if status == "ready" else _told(*problems), replicas)


def _running(one: DeploymentStatusOverview) -> int:
    states: Mapping[Any, int] = one.replica_states
    return sum(count for state, count in states.items() if str(getattr(state, "value", state)) == "RUNNING")


def _told(*messages: str) -> str:
    said = [message for message in messages if message]
    return reason(said) if said else ""
