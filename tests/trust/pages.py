"""What a text does when it is shown: rendered as Markdown with HTML allowed, with links made of addresses, or as it is."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

HARMLESS = {"p", "br", "hr", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "table", "thead", "tbody"}
HARMLESS |= {"tr", "th", "td", *(f"h{level}" for level in range(1, 7))}
# What renderers of GitHub's Markdown, and linkify-it, make a link of without being told.
AUTOLINKS = re.compile(
    r"(?i)(?:https?|ftp)://|\bwww\.[a-z0-9]|(?:mailto|xmpp|javascript|data|vbscript):[^\s]|[\w.+-]@[a-z0-9-]+\.[a-z]"
    r"|(?<![\w.@\\-])[a-z0-9-]+\.(?:com|cn|net|org|example|io|me|top)\b"
)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        plain = [name for name, _ in attrs if (tag, name) not in (("ol", "start"), ("code", "class"))]
        plain = [name for name in plain if not (tag in ("td", "th") and name == "style")]
        if tag not in HARMLESS or plain:
            self.found.append(f"<{tag} {' '.join(plain)}>")


def effects(text: str) -> list[str]:
    """What in the text would act on a page, however the page shows it; empty for nothing."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    found = []
    for page in (rendered, text):
        parser = _Elements()
        parser.feed(page)
        parser.close()
        found += parser.found
    return found + AUTOLINKS.findall(text)
