"""Self-suggestion (ChatLaw, section 4): retrieved passages that do not fit the facts are dropped before answering.

Each verdict has its reason, which goes into the trace. Knows passages and terms, not how they were found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrievers.contracts import Passage

NEAR = 0.55  # a passage scoring less than this share of the best hit is far from the question


@dataclass(frozen=True)
class Suggestion:
    """Whether a passage is used, and why (not)."""

    id: str
    fits: bool
    reason: str


def judge(
    hits: Sequence[tuple[Passage, float]],
    governing: Iterable[str],
    terms: Iterable[str],
    story: str,
) -> list[Suggestion]:
    """One verdict for each hit, in order.

    `governing` are ids that the field's pack names for the recognised causes; `terms` the keywords. A passage fits
    when it is in force and either governs the cause, or is near the best hit and shares words with the matter.
    """
    known = set(governing)
    best = max((score for _, score in hits), default=0.0)
    words = [term for term in terms if len(term) > 1]
    grams = bigrams(story)
    verdicts = []
    for passage, score in hits:
        shared = [word for word in words if word in passage.text]
        if not passage.citable:
            verdicts.append(Suggestion(passage.id, False, f"不是现行有效的条文({passage.status})"))
        elif passage.id in known:
            verdicts.append(Suggestion(passage.id, True, "该案由的主要依据"))
        elif best <= 0 or score < NEAR * best:
            verdicts.append(Suggestion(passage.id, False, "与问题的相关度明显低于其他条文"))
        elif not shared and overlap(grams, bigrams(passage.text)) < 0.06:
            verdicts.append(Suggestion(passage.id, False, "条文内容与所述事实没有共同点"))
        else:
            verdicts.append(
                Suggestion(passage.id, True, f"与事实共有:{'、'.join(shared[:4])}" if shared else "用语相近")
            )
    return verdicts


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring characters of the text."""
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def overlap(one: set[str], other: set[str]) -> float:
    """The share of the smaller set that the other holds."""
    return len(one & other) / max(1, min(len(one), len(other)))


def excerpt(passage: Passage, about: str, most: int = 220) -> str:
    """The part of the passage that speaks about `about`, byte for byte; a digest is given whole.

    Paragraphs are kept together with their items where they fit into `most` characters.
    """
    if passage.kind == "digest" or len(passage.text) <= most:
        return (
            passage.text if "\n" not in passage.text or passage.kind == "digest" else _best(passage.text, about, most)
        )
    return _best(passage.text, about, most)


def _best(text: str, about: str, most: int) -> str:
    if len(text) <= most and text.count("\n") <= 1:
        return text
    wanted = bigrams(about)
    groups: list[str] = []
    for line in text.split("\n"):
        if groups and line.startswith(("(", "（")) and len(groups[-1]) + len(line) < most:
            groups[-1] += "\n" + line
        else:
            groups.append(line)
    best = max(groups, key=lambda group: len(wanted & bigrams(group)))
    if len(best) <= most:
        return best
    sentences = [part + "。" for part in best.split("。") if part]
    chosen = max(sentences, key=lambda part: len(wanted & bigrams(part)))
    return chosen if chosen in best else best[:most]


def by_relevance(texts: Mapping[str, str], question: str) -> list[str]:
    """The keys of `texts`, those that share most with the question first; keys that share nothing are left out."""
    wanted = bigrams(question)
    scored = [(len(wanted & bigrams(text)) / (len(text) ** 0.5 + 1), key) for key, text in texts.items()]
    return [key for score, key in sorted(scored, key=lambda row: -row[0]) if score > 0.15]
