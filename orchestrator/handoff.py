"""The hand-off to a lawyer (律师交接摘要): one page of what is known and what is not, from the opinion's data only."""

import re
from collections.abc import Iterable, Iterator, Sequence

from orchestrator.contracts import UNCLEAR, Fact, Opinion
from orchestrator.likeness import shortened
from orchestrator.papers.paper import GAP, Block, Heading, Paragraph, Table
from orchestrator.timeline import Entry

LONGEST_STORY = 240  # characters; the whole stands in the report's first part
LONGEST_SENTENCE = 80
NOTHING = "无"
MOST = 6  # sentences of one kind
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_WANTS = re.compile(r"想要?|希望|要求|能不能|可不可以|可以.{0,12}吗|怎么办|如何|该不该|要不要|多少|[吗呢][?？]?$|[?？]")
_DONE = re.compile(
    r"报了?警|催[过了要讨]|投诉[过了]|协商[过了]|起诉[过了]|立案|申请[过了]|仲裁[过了]|调解[过了]|找[过了]|举报[过了]|"
    r"发[过了].{0,6}(?:函|通知|微信|短信)|已经?.{0,8}(?:报警|投诉|起诉|申请|协商|催|举报|调解|咨询)"
)
_LIMITATION = re.compile(r"时效|[年月日天]内")
_PIECE = re.compile(r"^(?P<name>[^(（]+)[(（](?P<aim>.+)[)）]$")


def handoff(opinion: Opinion, dates: Sequence[Entry]) -> tuple[Block, ...]:
    """The blocks of the summary. What the data does not hold is said to be unknown, or left as a gap to fill in."""
    rows = tuple((name, text) for name, text in _rows(opinion, dates))
    return (
        Heading(text="律师交接摘要", new_page=True),
        Paragraph(text="供承办律师快速了解案情;只整理咨询人的陈述和本报告的内容,没有核对证据原件。"),
        Table(rows=rows, widths=(1, 4)),
    )


def _rows(opinion: Opinion, dates: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    plan, known = opinion.plan, [fact for fact in opinion.facts if not fact.unclear]
    story = told(opinion.question)
    sentences = [one.strip() for one in _SENTENCE.findall(story) if one.strip()]
    open_facts = [branch.question for branch in plan.unknowns] + [fact.label for fact in opinion.facts if fact.unclear]
    yield "咨询人", "【待填:姓名、联系方式】"
    yield "对方", "【待填:姓名或名称、联系方式】"
    yield "事由", plan.field + (f":{plan.cause}" if plan.cause else "")
    yield "经过", shortened(story, LONGEST_STORY)
    yield "金额", _listed(f"{fact.label}:{fact.value}" for fact in known if _money(fact))
    yield "日期", _listed(f"{entry.iso} {entry.what}" for entry in dates if not entry.due)
    others = [fact for fact in known if fact.iso is None and not _money(fact)]
    yield "其他事实", ";".join(f"{fact.label}:{fact.value}" for fact in others) or NOTHING
    yield "证据及证明目的", _listed(_proofs(plan.evidence))
    yield "尚待查明", "、".join(dict.fromkeys(open_facts)) or NOTHING
    yield "时效和期限", _listed(_limits(opinion, dates))
    yield "咨询人的诉求", _listed(_matching(_WANTS, sentences), "咨询人没有明说,面谈时确认")
    yield "已经做过的事", _listed(_matching(_DONE, sentences), "咨询人没有提到,面谈时确认")
    yield "初步意见", _listed(shortened(one, LONGEST_SENTENCE) for one in plan.conclusions)


def told(story: str) -> str:
    """The client's story without the replies that told nothing."""
    return "\n".join(line for line in story.split("\n") if line.strip() != UNCLEAR)


def _listed(texts: Iterable[str], nothing: str = NOTHING) -> str:
    """The texts one a line; `nothing` where there are none."""
    return "\n".join(texts) or nothing


def _money(fact: Fact) -> bool:
    return fact.number is not None and fact.value.endswith("元")


def _proofs(evidence: Sequence[str]) -> Iterator[str]:
    """借条原件(证明借款的金额) as what it is to prove, then by what; those that name no aim in one line."""
    aimless = []
    for text in evidence:
        if found := _PIECE.match(text):
            yield f"{found['aim']}——{found['name']}"
        else:
            aimless.append(text)
    if aimless:
        yield f"{GAP}——{';'.join(aimless)}"
    if evidence:
        yield "(是否持有原件,请逐项核对)"


def _limits(opinion: Opinion, dates: Sequence[Entry]) -> Iterator[str]:
    for entry in dates:
        if entry.due:
            yield f"{entry.iso} 前:{shortened(entry.what, LONGEST_SENTENCE)}({entry.how})" + (
                ",推算的日期已过" if entry.past(opinion.on) else ""
            )
    computed = {entry.what for entry in dates if entry.due}
    for step in opinion.plan.steps:
        if _LIMITATION.search(step.deadline) and step.what not in computed:
            yield f"{step.deadline}:{shortened(step.what, LONGEST_SENTENCE)}"
    yield from (text for text in (*opinion.plan.conclusions, *opinion.plan.risks) if "时效" in text)


def _matching(pattern: re.Pattern[str], sentences: Sequence[str]) -> list[str]:
    return [shortened(one, LONGEST_SENTENCE) for one in sentences if pattern.search(one)][:MOST]
