"""What the server holds: the corpus of law and cases, the session database, and the memory of its replicas."""

from collections.abc import Mapping
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import badge, esc, number

COUNTS = ("laws", "articles", "official", "digests", "cases", "invented")


def corpus(ready: Mapping[str, Any], lang: Lang) -> str:
    """The corpus as GET /readyz tells it, and what keeps the server from being ready."""
    problems = ready["problems"]
    shown = badge("bad" if problems else "good", text("corpus.unready" if problems else "corpus.ready", lang))
    made = f'<div class="lc-line">{shown}</div>'
    made += "".join(parts.alert(f"{name}: {why}") for name, why in problems.items())
    state = ready["corpus"]
    if not state:
        return made + parts.alert(text("corpus.none", lang))
    rows = [(text(f"corpus.{name}", lang), number(state[name])) for name in COUNTS]
    rows.append((text("corpus.reaches", lang), state["reaches"] or text("corpus.unknown", lang)))
    rows.append((text("corpus.generation", lang), state["generation"][:12]))
    return made + parts.figures(rows)


def storage(stored: Mapping[str, Any], lang: Lang) -> str:
    """The database as GET /v1/admin/storage tells it."""
    head = [text("storage.table", lang), text("storage.rows", lang)]
    rows = [(f"<code>{esc(name)}</code>", number(count)) for name, count in stored["rows"].items()]
    title = text("storage.caption", lang, database=stored["database"], size=parts.size(stored["bytes"]))
    return f"<h2>{esc(title)}</h2>" + parts.table(title, head, rows, text("storage.none", lang))


def replicas(memory: Mapping[str, float], running: Mapping[str, int], lang: Lang) -> str:
    """The replicas of each deployment and their memory in bytes."""
    head = [text(f"replicas.{name}", lang) for name in ("deployment", "count", "memory")]
    rows = [(f"<code>{esc(name)}</code>", number(running[name]), parts.size(memory.get(name))) for name in running]
    title = text("replicas.caption", lang)
    return f"<h2>{esc(title)}</h2>" + parts.table(title, head, rows, text("replicas.none", lang))
