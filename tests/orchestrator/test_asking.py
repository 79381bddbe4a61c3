"""Which facts are asked about, over a small field of invented law."""

from datetime import date

import pytest
from pydantic import ValidationError

from orchestrator.asking import LONG, Fullness, breaths, listed, moot, questions, settled, varied, waiting
from orchestrator.contracts import Fact
from orchestrator.domains import packs, shorthand
from orchestrator.domains.pack import AtLeast, Cause, Choice, Domain, Element, Finding, Is
from orchestrator.reasoning import decide, recognise
from orchestrator.recognition import Spoken

TODAY = date(2026, 11, 20)


def chosen(id: str, *topic: str) -> Element:
    choices = (Choice(value="有"), Choice(value="没有"))
    return Element(id=id, label=id, why="因为", question=f"{id}?", choices=choices, topic=topic)


DEPOSIT = Cause(
    id="deposit",
    name="押金",
    cues=("押金",),
    elements=("damage", "culprit", "sum", "receipt", "dog"),
    findings=(
        Finding(when=(Is("damage", "有"), Is("culprit", "有")), concludes="扣得对", weight=8),
        Finding(when=(Is("damage", "没有"),), concludes="全退", weight=8),
        Finding(when=(Is("dog", "有"),), concludes="清洁费", weight=4),
        Finding(when=(AtLeast("sum", 1),), concludes="数额", weight=2),
    ),
    asks=("sum", "receipt", "culprit", "damage"),
)
OTHER = Cause(id="other", name="别的", cues=("别的",), elements=("dog",), findings=DEPOSIT.findings[2:3])
SUM = Element(id="sum", label="数额", why="因为", question="多少?", kind="amount", near=("押金",), topic=("几个钱",))
FIELD = Domain(
    name="房屋租赁",
    label="租房",
    elements=(chosen("damage"), chosen("culprit"), SUM, chosen("receipt", "收条|收据"), chosen("dog")),
    causes=(DEPOSIT, OTHER),
)


def asked(story: str = "不退押金", causes: tuple[Cause, ...] = (DEPOSIT,), **known: str) -> list[str]:
    facts = {id: Fact(id=id, label=id, value=value, source="story") for id, value in known.items()}
    return [one.id for one in listed(FIELD, causes, decide(causes, facts, TODAY), facts, story)]


def test_a_cause_is_asked_about_in_its_own_order_and_what_hangs_on_another_answer_waits() -> None:
    assert asked() == ["sum", "receipt", "damage"]
    assert asked(damage="有") == ["sum", "receipt", "culprit"]


def test_what_can_change_nothing_any_more_is_not_asked() -> None:
    assert asked(damage="没有") == ["sum", "receipt"]


def test_what_makes_no_sense_is_not_asked_and_no_finding_hangs_on_it() -> None:
    def field(value: str) -> Domain:
        elements = shorthand.moot(FIELD.elements, Is("damage", value), "dog")
        return Domain(name="房屋租赁", label="租房", elements=elements, causes=(DEPOSIT, OTHER))

    told = {"damage": Fact(id="damage", label="damage", value="没有", source="story")}
    for facts, sensible in (({}, True), (told, False)):
        decision = decide(field("没有").causes[:1], facts, TODAY)
        assert any("dog" in open_ for _, _, open_ in decision.open_) is sensible
        assert ("dog" in moot(field("没有"), facts, TODAY)) is not sensible
    with pytest.raises(ValidationError, match="dog"):
        field("无此选项")


def test_what_was_told_or_dealt_with_is_not_asked() -> None:
    assert asked(damage="没有", sum="3000元") == ["receipt"]
    assert asked("不退押金,没有收据,就几个钱", damage="没有") == []


def test_a_light_finding_is_asked_about_only_where_no_list_says_what_matters() -> None:
    assert "dog" not in asked()
    assert asked(causes=(OTHER,)) == ["dog"]


def test_what_the_client_does_not_know_is_not_asked_again() -> None:
    assert asked(damage="不清楚", sum="不清楚", receipt="不清楚") == []


