"""From a decision and passages to an answer plan: what the answer will say, as data (design.md sections 2 and 4).

No sentence of law is written here: conclusions, grounds and steps come from the field's pack, texts of articles from
the library. What the pack cannot cover becomes an open plan: retrieved articles, honestly labelled.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from models.contracts import AnswerPlan, Branch, Ground, SimilarCase, Source, Step
from orchestrator import deadlines, likeness, points, reasoning, statements
from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Do, Domain, Finding
from orchestrator.suggestion import bigrams, by_relevance, excerpt, telling
from retrievers.contracts import Case, Passage

LABELS = {"invented": "教学案例,虚构,非真实裁判", "judgment": "导入的裁判文书", "guiding": "指导性案例"}
MORE_ARTICLES = 12  # beside the grounds of the conclusions, the likeliest to be named by a lawyer (citing.py)
FURTHER_EXCERPT = 90  # characters
LONGEST_OUTCOME = 160  # characters of a case's outcome in an answer; the whole is at GET /v1/cases/{id}
# The share of a sentence's pairs of characters from which on another one has said it: of two on the same law, and of
# any. Chosen by reading answers.
SAME_LAW, SAME = 0.3, 0.5
MOST_GROUNDS = 14  # the weightiest: a client reads a note, not a commentary
UNDECIDED = (
    "要得出结论,还要先弄清{};不同情况下的结果写在后面“还不确定”的部分,下面先列出用得上的规定和可以马上做的准备。"
)
UNCHANGED = "按这个假设,前面已经给出的结论没有变化。"
RECOUNTED = "按这个假设,前面的结论不变,数额按下面重新算。"
NO_LONGER = "按这个假设,前面的这一点不再成立:{}"
IF_PROVEN = "只有这个说法被证明属实,前面的这一点才不再成立:{}"
POINT_OF_STEPS = "对照您说的情况,这样办:"
POINT = "直接说这一点,依据和做法列在下面;前面的结论不变。"
SHOWN_STEPS = 4
ABOUT = 3  # findings that a follow-up is answered with
HELP = "拿不准时,可以拨打 12348(公共法律服务热线,免费)或到当地法律援助中心、律师事务所当面咨询"


def source(passage: Passage, about: str, most: int = 220) -> Source:
    """The passage as an answer shows it: the part of it that speaks about `about`, some `most` characters."""
    shown = excerpt(passage, about, most)
    return Source(id=passage.id, name=passage.name, excerpt=shown, quoted=passage.kind == "official")


def wanted_articles(causes: Sequence[Cause], decision: reasoning.Decision) -> list[str]:
    """The ids of all articles that the findings that hold rest on, and those governing the causes.

    While nothing can be concluded, also those of the open findings.
    """
    findings = [finding for _, finding in decision.held]
    if not any(finding.concludes for finding in findings):
        findings += [finding for _, finding, _ in decision.open_]
    ids = [id for finding in findings for ground in finding.grounds for id in ground.articles]
    ids += [id for cause in causes for id in cause.governing]
    return list(dict.fromkeys(ids))


def full(
    domain: Domain,
    causes: Sequence[Cause],
    facts: Mapping[str, Fact],
    passages: Mapping[str, Passage],
    further: Sequence[Passage],
    today: date,
    *,
    brief: bool = False,
    asked: str = "",
    told: Mapping[str, Fact] | None = None,
    among: Collection[str] | None = None,
) -> AnswerPlan:
    """The answer plan of a matter that the pack covers. `further` are fitting retrieved articles beyond the pack's.

    `brief`: normal mode. `asked`: a follow-up question; the findings that speak about it come first and alone.
    `told`: the facts as they are, where `facts` are supposed; the plan is then about what the supposition changes.
    `among`: the open facts worth a word (orchestrator/asking.py); none given: all.
    """
    decision = reasoning.decide(causes, facts, today)
    point = points.asked(asked) if told is None else None
    gone: list[tuple[Cause, Finding]] = []
    if told is not None:
        before = reasoning.decide(causes, told, today)
        held = [row for row in decision.held if row not in before.held]
        gone = [row for row in before.held if row not in decision.held]
    elif asked and point is None:
        held = about(domain, decision, asked)
    else:
        held = list(decision.held)
    say = [(cause, finding) for cause, finding in held if finding.concludes]
    if brief:
        say = say[:4]

    def filled(text: str) -> str:
        return reasoning.fill(text, domain, facts)

    findings = [finding for _, finding in held]
    conclusions = _unlike(say, filled)
    if told is not None:
        lost = [reasoning.fill(finding.concludes, domain, told) for _, finding in gone if finding.concludes]
        no_longer = IF_PROVEN if statements.claims(asked) else NO_LONGER
        conclusions += tuple(no_longer.format(text) for text in dict.fromkeys(lost))
        conclusions = conclusions or (UNCHANGED,)
    unknowns = tuple(reasoning.branches(domain, decision, facts, among=among if conclusions else None))
    if asked and point is None and told is None:
        texts = {str(at): branch.question + " ".join(map(" ".join, branch.ways)) for at, branch in enumerate(unknowns)}
        unknowns = tuple(unknowns[int(key)] for key in by_relevance(texts, asked)[:2])
    if not conclusions and unknowns:
        # Nothing holds yet: say what it depends on, and give the law of the ways that are still open.
        conclusions = (UNDECIDED.format("、".join(f"「{branch.question}」" for branch in unknowns)),)
        wanted = {branch.question for branch in unknowns}
        findings += [
            Finding(grounds=finding.grounds)
            for _, finding, undecided in decision.open_
            if not asked or domain.element(undecided[0]).label in wanted
        ]
    steps = _unique_steps([step for finding in findings for step in finding.steps], filled, facts, today)
    if point is not None:
        return _on_point(domain, causes, point, findings, steps, passages, filled)
    grounds = _grounds(findings, passages, filled)
    if asked and not conclusions:
        # What is asked about concludes nothing of its own: the law of it and what to do are the answer.
        conclusions = tuple(ground.says for ground in grounds) or ((POINT_OF_STEPS,) if steps else ())
    if domain.hotline and not (brief or asked):
        steps += (Step(what=f"拿不准或者需要帮助的,可以拨打{domain.hotline}"),)
    cited = {one.id for ground in grounds for one in ground.sources}
    strange = _of_others(causes, decision)
    extra = tuple(
        Ground(says="", sources=(source(passage, " ".join(conclusions), FURTHER_EXCERPT),))
        for passage in further
        if passage.id not in cited and passage.id not in strange
    )[:MORE_ARTICLES]
    return AnswerPlan(
        kind="brief" if brief or asked else "full",
        field=domain.name,
        cause="、".join(cause.name for cause in causes),
        facts=tuple(f"{fact.label}:{fact.value}" for fact in facts.values() if not fact.undecided),
        assumptions=() if asked else _assumptions(facts),
        conclusions=conclusions,
        grounds=(*grounds[: 4 if brief else MOST_GROUNDS], *(() if brief or asked else extra)),
        steps=steps[: 3 if brief else None],
        evidence=() if asked else _new(filled(text) for finding in findings for text in finding.evidence),
        risks=_unique(
            [*(filled(text) for finding in findings for text in finding.risks), *(() if asked else domain.cautions)]
        ),
        unknowns=unknowns if told is None else _new_branches(domain, causes, facts, told, today),
    )


def recounted(plan: AnswerPlan) -> AnswerPlan:
    """The plan of a supposition that changes a figure: that nothing else changes is said so."""
    return plan.model_copy(update={"conclusions": (RECOUNTED,)}) if plan.conclusions == (UNCHANGED,) else plan


def about(domain: Domain, decision: reasoning.Decision, asked: str) -> list[tuple[Cause, Finding]]:
    """The findings that a follow-up question is about: of those that hold, else of those still open, as what follows
    if their conditions are met. One that asks how much is about whatever works out a figure.

    What concludes nothing is a bundle of law and steps for the whole matter: only the part asked about is kept.
    """
    near = [(cause, _part(finding, asked)) for cause, finding in _near(decision.held, asked)]
    speaking = [row for row in near if row[1].concludes]
    if points.amount(asked):
        summed = [row for row in decision.held if row[1].computes and (row in near or points.whole_amount(asked))]
        if summed:
            return [*summed, *(row for row in speaking if row not in summed)][:ABOUT]
        if points.whole_amount(asked):
            return [row for row in decision.held if row[1].concludes][:ABOUT]
    if speaking:
        return near
    opened = [(cause, finding) for cause, finding, _ in decision.open_ if finding.concludes]
    undecided = {id(finding): rest for _, finding, rest in decision.open_}
    return [
        (cause, finding.model_copy(update={"concludes": f"如果{hinges}:{finding.concludes}"}))
        for cause, finding in _near(opened, asked)[:2]
        if (hinges := reasoning.hinges(domain, finding, undecided[id(finding)]))
    ] or near


def speaks_of(causes: Sequence[Cause], words: str) -> bool:
    """Whether the findings of the causes speak of what the words name."""
    wanted = telling(words)
    return any(
        wanted <= bigrams("".join([finding.concludes, *finding.evidence, *(ground.text for ground in finding.grounds)]))
        for cause in causes
        for finding in cause.findings
        if wanted
    )


def point_articles(domain: Domain, asked: str) -> list[str]:
    """The ids of the articles on the point that a follow-up asks about, beyond those of the findings."""
    point = points.asked(asked)
    return [] if point is None else [id for says in points.law(point, domain.name) for id in says.articles]


def _on_point(
    domain: Domain,
    causes: Sequence[Cause],
    point: points.Point,
    findings: Sequence[Finding],
    steps: tuple[Step, ...],
    passages: Mapping[str, Passage],
    filled: Callable[[str], str],
) -> AnswerPlan:
    """The answer on one point of procedure: the law of it, and what the findings that hold say to do."""
    law = Finding(grounds=points.law(point, domain.name))
    if point.picks == "deadline":
        steps = tuple(step for step in steps if step.deadline)
    elif point.picks == "where":
        steps = tuple(step for step in steps if re.search("法院|仲裁|复议|公安|检察", step.where + step.what))
    grounds = _grounds([law], passages, filled)
    evidence = _new(filled(text) for finding in findings for text in finding.evidence)
    return AnswerPlan(
        kind="brief",
        field=domain.name,
        cause="、".join(cause.name for cause in causes),
        conclusions=tuple(ground.says for ground in grounds) or (POINT_OF_STEPS if steps else POINT,),
        grounds=grounds,
        steps=() if point.picks == "evidence" else steps[:SHOWN_STEPS],
        evidence=evidence if point.picks == "evidence" else (),
    )


def _of_others(causes: Sequence[Cause], decision: reasoning.Decision) -> set[str]:
    """The articles that the causes rest on only for people who would have said so of themselves, and have not.

    Those of findings that the facts exclude are kept: lawyers name them beside the others, and facts may be misread.
    """
    held = {id(finding) for _, finding in decision.held}
    own: set[str] = set()
    others: set[str] = set()
    for cause in causes:
        own |= set(cause.governing)
        for finding in cause.findings:
            told_only = finding.weight == reasoning.TOLD_ONLY and id(finding) not in held
            (others if told_only else own).update(one for ground in finding.grounds for one in ground.articles)
    return others - own


def _new_branches(
    domain: Domain, causes: Sequence[Cause], facts: Mapping[str, Fact], told: Mapping[str, Fact], today: date
) -> tuple[Branch, ...]:
    """What a supposition leaves open that was not open before."""
    before = reasoning.branches(domain, reasoning.decide(causes, told, today), told)
    after = reasoning.branches(domain, reasoning.decide(causes, facts, today), facts)
    return tuple(branch for branch in after if branch not in before)


def open_question(
    field: str, question: str, passages: Sequence[Passage], cautions: Sequence[str] = (), *, most: int = 5
) -> AnswerPlan:
    """The answer plan of a question that no pack covers: at most `most` articles found, and where to get help."""
    grounds = tuple(Ground(says="", sources=(source(passage, question),)) for passage in passages[:most])
    if grounds:
        conclusions = (
            "下面是检索到的、与您的问题最接近的现行规定;我没有足够的把握把它们直接适用到您的具体情况,请结合条文对照自己的事实,重要决定前请律师核对。",
        )
    else:
        conclusions = ("在现有语料中没有找到能够支持答复的法律依据,我不能凭空给出结论。",)
    return AnswerPlan(
        kind="open",
        field=field,
        facts=(),
        conclusions=conclusions,
        grounds=grounds,
        steps=(
            Step(what="把事情的经过按时间顺序写下来,收集合同、单据、聊天和转账记录", where="自己整理"),
            Step(what=HELP),
        ),
        risks=tuple(cautions),
    )


def similar(cases: Iterable[Case], told: likeness.Told, domain: Domain | None, today: date) -> tuple[SimilarCase, ...]:
    """The cases as an answer shows them, with what is alike and what differs (orchestrator/likeness.py)."""
    shown = []
    for case in cases:
        found = likeness.compare(case, told, domain, today)
        shown.append(
            SimilarCase(
                id=case.id,
                title=case.title,
                label=LABELS[case.kind],
                outcome=_result(case),
                alike=";".join(found.alike),
                differs=";".join(found.differing),
            )
        )
    return tuple(shown)


def _result(case: Case) -> str:
    """How the case ended, in a length that a list of cases bears; where the file does not say, what it was about."""
    if case.outcome:
        return likeness.shortened(case.outcome, LONGEST_OUTCOME)
    return f"资料没有载明裁判结果。案情:{likeness.shortened(case.facts, LONGEST_OUTCOME)}"


def _assumptions(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    unclear = "、".join(f"「{fact.label}」" for fact in facts.values() if fact.unclear)
    unread = "、".join(f"「{fact.label}」({fact.value})" for fact in facts.values() if not fact.read)
    said = f"您还不清楚{unclear},上面的意见没有把它当作已知事实;弄清以后可以继续告诉我" if unclear else ""
    kept = f"您对{unread}的回答已记下,但没能归入已知的情形,上面的结论没有以它为前提" if unread else ""
    return tuple(text for text in (said, kept) if text)


def _grounds(
    findings: Sequence[Finding], passages: Mapping[str, Passage], filled: Callable[[str], str]
) -> tuple[Ground, ...]:
    """The grounds whose articles are all in force in the corpus; one sentence is said once."""
    grounds: dict[str, Ground] = {}
    for finding in findings:
        for ground in finding.grounds:
            found = [passages[id] for id in ground.articles if id in passages and passages[id].citable]
            if len(found) == len(ground.articles):
                text = filled(ground.text)
                grounds.setdefault(text, Ground(says=text, sources=tuple(source(one, text) for one in found)))
    return tuple(grounds.values())


def _part(finding: Finding, asked: str) -> Finding:
    """The finding; of one that concludes nothing, the grounds and steps that speak of what is asked."""
    if finding.concludes:
        return finding
    wanted = telling(asked)
    return finding.model_copy(
        update={
            "grounds": tuple(ground for ground in finding.grounds if wanted & bigrams(ground.text)),
            "steps": tuple(step for step in finding.steps if wanted & bigrams(step.what + step.deadline)),
            "evidence": (),
        }
    )


def _near(held: Sequence[tuple[Cause, Finding]], asked: str) -> list[tuple[Cause, Finding]]:
    texts = {
        str(at): " ".join(
            [
                finding.concludes,
                *(ground.text for ground in finding.grounds),
                *(step.what + step.deadline for step in finding.steps),
            ]
        )
        for at, (_, finding) in enumerate(held)
    }
    return [held[int(key)] for key in by_relevance(texts, asked)[:ABOUT]]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _unlike(rows: Iterable[tuple[Cause, Finding]], filled: Callable[[str], str]) -> tuple[str, ...]:
    """What the findings conclude, the weightiest first, without what a weightier one has said in other words.

    Several causes of one matter often rest a sentence of their own on the same article.
    """
    said: list[tuple[str, frozenset[str]]] = []
    for _, finding in rows:
        text = filled(finding.concludes)
        articles = frozenset(id for ground in finding.grounds for id in ground.articles)
        grams = bigrams(text)
        for before, resting in said:
            shared = len(grams & bigrams(before)) / max(1, len(grams))
            if shared >= (SAME_LAW if articles and articles <= resting else SAME):
                break
        else:
            said.append((text, articles))
    return tuple(text for text, _ in said)


def _new(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts of which the ones before have not said most already (结婚证、身份证 after 结婚证、户口簿、身份证)."""
    kept: dict[str, None] = {}
    heard: set[str] = set()
    for text in texts:
        grams = bigrams(text)
        if text and len(grams & heard) < SAME * max(1, len(grams)):
            kept[text] = None
            heard |= grams
    return tuple(kept)


def _unique_steps(
    steps: Iterable[Do], filled: Callable[[str], str], facts: Mapping[str, Fact], today: date
) -> tuple[Step, ...]:
    made: dict[str, Step] = {}
    for step in steps:
        what, where, deadline = filled(step.what), filled(step.where), filled(step.deadline)
        due = tuple(deadlines.counted(step.deadline, step.since, facts.values(), today))
        made.setdefault(what, Step(what=what, where=where, deadline=deadline, due=due))
    return tuple(made.values())
