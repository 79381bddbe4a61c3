"""The points of procedure: recognised in a question, and true to the articles they name."""

import pytest

from orchestrator import points
from orchestrator.domains import NAMES
from retrievers import digests, figures

QUESTIONS = {
    "court": ["那我该去哪个法院", "去哪里起诉", "归谁管辖", "可以异地起诉吗"],
    "limitation": ["那诉讼时效是多久", "时效过了吗", "多久之内要起诉", "几年内可以告", "仲裁期限是多长"],
    "time": ["要多久", "大概需要多长时间", "多久能判下来", "什么时候有结果", "起诉要多久"],
    "cost": ["诉讼费谁承担", "打官司要多少钱", "起诉要花钱吗"],
    "proof": ["需要什么证据", "要准备哪些材料", "我怎么举证"],
    "next": ["接下来怎么办", "那我该怎么做", "流程是什么"],
}


@pytest.mark.parametrize(("id", "text"), [(id, text) for id, rows in QUESTIONS.items() for text in rows])
def test_a_short_question_names_its_point(id: str, text: str) -> None:
    point = points.asked(text)
    assert point is not None
    assert point.id == id


@pytest.mark.parametrize(
    "text", ["那利息呢", "他要还多少", "合同有效吗", "我上个月被公司辞退了,不知道要去哪个法院起诉他们才能拿回工资"]
)
def test_other_questions_name_none(text: str) -> None:
    assert points.asked(text) is None


@pytest.mark.parametrize("text", ["我能要多少赔偿", "一共能拿多少钱", "赔偿怎么算", "公司要给我几个月工资"])
def test_how_much_all_in_all_is_asked(text: str) -> None:
    assert points.amount(text) and points.whole_amount(text)


def test_how_much_of_one_thing_is_asked() -> None:
    assert points.amount("加班费能要多少") and not points.whole_amount("加班费能要多少")


@pytest.mark.parametrize("text", ["要等多少天", "多少年的工龄才算", "公司有多少人才算裁员", "能不能要赔偿"])
def test_how_long_or_how_many_is_no_amount(text: str) -> None:
    assert not points.amount(text)


@pytest.mark.parametrize("field", NAMES)
def test_the_law_of_a_point_stands_in_its_articles(field: str) -> None:
    texts = {row.id: row.digest for row in digests.digests()}
    for point in points.POINTS:
        for says in points.law(point, field):
            source = "\n".join(texts[id] for id in says.articles)
            missing = [one for one in figures.unfounded(says.text, source) if one not in figures.MODALS]
            assert missing == [], says.text
