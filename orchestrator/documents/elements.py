"""The facts of a matter as rows of a form: the field's own elements with boxes, known ones ticked or filled in.

An element is shown when it is known, or when something in the field's pack depends on it; what serves the client's
own preparation only (which side, which proof, which wish) is left out: it belongs in no paper for the other side.
"""

import re
from collections.abc import Iterable

from orchestrator.documents.matter import Matter, open_gap
from orchestrator.documents.pleading import pleading, side
from orchestrator.documents.template import boxes
from orchestrator.domains.pack import Cause, Element

_ADVICE = re.compile(
    r"身份|哪一方|哪一边|[是站]在?.*(还是|哪)|您(想|的打算|代表|与|或|在|当时)|证据|凭证|凭据|材料|证明|打算|想|立场|态度|对方(只?愿|提出|索要|要的)|报价"
    r"|知道|知情|时效|催|主张|几份|购买目的|恶意|故意|怎么写"
)
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_AGAINST = re.compile(r"^(对方说我|我自己有过错)")  # what the client reports of, or confesses to, us only
_SELF = re.compile(r"您或家人|您(?:们)?|我方|我们|(?<!自)我")


def rows(matter: Matter, own: str, other: str) -> list[tuple[str, str]]:
    """Label and content of each fact that belongs on paper; `own` and `other` are the roles of client and opponent."""
    found = []
    own, other = _speaker(matter, own, other)
    for element in _elements(matter):
        label = voice(element.label, own, other)
        told = matter.told(element.id)
        if element.kind == "choice":
            if not told and len(element.choices) == 1:
                continue  # a rare circumstance that nobody spoke of
            offered = [choice.value for choice in element.choices if not _AGAINST.search(choice.value)]
            shown = boxes(*(voice(value, own, other) for value in offered), ticked=voice(told, own, other))
            # An answer of the caller in other words than the choices stands as it is.
            found.append((label, shown if not told or told in offered else told))
        else:
            found.append((label, told or open_gap(label)))
    return found


def known(matter: Matter, own: str, other: str) -> list[tuple[str, str]]:
    """Like `rows`, of what is known only, without boxes."""
    own, other = _speaker(matter, own, other)
    return [
        (voice(element.label, own, other), voice(told, own, other) if element.kind == "choice" else told)
        for element in _elements(matter)
        if (told := matter.told(element.id))
    ]


def _speaker(matter: Matter, own: str, other: str) -> tuple[str, str]:
    """The roles of 我 and 对方 in the words of the field's elements."""
    speaker = pleading(matter).speaker
    return (other, own) if speaker and side(matter) not in ("", speaker) else (own, other)


def voice(text: str, own: str, other: str) -> str:
    """Words of a pack, which speak to the client, as a paper says them: 对方 → 被告, 您的 → 原告的."""
    return _SELF.sub(own, text.replace("对方", other))


def _elements(matter: Matter) -> Iterable[Element]:
    pack = matter.pack
    if pack is None:
        return
    wanted = dict.fromkeys(id for cause in matter.causes for id in cause.elements)
    deciding = set().union(*(_deciding(cause) for cause in matter.causes))
    omitted = pleading(matter).omitted
    for id in wanted:
        element = pack.element(id)
        told = matter.told(id)
        if id in omitted or _ADVICE.search(element.label) or _AGAINST.search(told):
            continue
        if told or id in deciding:
            yield element


def _deciding(cause: Cause) -> set[str]:
    found = {condition.element for finding in cause.findings for condition in finding.when}
    for finding in cause.findings:
        found.update(_SLOT.findall(finding.concludes))
    return found & set(cause.elements)
