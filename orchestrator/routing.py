"""The dispatcher's decision for a text, without carrying it out: route, field, plan, and the model for each task."""

from orchestrator import dispatch, planning, selection, signals
from orchestrator.contracts import Choice, Route, Routing
from orchestrator.domains import OTHER
from orchestrator.services import Services
from orchestrator.steps import plan

RULED: dict[Route, str] = {
    "article_lookup": "消息只指名法条,按规则直接查条文",
    "emergency": "按规则识别为紧急情况",
    "refuse": "按规则识别为不能协助的请求",
}


async def route(services: Services, text: str, history: list[str], mode: str) -> Routing:
    """What would be done with `text`, and why. Only the planner itself is asked."""
    ruled = by_rule(text)
    chosen: Route
    if ruled == "smalltalk":
        chosen, domain, confidence, reason, tasks = ruled, OTHER, 1.0, "按规则识别,不经模型", None
    else:
        proposal = await plan.propose(services, text, history)
        chosen, domain, confidence, tasks = proposal.route, proposal.domain, proposal.confidence, proposal.tasks
        reason = f"{proposal.trace[0]['model'] or '默认计划'}:{proposal.trace[0]['note']}"
        if ruled is not None:
            chosen, reason, tasks = ruled, RULED[ruled], None
    made = planning.repaired(chosen, domain, mode, tasks)
    choices: list[Choice] = []
    for task in made.tasks:
        ability = dispatch.ability_of(task.task)
        if ability is not None:
            choices.append(selection.choose(services, task.task, ability, domain))
    return Routing(
        route=chosen, domain=domain, confidence=round(confidence, 4), reason=reason, plan=made, choices=tuple(choices)
    )


def by_rule(text: str) -> Route | None:
    """The route that a rule decides before any model is asked, None when none does."""
    if signals.danger(text) is not None:
        return "emergency"
    if signals.wrongdoing(text):
        return "refuse"
    if signals.courtesy(text):
        return "smalltalk"
    return "article_lookup" if signals.bare_citation(text) else None
