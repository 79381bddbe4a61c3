"""Facts of a small invented field: told in a story, corrected, given in replies."""

from datetime import date

import pytest

from orchestrator import facts as reading
from orchestrator.contracts import UNCLEAR, Fact
from orchestrator.domains import packs
from orchestrator.domains.pack import Choice, Element, Is, IsNot
from orchestrator.facts import extract, merge, read_breath, read_replies, read_reply, reconciled, settled, together
from orchestrator.reasoning import truth
from tests.orchestrator.fields import FERRY

TODAY = date(2026, 11, 20)


def told(text: str) -> dict[str, str]:
    return {id: fact.value for id, fact in extract(FERRY.elements, text, TODAY).items()}


def replied(element: str, text: str) -> str | None:
    fact = read_reply(FERRY.element(element), text, TODAY)
    return None if fact is None else fact.value


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("", {}),
        ("今天天气不错", {}),
        ("我是乘客，写过字据", {"side": "乘客", "paper": "有字据"}),
        ("我坐船，没写字据", {"side": "乘客", "paper": "没有字据"}),
        ("我不是船主，我坐船", {"side": "乘客"}),
        ("我很高兴", {"mood": "好"}),
        ("我不高兴", {"mood": "不好"}),
        ("当时没有签字据，后来签了字据", {"paper": "有字据"}),
        ("船费三百块，损失2万", {"fare": "300元", "damage": "20000元"}),
        ("损失是2万，船费是三百块", {"fare": "300元", "damage": "20000元"}),
        ("损失2万。船费没说", {"damage": "20000元"}),
        ("一共给了800元", {"fare": "800元"}),
        ("给了800元，又给了900元", {}),
        ("船费6500", {"fare": "6500元"}),
        ("我的手机尾号6500", {}),
        ("占用了一年半", {"kept": "1年6个月"}),
        ("占用。一年半", {}),
        ("说好去年三月还", {"due": "2025年3月"}),
        ("总共3个人", {"people": "3"}),
        ("船费三百，小费五十块", {"fare": "300元"}),
        ("船费300，后来船费涨到350", {"fare": "350元"}),
    ],
)
def test_what_a_story_states(text: str, facts: dict[str, str]) -> None:
    found = told(text)
    assert {id: value for id, value in found.items() if id in facts or not facts} == facts


def test_full_width_and_ascii_marks_read_the_same() -> None:
    for text in ("我坐船,没写字据,损失2万,船费三百块!", "我坐船，没写字据，损失２万，船费三百块！"):
        assert told(text) == {"side": "乘客", "paper": "没有字据", "damage": "20000元", "fare": "300元"}


def test_a_comma_parts_a_quantity_from_a_cue_less_than_a_full_stop() -> None:
    assert told("船费是他收的，20元")["fare"] == "20元"
    assert "damage" not in told("损失不少。船费20元")


@pytest.mark.parametrize(
    ("text", "happened"),
    [
        ("2026年3月我打伤了人", "2026-03"),
        ("我2019年因为打架被罚过五百", None),
        ("2026年3月我打伤了人,2015年坐过牢", "2026-03"),
        ("我曾于2025年5月被他打伤", "2025-05"),
    ],
)
def test_the_date_of_what_was_before_the_matter_is_not_the_matters(text: str, happened: str | None) -> None:
    element = Element(id="happened", label="案发时间", why="", question="什么时候的事?", kind="date", sole=True)
    found = extract([element], text, date(2026, 11, 1))
    assert (found["happened"].iso if found else None) == happened


def test_a_fact_keeps_its_measure_and_source() -> None:
    facts = extract(FERRY.elements, "船费三百块，占用了半年，约定2024年5月", TODAY)
    assert facts["fare"].number == 300
    assert facts["kept"].number == 6
    assert facts["due"].iso == "2024-05"
    assert {fact.source for fact in facts.values()} == {"story"}
    assert read_reply(FERRY.element("fare"), "五十", TODAY, "confirm") == Fact(
        id="fare", label="船费", value="50元", number=50, source="confirm"
    )


