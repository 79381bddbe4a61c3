"""The traffic policy: changes, what cannot be followed, and the draws that split sessions."""

import pytest

from orchestrator import traffic
from orchestrator.traffic import BadPolicy, Canary, Pin, Traffic, read
from tests.orchestrator.doubles import card

CARDS = [
    card("a", "dialogue"),
    card("b", "dialogue"),
    card("k", "keywords", "plan", "articles"),
    card("criminal", "dialogue", fields=("刑事",)),
]
SERVING = ["a", "b", "k", "criminal"]


def test_changes_make_other_policies_and_can_be_taken_back() -> None:
    empty = Traffic()
    made = empty.drain("a").weigh("b", 3).pin(Pin(ability="dialogue", model="b")).try_out("b", 20)
    made = made.chain("dialogue", ("b", "criminal"))
    assert empty == Traffic()
    assert (made.drained, made.weights, made.chains) == (("a",), {"b": 3}, {"dialogue": ("b", "criminal")})
    back = made.resume("a").weigh("b", None).unpin("dialogue").try_out("b", None).chain("dialogue", ())
    assert back == empty
    assert made.drain("a") == made


def test_a_pin_for_the_same_takes_the_place_of_the_old_one() -> None:
    made = Traffic().pin(Pin(ability="dialogue", model="a")).pin(Pin(ability="dialogue", model="b"))
    assert [pin.model for pin in made.pins] == ["b"]


def test_nothing_is_left_of_a_model_that_is_gone() -> None:
    made = Traffic().weigh("b", 3).pin(Pin(ability="dialogue", model="b")).try_out("b", 20).drain("a")
    made = made.chain("dialogue", ("b", "a")).chain("facts", ("b",))
    assert made.without("b") == Traffic(drained=("a",), chains={"dialogue": ("a",)})


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Traffic(drained=("gone",)), "gone"),
        (Traffic(weights={"gone": 1}), "gone"),
        (Traffic(pins=(Pin(ability="dialogue", model="k"),)), "k 没有 dialogue 能力"),
        (Traffic(chains={"plan": ("a",)}), "a 没有 plan 能力"),
        (Traffic(drained=("a", "b")), "dialogue"),
        (Traffic(drained=("k",)), "plan"),
    ],
)
def test_what_cannot_be_followed_is_refused(policy: Traffic, said: str) -> None:
    with pytest.raises(BadPolicy, match=said):
        policy.require_valid(CARDS, SERVING)


def test_a_model_that_is_not_up_stands_in_for_none() -> None:
    Traffic(drained=("a",)).require_valid(CARDS, SERVING)
    with pytest.raises(BadPolicy):
        Traffic(drained=("a",)).require_valid(CARDS, ["a", "k", "criminal"])


@pytest.mark.parametrize(
    "given",
    [
        {"weights": {"a": -1}},
        {"weights": {"a": float("nan")}},
        {"canaries": [{"model": "a", "percent": 101}]},
        {"canaries": [{"model": "a", "percent": 1}, {"model": "a", "percent": 2}]},
        {"pins": [{"ability": "dialogue", "model": "a"}, {"ability": "dialogue", "model": "b"}]},
        {"pins": [{"ability": "flying", "model": "a"}]},
        {"pins": [{"ability": "dialogue", "model": "a"}], "drained": ["a"]},
        {"chains": {"dialogue": ["a", "a"]}},
        {"strange": 1},
        "nothing",
    ],
)
def test_what_is_no_policy_is_refused(given: object) -> None:
    with pytest.raises(BadPolicy) as raised:
        read(given)
    assert raised.value.code == "bad_policy"


def test_the_most_particular_pin_holds() -> None:
    made = Traffic(
        pins=(
            Pin(ability="dialogue", model="a"),
            Pin(ability="dialogue", model="b", field="劳动"),
            Pin(ability="dialogue", model="c", key="web"),
            Pin(ability="dialogue", model="d", key="web", field="劳动"),
        )
    )
    found = [
        made.pinned("dialogue", field, key) for field, key in (("", ""), ("劳动", ""), ("", "web"), ("劳动", "web"))
    ]
    assert [pin and pin.model for pin in found] == ["a", "b", "c", "d"]
    assert made.pinned("plan", "劳动", "web") is None


def test_canaries_take_their_share_of_sessions_and_keep_them_as_it_grows() -> None:
    sessions = [f"session-{number}" for number in range(2000)]
    small = {one for one in sessions if traffic.hit(Canary(model="x", percent=10), one)}
    large = {one for one in sessions if traffic.hit(Canary(model="x", percent=40), one)}
    other = {one for one in sessions if traffic.hit(Canary(model="y", percent=40), one)}
    assert 140 < len(small) < 260
    assert 700 < len(large) < 900
    assert small < large
    assert 250 < len(large & other) < 400  # one trial says nothing about another
    assert all(traffic.hit(Canary(model="x", percent=100), one) for one in sessions)
    assert not any(traffic.hit(Canary(model="x", percent=0), one) for one in sessions)


def test_turns_are_in_proportion_to_weights() -> None:
    def first(seed: str) -> str:
        return min(("a", "b", "c"), key=lambda name: traffic.turn_of(seed, name, {"a": 1, "b": 3, "c": 0}[name]))

    counts = [[first(f"s{number}") for number in range(2000)].count(name) for name in "abc"]
    assert 400 < counts[0] < 600
    assert counts[2] == 0
    assert first("s1") == first("s1")
