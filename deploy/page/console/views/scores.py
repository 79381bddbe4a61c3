"""What the searches of a request found, with the features that the ranker weighed, and what was used of it."""

from collections.abc import Mapping
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import badge, esc

SHOWN = 6  # features beside the score; all of them stand behind each hit


def searches(trace: Mapping[str, Any], lang: Lang) -> str:
    """All searches of the request, in their order."""
    judged = {one["id"]: one for one in (trace["outcome"] or {}).get("judged", ())}
    made = "".join(_search(one, judged, lang) for one in trace["searches"])
    return made or parts.note(text("scores.none", lang))


def _search(search: Mapping[str, Any], judged: Mapping[str, Any], lang: Lang) -> str:
    hits = search["hits"]
    title = text("scores.title", lang, call=search["call"], found=search["found"], shown=len(hits))
    features = _telling(hits)
    best = max((abs(hit["score"]) for hit in hits), default=0.0) or 1.0
    rows = [
        (
            f"<strong>{esc(hit['id'])}</strong>",
            f'<span class="lc-meter" aria-hidden="true"><span style="width:{100 * max(0.0, hit["score"]) / best:.1f}%">'
            f"</span></span>{hit['score']:.4f}",
            *(f"{hit['scores'][name]:.3g}" if name in hit["scores"] else "—" for name in features),
            _used(judged.get(hit["id"]), lang),
            _all(hit["scores"], lang),
        )
        for hit in hits
    ]
    head = [text("scores.id", lang), text("scores.score", lang), *features, text("scores.used", lang), ""]
    head[-1] = text("scores.features", lang)
    return f"<h3>{esc(title)}</h3>" + parts.table(title, head, rows, text("scores.none", lang))


def _telling(hits: list[Mapping[str, Any]]) -> list[str]:
    """The features that tell these hits apart most: the greatest spread beside their own size."""
    values: dict[str, list[float]] = {}
    for hit in hits:
        for name, value in hit["scores"].items():
            values.setdefault(name, []).append(value)

    def spread(name: str) -> float:
        seen = values[name]
        return (max(seen) - min(seen)) / (max(map(abs, seen)) or 1.0)

    return sorted(values, key=lambda name: (-spread(name), name))[:SHOWN]


def _used(judged: Mapping[str, Any] | None, lang: Lang) -> str:
    if judged is None:
        return "—"
    shown = badge(
        "good" if judged["used"] else "idle", text("scores.kept" if judged["used"] else "scores.dropped", lang)
    )
    return f'{shown}<span class="lc-sub lc-words">{esc(judged["reason"])}</span>'


def _all(scores: Mapping[str, float], lang: Lang) -> str:
    rows = "".join(f"<dt>{esc(name)}</dt><dd>{value:.4g}</dd>" for name, value in sorted(scores.items()))
    if not rows:
        return "—"
    return f"<details><summary>{esc(text('scores.all', lang, count=len(scores)))}</summary><dl>{rows}</dl></details>"
