"""All templates: how they are asked for, what their gaps are, that they say what they must and nobody is a lawyer."""

import re

import pytest

from orchestrator import documents
from orchestrator.contracts import InvalidMessage
from orchestrator.documents.matter import Matter, checked
from orchestrator.documents.template import DATE_LINE, article, money
from orchestrator.domains import NAMES, packs
from orchestrator.papers.paper import GAP
from orchestrator.wording import typeset
from tests.orchestrator.documents import matters
from tests.orchestrator.documents.matters import TODAY, matter, paper, signed, text

ALL = sorted(documents.register())
FREE = sorted(name for name, one in documents.register().items() if not one.session)


def test_the_papers_of_the_plan_are_there() -> None:
    assert set(ALL) == {
        "民事起诉状", "答辩状", "劳动仲裁申请书", "离婚协议书", "借条", "欠条", "催告函", "自书遗嘱", "代书遗嘱",
        "授权委托书", "投诉举报信", "调解协议", "房屋租赁合同", "证据清单",
    }  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_a_template_has_no_loose_ends(name: str) -> None:
    one = documents.find(name)
    assert set(one.fields) <= set(NAMES)
    assert len({gap.id for gap in one.gaps}) == len({gap.label for gap in one.gaps}) == len(one.gaps)
    for gap in one.gaps:
        for field, element in gap.facts:
            assert checked(field, element).kind == gap.kind
    assert documents.named(f"帮我写一份{name}") == one
    for told in matters.STORIES:
        assert one.me(matter(told)) in {"", *(gap.id for gap in one.gaps)}


@pytest.mark.parametrize("name", ALL)
def test_no_gap_is_taken_for_another_fact(name: str) -> None:
    """Values come by id: a gap that shares its id with an element must mean the same."""
    one = documents.find(name)
    elements = {element.id for pack in packs().values() for element in pack.elements}
    for gap in one.gaps:
        if gap.id in elements and (one.elements or name in ("催告函", "投诉举报信")):
            assert gap.id in {element for _, element in gap.facts}, gap.id


def pages(name: str) -> list[documents.Paper]:
    """The paper for every story it fits, and for no session."""
    made = []
    for told in (None, *matters.STORIES):
        try:
            made.append(paper(name, told))
        except documents.Unfit:
            continue
    assert made
    return made


@pytest.mark.parametrize("name", ALL)
def test_gaps_that_stand_in_the_paper_can_be_filled_and_are(name: str) -> None:
    one = documents.find(name)
    labels = {typeset(gap.label): gap for gap in one.gaps}
    seen: set[str] = set()
    for made in pages(name):
        open_ = documents.missing(made)
        assert len(open_) <= made.gaps
        seen |= set(open_)
    # What is no gap of the template is an element of the field (filled by its id), or said of each piece of evidence.
    strange = {label for label in seen - set(labels) if one.session is False}
    assert strange <= {"案由"}
    unused = {typeset(gap.label) for gap in one.gaps} - seen
    assert unused <= {"应付金额", "欠款金额"} | {label for label, gap in labels.items() if gap.facts}


@pytest.mark.parametrize("name", FREE)
def test_a_filled_paper_has_no_gap_left(name: str) -> None:
    one = documents.find(name)
    filled = paper(name, None, {gap.id: f"内容{at}号" for at, gap in enumerate(one.gaps)})
    assert set(documents.missing(filled)) <= {"案由"}
    for at, gap in enumerate(one.gaps):
        if gap.id not in ("area",):  # the office itself was given
            assert f"内容{at}号" in text(filled), gap.id


@pytest.mark.parametrize("name", ALL)
def test_nobody_signs_as_a_lawyer(name: str) -> None:
    for made in pages(name):
        assert "律师" not in made.title
        assert "律师" not in signed(made)


@pytest.mark.parametrize("name", ALL)
def test_cautions_stand_behind_the_paper_with_their_articles(name: str) -> None:
    for made in pages(name):
        before, _, after = text(made).partition("填写说明（不属于文书正文")
        assert len(re.findall(r"《[^》]+》第[^条]+条", after)) >= 1
        assert DATE_LINE.strip() in before
        for line in after.strip().splitlines()[1:]:
            assert "《" in line


@pytest.mark.parametrize("name", ALL)
def test_what_the_client_writes_is_data(name: str) -> None:
    one = documents.find(name)
    told = matters.WAGES if name == "劳动仲裁申请书" else matters.BORROWED if name == "答辩状" else matters.LENT
    evil = "# 题\n\n| a | b |\n\x00\x1b[31m【】**x**"
    gap = next(gap for gap in one.gaps if gap.kind == "name")
    with pytest.raises(InvalidMessage):
        paper(name, told, {gap.id: evil})
    made = paper(name, told, {gap.id: evil.replace("\x00", "")})
    assert "# 题 | a | b | [31m【】**x**" in text(made)


