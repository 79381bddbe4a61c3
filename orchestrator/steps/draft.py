"""Draft: the paper that the message asks for, filled from the session and the message, with its gaps named."""

import time
from datetime import date

from orchestrator import documents, verification
from orchestrator.contracts import UserMessage
from orchestrator.documents import told
from orchestrator.documents.template import Template
from orchestrator.drafting import matter_of
from orchestrator.inert import tagless
from orchestrator.papers import markdown
from orchestrator.papers.paper import Paper
from orchestrator.state import Json, State
from orchestrator.steps.common import Run, as_of, concluded, emit, entry, facts_of, message_of, story_of
from orchestrator.wording import typeset

WHICH = "您想写哪一种文书?目前可以起草:\n\n{}\n\n请告诉我文书的名称;把双方的姓名、金额、时间一起写上,我会填进去。"
NO_LAWYER = (
    "律枢是法律咨询程序,不是律师,不能出具律师函(律师函由律师所在的律师事务所出具);下面是以您自己名义发的催告函。"
)
MORE = (
    "以上是{title}的草稿,由人工智能生成,签署或提交前请逐字核对。{gaps}\n\n"
    "需要 Word 或 PDF 文件,可以在本会话中下载文书“{name}”(docx、pdf 格式)。"
)
OPEN = "还有 {} 项待填:{}。直接告诉我姓名和住址(例如“{}”)我会补上,其余的在文件里填写。"


async def run(state: State, runtime: Run) -> State:
    """Write the paper into the answer; the session keeps which one it is and what the client told for it."""
    started = time.perf_counter()
    today = runtime.context.today()
    text = _text(message_of(state))
    wanted = documents.named(text) or _kept(state)
    if wanted is None:
        rows = "\n".join(f"- {one.name}:{one.about}" for one in documents.register().values())
        return await _answered(
            state, runtime, typeset(WHICH.format(rows)), [entry("draft", "没有认出要哪一种文书", started)]
        )
    matter = matter_of(state, today, wanted)
    values = {**matter.values, **told.values(wanted, text, matter, today)}
    matter = matter_of(state, today, wanted, values)
    kept: Json = {"template": wanted.name, "values": values}
    try:
        paper = documents.written(wanted, matter, "", "")
    except documents.Unfit as refusal:
        notes = [entry("draft", f"{wanted.name}不适用", started)]
        return {**await _answered(state, runtime, typeset(str(refusal)), notes), "paper": kept}
    open_ = documents.missing(paper)
    gaps = OPEN.format(len(open_), "、".join(open_), _example(wanted)) if open_ else "没有待填的空格。"
    lines = [
        *([typeset(NO_LAWYER), ""] if "律师函" in text else []),
        _shown(paper),
        "",
        typeset(MORE.format(title=wanted.title, name=wanted.name, gaps=gaps)),
    ]
    notes = [entry("draft", f"起草{wanted.name},待填{len(open_)}项", started)]
    return {**await _answered(state, runtime, "\n".join(lines), notes), "paper": kept}


def continues(state: State, text: str, today: date) -> bool:
    """Whether the message only states names or homes for the paper drafted last (原告是张三,住在…)."""
    wanted = _kept(state)
    return wanted is not None and told.fills(wanted, text, matter_of(state, today, wanted))


def _kept(state: State) -> Template | None:
    kept = state.get("paper")
    return documents.register().get(kept["template"]) if kept else None


def _text(message: UserMessage) -> str:
    return message.content or ";".join((message.reply or {}).values())


def _shown(paper: Paper) -> str:
    """The paper without the front matter of its file."""
    return markdown.render(paper).split("---\n", 2)[2].strip()


def _example(wanted: Template) -> str:
    names = [gap.cues[0] for gap in wanted.gaps if gap.kind == "name" and gap.cues]
    return f"{names[0]}是张三,住在某市某区某路1号" if names else "我叫张三"


async def _answered(state: State, runtime: Run, text: str, notes: list[Json]) -> State:
    """The reply with this text, without the lines whose citations do not hold in the corpus that serves."""
    told_ = "\n".join([story_of(state), _text(message_of(state)), *(fact.value for fact in facts_of(state).values())])
    lines = text.splitlines(keepends=True)
    checked = await verification.check(runtime.context.library, lines, told_, as_of(state))
    rejected = [
        {"sentence": one.text.strip(), "faults": list(one.verdict.faults)} for one in checked if not one.verdict.ok
    ]
    if rejected:
        notes.append(entry("verify", f"{len(rejected)}行未通过引用核对,已删去", rejected=rejected))
    answer = tagless("".join(one.text for one in checked if one.verdict.ok))
    emit(runtime, "delta", text=answer)
    return {"reply": concluded(state, runtime, answer, trace=notes), "trace": notes}
