"""Chinese and Arabic numerals, as statutes and clients write them, to integers and back.

Knows nothing of law; `cn2an` does the conversion, this module fixes what it accepts and what it returns.
"""

from functools import lru_cache

import cn2an

DIGITS = "0-9０-９〇○零一二两兩三四五六七八九十百千万萬廿壹贰叁肆伍陆柒捌玖拾佰仟"
_PLAIN = str.maketrans(
    "０１２３４５６７８９○兩萬壹贰叁肆伍陆柒捌玖拾佰仟",
    "0123456789〇两万一二三四五六七八九十百千",
)


@lru_cache(maxsize=4096)
def to_int(numeral: str) -> int:
    """The integer written by `numeral` (Arabic, full-width or Chinese).

    Raises ValueError for anything that is not a whole number.
    """
    text = numeral.strip().translate(_PLAIN)
    if text.isascii() and text.isdigit():
        return int(text)
    if text[:1] in ("百", "千", "万"):  # 千分之 and 万分之 leave a bare unit, which cn2an refuses
        text = "一" + text
    try:
        value = cn2an.cn2an(text, "smart")
    except (KeyError, IndexError) as error:  # what it raises for 一二十 and the like
        raise ValueError(f"not a number: {numeral!r}") from error
    if value != int(value):
        raise ValueError(f"not a whole number: {numeral!r}")
    return int(value)


def to_chinese(number: int) -> str:
    """The numeral of article headings: 1079 → 一千零七十九, 12 → 十二."""
    text = str(cn2an.an2cn(number, "low"))
    return text[1:] if text.startswith("一十") else text
