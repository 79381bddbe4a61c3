"""Self-suggestion (ChatLaw, section 4): retrieved passages that do not fit the facts are dropped before answering.

Each verdict has its reason, which goes into the trace. Knows passages and terms, not how they were found.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrievers.contracts import Passage

_ITEM = ("(", "（")  # how an item of a list begins
NEAR = 0.2  # a passage less likely than this share of the best hit to govern is far from the question


@dataclass(frozen=True)
class Suggestion:
    """Whether a passage is used, and why (not)."""

    id: str
    fits: bool
    reason: str
    close: bool = False  # it governs the cause, or three terms of the matter stand in it


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
            verdicts.append(Suggestion(passage.id, True, "该案由的主要依据", close=True))
        elif best <= 0 or score < NEAR * best:
            verdicts.append(Suggestion(passage.id, False, "与问题的相关度明显低于其他条文"))
        elif not shared and overlap(grams, bigrams(passage.text)) < 0.06:
            verdicts.append(Suggestion(passage.id, False, "条文内容与所述事实没有共同点"))
        else:
            said = f"与事实共有:{'、'.join(shared[:4])}" if shared else "用语相近"
            verdicts.append(Suggestion(passage.id, True, said, close=len(shared) > 2))
    return verdicts


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring characters of the text."""
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def overlap(one: set[str], other: set[str]) -> float:
    """The share of the smaller set that the other holds."""
    return len(one & other) / max(1, min(len(one), len(other)))


def excerpt(passage: Passage, about: str, most: int = 220) -> str:
    """The part of the passage that speaks about `about`, each line byte for byte; a digest is given whole.

    Paragraphs are kept together with their items where they fit into `most` characters; of a longer list, the line that
    opens it and the items that speak about `about`.
    """
    if passage.kind == "digest" or (len(passage.text) <= most and "\n" not in passage.text):
        return passage.text
    return best_part(_without_other_items(passage.text, about, most), about, most)


def _without_other_items(text: str, about: str, most: int) -> str:
    """The text, of lists longer than `most` only the opening line and the items that speak most about `about`."""
    lists: list[list[str]] = []
    for line in text.split("\n"):
        if lists and line.startswith(_ITEM):
            lists[-1].append(line)
        else:
            lists.append([line])
    return "\n".join(line for rows in lists for line in _shortened(rows, bigrams(about), most))


def _shortened(rows: list[str], wanted: set[str], most: int) -> list[str]:
    opening, items = rows[0], rows[1:]
    if not items or len("\n".join(rows)) < most:
        return rows
    shared = {at: len(wanted & bigrams(item)) for at, item in enumerate(items)}
    kept: list[int] = []
    for at in sorted(shared, key=lambda at: (-shared[at], at)):
        chosen = [opening, *(items[one] for one in [*kept, at])]
        if kept and (2 * shared[at] < max(shared.values()) or len("\n".join(chosen)) >= most):
            break
        kept.append(at)
    return [opening, *(items[at] for at in sorted(kept))]


def best_part(text: str, about: str, most: int) -> str:
    """The lines of `text`, or the sentence of its longest line, that speak about `about`, byte for byte."""
    if len(text) <= most and text.count("\n") <= 1:
        return text
    wanted = bigrams(about)
    groups: list[str] = []
    for line in text.split("\n"):
        if groups and line.startswith(_ITEM) and len(groups[-1]) + len(line) < most:
            groups[-1] += "\n" + line
        else:
            groups.append(line)
    best = max(groups, key=lambda group: len(wanted & bigrams(group)))
    if len(best) <= most:
        return best
    sentences = [part + "。" for part in best.split("。") if part]
    chosen = max(sentences, key=lambda part: len(wanted & bigrams(part)))
    return chosen if chosen in best else best[:most]


# Pairs that any question may hold and that say nothing of its subject.
_EMPTY = frozenset({
    "怎么", "什么", "可以", "多少", "如何", "是否", "能不", "不能", "我们", "他们", "对方", "这个",
    "那个", "这样", "那么", "没有", "需要", "应该", "怎样", "一个", "还是", "如果", "情况", "问题",
    "要求", "时候", "么办", "有没", "是不", "不是", "知道", "请问", "一下", "的话", "现在",
})  # fmt: skip


def telling(text: str) -> set[str]:
    """The pairs of neighbouring characters of the text that say something of its subject."""
    return bigrams(text) - _EMPTY


def by_relevance(texts: Mapping[str, str], question: str) -> list[str]:
    """The keys of `texts`, those that share most with the question first; keys that share nothing are left out.

    What few of the texts hold counts more: the one that speaks of 利息 is meant by 那利息怎么算.
    """
    wanted = telling(question)
    held = {key: wanted & bigrams(text) for key, text in texts.items()}
    spread = Counter(pair for pairs in held.values() for pair in pairs)
    scored = [
        (sum(1 / spread[pair] for pair in pairs) / (len(texts[key]) ** 0.5 + 1), key)
        for key, pairs in held.items()
        if pairs
    ]
    return [key for _, key in sorted(scored, key=lambda row: -row[0])]
