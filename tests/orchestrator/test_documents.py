"""Documents made from an opinion."""

import re

import yaml

from orchestrator.documents import TEMPLATES, evidence_list
from orchestrator.papers.label import VISIBLE
from tests.orchestrator.opinions import opinion


def rows(text: str) -> list[list[str]]:
    table = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def test_the_evidence_list_names_each_piece_and_what_it_proves() -> None:
    assert rows(evidence_list(opinion(), "s", "某公司")) == [
        ["1", "借条原件", "【待填】", "【待填】", "【待填】", "证明借款的金额和约定"],
        ["2", "转账记录", "【待填】", "【待填】", "【待填】", "【待填】"],
    ]


def test_brackets_of_either_width_hold_the_aim() -> None:
    [row] = rows(evidence_list(opinion(evidence=("收条（证明\n还过|一部分）",)), "s", "p"))
    assert row[1] == "收条"
    assert row[-1] == r"证明 还过\|一部分"


def test_without_evidence_a_line_is_left_to_fill_in() -> None:
    [row] = rows(evidence_list(opinion(evidence=()), "s", "p"))
    assert row[1:] == ["【待填】"] * 5


def test_it_is_labelled_as_generated() -> None:
    text = evidence_list(opinion(cause=""), "s", "某公司")
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["AIGC"]["ContentProducer"] == "某公司"
    assert head["title"] == "证据清单"
    assert VISIBLE in text
    assert "案由:【待填】" in text


def test_every_template_is_offered_by_name() -> None:
    assert TEMPLATES["证据清单"] is evidence_list
    for make in TEMPLATES.values():
        assert "AI生成" in make(opinion(), "s", "p")
