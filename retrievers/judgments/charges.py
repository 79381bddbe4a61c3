"""Names of criminal charges: how files write them, and when one name covers another.

Knows no list of charges: a name is what stands in the file, in one form.
"""

import re

_BRACKETS = re.compile(r"[\[\]【】\s]")


def named(written: str) -> str:
    """The charge in the form 盗窃罪: without brackets and blanks, ending in 罪; empty where nothing is written."""
    bare = _BRACKETS.sub("", written).strip("、,，;；").removesuffix("罪")
    return f"{bare}罪" if bare else ""


def covers(known: str, asked: str) -> bool:
    """Whether `known` is the charge `asked`, or a compound one (with 、) that holds it.

    The parts of a compound charge are read in order: 贩卖毒品罪 is in 走私、贩卖、运输、制造毒品罪, 抢劫罪 is not in
    抢劫枪支罪.
    """
    known, asked = named(known), named(asked)
    if known == asked:
        return True
    rest = iter(known.replace("、", ""))
    return "、" in known and all(sign in rest for sign in asked.replace("、", ""))
