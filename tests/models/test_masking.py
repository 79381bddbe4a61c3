"""models.masking."""

import pytest

from models.masking import Mask, Unmasking, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我身份证11010519491231002X被人用了", "我身份证〔身份证号1〕被人用了"),
        ("老证110105491231002", "老证〔身份证号1〕"),
        ("电话13812345678。", "电话〔手机号1〕。"),
        ("打+86 138-1234-5678", "打〔手机号1〕"),
        ("座机010-62345678转801", "座机〔电话1〕"),
        ("座机(0755)2345678", "座机〔电话1〕"),
        ("转到6222 0202 0000 0000 009", "转到6222 0202 0000 0000 009"),
        ("卡号6228480402564890018", "卡号〔银行卡号1〕"),
        ("卡号 4111 1111 1111 1111", "卡号 〔银行卡号1〕"),
        ("车牌京A·12345和粤B12345D", "车牌〔车牌号1〕和〔车牌号2〕"),
        ("写给zhang.san@example.com.cn吧", "写给〔邮箱1〕吧"),
        ("请拨打110、12348或者96110", "请拨打110、12348或者96110"),
        ("2024年1月3日借款1000000元,订单20240103123456", "2024年1月3日借款1000000元,订单20240103123456"),
        ("民法典第1079条", "民法典第1079条"),
    ],
)
def test_identity_data_is_replaced_and_nothing_else(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_the_same_value_has_one_placeholder_and_comes_back() -> None:
    masked = Mask()
    first = masked.mask("他用13812345678打来,我用13912345678接")
    second = masked.mask("13812345678又来了")
    assert first == "他用〔手机号1〕打来,我用〔手机号2〕接"
    assert second == "〔手机号1〕又来了"
    assert masked.unmask("请屏蔽〔手机号1〕,〔手机号3〕不认识") == "请屏蔽13812345678,〔手机号3〕不认识"


def test_a_placeholder_in_the_users_own_text_is_not_reused() -> None:
    masked = Mask()
    text = "合同写着〔手机号1〕,实际是13812345678"
    assert masked.mask(text) == "合同写着〔手机号1〕,实际是〔手机号2〕"
    assert masked.unmask(masked.mask(text)) == text


@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
def test_a_stream_is_unmasked_whatever_its_pieces(size: int) -> None:
    masked = Mask()
    masked.mask("13812345678")
    text = "请保存与〔手机号1〕的通话,依〔2024〕12号文,另见〔很长很长很长很长的括号里面的话〕和〔手"
    stream = Unmasking(masked)
    pieces = [stream.feed(text[start : start + size]) for start in range(0, len(text), size)]
    assert "".join([*pieces, stream.close()]) == text.replace("〔手机号1〕", "13812345678")