@pytest.mark.parametrize(
    ("element", "text", "value"),
    [
        ("side", "乘客", "乘客"),
        ("side", "坐船的。", "乘客"),
        ("side", "开船的！", "船主"),
        ("side", "我是船主啊", "船主"),
        ("side", "我也说不上来是哪边", None),
        ("paper", "写了", "有字据"),
        ("paper", "没写", "没有字据"),
        ("paper", "有", "有字据"),
        ("paper", "有的。", "有字据"),
        ("paper", "没有", "没有字据"),
        ("paper", "没有！", "没有字据"),
        ("paper", "否", "没有字据"),
        ("paper", "我们只是口头说的", "没有字据"),
        ("mood", "是的", None),
        ("fare", "五十", "50元"),
        ("fare", "80", "80元"),
        ("fare", "大概三百左右吧", "300元"),
        ("fare", "船费三百，小费五十块", "300元"),
        ("fare", "不是300，是350元", "350元"),
        ("fare", "不好说", UNCLEAR),
        ("fare", "很贵", None),
        ("people", "三个", "3"),
        ("people", "12", "12"),
        ("kept", "一年半", "1年6个月"),
        ("kept", "2026年5月20日开始的", "6个月"),
        ("due", "去年三月", "2025年3月"),
        ("due", "2024年5月6号", "2024年5月6日"),
        ("due", "已经两年了", "2024年11月"),
        ("due", "想不起来哪天了，很久", None),
    ],
)
def test_a_reply(element: str, text: str, value: str | None) -> None:
    assert replied(element, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "不清楚", "不清楚。", "不清楚！", "我不清楚", "不太清楚", "不知道", "不知道啊", "真的不知道", "不确定", "记不清了", "记不得了",
        "跳过", "说不清", "忘了", "忘记了", "不记得了", "不晓得", "没印象了",
    ],
)  # fmt: skip
@pytest.mark.parametrize("element", ["side", "fare", "due"])
def test_not_knowing_is_an_answer(element: str, text: str) -> None:
    fact = read_reply(FERRY.element(element), text, TODAY)
    assert fact is not None
    assert fact.unclear


def test_a_correction_overrides_and_is_marked() -> None:
    known = extract(FERRY.elements, "我坐船，船费三百块", TODAY)
    merged = merge(known, extract(FERRY.elements, "不对，船费是350元", TODAY))
    assert (merged["fare"].value, merged["fare"].changed) == ("350元", True)
    assert not merged["side"].changed
    assert known["fare"].value == "300元"
    assert not any(fact.changed for fact in settled(merged).values())


def test_saying_the_same_again_changes_nothing() -> None:
    known = extract(FERRY.elements, "船费三百块", TODAY)
    assert merge(known, extract(FERRY.elements, "船费就是300元", TODAY, "reply")) == known


def test_learning_what_was_unclear_is_no_change_of_mind() -> None:
    unclear = read_reply(FERRY.element("fare"), "不清楚", TODAY)
    assert unclear is not None
    merged = merge({"fare": unclear}, extract(FERRY.elements, "船费三百块", TODAY))
    assert (merged["fare"].value, merged["fare"].changed) == ("300元", False)


def test_every_quick_reply_is_read_as_itself() -> None:
    for element in FERRY.elements:
        for choice in element.choices:
            assert replied(element.id, choice.value) == choice.value


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("不知道有没有写字据", {"paper"}),
        ("我记不清约定哪天了", {"due"}),
        ("忘了船费是多少", {"fare"}),
        ("他不知道我有没有写字据", set()),
        ("有没有写字据", set()),
        ("我不知道怎么办", set()),
        ("船费三百块，记不清约定哪天了", {"due"}),
    ],
)
def test_not_knowing_is_told_in_a_story_too(text: str, unclear: set[str]) -> None:
    assert {id for id, fact in extract(FERRY.elements, text, TODAY).items() if fact.unclear} == unclear


def test_a_question_whether_states_neither() -> None:
    for text in ("请问有没有字据都一样吗", "是否写过字据", "当时写没写字据"):
        assert "paper" not in told(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("写了,三百块", {"paper": "有字据", "fare": "300元"}),
        ("1.没写 2.三百", {"paper": "没有字据", "fare": "300元"}),
        ("都不清楚", {"paper": UNCLEAR, "fare": UNCLEAR}),
        ("跳过", {"paper": UNCLEAR, "fare": UNCLEAR}),
        ("写了", {}),
        ("写了,三百,还有两天", {}),
    ],
)
def test_one_text_replies_to_several_questions(text: str, read: dict[str, str]) -> None:
    asked = [[FERRY.element("paper")], [FERRY.element("fare")]]
    assert {id: fact.value for id, fact in read_replies(asked, text, TODAY).items()} == read


@pytest.mark.parametrize(
    ("asked", "text", "read"),
    [
        (("paper", "fare"), "写了,三百块", {"paper": "有字据", "fare": "300元"}),
        (("fare", "paper"), "三百块;没写", {"fare": "300元", "paper": "没有字据"}),
        (("paper", "fare"), "没写过字据,当时急着过河,给了三百块", {"paper": "没有字据", "fare": "300元"}),
        (("fare", "paper"), "三百块", {"fare": "300元"}),
        (("paper", "fare"), "三百块", {"fare": "300元"}),
        (("fare", "damage"), "三百,五百", {"fare": "300元", "damage": "500元"}),
        (("fare", "damage"), "船票一共三百块", {"fare": "300元"}),
        (("paper", "side"), "有,是乘客", {"paper": "有字据"}),
        (("paper", "fare"), "不清楚", {"paper": UNCLEAR, "fare": UNCLEAR}),
        (("paper",), "写了,三百块", {}),
    ],
)
def test_one_reply_speaks_of_what_was_asked_in_the_same_breath(
    asked: tuple[str, ...], text: str, read: dict[str, str]
) -> None:
    found = read_breath([FERRY.element(id) for id in asked], text, TODAY)
    assert {id: fact.value for id, fact in found.items()} == read


