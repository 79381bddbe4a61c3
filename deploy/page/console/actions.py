"""What an operator can do to the traffic, as data: the call, and in words what it will do."""

from dataclasses import asdict, dataclass
from typing import Any, get_args

from deploy.page.console.texts import Lang, text
from deploy.sdk import AsyncLexhub
from models.contracts import Ability
from orchestrator.traffic import Revision

ACTIONS = ("drain", "resume", "weight", "canary", "pin", "unpin", "rollback")
WITH_MODEL = ("drain", "resume", "weight", "canary", "pin")
WITH_ABILITY = ("pin", "unpin")
WITH_AMOUNT = ("weight", "canary", "rollback")
ABILITIES: tuple[str, ...] = get_args(Ability)
MOST = {"weight": 1_000_000.0, "canary": 100.0, "rollback": 2**31}
LONGEST_WHY = 500


class Incomplete(Exception):
    """The operator has to say more; positional: the key of the words that ask for it."""


@dataclass(frozen=True)
class Change:
    """A change of the policy, to be confirmed: a method of the client's `admin`, its arguments, and words."""

    name: str
    values: dict[str, Any]
    told: str
    why: str

    async def done(self, operator: AsyncLexhub) -> Revision:
        """Do it; the new revision. Raises LexhubError."""
        made: Revision = await getattr(operator.admin, self.name)(**self.values)
        return made

    def plain(self) -> dict[str, Any]:
        """As the page's state keeps it."""
        return asdict(self)


def planned(action: str, model: str, ability: str, amount: float | None, why: str, lang: Lang) -> Change:
    """The change that these inputs mean. Raises Incomplete."""
    why = " ".join(why.split())[:LONGEST_WHY]
    if action in WITH_MODEL and not model:
        raise Incomplete("action.lacks.model")
    if action in WITH_ABILITY and ability not in ABILITIES:
        raise Incomplete("action.lacks.ability")
    if amount is not None and action in WITH_AMOUNT and not 0 <= amount <= MOST[action]:
        raise Incomplete("action.lacks.amount")
    if action == "rollback" and (amount is None or amount != int(amount)):
        raise Incomplete("action.lacks.amount")
    if action not in ACTIONS or not why:
        raise Incomplete("action.lacks.why")
    given = action in WITH_AMOUNT and amount is None
    words = text(
        f"action.ask.{action}.none" if given else f"action.ask.{action}",
        lang,
        model=model,
        ability=text(f"ability.{ability}", lang) if ability else "",
        amount=f"{amount:g}" if amount is not None else "",
    )
    name, values = _call(action, model, ability, amount)
    return Change(name, {**values, "why": why}, words, why)


def _call(action: str, model: str, ability: str, amount: float | None) -> tuple[str, dict[str, Any]]:
    """The client's method, and its arguments."""
    match action:
        case "weight":
            return "weigh", {"name": model, "weight": amount}
        case "canary":
            return "try_out", {"name": model, "percent": amount}
        case "pin":
            return "pin", {"ability": ability, "model": model}
        case "unpin":
            return "unpin", {"ability": ability}
        case "rollback":
            return "roll_back", {"revision": int(amount or 0)}
    return action, {"name": model}
