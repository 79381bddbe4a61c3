"""What of the language models fits a machine, for `lexhub doctor`: each card, and the profile to start with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from rich.table import Table

from deploy import fitting, settings
from deploy.casting import LOCAL, cast
from deploy.machine import Machine
from models import registry
from models.contracts import ModelCard, ModelUnavailable
from models.local import sizing

GIB = 2**30
PREFERRED = ("gpu", "embedded")  # on a CPU the composer is faster than a small model, and never wrong about the law
ADVICE = {
    "gpu": "有足够的显存:大模型写答复,内置模型候补",
    "embedded": "不需要显卡和下载;内置文书模型按检索结果成文",
}


@dataclass(frozen=True)
class Row:
    """One card: bytes of weights and cache (0 where unknown), how it fits, and where its files are or come from."""

    name: str
    weights: int
    cache: int
    fits: str
    files: str


def told(machine: Machine) -> Iterator[Table | str]:
    """The table of the cards, then a line for each profile with language models, then the profile recommended."""
    device = "GPU" if machine.gpus else "CPU"
    table = Table("语言模型", "权重", "缓存", f"这台机器({device})", "文件", title_justify="left")
    for row in rows(machine):
        shown = (f"{part / GIB:.1f} GiB" if part else "—" for part in (row.weights, row.cache))
        table.add_row(row.name, *shown, row.fits, row.files)
    yield table
    lacking = {path.stem: lacks(path.stem, machine) for path in sorted(settings.PROFILES.glob("*.yaml"))}
    for name, reason in lacking.items():
        yield f"配置 {name}:{reason or '装得下'}"
    best = next(name for name in PREFERRED if not lacking[name])
    yield f"建议:lexhub serve --profile {best}({ADVICE[best]})"


def rows(machine: Machine) -> Iterator[Row]:
    """Every shipped card of the local backend."""
    for card in registry.cards().values():
        if card.backend == LOCAL:
            yield _row(card, machine)


def lacks(profile: str, machine: Machine) -> str:
    """Why the language models of a shipped profile do not fit the machine; empty when they do, or are not known."""
    try:
        deployments, cards = cast(settings.load(profile))
        fitting.require_devices(deployments, machine)
        sizes = {card.name: card.size for card in cards.values() if card.backend == LOCAL and card.size}
        fitting.require(fitting.needs(deployments, cards, sizes), machine)
    except settings.BadSettings as error:
        return str(error)
    return ""


def _row(card: ModelCard, machine: Machine) -> Row:
    folder = fitting.here(card)
    files = f"在 {folder}" if folder else f"不在这台机器上:{fitting.command(card)}"
    if folder is None and (place := fitting.options(card).model).startswith((".", "/", "~")):
        files = f"没有文件夹 {place}:旧权重先用 lexhub models convert 转换,或在卡片里写明所在位置"
    try:
        size = sizing.size(folder) if folder else card.size
    except ModelUnavailable as error:
        return Row(card.name, 0, 0, "文件有问题", str(error))
    if size is None:
        return Row(card.name, 0, 0, "卡片没有写明大小,下载后可知", files)
    free = max(one.free for one in machine.gpus) if machine.gpus else machine.available - fitting.BASE
    device: fitting.Device = "gpu" if machine.gpus else "cpu"
    try:
        whole = fitting.need(card, size, device)
    except settings.BadSettings:
        return Row(card.name, sizing.weights(size), 0, "卡片没有写明缓存(cache_bytes)", files)
    if whole.one <= free:
        return Row(card.name, whole.weights, whole.cache, "装得下", files)
    for kind in get_args(sizing.Quantised):
        if fitting.need(card, size, device, quantised=kind).one <= free:
            return Row(card.name, whole.weights, whole.cache, f"{kind} 装得下", files)
    return Row(card.name, whole.weights, whole.cache, "装不下", files)
