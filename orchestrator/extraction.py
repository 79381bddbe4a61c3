"""Facts read by a language model, checked by rule: every fact must be backed by words of the client.

A model that is able to read facts is asked for those of the field, bound by a grammar; what it says counts only where
the quoted words stand in the message and hold the value, and where the rules (orchestrator/facts.py) read nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.contracts import GenerationRequest, Message
from models.schemas import FactReply, facts_schema, read_facts
from orchestrator import dispatch, quantities, selection
from orchestrator.contracts import Fact, TraceEntry
from orchestrator.domains.pack import Element
from orchestrator.facts import extract, read_reply
from orchestrator.services import Services
from orchestrator.wording import plain

SHORTEST_QUOTE = 3  # characters; shorter words bear out anything


@dataclass(frozen=True)
class Read:
    """What the model read: `facts` that passed the check, by element id, and the trace of the rest."""

    facts: Mapping[str, Fact]
    entry: TraceEntry | None = None


async def by_model(
    services: Services,
    elements: Sequence[Element],
    text: str,
    history: Iterable[str],
    known: Mapping[str, Fact],
    domain: str,
) -> Read:
    """The facts of the message as a model reads them; none where no deployed model is able to.

    `known` are those that the rules read in the same message: they stand, a differing one is only traced.
    Raises ModelError.
    """
    if not elements or not selection.able(services, "facts", domain):
        return Read({})
    schema = facts_schema(
        {one.id: (f"{one.label}：{one.question}", [choice.value for choice in one.choices]) for one in elements}
    )
    messages = tuple(Message(role="user", content=said) for said in (*history, text))
    request = GenerationRequest(task="facts", messages=messages, schema_=schema)
    rows, made = await dispatch.ask(services, request, domain, read_facts)
    by_id = {one.id: one for one in elements}
    facts: dict[str, Fact] = {}
    refused: list[str] = []
    for row in rows:
        fact = _checked(by_id.get(row.id), row, text, services.today())
        if row.id in known and (fact is None or known[row.id].value != fact.value):
            refused.append(f"{row.id}:{row.value}（规则读作{known[row.id].value}）")
        elif fact is None:
            refused.append(f"{row.id}:{row.value}（引文或数值不在原话中）")
        else:
            facts[row.id] = fact
    note = f"{made.note};读出{len(facts)}项,未采用{len(refused)}项"
    details = {**made.details, "refused": refused}
    return Read(facts, made.model_copy(update={"note": note, "details": details}))


def _checked(element: Element | None, row: FactReply, text: str, today: date) -> Fact | None:
    """The fact, if the quotation stands in the text and says no other value; for a quantity, if it holds the value."""
    quote = plain(row.quote).strip()
    if element is None or quote not in plain(text):
        return None
    if element.kind == "choice":
        if row.value not in _values(element) or len(quote) < SHORTEST_QUOTE:
            return None
        read = extract([element], quote, today).get(element.id)
        return read_reply(element, row.value, today, "story") if read is None or read.value == row.value else None
    fact = read_reply(element, row.value, today, "story")
    if fact is None or fact.unclear:
        return None
    said = {quantity.value for quantity in quantities.find(element.kind, plain(row.quote), today)}
    return fact if (fact.iso if fact.iso is not None else fact.number) in said else None


def _values(element: Element) -> set[str]:
    return {choice.value for choice in element.choices}
