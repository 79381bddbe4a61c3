"""Which facts are asked about, over a small field of invented law."""

from datetime import date

from orchestrator.asking import questions
from orchestrator.contracts import Fact
from orchestrator.domains.pack import AtLeast, Cause, Choice, Domain, Element, Finding, Is
from orchestrator.reasoning import decide

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
    return [one.id for one in questions(FIELD, causes, decide(causes, facts, TODAY), facts, story)]


def test_a_cause_is_asked_about_in_its_own_order_and_what_hangs_on_another_answer_waits() -> None:
    assert asked() == ["sum", "receipt", "damage"]
    assert asked(damage="有") == ["sum", "receipt", "culprit"]


def test_what_can_change_nothing_any_more_is_not_asked() -> None:
    assert asked(damage="没有") == ["sum", "receipt"]


def test_what_was_told_or_dealt_with_is_not_asked() -> None:
    assert asked(damage="没有", sum="3000元") == ["receipt"]
    assert asked("不退押金,没有收据,就几个钱", damage="没有") == []


def test_a_light_finding_is_asked_about_only_where_no_list_says_what_matters() -> None:
    assert "dog" not in asked()
    assert asked(causes=(OTHER,)) == ["dog"]


def test_what_the_client_does_not_know_is_not_asked_again() -> None:
    assert asked(damage="不清楚", sum="不清楚", receipt="不清楚") == []


def test_a_long_first_message_that_leaves_little_open_is_asked_nothing() -> None:
    facts = {
        id: Fact(id=id, label=id, value=value, source="story") for id, value in (("sum", "3000元"), ("damage", "有"))
    }
    decision = decide((DEPOSIT,), facts, TODAY)
    whole = "不退押金,有照片为证," * 20

    def left(story: str, known: dict[str, Fact], *, opening: bool) -> list[str]:
        return [
            one.id
            for one in questions(FIELD, (DEPOSIT,), decide((DEPOSIT,), known, TODAY), known, story, opening=opening)
        ]

    most = facts | {"culprit": Fact(id="culprit", label="culprit", value="有", source="story")}
    assert left(whole, most, opening=True) == []
    assert left(whole, most, opening=False) == ["receipt"]
    assert left("不退押金", most, opening=True) == ["receipt"]
    assert left(whole, facts, opening=True) == ["receipt", "culprit"]
    assert decision.open_
