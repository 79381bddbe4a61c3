"""A byte-level BPE tokenizer of any size, made on the spot, whose random tokens read like text.

Almost every token is one or two whole Chinese characters, as in the vocabulary of a real checkpoint, so that a stream
of random tokens gives text with each of them; some end a line, as answers do. A few hundred tokens are single bytes
or beginnings of characters: a checkpoint must not say them, since a server drops lines with broken characters.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

START, END, PAD = SPECIALS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
HAN = tuple(map(chr, range(0x4E00, 0x9FA6)))
PLAIN = HAN[-512:]  # part of no token of two characters: each of them is one token in any text
PAIRED = HAN[:-512]
LINE = 32  # one token of so many ends a line
# What JSON is mostly written with: single tokens in real vocabularies as well.
JSON = (
    '{"',
    '":',
    '":"',
    '":[',
    '":[{"',
    '","',
    '"},{"',
    "},{",
    "}]}",
    "]}",
    "0.",
    "1.0",
    "keywords",
    "term",
    "weight",
)


def tokenizer(size: int) -> PreTrainedTokenizerFast:
    """A tokenizer of exactly `size` tokens; the three special ones come last. Raises ValueError when it is too small
    for bytes and characters, or too large for pairs of them.
    """
    written = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)

    def mapped(text: str) -> str:
        return "".join(part for part, _ in written.pre_tokenize_str(text))

    tokens = {token: id for id, token in enumerate(chain(sorted(written.alphabet()), map(mapped, JSON)))}
    merges: list[tuple[str, str]] = []
    written_as = {char: mapped(char) for char in (*HAN, "\n")}

    def merge(left: str, right: str) -> None:
        if left + right not in tokens:
            tokens[left + right] = len(tokens)
            merges.append((left, right))

    for char in HAN:
        first, second, third = list(written_as[char])  # three bytes of UTF-8
        merge(first, second)
        merge(first + second, third)
    missing = size - len(SPECIALS) - len(tokens)
    if missing < 0:
        raise ValueError(f"a vocabulary needs at least {size - missing} tokens, not {size}")
    ending = min(size // LINE, missing)
    lines = ((char, "\n") for char in PAIRED)
    for left, right in chain(islice(lines, ending), islice(_pairs(), missing - ending)):
        merge(written_as[left], written_as[right])
    made = Tokenizer(models.BPE(vocab=tokens, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special: dict[str, Any] = {"eos_token": END, "pad_token": PAD, "additional_special_tokens": [START]}
    fast = PreTrainedTokenizerFast(tokenizer_object=made, **special)
    fast.chat_template = TEMPLATE
    if len(fast) != size:
        raise ValueError(f"a vocabulary of {size} tokens is more than this one can have ({len(fast)})")
    return fast


def silent(tokens: PreTrainedTokenizerFast) -> list[int]:
    """The tokens that a random answer must not have: the special ones, and those that are no whole characters."""
    texts = tokens.batch_decode([[id] for id in range(len(tokens))])
    return [
        id
        for id, text in enumerate(texts)
        if text in SPECIALS or "\ufffd" in text or not text.removesuffix("\n").isprintable()
    ]


def _pairs() -> Iterator[tuple[str, str]]:
    """Pairs of characters, each once."""
    count = len(PAIRED)
    for distance in range(1, count):
        for at, char in enumerate(PAIRED):
            yield char, PAIRED[(at + 997 * distance) % count]
