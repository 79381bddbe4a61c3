"""Chinese text to search tokens: legal words (jieba with a legal dictionary) and character bigrams.

The only module that imports jieba, and only when a tokeniser is made. A saved index keeps the words of its
dictionary, so that queries are always cut the way its texts were. Knows nothing of indexes or laws.
"""

import hashlib
import logging
import re
import threading
import warnings
from collections.abc import Iterable
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any

from retrievers.contracts import CorruptIndex

DICTIONARY = "dictionary.txt"  # the file of an index that keeps the words of its tokeniser
VERSION = 1  # raise it when the cutting changes: indexes made by another version are not read
_RUN = re.compile(r"[一-鿿]+|[A-Za-z0-9.%]+")
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_STOP = frozenset("的了和与或及是在对为由其之等者被把吗呢吧啊我你他她它也都就还这那个有将以于并应") | {
    *("应当", "可以", "怎么", "什么", "如何", "怎样", "是否", "可不可以", "能不能", "请问", "想问", "谢谢")
}


class Tokeniser:
    """Cuts text into words and bigrams. Safe for concurrent use; `digest` names dictionary and version."""

    def __init__(self, dictionary: Iterable[str]) -> None:
        self.dictionary = tuple(sorted({word for word in dictionary if _legal(word)}))
        self.digest = hashlib.sha256("\n".join([str(VERSION), *self.dictionary]).encode()).hexdigest()
        self._cutter = _cutter()
        for word in self.dictionary:
            self._cutter.add_word(word)

    def words(self, text: str) -> list[str]:
        """The words of `text`, long ones also in their parts, without function words and marks."""
        found: list[str] = []
        for run in _RUN.findall(text.translate(_FULL_WIDTH)):
            if run[0] < "一":
                found.append(run.casefold())
            else:
                found += [word for word in self._cutter.cut_for_search(run, HMM=False) if word not in _STOP]
        return found

    def cut(self, text: str) -> list[str]:
        """The whole text in words, one after the other."""
        return list(self._cutter.cut(text, HMM=False))

    def rarity(self, word: str) -> float:
        """How much the word tells of a subject: minus the logarithm of its share in general Chinese, unknown ones most.

        Does not depend on any corpus, so that different ones can be compared by it.
        """
        return log(self._cutter.total / max(1, self._cutter.FREQ.get(word, 1)))


def bigrams(text: str) -> list[str]:
    """Every two neighbouring Chinese characters of `text`; runs of letters and digits as they are."""
    found: list[str] = []
    for run in _RUN.findall(text.translate(_FULL_WIDTH)):
        if run[0] < "一" or len(run) == 1:
            found.append(run.casefold())
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


@lru_cache(maxsize=4)
def tokeniser(dictionary: tuple[str, ...]) -> Tokeniser:
    """The tokeniser with this dictionary; made once in a process, since each holds some 60 MB."""
    with _making:
        return Tokeniser(dictionary)


_making = threading.Lock()


def of_index(folder: Path) -> Tokeniser:
    """The tokeniser that the index in `folder` was made with. Raises CorruptIndex."""
    try:
        dictionary = (folder / DICTIONARY).read_text(encoding="utf-8")
    except OSError as error:
        raise CorruptIndex(f"{folder / DICTIONARY}: {error.strerror}") from error
    return tokeniser(tuple(dictionary.splitlines()))


def frequencies() -> dict[str, int]:
    """How often each Chinese word stands in a large general collection."""
    return {word: often for word, often in _cutter().FREQ.items() if often and _RUN.fullmatch(word) and word[0] >= "一"}


def _legal(word: str) -> bool:
    return 2 <= len(word) <= 12 and _RUN.fullmatch(word) is not None


def _cutter() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's source has invalid escapes
        import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    # Read the dictionary here: jieba's own way keeps a marshalled copy in the shared temporary folder and trusts it.
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter
