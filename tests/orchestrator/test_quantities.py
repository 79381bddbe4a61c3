"""Amounts, durations and dates as clients write them, read on 20 November 2026."""

from datetime import date

import pytest

from orchestrator import quantities

TODAY = date(2026, 11, 20)


def values(kind: str, text: str) -> list[float | str]:
    return [one.value for one in quantities.find(kind, text, TODAY)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("三万二", 32_000), ("3万2", 32_000), ("3万2500", 32_500), ("3万2千", 32_000), ("一万二千五", 12_500),
        ("五万五千三百元", 55_300), ("8000元", 8_000), ("月薪八千", 8_000), ("月薪8k", 8_000), ("工资１．２万", 12_000),
        ("1.5万", 15_000), ("1w5", 15_000), ("1.5W元", 15_000), ("1.2亿", 120_000_000), ("一亿两千万", 120_000_000),
        ("10多万", 100_000), ("两千五", 2_500), ("两千五百块", 2_500), ("二百五", 250), ("三百块", 300),
        ("一百二十万", 1_200_000), ("一百零五万", 1_050_000), ("30,000元", 30_000), ("30，000元", 30_000),
        ("五十块", 50), ("5块钱", 5), ("三千来块", 3_000), ("三千多", 3_000), ("2000多元", 2_000), ("欠我八万", 80_000),
        ("两万多", 20_000), ("20万左右", 200_000), ("0.5万", 5_000), ("2千", 2_000), ("三佰元", 300), ("贰万元整", 20_000),
        ("壹万伍仟元", 15_000), ("¥5000", 5_000), ("￥3000", 3_000), ("5000人民币", 5_000), ("人民币三万元整", 30_000),
        ("3万5千6百", 35_600), ("三万五千六百", 35_600), ("三万零五百", 30_500), ("十万零三百", 100_300), ("6500.5元", 6_500.5),
        ("50万一直没给", 500_000), ("80万一分没还", 800_000), ("三万一共两笔", 30_000), ("借3万1年", 30_000),
        ("五万三年没还", 50_000), ("一万三", 13_000), ("一千零五块", 1_005), ("3万元2年", 30_000),
        ("1,234,567元", 1_234_567), ("三千二一个月", 3_200), ("六千五三个月没发", 6_500), ("五万十五天", 50_000),
    ],
)  # fmt: skip
def test_an_amount(text: str, yuan: float) -> None:
    text = text.replace("１．２", "1.2")
    found = quantities.find("amount", text, TODAY)
    assert [one.value for one in found] == [yuan]
    assert not found[0].bare


@pytest.mark.parametrize(
    "text",
    [
        "几十万", "十几万", "好几千", "三四千", "二三十万", "3、4万", "一毛", "五百人", "3万人", "2万公里", "50平", "2024年",
        "2024-05-06", "13812345678", "第1079条", "1079条", "一千零七十九条", "百分之二十", "年利率24%", "15kg", "三块地",
        "身份证110101199001011234", "第三百块牌子", "", "没有钱",
    ],
)  # fmt: skip
def test_no_amount(text: str) -> None:
    assert values("amount", text) == []


def test_a_comma_before_a_year_parts_two_numbers() -> None:
    assert values("amount", "还了5000,2024年又还") == [5000]


def test_a_number_without_a_unit_is_marked() -> None:
    [found] = quantities.find("amount", "欠款6500未还", TODAY)
    assert (found.value, found.bare) == (6500, True)
    assert "欠款6500未还"[found.start : found.end] == "6500"


def test_several_amounts_come_in_order() -> None:
    assert values("amount", "借了他2万3，还了五千块，又借8000") == [23_000, 5_000, 8_000]
    assert values("amount", "工资5k到8k") == [5_000, 8_000]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("半年", 6), ("一年半", 18), ("2年半", 30), ("两年零三个月", 27), ("1年3个月", 15), ("1年又2个月", 14), ("三个半月", 3.5),
        ("一个半月", 1.5), ("半个月", 0.5), ("半个多月", 0.5), ("十个多月", 10), ("两个多月", 2), ("两周", 14 / 30), ("3个星期", 0.7),
        ("一个礼拜", 7 / 30), ("15天", 0.5), ("三十多天", 1), ("一百天", 100 / 30), ("两年多", 24), ("20多年", 240), ("干了5年", 60),
        ("十二年", 144), ("24个月", 24), ("快三年了", 36), ("五年零六个月", 66),
    ],
)  # fmt: skip
def test_a_duration(text: str, months: float) -> None:
    assert values("duration", text) == [pytest.approx(months)]


