"""Writes a conversation in a checkpoint's own chat format, as token ids. Knows nothing of generation."""

from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from models.contracts import BadRequest, Message
from models.local.loading import Checkpoint


def prompt_ids(checkpoint: Checkpoint, messages: Sequence[Message], values: dict[str, Any]) -> list[int]:
    """The token ids of the messages; `values` go into the chat template. Raises BadRequest when it refuses them."""
    tokenizer = checkpoint.tokenizer
    # Some tokenizers also add plain words and runs of spaces, which are no controls.
    controls = [token for token in tokenizer.get_added_vocab() if len(token) > 2 and token[0] in "<[｜|"]
    rows = [{"role": row.role, "content": _disarmed(row.content, controls)} for row in messages]
    try:
        text = tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True, **values)
    except TemplateError as error:
        raise BadRequest(f"the model's chat template refuses these messages: {error}") from error
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _disarmed(text: str, controls: list[str]) -> str:
    """`text` without control tokens: a user who types <|im_end|> must not end their own message."""
    for control in controls:
        text = text.replace(control, f"{control[0]} {control[1:]}")
    return text
