"""API keys and what they used. The text of a key is nowhere in it: the server does not keep it."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deploy.page.console.texts import Lang, text
from deploy.page.console.views import parts
from deploy.page.console.views.parts import badge, esc, number

LIMITS = ("per_minute", "per_day", "per_month")


def keys(listed: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """The keys of GET /v1/admin/keys."""
    rows = [
        (
            f'<strong>{esc(one["name"])}</strong><span class="lc-sub">{esc(one["id"])}</span>',
            _state(one, lang),
            esc(", ".join(one["scopes"])),
            esc(", ".join(one["corpora"]) or "—"),
            esc(" / ".join(number(one[name]) for name in LIMITS)),
            esc(parts.when(one["used"], lang)),
            esc(parts.when(one["expires"], lang, "keys.forever")),
        )
        for one in listed
    ]
    head = [text(f"keys.{name}", lang) for name in ("name", "state", "scopes", "corpora", "limits", "used", "expires")]
    return parts.table(text("keys.caption", lang), head, rows, text("keys.none", lang))


def usage(told: Mapping[str, Any], lang: Lang) -> str:
    """The usage of GET /v1/admin/usage, by key and model over its days, the most used first."""
    summed: dict[tuple[str, str], dict[str, int]] = {}
    for row in told["rows"]:
        counted = summed.setdefault((row["name"] or row["key"], row["model"]), dict.fromkeys(_COUNTED, 0))
        for name in _COUNTED:
            counted[name] += row[name]
    ordered = sorted(summed.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    rows: Iterable[Sequence[str]] = [
        (
            f"<strong>{esc(key)}</strong>",
            esc(model or text("usage.all", lang)),
            *(number(counted[name]) for name in _COUNTED),
        )
        for (key, model), counted in ordered
    ]
    head = [text(f"usage.{name}", lang) for name in ("key", "model", *_COUNTED)]
    title = text("usage.caption", lang, since=told["since"], until=told["until"])
    return f"<h2>{esc(title)}</h2>" + parts.table(title, head, rows, text("usage.none", lang))


def _state(key: Mapping[str, Any], lang: Lang) -> str:
    if key["revoked"] is not None:
        return badge("bad", text("keys.revoked", lang))
    if key["expires"] is not None and key["expires"] <= time.time():
        return badge("warn", text("keys.expired", lang))
    return badge("good", text("keys.open", lang))


_COUNTED = ("requests", "calls", "prompt_tokens", "completion_tokens")
