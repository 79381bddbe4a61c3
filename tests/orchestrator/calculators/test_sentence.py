"""Sentences: the last day after credit for custody, at month ends and leap days; probation and parole."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from orchestrator.calculators.parts.sentences import (
    CONTROL,
    DETENTION,
    FREE,
    HELD,
    PRISON,
    RELEASED,
    SUSPENDED,
    term_end,
)
from tests.orchestrator.calculators.sums import asked, calculated, line, told


def months(count: str | int) -> Decimal:
    return Decimal(count)


def last(kind: str, term: str | int, **more: Input) -> date | None:
    return calculated("sentence", {"kind": kind, "term": months(term), **more}).day


@pytest.mark.parametrize(
    ("start", "length", "days", "end"),
    [
        (date(2024, 5, 10), 36, 0, date(2027, 5, 9)),
        (date(2024, 2, 29), 12, 0, date(2025, 2, 27)),  # no such day: the day before the month's last
        (date(2024, 2, 29), 48, 0, date(2028, 2, 28)),
        (date(2025, 2, 28), 12, 0, date(2026, 2, 27)),
        (date(2025, 2, 28), 1, 0, date(2025, 3, 30)),  # from a month's last day
        (date(2025, 1, 30), 1, 0, date(2025, 2, 27)),
        (date(2025, 4, 30), 6, 0, date(2025, 10, 30)),
        (date(2025, 1, 1), 6, 0, date(2025, 6, 30)),
        (date(2025, 1, 1), 4, 15, date(2025, 5, 15)),
        (date(2025, 1, 1), 0, 15, date(2025, 1, 15)),
    ],
)
def test_a_term_ends_on_the_day_before_the_corresponding_one(start: date, length: int, days: int, end: date) -> None:
    assert term_end(start, length, days) == end


def test_held_all_the_time_it_runs_from_the_arrest() -> None:
    done = calculated(
        "sentence", {"kind": PRISON, "term": months(36), "custody": HELD, "held_since": date(2024, 5, 10)}
    )
    assert done.day == date(2027, 5, 9)
    assert "还有 170 天" in done.summary
    assert line(done, "假释的最低执行期") == "2025年11月9日执行满一半"
    assert {"刑法#47", "刑法#81"} <= set(done.articles)


@pytest.mark.parametrize(
    ("kind", "term", "held", "day"),
    [
        (PRISON, 12, 37, date(2027, 8, 25)),  # 1 October 2027 less 37
        (DETENTION, 4, 37, date(2026, 12, 25)),  # 31 January 2027 less 37
        (CONTROL, 12, 20, date(2027, 8, 22)),  # 1 October 2027 less 40
    ],
)
def test_days_of_custody_are_taken_off(kind: str, term: int, held: int, day: date) -> None:
    start = date(2026, 10, 1) if kind == DETENTION else date(2026, 10, 2)
    assert last(kind, term, custody=RELEASED, held_days=Decimal(held), executed_on=start) == day


def test_control_takes_two_days_for_one_of_unbroken_custody() -> None:
    told = {"custody": HELD, "held_since": date(2026, 9, 22), "executed_on": date(2026, 10, 2)}
    assert last(CONTROL, 12, **told) == date(2027, 9, 11)  # 1 October 2027 less 20


@pytest.mark.parametrize(
    ("kind", "watched", "day"),
    [(PRISON, 60, date(2027, 9, 1)), (PRISON, 61, date(2027, 9, 1)), (CONTROL, 60, date(2027, 8, 2))],
)
def test_two_days_of_watch_make_one_but_for_control(kind: str, watched: int, day: date) -> None:
    told: dict[str, Input] = {"custody": FREE, "watch_days": Decimal(watched), "executed_on": date(2026, 10, 2)}
    done = calculated("sentence", {"kind": kind, "term": months(12), **told})
    assert done.day == day
    assert "刑事诉讼法#76" in done.articles
    assert any("余下的一天" in note for note in done.notes) == (watched == 61)


def test_retention_counts_like_custody() -> None:
    told: dict[str, Input] = {"custody": FREE, "retained_days": Decimal(30), "executed_on": date(2026, 10, 2)}
    assert last(PRISON, 12, **told) == date(2027, 9, 1)
    assert last(CONTROL, 12, **told) == date(2027, 8, 2)


def test_more_custody_than_term() -> None:
    done = calculated(
        "sentence",
        {
            "kind": DETENTION,
            "term": months(1),
            "custody": RELEASED,
            "held_days": Decimal(40),
            "executed_on": date(2026, 11, 1),
        },
    )
    assert any("已经执行完毕" in note for note in done.notes)


def test_half_of_an_odd_term_is_months_and_fifteen_days() -> None:
    told = {"kind": PRISON, "term": months(7), "custody": FREE, "executed_on": date(2026, 1, 1)}
    assert line(calculated("sentence", told), "假释的最低执行期") == "2026年4月15日执行满一半"


@pytest.mark.parametrize(
    ("kind", "term", "bounds"),
    [
        (DETENTION, "1", "2个月至1年"),
        (DETENTION, "5", "5个月至1年"),
        (PRISON, "6", "1年至5年"),
        (PRISON, "12", "1年至5年"),
        (PRISON, "36", "3年至5年"),
        (PRISON, "17.5", "1年5个月15天至5年"),
    ],
)
def test_bounds_of_probation(kind: str, term: str, bounds: str) -> None:
    done = calculated("sentence", {"kind": kind, "term": months(term), "suspended": SUSPENDED})
    assert line(done, "缓刑的考验期限") == bounds
    assert done.day is None


def test_the_end_of_probation() -> None:
    told: dict[str, Input] = {"suspended": SUSPENDED, "probation": months(48)}
    with pytest.raises(MissingInputs, match="final_on"):
        last(PRISON, 36, **told)
    assert last(PRISON, 36, **told, final_on=date(2026, 3, 1)) == date(2030, 2, 28)
    with pytest.raises(BadInput):
        last(PRISON, 36, suspended=SUSPENDED, probation=months(61), final_on=date(2026, 3, 1))
    with pytest.raises(BadInput):
        last(PRISON, 36, suspended=SUSPENDED, probation=months(35), final_on=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("kind", "term")),
        ({"kind": PRISON, "term": months(12)}, ("custody", "executed_on")),
        ({"kind": PRISON, "term": months(12), "custody": HELD}, ("held_since",)),
        ({"kind": CONTROL, "term": months(12), "custody": HELD}, ("held_since", "executed_on")),
        ({"kind": PRISON, "term": months(12), "custody": RELEASED}, ("held_days", "executed_on")),
        ({"kind": PRISON, "term": months(12), "held_days": Decimal(3)}, ("executed_on",)),
    ],
)
def test_what_is_missing_depends_on_the_case(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("sentence", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    ("kind", "term", "more"),
    [
        (PRISON, "5", {}),
        (PRISON, "301", {}),
        (DETENTION, "13", {}),
        (CONTROL, "2", {}),
        (PRISON, "0", {}),
        (PRISON, "48", {"suspended": SUSPENDED}),
        (CONTROL, "12", {"suspended": SUSPENDED}),
        (PRISON, "12", {"custody": HELD, "held_since": date(2026, 11, 21)}),
        (PRISON, "12", {"custody": RELEASED, "held_days": Decimal("1.5"), "executed_on": date(2026, 1, 1)}),
        (PRISON, "12", {"custody": FREE, "held_days": Decimal(3), "executed_on": date(2026, 1, 1)}),
    ],
)
def test_impossible_values(kind: str, term: str, more: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        last(kind, term, **more)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "判了3年,2024年5月10日被抓一直关着,什么时候能出来",
            {"kind": PRISON, "term": "3年", "custody": HELD, "held_since": "2024年5月10日"},
        ),
        (
            "拘役四个月,之前羁押了37天后取保候审,2026年10月8日收监,刑期什么时候满",
            {
                "kind": DETENTION,
                "term": "4个月",
                "custody": RELEASED,
                "held_days": "37",
                "executed_on": "2026年10月8日",
            },
        ),
        (
            "判三年缓四年,判决2026年3月1日生效,缓刑考验期到什么时候",
            {
                "kind": PRISON,
                "term": "3年",
                "suspended": SUSPENDED,
                "probation": "4年",
                "final_on": "2026年3月1日",
            },
        ),
        ("监视居住三个月能折抵刑期多少天", {}),  # months are not days, nor the term
        ("管制一年,羁押折抵怎么算,拘留过20天", {"kind": CONTROL, "term": "1年", "held_days": "20"}),
    ],
)
def test_values_are_read_from_what_people_write(text: str, facts: dict[str, str]) -> None:
    assert told("sentence", text) == facts
    assert asked("sentence", text)


@pytest.mark.parametrize("text", ["劳动仲裁时效多久", "抚养费给多少", "判了死刑还能上诉吗", "诈骗罪判几年"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("sentence", text)
