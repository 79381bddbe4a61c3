"""Files handed to the visitor without a route: the bytes travel in the page's own event, the browser saves them."""

import base64
from typing import Any
from uuid import uuid4

import gradio as gr

from deploy.sdk import Download

# A new value is a file to save; what was saved does not stay in the page.
SAVE = """
let saved = null;
watch('value', () => {
  const file = props.value;
  if (!file || !file.content || file.once === saved) return;  // the end of an event tells its last value again
  saved = file.once;
  const bytes = Uint8Array.from(atob(file.content), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], {type: file.media_type}));
  const link = Object.assign(document.createElement('a'), {href: address, download: file.name, hidden: true});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  props.value = null;
});
"""


def outlet() -> gr.HTML:
    """The component, one for the page, that saves in the visitor's browser whatever `offer` gives to it."""
    return gr.HTML(None, html_template="", js_on_load=SAVE, visible="hidden", elem_id="lx-outlet")


def offer(file: Download) -> dict[str, Any]:
    """The value of the outlet that saves this file under its name, also when it was saved before."""
    return {
        "name": file.name,
        "media_type": file.media_type,
        "content": base64.b64encode(file.content).decode(),
        "once": uuid4().hex,
    }
