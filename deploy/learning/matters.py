"""A client's story as a consultation would read it: causes, facts, and what follows from them."""

from dataclasses import dataclass

from orchestrator import reading, recognition
from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Domain
from orchestrator.facts import extract
from orchestrator.reasoning import Decision, decide
from orchestrator.recognition import Spoken
from orchestrator.services import Services


@dataclass(frozen=True)
class Matter:
    """`facts` by element id, of the causes' elements; `votes` as in `recognition.Recognised`."""

    story: Spoken
    causes: list[Cause]
    facts: dict[str, Fact]
    decision: Decision
    votes: dict[str, float]


async def read(services: Services, pack: Domain, story: str) -> Matter:
    """What the story alone says. Raises RetrievalError."""
    spoken = Spoken(pack, story)
    found = await recognition.causes(services.library, spoken, None)
    causes = [cause for id in found.ids for cause in pack.causes if cause.id == id]
    active = {id for cause in causes for id in cause.elements}
    today = services.today()
    tells = reading.reading(causes, spoken, spoken, found.votes)
    facts = tells.believed({id: fact for id, fact in extract(pack.elements, story, today).items() if id in active})
    facts |= tells.further(facts)
    return Matter(spoken, causes, facts, decide(causes, facts, today), found.votes)
