from datetime import date

import pytest

from retrievers import sources, versions
from retrievers.lawrefbook import Article, Document, Event
from retrievers.versions import Edition, Validity
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def arranged() -> dict[tuple[str, str], Edition]:
    documents, _ = sources.documents(LAWS)
    return {(e.law, e.version): e for e in versions.arrange(versions.editions(documents))}


def validity(edition: Edition, *others: Edition) -> Validity:
    """When the edition holds in a corpus that has `others` too."""
    return versions.validities([edition, *others])[0]


def law(
    closing: str, *events: tuple[str, str], version: str = "2015-06-01", category: str = "行政法", name: str = "某法"
) -> Edition:
    made = tuple(Event(date.fromisoformat(day), what) for day, what in events)
    article = Article(9, 0, "第九条", closing)
    [edition] = versions.editions([Document(name, version, category, "x", made, (article,))])
    return edition


def test_parts_of_a_code_become_one_law(arranged: dict[tuple[str, str], Edition]) -> None:
    code = arranged["星河法典", "2020-08-08"]
    assert [(a.number, a.part) for a in code.articles] == [(1, "总则"), (2, "总则"), (3, "渡船编")]
    assert code.starts == date(2021, 1, 1)


def test_the_newest_version_is_current_and_ends_the_older(arranged: dict[tuple[str, str], Edition]) -> None:
    old, new = arranged["星火租赁法", "2019-05-10"], arranged["星火租赁法", "2023-03-01"]
    assert new.current
    assert not old.current
    before, after = validity(old, new), validity(new, old)
    assert (before.starts, after.end) == (date(2019, 9, 1), None)
    assert before.end is not None
    assert (before.end.day, before.end.law, before.end.version) == (date(2023, 7, 1), "星火租赁法", "2023-03-01")
    assert versions.standing(before, date(2023, 6, 30)) == ("in_force", "")
    assert versions.standing(before, date(2023, 7, 1))[0] == "superseded"
    assert versions.standing(after, date(2023, 6, 30))[0] == "not_yet"


def test_a_repeal_clause_ends_the_older_instrument(arranged: dict[tuple[str, str], Edition]) -> None:
    gone = arranged["灯塔租赁条例", "2001-02-03"]
    assert gone.current
    ended = validity(gone, arranged["星火租赁法", "2023-03-01"])
    assert ended.end is not None
    assert ended.end.law == "星火租赁法"
    assert versions.standing(ended, date(2020, 1, 1)) == ("in_force", "")
    assert versions.standing(ended, TODAY) == (
        "repealed",
        "《灯塔租赁条例》已被《星火租赁法》废止,自2023-07-01起失效",
    )


@pytest.mark.parametrize(
    ("closing", "events", "start"),
    [
        ("本法自2015年8月1日起施行。", [("2015-06-01", "某会议通过")], date(2015, 8, 1)),
        ("本法自二〇一五年十月一日起施行。", [("2015-06-01", "某会议通过")], date(2015, 10, 1)),
        ("本法自公布之日起施行。", [("2015-06-01", "某会议通过")], date(2015, 6, 1)),
        ("本法自公布之日起施行。", [("2015-06-01", "某会议通过"), ("2015-06-05", "公布")], date(2015, 6, 5)),
        # an amended law keeps the clause of its first version
        ("本法自2001年8月1日起施行。", [("2001-06-01", "通过"), ("2015-06-01", "《关于修改某法的决定》修正")], None),
        ("本法自公布之日起施行。", [("2001-06-01", "通过"), ("2015-06-01", "《关于修改某法的决定》修正")], None),
        ("本法自2015年9月1日起施行。", [("2001-06-01", "通过"), ("2015-06-01", "某会议修订")], date(2015, 9, 1)),
        ("没有说明。", [("2015-06-01", "通过"), ("2015-07-01", "施行")], date(2015, 7, 1)),
        ("合同自成立之日起生效。", [("2015-06-01", "通过")], None),
        # so does one whose head tells of the first version alone
        ("本法自2001年8月1日起施行。", [("2001-06-01", "公布")], None),
        ("本法自2001年8月1日起施行。", [], None),
        ("本法自2015年1月1日起施行。", [("2015-05-25", "公布")], date(2015, 1, 1)),
    ],
)
def test_the_start_is_read_from_clause_and_head(
    closing: str, events: list[tuple[str, str]], start: date | None
) -> None:
    assert law(closing, *events).starts == start


