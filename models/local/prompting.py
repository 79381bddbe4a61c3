"""Writes a conversation in a checkpoint's own chat format, as token ids. Knows nothing of generation."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import TemplateError

from models.contracts import BadRequest, Message
from models.local.loading import Checkpoint


def prompt_ids(checkpoint: Checkpoint, messages: Sequence[Message], values: dict[str, Any]) -> list[int]:
    """The token ids of the messages; `values` go into the chat template. Raises BadRequest when it refuses them."""
    tokenizer, chat_format = checkpoint.tokenizer, checkpoint.chat_format
    rows = [{"role": row.role, "content": disarmed(checkpoint, row.content)} for row in messages]
    try:
        if chat_format is None:
            text = tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True, **values)
        else:
            text = chat_format.render(rows, eos_token=tokenizer.eos_token, **values)
    except TemplateError as error:
        raise BadRequest(f"the model's chat template refuses these messages: {error}") from error
    ids = list(tokenizer(text, add_special_tokens=False)["input_ids"])
    # Not as text: behind "<s>" the first word would lack the space that SentencePiece puts before a text.
    return [tokenizer.bos_token_id, *ids] if chat_format is not None and chat_format.bos else ids


def disarmed(checkpoint: Checkpoint, text: str) -> str:
    """`text` without marks: a user who types <|im_end|> or ### Response: must not end their own message."""
    chat_format = checkpoint.chat_format
    # Some tokenizers also add plain words and runs of spaces, which are no controls.
    controls = [token for token in checkpoint.tokenizer.get_added_vocab() if len(token) > 2 and token[0] in "<[｜|"]
    marks = _marks((*controls, *(chat_format.markers if chat_format else ())))
    return marks.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


@cache
def _marks(marks: tuple[str, ...]) -> re.Pattern[str]:
    """Any of `marks`, however they are spaced and written: a model takes ###response： for the same thing."""
    parts = ([*re.split(r"\s+|(?=:)", mark)] for mark in sorted(marks, key=len, reverse=True))
    spellings = (r"\s*".join("[:：]" if part == ":" else re.escape(part) for part in row if part) for row in parts)
    return re.compile("|".join(spellings) or r"(?!)", re.IGNORECASE)
