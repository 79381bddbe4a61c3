"""Fills the prompts of models/prompts/*.md and renders an answer plan for a language model.

What users and documents say is data: it stands between marks that it cannot close, since their number is a digest of
what stands between them; marks of chat formats, and characters that nobody sees, are taken out of it. Knows no model
and no law.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Template

from models.characters import visible
from models.contracts import ABILITIES, Ability, AnswerPlan, Message, Worked

PROMPTS = Path(__file__).parent / "prompts"
KINDS = {
    "full": "完整咨询意见",
    "brief": "简短答复",
    "lookup": "法条查询",
    "calculation": "数额或期限的计算",
    "open": "未收录领域的一般性说明",
}

_PARTS = re.compile(r"\A## system\n(?P<system>.+?)\n## user\n(?P<user>.+)\Z", re.DOTALL)
_MARKED = ("资料", "原话", "历史")
_MARK = re.compile(r"[<＜〈‹﹤](?=[\s/／\\]*(?:资料|資料|原话|原話|历史|歷史))")
# Of no one format, but of all that are known: whoever serves the model may read them in a message as its own.
_ROLE = re.compile(
    r"<(?=[|｜/]?[\s|｜]*[A-Za-z_][\w▁ -]{0,40}[\s]*[|｜]?>)|<(?=[|｜])|(?<=[|｜])>|<(?=<\s*/?\s*SYS)"
    r"|\[(?=\s*/?\s*(?:INST|SYS|gMASK|sMASK|\|))"
    r"|#{2,}(?=\s*(?:Instruction|Response|Input|System|Human|Assistant|User)\b)",
    re.IGNORECASE,
)
_PLAIN = {"<": "‹", ">": "›", "[": "［", "#": "＃"}


def messages(task: Ability, /, **values: str) -> tuple[Message, ...]:
    """The system and the user message of `task`, with every `${name}` of its prompt replaced by the value given.

    plan takes routes, fields, history, text; facts elements, history, text; keywords and articles take text; dialogue
    takes plan, history, text.
    Raises KeyError when the names given are not exactly those of the prompt.
    """
    system, user = _templates(task)
    wanted = {*system.get_identifiers(), *user.get_identifiers()}
    if wanted != values.keys():
        raise KeyError(f"the prompt {task} takes {sorted(wanted)}, was given {sorted(values)}")
    safe = {name: data(value) for name, value in values.items()}
    said = user.substitute(safe).strip()
    number = hashlib.sha256(said.encode()).hexdigest()[:12]
    # Nobody can write a text that holds its own digest: only our marks have the number.
    for name in _MARKED:
        said = said.replace(f"<{name}>", f"<{name} {number}>").replace(f"</{name}>", f"</{name} {number}>")
    return (
        Message(role="system", content=system.substitute(safe).strip()),
        Message(role="user", content=said),
    )


def data(text: str) -> str:
    """What others wrote, as a prompt may hold it: without our marks, those of chat formats and what is not seen."""
    text = _MARK.sub("‹", visible(text))
    while (plain := _ROLE.sub(_harmless, text)) != text:
        text = plain
    return text


def instructions() -> tuple[str, ...]:
    """What the models are told about their work: no answer repeats it."""
    return tuple(_templates(task)[0].template for task in (*ABILITIES, "schema"))


def structured(schema: str, problem: str = "") -> tuple[Message, Message]:
    """How a model is told the JSON schema of its answer, and how it is asked to mend an answer with a `problem`."""
    system, user = _templates("schema")
    return (
        Message(role="system", content=system.substitute(schema=schema).strip()),
        Message(role="user", content=user.substitute(problem=problem).strip()),
    )


def transcript(history: Sequence[Message]) -> str:
    """Earlier messages, one a line, for `history`; （无） when there are none."""
    names = {"user": "当事人", "assistant": "助手", "system": "系统"}
    said = ((names[message.role], " ".join(message.content.split())) for message in history)
    return "\n".join(f"{name}：{text}" for name, text in said) or "（无）"


def outline(plan: AnswerPlan) -> str:
    """The answer plan as an outline for a language model; parts that are empty are left out."""
    sections = {
        "类型": [KINDS[plan.kind]],
        "领域": [" / ".join(part for part in (plan.field, plan.cause) if part)],
        "事实": plan.facts,
        "假定": plan.assumptions,
        "已另行说明": (*plan.corrections, *plan.notices),
        "结论": plan.conclusions,
        "计算": [row for worked in plan.calculations for row in _worked(worked)],
        "理由": [_ground(ground.says, [source.name for source in ground.sources]) for ground in plan.grounds],
        "法条": [
            f"{source.name}（{'原文' if source.quoted else '要旨,非原文'}）：{source.excerpt}"
            for source in {source.id: source for ground in plan.grounds for source in ground.sources}.values()
        ],
        "步骤": [_joined(step.what, 地点=step.where, 期限=step.until) for step in plan.steps],
        "证据": plan.evidence,
        "风险": plan.risks,
        "未知": [
            f"{branch.question}：" + "；".join(f"如果{when},则{then}" for when, then in branch.ways)
            for branch in plan.unknowns
        ],
        "类案": [
            _joined(f"{case.title}（{case.label}）：{case.outcome}", 相同=case.alike, 不同=case.differs)
            for case in plan.cases
        ],
    }
    lines = []
    for title, rows in sections.items():
        if kept := [row for row in rows if row]:
            # A row is one item, whatever lines it holds: none of them can look like another part of the outline.
            lines += [f"【{title}】", *("- " + "\n  ".join(row.splitlines()) for row in kept)]
    return "\n".join(lines)


@cache
def _templates(task: str) -> tuple[Template, Template]:
    """The two templates of a prompt file. Raises ValueError for a file without its two parts."""
    parts = _PARTS.match((PROMPTS / f"{task}.md").read_text("utf-8"))
    if parts is None:
        raise ValueError(f"{task}.md has not the form: ## system … ## user …")
    return Template(parts["system"]), Template(parts["user"])


def _harmless(found: re.Match[str]) -> str:
    return _PLAIN.get(found[0][0], "") * len(found[0])


def _ground(says: str, names: Sequence[str]) -> str:
    return f"{says}（依据：{'、'.join(names)}）" if names else says


def _worked(worked: Worked) -> Iterator[str]:
    yield f"{worked.title}：{worked.summary}"
    for line in worked.lines:
        yield _ground(f"{line.label}：{line.working} = {line.result}", [source.name for source in line.sources])
    yield from (f"假定：{text}" for text in worked.assumed)
    yield from worked.notes


def _joined(text: str, **parts: str) -> str:
    return text + "".join(f"；{name}：{value}" for name, value in parts.items() if value)
