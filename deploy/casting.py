"""Which model fills which role, and where it is deployed: the profile's own, or the checkpoint that a role points at.

A role stands for abilities. Its model is chosen before all others that have them; those stand in when it fails.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deploy.settings import TEST_DOUBLES, BadSettings, ModelDeployment, Role, Settings, secret
from models import registry
from models.contracts import ABILITIES, NEEDED, Ability, BadCard, ModelCard

DOES: dict[Role, tuple[Ability, ...]] = {
    "dialogue": ("dialogue", "facts"),
    "keyword": ("keywords",),
    "planner": ("plan",),
    "article": ("articles",),
}
LOCAL = "transformers_local"
CACHE = 2**30  # bytes of cache, where neither the card nor the model that it replaces states them
_HUB = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_NAME = re.compile(r"[^a-z0-9]+")
_PATH = re.compile(r"[A-Za-z][\w.-]{0,59}", re.ASCII)  # names that stand in a URL

Cards = Mapping[str, ModelCard]


def parsed(given: Sequence[str]) -> dict[str, str]:
    """`ROLE=CHECKPOINT` of a command line as settings have them. Raises BadSettings."""
    found: dict[str, str] = {}
    for one in given:
        role, _, target = one.partition("=")
        if role not in DOES or not target:
            raise BadSettings(f"--model {one}: give ROLE=CHECKPOINT, where ROLE is one of {', '.join(DOES)}")
        if role in found:
            raise BadSettings(f"--model: the role {role} is given twice")
        found[role] = target
    return found


def cast(settings: Settings) -> tuple[tuple[ModelDeployment, ...], dict[str, ModelCard]]:
    """The model deployments of the settings, every role filled, and the cards that they host, options overridden.

    Raises BadSettings for what cannot be.
    """
    try:
        known = registry.cards([Path(folder) for folder in settings.card_folders])
    except BadCard as error:
        raise BadSettings(str(error)) from error
    deployments, filled = _filled(settings, known)
    cards = {name: with_secrets(card) for name, card in filled.items()}
    if heavy := [name for one in deployments if one.inside for name in one.cards if cards[name].backend == LOCAL]:
        raise BadSettings(f"models that compute here cannot be inside the ingress: {heavy}; leave out `inside`")
    if doubles := [card.name for card in cards.values() if card.backend in TEST_DOUBLES and settings.shipped]:
        raise BadSettings(f"test doubles cannot serve clients: {doubles}; they need `shipped: false`")
    able = {ability for card in cards.values() for ability in card.abilities}
    if missing := set(NEEDED) - able:
        raise BadSettings(f"no deployed model is able to do: {sorted(missing)}")
    return deployments, cards


def chosen_cards(settings: Settings) -> dict[str, ModelCard]:
    """The cards of `cast` alone."""
    return cast(settings)[1]


def joining(
    settings: Settings, card: str | Mapping[str, Any], scaling: Mapping[str, Any]
) -> tuple[ModelDeployment, ModelCard]:
    """The deployment and the card of a model that is to join a running server; `card` is a card's name or a whole card,
    `scaling` what differs from a usual deployment. Options with secrets are not filled in yet.

    The rules are those of `cast`. Raises BadSettings, BadCard.
    """
    known = registry.cards([Path(folder) for folder in settings.card_folders])
    if isinstance(card, str):
        if card not in known:
            raise BadSettings(f"没有名为 {card[:60]} 的模型卡;现有:{'、'.join(sorted(known))}")
        found = known[card]
    else:
        found = registry.parsed(card, "card")
    if found.backend in TEST_DOUBLES and settings.shipped:
        raise BadSettings(f"{found.name} 是测试替身,不能为客户服务;只有 shipped: false 的配置可以使用")
    if "api_key" in found.options:
        raise BadSettings("模型卡里不写密钥本身:options.api_key_env 写明服务器上哪个环境变量里有密钥")
    if _PATH.fullmatch(found.name) is None:
        raise BadSettings(
            f"模型的名称 {found.name[:60]!r} 只能有字母、数字、点、横线和下划线,以字母开头,至多 60 个字符"
        )
    name = _NAME.sub("-", found.name.lower()).strip("-")
    try:
        usual = {"cpus": 1, "ongoing": 8, "queued": 16} if found.backend == LOCAL else {}
        place = ModelDeployment.model_validate({**usual, **scaling, "name": name, "cards": (found.name,)})
    except ValidationError as error:
        raise BadSettings(registry.complaint(error)) from error
    host = _host(found, place, {**known, found.name: found}, set())
    return host, _deployed(found.name, host, {found.name: found})


def _filled(settings: Settings, known: Cards) -> tuple[tuple[ModelDeployment, ...], dict[str, ModelCard]]:
    """A role that points elsewhere leaves its deployment; one that has no role left is dropped, and its place and share
    of the machine go to the new model, if that computes here; else the ingress hosts it. `known` are all cards by name.
    """
    places = {role: one for one in settings.models for role in one.roles}
    targets = _targets(settings, known)
    known = {**known, **{card.name: card for card in targets.values()}}
    held: dict[str, list[Role]] = {}
    for role in DOES:
        if role in targets or role in places:
            name = targets[role].name if role in targets else places[role].cards[0]
            held.setdefault(name, []).append(role)
    deployments = [one for one in settings.models if not one.roles or one.cards[0] in held]
    for role, card in targets.items():
        if not any(card.name in one.cards for one in deployments):
            inside = ModelDeployment(name=_NAME.sub("-", card.name), cards=(card.name,), inside=True)
            place = places.get(role) if card.backend == LOCAL else inside
            deployments.append(_host(card, place, known, {one.name for one in deployments}))
    cards = {name: _deployed(name, one, known) for one in deployments for name in one.cards}
    top = 1 + max(card.rank for card in cards.values())
    return tuple(deployments), cards | {name: _first(cards[name], roles, top) for name, roles in held.items()}


def _targets(settings: Settings, known: Cards) -> dict[Role, ModelCard]:
    """The card that each role of the settings points at."""
    found = {role: _card(role, settings.roles[role], known) for role in DOES if role in settings.roles}
    named: dict[str, ModelCard] = {}
    for role, card in found.items():
        if named.setdefault(card.name, card) != card:
            raise BadSettings(f"roles.{role}: another role already has a model {card.name}, with other weights")
    return found


def _card(role: Role, value: str, known: Cards) -> ModelCard:
    """The card of NAME, of NAME@CHECKPOINT (its format and options, other weights), or of a bare CHECKPOINT."""
    if value in known:
        return known[value]
    name, _, weights = value.partition("@")
    if weights and name in known:
        if known[name].backend != LOCAL:
            raise BadSettings(f"roles.{role}: the card {name} loads no weights, so that they cannot be elsewhere")
        return _with(known[name], {"model": _checkpoint(role, weights, known)})
    target = _checkpoint(role, value, known)
    for card in known.values():
        if card.backend == LOCAL and card.options.get("model") == target:
            return card
    made = _NAME.sub("-", Path(target).name.lower()).strip("-")
    return ModelCard(
        name=f"local-{made}" if made in known or not made[:1].isalpha() else made,
        label=f"{Path(target).name}(本机运行)",
        backend=LOCAL,
        abilities=ABILITIES,
        # A reasoning model would show its thoughts to clients; the templates of other models ignore the value.
        options={"model": target, "template": {"enable_thinking": False}},
    )


def _checkpoint(role: Role, value: str, known: Cards) -> str:
    """The absolute path of a folder, or a name on the hub."""
    folder = Path(value).expanduser()
    if folder.is_dir():
        return os.path.abspath(folder)
    if value.startswith((".", "/", "~")):
        fetch = f"hf download ORG/NAME --local-dir {value}"
        raise BadSettings(f"roles.{role}: there is no folder {value}; `{fetch}` makes one of a model on the hub")
    if _HUB.fullmatch(value) is None:
        names = ", ".join(sorted(known))
        raise BadSettings(f"roles.{role}: {value!r} is no card ({names}), no folder, and no name on the hub (ORG/NAME)")
    return value


def _host(card: ModelCard, place: ModelDeployment | None, known: Cards, taken: set[str]) -> ModelDeployment:
    """A deployment for the card: in the place of the model that had its role, or of its own where none had it."""
    own = _NAME.sub("-", card.name)
    if place is not None and place.inside and card.backend == LOCAL:
        place = None  # what computes here has replicas of its own
    host = place or ModelDeployment(name=own, cards=(card.name,), cpus=1, ongoing=8, queued=16)
    options: dict[str, Any] = {}
    if card.backend == LOCAL:
        before = _deployed(place.cards[0], place, known).options if place else {}
        # No more at once than are let in: the cache need not be larger than these can fill.
        options = {"cache_bytes": before.get("cache_bytes", CACHE), "queue": host.ongoing} | card.options
    name = own if host.name in taken else host.name
    update = {
        "name": f"{name}-model" if name in taken else name,
        "roles": (),
        "cards": (card.name,),
        "options": {card.name: options} if options else {},
    }
    return host.model_copy(update=update)


def _deployed(name: str, deployment: ModelDeployment, known: Cards) -> ModelCard:
    """The card with the deployment's options. One without a share of a GPU must not take what happens to be there."""
    if name not in known:
        raise BadSettings(f"models.{deployment.name}: no card {name!r}; known: {', '.join(sorted(known))}")
    card = known[name]
    options = {**card.options, **deployment.options.get(name, {})}
    return _with(card, {"device": "cpu", **options} if card.backend == LOCAL and not deployment.gpus else options)


def _first(card: ModelCard, roles: Sequence[Role], rank: int) -> ModelCard:
    """The card with the abilities of its roles and no others, before all other cards."""
    if lacking := [role for role in roles if DOES[role][0] not in card.abilities]:
        raise BadSettings(f"roles.{lacking[0]}: the card {card.name} is only able to do {', '.join(card.abilities)}")
    wanted = {ability for role in roles for ability in DOES[role]}
    return card.model_copy(update={"abilities": tuple(one for one in card.abilities if one in wanted), "rank": rank})


def _with(card: ModelCard, options: Mapping[str, Any]) -> ModelCard:
    return card.model_copy(update={"options": {**card.options, **options}})


def with_secrets(card: ModelCard) -> ModelCard:
    """The card with the key that its `api_key_env` names. Raises BadSettings when the variable is not set."""
    options = dict(card.options)
    if name := options.pop("api_key_env", None):
        options["api_key"] = secret(name)
    return card.model_copy(update={"options": options})
