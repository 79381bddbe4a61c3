import json
from datetime import date

from retrievers import lawjsonl, versions


def lines(*rows: object) -> list[bytes]:
    return [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]


def test_lines_of_a_law_make_one_text_with_its_versions_apart() -> None:
    faults: list[tuple[str, str]] = []
    read = lawjsonl.parse(
        lines(
            {"id": "星光法#2", "law": "《中华人民共和国星光法》", "number": 2, "text": "二", "date": "2020-01-02"},
            {"law": "星光法", "number": 1, "text": " 一 ", "date": "2020-01-02", "effective_from": "2020-05-01"},
            {"law": "星光法", "number": 1, "sub": 2, "text": "一之二", "date": "2020-01-02", "chapter": "第一章"},
            {"law": "星光法", "number": 1, "text": "旧", "date": "2010-01-02", "article": "第1条"},
            {"law": "星光法", "number": 9, "text": "编", "date": "2010-01-02", "part": "借编"},
        ),
        "星光.jsonl",
        faults,
    )
    assert faults == []
    new, old = versions.editions(read)
    assert (new.law, new.version, new.starts) == ("星光法", "2020-01-02", date(2020, 5, 1))
    assert [(one.number, one.sub, one.name, one.text) for one in new.articles] == [
        (1, 0, "第一条", "一"), (1, 2, "第一条之二", "一之二"), (2, 0, "第二条", "二"),
    ]  # fmt: skip
    assert [(one.name, one.part) for one in old.articles] == [("第1条", ""), ("第九条", "借编")]


def test_bad_lines_are_named_and_the_rest_is_read() -> None:
    faults: list[tuple[str, str]] = []
    good = {"law": "星光法", "number": 1, "text": "一"}
    read = lawjsonl.parse(
        lines(
            b"{broken",
            {**good, "number": "x"},
            {**good, "text": " "},
            {**good, "date": "2020年"},
            {**good, "date": "2020-13-01"},
            {**good, "law": "《》"},
            {**good, "number": -1},
            [1],
            b"",
            b'{"law":"' + b"x" * lawjsonl.LARGEST_LINE + b'"}',
            "\ud800".encode("utf-8", "surrogatepass"),
            good,
        ),
        "a.jsonl",
        faults,
    )
    assert [place for place, _ in faults] == [f"a.jsonl:{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11)]
    assert all(reason for _, reason in faults)
    [document] = read
    assert len(document.articles) == 1
