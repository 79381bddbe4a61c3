"""The steps of a turn, as the titles and contents of thoughts in the conversation."""

from deploy.page.texts import Lang, known, text
from orchestrator.contracts import TraceEntry
from orchestrator.inert import inert


def title(step: TraceEntry, lang: Lang) -> str:
    """检索法条 · ngram-article · 81 毫秒, as plain text."""
    parts = [name(step.step, lang), step.model, duration(step.ms)]
    return " · ".join(inert(part) for part in parts if part)


def content(step: TraceEntry) -> str:
    """What the step noted, as Markdown without effect."""
    return inert(step.note)


def name(step: str, lang: Lang) -> str:
    """The step's name in the page's words; its own where the page has none."""
    return text(f"step.{step}", lang) if known(f"step.{step}") else step


def duration(ms: float) -> str:
    """340 ms, 2.4 s; empty for no time at all."""
    if ms <= 0:
        return ""
    return f"{ms:.0f} ms" if ms >= 1 and ms < 1000 else "<1 ms" if ms < 1 else f"{ms / 1000:.1f} s"
