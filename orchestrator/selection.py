"""Which model serves a task: the candidates from the cards, best first, each with the reason for its place.

HuggingGPT (section 3.2) lets an LLM choose from model descriptions; here the same facts (ability, field, health,
queue, cost) and the operator's policy are weighed by a rule that can be explained and costs nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.contracts import Ability, GenerationRequest, ModelCard
from orchestrator import traffic
from orchestrator.contracts import Choice, ConsultationError
from orchestrator.services import Services
from orchestrator.tracking import Load

UNKNOWN_S = 1.0  # taken for the latency of a model that has not answered yet
BUSY_S = 0.5  # a model whose queue takes this much longer than that of an equal one comes after it
PROMPT_TOKENS = 400  # what a task's prompt adds to the client's words, about


class NoModel(ConsultationError):
    """No deployed model is able to do the task."""

    code = "no_model"


@dataclass(frozen=True)
class Candidate:
    """A model that is able to do the task. From `broken` on the fields are compared in their order, less is better."""

    card: ModelCard
    load: Load
    broken: bool
    too_small: bool
    unpinned: bool
    trial: int  # 0: a canary for this session; 1: none; 2: a canary for others
    link: int  # place in the operator's chain
    general: bool
    rank: int  # negative
    wait: float = 0.0  # seconds until a new request's turn, as far as one replica can tell

    @property
    def group(self) -> tuple[bool, bool, bool, int, int, bool, int]:
        """Candidates with the same one are equals, among which wait, weight and cost decide."""
        return self.broken, self.too_small, self.unpinned, self.trial, self.link, self.general, self.rank


@dataclass(frozen=True)
class Ranking:
    """The candidates in the order in which they are tried, and why others that could do it are left out."""

    ability: Ability
    candidates: tuple[Candidate, ...]
    reason: str
    others: dict[str, str]
    resting: dict[str, str] = field(default_factory=dict)  # left out by their breaker: the reason of its last failure

    @property
    def names(self) -> list[str]:
        """The models in their order."""
        return [one.card.name for one in self.candidates]

    def choice(self, task: str) -> Choice:
        """The ranking as the API tells it."""
        first, *rest = self.names
        return Choice(task=task, model=first, reason=self.reason, fallbacks=tuple(rest), others=self.others)


def able(services: Services, ability: Ability, domain: str) -> list[str]:
    """The models that would be tried, in their order; none when there are none."""
    try:
        return ranked(services, ability, domain).names
    except NoModel:
        return []


def choose(services: Services, task: str, ability: Ability, domain: str) -> Choice:
    """The choice for the task with its reasons. Raises NoModel when no model is able."""
    return ranked(services, ability, domain).choice(task)


def ranked(
    services: Services, ability: Ability, domain: str, only: Sequence[str] | None = None, tokens: int = 0
) -> Ranking:
    """The models for a request of about `tokens`, among those that `only` names. Raises NoModel when none is able.

    Before all others come those whose breaker is closed (or wants a probe), into which the request fits. Then counts
    what the operator says: pin, canary, chain; then the card: made for the field before generalists, higher rank. Among
    equals one with a short queue goes first, then who has the turn by weight, then lower cost.
    """
    policy = services.models.watch.traffic
    cards = [
        card
        for card in services.models.cards()
        if ability in card.abilities
        and (not card.fields or domain in card.fields)
        and (only is None or card.name in only)
    ]
    drained = {card.name: "已停用,不接新请求" for card in cards if card.name in policy.drained}
    cards = [card for card in cards if card.name not in drained]
    if not cards:
        told = f"(已停用:{'、'.join(sorted(drained))})" if drained else ""
        raise NoModel(f"没有部署能够完成「{ability}」任务的模型{told}。")
    found = _candidates(services, ability, domain, cards, tokens)
    working = [one for one in found if not one.broken]
    # One that keeps failing is left alone, unless there is no other.
    resting = {one.card.name: one.load.reason for one in found if one.broken} if working else {}
    ordered = _ordered(services, working or found)
    first, *rest = ordered
    others = {one.card.name: _behind(first, one, services) for one in rest} | drained
    others |= {one.card.name: f"断路器断开,不参与:{_breaker(one.load)}" for one in found if one.card.name in resting}
    reason = _reason(first, ordered, services, ability, domain)
    return Ranking(ability, tuple(ordered), reason, others, resting)


def size(request: GenerationRequest) -> int:
    """About how many tokens the request takes with its answer; one for each Chinese character, fewer for other text."""
    texts = [message.content for message in request.messages]
    if request.plan is not None:
        texts.append(request.plan.model_dump_json(exclude_defaults=True))
    wide = sum(sum(character > "\u2e80" for character in text) for text in texts)
    narrow = sum(map(len, texts)) - wide
    return wide + narrow // 3 + PROMPT_TOKENS


def context(card: ModelCard) -> float:
    """The most tokens that the model takes, as far as its card says."""
    stated = card.options.get("context")
    if isinstance(stated, int):
        return stated
    return card.size.context if card.size is not None else math.inf


def _candidates(
    services: Services, ability: Ability, domain: str, cards: Sequence[ModelCard], tokens: int
) -> list[Candidate]:
    policy, seed = services.models.watch.traffic, services.seed
    pin = policy.pinned(ability, domain, services.key)
    chain = policy.chains.get(ability, ())
    # Who is weighed against another is its equal, whatever the cards say.
    top = max((card.rank for card in cards if card.name in policy.weights), default=0)
    found = []
    for card in cards:
        load = services.models.load(card.name)
        canary = policy.canary(card.name)
        found.append(
            Candidate(
                card=card,
                load=load,
                broken=not load.able,
                too_small=tokens > context(card),
                unpinned=pin is None or pin.model != card.name,
                trial=1 if canary is None else 0 if traffic.hit(canary, seed) else 2,
                link=chain.index(card.name) if card.name in chain else len(chain),
                general=not card.fields,
                rank=-(top if card.name in policy.weights else card.rank),
                wait=load.ongoing * (UNKNOWN_S if load.total_s is None else load.total_s),
            )
        )
    return found


def _ordered(services: Services, found: Sequence[Candidate]) -> list[Candidate]:
    weights, seed = services.models.watch.traffic.weights, services.seed
    least: dict[object, float] = {}
    weighed = set()
    for one in found:
        least[one.group] = min(one.wait, least.get(one.group, math.inf))
        if one.card.name in weights:
            weighed.add(one.group)

    def order(one: Candidate) -> tuple[object, ...]:
        name = one.card.name
        busy = one.wait > least[one.group] + BUSY_S
        turn = traffic.turn_of(seed, name, weights.get(name, 1.0)) if one.group in weighed else 0.0
        # Without a session or request to go by, equals come in the order of their names.
        return (*one.group, busy, turn, one.card.cost, traffic.draw(seed, name) if seed else 0.0, name)

    return sorted(found, key=order)


def _reason(one: Candidate, ordered: Sequence[Candidate], services: Services, ability: Ability, domain: str) -> str:
    card, load, policy = one.card, one.load, services.models.watch.traffic
    said = [f"具备{ability}能力", f"专长于{domain}" if card.fields else "通用"]
    if one.broken:
        said.append(f"断路器断开({_breaker(load)}),但没有更好的候选")
    elif load.breaker == "half_open":
        said.append(f"断路器半开,以这次请求试探(此前:{load.reason})")
    else:
        said.append("健康")
    if not one.unpinned:
        pin = policy.pinned(ability, domain, services.key)
        assert pin is not None
        where = "、".join(part for part in (pin.field, f"密钥{pin.key}" if pin.key else "") if part)
        said.append(f"运营方指定{f'({where})' if where else ''}")
    canary = policy.canary(card.name)
    if canary is not None:
        said.append(f"灰度{canary.percent:g}%{'命中' if one.trial == 0 else '未命中,但没有更好的候选'}")
    chain = policy.chains.get(ability, ())
    if card.name in chain:
        said.append(f"运营方排定的第{one.link + 1}位")
    if card.name in policy.weights and sum(other.group == one.group for other in ordered) > 1:
        said.append(f"按权重{policy.weights[card.name]:g}轮到")
    if one.too_small:
        said.append("请求可能超出上下文长度,但没有更好的候选")
    said += [f"排队{load.ongoing}", f"相对成本{card.cost:g}", f"级别{card.rank}"]
    return f"{','.join(said)};候选共{len(ordered)}个"


def _behind(first: Candidate, one: Candidate, services: Services) -> str:
    """Why `one` does not come before `first`: the first thing in which they differ."""
    weights = services.models.watch.traffic.weights
    if one.broken != first.broken:
        return f"断路器断开:{_breaker(one.load)}"
    if one.too_small != first.too_small:
        return f"上下文只有{context(one.card):g}词元,可能放不下"
    if one.unpinned != first.unpinned:
        return f"运营方指定了{first.card.name}"
    if one.trial != first.trial:
        return "灰度未命中" if one.trial == 2 else f"这个会话属于{first.card.name}的灰度范围"
    if one.link != first.link:
        return "运营方排定的顺序靠后"
    if one.general != first.general:
        return "不是专长于这一领域的模型"
    if one.rank != first.rank:
        return f"级别{one.card.rank},低于{first.card.rank}"
    if one.wait > first.wait + BUSY_S:
        return f"预计等待{one.wait:.1f}秒,更久"
    if {one.card.name, first.card.name} & weights.keys():
        return f"按权重{weights.get(one.card.name, 1.0):g}没有轮到"
    return f"相对成本{one.card.cost:g},更高" if one.card.cost > first.card.cost else "与之相当,没有轮到"


def _breaker(load: Load) -> str:
    return f"{load.reason},约{load.rests:.0f}秒后试探" if load.rests else f"{load.reason},正在试探"
