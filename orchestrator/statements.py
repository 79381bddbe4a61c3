"""Which part of a message states something: a supposition (如果没签合同呢) and a question state nothing.

Knows words only, no fields and no graph.
"""

import re

from orchestrator.wording import plain

LONGEST_SUPPOSITION = 60  # characters; what is longer tells a story in which an 如果 stands
LONGEST_CONFIRMATION = 16
_IF = r"(?:如果|要是|假如|假设|假使|假定|倘若|若是|万一|换成|换作|若(?!干|何))"
_SUPPOSES = re.compile(
    rf"^(?:那么?|请问|还有|另外|不过|可是|但是?|可|再问一下|我?(?:再|还)?想问一?下?|[,。\s])*{_IF}|{_IF}.{{1,30}}(?:的话|呢|会怎|怎么办)|.{{2,20}}的话(?:呢|会|怎|能|可|还|[?])"
)
_OPENING = re.compile(
    rf"^(?:那么?|请问|还有|另外|不过|可是|但是?|可|再问一下|我?(?:再|还)?想问一?下?|[,。\s])*(?:{_IF})?"
)
_FRAME = re.compile(
    r"(?:的话)?[呢吗啊呀]?[?。!]*$|(?:的话)?(?:又|还|就)?(?:会怎么?样|怎么办|怎么样|会怎样)(?:呢|啊)?[?。]*$"
)
_REAL = re.compile(r"(?:如果|要是).{0,12}(?:需要|可以的话|方便|没记错|没理解错|你|您)")
_ASKS = re.compile(
    r"[吗呢么]\s*$|怎么(?!也|都)|怎样|如何|多少|多久|多长|哪[个里些天儿家]|谁|什么(?!都|也)|是否|能不能|会不会|要不要|可不可以|算不算|是不是|[?]\s*$|几[年天个]"
)
_TOLD = re.compile(r"(?:我们?|俺|咱|他们?|她|对方|公司|老板|单位|房东|中介|警察|交警|法院).{0,8}(?:有|没|已经?|过|了)")
_SO = re.compile(
    r"^(?:嗯|对|是的?|没错|确实|实际|其实|事实|真的|就)*[,。!\s]*(?:实际上?|其实|确实|事实|情况|真的|真实情况|就|我们?)*[,\s]*"
    r"(?:上|就)*(?:是|如此)(?:这样|这么回事|这个情况|真的|这种情况)?(?:的|了|啊|呀)*[,。!\s]*$|^(?:确实|其实|实际上?)(?:如此|就?是这样)的?[。!]?$"
)
_ANEW = re.compile(
    r"(?:那|好的?|嗯|我|我们|[,。\s])*(?:想|要|再)*(?:换一?个?(?:问题|话题|事)|(?:再|另外|还)想?(?:问|咨询)(?:一?[个件])?(?:别的|其他|另外|新)?的?(?:事|问题)"
    r"|另一[件个](?:事|问题)|重新(?:开始|咨询)|新的?问题)[吧呀了啊。!]*"
)
_WHAT_OF = re.compile(r"(?:那么?|还有|另外|至于)[,\s]*(.{2,12}?)(?:呢|怎么算|怎么办|有吗|能要吗|可以要吗|要吗)+[?。!]*")
# Whose word it is: not the client's own, nor that of one who decides or certifies.
_CLAIMS = re.compile(
    r"^(?!我|您|你|咱|俺)(?![^,。]{0,6}(?:法[院官庭]|仲裁|警|医|鉴定|检察|局|委))[^,。;!?]{1,8}?"
    r"(?:(?:非|硬|就|都|却|又|反过来)?(?:说(?!好|清|明|过?要|话|服)|声称|辩称|主张|坚持|咬定)|认为)"
)
_MARKS = re.compile(r"[\s,。!?;:、“”\"'…~—-]")


def supposes(text: str) -> bool:
    """Whether the message asks what would follow if something were different."""
    said = plain(text).strip()
    return len(said) <= LONGEST_SUPPOSITION and bool(_SUPPOSES.search(said)) and not _REAL.search(said)


def supposed(text: str) -> str:
    """What a supposition supposes, without the words that frame it: 要是有欠条呢 gives 有欠条."""
    return _FRAME.sub("", _OPENING.sub("", plain(text).strip()))


def claims(text: str) -> bool:
    """Whether what is supposed is only what the other side says: 如果公司说是协商解除的呢."""
    return supposes(text) and bool(_CLAIMS.match(supposed(text)))


def confirms_supposition(text: str) -> bool:
    """Whether a bare message says that what was supposed is so: 对,实际就是这样."""
    said = plain(text).strip()
    return len(said) <= LONGEST_CONFIRMATION and bool(_SO.match(said))


def begins_anew(text: str) -> bool:
    """Whether the message says that another matter begins, and nothing of it."""
    return bool(_ANEW.fullmatch(plain(text).strip()))


def and_what_of(text: str) -> str:
    """What a 那…呢 asks after (那误工费呢 gives 误工费); empty when the message is none."""
    match = _WHAT_OF.fullmatch(plain(text).strip())
    return match[1] if match else ""


def told(text: str) -> str:
    """The text without its clauses that only ask; a clause that asks and tells as well (我有录音能用吗) is kept."""
    return "".join(clause for clause in _clauses(text) if not _asks(clause))


def asking(text: str) -> str:
    """The clauses of the text that ask, whatever else they tell."""
    return "".join(clause for clause in _clauses(text) if _ASKS.search(clause))


def asks_only(text: str) -> bool:
    """Whether nothing in the text is told."""
    return bool(plain(text).strip()) and not re.sub(r"[\s,。!?;]", "", told(text))


def same(one: str, other: str) -> bool:
    """Whether two messages are the same but for marks and blanks."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return _MARKS.sub("", plain(text)).replace("，", "").replace("。", "")


def _clauses(text: str) -> list[str]:
    return re.findall(r"[^,。;!?\n]*[,。;!?\n]?", plain(text))


def _asks(clause: str) -> bool:
    return bool(_ASKS.search(clause)) and not _TOLD.search(clause)
