"""The readers' form and what two filled ones say."""

import csv
from pathlib import Path

import pytest

from deploy.clients import rubric
from deploy.settings import BadSettings


def filled(path: Path, scores: dict[str, list[int | str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(rubric.HEADER)
        rows.writerows([id_, *row, "好,\n清楚"] for id_, row in scores.items())
    return path


def test_empty_forms(tmp_path: Path) -> None:
    first, second, guide = rubric.write(tmp_path / "forms", ["labour-1", "labour-2"], ["a", "b"])
    assert first.read_bytes() == second.read_bytes()
    assert [row["consultation"] for row in csv.DictReader(first.open(encoding="utf-8-sig"))] == ["labour-1", "labour-2"]
    assert all(point in guide.read_text("utf-8") for point in rubric.POINTS)
    with pytest.raises(BadSettings, match="to 5 is needed"):
        rubric.read(first)
    with pytest.raises(BadSettings, match="there already"):
        rubric.write(tmp_path / "forms", ["labour-1"], ["b"])


def test_agreement(tmp_path: Path) -> None:
    one = filled(tmp_path / "a.csv", {f"c-{at}": [at + 1, 5, 3, 1, at + 1, 4] for at in range(5)})
    other = filled(tmp_path / "b.csv", {f"c-{at}": [at + 1, 5, 4, 5, 5 - at, 4] for at in range(5)})
    told = {row.point: row for row in rubric.agreement(one, other)}
    assert (told["correct"].mean, told["correct"].same, told["correct"].kappa) == (3, 1, 1)
    assert (told["complete"].mean, told["complete"].same, told["complete"].kappa) == (5, 1, None)
    assert (told["logical"].mean, told["logical"].same, told["logical"].kappa) == (3.5, 0, 0)
    assert told["guiding"].kappa == pytest.approx(-1)
    assert told["correct"].low < 3 < told["correct"].high
    assert all(row.count == 5 for row in told.values())


@pytest.mark.parametrize(
    ("row", "told"),
    [([1, 2, 3, 4, 5, 6], "authoritative"), (["", 2, 3, 4, 5, 5], "correct"), (["三", 2, 3, 4, 5, 5], "correct")],
)
def test_scores_that_are_none(tmp_path: Path, row: list[int | str], told: str) -> None:
    with pytest.raises(BadSettings, match=f":2: c-1: 1 to 5 is needed for {told}"):
        rubric.read(filled(tmp_path / "a.csv", {"c-1": row}))


def test_forms_of_different_consultations(tmp_path: Path) -> None:
    one = filled(tmp_path / "a.csv", {"c-1": [1] * 6})
    other = filled(tmp_path / "b.csv", {"c-2": [1] * 6})
    with pytest.raises(BadSettings, match="different consultations"):
        rubric.agreement(one, other)


def test_files_that_are_no_forms(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="nowhere"):
        rubric.read(tmp_path / "nowhere.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(BadSettings, match="no column consultation"):
        rubric.read(tmp_path / "x.csv")
    (tmp_path / "y.csv").write_text(",".join(rubric.HEADER) + "\n", "utf-8")
    with pytest.raises(BadSettings, match="no scores"):
        rubric.read(tmp_path / "y.csv")
