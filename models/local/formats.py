"""Prompt formats for checkpoints that bring no chat template: one file of models/formats each.

A format is a chat template (another server can be given the file) that also sets `markers`, the texts that open a
turn, `stop`, the texts that the model says when it goes on with the next turn by itself, and `bos`, whether the
prompt begins with the tokenizer's first token. Templates see user and assistant only: the rest is folded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = Path(__file__).parents[1] / "formats"
_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """How one family of models wants a conversation written."""

    template: Template
    markers: tuple[str, ...]
    stop: tuple[str, ...]
    bos: bool

    def render(self, messages: Sequence[Mapping[str, str]], **values: Any) -> str:
        """The conversation as text, without the first token, up to where the model answers. Raises TemplateError."""
        return self.template.render(messages=_folded(messages), add_generation_prompt=True, **values)


def names() -> tuple[str, ...]:
    """The formats that ship, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.jinja")))


def known(name: str) -> str:
    """`name`, when it is a format or the path of a .jinja file that is one. Raises ValueError otherwise."""
    find(name)
    return name


@cache
def find(name: str) -> ChatFormat:
    """The format of this name, or of the .jinja file at this path. Raises ValueError for what is none."""
    path = Path(name) if name.endswith(".jinja") else FOLDER / f"{name}.jinja"
    if name not in names() and not (name.endswith(".jinja") and path.is_file()):
        raise ValueError(f"unknown format {name!r}; known: {', '.join(names())}, or the path of a .jinja file")
    try:
        template = _JINJA.from_string(path.read_text("utf-8"))
        said: Any = template.make_module({"messages": [], "add_generation_prompt": False, "eos_token": ""})
        return ChatFormat(template, tuple(said.markers), tuple(said.stop), bool(said.bos))
    except (TemplateError, AttributeError) as error:
        raise ValueError(f"the format {name!r} cannot be used: {error}") from error


def _folded(messages: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The messages with what the system says at the head of the first message of the user."""
    rules = [row["content"] for row in messages if row["role"] == "system"]
    rest = [dict(row) for row in messages if row["role"] != "system"]
    first = next((row for row in rest if row["role"] == "user"), None)
    if first is None:
        first = {"role": "user", "content": ""}
        rest.insert(0, first)
    first["content"] = "\n\n".join(part for part in (*rules, first["content"]) if part)
    return rest
