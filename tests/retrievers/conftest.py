"""A home with a few shipped digests and cases, and the invented laws of tests/data/laws."""

from pathlib import Path

import pytest

from retrievers import embedded
from retrievers.contracts import Case
from retrievers.corpus import Extra
from retrievers.embedded import Shipped
from retrievers.lawrefbook import Article
from retrievers.versions import Edition

LAWS = Path(__file__).parent.parent / "data" / "laws"

SHIPPED = Shipped(
    editions=(
        Edition(
            "星火租赁法",
            "2023-03-01",
            "民法商法",
            "lexhub",
            (Article(1, 0, "第一条", "租火种要写字据。"),),
            "digest",
            last=3,
        ),
        Edition(
            "月光法", "", "社会法", "lexhub", (Article(7, 0, "第七条", "借月光要还,逾期三十日的加倍还。"),), "digest"
        ),
    ),
    extras={
        "星火租赁法#1": Extra("租赁", "租火种要写字据。", ("租赁字据",), ("借火种要不要写条子",)),
        "月光法#7": Extra("借贷", "借月光要还,逾期加倍。", ("借月光",), ("月光借了不还怎么办",)),
    },
    cases=(
        Case(
            id="教学案例-租赁-01",
            title="木板被雨淋坏",
            kind="invented",
            field="租赁",
            cause="租赁纠纷",
            facts="甲租了火种,木板被雨淋坏。",
        ),
        Case(
            id="教学案例-借贷-01",
            title="月光没还",
            kind="invented",
            field="借贷",
            cause="借贷纠纷",
            facts="乙借了月光,过了四十日没还。",
        ),
    ),
    dictionary=("租赁字据", "星火租赁法", "月光法"),
    fingerprint="0123456789abcdef",
)


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Shipped:
    """Two digests and two cases in place of those that the project ships."""
    monkeypatch.setattr(embedded, "shipped", lambda: SHIPPED)
    monkeypatch.setattr(embedded, "fingerprint", lambda: SHIPPED.fingerprint)
    return SHIPPED
