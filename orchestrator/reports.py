"""The consultation report (法律咨询报告) as a paper, from the opinion of a session.

Everything in it is data of the opinion and the articles that it cites; `orchestrator/papers` renders it as Markdown,
DOCX and PDF, and adds the labels of AI-generated content.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import cn2an

from models.contracts import Worked
from orchestrator import inhouse
from orchestrator.contracts import Citation, InternalPassage, Opinion
from orchestrator.handoff import handoff, told
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Table
from orchestrator.timeline import Entry, timeline
from retrievers.contracts import Passage

TITLE = "法律咨询报告"
SOURCES = {"story": "咨询人陈述", "reply": "回答追问", "confirm": "确认时更正"}
CALENDAR = (
    "期限从起算的次日数起,按年、月计算的到相应的那一天(当月没有那一天的到月末)为止,最后一天是法定休假日的顺延到"
    "假期结束的次日。推算只用了咨询人陈述的日期,起算日以送达、签收等凭证为准。"
)


def report(
    opinion: Opinion, session: str, producer: str, reaches: date | None, articles: Mapping[str, Passage] | None = None
) -> Paper:
    """The report. `reaches` is the day to which the law of the corpus reaches, null where unknown.

    `articles` are the passages of the citations by id: where one is still the text that was cited, the article is shown
    whole, else the part that the answer quoted.
    """
    return Paper(
        title=TITLE,
        on=opinion.on,
        id=session,
        producer=producer,
        blocks=tuple(_numbered(_blocks(opinion, reaches, articles or {}))),
    )


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks with numbers before the headings of the parts that have one (those that begin with 、)."""
    number = 0
    for block in blocks:
        if isinstance(block, Heading) and block.text.startswith("、"):
            number += 1
            yield block.model_copy(update={"text": cn2an.an2cn(number) + block.text})
        else:
            yield block


def _blocks(opinion: Opinion, reaches: date | None, articles: Mapping[str, Passage]) -> Iterator[Block]:
    plan = opinion.plan
    dates = timeline(opinion.facts, plan.steps)
    yield Items(
        rows=(
            f"日期:{opinion.on.isoformat()}",
            f"领域:{plan.field}",
            *([f"案由:{plan.cause}"] if plan.cause else []),
            f"法条数据截至:{reaches.isoformat() if reaches else '未知'},此后的修改请以官方公布为准",
        )
    )
    yield Heading(text="、咨询的问题")
    yield Quote(text=told(opinion.question))
    yield Heading(text="、事实")
    yield _facts(opinion)
    if plan.corrections or plan.notices:
        yield Heading(text="更正与法律变动")
        yield Items(rows=(*plan.corrections, *plan.notices))
    yield Heading(text="、意见")
    yield Items(rows=plan.conclusions, marks="number")
    if grounds := [ground for ground in plan.grounds if ground.says]:
        yield Paragraph(text="理由:")
        yield Items(
            rows=tuple(
                f"{ground.says.rstrip('。')}({'、'.join(one.name for one in ground.sources)})" for ground in grounds
            )
        )
    if plan.calculations:
        yield Heading(text="、计算")
    for worked in plan.calculations:
        yield from _worked(worked)
    yield Heading(text="、依据的法条")
    for citation in opinion.citations:
        yield from _article(citation, articles.get(citation.id))
    if not opinion.citations:
        yield Paragraph(text="没有可以核实的法条支持结论,请咨询律师或拨打 12348。")
    yield from _cases(opinion)
    yield from _work(opinion)
    if dates:
        yield Heading(text="、时间线和期限")
        yield _dates(dates, opinion.on)
        if any(entry.due for entry in dates):
            yield Paragraph(text=CALENDAR)
    yield from handoff(opinion, dates)
    if opinion.documents:
        yield Heading(text=f"附:{inhouse.TITLE}")
        yield Paragraph(text=inhouse.NOTE)
        for passage in opinion.documents:
            yield from _passage(passage)
    yield Paragraph(text="需要当面咨询时,可拨打 12348(公共法律服务热线)。")


