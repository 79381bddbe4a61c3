"""Papers that a session or a caller asks for, one file of `templates/` each; its listing is the register."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from orchestrator.contracts import ConsultationError, clean_text
from orchestrator.documents.matter import MAX_VALUE, Matter
from orchestrator.documents.template import Template, article
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Rule, Table
from orchestrator.wording import pattern, plain, typeset

# A word of request, and nothing but the name of the paper behind it in the same clause.
_WANTED = re.compile(r"(帮|替|给我|写(?![了过着的])|起草|拟|生成|做|弄|出具|要|来)[^,。;!?\n]{0,24}$")
_BEHIND_GAP = re.compile(r"】([,;:])")
_WIDE = {",": "，", ";": "；", ":": "："}
_GAP = re.compile(r"【待填[:：]([^】]+)】")
NOTES = "填写说明(不属于文书正文,签署或提交前删去)"


class UnknownTemplate(ConsultationError):
    """There is no template of this name."""

    code = "template_not_found"


class Unfit(ConsultationError):
    """The template exists, but is not for this matter; the message says why and what to use instead."""

    code = "template_unfit"


class BadValues(ConsultationError):
    """An answer to a gap that the template does not have, or one that is too long."""

    code = "bad_values"


@cache
def register() -> dict[str, Template]:
    """All templates, by name."""
    files = sorted(path.stem for path in (Path(__file__).parent / "templates").glob("*.py") if path.stem != "__init__")
    found = [import_module(f"{__name__}.templates.{stem}").TEMPLATE for stem in files]
    if len({one.name for one in found}) != len(found):
        raise ValueError("two templates of the same name")
    return {one.name: one for one in found}


def find(name: str) -> Template:
    """The template. Raises UnknownTemplate."""
    if name not in register():
        raise UnknownTemplate(f"没有“{name[:20]}”这个文书模板;目前有:{'、'.join(register())}。")
    return register()[name]


def named(text: str) -> Template | None:
    """The template that a message asks for, None when none is named.

    What stands behind a word of request counts before what is only mentioned (他写了借条不还,帮我写起诉状); among
    these the longest match.
    """
    text = plain(text)
    found = [
        (bool(_WANTED.search(text[: match.end()])), match.end() - match.start(), match.start(), one.name)
        for one in register().values()
        for said in one.says
        for match in pattern(said).finditer(text)
    ]
    return register()[max(found)[-1]] if found else None


def written(wanted: Template, matter: Matter, id: str, producer: str) -> Paper:
    """The paper of this matter. `id` identifies it (the session), `producer` the operator, both for the AIGC label.

    Raises Unfit when it is not for this matter, BadValues for answers that the template does not ask for.
    """
    checked(wanted, matter)
    # A paper that needs no session (a loan note) may be wanted beside any matter; its gaps take no facts from it.
    if wanted.session and wanted.fields and matter.field not in ("", *wanted.fields):
        raise Unfit(f"{wanted.title}用于{'、'.join(wanted.fields)}方面的事情,这次咨询属于{matter.field},不适用。")
    if wanted.session and matter.opinion is None:
        raise Unfit(f"{wanted.title}要根据咨询得到的事实和意见来写,请先把事情的经过说清楚,得到意见之后再生成。")
    if reason := wanted.unfit(matter):
        raise Unfit(reason)
    blocks = [_typeset(block) for block in wanted.fill(matter)]
    if notes := wanted.notes(matter):
        rows = tuple(typeset(f"{one.text.rstrip('。')}({'、'.join(map(article, one.articles))})。") for one in notes)
        blocks += [Rule(), Heading(text=typeset(NOTES), level=2), Items(rows=rows)]
    return Paper(title=wanted.title, on=matter.on, id=id, producer=producer, blocks=tuple(blocks))


def missing(paper: Paper) -> tuple[str, ...]:
    """What is still to be filled in, each once: the labels of the open gaps in the order of the paper."""
    return tuple(dict.fromkeys(_GAP.findall(paper.model_dump_json())))


def checked(wanted: Template, matter: Matter) -> None:
    """Raises BadValues for answers to gaps that the template does not have, too long or unreadable ones."""
    known = {gap.id for gap in wanted.gaps}
    if wanted.elements and matter.pack is not None:
        known |= {element.id for element in matter.pack.elements}
    if strange := sorted(set(matter.values) - known):
        offered = "、".join(gap.id for gap in wanted.gaps)
        raise BadValues(f"{wanted.title}没有这些空格:{'、'.join(strange)[:100]};可以填写的是:{offered}。")
    for id, text in matter.values.items():
        if len(text) > MAX_VALUE:
            raise BadValues(f"{id} 过长({len(text)} 字),每处最多 {MAX_VALUE} 字。")
        if text.strip():
            clean_text(text)


def _set(text: str) -> str:
    """The text with Chinese marks, also behind a gap, which ends no Chinese word for `typeset`."""
    return _BEHIND_GAP.sub(lambda match: f"】{_WIDE[match[1]]}", typeset(text))


def _typeset(block: Block) -> Block:
    if isinstance(block, Heading | Paragraph):
        return block.model_copy(update={"text": _set(block.text)})
    if isinstance(block, Items):
        return block.model_copy(update={"rows": tuple(map(_set, block.rows))})
    if isinstance(block, Table):
        rows = tuple(tuple(map(_set, row)) for row in block.rows)
        return block.model_copy(update={"header": tuple(map(_set, block.header)), "rows": rows})
    return block