def test_the_table_knows_amended_versions() -> None:
    amended = [("2001-06-01", "通过"), ("2018-12-29", "《关于修改某法的决定》修正")]
    assert law("无", *amended, version="2018-12-29").starts == date(2018, 12, 29)
    assert law("无", ("2018-12-29", "通过"), version="2018-12-29").starts is None
    assert law("无", version="2012-12-28", name="劳动合同法").starts == date(2013, 7, 1)


@pytest.mark.parametrize(
    ("closing", "titles"),
    [
        ("本法自2015年8月1日起施行，《甲条例》、《乙办法》同时废止。", {"甲条例", "乙办法"}),
        ("本法自2015年8月1日起施行。《甲条例》第三条同时废止。", set()),
        (
            "本法自2015年8月1日起施行。《甲条例》（某发〔1999〕1号）同时废止；与本法不一致的《乙办法》以本法为准。",
            {"甲条例"},
        ),
        ("最高人民法院《关于甲的解释》同时废止。", {"最高人民法院关于甲的解释", "关于甲的解释"}),
        ("《某法》同时废止。", set()),
    ],
)
def test_only_whole_other_instruments_are_repealed(closing: str, titles: set[str]) -> None:
    assert {repeal.title for repeal in law(closing, ("2015-06-01", "通过")).repeals} == titles


def test_a_later_law_of_the_same_name_is_not_what_was_repealed() -> None:
    repealing = law("本法自2015年8月1日起施行。《甲条例》同时废止。", ("2015-06-01", "通过"))
    later = law("无", ("2020-01-01", "通过"), version="2020-01-01", name="甲条例")
    assert validity(later, repealing).end is None


def test_trial_texts_end_with_their_final_form() -> None:
    trial = law("无", version="2010-01-01", name="某规则（试行）")
    final = law("本规则自2016年1月1日起施行。", ("2015-06-01", "通过"), name="某规则")
    end = validity(trial, final).end
    assert end is not None
    assert (end.repealed, end.day, end.law) == (True, date(2016, 1, 1), "某规则")


def test_a_text_is_succeeded_by_what_holds_on_the_day() -> None:
    first, second, third = (
        law(f"本法自{year}年8月1日起施行。", version=f"{year}-06-01", name="甲法") for year in (2005, 2010, 2015)
    )
    merged = law("本法自2020年8月1日起施行。《甲法》同时废止。", version="2020-06-01", name="乙法")
    texts = versions.validities([first, second, third, merged])
    heirs = versions.Heirs(texts)

    def heir(day: date) -> tuple[str, str] | None:
        end = heirs.of(texts[0], day)
        return None if end is None else (end.law, end.version)

    assert heir(date(2010, 7, 31)) is None
    assert heir(date(2010, 8, 1)) == ("甲法", "2010-06-01")
    assert heir(date(2015, 8, 1)) == ("甲法", "2015-06-01")
    assert heir(date(2020, 8, 1)) == ("乙法", "")


def test_an_amended_text_is_not_ended_by_what_ended_the_older_one() -> None:
    name = "最高人民法院关于适用《公司法》若干问题的规定（二）"
    older, newer = (law("无", version=day, name=name, category="司法解释") for day in ("2014-02-20", "2020-12-29"))
    end = validity(older).end
    assert end is not None
    assert (end.day, end.repealed, end.law) == (date(2021, 1, 1), False, name)
    assert validity(newer).end is None


def test_the_checked_tables() -> None:
    old = law("无", version="2000-12-08", name="最高人民法院关于适用《担保法》若干问题的解释", category="司法解释")
    ended = validity(old)
    assert ended.end is not None
    assert ended.end.law == "最高人民法院关于适用《民法典》有关担保制度的解释"
    assert versions.standing(ended, date(2020, 12, 31))[0] == "in_force"
    assert versions.standing(ended, date(2021, 1, 1))[0] == "repealed"
    changed = validity(law("无", version="2012-10-26", name="治安管理处罚法"))
    assert versions.standing(changed, date(2025, 12, 31)) == ("in_force", "")
    assert versions.standing(changed, TODAY) == (
        "superseded",
        "《治安管理处罚法》已于2025-06-27修订,自2026-01-01起施行",
    )
    renewed = validity(law("本法自2026年1月1日起施行。", version="2025-06-27", name="治安管理处罚法"))
    assert versions.standing(renewed, TODAY) == ("in_force", "")
