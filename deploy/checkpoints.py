"""The checkpoints of a server, looked at before anything is started: found or fetched, whole, and fitting the machine.

What would otherwise fail in a replica, minutes later and behind Ray's own messages, fails here in one line.
"""

from collections.abc import Callable, Mapping, Sequence

from deploy.casting import LOCAL, cast
from deploy.settings import ArticleDeployment, ModelDeployment, Settings
from models.contracts import ModelCard


def prepare(settings: Settings, tell: Callable[[str], None]) -> None:
    """Find or fetch every local checkpoint of the settings, and check that all of them fit this machine.

    `tell` gets what a user should read meanwhile (Chinese, a line each). Raises BadSettings, DoesNotFit, BadCard, and
    ModelUnavailable with the command that fetches what is not here and cannot be had.
    """
    require(*cast(settings), settings.article, tell)


def require(
    deployments: Sequence[ModelDeployment],
    cards: Mapping[str, ModelCard],
    article: ArticleDeployment | None,
    tell: Callable[[str], None],
) -> None:
    """As `prepare`, for these deployments and cards: all of a server, or those that join it."""
    local = [card for card in cards.values() if card.backend == LOCAL]
    if not local:
        return
    # Only now, since importing them takes seconds that a server without language models does not have to wait.
    from deploy import fitting, machine
    from models.local import sizing
    from models.local.loading import locate

    found = machine.found()
    fitting.require_devices(deployments, found)
    folders = {card.name: fitting.here(card) for card in local}
    # A model that cannot fit is refused before gigabytes of it are fetched.
    stated = {card.name: card.size for card in local if card.size and folders[card.name] is None}
    fitting.require(fitting.needs(deployments, cards, stated), found)
    sizes = {}
    for card in local:
        wanted, folder = fitting.options(card), folders[card.name]
        if folder is None:
            if wanted.download:
                tell(f"{card.name}: 正在下载 {wanted.model} …(中断后可用 `{fitting.command(card)}` 继续)")
            folder = locate(wanted.model, wanted.revision, wanted.hub, wanted.download)
        sizing.require_whole(folder)
        sizes[card.name] = sizing.size(folder)
    needed = [*fitting.needs(deployments, cards, sizes), *fitting.role_needs(article)]
    for row in needed:
        tell(str(row))
    fitting.require(needed, found)


def require_one(deployment: ModelDeployment, card: ModelCard) -> None:
    """As `require`, for a single model."""
    require((deployment,), {card.name: card}, None, lambda told: None)