def _worked(worked: Worked) -> Iterator[Block]:
    yield Heading(text=worked.title, level=2)
    yield Paragraph(text=worked.summary, strong=True)
    if worked.inputs:
        yield Paragraph(text=f"所用数据:{';'.join(worked.inputs)}")
    rows = tuple(
        (line.label, line.working, line.result, "、".join(source.name for source in line.sources) or "—")
        for line in worked.lines
    )
    yield Table(header=("步骤", "算式", "结果", "依据"), rows=rows, widths=(3, 6, 3, 5))
    if notes := (*worked.assumed, *worked.notes):
        yield Items(rows=notes)


def _facts(opinion: Opinion) -> Block:
    if not opinion.facts:
        return Paragraph(text="未提取到结构化的事实,以咨询人陈述为准。")
    rows = tuple((fact.label, fact.value, SOURCES[fact.source]) for fact in opinion.facts)
    return Table(header=("事实", "内容", "来源"), rows=rows, widths=(2, 4, 2))


def _article(citation: Citation, passage: Passage | None) -> Iterator[Block]:
    yield Heading(text=f"《{citation.law}》{citation.article}", level=2)
    if citation.status == "digest":
        yield Paragraph(text=f"要旨(非原文):{citation.digest}")
        return
    version = f",{citation.version} 版本" if citation.version else ""
    # The corpus may have changed since the opinion was given: then its text is not the one that was checked.
    same = passage is not None and passage.kind == "official" and passage.version == citation.version
    if passage is not None and same and citation.quote in passage.text:
        yield Paragraph(text=f"官方原文全文(已核对{version}):")
        yield Quote(text=passage.text)
    else:
        yield Paragraph(text=f"官方原文(已核对{version}):")
        yield Quote(text=citation.quote)


def _cases(opinion: Opinion) -> Iterator[Block]:
    if opinion.plan.cases:
        yield Heading(text="、相似案例")
    for case in opinion.plan.cases:
        yield Heading(text=f"〔{case.label}〕{case.title}", level=2)
        rows = (("结果", case.outcome), ("相同点", case.alike or "—"), ("不同点", case.differs or "—"))
        yield Table(rows=rows, widths=(1, 5))


def _work(opinion: Opinion) -> Iterator[Block]:
    """Evidence, steps, risks and what is not certain."""
    plan = opinion.plan
    if plan.evidence:
        yield Heading(text="、证据清单")
        yield Items(rows=plan.evidence, marks="box")
    if plan.steps:
        yield Heading(text="、下一步")
        rows = tuple(
            (str(at), step.what, step.where or "—", step.deadline or "—") for at, step in enumerate(plan.steps, 1)
        )
        yield Table(header=("序号", "做什么", "去哪里", "期限"), rows=rows, widths=(2, 8, 5, 5))
    if plan.risks:
        yield Heading(text="、风险和注意事项")
        yield Items(rows=plan.risks)
    if plan.unknowns or plan.assumptions:
        yield Heading(text="、尚不确定的事项")
        ways = (f"{branch.question}:如果{when},则{then}" for branch in plan.unknowns for when, then in branch.ways)
        yield Items(rows=(*plan.assumptions, *ways))


def _dates(dates: list[Entry], today: date) -> Block:
    rows = tuple(
        (
            f"{entry.iso}{' 前' if entry.due else ''}",
            f"期限:{entry.what}" if entry.due else entry.what,
            entry.how + (";推算的日期已过,请尽快核对" if entry.due and entry.past(today) else ""),
        )
        for entry in dates
    )
    return Table(header=("日期", "事项", "依据"), rows=rows, widths=(2, 4, 4))


def _passage(passage: InternalPassage) -> Iterator[Block]:
    # “…” keeps the names of files as they are written (wording.typeset).
    where = f",“{passage.place}”" if passage.place else ""
    yield Paragraph(text=f"“{passage.file}”{where}(文件库“{passage.corpus}”):")
    yield Quote(text=passage.quote)
