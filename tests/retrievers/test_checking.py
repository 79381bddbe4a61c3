"""Sentences that may be sent, and those that may not."""

import pytest

from retrievers import checking, citations
from retrievers.contracts import Passage, Verdict
from retrievers.titles import Titles

TITLES = Titles(["民法典", "劳动合同法", "劳动法", "治安管理处罚法"])
CORPUS = {
    "民法典#1076": "夫妻自愿离婚的，应当签订书面离婚协议，亲自到婚姻登记机关申请登记。",
    "民法典#1077": "自收到离婚登记申请之日起三十日内，任何一方不愿意离婚的，可以向婚姻登记机关撤回离婚登记申请。\n"
    "前款规定期限届满后三十日内，双方应当亲自到婚姻登记机关申请发给离婚证。",
    "劳动合同法#42": "劳动者有下列情形之一的，用人单位不得解除劳动合同：\n（一）在医疗期内的；",
    "治安管理处罚法#43": "殴打他人的，处五日以上十日以下拘留。",
}
CORPUS["劳动合同法#98"] = "依照《中华人民共和国外资企业法》第三条处理的，适用本法第四十二条的规定。"
DIGESTS = {"劳动合同法#82": "超过一个月没有书面合同的,每月应付两倍工资,不签无固定期限合同的也一样。"}


def lookup(law: str, number: int, sub: int) -> Passage | None:
    ident = f"{law}#{number}"
    text, kind = (CORPUS[ident], "official") if ident in CORPUS else (DIGESTS.get(ident), "digest")
    if text is None:
        return None
    status = {"治安管理处罚法": "superseded"}.get(law, "in_force")
    values = {"id": ident, "law": law, "article": f"第{number}条", "number": number, "text": text}
    return Passage.model_validate({**values, "kind": kind, "status": status})


def judge(sentence: str, allowed: str = "") -> Verdict:
    found = citations.resolve(sentence, TITLES, lookup, {"民法典": 1260}.get)
    return checking.verdict(sentence, found, checking.Allowed(allowed))


@pytest.mark.parametrize(
    "sentence",
    [
        "您可以先和对方协商。",
        "根据《民法典》第1077条,任何一方可以在30天内撤回离婚登记申请。",
        "《民法典》第一千零七十六条要求双方应当签订书面协议。",
        "《民法典》第1077条规定:“任何一方不愿意离婚的，可以向婚姻登记机关撤回离婚登记申请”。",
        "《民法典》第1077条:“可以向婚姻登记机关撤回离婚登记申请。前款规定期限届满后三十日内，双方应当亲自到婚姻登记机关”。",
        "民法典第1076、1077条都说应当到婚姻登记机关,30日内可以撤回。",
        "劳动合同法第82条(要旨,非原文):超过1个月没签合同,每月应付2倍工资。",
        "《民法典》没有第9999条,现行《民法典》共1260条。",
        "您说的民法典第9999条并不存在。",
        "《婚姻法》第32条已于2021年1月1日废止,不再适用。",
        "查不到《火星法》第3条。",
    ],
)
def test_what_may_be_sent(sentence: str) -> None:
    assert judge(sentence).faults == ()


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("根据《民法典》第9999条,您可以要求赔偿。", "《民法典》第9999条不存在或未收录"),
        ("根据《火星法》第3条,您可以要求赔偿。", "查不到《火星法》"),
        ("根据婚姻法第32条,法院应当调解。", "《婚姻法》第32条已废止"),
        ("治安管理处罚法第43条规定处五日拘留。", "《治安管理处罚法》第43条已被新的规定取代"),
        ("修订后的治安管理处罚法第43条规定处五日拘留。", "《治安管理处罚法》第43条已被新的规定取代"),
        ("第42条规定不得解除。", "“第42条”没有写明是哪部法律"),
        ("根据《民法典》第1077条,可以在十五日内撤回。", "引用的条文里没有“15日”"),
        ("根据《民法典》第１０７７条,可以在１５日内撤回。", "引用的条文里没有“15日”"),
        ("根据《民法典》第1076条,双方可以签订书面协议。", "引用的条文里没有“可以”"),
        ("根据《民法典》第1077条第三款,可以撤回。", "《民法典》第1077条没有所写的款或项"),
        ("根据《民法典》第9999条规定没有合同也要赔偿。", "《民法典》第9999条不存在或未收录"),
        ("现有的《劳动法》没有第50条。", "《劳动法》第50条不存在或未收录"),
    ],
)
def test_what_may_not_be_sent(sentence: str, fault: str) -> None:
    found = judge(sentence)
    assert not found.ok and fault in found.faults


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("《民法典》第1077条:“任何一方不愿离婚的，可以向婚姻登记机关撤回”。", "引文与原文不符"),
        ("《民法典》第1077条:「任何一方不愿意离婚的,可以向婚姻登记机关撤回」。", "引文与原文不符"),
        ('《民法典》第1077条:"任何一方不同意离婚的"。', "引文与原文不符"),
        ("《民法典》第1077条规定:“任何一方不愿离婚的，可以撤回", "引文与原文不符"),
        ("双方应当亲自到登记机构申请”,见《民法典》第1077条。", "引文与原文不符"),
        ("《劳动合同法》第42条:“得解除劳动合同”。", "引文截去了前面的否定词"),
        ("《劳动合同法》第82条规定:“每月应付两倍工资”。", "要旨不是原文"),
        ("《劳动合同法》第82条、《民法典》第1076条:“每月应付两倍工资”。", "要旨不是原文"),
    ],
)
def test_a_quotation_is_exact(sentence: str, fault: str) -> None:
    found = judge(sentence)
    assert not found.ok and any(said.startswith(fault) for said in found.faults)


def test_what_the_client_said_needs_no_support() -> None:
    sentence = "您月工资8000元,工作3年,按《民法典》第1077条,老板说的“不愿意干就马上走人”不算撤回。"
    assert not judge(sentence).ok
    assert judge(sentence, "我工资8000,干了3年,老板说不愿意干就马上走人").ok


def test_a_reference_inside_an_exact_quotation_is_the_statutes_own() -> None:
    quoted = CORPUS["劳动合同法#98"]
    assert judge(f"劳动合同法第98条规定:“{quoted}”").citations == ("劳动合同法#98",)
    assert judge(f"劳动合同法第98条规定:“{quoted}”").ok
    assert not judge(f"劳动合同法第98条规定:“{quoted.replace('处理', '办理')}”").ok


def test_a_verdict_names_the_passages() -> None:
    assert judge("《民法典》第1076条、第1077条。").citations == ("民法典#1076", "民法典#1077")
    assert judge("民法典第9999条可以。").citations == ()


def test_quotations_of_a_text() -> None:
    assert list(checking.quotations("他说“短的”和“六个字以上的引文”,「『里外』两层的引文」")) == [
        "六个字以上的引文",
        "『里外』两层的引文",
    ]
