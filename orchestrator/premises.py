"""What the client takes for granted about the law: citations that do not exist, or of law not in force."""

from dataclasses import dataclass
from datetime import date

from retrievers.contracts import Library, RetrievalError


@dataclass(frozen=True)
class Premises:
    """Corrections of wrong citations, and notices of laws that are no longer, or not yet, in force."""

    corrections: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


async def examine(library: Library, text: str, as_of: date | None) -> tuple[Premises, str]:
    """The premises of `text` that do not hold, and the reason when the check itself could not be made."""
    try:
        resolved = await library.resolve(text, as_of)
    except RetrievalError as error:
        return Premises(), f"{error.code}: {error}"
    corrections = [one.note for one in resolved if one.outcome.startswith("no_such") and one.mention.law and one.note]
    late = [one for one in resolved if one.passage is not None and one.passage.status == "not_yet"]
    gone = [one for one in resolved if one.outcome in ("repealed", "superseded")]
    notices = [one.note for one in (*gone, *late) if one.note]
    return Premises(tuple(dict.fromkeys(corrections)), tuple(dict.fromkeys(notices))), ""
