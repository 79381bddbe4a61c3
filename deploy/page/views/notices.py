"""What stands around a consultation: header, the notice that is always visible, the beginning, an emergency."""

from deploy.page.texts import Lang
from deploy.page.views.markup import render

NUMBERS = ("110", "120", "12338", "12356")


def header(lang: Lang) -> str:
    """Wordmark, hotline, language and theme switches, and on a phone what opens the list of consultations."""
    return render("header", lang)


def footer(lang: Lang) -> str:
    """That the answers are made by AI, and the hotline; visible in every state."""
    return render("footer", lang)


def welcome(lang: Lang) -> str:
    """An empty conversation: what to write, and three stories to begin with."""
    return render("welcome", lang)


def emergency(lang: Lang) -> str:
    """The numbers to call first, above an answer of status `emergency`."""
    return render("emergency", lang, numbers=NUMBERS)


def skeleton(lang: Lang) -> str:
    """What stands in the document until Gradio has mounted, in the same look; nothing of it can be pressed."""
    return render("skeleton", lang)
