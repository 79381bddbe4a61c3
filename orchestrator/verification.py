"""The gate before the client: text is cut into sentences, each that cites law is checked, what fails is dropped.

A sentence is a line with the block quotation under it, or in long prose a full sentence outside quotation marks: a
quotation never parts from its citation, nor an item of a list from any of its articles. Nothing passes
unchecked, in streams either. What a model said is held to its conduct, too (`conduct`), and sent inert (`inert`).
"""

import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date

from models import streams
from models.characters import visible
from orchestrator import conduct
from retrievers import numerals
from retrievers.contracts import Library, Verdict

LONG = 160  # characters after which a line of prose is cut at sentence ends
LONG_ITEM = 1200  # the same for an item of a list: a claim stays with all the articles that it rests on
_ITEM = re.compile(r"\s*(?:[0-9]{1,3}[.、]|[-*])\s")
_N = f"[{numerals.DIGITS}]"
# Wider than the library's own reading (blanks, Markdown, full-width digits), which decides: what it might take for a
# citation must reach it.
CITES = re.compile(rf"[《〈§]|#[0-9]|第[\s*`]*{_N}|{_N}[\s*`]*[条條]")
_UNREADABLE = re.compile(r"[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff]")
FREE, UNREADABLE = Verdict(ok=True), Verdict(ok=False, faults=("含有无法阅读的字符",))
_ENDS = "。!?！？"
_OPEN, _CLOSE = "“「『《(（", "”」』》)）"
_TURNS = re.compile(f"[\n{_ENDS}{re.escape(_OPEN + _CLOSE)}]")  # where a sentence may end, or a bracket begins or ends


@dataclass(frozen=True)
class Checked:
    """A sentence with its verdict; sentences without any citation pass."""

    text: str
    verdict: Verdict


def split(buffer: str) -> tuple[list[str], str]:
    """The complete sentences at the head of `buffer`, line ends kept, and the unfinished rest."""
    whole: list[str] = []
    start, depth = 0, 0
    for found in _TURNS.finditer(buffer):
        at, char = found.start(), found[0]
        if char == "\n":
            if buffer[at + 1 : at + 2] in ("", ">"):
                continue  # a block quotation belongs to the line that names its source
            whole.append(buffer[start : at + 1])
            start, depth = at + 1, 0
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in _ENDS and depth == 0 and at - start >= (LONG_ITEM if _ITEM.match(buffer, start) else LONG):
            whole.append(buffer[start : at + 1])
            start = at + 1
    return whole, buffer[start:]


async def sentences(chunks: AsyncIterable[str]) -> AsyncIterator[list[str]]:
    """Batches of complete sentences as they come out of the model; the last batch may lack its line end."""
    rest = ""
    async for chunk in chunks:
        whole, rest = split(rest + chunk)
        if whole:
            yield whole
    if rest:
        yield [rest]


async def gathered(batches: AsyncIterator[list[str]]) -> AsyncGenerator[list[str], None]:
    """The same sentences in fewer batches: all that came in while the last batch was being checked go together.

    The model writes on meanwhile. Its error is raised after the sentences before it.
    """
    async with aclosing(streams.gathered(batches)) as several:
        async for waiting in several:
            yield [text for batch in waiting for text in batch]


async def check(library: Library, batch: Sequence[str], allowed: str, as_of: date | None) -> list[Checked]:
    """One verdict for each sentence; only those that seem to cite anything are sent to the library.

    A sentence that nobody can read (a model's broken characters) never passes.
    """
    made = [UNREADABLE if _UNREADABLE.search(text) else None if CITES.search(text) else FREE for text in batch]
    citing = [text for text, verdict in zip(batch, made, strict=True) if verdict is None]
    verdicts = iter(await library.check(citing, allowed, as_of)) if citing else iter(())
    return [Checked(text, verdict or next(verdicts)) for text, verdict in zip(batch, made, strict=True)]


async def spoken(library: Library, batch: Sequence[str], allowed: str, known: str, as_of: date | None) -> list[Checked]:
    """As `check`, for sentences of a model: what its conduct forbids is no better than a false citation.

    `known`: all that the client, the plan or the caller said, where numbers and names of cases may come from.
    """
    seen = [visible(text) for text in batch]  # what is not seen must not part a number from its 条
    checked = await check(library, seen, allowed, as_of)

    def one(text: str, made: Checked) -> Checked:
        fault = conduct.fault(made.text, known)
        verdict = Verdict(ok=False, faults=(*made.verdict.faults, fault)) if fault else made.verdict
        return Checked(text, verdict)

    return [one(text, made) for text, made in zip(batch, checked, strict=True)]
