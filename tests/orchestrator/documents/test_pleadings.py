"""Plaint, answer and application: the right facts and requests at the right place, for every field."""

import pytest

from orchestrator import documents
from orchestrator.documents import pleading
from orchestrator.documents.matter import checked
from orchestrator.documents.pleading import pleadings
from orchestrator.domains import packs
from tests.orchestrator.documents import matters
from tests.orchestrator.documents.matters import matter, paper, signed, text


def test_every_side_request_and_answer_speaks_of_elements_that_the_packs_have() -> None:
    for name, one in pleadings().items():
        causes = {cause.id: cause for cause in packs()[name].causes}
        for row in (*one.stands, *one.requests, *one.answers):
            assert set(row.causes) <= set(causes), (name, row)
            given = matters.Matter(on=matters.TODAY, field=name)
            given.truth(name, row.when)  # raises for an unknown element or choice
        for request in (*one.requests, *one.answers):
            given.truth(name, request.unless)
            given.filled(request.text, claimant="原告", respondent="被告")
            for id in request.needs:
                checked(name, id)
        for id in one.omitted:
            checked(name, id)


@pytest.mark.parametrize(
    ("told", "side"),
    [
        (matters.LENT, "claimant"),
        (matters.BORROWED, "respondent"),
        (matters.WAGES, "claimant"),
        (matters.EMPLOYER, "respondent"),
        (matters.DIVORCE, "claimant"),
        (matters.AGREED, ""),
        (matters.CRASH, "claimant"),
        (matters.HIT, "respondent"),
        (matters.FEES, "respondent"),
        (matters.DEPOSIT, "claimant"),
        (matters.LANDLORD, "claimant"),
        (matters.GOODS, "claimant"),
        (matters.FAKE, "claimant"),
        (matters.BITTEN, "claimant"),
        (matters.SLANDER, "claimant"),
    ],
)
def test_the_side_of_the_client(told: tuple[str, str], side: str) -> None:
    given = matter(told)
    assert pleading.side(given) == side
    for name, other in (("民事起诉状", "respondent"), ("答辩状", "claimant")):
        if side == other:
            with pytest.raises(documents.Unfit, match="从您说的情况看"):
                paper(name, told)
        elif side:
            assert paper(name, told).gaps > 5


@pytest.mark.parametrize("field", sorted(set(packs()) - {"行政", "刑事"}))
def test_every_field_gets_a_plaint_from_its_own_elements(field: str) -> None:
    """Whatever the facts, each cause of the field yields a form without words to the client."""
    pack = packs()[field]
    for cause in pack.causes:
        given = matters.Matter(on=matters.TODAY, field=field, causes=(cause,))
        wanted = documents.find("民事起诉状").model_copy(update={"session": False, "unfit": lambda _: ""})
        shown = signed(documents.written(wanted, given, "s", "p"))
        rows = shown.partition("四、事实和理由")[2].partition("五、证据和证据来源")[0]
        assert "【待填：事情的经过】" in rows
        for word in ("您", "我方", "对方愿", "证据情况"):
            assert word not in rows, (cause.id, word)


def test_a_plaint_about_a_loan() -> None:
    shown = text(paper("民事起诉状", matters.LENT, {"claimant_name": "张三", "respondent_name": "李四"}))
    assert "（民间借贷纠纷）" in shown
    assert "姓名或名称 | 张三" in shown
    assert "☑ 判令被告归还借款本金32000元" in shown
    assert "☑ 判令被告支付逾期还款的利息，自约定的还款日（2025年12月）" in shown
    assert "判令被告按约定的利率" not in shown  # no interest was agreed
    assert "担保人对上述款项" not in shown  # no surety
    assert "☐ 判令借款人的配偶共同归还" in shown  # nobody told
    assert "☑ 本案诉讼费用由被告负担" in shown
    assert "☑ 没有约定" in shown
    assert "《民法典》第六百七十五条" in shown
    evidence = shown.partition("五、证据和证据来源")[2]
    assert "转账记录 | 【待填：证据来源】 | 【待填：证明内容】" in evidence
    assert "被告承认借款的聊天记录" in evidence
    assert shown.index("张三") < shown.index("李四")


def test_what_was_paid_back_is_not_claimed_again() -> None:
    told = (matters.LENT[0], matters.LENT[1].replace("到现在一分没还", "后来还了5000元,剩下的不还"))
    shown = signed(paper("民事起诉状", told))
    assert "判令被告归还尚欠的借款（本金32000元，已还5000元" in shown
    assert "判令被告归还借款本金32000元" not in shown


def test_amounts_come_from_facts_only() -> None:
    told = (matters.LENT[0], matters.LENT[1].replace("3万2", "一笔钱"))
    shown = signed(paper("民事起诉状", told))
    assert "☑ 判令被告归还借款本金【待填：借款本金】" in shown
    assert "判令被告归还借款本金60000元" in signed(paper("民事起诉状", told, {"principal": "60000元"}))


def test_an_answer_about_a_loan_is_the_borrowers() -> None:
    shown = signed(paper("答辩状", matters.BORROWED, {"respondent_name": "张三", "claimant_name": "王五"}))
    assert "原告 | 王五" in shown
    assert "姓名或名称 | 张三" in shown
    assert "☑ 利息已预先从本金中扣除，实际到手45000元" in shown
    assert "☑ 约定的利率超过" in shown
    assert "☐ 请求驳回原告的全部请求" in shown
    assert "事项 | 被告的陈述 | 对原告的说法" in shown
    assert "判令被告" not in shown


