"""The control plane of one ingress replica: models and their traffic as the operator wants them, without a restart.

What is wanted stands in the database. Every replica looks about once a second whether it has changed, follows the
newest policy, and brings the models that joined and left in line with it. Deploying or removing one is the work of
whichever replica claims it; a replica that dies leaves its claim to another.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from deploy.casting import joining
from deploy.settings import BadSettings, ModelDeployment, Settings
from models.contracts import ModelCard, ModelError
from orchestrator.contracts import ConsultationError, StorageFailed
from orchestrator.services import ModelPool
from orchestrator.storage.traffic import Joined, Stamp, TrafficStore
from orchestrator.traffic import Revision, Traffic

LOOK_S = 1.0
SETTLE_S = 3 * LOOK_S  # until every replica has seen that a model is removed
RENEW_S = 4.0
logger = logging.getLogger("lexhub")
Work = Callable[["Fleet", Joined, "Place | None"], Awaitable[None]]


@dataclass(frozen=True)
class Place:
    """How a model's deployment is: starting, ready, unhealthy, failed or removing; why; replicas that run."""

    state: str
    reason: str = ""
    replicas: int = 0


class Fleet(Protocol):
    """Where models run. Every method may take its time, but blocks nobody else."""

    @property
    def replica(self) -> str:
        """The id of this replica among all that share the database."""
        ...

    async def places(self, fresh: bool = False) -> Mapping[str, Place]:
        """The deployment of each model, by card name; as it was a moment ago, unless it must be `fresh`."""
        ...

    async def deploy(self, card: ModelCard, deployment: ModelDeployment) -> None:
        """Begin to deploy the model. Raises BadSettings or ModelError when it cannot be."""
        ...

    async def delete(self, name: str) -> None:
        """Remove the deployment; what it works on is finished first."""
        ...

    async def connect(self, card: ModelCard, deployment: ModelDeployment) -> None:
        """Let this replica's requests go to the model. Raises ModelError when it does not answer."""
        ...

    def disconnect(self, name: str) -> None:
        """Let no request of this replica go to it any more."""
        ...


