"""The caller's own documents beside an answer: which passages fit the matter, and how they are shown.

Their text comes from outside and is data: it is put into no model's words, shown so that nothing in it takes effect,
and never called law. Knows nothing of who may see which document.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from orchestrator.contracts import InternalPassage
from orchestrator.inert import tagless
from orchestrator.suggestion import best_part, bigrams, telling
from retrievers.contracts import DocumentHit, DocumentPassage

SHOWN = 3
NEAR = 0.55  # a passage scoring less than this share of the best hit is far from the question
CLEAR = 0.12  # a score from which a passage fits by itself: passages about something else stay under half of it
LONGEST_QUOTE = 240  # characters
TITLE = "贵单位内部文件的相关内容"
NOTE = "以下逐字摘自您有权查看的内部文件，仅供对照：它们不是法律，内容是否合法有效没有经过核对。"
_TICKS = re.compile(r"`+")


def fitting(hits: Sequence[DocumentHit], about: str, terms: Iterable[str]) -> list[InternalPassage]:
    """The passages to be shown, the best first, at most SHOWN.

    A passage fits when it is near the best one and speaks of the matter: by its score; or, since a long story lowers
    that of every passage, by pairs of characters that it shares with the story, fewer of them beside a legal term.
    """
    best = max((hit.score for hit in hits), default=0.0)
    words = [term for term in terms if len(term) > 2]
    said = telling(about)
    kept = []
    for hit in hits:
        passage = hit.passage
        text = f"{passage.place}\n{passage.text}"
        shared = len(said & bigrams(text))
        speaks = shared >= 4 or (shared >= 2 and any(word in text for word in words))
        if hit.score >= NEAR * best and (speaks or hit.score >= CLEAR):
            kept.append(_quoted(passage, about))
    return kept[:SHOWN]


def part(passages: Sequence[InternalPassage]) -> str:
    """The part of an answer (Markdown) that shows these passages; empty without any. It has no tag, in code either."""
    if not passages:
        return ""
    return tagless("\n".join(["", f"### {TITLE}", "", *shown(passages), ""]))


def shown(passages: Iterable[InternalPassage]) -> Iterator[str]:
    """The lines (Markdown) that show these passages, each with file and place, under the note what they are."""
    yield NOTE
    yield ""
    for one in passages:
        where = f" {code(one.place)}" if one.place else ""
        yield f"{code(one.file)}{where}（文件库 {code(one.corpus)}）："
        yield ""
        yield from block(one.quote)
        yield ""


def block(text: str) -> list[str]:
    """The text as a block of code: byte for byte, and without effect whatever Markdown, HTML or links it holds."""
    fence = "`" * max(3, _longest(text) + 1)
    return [f"{fence}text", *text.split("\n"), fence]


def code(text: str) -> str:
    """One line of text inside a sentence, without effect likewise."""
    line = " ".join(text.split("\n"))
    ticks = "`" * (_longest(line) + 1)
    edge = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{edge}{line}{edge}{ticks}"


def _quoted(passage: DocumentPassage, about: str) -> InternalPassage:
    quote = passage.text if len(passage.text) <= LONGEST_QUOTE else best_part(passage.text, about, LONGEST_QUOTE)
    return InternalPassage(corpus=passage.corpus, file=passage.file, place=passage.place, quote=quote)


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
