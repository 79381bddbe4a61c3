"""Common beliefs about the law that are wrong (misbeliefs.yaml), found where the client asserts them or asks if so.

A fact of a story is no belief (公司跟我约定试用期一年 is corrected by the opinion), nor is a belief that is denied.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

FILE = Path(__file__).with_name("misbeliefs.yaml")
_ASSERTED = re.compile(
    r"法律|规定|法典|[劳动]法|法律?上|法院|听说|听人|据说|都说|有人说|人说|说是|[他她们方司板位东家服业察友爸妈哥姐弟妹医里级]说"
    r"|网上|是不是|认为|觉得|以为|我记得|应该|肯定|按理|难道|反正|据我所知|对[吧吗不]|[吧吗]|没错|一律|都是"
)
_REFUTED = re.compile(
    r"(?:是|说法|这种|这个|明显|根本|完全)(?:错|不对|假|误区|谣言|骗|瞎说|胡说)|(?:并非|不是说|谁说|误以为|谣传)"
)
_DENIED = re.compile(r"不能|不得|不可以|不应该?|不允许|不准|并不|不是|不用|不一定|未必|不会|也不|没有?.{0,4}规定")


class Misbelief(BaseModel):
    """One entry of the file, whose head says what its keys are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    believes: str
    unless: str = ""
    right: str
    articles: tuple[str, ...] = Field(min_length=1)
    example: str
    fine: str


@cache
def known() -> tuple[Misbelief, ...]:
    """All entries. Raises pydantic's ValidationError for a file that is not as its head says."""
    return tuple(Misbelief.model_validate(row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def held(text: str) -> Sequence[Misbelief]:
    """The wrong beliefs that the text asserts or asks about, in the order of the file."""
    sentences = [
        re.sub("是不是|是否", "", sentence)
        for sentence in re.split(r"(?<=[。!?;\n])", plain(text))
        if _ASSERTED.search(sentence) and not _REFUTED.search(sentence)
    ]
    return [one for one in known() if any(_believed(one, sentence) for sentence in sentences)]


def _believed(one: Misbelief, sentence: str) -> bool:
    for match in compiled(one.believes).finditer(sentence):
        # A pattern that has no 不 of its own is about something that may not be so: 试用期不能约定一年.
        before = sentence[max(0, match.start() - 3) : match.start()]
        denied = "不" not in one.believes and _DENIED.search(match[0])
        excepted = one.unless and compiled(one.unless).search(match[0])
        if denied or excepted or re.search(r"(?:不是|并非|没有|未必)$", before):
            continue
        return True
    return False