def test_unknown_templates_gaps_and_long_answers_are_refused() -> None:
    with pytest.raises(documents.UnknownTemplate, match="目前有:"):
        documents.find("律师函")
    with pytest.raises(documents.BadValues, match="nonsense"):
        paper("借条", None, {"nonsense": "x"})
    with pytest.raises(documents.BadValues, match="过长"):
        paper("借条", None, {"use": "长" * 2001})
    with pytest.raises(documents.Unfit, match="先把事情的经过说清楚"):
        paper("民事起诉状")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("帮我写一份离婚协议书", "离婚协议书"),
        ("朋友写了借条不还,帮我写个起诉状", "民事起诉状"),
        ("对方打了借款合同一直不还,帮我写诉状", "民事起诉状"),
        ("我收到传票了,帮我写答辩状", "答辩状"),
        ("帮我起草一份劳动仲裁申请书", "劳动仲裁申请书"),
        ("我要发律师函", "催告函"),
        ("写一份催款函", "催告函"),
        ("给我写个遗嘱", "自书遗嘱"),
        ("找人代写,写一份代书遗嘱", "代书遗嘱"),
        ("出一份授权书", "授权委托书"),
        ("写个租房合同", "房屋租赁合同"),
        ("帮我写一封举报信", "投诉举报信"),
        ("写一份和解协议", "调解协议"),
        ("货款对方打个欠条", "欠条"),
        ("列个证据目录", "证据清单"),
        ("写一首诗", None),
    ],
)
def test_requests_are_recognised(said: str, name: str | None) -> None:
    found = documents.named(said)
    assert (found.name if found else None) == name


def test_a_loan_note_takes_the_facts_of_the_session() -> None:
    shown = signed(paper("借条", matters.LENT, {"borrower_name": "李四"}))
    assert "今李四（身份证号码：【待填：借款人身份证号码】）" in shown
    assert "人民币32000元（大写：人民币叁万贰仟元整）" in shown
    assert "本借款不计利息" in shown
    assert "2025年12月" in shown
    # Of another matter it takes nothing.
    assert "8000" not in signed(paper("借条", matters.WAGES))


def test_a_demand_says_what_is_owed_and_only_a_creditor_sends_it() -> None:
    shown = signed(paper("催告函", matters.GOODS))
    assert "120000元（大写：人民币壹拾贰万元整）" in shown
    assert "《民法典》第五百七十九条" in shown
    assert "押金" in signed(paper("催告函", matters.DEPOSIT))
    assert "3000元（大写：人民币叁仟元整）" in signed(paper("催告函", matters.DEPOSIT))
    for told in (matters.BORROWED, matters.HIT):
        with pytest.raises(documents.Unfit, match="向您提要求"):
            paper("催告函", told)


def test_a_divorce_agreement_is_of_both() -> None:
    shown = signed(paper("离婚协议书", matters.AGREED))
    assert "存款200000元" in shown
    assert "房屋：无。" in shown
    for word in ("我", "对方", "原告"):
        assert word not in shown
    hostile = signed(paper("离婚协议书", matters.DIVORCE))
    assert "家暴" not in hostile
    assert "家庭暴力" not in hostile


def test_the_forms_of_wills() -> None:
    own = paper("自书遗嘱")
    assert "亲笔抄写" not in signed(own)
    assert "从第一个字到最后一个字亲笔抄写" in text(own)
    assert "《民法典》第一千一百三十四条" in text(own)
    dictated = signed(paper("代书遗嘱"))
    for signer in ("立遗嘱人（签名）", "代书人（签名）", "见证人（签名）"):
        assert signer in dictated
    assert dictated.count(DATE_LINE) == 3


def test_an_authorisation_names_each_special_power() -> None:
    shown = signed(paper("授权委托书", matters.LENT))
    for power in ("承认诉讼请求", "放弃诉讼请求", "变更诉讼请求", "进行和解", "提起反诉", "提起上诉"):
        assert f"特别授权：代为{power}" in shown
    assert "民间借贷纠纷一案" in shown


@pytest.mark.parametrize(
    ("told", "office"),
    [(matters.FAKE, "市场监督管理局"), (matters.WAGES, "劳动保障监察机构"), (matters.HEIRS, "机关")],
)
def test_a_petition_goes_to_the_office_of_the_field(told: tuple[str, str], office: str) -> None:
    assert office in signed(paper("投诉举报信", told)).splitlines()[0]


def test_the_lease_takes_rent_and_deposit() -> None:
    shown = signed(paper("房屋租赁合同", matters.DEPOSIT))
    assert "每月2500元（大写：人民币贰仟伍佰元整）" in shown
    assert "押金：3000元" in shown


def test_the_evidence_list_names_each_piece_and_what_it_proves() -> None:
    given = matter(matters.LENT)
    assert given.opinion is not None
    plan = given.opinion.plan.model_copy(
        update={"evidence": ("借条原件(证明借款的金额和约定)", "转账记录", "收条（证明\n还过|一部分）", "合同(看期限)")}
    )
    opinion = given.opinion.model_copy(update={"plan": plan})
    made = documents.written(documents.find("证据清单"), Matter.of(opinion, {}), "s", "p")
    rows = [line for line in text(made).splitlines() if re.match(r"\d \|", line)]
    assert rows == [
        f"1 | 借条原件 | {GAP} | {GAP} | {GAP} | 证明借款的金额和约定",
        f"2 | 转账记录 | {GAP} | {GAP} | {GAP} | {GAP}",
        f"3 | 收条 | {GAP} | {GAP} | {GAP} | 证明 还过|一部分",
        f"4 | 合同 | {GAP} | {GAP} | {GAP} | {GAP}",
    ]
    none = Matter.of(opinion.model_copy(update={"plan": plan.model_copy(update={"evidence": ()})}), {})
    assert f"1 | {GAP}" in text(documents.written(documents.find("证据清单"), none, "s", "p"))


def test_names_of_articles_and_amounts() -> None:
    assert article("民法典#1079") == "《民法典》第一千零七十九条"
    assert article("刑法#133-1") == "《刑法》第一百三十三条之一"
    with pytest.raises(ValueError, match="not the id"):
        article("民法典")
    assert money("1234.5元") == "1234.5元（大写:人民币壹仟贰佰叁拾肆元伍角）".replace("（", "(").replace("）", ")")
    assert money("【待填:金额】") == "【待填:金额】"
    assert TODAY.year == 2026
