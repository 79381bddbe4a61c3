"""Answer (HuggingGPT stage 4): the answer plan, put into words by the dialogue model, streamed sentence by sentence.

A sentence is sent only after its citations have passed (orchestrator/verification.py). Corrections of false premises,
notices of changed law and the closing label are written here, not by a model.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from models import prompts
from models.contracts import AnswerPlan, GenerationRequest, Ground, Message, ModelError, SimilarCase
from orchestrator import (
    asking,
    citing,
    computing,
    inhouse,
    likeness,
    opinion,
    points,
    premises,
    reasoning,
    recognition,
    selection,
    statements,
    suggestion,
    verification,
)
from orchestrator.contracts import AnswerFailed, Fact, TraceEntry
from orchestrator.dispatch import Asked
from orchestrator.domains.pack import Cause
from orchestrator.inert import shown
from orchestrator.state import Json, State
from orchestrator.steps import execute
from orchestrator.steps.common import (
    Run,
    as_of,
    causes_of,
    documents_of,
    emit,
    entry,
    facts_of,
    message_of,
    pack_of,
    spoken_of,
    story_of,
    supposed_of,
)
from orchestrator.timing import LATE, OutOfTime
from retrievers.contracts import Case, RetrievalError

LABELS = {
    "plan": "问题分类模型",
    "facts": "事实抽取模型",
    "keywords": "关键词生成",
    "articles": "法条检索",
    "article_model": "法条推荐模型",
    "article_reading": "法条向量与重排模型",
    "cases": "类案检索",
    "documents": "内部文件检索",
    "answer": "对话模型",
    "premises": "引用核对",
}
CONSIDERED = 40  # articles looked at for those shown beside the conclusions' own
UNREAD = "您假设的这一点,我没有对应到会改变结论的具体事实;下面仍按您已经说明的事实回答。请把假设说得具体一些。"
RETRACTED = "\n\n> 上面的文字没有引用任何可以核对的依据,请不要据此行事。下面按找到的法条和要点重新写出答复。\n\n"
SHOWN_CASES = 3
CLOSE_CASE = 0.85  # the share of the best score from which a case of another field is shown too


async def run(state: State, runtime: Run) -> State:
    """Write the answer. Returns the plan it was written from, the sentences sent, and what was rejected."""
    started = time.perf_counter()
    degraded, trace = list(state.get("degraded", [])), []
    examined = premises.examine(runtime.context.library, _believed(state), as_of(state))
    closing_line = asyncio.create_task(_closing(runtime))
    if state.get("draft"):
        plan = AnswerPlan.model_validate(state["draft"])
        found, trouble = await examined
    else:
        (plan, notes), (found, trouble) = await asyncio.gather(_plan(state, runtime, degraded), examined)
        trace += notes
    if trouble:
        degraded.append("premises")
        trace.append(entry("premises", "引用核对失败", details=trouble))
    plan = _with_premises(plan, found)
    trace.append(entry("answer", "答复要点已备好", started))

    written: list[str] = []
    for text in map(shown, [*_opening(plan, degraded), *_limits(found), *_supposition(state)]):
        written.append(text)
        emit(runtime, "delta", text=text)
    allowed = "\n".join(
        [
            story_of(state),
            _asked_text(state),
            *plan.facts,
            *(fact.value for fact in _facts(state).values()),
            *computing.figures(plan.calculations),
        ]
    )
    known = f"{allowed}\n{prompts.outline(plan)}"
    domain = state.get("domain", "")
    writers = selection.able(runtime.context, "dialogue", domain)
    rejected: list[Json] = []
    while True:
        asked = Asked(runtime.context, _request(state, plan), domain, writers)
        sent, cites = False, not any(ground.sources for ground in plan.grounds)
        try:
            async for batch in verification.gathered(verification.sentences(_texts(asked))):
                checked = await verification.spoken(runtime.context.library, batch, allowed, known, as_of(state))
                passed = [shown(one.text) for one in checked if one.verdict.ok]
                rejected += [
                    {"sentence": one.text.strip(), "faults": list(one.verdict.faults)}
                    for one in checked
                    if not one.verdict.ok
                ]
                cites = cites or any(one.verdict.ok and one.verdict.citations for one in checked)
                if passed:
                    sent = True
                    written += passed
                    emit(runtime, "delta", text="".join(passed))
        except ModelError as error:
            if not runtime.context.remaining(1.0):
                raise OutOfTime(LATE) from error
            writers = [name for name in writers if name not in asked.failed]
            if not sent and writers:  # nobody has seen a word of it
                degraded.append("answer")
                trace.append(
                    entry("answer", f"对话模型中途失败({error.code}),改由{writers[0]}写", started, error=str(error))
                )
                continue
            # Half an answer is none: the turn fails, also for a reader who has seen a part, and may be sent again.
            seen = "以上文字不完整,没有保存,请不要据此行事;" if written else ""
            raise AnswerFailed(f"对话模型暂时不可用({error.code}),{seen}请稍后重新发送。") from error
        assert asked.entry is not None
        trace.append(TraceEntry.model_dump(asked.entry, mode="json"))
        writers = [name for name in writers if name != asked.entry.model]
        if cites or not writers:
            break
        # The law was found, and nothing that was written rests on it: that is no answer, whatever it says.
        degraded.append("answer")
        trace.append(entry("answer", f"{asked.entry.model}的答复没有引用任何依据,改由{writers[0]}写", started))
        if sent:
            text = shown(RETRACTED)
            written.append(text)
            emit(runtime, "delta", text=text)
    if rejected:
        trace.append(entry("verify", f"{len(rejected)}句未通过引用核对,已删去", rejected=rejected))
    if documents := documents_of(state):
        # Written here and shown to no model: what a document says can neither steer the answer nor pass for law in it.
        text = inhouse.part(documents)
        written.append(text)
        emit(runtime, "delta", text=text)
    closing = shown(await closing_line)
    written.append(closing)
    emit(runtime, "delta", text=closing)
    return {"draft": plan.model_dump(mode="json"), "written": written, "degraded": degraded, "trace": trace}


async def _plan(state: State, runtime: Run, degraded: list[str]) -> tuple[AnswerPlan, list[Json]]:
    services, today = runtime.context, runtime.context.today()
    pack, causes, facts = pack_of(state), causes_of(state), _facts(state)
    results = state.get("results", {})
    hits = results.get("articles", [])
    decision = reasoning.decide(causes, facts, today)
    asked = state.get("asked", "")
    computed = _computed(state, runtime, decision, causes)
    wanted = [*opinion.wanted_articles(causes, decision), *computed.articles]
    wanted += opinion.point_articles(pack, asked) if pack else []
    if asked:
        wanted += [id for _, finding, _ in decision.open_ for ground in finding.grounds for id in ground.articles]
    story, telling = spoken_of(state, runtime, pack) if pack else (None, None)
    chances = recognition.probabilities(telling, state.get("votes", {})) if telling else {}
    likely = citing.ranked(pack, causes, decision, [hit["id"] for hit in hits], chances)[:CONSIDERED] if pack else []
    try:
        ids = list(dict.fromkeys([*wanted, *likely, *(hit["id"] for hit in hits[: execute.ARTICLES_TOLD])]))
        passages = {passage.id: passage for passage in await services.library.passages(ids, as_of(state))}
    except RetrievalError as error:
        degraded.append("articles")
        plan = opinion.open_question(state.get("domain", ""), "", ())
        return plan, [entry("answer", "法条库不可用", error=str(error))]
    pairs = [(passages[hit["id"]], hit["score"]) for hit in hits[: execute.ARTICLES_TOLD] if hit["id"] in passages]
    terms = [term for term, _ in results.get("keywords", [])]
    governing = {id for cause in (pack.causes if pack and not causes else causes) for id in cause.articles}
    verdicts = suggestion.judge(pairs, governing, terms, story_of(state))
    fitting = [passage for (passage, _), verdict in zip(pairs, verdicts, strict=True) if verdict.fits]
    close = {verdict.id for verdict in verdicts if verdict.close}
    close |= {id for cause in (citing.likely(pack, causes, chances) if pack else ()) for id in cause.articles}
    further = [passages[id] for id in likely if id in passages and id in close and passages[id].citable]
    dropped = [{"id": verdict.id, "reason": verdict.reason} for verdict in verdicts if not verdict.fits]
    kept = [{"id": verdict.id, "reason": verdict.reason} for verdict in verdicts if verdict.fits]
    trace = [entry("suggest", f"自检:采用{len(kept)}条,舍弃{len(dropped)}条检索结果", kept=kept, dropped=dropped)]
    brief = state.get("mode") == "normal"
    question = state.get("asked") or story_of(state)
    plan = opinion.open_question(state.get("domain", ""), question, fitting, pack.cautions if pack else ())
    if pack is not None and story is not None and telling is not None and causes:
        told = facts_of(state) if supposed_of(state) else None
        more = further if told is None else ()
        among = asking.mentioned(causes, decision, facts, story, telling, state.get("votes", {}))
        covered = opinion.full(
            pack, causes, facts, passages, more, today, brief=brief, asked=asked, told=told, among=among
        )
        plan = covered if covered.conclusions else plan
        if told is not None and computed.made:
            plan = opinion.recounted(plan)
    cases = await _cases(state, runtime, terms, degraded)
    trace += [entry("calculate", note) for note in computed.notes]
    update = {
        "cases": cases,
        "calculations": computed.shown(passages),
        "assumptions": (*plan.assumptions, *computed.lacking),
    }
    return plan.model_copy(update=update), trace


def _computed(state: State, runtime: Run, decision: reasoning.Decision, causes: Sequence[Cause]) -> computing.Computed:
    """The figures of the findings that hold; after an answer, those asked about or changed by a supposition."""
    today, asked, pack = runtime.context.today(), state.get("asked", ""), pack_of(state)
    place, rates = state.get("jurisdiction", ""), runtime.context.rates()
    matter = computing.Matter(f"{story_of(state)}\n{asked}", _facts(state), today, place, rates)
    if supposed_of(state):
        told = facts_of(state)
        before = computing.Matter(story_of(state), told, today, place, rates)
        known = computing.from_findings(reasoning.decide(causes, told, today).held, before)
        return computing.from_findings(decision.held, matter).beyond(known)
    if not asked:
        return computing.from_findings(decision.held, matter)
    rows = opinion.about(pack, decision, asked) if pack and points.amount(asked) else ()
    return computing.from_findings(rows, matter)


async def _cases(state: State, runtime: Run, terms: Sequence[str], degraded: list[str]) -> tuple[SimilarCase, ...]:
    found: list[Case] = []
    if state.get("asked"):
        return ()
    rows = state.get("results", {}).get("cases", [])
    best = max((row["score"] for row in rows), default=0.0)

    try:
        # One that is gone since the search, because the index was swapped, is not shown.
        cases = await runtime.context.library.cases([row["id"] for row in rows]) if rows else []
    except RetrievalError:
        degraded.append("cases")
        return ()
    scores = {row["id"]: row["score"] for row in rows}
    for case in cases:
        if case.field in ("", state.get("domain")) or scores[case.id] >= CLOSE_CASE * best:
            found.append(case)
        if len(found) == SHOWN_CASES:
            break
    matter = {state["domain"]: causes_of(state)} if state.get("domain") else {}
    told = likeness.Told(story_of(state), facts_of(state), tuple(terms), matter)
    return opinion.similar(found, told, pack_of(state), runtime.context.today())


def _with_premises(plan: AnswerPlan, found: premises.Premises) -> AnswerPlan:
    """The plan with what corrects its question; of foreign law the plan keeps nothing that could pass for it."""
    cited = {one.id for ground in plan.grounds for one in ground.sources}
    basis = [Ground(says="", sources=(opinion.source(one, ""),)) for one in found.basis if one.id not in cited]
    update: Json = {"corrections": found.corrections, "notices": found.notices, "grounds": (*plan.grounds, *basis)}
    if premises.FOREIGN in found.limits and plan.kind == "open":
        update |= {"conclusions": (premises.FOREIGN,), "grounds": tuple(basis), "cases": ()}
    return plan.model_copy(update=update)


def _limits(found: premises.Premises) -> list[str]:
    return [f"**答不了的部分**:{text}\n\n" for text in found.limits]


def _facts(state: State) -> dict[str, Fact]:
    """The facts that the answer rests on: those told, and over them what the client supposes in this turn."""
    return {**facts_of(state), **supposed_of(state)}


def _supposition(state: State) -> list[str]:
    """What is only supposed, in words of our own, so that no reader takes it for the facts."""
    supposed, told = supposed_of(state), facts_of(state)
    if not supposed:
        # A supposition that meets no fact of the field must not look as if it had been weighed.
        return [f"**假设**:{UNREAD}\n\n"] if statements.supposes(state.get("asked", "")) and pack_of(state) else []
    rows = []
    for id, fact in supposed.items():
        known = told.get(id)
        real = f"您此前说的是「{known.value}」" if known is not None and not known.unclear else "实际情况您还没有说"
        rows.append(f"「{fact.label}」为「{fact.value}」({real})")
    if statements.claims(state.get("asked", "")):
        return [
            f"**假设**:以下按对方的说法({';'.join(rows)})来推演。对方怎么说不等于就是事实,要看谁拿得出证据;"
            "您已经说明的事实没有改动。\n\n"
        ]
    return [f"**假设**:以下只是按{';'.join(rows)}来推演,您已经说明的事实没有改动。如果实际就是这样,请直接告诉我。\n\n"]


def _believed(state: State) -> str:
    """Where wrong beliefs are looked for: a follow-up alone, else all that was told (replies may have come last)."""
    if state.get("asked") or state["route"] != "consult" or state.get("mode") == "normal":
        return _asked_text(state)
    return story_of(state) or _asked_text(state)


def _asked_text(state: State) -> str:
    message = message_of(state)
    return message.content or "\n".join((message.reply or {}).values()) or story_of(state)


def _request(state: State, plan: AnswerPlan) -> GenerationRequest:
    text = state.get("asked") or story_of(state) or _asked_text(state)
    return GenerationRequest(task="dialogue", messages=(Message(role="user", content=text),), plan=plan)


async def _texts(asked: Asked) -> AsyncIterator[str]:
    async for chunk in asked:
        if chunk.text:
            yield chunk.text


def _opening(plan: AnswerPlan, degraded: Sequence[str]) -> list[str]:
    lines = [f"**更正**:{text}\n\n" for text in plan.corrections]
    lines += [f"**法律变动提示**:{text}\n\n" for text in plan.notices]
    if named := [LABELS.get(task, task) for task in dict.fromkeys(degraded)]:
        lines.append(f"**降级提示**:{'、'.join(named)}本次不可用,下面的答复缺少这一部分,结论请格外谨慎对待。\n\n")
    return lines


async def _closing(runtime: Run) -> str:
    try:
        reaches = (await runtime.context.library.state()).reaches
        known = f"法条数据截至 {reaches.isoformat()}" if reaches else "法条数据的截止日期未知"
    except RetrievalError:
        known = "法条数据的截止日期暂时无法读取"
    return f"\n---\nAI生成 · {known},此后的修改请以官方公布为准 · 仅供参考,不能代替律师意见;免费法律咨询热线 12348\n"
