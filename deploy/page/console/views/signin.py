"""The sign-in: a page by itself, without a script, that names nothing of what is behind it."""

import base64
import hashlib

from deploy.page.console.texts import Lang, text
from deploy.page.console.views.parts import esc

STYLE = """
:root{color-scheme:light dark;--ink:#16233b;--paper:#f7f5ef;--card:#fff;--line:#d9d5c8;--soft:#566074;
--deep:#1f3a5f;--bad:#a3271f}
@media (prefers-color-scheme:dark){:root{--ink:#e9e6dc;--paper:#10161f;--card:#18202c;--line:#323c4b;
--soft:#a9b2c0;--deep:#8fb4e3;--bad:#ff9c8f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1rem/1.7 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}
main{width:min(25rem,100%);background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem}
h1{margin:0 0 .25rem;font:600 1.5rem/1.4 "Songti SC","Noto Serif CJK SC",serif;color:var(--deep)}
p{margin:.25rem 0 1rem;color:var(--soft);font-size:.925rem}
label{display:block;font-weight:600;margin-bottom:.35rem}
input{width:100%;padding:.65rem .75rem;font:inherit;color:inherit;background:transparent;
border:1px solid var(--soft);border-radius:8px}
button{width:100%;margin-top:1rem;padding:.7rem;font:inherit;font-weight:600;border:0;border-radius:8px;
background:var(--deep);color:var(--card);cursor:pointer}
:focus-visible{outline:3px solid var(--deep);outline-offset:2px}
.bad{color:var(--bad);font-weight:600}
nav{margin-top:1.25rem;display:flex;justify-content:space-between;font-size:.875rem}
a{color:var(--deep)}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(lang: Lang, denied: str | None) -> str:
    """The page; `denied` says why the key before was not taken (wrong, often, away).

    Under the referrer policy of all other pages a browser would send its form with no Origin that can be checked.
    """
    said = f'<p class="bad" role="alert">{esc(text(f"signin.{denied}", lang))}</p>' if denied else ""
    other = "?lang=zh" if lang == "en" else "?lang=en"
    return f"""<!doctype html>
<html lang="{"en" if lang == "en" else "zh-CN"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="same-origin">
<title>{esc(text("signin.title", lang))}</title><style>{STYLE}</style></head>
<body><main><h1>{esc(text("signin.title", lang))}</h1><p>{esc(text("signin.lead", lang))}</p>{said}
<form method="post" action="session"><input type="hidden" name="lang" value="{lang}">
<label for="key">{esc(text("signin.key", lang))}</label>
<input id="key" name="key" type="password" autocomplete="current-password" required maxlength="256" autofocus>
<button type="submit">{esc(text("signin.enter", lang))}</button></form>
<nav><a href="../">{esc(text("signin.back", lang))}</a><a href="{other}">{esc(text("language", lang))}</a></nav>
</main></body></html>
"""
