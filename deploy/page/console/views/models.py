"""The models as they are now, the policy for their traffic, and its revisions."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import Tone, badge, esc, ms, number

STATES: dict[str, Tone] = {"ready": "good", "drained": "idle", "starting": "warn", "removing": "warn"}
BREAKERS: dict[str, Tone] = {"closed": "good", "half_open": "warn", "open": "bad"}
COLUMNS = ("model", "state", "replicas", "queue", "first", "total", "errors", "breaker", "traffic", "cost")


def table(listed: Mapping[str, Any], policy: Mapping[str, Any], lang: Lang) -> str:
    """All models, from the answers of GET /v1/admin/models and of GET /v1/admin/traffic (its `policy`)."""
    rows = [_row(row, policy, lang) for row in listed["models"]]
    head = [text(f"models.{column}", lang) for column in COLUMNS]
    told = text("models.revision", lang, revision=listed["revision"])
    return parts.table(text("models.caption", lang), head, rows, text("models.none", lang)) + parts.note(told)


def revisions(listed: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """The revisions of the policy, the newest first."""
    rows = [
        (
            esc(one["revision"]),
            esc(parts.when(one["at"], lang)),
            esc(one["who"]),
            esc(one["why"] or "—"),
            f"<code>{esc(_policy(one['policy'], lang))}</code>",
        )
        for one in listed
    ]
    head = [text(f"revisions.{column}", lang) for column in ("revision", "at", "who", "why", "policy")]
    told = parts.table(text("revisions.caption", lang), head, rows, text("revisions.none", lang))
    return f"<h2>{esc(text('revisions.title', lang))}</h2>{told}"


def _row(row: Mapping[str, Any], policy: Mapping[str, Any], lang: Lang) -> Sequence[str]:
    state = str(row["state"])
    shown = badge(STATES.get(state, "bad"), text(f"state.{state}", lang))
    if "label" not in row:  # its deployment is going, and nobody knows its card any more
        return [f"<strong>{esc(row['name'])}</strong>", shown, *["—"] * (len(COLUMNS) - 2)]
    breaker, latency = row["breaker"], row["latency"]
    why = f'<span class="lc-sub">{esc(row["reason"])}</span>' if row["reason"] else ""
    failing = f'<span class="lc-sub">{esc(breaker["reason"])}</span>' if breaker["state"] != "closed" else ""
    abilities = " · ".join(text(f"ability.{one}", lang) for one in row["abilities"])
    return [
        f'<strong>{esc(row["name"])}</strong><span class="lc-sub">{esc(abilities)}</span>',
        shown + why,
        number(row["replicas"]),
        f'{number(row["ongoing"])}<span class="lc-sub">{esc(text("models.queued", lang, queued=row["queued"]))}</span>',
        _seconds(latency["first_s"]),
        _seconds(latency["total_s"]),
        f'{row["error_rate"]:.1%}<span class="lc-sub">{number(row["failures"])}/{number(row["requests"])}</span>',
        badge(BREAKERS[breaker["state"]], text(f"breaker.{breaker['state']}", lang)) + failing,
        _traffic(row, policy, lang),
        number(row["cost"]),
    ]


def _traffic(row: Mapping[str, Any], policy: Mapping[str, Any], lang: Lang) -> str:
    said = []
    if row["weight"] is not None:
        said.append(badge("idle", text("traffic.weight", lang, weight=f"{row['weight']:g}")))
    if row["canary"] is not None:
        said.append(badge("warn", text("traffic.canary", lang, percent=f"{row['canary']:g}")))
    for pin in policy.get("pins", ()):
        if pin["model"] == row["name"]:
            said.append(badge("idle", text("traffic.pin", lang, ability=text(f"ability.{pin['ability']}", lang))))
    return " ".join(said) or "—"


def _policy(policy: Mapping[str, Any], lang: Lang) -> str:
    """The parts of a policy that say something."""
    told = {name: value for name, value in policy.items() if value}
    return "; ".join(f"{name}: {_plain(value)}" for name, value in told.items()) or text("revisions.empty", lang)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={_plain(one)}" for name, one in value.items() if one not in ("", None))
    return " / ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)


def _seconds(value: float | None) -> str:
    return ms(None if value is None else value * 1000)