def test_a_first_message_tells_all_if_it_is_long_and_little_is_left() -> None:
    made = Fullness(about="", bias=-9, left=-8, facts=0.1, length=0.05)
    assert made.probability(left=0.1, facts=8, length=240) > 0.5
    assert made.probability(left=0.9, facts=8, length=240) < 0.5
    assert made.probability(left=0.1, facts=8, length=90) < 0.5
    assert made.probability(0, 8, LONG) == made.probability(0, 8, 10 * LONG)


REAL = packs()["房屋租赁"]
DEPOSIT_STORY = "租期到了我搬走了,房东扣着押金不退,说墙脏了"


def put(story: str, *, opening: bool, votes: dict[str, float] | None = None, **known: str) -> list[str]:
    causes = recognise(REAL, story)
    facts = {id: Fact(id=id, label=id, value=value, source="story") for id, value in known.items()}
    decision, spoken = decide(causes, facts, TODAY), Spoken(REAL, story)
    return list(questions(causes, decision, facts, spoken, spoken, votes or {}, TODAY, opening=opening))


def test_of_what_is_worth_asking_the_listed_lead_and_nothing_known_comes() -> None:
    causes = recognise(REAL, DEPOSIT_STORY)
    first = [one.id for one in listed(REAL, causes, decide(causes, {}, TODAY), {}, DEPOSIT_STORY)]
    asked = put(DEPOSIT_STORY, opening=True)
    assert asked
    assert set(asked[:4]) & set(first)
    assert asked[0] not in put(DEPOSIT_STORY, opening=True, **{asked[0]: "不清楚"})


def test_who_told_everything_is_asked_nothing_in_any_turn() -> None:
    told = {element.id: "不清楚" for element in REAL.elements}
    assert put(DEPOSIT_STORY, opening=True, **told) == put(DEPOSIT_STORY, opening=False, **told) == []


def test_what_hangs_on_another_answer_waits_and_what_is_decided_is_settled() -> None:
    open_ = decide((DEPOSIT,), {}, TODAY)
    assert (waiting((DEPOSIT,), open_), settled((DEPOSIT,), open_)) == ({"culprit"}, set())
    whole = {"damage": Fact(id="damage", label="damage", value="没有", source="story")}
    decided = decide((DEPOSIT,), whole, TODAY)
    assert waiting((DEPOSIT,), decided) == settled((DEPOSIT,), decided) == {"damage", "culprit"}


def test_an_employee_is_not_asked_what_an_employer_is() -> None:
    labour = packs()["劳动"]

    def off(**known: str) -> set[str]:
        return moot(
            labour, {id: Fact(id=id, label=id, value=value, source="story") for id, value in known.items()}, TODAY
        )

    assert off() == set()
    assert {"rules", "warned", "staff_paper"} <= off(side="员工")
    assert {"rules", "warned", "staff_paper"}.isdisjoint(off(side="用人单位"))
    assert {"monthly_wage", "layoff", "notice_proof"}.isdisjoint(off(side="员工"))


def test_a_twin_of_a_question_waits_and_what_was_put_counts() -> None:
    def element(id: str, question: str) -> Element:
        return Element(id=id, label="", why="因为", question=question, kind="amount")

    pack = FIELD.model_copy(
        update={
            "elements": (
                element("paper", "当时写了借条吗"),
                element("note", "当时写了借条没有"),
                element("day", "哪天借出去的"),
            )
        }
    )
    chances = {"paper": 0.5, "note": 0.45, "day": 0.3}
    assert [one.id for one in varied(pack, chances, ())] == ["paper", "day", "note"]
    assert [one.id for one in varied(pack, {"note": 0.45, "day": 0.3}, {"paper"})] == ["day", "note"]
    assert varied(pack, {}, {"paper"}) == []


def test_a_question_takes_the_next_of_its_theme_into_the_same_breath() -> None:
    pack = FIELD.model_copy(update={"together": ({"sum": "多少钱?", "receipt": "有收条吗?", "dog": "养狗吗?"},)})

    def asked(*ids: str, **chances: float) -> list[list[str]]:
        return [[one.id for one in breath] for breath in breaths(pack, dict.fromkeys(ids, 0.5) | chances)]

    assert asked("damage", "sum", "culprit", "dog", "receipt") == [["damage"], ["sum", "dog"], ["culprit"], ["receipt"]]
    assert asked("sum") == [["sum"]]
    assert asked("sum", dog=0.15, receipt=0.3) == [["sum", "receipt"], ["dog"]]
    assert asked() == []
