"""Turns tokens into text as they come: incomplete characters and beginnings of stop strings are held back."""

from typing import Any

from tokenizers import Tokenizer

UNFINISHED = "\ufffd"  # stands for bytes that are no character, or not yet


class TextStream:
    """The text of one request. `stopped` is true once a stop string was met; nothing is said after that."""

    def __init__(self, tokenizer: Any, stop: tuple[str, ...]) -> None:
        self._tokenizer: Tokenizer = tokenizer.backend_tokenizer
        # The tokens whose text was told last, whose text is `_told`, and after them those that are not told yet:
        # whether a word has a space before it shows only behind another token.
        self._window: list[int] = []
        self._told_tokens, self._told = 0, ""
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self.stopped = False

    def feed(self, token: int) -> str:
        """What can be said for sure after `token`."""
        if self.stopped:
            return ""
        text = self._cut(self._held + self._decoded(token))
        if self.stopped:
            return text
        keep = max((_overlap(text, stop) for stop in self._stop), default=0)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def close(self) -> str:
        """What is still held, at the end; a character that the end cut in two is never said."""
        if self.stopped:
            return ""
        rest = self._text(self._window)[len(self._told) :].rstrip(UNFINISHED)
        text, self._window = self._cut(self._held + rest), []
        self._held = self._told = ""
        return text

    def _cut(self, text: str) -> str:
        """`text` up to the first stop string in it."""
        met = [place for place in (text.find(stop) for stop in self._stop) if place >= 0]
        if met:
            self.stopped, self._held = True, ""
        return text[: min(met)] if met else text

    def _decoded(self, token: int) -> str:
        """The text that `token` completes."""
        # Not tokenizers' DecodeStream: it raises where bytes turn out to be no character.
        self._window.append(token)
        text = self._text(self._window)
        if len(text) <= len(self._told) or text.endswith(UNFINISHED):
            return ""
        fresh = text[len(self._told) :]
        self._window = self._window[self._told_tokens :]
        self._told_tokens, self._told = len(self._window), self._text(self._window)
        return fresh

    def _text(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of `text` may be the beginning of `stop`."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:size])), 0)
