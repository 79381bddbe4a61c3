"""The embedded dialogue backend: puts an answer plan into words. No weights, no randomness, no law of its own.

It is honest about what it is: it writes only what the plan holds, and a plain conversation without a plan is refused.
Each ground stands on one line with its citation, so that a reader (and the verifier) sees claim and source together.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.contracts import (
    AnswerPlan,
    BadRequest,
    Branch,
    Chunk,
    GenerationRequest,
    Ground,
    NoSuchAdapter,
    Source,
    Step,
    Usage,
    Worked,
)


class Options(BaseModel):
    """`facts_named`: how many facts the opening sentence repeats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts_named: int = Field(default=5, ge=0)


def build(options: dict[str, Any]) -> "Composer":
    """The backend. Raises pydantic's ValidationError for bad options."""
    return Composer(Options.model_validate(options))


class Composer:
    """A Generator that renders `request.plan`; a chunk is one block of lines."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def check(self) -> None:
        """Always return: there is nothing to load."""

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the note block by block. Usage counts characters.

        Raises BadRequest without a plan, with a schema, for log-probabilities, and (NoSuchAdapter) for any adapter.
        """
        if request.adapter is not None:
            raise NoSuchAdapter("the composer has no adapters")
        if request.sampling.logprobs is not None:
            raise BadRequest("the composer has no tokens, and so no log-probabilities")
        if request.plan is None or request.schema_ is not None:
            raise BadRequest("the composer writes answer plans only; deploy a language model for free conversation")
        count, block = 0, ""
        for line in _note(request.plan, self._options.facts_named):
            count += len(line)
            block += line + "\n"
            if not line:  # a blank line ends a block; a message a line would cost more than writing it
                yield Chunk(text=block)
                block = ""
        if block:
            yield Chunk(text=block)
        prompt = sum(len(message.content) for message in request.messages)
        yield Chunk(finish_reason="stop", usage=Usage(prompt_tokens=prompt, completion_tokens=count))


def _note(plan: AnswerPlan, facts_named: int) -> Iterator[str]:
    if plan.kind == "lookup":
        yield from _lookup(plan)
        return
    if plan.kind == "calculation":
        yield from _calculation(plan)
        return
    yield from _conclusions(plan, facts_named)
    for worked in plan.calculations:
        yield from _worked(worked)
    full = plan.kind == "full"
    yield from _list("二、建议您这样做" if full else "建议", [_step(step) for step in plan.steps], numbered=True)
    open_points = [*plan.assumptions, *(_branch(branch) for branch in plan.unknowns)]
    yield from _list("三、还不确定、会影响结论的地方" if full else "还不确定的地方", open_points)
    yield from _grounds("四、法律依据" if full else "法律依据", plan)
    yield from _list("五、需要保存的证据" if full else "证据", list(plan.evidence))
    yield from _list("六、风险和注意事项" if full else "注意", list(plan.risks))
    yield from _cases(plan)


def _lookup(plan: AnswerPlan) -> Iterator[str]:
    for text in plan.conclusions:
        yield text
        yield ""
    for ground in plan.grounds:
        for source in ground.sources:
            yield from _article(source)
    yield from _cases(plan)


def _calculation(plan: AnswerPlan) -> Iterator[str]:
    for text in plan.conclusions:
        yield text
        yield ""
    for worked in plan.calculations:
        yield from _list("计算所用的数据", list(worked.inputs))
        yield from _worked(worked)
    yield from _list("依据的法条", [_cited(source) for ground in plan.grounds for source in ground.sources])
    yield from _list("注意", list(plan.risks))


def _worked(worked: Worked) -> Iterator[str]:
    yield f"**{worked.title}**:{worked.summary}"
    yield ""
    for at, line in enumerate(worked.lines, 1):
        named = "、".join(source.name for source in line.sources)
        shown = f"{line.label}:{line.working}" + (f" = {line.result}" if line.result else "")
        yield f"{at}. {shown}" + (f"——{named}" if named else "")
    yield ""
    for text in (*worked.assumed, *worked.notes):
        yield f"- {text}"
    if worked.assumed or worked.notes:
        yield ""


