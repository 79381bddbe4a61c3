"""A failure, in plain words, with what an operator needs to look it up."""

import math

from deploy.page.texts import Lang, known, text
from deploy.page.views.markup import render


def card(code: str, message: str, request_id: str, lang: Lang, retry_after: float | None = None) -> str:
    """What went wrong, the stable code and the request's number. `retry_after`: seconds.

    Reports `{"action": "retry"}`.
    """
    lines = [text(f"errors.{code}", lang)] if known(f"errors.{code}") else []
    if message and message not in lines:
        lines.append(message)
    if retry_after:
        lines.append(text("errors.wait", lang, seconds=math.ceil(retry_after)))
    return render("errors", lang, code=code, lines=lines, request_id=request_id)
