"""How answers are set: full-width marks beside Chinese, quotations untouched."""

import pytest

from orchestrator.wording import plain, typeset


@pytest.mark.parametrize(
    ("written", "set_"),
    [
        ("您好,请说;好吗?", "您好，请说；好吗？"),
        ("借款本金:50000元", "借款本金：50000元"),
        ("下午3:30到,3,000元", "下午3:30到，3,000元"),
        ("去哪里(法院)", "去哪里（法院）"),
        ("要旨(非原文):应当", "要旨(非原文)：应当"),
        ("见 http://a.cn/b?c=d 与 f(x)", "见 http://a.cn/b?c=d 与 f(x)"),
        ("《工伤保险条例》:“(一)在工作时间,和”,对", "《工伤保险条例》：“(一)在工作时间,和”，对"),
    ],
)
def test_typeset(written: str, set_: str) -> None:
    assert typeset(written) == set_
    assert typeset(set_) == set_


def test_plain_keeps_positions() -> None:
    assert plain("２０２４年，（一）　好！") == "2024年,(一) 好!"


def test_a_pair_within_a_pair_is_set_too() -> None:
    assert typeset("根据您说的(地点:工地(包工头))看") == "根据您说的（地点：工地（包工头））看"
