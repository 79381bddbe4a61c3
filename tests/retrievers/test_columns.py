from pathlib import Path

import numpy as np
import pytest

from retrievers.columns import NAMES, Builder, Columns
from retrievers.contracts import Case, CaseFilter, CorruptIndex

ROWS = (
    {"level": "中级", "region": "北京", "year": 2019, "charges": ("盗窃罪", "诈骗罪"), "field": "刑事"},
    {"level": "基层", "region": "上海", "year": 2021, "charges": ("走私、贩卖、运输、制造毒品罪",), "field": "刑事"},
    {"level": "基层", "region": "北京", "cause": "民间借贷纠纷", "field": "民间借贷"},
    {"kind": "guiding", "year": 2021},
)


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    builder = Builder()
    for at, row in enumerate(ROWS):
        builder.add(Case.model_validate({"id": str(at), "title": "x", "facts": "x", "kind": "judgment", **row}))
    builder.write(tmp_path)
    return Columns(tmp_path)


@pytest.mark.parametrize(
    ("only", "positions"),
    [
        ({}, [0, 1, 2, 3]),
        ({"levels": ["基层"]}, [1, 2]),
        ({"levels": ["基层", "中级"], "regions": ["北京市"]}, [0, 2]),
        ({"year_from": 2020}, [1, 3]),
        ({"year_to": 2020}, [0]),
        ({"charges": ["诈骗"]}, [0]),
        ({"charges": ["贩卖毒品罪", "盗窃罪"]}, [0, 1]),
        ({"fields": ["民间借贷"]}, [2]),
        ({"kinds": ["guiding"]}, [3]),
        ({"regions": ["火星"]}, []),
    ],
)
def test_filters(columns: Columns, only: dict[str, object], positions: list[int]) -> None:
    assert np.flatnonzero(columns.allowed(CaseFilter.model_validate(only))).tolist() == positions


def test_subjects_of_some_cases(columns: Columns) -> None:
    owners, subjects = columns.subjects_of(np.array([2, 3, 0]))
    assert owners.tolist() == [0, 2, 2]
    assert len(set(subjects.tolist())) == 3
    assert columns.subjects == 4


def test_fields(columns: Columns) -> None:
    same = columns.of_field("刑事")
    assert same is not None
    assert same.tolist() == [True, True, False, False]
    assert columns.of_field("海商") is None
    assert columns.of_field("") is None


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    builder = Builder()
    builder.write(tmp_path)
    assert Columns(tmp_path).documents == 0
    (tmp_path / NAMES).write_text("{}")
    with pytest.raises(CorruptIndex, match=r"columns\.npz"):
        Columns(tmp_path)
