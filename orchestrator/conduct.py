"""What no model may say, whatever it cites; a sentence that does is dropped, like one whose citations fail.

That it is a lawyer, that the outcome is certain, that checks are off, words that only this product says of its own
answers; a number, account or address of a person, or a case number, that neither the client nor the plan gave; its own
instructions; and law cited in a writing that cannot be checked.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from models import prompts
from models.masking import identities
from orchestrator.wording import plain
from retrievers import numerals

_FILLING = re.compile(r"[\s*_`~|\u3000]+")
_REST = r"(?:(?!不是|并非|不能|[,，。;；!！?？:：]).)"
_LAWYER = re.compile(
    rf"(?:我|本人|在下|咱)(?:就是|乃是|是|作为|身为|确实是){_REST}{{0,8}}(?:律师|法官|检察官|公证员)"
    r"|本律师|本所律师|我所律师|我们(?:律所|律师事务所)|作为[您你](?:的)?(?:代理|专属|私人)?律师"
    r"|(?i:(?:iam|i'm|asyour|asa)(?:an?|your)?(?:licensed|qualified)?(?:lawyer|attorney|judge))"
)
_CERTAIN = re.compile(
    r"(?:保证|担保|包|承诺|百分之百|百分百|100%|绝对|必定|必然|稳)(?:您|你|能|会|可以|地)*(?:胜诉|打赢|赢官司|赢得官司|无罪|不判刑|拿回)"
    r"|(?:胜诉|成功|赢)(?:率|概率|几率)(?:高达|为|是|有|达)?(?:100%|百分之百|百分百)"
)
_DENIED = re.compile(r"不|没|无|未|难|谁|任何|声称|自称|宣称|警惕|切勿|莫|相信|轻信|所谓")
_UNCHECKED = re.compile(
    r"核对(?:已|已经|现已)?(?:被)?(?:关闭|跳过|停用|取消|省略|免除)|(?:跳过|关闭|无需|不用|不必|免去)(?:了)?(?:引用|法条)?(?:的)?核(?:对|验)"
    r"|(?:开发者|管理员|越狱|无限制|dan)模式|(?i:developermode|jailbreak)"
)
_OURS = re.compile(
    r"[\d.、>#-]{0,6}(?:更正|法律变动提示|假设|答不了的部分|降级提示|贵单位内部文件的相关内容|AI生成·?|系统(?:提示|消息|通知|管理员))(?:[:：·]|$)"
)
_OUR_MARKS = re.compile(r"\*\*\s*(?:更正|法律变动提示|答不了的部分|降级提示)\s*\*\*")
_CASE_NUMBER = re.compile(
    r"[(（〔\[]\d{4}[)）〕\]][\u4e00-\u9fffA-Za-z0-9]{1,14}?[民刑行执知破赔商财][\u4e00-\u9fff]{0,6}第?\d{1,7}号|指导(?:性)?案例第?\d{1,4}号"
)
_FOREIGN = re.compile(r"(?i)\b(?:art(?:icle)?s?|sec(?:tion)?s?|clauses?|para(?:graph)?s?)\b\.?\s*(?:no\.?\s*)?\(?\d+")
_BARE = re.compile(
    r"(?<![方办做说想看手书佛魔无])法(?:典)?[》〉]?(?:·|之|-|#|的)?\s*第?\d{2,4}(?![\d.,、年月日个元条人天号%万千百次名种])"
)
_ARTICLE = re.compile(r"第([^第条條\n。;；]{1,16})[条條]")
_READABLE = re.compile(f"[{numerals.DIGITS}]*")
_JOINS = re.compile(r"[\s*`\u3000、,，;；~～—–\-－至到和或与第之()（）.#]+")
_SPAN = 18  # characters in a row that only the instructions have
_PART = _SPAN // 2  # of any such span, one part that begins at a multiple of it is whole
_FIGURE = re.compile(r"\d")


def fault(sentence: str, known: str) -> str:
    """What is wrong with a model's sentence, empty for nothing. `known`: what the client, the plan or the caller said."""
    read = plain(sentence)
    text = _FILLING.sub("", read)
    if _LAWYER.search(text):
        return "自称律师或司法人员"
    if (sure := _CERTAIN.search(text)) and not _DENIED.search(text[max(0, sure.start() - 12) : sure.start()]):
        return "承诺结果"
    if _UNCHECKED.search(text):
        return "声称核对可以免除"
    if _OURS.match(text) or _OUR_MARKS.search(sentence):
        return "冒充系统自己的提示"
    if stranger := next(_strangers(text, known), ""):
        return f"出现来源不明的{stranger}"
    unread = _FIGURE.search(read) and (_FOREIGN.search(read) or _BARE.search(text))
    if unread or any(_odd(one[1]) for one in _ARTICLE.finditer(sentence)):
        return "引用的写法无法核对"
    return "复述了系统的指令" if _repeats(text) else ""


def _repeats(text: str) -> bool:
    """Whether _SPAN characters in a row stand in the instructions."""
    spans, parts = _instructions(_SPAN), _instructions(_PART)
    if not any(text[at : at + _PART] in parts for at in range(0, len(text) - _PART + 1, _PART)):
        return False
    return any(text[at : at + _SPAN] in spans for at in range(len(text) - _SPAN + 1))


def _strangers(text: str, known: str) -> Iterator[str]:
    """The kinds of identity data and case numbers in the text that were not known."""
    told = ""
    rows = [*identities(text)]
    if _FIGURE.search(text):
        rows += [("案号", one[0]) for one in _CASE_NUMBER.finditer(text)]
    for kind, value in rows:
        told = told or _bare(known)
        if _bare(value) not in told:
            yield kind


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text)).upper()


def _odd(number: str) -> bool:
    """Whether a number is written so that no check reads it (①, 𝟗, 九_千): only of figures and marks, and not plain."""
    figures = re.sub(r"[\W_]+", "", number)
    if not all(unicodedata.numeric(char, None) is not None for char in figures or number):
        return False
    return _READABLE.fullmatch(_JOINS.sub("", number)) is None


@cache
def _instructions(length: int) -> frozenset[str]:
    """All that stands in the instructions in so many characters."""
    texts = [_FILLING.sub("", plain(text)) for text in prompts.instructions()]
    return frozenset(text[at : at + length] for text in texts for at in range(len(text) - length + 1))
