"""Questions made from the statutes themselves, evenly over all laws: half of the words of a sentence inside a story.

People who label questions ask about a few laws. With these beside theirs the ranker learns that an article may govern
a question although nobody asked of its law before (cf. inverse cloze, `pairs`). Some words are told as people tell
them, by the translation model: a noisy channel from the statute to the question.
"""

import random
import re
from collections.abc import Iterable, Sequence

import numpy as np

from retrievers.ranking.places import Places
from retrievers.ranking.training import Labelled
from retrievers.ranking.translation import Translation, keys
from retrievers.tokenise import Tokeniser

LAWS, MORE = 700, 500  # one article of so many laws, and so many articles of any law
KEPT = 0.6  # share of the words of a sentence that are kept
TOLD = 0.3  # share of those that are told in other words
SHORTEST = 12  # characters of a sentence
SEED = 3
_SENTENCE = re.compile(r"[。；;：\n]")
_ASKED = ("{}怎么办", "{},根据哪条规定应当怎样处理", "遇到{}的情况,合法吗", "{}应该怎么处理", "{},有什么规定")


class Spoken:
    """Words of statutes as people say them, drawn from the translation model; `words` are those that people use."""

    def __init__(self, translation: Translation, words: Iterable[str], cutter: Tokeniser) -> None:
        self.cutter = cutter
        self._translation = translation
        known = sorted({word for word in words if len(word) > 1})
        self._words = dict(zip(keys(known), known, strict=True))

    def told(self, word: str, draw: random.Random) -> str:
        """Another word for it, or itself where none is known."""
        targets, chances = self._translation.spoken(keys([word])[0])
        found = [
            (self._words[int(at)], chance)
            for at, chance in zip(targets, chances, strict=True)
            if int(at) in self._words
        ]
        return draw.choices([said for said, _ in found], [float(chance) for _, chance in found])[0] if found else word


def questions(
    articles: Sequence[tuple[str, str]],
    places: Places,
    late: Sequence[bool],
    stories: Sequence[str],
    spoken: Spoken,
) -> list[Labelled]:
    """For (id, text) of every position; `stories` are what the words are put into."""
    draw = random.Random(SEED)
    usable = [at for at, (_, text) in enumerate(articles) if not late[at] and len(text) > 2 * SHORTEST]
    by_law: dict[int, list[int]] = {int(law): [] for law in np.unique(places.laws)}
    for at in usable:
        by_law[int(places.laws[at])].append(at)
    laws = [law for law in sorted(by_law) if by_law[law]]
    chosen = [draw.choice(by_law[law]) for law in draw.sample(laws, min(LAWS, len(laws)))]
    chosen += draw.sample(usable, min(MORE, len(usable)))
    clauses = [clause for story in stories for clause in re.split(r"(?<=[。;；])", story) if clause]
    made = []
    for at in chosen:
        id_, text = articles[at]
        sentences = [part for part in _SENTENCE.split(text) if len(part) >= SHORTEST]
        if not sentences:
            continue
        words = [word for word in spoken.cutter.cut(draw.choice(sentences)) if draw.random() < KEPT]
        words = [spoken.told(word, draw) if draw.random() < TOLD else word for word in words]
        filler = "".join(draw.choice(clauses) for _ in range(draw.randrange(3))) if clauses else ""
        made.append(Labelled(filler + draw.choice(_ASKED).format("".join(words)), (id_,), (at,)))
    return made
