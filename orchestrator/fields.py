"""Which field of law a message belongs to: the planner's probabilities and the words of the fields' packs, together.

A log-linear model: each pattern of a field's best cause that the message matches multiplies the odds of that field.
Its two weights are fitted by cross-validation over our utterances (`lexhub eval planner`).
"""

import math
from collections.abc import Mapping

from orchestrator.domains import packs
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

STRONG, CUE = 0.75, 0.25  # what one strong pattern, and one cue, adds to the logarithm of the odds
MOST_STRONG, MOST_CUES = 2, 3  # further ones say the same again
MOST = STRONG * MOST_STRONG + CUE * MOST_CUES
LEAST = 1e-4  # probability of a field that the planner does not name


def judged(scores: Mapping[str, float], text: str, before: str = "") -> dict[str, float]:
    """The probability of every field of `scores` and every field with a pack, best first, given the text as well.

    `before` is read in place of a text that has no words of any field (那利息呢).
    """
    logs = {field: math.log(max(score, LEAST)) for field, score in scores.items()}
    first, second = sorted((*logs.values(), math.log(LEAST), math.log(LEAST)), reverse=True)[:2]
    # Where no words could overturn the planner, there is no need to look for them: that is the dear part.
    said = _said(text, before) if first - second < MOST else {}
    for name in packs():
        logs[name] = logs.get(name, math.log(LEAST)) + said.get(name, 0.0)
    best = max(logs.values())
    odds = {field: math.exp(value - best) for field, value in logs.items()}
    total = sum(odds.values())
    return {field: odds[field] / total for field in sorted(odds, key=lambda field: -odds[field])}


def _said(text: str, before: str) -> dict[str, float]:
    found = _evidence(text)
    return found if any(found.values()) or not before else _evidence(before)


def _evidence(text: str) -> dict[str, float]:
    """What the patterns of each field's causes add to its log odds: those of the best cause of each kind."""
    said = plain(text)
    found = {}
    for name, domain in packs().items():
        strong = max(sum(bool(compiled(one).search(said)) for one in cause.strong) for cause in domain.causes)
        cues = max(sum(bool(compiled(one).search(said)) for one in cause.cues) for cause in domain.causes)
        found[name] = STRONG * min(strong, MOST_STRONG) + CUE * min(cues, MOST_CUES)
    return found
