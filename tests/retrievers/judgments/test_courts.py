import pytest

from retrievers.contracts import Case
from retrievers.judgments import courts


@pytest.mark.parametrize(
    ("court", "number", "level", "region", "year"),
    [
        ("", "（2019）京01民终123号", "中级", "北京", 2019),
        ("", "(2021)最高法民申5号", "最高", "", 2021),
        ("", "（2020）粤民终88号", "高级", "广东", 2020),
        ("", "（2018）内0102刑初7号", "基层", "内蒙古", 2018),
        ("", "（2012）青民初字第31号", "", "", 2012),
        ("江苏省南京市中级人民法院", "", "中级", "江苏", None),
        ("新疆生产建设兵团第一师中级人民法院", "", "中级", "新疆兵团", None),
        ("上海知识产权法院", "", "中级", "上海", None),
        ("广西壮族自治区高级人民法院", "", "高级", "广西", None),
        ("最高人民法院", "", "最高", "", None),
        ("杭州互联网法院", "（2022）浙0192民初9号", "基层", "浙江", 2022),
        ("", "", "", "", None),
    ],
)
def test_what_court_and_number_tell(court: str, number: str, level: str, region: str, year: int | None) -> None:
    case = Case(id="甲", title="甲", kind="judgment", facts="甲", court=court, number=number)
    made = courts.completed(case)
    assert (made.level, made.region, made.year) == (level, region, year)


def test_what_is_given_stays() -> None:
    case = Case(
        id="甲",
        title="甲",
        kind="judgment",
        facts="甲",
        number="（2019）京01民终1号",
        level="高级",
        region="上海市",
        year=2001,
    )
    made = courts.completed(case)
    assert (made.level, made.region, made.year) == ("高级", "上海", 2001)
