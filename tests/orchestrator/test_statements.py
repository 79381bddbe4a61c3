"""What of a message states something."""

import pytest

from orchestrator import statements


@pytest.mark.parametrize(
    "text",
    ["如果没签合同呢", "要是有欠条呢", "那假如他是全责呢？", "没签合同的话呢", "有借条的话会不一样吗", "换成我是借款人呢", "万一他不还怎么办"],
)  # fmt: skip
def test_suppositions(text: str) -> None:
    assert statements.supposes(text)


@pytest.mark.parametrize(
    "text",
    ["没有借条", "那利息呢", "我没签合同", "如果需要我可以补充", "他说要是我不还就起诉我，" + "后来就真的起诉了" * 8],
)
def test_what_is_none(text: str) -> None:
    assert not statements.supposes(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我去年三月催过他,还能要回来吗?", "我去年三月催过他,"),
        ("那利息怎么算?", ""),
        ("没有借条能起诉吗", ""),
        ("我有录音可以当证据吗", "我有录音可以当证据吗"),
        ("借款是5万。要交多少诉讼费?", "借款是5万。"),
    ],
)
def test_questions_tell_nothing(text: str, told: str) -> None:
    assert statements.told(text) == told
    assert statements.asks_only(text) == (not told)


@pytest.mark.parametrize("text", ["对，实际就是这样", "是的", "确实是这样", "没错，就是这样的", "事实就是如此"])
def test_a_supposition_is_confirmed(text: str) -> None:
    assert statements.confirms_supposition(text)


@pytest.mark.parametrize("text", ["我是房东", "对的，谢谢", "不是这样", "那利息呢", "是" * 5000])
def test_a_supposition_is_not_confirmed(text: str) -> None:
    assert not statements.confirms_supposition(text)


def test_what_is_supposed_is_without_its_frame() -> None:
    assert statements.supposed("那要是有欠条呢？") == "有欠条"
    assert statements.supposed("没签的话会怎么样") == "没签"


def test_marks_make_no_other_message() -> None:
    assert statements.same("公司 没签合同，怎么办？", "公司没签合同,怎么办")
    assert not statements.same("公司签了合同", "公司没签合同")


@pytest.mark.parametrize(
    "text",
    [
        "那如果公司说是协商一致解除的呢",
        "要是房东非说是我弄坏的怎么办",
        "如果对方辩称已经还了呢",
        "万一她坚持说没收到呢",
    ],
)
def test_what_the_other_side_says_is_a_claim(text: str) -> None:
    assert statements.claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "如果我说不要了呢",
        "如果公司没签合同呢",
        "如果法院认为合同无效呢",
        "要是医生说不能上班呢",
        "公司说是我的错",
        "如果公司说好了年底给呢",
    ],
)
def test_what_is_supposed_as_a_fact_is_no_claim(text: str) -> None:
    assert not statements.claims(text)
