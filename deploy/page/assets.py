"""The files that make the page's look, as text: its style sheet and its script."""

from functools import cache
from importlib.resources import files

# js_on_load of every gr.HTML that shows a view: what is clicked and sent there arrives as its `select` event.
LISTEN = """
const wire = () => window.lexhub.wire(element, trigger, props, watch);
window.lexhub ? wire() : document.addEventListener("lexhub", wire, {once: true});
"""


@cache
def read(name: str) -> str:
    """The file of this name."""
    return files("deploy.page").joinpath(name).read_text("utf-8")
