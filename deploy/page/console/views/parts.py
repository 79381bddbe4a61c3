"""What all views of the console are made of: escaped text, tables, badges, figures."""

import html
import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from deploy.page import clock
from deploy.page.console.texts import Lang, text

Tone = Literal["good", "warn", "bad", "idle"]


def esc(value: object) -> str:
    """Text as HTML may hold it, also inside an attribute."""
    return html.escape(str(value), quote=True)


def badge(tone: Tone, label: str) -> str:
    """A word with a colour; the word alone tells the same. `label` is plain text."""
    return f'<span class="lc-badge lc-{tone}">{esc(label)}</span>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    """A table that scrolls sideways in its own box. `rows` are HTML, all else is plain text."""
    body = "".join(
        "<tr>"
        + "".join(f'<th scope="row">{cell}</th>' if not at else f"<td>{cell}</td>" for at, cell in enumerate(row))
        for row in rows
    )
    if not body:
        return note(empty)
    heads = "".join(f'<th scope="col">{esc(one)}</th>' for one in head)
    return (
        f'<div class="lc-scroll" role="region" tabindex="0" aria-label="{esc(caption)}"><table class="lc-table">'
        f'<caption class="lc-hidden">{esc(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def note(said: str) -> str:
    """A quiet line."""
    return f'<p class="lc-note">{esc(said)}</p>'


def alert(said: str) -> str:
    """A line that must be read."""
    return f'<p class="lc-alert" role="alert">{esc(said)}</p>'


def answer(tone: Tone, said: str) -> str:
    """What came of something that was asked for; the page moves the focus to it, so that it is read aloud."""
    return f'<p class="lc-answer lc-{tone}" tabindex="-1">{esc(said)}</p>'


def figures(rows: Iterable[tuple[str, str]]) -> str:
    """Figures with their names, side by side; plain text."""
    cells = "".join(f"<div><dt>{esc(name)}</dt><dd>{esc(value)}</dd></div>" for name, value in rows)
    return f'<dl class="lc-figures">{cells}</dl>'


def ms(value: float | None) -> str:
    """Milliseconds, in the unit that reads best."""
    if value is None:
        return "—"
    return (
        f"{value:.0f} ms"
        if value < 1000
        else f"{value / 1000:.2f} s"
        if value < 60_000
        else f"{value / 60_000:.1f} min"
    )


def number(value: Any) -> str:
    """A figure; a dash for none."""
    return "—" if value is None else f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def size(count: float | None) -> str:
    """Bytes."""
    if count is None:
        return "—"
    return (
        f"{count / 1e9:.2f} GB"
        if count >= 1e9
        else f"{count / 1e6:.1f} MB"
        if count >= 1e6
        else f"{count / 1e3:.0f} kB"
    )


def when(at: float | None, lang: Lang, never: str = "never") -> str:
    """A time (Unix seconds) in Beijing; of today the clock alone."""
    if at is None:
        return text(never, lang)
    told, today = clock.local(at), clock.local(time.time())
    return told.strftime("%H:%M:%S" if told.date() == today.date() else "%Y-%m-%d %H:%M")
