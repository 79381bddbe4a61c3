"""The parts that papers for courts and arbitration commissions share: facts, requests, evidence, what they rest on."""

import re

from orchestrator.documents import elements, pleading
from orchestrator.documents.matter import Gap, Matter, one_line, open_gap
from orchestrator.documents.template import boxes, clause
from orchestrator.papers.paper import Block, Heading, Items, Table

SECTIONS = "一二三四五六七八九十"
STORY = Gap(id="story", label="事情的经过", hint="按时间顺序写,可以分成几段")
OTHER = Gap(id="other_requests", label="其他请求", hint="没有的写“无”")
TOTAL = Gap(id="claim_total", label="请求的总金额", kind="amount", cues=("标的额", "总金额"))
WITNESSES = Gap(id="witnesses", label="证人姓名和住所", hint="没有证人的写“无”")
EVIDENCE_WIDTHS = (1, 5, 3, 4)


def section(at: int, text: str) -> Heading:
    """一、… of a paper; `at` counts from one."""
    return Heading(text=f"{SECTIONS[at - 1]}、{text}")


def cause(matter: Matter) -> str:
    """The cause as courts name it, without the everyday name in brackets."""
    names = list(dict.fromkeys(one.name.partition("(")[0] for one in matter.causes))
    # Some causes of a pack are kinds of trouble (家庭暴力) that no court has as a cause of its own.
    official = [name for name in names if name.endswith(("纠纷", "争议"))]
    return "、".join(official or names) or open_gap("案由")


def facts(matter: Matter, own: str, other: str) -> list[Block]:
    """What the session knows, by the field's elements, and the place for the story in the client's own words."""
    blocks: list[Block] = []
    if rows := elements.rows(matter, own, other):
        blocks.append(Table(header=("事项", "内容"), rows=tuple(rows), widths=(3, 9)))
    return [*blocks, *(clause(line) for line in matter.lines(STORY))]


def requests(matter: Matter, claimant: str, respondent: str, last: tuple[str, ...] = ()) -> list[Block]:
    """What is requested, as boxes, from the conclusions that hold for these facts; `last` stands in every paper."""
    wanted = pleading.pleading(matter).requests
    rows = pleading.shown(matter, wanted, claimant, respondent)
    rows += [f"☐ 其他请求:{matter[OTHER]}", *last]
    blocks: list[Block] = [Items(rows=tuple(rows), marks="number")]
    blocks.append(Table(rows=(("请求的总金额", matter[TOTAL]), ("依据的法律规定", _basis(matter))), widths=(3, 9)))
    return blocks


def _basis(matter: Matter) -> str:
    if names := pleading.basis(matter, pleading.pleading(matter).requests):
        return names
    if matter.opinion is None:
        return open_gap("依据的法律规定")
    # No request of this field is written down: what the opinion says its conclusions rest on.
    found = [one.name for ground in matter.opinion.plan.grounds if ground.says for one in ground.sources]
    return "、".join(dict.fromkeys(found)) or open_gap("依据的法律规定")


def evidence(matter: Matter, own: str, other: str) -> list[Block]:
    """The evidence that the opinion names, with where it comes from still to be said, and the witnesses."""
    rows = [
        (str(at), name, open_gap("证据来源"), aim or open_gap("证明内容"))
        for at, (name, aim) in enumerate(pieces(matter, own, other), 1)
    ] or [("1", open_gap("证据名称"), open_gap("证据来源"), open_gap("证明内容"))]
    return [
        Table(header=("序号", "证据", "来源", "证明内容"), rows=tuple(rows), widths=EVIDENCE_WIDTHS),
        clause(f"证人:{matter[WITNESSES]}"),
    ]


def pieces(matter: Matter, own: str, other: str) -> list[tuple[str, str]]:
    """Each piece of evidence that the opinion names: what it is, and what it is to prove (may be empty).

    `own` and `other` are what the paper calls the client and the other side.
    """
    plan = None if matter.opinion is None else matter.opinion.plan
    found = []
    for text in plan.evidence if plan else ():
        if _NOT_FILED.search(text):
            continue
        text = one_line(elements.voice(text, own, other).translate(_BRACKETS))
        last = _LAST_BRACKET.search(text)
        if last is None or not (last[1].startswith("证明") or _HINT.match(last[1])):
            found.append((text, ""))
        else:
            # What a bracket says is the aim, or a hint to the client that belongs in no paper.
            aim = last[1] if last[1].startswith("证明") else ""
            found.append((text[: last.start()].strip(), aim))
    return found


_BRACKETS = str.maketrans("（）", "()")
_LAST_BRACKET = re.compile(r"\(([^()]*)\)$")
_NOT_FILED = re.compile(r"财产线索|传票|起诉状")  # to have at hand, not to prove anything with
_HINT = re.compile(r"看|可|要|用来|赶|从|当场|算|写明|尽|别|保留|最好|没有")

DELIVERY = Gap(id="delivery", label="送达地址和收件人、电话")


def delivery(matter: Matter) -> Table:
    """Where papers of the court shall be sent."""
    electronic = f"{boxes('同意', '不同意')}(同意的写明手机号或邮箱)"
    rows = (("送达地址", matter[DELIVERY]), ("电子送达", electronic))
    return Table(rows=rows, widths=(3, 9))


AGENT = ("委托代理人", boxes("没有", "有(写明姓名、单位、电话和代理权限)"))
