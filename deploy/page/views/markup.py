"""From a template beside this file to HTML: every value is escaped where it is put in, whatever it holds."""

from collections.abc import Callable
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from deploy.page.texts import Lang, text
from models.characters import visible
from orchestrator.wording import typeset

_ENVIRONMENT = Environment(
    loader=PackageLoader("deploy.page", "views"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: visible(value) if type(value) is str else value,  # markup of our own is no plain str
)
_ENVIRONMENT.filters["typeset"] = typeset  # for sentences of the API's; never for quoted law, nor what a client wrote


def render(template: str, lang: Lang, **values: object) -> str:
    """The template's HTML. It has `t(key, **values)` for the page's words; a name it is not given is an error."""
    words: Callable[..., str] = partial(_words, lang)
    return _ENVIRONMENT.get_template(f"{template}.html").render(t=words, lang=lang, **values).strip()


def _words(lang: Lang, key: str, **values: object) -> str:
    return text(key, lang, **values)
