"""Characters that nobody sees: what is left of a text without them is what its reader reads. Knows nothing of meaning.

Zero widths, marks of direction, fillers, variation selectors and tags can hide an order from a person, a word from a
pattern and a number from a check; no Chinese sentence needs one. What joins two
emoji to one (a family, a profession) hides nothing, and stays.
"""

import re

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)


_EMOJI = "[\u2600-\u27bf\U0001f000-\U0001faff]"
_JOINER = "\u200d"
_JOINED = re.compile(rf"(?<={_EMOJI})\ufe0f?{_JOINER}(?={_EMOJI})")


def visible(text: str) -> str:
    """The text without the characters that are not seen."""
    if _JOINER not in text:
        return _UNSEEN.sub("", text)
    joined = [_UNSEEN.sub("", part) for part in _JOINED.split(text)]
    return _JOINER.join(joined)
