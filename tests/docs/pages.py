"""The pages that people read, as data: headings with their anchors, links, fenced blocks, commands, names in code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
GUIDES = ("docs/operating.md", "docs/operating.zh-CN.md")
PAGES = (
    *READMES,
    *GUIDES,
    "docs/extending.md",
    "docs/measured.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
)

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block. `name` is what stands behind the language: a file, or what the block is."""

    page: str
    section: str
    language: str
    name: str
    text: str

    def commands(self) -> list["Command"]:
        """The commands of a console block, each with the lines that are shown below it; a bash block is one command."""
        if self.language == "bash":
            return [Command(self, self.text)]
        found: list[Command] = []
        for line in self.text.splitlines() if self.language == "console" else ():
            if line.startswith("$ "):
                found.append(Command(self, line[2:]))
            else:
                found[-1].shown.append(line)
        return found


@dataclass(frozen=True)
class Command:
    """A command as it is printed, and what the page shows of its output."""

    block: Block
    text: str
    shown: list[str] = field(default_factory=list)


@cache
def source(page: str) -> str:
    """The page's text."""
    return (ROOT / page).read_text("utf-8")


@cache
def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", source(page))


@cache
def headings(page: str) -> tuple[tuple[int, str], ...]:
    """Level and text of every heading."""
    return tuple((len(marks), text.strip()) for marks, text in _HEADING.findall(prose(page)))


@cache
def anchors(page: str) -> frozenset[str]:
    """The anchors that GitHub gives the headings."""
    words = (re.sub(r"[`*]", "", text).lower() for _, text in headings(page))
    return frozenset(re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in words)


def links(page: str) -> Iterator[str]:
    """The targets of all links and pictures."""
    yield from _LINK.findall(prose(page))


def named(page: str) -> Iterator[str]:
    """What stands in `code` outside of fenced blocks."""
    for text in _CODE.findall(prose(page)):
        yield " ".join(text.split())


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """All fenced blocks."""
    text, found = source(page), []
    for match in _FENCE.finditer(text):
        above = _HEADING.findall(_FENCE.sub("", text[: match.start()]))
        language, _, name = match["info"].strip().partition(" ")
        found.append(Block(page, above[-1][1].strip() if above else "", language, name, match["text"]))
    return tuple(found)


def commands(page: str) -> list[Command]:
    """All commands of the page."""
    return [command for block in blocks(page) for command in block.commands()]


def section(page: str, title: str) -> str:
    """The text under the heading `title`, as far as the next heading of any level."""
    _, found, rest = source(page).partition(f"\n## {title}\n")
    assert found, f"{page} has no section {title}"
    return rest.partition("\n## ")[0]
