import gzip
import json
import lzma
from pathlib import Path

import pytest

from retrievers.contracts import BadSource, Case
from retrievers.judgments import reading
from tests.retrievers.conftest import LAWS

CAIL = {
    "fact": "被告人甲某深夜潜入火种铺,拿走火种三枚。",
    "meta": {
        "accusation": ["[盗窃]", "非法侵入住宅"],
        "relevant_articles": [264, 245],
        "criminals": ["甲某"],
        "punish_of_money": 2000,
        "term_of_imprisonment": {"imprisonment": 18, "death_penalty": False, "life_imprisonment": False},
    },
}
SUMMARY = {
    "id": "lecard-1",
    "charges": ["盗窃罪"],
    "facts": {"盗窃罪": "与“盗窃罪”相关的起因、经过、结果分别为：\n起因：缺火种。"},
    "text": "盗窃罪：……",
}
CANDIDATE = {
    "ajId": "0a1b",
    "ajName": "甲某盗窃一审刑事判决书",
    "ajjbqk": "甲某拿走火种三枚。",
    "pjjg": "一、被告人甲某犯盗窃罪，判处有期徒刑一年。",
    "qw": "甲某盗窃一审刑事判决书 北京市星河区人民法院 （2019）京0199刑初7号 ……",
}
GUIDING = {
    "id": "case:木板",
    "title": "木板",
    "category": "劳动人事",
    "sections": {"基本案情": "木板不见了。", "裁判结果": "归还木板。", "典型意义": "木板要看好。"},
    "cited": ["星火租赁法#1"],
}
OWN = {"id": "甲-1", "title": "渡船案", "facts": "渡船超载。", "number": "（2020）沪02民终1号"}


def read(path: Path, form: str = "") -> tuple[list[Case], reading.Outcome]:
    outcome = reading.Outcome()
    return list(reading.cases(path, outcome, form)), outcome


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_each_line_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(
        lines(CAIL, SUMMARY, CANDIDATE, GUIDING, OWN, {"A": "借一", "B": "借二", "C": "借三", "label": "B"})
    )
    found, outcome = read(path)
    assert [case.source for case in found] == ["CAIL2018", "LeCaRD", "LeCaRD", "LawRefBook", "", *["CAIL2019-SCM"] * 3]
    assert (outcome.cases, outcome.faulty) == (8, 0)


def test_cail(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(CAIL, CAIL))
    [case, again] = read(tmp_path / "a.json")[0]
    assert case == again
    assert case.charges == ("盗窃罪", "非法侵入住宅罪")
    assert case.articles == ("刑法#264", "刑法#245")
    assert case.outcome == "判处刑期1年6个月,并处罚金2000元。"
    assert "甲某" in case.title


def test_lecard_summaries_lose_their_formula(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(SUMMARY))
    [case] = read(tmp_path / "a.jsonl")[0]
    assert (case.id, case.facts, case.charges, case.field) == ("lecard-1", "盗窃罪:起因：缺火种。", ("盗窃罪",), "刑事")


def test_lecard_folder(tmp_path: Path) -> None:
    for folder in ("111", "222"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "38633.json").write_bytes(lines(CANDIDATE))
    (tmp_path / "111" / "1.json").write_bytes(b"{broken")
    found, outcome = read(tmp_path)
    assert {case.id for case in found} == {"lecard-38633"}
    case = found[0]
    assert (case.charges, case.level, case.region, case.year) == (("盗窃罪",), "基层", "北京", 2019)
    assert [place for place, _ in outcome.faults] == ["1.json"]


def test_guiding_cases_as_lines_and_as_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(GUIDING))
    folder = tmp_path / "案例" / "消费购物"
    folder.mkdir(parents=True)
    text = "# 木板\n\n<!-- INFO END -->\n\n## 甲某诉乙公司买卖合同纠纷案\n\n## 基本案情\n\n木板不见了。\n\n## 裁判结果\n\n归还。\n"
    (folder / "木板.md").write_text(text, encoding="utf-8")
    (folder / "_index.md").write_text("---\n---", encoding="utf-8")
    (folder / "空.md").write_text("# 空\n", encoding="utf-8")
    [line] = read(tmp_path / "a.jsonl")[0]
    [file], outcome = read(tmp_path / "案例")
    assert line.id == file.id == "case:木板"
    assert (line.field, line.articles, line.kind) == ("劳动", ("星火租赁法#1",), "guiding")
    assert (file.field, file.cause, file.outcome) == ("消费维权", "买卖合同纠纷", "归还。")
    assert [place.endswith("空.md") for place, _ in outcome.faults] == [True]


def test_of_a_whole_lawrefbook_only_the_cases_are_read() -> None:
    found, _ = read(LAWS)
    assert [case.kind for case in found] == ["guiding"]


@pytest.mark.parametrize(("suffix", "packed"), [(".xz", lzma.compress), (".gz", gzip.compress)])
def test_compressed_files(tmp_path: Path, suffix: str, packed: object) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(packed(lines(OWN)))  # type: ignore[operator]
    [case] = read(path)[0]
    assert (case.level, case.region, case.year) == ("中级", "上海", 2020)


def test_bad_lines_are_named_with_their_number(tmp_path: Path) -> None:
    bad = ("{broken", "[1]", {"strange": 1}, {"fact": "x", "meta": {"accusation": []}}, {"id": "乙", "facts": "无题"})
    (tmp_path / "a.jsonl").write_bytes(lines(OWN, *bad) + b"\n\xff\xfe\n" + lines({**OWN, "id": "乙", "year": "x"}))
    found, outcome = read(tmp_path / "a.jsonl")
    assert [case.id for case in found] == ["甲-1"]
    assert [place for place, _ in outcome.faults] == [f"a.jsonl:{number}" for number in range(2, 9)]
    assert all(reason for _, reason in outcome.faults)


def test_a_form_can_be_forced(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(OWN, CAIL))
    found, outcome = read(tmp_path / "a.jsonl", "cail")
    assert (len(found), outcome.faulty) == (1, 1)
    with pytest.raises(BadSource, match="known: cail"):
        read(tmp_path / "a.jsonl", "pdf")


def test_what_holds_no_case_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.jsonl.xz").write_bytes(lzma.compress(lines(OWN) * 9)[:40])
    for name in ("missing.jsonl", "cut.jsonl.xz"):
        with pytest.raises(BadSource, match=name):
            read(tmp_path / name)