def test_several_replies_in_one_text_each_speak_of_their_own_breath() -> None:
    asked = [[FERRY.element("paper"), FERRY.element("side")], [FERRY.element("fare")]]
    found = read_replies(asked, "1.没写字据 2.三百块", TODAY)
    assert {id: fact.value for id, fact in found.items()} == {"paper": "没有字据", "fare": "300元"}


def test_messages_are_read_together_where_none_says_it_alone() -> None:
    assert together(FERRY.elements, ["没签字据"], TODAY) == {}
    assert together(FERRY.elements, ["当时没有写过", "字据的事都是口头"], TODAY)["paper"].value == "没有字据"


def test_a_part_read_alone_does_not_turn_the_story_round() -> None:
    known = extract(FERRY.elements, "我坐船", TODAY)
    alone = extract(FERRY.elements, "我是船主", TODAY)
    jointly = extract(FERRY.elements, "我坐船,他说我是船主的朋友,我坐船", TODAY)
    assert reconciled(known, alone, jointly)["side"].value == "乘客"
    assert reconciled({}, alone, jointly)["side"].value == "船主"
    assert reconciled(known, alone, {})["side"].value == "船主"


def test_a_reply_that_fits_no_value_is_kept_as_told_and_decides_nothing() -> None:
    element = packs()["民间借贷"].element("guarantor")
    said = "这个说来话长，" * 12
    kept = reading.unread(element, said)
    assert kept.value.startswith("这个说来话长") and len(kept.value) <= reading.TOLD
    assert kept.undecided and not kept.unclear
    holds = Is("guarantor", element.choices[0].value)
    assert truth(holds, {"guarantor": kept}, TODAY) is None


@pytest.mark.parametrize(
    ("text", "wage"),
    [
        ("还欠我两个月工资一共9000", 4500),
        ("欠我3个月的工资共计1万5千元", 5000),
        ("拖欠三个月工资,我月薪6000", 6000),
        ("公司欠我两个月工资,给了9000块补偿", None),
        ("欠我上个月工资4500", None),
    ],
    ids=["two months", "three months", "the wage itself", "another sum", "one month"],
)
def test_a_sum_for_several_months_tells_that_for_one(text: str, wage: float | None) -> None:
    fact = extract(packs()["劳动"].elements, text, date(2026, 11, 22)).get("monthly_wage")
    assert (fact and fact.number) == wage


TROUBLES = Element(
    id="troubles",
    label="船上的麻烦",
    why="每样麻烦有自己的规矩",
    question="船上出了什么事?",
    several=True,
    choices=(
        Choice(value="漏水", says=("漏水",), short=("漏",)),
        Choice(value="撞船", says=("撞了",)),
        Choice(value="晚点", says=("晚点",)),
        Choice(value="丢货、错货", says=("丢货", "错货")),
        Choice(value="都没有", says=("一切都好",), short=("没有",), alone=True),
    ),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("船漏水", "漏水"),
        ("先是撞了别的船,后来又漏水", "漏水;撞船"),
        ("漏水,没有晚点", "漏水"),
        ("都说漏水,其实一切都好", "都没有"),
        ("说一切都好,结果漏水又晚点", "漏水;晚点"),
    ],
)
def test_a_choice_may_have_several_values(text: str, value: str) -> None:
    assert extract([TROUBLES], text, TODAY)["troubles"].value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("漏水、撞船", "漏水;撞船"),
        ("漏；晚点", "漏水;晚点"),
        ("漏水;丢货、错货", "漏水;丢货、错货"),
        ("没有", "都没有"),
        ("撞船", "撞船"),
        ("漏水和下雨", "漏水"),
    ],
)
def test_a_reply_may_name_several_values(text: str, value: str) -> None:
    fact = read_reply(TROUBLES, text, TODAY)
    assert fact is not None
    assert fact.value == value


def test_a_condition_holds_for_one_of_several_values() -> None:
    known = extract([TROUBLES], "撞了,漏水", TODAY)
    assert truth(Is("troubles", "漏水", "晚点"), known, TODAY) is True
    assert truth(Is("troubles", "晚点"), known, TODAY) is False
    assert truth(IsNot("troubles", "撞船"), known, TODAY) is False
    assert truth(IsNot("troubles", "晚点"), known, TODAY) is True


@pytest.mark.parametrize(
    ("several", "choices"),
    [
        (True, (Choice(value="甲;乙"), Choice(value="丙"))),
        (True, ()),
        (False, (Choice(value="甲"), Choice(value="乙", alone=True))),
    ],
)
def test_what_cannot_have_several_values_is_refused(several: bool, choices: tuple[Choice, ...]) -> None:
    with pytest.raises(ValueError, match=r"several values|choices belong|excludes"):
        Element(id="a", label="甲", why="甲", question="甲?", several=several, choices=choices)