def _article(source: Source) -> Iterator[str]:
    if not source.quoted:
        yield f"**{source.name}**,要旨(非原文):{source.excerpt}"
        yield ""
        return
    lines = source.excerpt.split("\n")
    yield f"**{source.name}**"
    for line in lines:
        yield f"> “{line}”"
    yield ""


def _conclusions(plan: AnswerPlan, facts_named: int) -> Iterator[str]:
    full = plan.kind == "full"
    yield "### 一、初步结论" if full else "**结论**"
    yield ""
    if plan.facts and facts_named and plan.kind == "full":
        more = "等情况" if len(plan.facts) > facts_named else ""
        yield f"根据您说的({';'.join(plan.facts[:facts_named])}{more}),我的初步看法是:"
        yield ""
    if len(plan.conclusions) == 1:
        yield plan.conclusions[0]
    for at, text in enumerate(plan.conclusions if len(plan.conclusions) > 1 else (), 1):
        yield f"{at}. {text}"
    yield ""


def _grounds(title: str, plan: AnswerPlan) -> Iterator[str]:
    shown: set[tuple[str, str]] = set()  # a quotation is given once, afterwards its article is only named
    yield from _list(title, [_ground(ground, shown) for ground in plan.grounds if ground.says], numbered=True)
    others = [ground for ground in plan.grounds if not ground.says]
    if others and len(others) < len(plan.grounds):
        # Beside what the answer rests on, a name is enough: who wants the text asks for it.
        named = dict.fromkeys(source.name for ground in others for source in ground.sources)
        yield f"另外可以对照:{'、'.join(named)}。"
        yield ""
    elif others:
        yield "检索到的规定:"
        yield ""
        for ground in others:
            yield f"- {_ground(ground, shown)}"
        yield ""


def _ground(ground: Ground, shown: set[tuple[str, str]]) -> str:
    parts = []
    for source in ground.sources:
        once = (source.id, source.excerpt)
        parts.append(f"{source.name}(同上)" if once in shown else _cited(source))
        shown.add(once)
    cited = ";".join(parts)
    return f"{ground.says.rstrip('。')}——{cited}" if ground.says else cited


def _cited(source: Source) -> str:
    text = " ".join(source.excerpt.split("\n")) if not source.quoted else source.excerpt.replace("\n", "”“")
    return f"{source.name}:“{text}”" if source.quoted else f"{source.name},要旨(非原文):{text}"


def _step(step: Step) -> str:
    where = f"（去哪里：{step.where}）" if step.where else ""
    deadline = f"【期限：{step.until}】" if step.deadline else ""
    return f"{step.what}{where}{deadline}"


def _branch(branch: Branch) -> str:
    ways = [f"如果{when},则{then.rstrip('。')}。" for when, then in branch.ways]
    return f"{branch.question}:{ways[0]}" if len(ways) == 1 else "\n  - ".join([f"{branch.question}:", *ways])


def _cases(plan: AnswerPlan) -> Iterator[str]:
    if not plan.cases:
        return
    yield "### 七、相似案例" if plan.kind == "full" else "**相似案例**"
    yield ""
    for case in plan.cases:
        yield f"- 〔{case.label}〕{case.title}:{case.outcome}"
        if case.alike or case.differs:
            alike = f"相同点:{case.alike}" if case.alike else ""
            differs = f"不同点:{case.differs}" if case.differs else ""
            yield f"  {';'.join(part for part in (alike, differs) if part)}"
    yield ""


def _list(title: str, rows: list[str], *, numbered: bool = False) -> Iterator[str]:
    if not rows:
        return
    full = title[1:2] == "、"
    yield f"### {title}" if full else f"**{title}**"
    yield ""
    for at, row in enumerate(rows, 1):
        yield f"{at}. {row}" if numbered else f"- {row}"
    yield ""
