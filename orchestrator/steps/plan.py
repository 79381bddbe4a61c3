"""Plan (HuggingGPT stage 1): the planner model reads message and history; its route and field fill a typed plan."""

import time
from dataclasses import dataclass
from typing import get_args

from models.contracts import GenerationRequest, Message, ModelError
from models.schemas import plan_schema, read_plan
from orchestrator import computing, dispatch, documents, fields, planning, reasoning, signals
from orchestrator.contracts import ROUTES, Route
from orchestrator.domains import NAMES, OTHER, packs
from orchestrator.services import Services
from orchestrator.state import Json, State, no_matter
from orchestrator.steps.common import Run, emit, entry, message_of
from retrievers.contracts import RetrievalError

FOLLOW_UP = 15  # characters; a message as short as that may lean on the one before it
LOOKUP_LENGTH = 30  # characters; longer messages that name an article tell a story


async def run(state: State, runtime: Run) -> State:
    """Route, field and plan of the message; a planner that fails is replaced by the default consultation plan."""
    text = message_of(state).content or ""
    history = state.get("history", [text])
    proposal = await propose(runtime.context, text, history[:-1])
    route, domain, confidence = proposal.route, proposal.domain, proposal.confidence
    if state.get("opinion") and route == "consult" and not _names_other_matter(state, text, domain, confidence):
        domain = state["domain"]
    if route == "calculate" and state.get("opinion") and computing.asked_for(text, domain) is None:
        route = "consult"  # figures told after an answer belong to the matter
    made = planning.repaired(route, domain, state.get("mode", "professional"), proposal.tasks)
    emit(runtime, "plan", route=route, domain=domain, tasks=[task.model_dump(mode="json") for task in made.tasks])
    kept: State = {"route": route, "domain": domain, "confidence": confidence, "plan": made.model_dump(mode="json")}
    if route != "consult" and state.get("domain"):
        # A paper is made of the matter at hand, whatever field its name suggests.
        kept["domain"] = state["domain"] if domain == OTHER or route == "draft_document" else domain
    if route == "consult" and state.get("domain") not in (None, "", domain):
        kept |= no_matter()  # another field is another matter
    kept["trace"] = proposal.trace + ([entry("plan", ";".join(made.repaired))] if made.repaired else [])
    kept["degraded"] = ["plan"] if proposal.failed else []
    return kept


def leads_to(state: State) -> str:
    """The branch of the graph that serves the route."""
    route = state["route"]
    if route == "consult":
        return "understand"
    if route == "article_lookup":
        return "lookup"
    if route in ("draft_document", "calculate"):
        return "draft" if route == "draft_document" else "calculate"
    return "search" if route in ("article_search", "case_search") else "courtesy"


@dataclass(frozen=True)
class Proposal:
    """What the planner makes of a message: `tasks` is its own plan, unchecked, or None. `failed`: it gave nothing."""

    route: Route
    domain: str
    confidence: float
    trace: list[Json]
    tasks: tuple[Json, ...] | None = None
    failed: bool = False


async def propose(services: Services, text: str, history: list[str]) -> Proposal:
    """The planner's proposal for a message with its history, corrected by the rules."""
    started = time.perf_counter()
    if signals.new_matter(text):
        history = []
    messages = tuple(Message(role="user", content=one) for one in (*history, text))
    schema = plan_schema(dict(ROUTES.items()), (*NAMES, OTHER))
    request = GenerationRequest(task="plan", messages=messages, schema_=schema)
    try:
        read, made = await dispatch.ask(services, request, OTHER, read_plan)
    except ModelError as error:
        named = _named(text)
        domain = named[0] if len(named) == 1 else OTHER
        note = entry("plan", f"规划模型失败({error.code}),改用默认咨询计划", started, error=str(error))
        return Proposal("consult", domain, 0.0, [note], failed=True)
    route: Route = "consult"
    if read.route in get_args(Route):
        route = read.route  # type: ignore[assignment]
    domain, confidence, notes = read.field if read.field in NAMES else OTHER, 1.0, list[Json]()
    if read.field_scores:
        before = history[-1] if history and len(text) <= FOLLOW_UP else ""
        judged = fields.judged(read.field_scores, text, before)
        weighed, notes = await _searched(services, judged, text)
        domain, confidence = next(iter(weighed.items()))
        domain = domain if domain in NAMES else OTHER
    probability = read.route_scores.get(read.route, 1.0)
    if not signals.believable(route, text, probability) or _is_story(route, text):
        route = "consult"
    route = _asked(text, domain, read.route, probability) or route
    details = {"route_scores": read.route_scores, "field_scores": read.field_scores}
    trace = made.model_copy(update={"details": {**made.details, **details}}).model_dump(mode="json")
    # A plan made for another route than the one taken says nothing about it.
    tasks = read.tasks if route == read.route else None
    return Proposal(route, domain, confidence, [trace, *notes], tasks)


async def _searched(services: Services, judged: dict[str, float], text: str) -> tuple[dict[str, float], list[Json]]:
    """The fields as the articles found for the text weigh them, where the planner is not sure; else as they are.

    Without the library the planner's word stands, and the trace says so.
    """
    first = next(iter(judged))
    if judged[first] >= fields.SURE or first == OTHER:
        return judged, []
    try:
        found = await fields.searched(services.library, judged, text)
    except RetrievalError as error:
        return judged, [entry("plan", "检索不可用,领域只按规划模型和用词判断", error=str(error))]
    return found, []


def _asked(text: str, domain: str, planned: str, probability: float) -> Route | None:
    """A paper or a sum that the message asks for by name, of those that can be made; None when it asks for neither."""
    if planned == "refuse":
        return None
    if signals.asks_draft(text) and documents.named(text) is not None:
        return "draft_document"
    sure = signals.asks_sum(text) or (planned == "calculate" and probability >= signals.CERTAIN)
    return "calculate" if sure and computing.asked_for(text, domain) is not None else None


def _named(text: str) -> list[str]:
    """The fields of which the text names a cause outright."""
    return [domain.name for domain in packs().values() if any(reasoning.named(cause, text) for cause in domain.causes)]


def _is_story(route: Route, text: str) -> bool:
    """Whether the text tells a trouble, whatever words made the planner think otherwise."""
    if route == "article_lookup":
        return len(text) > LOOKUP_LENGTH and not signals.bare_citation(text) and not signals.asks_text(text)
    if route in ("smalltalk", "out_of_scope"):
        return bool(_named(text))
    if route != "calculate" or "算" in text or not _named(text):
        return False
    return len(text) > LOOKUP_LENGTH or computing.asked_for(text) is None


def _names_other_matter(state: State, text: str, domain: str, confidence: float) -> bool:
    """After an answer, another field counts only if the planner is sure of it or its cause is named outright."""
    return domain != state.get("domain") and domain != OTHER and (confidence >= 0.7 or _named(text) == [domain])