class ControlError(ConsultationError):
    """What the operator asks for cannot be done; positional: stable code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self._message = code, message

    def __str__(self) -> str:
        return self._message


class Control:
    """See above. `fleet` None: the models are those of this process, and none can join."""

    def __init__(self, settings: Settings, models: ModelPool, store: TrafficStore, fleet: Fleet | None) -> None:
        self._settings, self._models, self._store, self._fleet = settings, models, store, fleet
        self._own = {card.name: card for card in models.cards()}
        self._seen: Stamp | None = None
        self._joined: dict[str, Joined] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._settling = asyncio.Lock()
        self._loop: asyncio.Task[None] | None = None
        self.revision = Revision()

    async def open(self) -> None:
        """Follow what is kept from now on. Raises StorageFailed."""
        await self.look()
        self._loop = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Stop following; models go on, and what this replica had begun is left to others."""
        tasks = [*self._tasks.values(), *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._fleet is not None:
            try:
                await self._store.give_up(self._fleet.replica)
            except StorageFailed as error:  # the claims run out by themselves
                logger.warning("control plane: claims were not given up: %s", error)

    async def look(self) -> None:
        """Follow the newest policy, and bring the models in line, as far as that is to be done by this replica now."""
        async with self._settling:
            stamp = await self._store.stamp()
            if stamp != self._seen:
                self.revision, rows = await self._store.now()
                self._models.watch.traffic = self.revision.policy
                self._joined = {row.name: row for row in rows}
                self._seen = stamp
            await self._settle()

    # What the operator does

    async def change(self, change: Callable[[Traffic], Traffic], who: str, why: str) -> Revision:
        """A new revision of the policy, followed here at once. Raises BadPolicy."""
        await self.look()  # a model may have joined at another replica a moment ago
        made = await self._store.change(self._valid(change), who, why)
        await self.look()
        return made

    async def roll_back(self, number: int, who: str, why: str) -> Revision:
        """A new revision that says what an older one said. Raises NoSuchRevision, BadPolicy when it cannot be now."""
        older = await self._store.revision(number)
        return await self.change(lambda _: older.policy, who, why or f"回到第 {number} 版")

    async def revisions(self, limit: int) -> list[Revision]:
        """The newest first."""
        return await self._store.revisions(limit)

    async def join(self, card: str | Mapping[str, Any], scaling: Mapping[str, Any], who: str) -> str:
        """Let a model join; its name. It is deployed after this. Raises BadCard, ControlError."""
        if self._fleet is None:
            raise ControlError("model_not_addable", "这个服务的模型都在一个进程里,不能增加。")
        try:
            deployment, made = joining(self._settings, card, scaling)
        except BadSettings as error:
            raise ControlError(error.code, str(error)) from error
        await self.look()
        taken = {
            **self._own,
            **{row.name: row.card for row in self._joined.values() if row.name in await self._there()},
        }
        if made.name in taken:
            raise ControlError("model_exists", f"已经有名为 {made.name} 的模型;先移除它,等移除完成,再加入。")
        plain = deployment.model_dump(mode="json")
        await self._store.join(Joined(name=made.name, card=made, deployment=plain, who=who, at=time.time()))
        await self.look()
        return made.name

    async def leave(self, name: str, who: str) -> None:
        """Let a model that joined leave. Raises ControlError while it is not drained."""
        await self.look()
        row = self._joined.get(name)
        if row is None or row.removed is not None:
            if name in self._own:
                raise ControlError("model_not_removable", f"{name} 属于服务的配置,不能移除;可以停用(drain)。")
            raise ControlError("no_such_model", f"没有加入过名为 {name[:60]} 的模型。")
        serving = name in {card.name for card in self._models.cards()}
        if serving and name not in self.revision.policy.drained:
            raise ControlError("model_not_drained", f"{name} 还在接请求;先停用(drain)再移除。")
        await self._store.remove(name, lambda policy: policy.without(name), who, f"移除模型 {name}")
        await self.look()

    async def places(self) -> dict[str, Place]:
        """The deployment of each model that is or should be there; those of this process are ready."""
        found = dict(await self._fleet.places()) if self._fleet else {}
        for row in self._joined.values():
            if row.removed is None:
                missing = Place("failed", row.problem) if row.problem else Place("starting")
                found[row.name] = missing if row.problem else found.get(row.name, missing)
            elif row.name in found:
                found[row.name] = Place("removing", replicas=found[row.name].replicas)
        return {card.name: Place("ready", replicas=1) for card in self._models.cards()} | found

    def known(self) -> dict[str, ModelCard]:
        """The cards of the profile, and of the models that joined, also of those that are not up yet."""
        return {**self._own, **{row.name: row.card for row in self._joined.values() if row.removed is None}}

    def joined(self, name: str) -> bool:
        """Whether the model joined the running server."""
        return name in self._joined and name not in self._own

    def needed(self) -> list[str]:
        """The models without which the server is not ready: the profile's, but those that are drained."""
        return [name for name in self._own if name not in self.revision.policy.drained]

    # Inside

    def _valid(self, change: Callable[[Traffic], Traffic]) -> Callable[[Traffic], Traffic]:
        def changed(policy: Traffic) -> Traffic:
            made = change(policy)
            made.require_valid(self.known().values(), [card.name for card in self._models.cards()])
            return made

        return changed

    async def _follow(self) -> None:
        failing = False
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
                failing = False
            except Exception as error:  # whatever it is, the last policy holds, and the next look comes
                if not failing:
                    logger.error("control plane: the last policy holds; %s: %s", type(error).__name__, error)
                failing = True

    async def _there(self) -> set[str]:
        """Models that joined and are not gone."""
        places = await self._fleet.places() if self._fleet else {}
        return {row.name for row in self._joined.values() if row.removed is None or row.name in places}

    async def _settle(self) -> None:
        fleet = self._fleet
        if fleet is None:
            return
        here = {card.name for card in self._models.cards()}
        for name in [name for name, row in self._joined.items() if name in here and row.removed is not None]:
            fleet.disconnect(name)
        unsettled = [
            row
            for row in self._joined.values()
            if row.name not in self._own and (row.removed is not None or (row.name not in here and not row.problem))
        ]
        if not unsettled:
            return
        places = await fleet.places()
        for row in unsettled:
            place = places.get(row.name)
            if row.removed is not None:
                if place is None:
                    del self._joined[row.name]  # gone; the next change of any model brings the row back, to no effect
                elif place.state != "removing" and time.time() > row.removed + SETTLE_S:
                    self._begin(row, self._delete)
            elif place is None:
                self._begin(row, self._deploy)
            elif place.state == "ready":
                try:
                    await fleet.connect(row.card, ModelDeployment.model_validate(row.deployment))
                except ModelError as error:
                    logger.warning("control plane: %s does not answer yet: %s", row.name, error)

    def _begin(self, row: Joined, work: Work) -> None:
        if row.name not in self._tasks:
            task = self._tasks[row.name] = asyncio.create_task(self._claimed(row, work))
            task.add_done_callback(lambda _: self._tasks.pop(row.name, None))

    async def _claimed(self, row: Joined, work: Work) -> None:
        """Do the work if no other replica does it, and hold the claim until it is done."""
        fleet = self._fleet
        assert fleet is not None
        if not await self._store.claim(row, fleet.replica):
            return
        renewal = asyncio.create_task(self._renew(row.name, fleet.replica))
        problem = ""
        try:
            await work(fleet, row, (await fleet.places(fresh=True)).get(row.name))
        except (BadSettings, ModelError) as error:
            problem = f"{error.code}: {error}"
        except Exception as error:  # told where the operator looks, and logged
            logger.exception("control plane: %s", row.name)
            problem = f"{type(error).__name__}: {error}"
        finally:
            renewal.cancel()
        self._seen = None  # the model may have been removed meanwhile
        await self._store.release(row.name, fleet.replica, problem)

    async def _deploy(self, fleet: Fleet, row: Joined, place: Place | None) -> None:
        if place is None:  # else another replica has just done it
            await fleet.deploy(row.card, ModelDeployment.model_validate(row.deployment))

    async def _delete(self, fleet: Fleet, row: Joined, place: Place | None) -> None:
        if place is not None:
            await fleet.delete(row.name)

    async def _renew(self, name: str, replica: str) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            await self._store.renew(name, replica)
