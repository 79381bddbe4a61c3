"""Whether the language models of a server fit its machine: each states a budget, and the budgets are added up.

Ray counts shares of a GPU and does not limit memory, so this sum is what keeps models from pushing each other out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from deploy.machine import Machine
from deploy.settings import ArticleDeployment, BadSettings, ModelDeployment
from models.contracts import BadCard, ModelCard, ModelUnavailable, Size
from models.local import sizing
from models.local.engine import Options
from models.local.loading import choose_dtype, fetching, locate
from models.registry import complaint

BASE = 3 * 2**30  # bytes of memory that Ray and the embedded models take
GIB = 2**30
Device = Literal["cpu", "gpu"]


class DoesNotFit(BadSettings):
    """The models together need more memory than the machine has free; the message is their table."""

    code = "models_do_not_fit"


@dataclass(frozen=True)
class Need:
    """What one replica of a model takes, in bytes; `tokens` is what its cache holds."""

    name: str
    device: Device
    replicas: int
    weights: int
    cache: int
    tokens: int
    reserve: int

    @property
    def one(self) -> int:
        """Bytes of one replica."""
        return self.weights + self.cache + self.reserve

    @property
    def all(self) -> int:
        """Bytes of all replicas."""
        return self.one * self.replicas

    def __str__(self) -> str:
        parts = f"权重 {self.weights / GIB:.1f} + 缓存 {self.cache / GIB:.1f} + 运行 {self.reserve / GIB:.1f}"
        times = f" × {self.replicas} 个副本" if self.replicas > 1 else ""
        return f"{self.name}({self.device.upper()}): {parts} = {self.one / GIB:.1f} GiB{times}(缓存 {self.tokens} 词元)"


def options(card: ModelCard) -> Options:
    """The options of a card of the local backend. Raises BadCard."""
    try:
        return Options.model_validate(card.options)
    except ValidationError as error:
        raise BadCard(f"{card.name}: {complaint(error)}") from error


def here(card: ModelCard) -> Path | None:
    """The folder of the card's checkpoint, if it is on this machine; asks no hub."""
    wanted = options(card)
    try:
        return locate(wanted.model, wanted.revision, wanted.hub, download=False)
    except ModelUnavailable:
        return None


def command(card: ModelCard) -> str:
    """The command that fetches the card's checkpoint."""
    wanted = options(card)
    return fetching(wanted.model, wanted.revision, wanted.hub)


def need(
    card: ModelCard,
    size: Size,
    device: Device,
    replicas: int = 1,
    quantised: sizing.Quantised | None = None,
) -> Need:
    """What the card's model takes on the device; `quantised` in place of what its card says.

    Raises BadSettings for a model on a GPU without a budget of cache.
    """
    wanted = options(card)
    if quantised is None and wanted.quantisation != "none":
        quantised = wanted.quantisation
    chosen = choose_dtype({"dtype": size.dtype}, wanted.dtype, device)
    dtype = size.dtype if chosen is None else str(chosen).removeprefix("torch.")
    context = min(size.context, wanted.context or size.context)
    if wanted.cache_tokens is not None:
        tokens = wanted.cache_tokens
    elif wanted.cache_bytes is not None:
        # More than all requests together can fill is not made.
        tokens = min(sizing.tokens_within(size, wanted.cache_bytes, dtype), wanted.queue * context)
    elif device == "cpu":
        tokens = min(4 * context, 16384)
    else:
        raise BadSettings(f"{card.name}: a model on a GPU must state its budget of cache: cache_bytes or cache_tokens")
    batch = wanted.batch_tokens or sizing.BATCH_TOKENS[device]
    return Need(
        card.name,
        device,
        replicas,
        sizing.weights(size, dtype, quantised),
        sizing.cache_bytes(size, tokens, dtype),
        tokens,
        sizing.reserve(size, dtype, device, batch, wanted.queue, tokens),
    )


def needs(
    deployments: Sequence[ModelDeployment], cards: Mapping[str, ModelCard], sizes: Mapping[str, Size]
) -> list[Need]:
    """What the models with known `sizes` take, as many replicas as they start with. Raises BadSettings."""
    return [
        need(cards[name], sizes[name], "gpu" if one.gpus else "cpu", one.replicas)
        for one in deployments
        for name in one.cards
        if name in sizes
    ]


def role_needs(article: ArticleDeployment | None) -> list[Need]:
    """What the article role's embedder and reranker take, as far as their files are on this machine."""
    found: list[Need] = []
    if article is None:
        return found
    for part, wanted in (("embedder", article.encoder), ("reranker", article.reranker)):
        if wanted is None:
            continue
        try:
            folder = locate(wanted.model, wanted.revision, wanted.hub, download=False)
        except ModelUnavailable:
            continue
        files = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
        found.append(Need(part, "gpu" if article.gpus else "cpu", article.replicas, files, 0, 0, GIB))
    return found


def require_devices(deployments: Iterable[ModelDeployment], machine: Machine) -> None:
    """Raise DoesNotFit naming the deployments that need a GPU on a machine without one: Ray would wait for ever."""
    if (names := [one.name for one in deployments if one.gpus]) and not machine.gpus:
        raise DoesNotFit(f"models.{', '.join(names)}: needs a GPU, and this machine has none; use the profile cpu")


def require(wanted: Iterable[Need], machine: Machine) -> None:
    """Raise DoesNotFit with the table when the models need more than is free on the GPUs or in memory."""
    rows = list(wanted)
    for device, free in (("gpu", [one.free for one in machine.gpus]), ("cpu", [machine.available - BASE])):
        mine = [one for one in rows if one.device == device]
        total = sum(one.all for one in mine)
        if not mine or (total <= sum(free) and max(one.one for one in mine) <= max(free)):
            continue
        has = " + ".join(f"{max(0, one) / GIB:.1f}" for one in free)
        rest = "" if device == "gpu" else f"(已为其余部分留出 {BASE / GIB:.0f} GiB)"
        table = "\n".join(f"  {one}" for one in mine)
        raise DoesNotFit(
            f"合计 {total / GIB:.1f} GiB,{device.upper()} 可用 {has} GiB{rest}。"
            f"请减小 cache_bytes、换较小的模型或减少副本:\n{table}"
        )
