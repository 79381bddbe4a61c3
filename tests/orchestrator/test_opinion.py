"""Opinions from a small invented field: what is said when nothing can be concluded yet."""

from datetime import date

from orchestrator import opinion, reasoning
from orchestrator.domains.pack import Cause, Finding, Is, Says
from retrievers.contracts import Passage
from tests.orchestrator.fields import FERRY

TODAY = date(2026, 11, 20)
PLANK = FERRY.causes[0]


def passage(id: str) -> Passage:
    return Passage.model_validate(
        {
            "id": id,
            "law": id.partition("#")[0],
            "number": 1,
            "article": "第一条",
            "text": "租火种要写字据。",
            "kind": "digest",
        }
    )


def test_undecided_matters_say_what_they_depend_on_instead_of_quoting_at_random() -> None:
    decision = reasoning.decide([PLANK], {}, TODAY)
    ids = opinion.wanted_articles([PLANK], decision)
    plan = opinion.full(FERRY, [PLANK], {}, {id: passage(id) for id in ids}, (), TODAY)
    assert len(plan.conclusions) == 1
    assert plan.conclusions[0].startswith("要得出结论,还要先弄清「您的身份」")
    assert plan.unknowns
    assert plan.steps


def concluding(*findings: Finding) -> tuple[str, ...]:
    cause = Cause(id="dock", name="码头", elements=(), findings=findings)
    ids = opinion.wanted_articles([cause], reasoning.decide([cause], {}, TODAY))
    return opinion.full(FERRY, [cause], {}, {id: passage(id) for id in ids}, (), TODAY).conclusions


def finding(concludes: str, article: str, weight: int = 5) -> Finding:
    return Finding(concludes=concludes, grounds=(Says(text="租火种要写字据。", articles=(article,)),), weight=weight)


def test_what_two_causes_conclude_alike_stands_once_the_weightier_way() -> None:
    said = "木板坏了,码头要赔您的损失,修好以前不得收费。"
    assert concluding(finding("木板坏了,码头赔损失,修好以前不得收费。", "火种法#1"), finding(said, "火种法#2", 9)) == (
        said,
    )
    assert len(concluding(finding("码头要赔损失,您先发函。", "火种法#1"), finding(said, "火种法#1", 9))) == 1
    assert len(concluding(finding("船票可以全退。", "火种法#1"), finding(said, "火种法#1", 9))) == 2


def test_evidence_that_was_named_is_not_named_again() -> None:
    rows = ("结婚证(或登记档案)、身份证、户口簿", "结婚证、身份证、户口簿", "工资流水")
    cause = Cause(id="dock", name="码头", elements=(), findings=(Finding(concludes="甲", evidence=rows),))
    plan = opinion.full(FERRY, [cause], {}, {}, (), TODAY)
    assert plan.evidence == (rows[0], rows[2])


def test_articles_of_others_are_not_named_beside_the_grounds() -> None:
    mood = Is("mood", "好")
    law = (Says(text="租火种要写字据。", articles=("火种法#2",)),)
    for weight, named in ((1, []), (3, ["火种法#2"])):
        open_ = Finding(when=(mood,), concludes="乙", grounds=law, weight=weight)
        cause = Cause(id="dock", name="码头", elements=("mood",), findings=(Finding(concludes="甲"), open_))
        plan = opinion.full(FERRY, [cause], {}, {}, (passage("火种法#2"),), TODAY, among=())
        assert [one.id for ground in plan.grounds for one in ground.sources] == named


def test_only_open_facts_that_are_worth_a_word_are_named() -> None:
    known = opinion.full(FERRY, [PLANK], {}, {}, (), TODAY, among=()).unknowns
    assert known  # nothing can be concluded yet: then all are
    held = Finding(concludes="甲")
    cause = Cause(id="dock", name="码头", elements=PLANK.elements, findings=(held, *PLANK.findings))
    assert opinion.full(FERRY, [cause], {}, {}, (), TODAY).unknowns
    assert opinion.full(FERRY, [cause], {}, {}, (), TODAY, among=()).unknowns == ()
