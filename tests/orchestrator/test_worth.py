"""What a question is worth: which elements are looked at, and what is known of each."""

from datetime import date

from orchestrator.domains import packs
from orchestrator.reasoning import decide, recognise
from orchestrator.recognition import Spoken
from orchestrator.worth import FEATURES, Told, features, worth

PACK = packs()["房屋租赁"]
STORY = "租期到了我搬走了,房东扣着三千块押金不退,说墙脏了,要扣清洁费,我走的时候打扫得干干净净还拍了视频"
[DEPOSIT] = [cause for cause in PACK.causes if cause.id == "deposit"]


def told(story: str = STORY, votes: dict[str, float] | None = None, listed: tuple[str, ...] = (), *known: str) -> Told:
    causes = recognise(PACK, story)
    spoken = Spoken(PACK, story)
    return Told(causes, known, spoken, spoken, votes or {}, listed, decide(causes, {}, date(2026, 11, 20)))


def row(id: str, made: Told) -> dict[str, float]:
    return dict(zip(FEATURES, features(made)[id], strict=True))


def test_only_elements_of_likely_causes_are_looked_at_and_none_that_is_known() -> None:
    rows = features(told())
    assert set(DEPOSIT.asks) <= set(rows)
    assert len(rows) < len(PACK.elements)
    known = DEPOSIT.asks[0]
    assert known not in features(told(STORY, None, (), known))
    assert features(told("这样做对吗")) == {}


def test_the_votes_of_the_law_bring_a_cause_that_words_do_not_name() -> None:
    rows = features(told("这样做对吗", {"deposit": 0.8}))
    assert set(DEPOSIT.elements) <= set(rows)
    assert all(row(id, told("这样做对吗", {"deposit": 0.8}))["likely"] > 0.1 for id in DEPOSIT.elements)
    assert row(DEPOSIT.asks[0], told("这样做对吗", {"deposit": 0.8}))["asks_law"] == 1


def test_a_list_that_asks_and_a_story_that_speaks_of_it() -> None:
    first, second = DEPOSIT.asks[:2]
    made = told(STORY, None, (second, first))
    assert (row(second, made)["place"], row(first, made)["place"]) == (1, 0.5)
    assert row(first, made)["listed"] == 1
    assert row(first, told())["listed"] == row(first, told())["place"] == 0
    assert row(first, made)["asks_words"] > 0
    spoken = [id for id in DEPOSIT.elements if id in features(told()) and row(id, told())["topic"]]
    assert spoken
    assert len(spoken) < len(DEPOSIT.elements)


def test_what_is_worth_asking_is_a_probability_and_follows_the_lists() -> None:
    causes = recognise(PACK, STORY)
    listed = tuple(dict.fromkeys(id for cause in causes for id in cause.asks))
    chances = worth(told(STORY, None, listed))
    assert all(0 <= chance <= 1 for chance in chances.values())
    leading = [chances[id] for id in listed[:5] if id in chances]
    others = [chance for id, chance in chances.items() if id not in listed]
    assert sum(leading) / len(leading) > sum(others) / len(others)
    assert worth(told("这样做对吗")) == {}
