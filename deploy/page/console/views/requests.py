"""The last requests, and one of them as a timeline: what was done when, which model was chosen and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import Tone, badge, esc, ms

SHOWN = 12  # characters of a request's id in the list; the whole one is at its trace
MINOR_MS = 1.0  # reads of the session database faster than this are summed up


def listed(rows: Sequence[Mapping[str, Any]], chosen: str, lang: Lang) -> str:
    """The last requests; each id, shortened, is a button that picks its request."""
    made = [
        (
            f'<button type="button" class="lc-pick" data-action="pick" data-id="{esc(row["id"])}"'
            f' title="{esc(row["id"])}" aria-pressed="{"true" if row["id"] == chosen else "false"}">'
            f"{esc(_short(row['id']))}</button>",
            esc(parts.when(row["at"], lang)),
            f"<code>{esc(row['method'])} {esc(row['route'] or '…')}</code>",
            _status(row, lang),
            ms(row["ms"]),
            f'<span class="lc-words">{esc(", ".join(row["models"]) or "—")}</span>',
            _outcome(row["outcome"], lang),
        )
        for row in rows
    ]
    head = [text(f"requests.{column}", lang) for column in ("id", "at", "route", "status", "ms", "models", "outcome")]
    return parts.table(text("requests.caption", lang), head, made, text("requests.none", lang))


def summary(trace: Mapping[str, Any], lang: Lang) -> str:
    """What the request was and how it ended."""
    outcome = trace["outcome"]
    rows = [
        (text("requests.id", lang), trace["id"]),
        (text("requests.at", lang), parts.when(trace["at"], lang)),
        (text("requests.route", lang), f"{trace['method']} {trace['route'] or '…'}"),
        (text("requests.ms", lang), ms(trace["ms"])),
        (text("requests.key", lang), trace["key"] or "—"),
        (text("requests.replica", lang), trace["replica"]),
    ]
    if trace["session"]:
        rows.append((text("requests.session", lang), trace["session"]))
    if outcome is not None:
        counts = outcome["citations"]
        rows.append((text("requests.field", lang), f"{outcome['route'] or '—'} · {outcome['domain'] or '—'}"))
        if counts:
            told = text("requests.counted", lang, **counts)
            rows.append((text("requests.citations", lang), told))
        if outcome["degraded"]:
            rows.append((text("requests.degraded", lang), ", ".join(outcome["degraded"])))
    return f'<div class="lc-line">{_status(trace, lang)} {_outcome(outcome, lang)}</div>' + parts.figures(rows)


def timeline(trace: Mapping[str, Any], lang: Lang) -> str:
    """The pieces of work in their order, as bars over the request's time; those inside others are set in."""
    pieces = [one for one in trace["pieces"] if one["kind"] != "storage" or one["ms"] >= MINOR_MS]
    minor = [one for one in trace["pieces"] if one["kind"] == "storage" and one["ms"] < MINOR_MS]
    if not pieces:
        return parts.note(text("timeline.none", lang))
    whole = max(trace["ms"], *(one["began"] + one["ms"] for one in pieces), 0.1)
    rows = "".join(_bar(one, pieces, whole, lang) for one in pieces)
    made = f'<ol class="lc-gantt" aria-label="{esc(text("timeline.caption", lang))}">{rows}</ol>'
    if minor:
        spent = ms(sum(one["ms"] for one in minor))
        made += parts.note(text("timeline.minor", lang, count=len(minor), ms=spent))
    return made


def decisions(trace: Mapping[str, Any], lang: Lang) -> str:
    """Each choice of a model: who was chosen and why, what failed before, and why each other one was not taken."""
    made = "".join(_decision(one, lang) for one in trace["decisions"])
    return f'<div class="lc-decisions">{made}</div>' if made else parts.note(text("decisions.none", lang))


def _short(id: str) -> str:
    return id if len(id) <= SHOWN else f"{id[: SHOWN - 1]}…"


def _bar(piece: Mapping[str, Any], all_: Sequence[Mapping[str, Any]], whole: float, lang: Lang) -> str:
    began, ends = piece["began"], piece["began"] + piece["ms"]
    around = sum(
        one is not piece and one["began"] <= began and ends <= one["began"] + one["ms"] and one["ms"] > piece["ms"]
        for one in all_
    )
    left, width = 100 * began / whole, max(0.4, 100 * piece["ms"] / whole)
    name = _name(piece, lang)
    told = [ms(piece["ms"])]
    if piece["first_ms"] is not None:
        told.append(text("timeline.first", lang, ms=ms(piece["first_ms"])))
    if piece["attempt"] > 1:
        told.append(text("timeline.attempt", lang, attempt=piece["attempt"]))
    if piece["fallback"]:
        told.append(text("timeline.fallback", lang, model=piece["fallback"]))
    if piece["code"]:
        told.append(piece["code"])
    kind = "failed" if piece["code"] else piece["kind"]
    inset = f"{0.9 * min(around, 6):g}rem"
    return (
        f'<li class="lc-piece lc-{esc(kind)}"><span class="lc-name" style="padding-inline-start:{inset}">{name}</span>'
        f'<span class="lc-track"><span class="lc-bar" style="left:{min(left, 99.6):.2f}%;'
        f'width:{min(width, 100 - min(left, 99.6)):.2f}%"></span></span>'
        f'<span class="lc-told">{esc(" · ".join(told))}</span></li>'
    )


def _name(piece: Mapping[str, Any], lang: Lang) -> str:
    kind = text(f"kind.{piece['kind']}", lang)
    named = f"{piece['name']} → {piece['model']}" if piece["model"] else piece["name"]
    return f'<span class="lc-kind">{esc(kind)}</span> {esc(named)}'


def _decision(made: Mapping[str, Any], lang: Lang) -> str:
    tone: Tone = "bad" if made["error"] else "warn" if made["failed"] else "good"
    shown = made["model"] or made["error"] or "—"
    rows = [(text("decisions.reason", lang), made["reason"])]
    if made["chosen"] != made["model"]:
        rows.append((text("decisions.chosen", lang), made["chosen"]))
    if made["failed"]:
        rows.append((text("decisions.failed", lang), "; ".join(made["failed"])))
    told = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in rows)
    others = "".join(
        f"<li><strong>{esc(name)}</strong> {esc(why)}"
        + (f" {badge('warn', text('breaker.' + made['breakers'][name], lang))}" if name in made["breakers"] else "")
        + "</li>"
        for name, why in made["others"].items()
    )
    passed = f'<p class="lc-sub">{esc(text("decisions.others", lang))}</p><ul>{others}</ul>' if others else ""
    task = text(f"ability.{made['task']}", lang)
    return (
        f'<details class="lc-decision"><summary>{esc(task)} {badge(tone, shown)} <span class="lc-sub">{ms(made["ms"])}'
        f"</span></summary><dl>{told}</dl>{passed}</details>"
    )


def _status(row: Mapping[str, Any], lang: Lang) -> str:
    if not row["status"]:
        return badge("warn", text("requests.running", lang))
    tone: Tone = "good" if row["status"] < 400 else "warn" if row["status"] < 500 else "bad"
    return badge(tone, f"{row['status']} {row['code']}".strip())


def _outcome(outcome: Mapping[str, Any] | None, lang: Lang) -> str:
    if outcome is None:
        return "—"
    tone: Tone = "bad" if outcome["status"] == "failed" else "warn" if outcome["degraded"] else "idle"
    return badge(tone, text(f"outcome.{outcome['status']}", lang))
