"""The models as they are now, the policy for their traffic, and its revisions."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import Tone, badge, esc, ms, number

STATES: dict[str, Tone] = {"ready": "good", "drained": "idle", "starting": "warn", "removing": "warn"}
BREAKERS: dict[str, Tone] = {"closed": "good", "half_open": "warn", "open": "bad"}
COLUMNS = ("model", "state", "replicas", "queue", "first", "total", "errors", "breaker", "traffic", "cost")


def table(rows: Sequence[Mapping[str, Any]], revision: Mapping[str, Any], lang: Lang) -> str:
    """All models, from the rows of GET /v1/admin/models and the answer of GET /v1/admin/traffic."""
    made = [_row(row, revision["policy"], lang) for row in rows]
    head = [text(f"models.{column}", lang) for column in COLUMNS]
    told = text("models.revision", lang, revision=revision["revision"])
    return parts.table(text("models.caption", lang), head, made, text("models.none", lang)) + parts.note(told)


def revisions(listed: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """The revisions of the policy, the newest first."""
    rows = [
        (
            esc(one["revision"]),
            esc(parts.when(one["at"], lang)),
            esc(one["who"]),
            f'<span class="lc-words">{esc(one["why"] or "—")}</span>',
            f'<span class="lc-words">{esc(worded(one["policy"], lang))}</span>',
        )
        for one in listed
    ]
    head = [text(f"revisions.{column}", lang) for column in ("revision", "at", "who", "why", "policy")]
    told = parts.table(text("revisions.caption", lang), head, rows, text("revisions.none", lang))
    return f"<h2>{esc(text('revisions.title', lang))}</h2>{told}"


def worded(policy: Mapping[str, Any], lang: Lang) -> str:
    """What a policy says."""
    said = [text("policy.drained", lang, model=model) for model in policy["drained"]]
    said += [text("policy.weight", lang, model=model, amount=f"{one:g}") for model, one in policy["weights"].items()]
    said += [
        text("policy.canary", lang, model=one["model"], amount=f"{one['percent']:g}") for one in policy["canaries"]
    ]
    said += [text("policy.pin", lang, pin=pinned(one, lang)) for one in policy["pins"]]
    said += [
        text("policy.chain", lang, ability=text(f"ability.{ability}", lang), models=" → ".join(chain))
        for ability, chain in policy["chains"].items()
    ]
    return text("policy.and", lang).join(said) or text("policy.empty", lang)


def pinned(pin: Mapping[str, Any], lang: Lang) -> str:
    """A pin: the ability, in which field of law and for which key, and the model."""
    ability = text(f"ability.{pin['ability']}", lang)
    within = [text(f"pin.{name}", lang, name=pin[name]) for name in ("field", "key") if pin[name]]
    return " ".join([ability, *within, "→", pin["model"]])


def _row(row: Mapping[str, Any], policy: Mapping[str, Any], lang: Lang) -> Sequence[str]:
    state = str(row["state"])
    shown = badge(STATES.get(state, "bad"), text(f"state.{state}", lang))
    if "label" not in row:  # its deployment is going, and nobody knows its card any more
        return [f"<strong>{esc(row['name'])}</strong>", shown, *["—"] * (len(COLUMNS) - 2)]
    breaker, latency = row["breaker"], row["latency"]
    why = f'<span class="lc-sub lc-words">{esc(row["reason"])}</span>' if row["reason"] else ""
    failing = f'<span class="lc-sub lc-words">{esc(breaker["reason"])}</span>' if breaker["state"] != "closed" else ""
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
    tones: dict[str, Tone] = {"weight": "idle", "canary": "warn"}
    said = [
        badge(tone, text(f"traffic.{name}", lang, amount=f"{row[name]:g}"))
        for name, tone in tones.items()
        if row[name] is not None
    ]
    if row["name"] in policy["drained"] and row["state"] != "drained":  # it is broken, too
        said.append(badge("idle", text("state.drained", lang)))
    said += [
        badge("idle", text("policy.pin", lang, pin=pinned(pin, lang).removesuffix(f" → {row['name']}")))
        for pin in policy["pins"]
        if pin["model"] == row["name"]
    ]
    return " ".join(said) or "—"


def _seconds(value: float | None) -> str:
    return ms(None if value is None else value * 1000)
