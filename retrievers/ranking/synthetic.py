"""Questions made from the statutes themselves, evenly over all laws: half of the words of a sentence inside a story.

People who label questions ask about a few laws. With these beside theirs the ranker learns that an article may govern
a question although nobody asked of its law before (cf. inverse cloze, `pairs`).
"""

import random
import re
from collections.abc import Sequence

import numpy as np

from retrievers.ranking.places import Places
from retrievers.ranking.training import Labelled
from retrievers.tokenise import Tokeniser

LAWS, MORE = 700, 500  # one article of so many laws, and so many articles of any law
KEPT = 0.55  # share of the words of a sentence that are kept
SHORTEST = 12  # characters of a sentence
SEED = 3
_SENTENCE = re.compile(r"[。；;：\n]")
_ASKED = ("{}怎么办", "{},根据哪条规定应当怎样处理", "遇到{}的情况,合法吗", "{}应该怎么处理", "{},有什么规定")


def questions(
    articles: Sequence[tuple[str, str]], places: Places, late: Sequence[bool], stories: Sequence[str], cutter: Tokeniser
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
        words = [word for word in cutter.words(draw.choice(sentences)) if draw.random() < KEPT]
        filler = "".join(draw.choice(clauses) for _ in range(draw.randrange(3))) if clauses else ""
        made.append(Labelled(filler + draw.choice(_ASKED).format("".join(words)), (id_,), (at,)))
    return made