def test_an_application_for_arbitration() -> None:
    shown = signed(paper("劳动仲裁申请书", matters.WAGES))
    assert "☑ 裁决被申请人支付拖欠的工资24000元" in shown
    assert "☑ 裁决被申请人支付违法解除劳动合同的赔偿金" in shown
    assert "☑ 裁决被申请人支付未订立书面劳动合同的二倍工资差额" in shown
    assert "月工资 | 8000元" in shown
    assert "原告" not in shown
    with pytest.raises(documents.Unfit, match="用人单位一方"):
        paper("劳动仲裁申请书", matters.EMPLOYER)
    with pytest.raises(documents.Unfit, match="属于民间借贷"):
        paper("劳动仲裁申请书", matters.LENT)


def test_labour_before_a_court_needs_the_award() -> None:
    shown = text(paper("民事起诉状", matters.WAGES))
    assert "先行仲裁 | 【待填：仲裁裁决书的文号和收到的日期】" in shown
    assert "判令被告支付拖欠的工资24000元" in shown
    assert "裁决被" not in shown
    assert "《劳动争议调解仲裁法》第五十条" in shown


def test_the_employer_answers_before_the_commission() -> None:
    shown = text(paper("答辩状", matters.EMPLOYER))
    assert "☑ 申请人严重违反规章制度" in shown
    assert "《劳动争议调解仲裁法》第三十条" in shown
    assert "辞退的理由 | ☑ 严重违纪" in shown
    # The pack's 我 is the employee, also where the employer is the client.
    unsigned = ("劳动", "我是公司老板,公司没有签书面劳动合同,员工违纪被辞退,现在申请仲裁要双倍工资。")
    shown = text(paper("答辩状", unsigned))
    assert "合同情况 | ☑ 一直没签" in shown
    assert "签了但没给申请人" in shown
    assert "没给被申请人" not in shown


@pytest.mark.parametrize(
    ("told", "request_"),
    [
        (matters.DIVORCE, "☑ 判令准予原告与被告离婚"),
        (matters.DIVORCE, "☑ 判令被告支付离婚损害赔偿"),
        (matters.CRASH, "☑ 判令被告赔偿医疗费35000元"),
        (matters.CRASH, "☑ 判令承保的保险公司在交强险、商业三者险的限额内先行赔付"),
        (matters.DEPOSIT, "☑ 判令被告返还押金3000元"),
        (matters.LANDLORD, "☑ 判令被告支付拖欠的租金9000元"),
        (matters.GOODS, "☑ 判令被告支付货款120000元"),
        (matters.FAKE, "☑ 判令被告按价款3000元的三倍增加赔偿"),
        (matters.HEIRS, "☑ 依法分割被继承人的遗产"),
        (matters.BITTEN, "☑ 判令被告赔偿医疗费"),
        (matters.SLANDER, "☑ 判令被告消除影响、恢复名誉、赔礼道歉"),
    ],
)
def test_requests_follow_from_the_facts(told: tuple[str, str], request_: str) -> None:
    assert request_ in signed(paper("民事起诉状", told))


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (matters.HIT, "☑ 事故车辆投保了保险"),
        (matters.HIT, "☑ 已经垫付20000元"),
        (matters.FEES, "☑ 物业服务长期严重不达标"),
    ],
)
def test_answers_follow_from_the_facts(told: tuple[str, str], answer: str) -> None:
    assert answer in signed(paper("答辩状", told))


def test_a_husband_learns_when_he_may_not_ask_for_divorce() -> None:
    assert "《民法典》第一千零八十二条" in text(paper("民事起诉状", matters.PREGNANT))
    assert "《民法典》第一千零八十二条" not in text(paper("民事起诉状", matters.DIVORCE))


def test_there_is_no_plaint_against_an_authority() -> None:
    with pytest.raises(documents.Unfit, match="行政起诉状"):
        paper("民事起诉状", matters.FINED)


def test_what_proves_nothing_is_no_evidence() -> None:
    assert "财产线索" not in signed(paper("民事起诉状", matters.GOODS))
    assert "传票" not in signed(paper("答辩状", matters.FEES))


def test_rare_circumstances_are_shown_when_they_were_told() -> None:
    shown = signed(paper("民事起诉状", matters.SLANDER))
    assert "被告做了什么 | ☑ 造谣诽谤" in shown
    assert "受害人已去世" not in shown
    told = (matters.HIT[0], matters.HIT[1].replace("我开车撞了", "我给公司送货开车撞了"))
    assert "是否职务行为 | ☑" in signed(paper("答辩状", told))
    assert "是否职务行为" not in signed(paper("答辩状", matters.HIT))


def test_what_is_for_advice_only_stands_in_no_plaint() -> None:
    shown = signed(paper("民事起诉状", matters.LENT))
    for word in ("您的身份", "借款凭证", "最近三年的催要"):
        assert word not in shown
    assert matters.LENT[1][:12] not in shown  # the client's own words are for the client to write
