from datetime import date

from retrievers import digests
from retrievers.digests import Digest, Questions

TODAY = date(2026, 11, 20)
OFFICIAL = {
    "渡船法#1": "渡船超载的,应当在三日以内退还渡钱,并向乘客赔礼道歉,不得再次超载营运。",
    "渡船法#2": "无正文。",
    "海商法#1": "略。",
}


def digest(id_: str, text: str) -> Digest:
    return Digest(id=id_, digest=text, terms=("渡船", "渡钱"), asked_as=("超载退钱吗", "渡钱退不退"), field="合同")


def test_a_sound_digest_has_no_fault() -> None:
    assert digests.check([digest("渡船法#1", "船载人太多,渡钱要在3日内退。")], OFFICIAL, TODAY) == []


def test_faults_of_digests_are_told() -> None:
    rows = [
        digest("渡船法#1", "船载人太多,渡钱要在5日内退还。"),
        digest("渡船法#1", "渡船超载的,应当在三日以内退还渡钱,并向乘客赔礼道歉。"),
        digest("渡船法#9", "没有这样一条法律条文可查。"),
        digest("海商法#1", "这部法律在此之后修订过了。"),
    ]
    faults = digests.check(rows, OFFICIAL, TODAY)
    for part in ("not in the official text: ", "twice", "copies the statute", "no such article", "changed since"):
        assert any(part in fault for fault in faults), part


def test_faults_of_questions_are_told() -> None:
    rows = [
        Questions(id="渡船法#2", asked_as=("船上人太多能不能下船退钱",)),
        Questions(id="渡船法#1", asked_as=("渡船超载的,应当在三日以内退还渡钱吗",)),
        Questions(id="渡船法#2", asked_as=("再问一遍同样的条文行不行",)),
        Questions(id="渡船法#8", asked_as=("没有的条文也能问吗",)),
        Questions(id="海商法#1", asked_as=("改过的法律还能不能问",)),
    ]
    assert digests.check_questions(rows[:1], set(), OFFICIAL, TODAY) == []
    faults = digests.check_questions(rows, set(), OFFICIAL, TODAY)
    for part in ("twice", "copies the statute", "no such article", "changed since"):
        assert any(part in fault for fault in faults), part
    assert digests.check_questions(rows[:1], {"渡船法#2"}, OFFICIAL, TODAY)


def test_the_shipped_questions_are_many_and_never_of_changed_law() -> None:
    asked = list(digests.questions())
    changed = digests.superseded(TODAY)
    assert len({row.id for row in asked}) == len(asked) > 4000
    assert not [row.id for row in asked if row.id.split("#")[0] in changed]
