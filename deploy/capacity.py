"""What a cluster of so many nodes with GPUs holds, and what it carries as far as that was measured.

Memory follows from the models' shapes (models/local/sizing.py). Speed is never reckoned: tokens a second come from a
run of `lexhub bench engine` on such a GPU, CPU a turn from `lexhub bench cost`; all else is said to be unknown.
"""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deploy import fitting, settings
from deploy.benchmarks.costs import Costs
from deploy.benchmarks.engine.shapes import Shape
from deploy.casting import cast
from deploy.fitting import GIB, DoesNotFit, Need
from deploy.settings import BadSettings, Scaling, Settings

MEASURED = Path(__file__).parent / "benchmarks" / "costs.json"  # on the machine that it names
HELPERS = 4  # dialogue replicas for each replica of the other models on GPUs
BUSY = 0.6  # of a replica's core, in the mean: what comes at once should not have to wait
ALIKE = 0.05  # how much a checkpoint's size may differ from the measured one's


@dataclass(frozen=True)
class Hardware:
    """Nodes that are alike: GPUs of each, bytes of a GPU."""

    nodes: int
    gpus: int
    memory: int

    @property
    def all(self) -> int:
        """All GPUs."""
        return self.nodes * self.gpus


@dataclass(frozen=True)
class Row:
    """A deployment: its replicas, and what one replica takes and carries.

    `need`: its memory, null where its size is unknown or it needs no GPU. `rate`: tokens a second, `turns`: turns a
    second, as measured; null where nobody measured it.
    """

    name: str
    scaling: Scaling
    need: Need | None = None
    rate: float | None = None
    turns: float | None = None


def scaled(args: Mapping[str, Any], hardware: Hardware) -> dict[str, Any]:
    """The arguments of a profile with as many replicas as the hardware has room for. Raises BadSettings.

    Whole GPUs go to the dialogue model, but for a replica of each other model for HELPERS of it, two at least.
    """
    made: dict[str, Any] = json.loads(json.dumps(args))
    shared = [one for one in [*made["models"], made.get("article") or {}] if 0 < one.get("gpus", 0) < 1]
    whole = [one for one in made["models"] if one.get("gpus", 0) >= 1]
    if len(whole) != 1:
        raise BadSettings("the profile must have one model that takes whole GPUs")
    share = sum(one["gpus"] for one in shared)
    dialogue, helpers = _split(hardware.all, whole[0]["gpus"], share)
    for one, count in ((whole[0], dialogue), *((one, helpers) for one in shared)):
        one.update(replicas=count, most=count)
    others = max(2, math.ceil(dialogue / HELPERS))
    made["ingress"].update(replicas=min(others, hardware.nodes), most=hardware.nodes)
    made["retriever"].update(replicas=others, most=max(others, hardware.nodes))
    return made


def _split(gpus: int, dialogue: float, share: float) -> tuple[int, int]:
    """Replicas of the dialogue model and of each other one, of which one of each takes `share` GPUs together."""
    for least in (2, 1):
        for count in range(int(gpus / dialogue), 0, -1):
            helpers = max(least, math.ceil(count / HELPERS))
            if count * dialogue + helpers * share <= gpus:
                return count, helpers
    raise BadSettings(f"{gpus} GPUs are too few for a cluster; use the profile gpu")


def rows(loaded: Settings, hardware: Hardware, engine: Path | None, costs: Costs | None) -> list[Row]:
    """What each deployment takes and carries. Raises DoesNotFit for a model that a GPU has no room for."""
    deployments, cards = cast(loaded)
    speeds = {} if engine is None else _speeds(engine)
    found = []
    for one in deployments:
        card = cards[one.cards[0]]
        need = fitting.need(card, card.size, "gpu", one.replicas) if one.gpus and card.size is not None else None
        if need is not None and need.one > hardware.memory * one.gpus:
            share = f"{one.gpus:g} 张 {hardware.memory / GIB:.0f} GiB 的显卡"
            raise DoesNotFit(f"models.{one.name}: {need} 超过它的份额({share});请减小 cache_bytes")
        rate = None if card.size is None else _rate(speeds, card.size.parameters, one.ongoing)
        found.append(Row(f"model-{one.name}", one, need, rate, _turns(costs, one.name, one.cards)))
    if loaded.article is not None:
        found.append(Row("article", loaded.article))
    found += [Row(name, getattr(loaded, name), turns=_turns(costs, name)) for name in ("retriever", "ingress")]
    return found


def measured(path: Path) -> Costs:
    """What `lexhub bench cost --out` wrote. Raises BadSettings."""
    try:
        return Costs.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError) as error:
        raise BadSettings(f"{path}: not written by `lexhub bench cost --out`") from error


def _turns(costs: Costs | None, name: str, cards: Collection[str] = ()) -> float | None:
    """Turns a second of one replica, whose Python uses one core."""
    seconds = costs.of(name, cards) if costs is not None else None
    return BUSY / seconds if seconds else None


def _speeds(path: Path) -> dict[int, dict[int, float]]:
    """Of engine.json: tokens a second by parameters of the checkpoint and requests at once."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return {
            Shape(**size["shape"]).parameters: {row["load"]["requests"]: row["rate"] for row in size["engine"] or ()}
            for size in content["sizes"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadSettings(f"{path}: not written by `lexhub bench engine`") from error


def _rate(speeds: Mapping[int, Mapping[int, float]], parameters: int, ongoing: int) -> float | None:
    for size, rates in speeds.items():
        if abs(size - parameters) <= ALIKE * parameters and (fitting_ := [one for one in rates if one <= ongoing]):
            return rates[max(fitting_)]
    return None


def written(args: Mapping[str, Any], hardware: Hardware) -> str:
    """A whole Serve config file with these arguments."""
    content = yaml.safe_load(settings.profile_path("cluster").read_text("utf-8"))
    shared = dict(args)  # one object, which YAML writes once
    for application in content["applications"]:
        application["args"] = shared
    command = f"lexhub size --nodes {hardware.nodes} --gpus-per-node {hardware.gpus} --gpu-gb {hardware.memory / GIB:g}"
    head = f"# Written by `{command}`, which also says what it carries; see cluster.yaml.\n"
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=140)
