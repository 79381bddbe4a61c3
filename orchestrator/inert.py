"""An answer takes no effect where it is shown: it holds no tag, no link, no image, no address and nothing unseen.

An answer is Markdown; it stays without effect whatever renders it: with raw HTML allowed, with links made of bare
addresses, or put into a page as it is. All other texts of the API are plain text, and belong into a page as text.
"""

import re

from models.characters import visible
from orchestrator.wording import typeset

ADDRESS, MAIL = "〔网址略〕", "〔邮箱略〕"
# `<br>` and an empty comment are what tables and lists of Markdown need (orchestrator/papers/markdown.py).
_TAG = re.compile(r"\\?<(?=[A-Za-z/!?$])(?!br>)(?!!-- -->)")
_LINK = re.compile(r"!?\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_LINKED = re.compile(r"\](?=[(:\[])")
_SCHEME = re.compile(
    r"(?i)(?<![A-Za-z0-9])(?:javascript|vbscript|data|file|blob|mailto|tel|sms|weixin|intent)\s*:\s*(?=[^\s\u4e00-\u9fff])"
)
_URL = re.compile(
    r"(?i)(?:(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}:)?(?://|\\\\)[^\s\u3000-\u9fff\uff00-\uff60“”’]+|(?<![A-Za-z0-9])www\.[^\s\u3000-\u9fff“”’]+"
)
_ENDINGS = "docx?|xlsx?|pptx?|pdf|txt|jpe?g|png|csv"  # of files, which no renderer takes for a place
_HOST = re.compile(
    r"(?<![A-Za-z0-9@＠.\\-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+"
    rf"(?!(?:{_ENDINGS})(?![A-Za-z0-9]))[A-Za-z]{{2,24}}(?![A-Za-z0-9])(?::\d+)?(?:[/?#][^\s\u3000-\u9fff“”’]*)?"
)
_ACTING = re.compile(r"[<\[\]@＠:/\\.]")  # one of these is in all that takes effect
_MAIL = re.compile(r"[\w.+-]+[@＠](?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}", re.ASCII)


def inert(text: str) -> str:
    """The text without anything that a page or a renderer of Markdown acts on; what is said stays readable."""
    text = visible(text)
    if _ACTING.search(text) is None:
        return text
    text = _TAG.sub("＜", text)
    while (unlinked := _LINK.sub(r"\1", text)) != text:
        text = unlinked  # a link may stand inside an image
    text = _LINKED.sub("］", text)
    text = _SCHEME.sub(ADDRESS, _MAIL.sub(MAIL, text))
    return _HOST.sub(ADDRESS, _URL.sub(ADDRESS, text))


def shown(text: str) -> str:
    """The text as clients get it: set in Chinese marks (`wording.typeset`), and inert."""
    return inert(typeset(text))


def tagless(text: str) -> str:
    """The text without tags, for Markdown of our own that made links plain already."""
    return _TAG.sub("＜", text)
