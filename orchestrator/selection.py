"""Which model serves a task: the candidates from the cards, best first, each choice with its reason.

HuggingGPT (section 3.2) lets an LLM choose from model descriptions; here the same facts (ability, field, health,
queue, cost) are weighed by a rule that can be explained to the operator and costs nothing.
"""

from collections.abc import Sequence

from models.contracts import Ability, ModelCard
from orchestrator.contracts import Choice, ConsultationError
from orchestrator.services import Load, ModelPool


class NoModel(ConsultationError):
    """No deployed model is able to do the task."""

    code = "no_model"


def candidates(pool: ModelPool, ability: Ability, domain: str) -> list[ModelCard]:
    """The models able to do it, in the order in which they are tried.

    Healthy before unhealthy; those made for the field before generalists; higher `rank`; shorter queue; lower cost.
    """
    able = [card for card in pool.cards() if ability in card.abilities and (not card.fields or domain in card.fields)]

    def order(card: ModelCard) -> tuple[bool, bool, int, int, float, str]:
        load = pool.load(card.name)
        return (not load.healthy, not card.fields, -card.rank, load.ongoing, card.cost, card.name)

    return sorted(able, key=order)


def choose(pool: ModelPool, task: str, ability: Ability, domain: str, only: Sequence[str] | None = None) -> Choice:
    """The choice for the task with its reason, among the models that `only` names. Raises NoModel when none is able."""
    able = [card for card in candidates(pool, ability, domain) if only is None or card.name in only]
    if not able:
        raise NoModel(f"没有部署能够完成「{ability}」任务的模型。")
    first = able[0]
    return Choice(
        task=task,
        model=first.name,
        reason=_reason(first, pool.load(first.name), ability, domain, len(able)),
        fallbacks=tuple(card.name for card in able[1:]),
    )


def _reason(card: ModelCard, load: Load, ability: Ability, domain: str, count: int) -> str:
    fit = f"专长于{domain}" if card.fields else "通用"
    health = "健康" if load.healthy else f"不健康({load.reason}),但没有更好的候选"
    return f"具备{ability}能力,{fit},{health},排队{load.ongoing},相对成本{card.cost:g},级别{card.rank};候选共{count}个"
