import pytest

from retrievers.judgments import charges


@pytest.mark.parametrize(
    ("written", "named"), [("盗窃", "盗窃罪"), ("[抢劫]罪", "抢劫罪"), (" 诈骗罪 ", "诈骗罪"), ("", "")]
)
def test_one_form(written: str, named: str) -> None:
    assert charges.named(written) == named


@pytest.mark.parametrize(
    ("known", "asked", "covers"),
    [
        ("盗窃罪", "盗窃", True),
        ("走私、贩卖、运输、制造毒品罪", "贩卖毒品罪", True),
        ("贩卖、运输毒品罪", "走私毒品罪", False),
        ("抢劫枪支罪", "抢劫罪", False),
    ],
)
def test_compound_charges(known: str, asked: str, covers: bool) -> None:
    assert charges.covers(known, asked) is covers