@pytest.mark.parametrize(
    "text",
    [
        "2024年",
        "三年前",
        "3个月前",
        "3个月之前",
        "三年多以前",
        "半年前",
        "去年3月",
        "23年5月借的",
        "两三年",
        "90年",
        "",
    ],
)
def test_no_duration(text: str) -> None:
    assert values("duration", text) == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("去年三月", "2025-03"), ("去年的3月", "2025-03"), ("前年5月1日", "2024-05-01"), ("大前年", "2023"), ("今年8月", "2026-08"),
        ("明年3月", "2027-03"), ("去年", "2025"), ("今年初", "2026-01"), ("去年年底", "2025-12"), ("前年国庆", "2024-10"),
        ("去年春节", "2025-02"), ("2023年底", "2023-12"), ("2024年5月6号", "2024-05-06"), ("2024年 5月", "2024-05"),
        ("2024-05-06", "2024-05-06"), ("2024.5.6", "2024-05-06"), ("2024/5/6", "2024-05-06"), ("2024年", "2024"),
        ("二〇二四年三月", "2024-03"), ("二零二三年", "2023"), ("一九九八年", "1998"), ("24年3月5日", "2024-03-05"),
        ("99年5月", "1999-05"), ("2024年13月", "2024"), ("2024年2月30日", "2024-02"), ("上个月", "2026-10"), ("上月", "2026-10"),
        ("上上个月", "2026-09"), ("下个月", "2026-12"), ("上个月5号", "2026-10-05"), ("本月", "2026-11"), ("昨天", "2026-11-19"),
        ("前天", "2026-11-18"), ("大前天", "2026-11-17"), ("今天", "2026-11-20"), ("上周", "2026-11-13"), ("三年前", "2023-11"),
        ("五年以前", "2021-11"), ("3年多前", "2023-11"), ("半年前", "2026-05"), ("三个月前", "2026-08"), ("1个月之前", "2026-10"),
        ("两周前", "2026-11-06"), ("一个星期前", "2026-11-13"), ("10天前", "2026-11-10"), ("3月份", "2026-03"), ("12月份", "2025-12"),
        ("我3月借给他", "2026-03"), ("三月五号", "2026-03-05"), ("12月25日", "2025-12-25"), ("11月20号", "2026-11-20"),
        ("11月21日", "2025-11-21"), ("12月15号开庭", "2026-12-15"), ("传票上开庭时间是1月6日", "2027-01-06"),
        ("12月15号开庭了", "2025-12-15"), ("让我12月1日前搬走", "2026-12-01"), ("租到12月31号", "2026-12-31"),
        ("要求我10月30号前付清", "2026-10-30"), ("11月5日前搬走", "2026-11-05"), ("合同12月到期", "2026-12"),
    ],
)  # fmt: skip
def test_a_date(text: str, iso: str) -> None:
    assert values("date", text) == [iso]


@pytest.mark.parametrize("text", ["", "三年", "98年", "200年前", "13月", "1.5月", "3个月", "每个月", "前几天", "月底"])
def test_no_date(text: str) -> None:
    assert values("date", text) == []


def test_two_dates_come_in_order() -> None:
    assert values("date", "2020年6月到2021年7月") == ["2020-06", "2021-07"]


def test_a_bare_month_is_the_latest_past_one_on_any_day() -> None:
    assert [one.value for one in quantities.dates("2月份", date(2024, 1, 31))] == ["2023-02"]
    assert [one.value for one in quantities.dates("上个月", date(2024, 1, 31))] == ["2023-12"]
    assert [one.value for one in quantities.dates("2月29日", date(2025, 3, 1))] == ["2025-02"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3), ("12", 12), ("一千二", 1200), ("1,200", 1200), ("两百", 200), ("零", 0), ("〇", 0), ("十", 10), ("十五", 15),
        ("一九九八", 1998), ("x", None), ("", None), ("半", None), ("百", None), ("三四千", None), ("十块", None),
    ],
)  # fmt: skip
def test_a_number(text: str, value: float | None) -> None:
    assert quantities.number(text) == value


def test_plain_counts() -> None:
    assert values("number", "有三个孩子，2套房") == [3, 2]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("amount", 32000.0, "32000元"), ("amount", 1234.56, "1234.56元"), ("amount", 0.5, "0.5元"), ("duration", 18.0, "1年6个月"),
        ("duration", 12.0, "1年"), ("duration", 6.5, "6.5个月"), ("duration", 0.5, "15天"), ("duration", 23.97, "2年"),
        ("number", 3.0, "3"), ("date", "2024-03-05", "2024年3月5日"), ("date", "2024-10", "2024年10月"), ("date", "2024", "2024年"),
    ],
)  # fmt: skip
def test_a_value_as_a_person_reads_it(kind: str, value: float | str, text: str) -> None:
    assert quantities.shown(kind, value) == text


def test_what_is_shown_can_be_read_again() -> None:
    for kind, written in [("amount", "3万2"), ("duration", "一年半"), ("date", "2024年5月6号"), ("date", "去年三月")]:
        [value] = values(kind, written)
        assert values(kind, quantities.shown(kind, value)) == [value]


def test_months_since() -> None:
    assert quantities.months_since("2023-11-20", TODAY) == 36
    assert quantities.months_since("2023-11-21", TODAY) < 36
    assert quantities.months_since("2024-11", TODAY) > 24
    assert 28 < quantities.months_since("2024", TODAY) < 29
    assert quantities.months_since("2026-12", TODAY) < 0


def test_ago_is_the_inverse_of_months_since() -> None:
    for months in (1, 2, 12, 30, 36):
        assert 0 <= quantities.months_since(quantities.ago(months, TODAY), TODAY) - months < 1
    assert quantities.ago(0.5, TODAY) == "2026-11-05"
