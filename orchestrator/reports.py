"""The consultation report (法律咨询报告) in Markdown, from the opinion of a session.

Front matter carries the AIGC label that GB 45438-2025 asks for in a file's metadata; the visible label stands at
head and foot. DOCX and PDF are rendered from the same parts by their own modules when they come.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date

from orchestrator import inhouse
from orchestrator.contracts import Opinion
from orchestrator.wording import typeset

VISIBLE = "本报告由人工智能生成（AI生成），仅供参考，不构成律师意见，不能代替律师的专业判断。"


def aigc(producer: str, id: str) -> dict[str, str]:
    """The implicit label of generated content; `producer` is the operator's name or code, `id` the content's id."""
    return {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": id,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def front_matter(title: str, opinion: Opinion, session: str, producer: str) -> list[str]:
    """The head of a Markdown file: title, date, and the AIGC label in its metadata."""
    label = json.dumps(aigc(producer, session), ensure_ascii=False)
    return ["---", f"title: {title}", f"date: {opinion.on.isoformat()}", f"AIGC: {label}", "---", ""]


def markdown(opinion: Opinion, session: str, producer: str, reaches: date | None) -> str:
    """The report as Markdown with front matter."""
    head = front_matter("法律咨询报告", opinion, session, producer)
    return "\n".join([*head, *_set(_lines(opinion, reaches))]) + "\n"


def _set(lines: Iterable[str]) -> Iterator[str]:
    """The lines with Chinese marks; what the client, the statutes and documents say stays as it is.

    That stands in block quotations and, with the names of files, in code.
    """
    fence = ""
    for line in lines:
        ticks = line[: len(line) - len(line.lstrip("`"))]
        yield line if fence or line.startswith((">", "`")) else typeset(line)
        if fence:
            fence = "" if line == fence else fence
        elif len(ticks) >= 3:
            fence = ticks


def _lines(opinion: Opinion, reaches: date | None) -> Iterator[str]:
    plan = opinion.plan
    yield "# 法律咨询报告"
    yield ""
    yield f"> **AI生成** {VISIBLE}"
    yield ""
    yield f"- 日期:{opinion.on.isoformat()}"
    yield f"- 领域:{plan.field}" + (f"({plan.cause})" if plan.cause else "")
    yield f"- 法条数据截至:{reaches.isoformat() if reaches else '未知'},此后的修改请以官方公布为准"
    yield ""
    yield "## 一、咨询的问题"
    yield ""
    for line in opinion.question.split("\n"):
        yield f"> {line}"
    yield ""
    yield "## 二、事实"
    yield ""
    if opinion.facts:
        yield "| 事实 | 内容 | 来源 |"
        yield "|---|---|---|"
        sources = {"story": "咨询人陈述", "reply": "回答追问", "confirm": "确认时更正"}
        for fact in opinion.facts:
            yield f"| {cell(fact.label)} | {cell(fact.value)} | {sources[fact.source]} |"
    else:
        yield "未提取到结构化的事实,以咨询人陈述为准。"
    yield ""
    if plan.corrections or plan.notices:
        yield "## 更正与法律变动"
        yield ""
        yield from (f"- {text}" for text in (*plan.corrections, *plan.notices))
        yield ""
    yield "## 三、意见"
    yield ""
    yield from (f"{at}. {text}" for at, text in enumerate(plan.conclusions, 1))
    yield ""
    if grounds := [ground for ground in plan.grounds if ground.says]:
        yield "理由:"
        yield ""
        for ground in grounds:
            yield f"- {ground.says.rstrip('。')}({'、'.join(one.name for one in ground.sources)})"
        yield ""
    yield "## 四、依据的法条"
    yield ""
    for citation in opinion.citations:
        version = f",{citation.version} 版本" if citation.version else ""
        yield f"### 《{citation.law}》{citation.article}"
        yield ""
        if citation.status == "verified":
            yield f"官方原文(已核对{version}):"
            yield ""
            yield from (f"> {line}" for line in citation.quote.split("\n"))
        else:
            yield f"要旨(非原文):{citation.digest}"
        yield ""
    if not opinion.citations:
        yield "没有可以核实的法条支持结论,请咨询律师或拨打 12348。"
        yield ""
    if plan.cases:
        yield "## 五、相似案例"
        yield ""
        for case in plan.cases:
            yield f"- 〔{case.label}〕{case.title}"
            yield f"  - 结果:{case.outcome}"
            if case.alike:
                yield f"  - 相同点:{case.alike}"
            if case.differs:
                yield f"  - 不同点:{case.differs}"
        yield ""
    if plan.evidence:
        yield "## 六、证据清单"
        yield ""
        yield from (f"- [ ] {text}" for text in plan.evidence)
        yield ""
    if plan.steps:
        yield "## 七、下一步"
        yield ""
        yield "| 序号 | 做什么 | 去哪里 | 期限 |"
        yield "|---|---|---|---|"
        for at, step in enumerate(plan.steps, 1):
            yield f"| {at} | {cell(step.what)} | {cell(step.where) or '—'} | {cell(step.deadline) or '—'} |"
        yield ""
    if plan.risks:
        yield "## 八、风险和注意事项"
        yield ""
        yield from (f"- {text}" for text in plan.risks)
        yield ""
    if plan.unknowns or plan.assumptions:
        yield "## 九、尚不确定的事项"
        yield ""
        yield from (f"- {text}" for text in plan.assumptions)
        for branch in plan.unknowns:
            for when, then in branch.ways:
                yield f"- {branch.question}:如果{when},则{then}"
        yield ""
    if opinion.documents:
        yield f"## 附:{inhouse.TITLE}"
        yield ""
        yield from inhouse.shown(opinion.documents)
    yield "---"
    yield ""
    yield f"{VISIBLE}需要当面咨询时,可拨打 12348(公共法律服务热线)。"


def cell(text: str) -> str:
    """The text as it may stand in one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
