"""What to ask back: the facts that a lawyer would want in such a matter, as far as nothing was said of them.

A cause lists them in its own order (`asks`); besides, a fact is asked about that keeps a finding of great weight open.
Nothing is asked whose answer could change nothing any more, and nothing that the client has already dealt with.
"""

from collections.abc import Mapping, Sequence

from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Domain, Element
from orchestrator.reasoning import Decision, to_ask_now
from orchestrator.wording import pattern, plain

PRESSING = 7  # the weight from which an open finding is asked about in a cause that has a list of its own


# A first message of this length that leaves open no more than this share of what its causes list is told in full:
# what is still open is said as 如果…则…, which costs the client less than being asked.
TOLD_IN_FULL, LEFT_OPEN = 180, 0.25


def questions(
    domain: Domain,
    causes: Sequence[Cause],
    decision: Decision,
    facts: Mapping[str, Fact],
    story: str,
    *,
    opening: bool = False,
) -> list[Element]:
    """The elements worth a question now, the most decisive first. `opening`: the story is the first message alone."""
    leading = {undecided[0] for _, _, undecided in decision.open_}
    conditioned = {condition.element for cause in causes for finding in cause.findings for condition in finding.when}
    listed = [
        id
        for cause in causes
        for id in cause.asks
        # What no finding hangs on (a sum, a day, a piece of evidence) is always of use.
        if id not in facts and (id in leading or id not in conditioned)
    ]
    own = {cause.id for cause in causes if cause.asks}
    pressing = {
        undecided[0]
        for cause, finding, undecided in decision.open_
        if finding.weight >= PRESSING or cause.id not in own
    }
    others = [element.id for element in to_ask_now(domain, decision, facts) if element.id in pressing]
    wanted = [domain.element(id) for id in dict.fromkeys([*listed, *others])]
    said = plain(story)
    left = [element for element in wanted if not any(pattern(words).search(said) for words in element.topic)]
    asks = {id for cause in causes for id in cause.asks}
    enough = opening and len(story) >= TOLD_IN_FULL and len(left) <= LEFT_OPEN * len(asks)
    return [] if enough else left
