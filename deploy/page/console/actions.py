"""What an operator can do to the traffic, as data: what it can be done to, the call, and in words what it will do."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from deploy.page.console.texts import Lang, text
from deploy.page.console.views.models import pinned, worded
from deploy.page.console.views.parts import when
from deploy.sdk import AsyncLexhub
from models.contracts import Ability
from orchestrator.traffic import Revision, Traffic

# Each with the method of the client's `admin`, and what it takes an amount by.
ACTIONS: Mapping[str, tuple[str, str]] = {
    "drain": ("drain", ""),
    "resume": ("resume", ""),
    "weight": ("weigh", "weight"),
    "canary": ("try_out", "percent"),
    "pin": ("pin", ""),
    "unpin": ("unpin", ""),
    "rollback": ("roll_back", ""),
}
ABILITIES: tuple[str, ...] = get_args(Ability)
MOST = {"weight": 1_000_000.0, "canary": 100.0}
LONGEST_WHY = 500


class Incomplete(Exception):
    """The operator has to say more; the message is in words."""


@dataclass(frozen=True)
class Standing:
    """What a change begins from: the rows of the models, and the revisions of the policy, the newest first."""

    models: Sequence[Mapping[str, Any]]
    revisions: Sequence[Revision]

    @property
    def revision(self) -> Revision:
        """The newest, which every replica follows within a second."""
        return self.revisions[0] if self.revisions else Revision()


@dataclass(frozen=True)
class Option:
    """Something that an action can be done to: as a list shows it, as a sentence names it, the client's arguments.

    `amount` is the one that it has now.
    """

    label: str
    told: str
    values: dict[str, Any]
    amount: float | None = None

    @property
    def value(self) -> str:
        """As the page names it."""
        return json.dumps(self.values, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Change:
    """A change of the policy, to be confirmed: a method of the client's `admin`, its arguments, and words.

    `revision` is the one that it was prepared for.
    """

    name: str
    values: dict[str, Any]
    told: str
    why: str
    revision: int

    async def done(self, operator: AsyncLexhub) -> Revision:
        """Do it; the new revision. Raises LexhubError."""
        made: Revision = await getattr(operator.admin, self.name)(**self.values)
        return made

    def plain(self) -> dict[str, Any]:
        """As the page's state keeps it."""
        return asdict(self)


def options(action: str, standing: Standing, lang: Lang) -> list[Option]:
    """What the action can be done to now."""
    policy, rows = standing.revision.policy, [row for row in standing.models if "label" in row]
    taking = [row["name"] for row in rows if row["name"] not in policy.drained]
    match action:
        case "drain":
            return [_model(name) for name in taking]
        case "resume":
            return [_model(name) for name in policy.drained]
        case "weight":
            return [_model(row["name"], action, row[action], lang) for row in rows]
        case "canary":
            return [_model(row["name"], action, row[action], lang) for row in rows if row["name"] in taking]
        case "pin":
            pairs = [
                (one, row["name"])
                for one in ABILITIES
                for row in rows
                if one in row["abilities"] and row["name"] in taking
            ]
            return [
                Option(f"{told} → {model}", model, {"ability": ability, "model": model})
                for ability, model in pairs
                for told in [text(f"ability.{ability}", lang)]
            ]
        case "unpin":
            return [
                Option(told, told, {"ability": pin.ability, "field": pin.field, "key": pin.key})
                for pin in policy.pins
                for told in [pinned(pin.model_dump(), lang)]
            ]
        case "rollback":
            return [_revision(one, lang) for one in [*standing.revisions, Revision()][1:]]
    return []


def planned(action: str, chosen: str, amount: float | None, why: str, standing: Standing, lang: Lang) -> Change:
    """The change that these inputs mean. Raises Incomplete."""
    why = " ".join(why.split())[:LONGEST_WHY]
    if action not in ACTIONS:
        raise Incomplete(text("action.lacks.action", lang))
    there = options(action, standing, lang)
    if not there:
        raise Incomplete(text(f"action.nothing.{action}", lang))
    option = next((one for one in there if one.value == chosen), None)
    if option is None:
        raise Incomplete(text(f"action.lacks.{sort(action)}", lang))
    name, counted = ACTIONS[action]
    values = {**option.values, "why": why}
    if counted:
        ends = amount is None and option.amount is not None  # there is one to be taken away
        if not ends and (amount is None or not 0 <= amount <= MOST[action]):
            raise Incomplete(text(f"action.lacks.{action}", lang))
        values[counted] = amount
    if action == "drain" and _held(values["name"], standing.revision.policy):
        raise Incomplete(text("action.held", lang, model=values["name"]))
    if not why:
        raise Incomplete(text("action.lacks.why", lang))
    key = f"action.ask.{action}.none" if counted and amount is None else f"action.ask.{action}"
    ability = text(f"ability.{values['ability']}", lang) if "ability" in values else ""
    told = text(key, lang, subject=option.told, ability=ability, amount=f"{amount:g}" if amount is not None else "")
    return Change(name, values, told, why, standing.revision.revision)


def sort(action: str) -> str:
    """What sort of thing the action is done to; names its words."""
    return action if action in ("pin", "unpin", "rollback") else "model"


def _model(name: str, action: str = "", amount: float | None = None, lang: Lang = "zh") -> Option:
    now = f" · {text(f'traffic.{action}', lang, amount=f'{amount:g}')}" if amount is not None else ""
    return Option(name + now, name, {"name": name}, amount)


def _revision(one: Revision, lang: Lang) -> Option:
    number = text("revisions.number", lang, revision=one.revision)
    policy = worded(one.policy.model_dump(mode="json"), lang)
    label = " · ".join([number, when(one.at, lang), one.why or "—"]) if one.revision else f"{number} · {policy}"
    return Option(label, text("revisions.told", lang, number=number, policy=policy), {"revision": one.revision})


def _held(model: str, policy: Traffic) -> bool:
    return policy.canary(model) is not None or any(pin.model == model for pin in policy.pins)
