"""What messages say for the gaps: names, homes, amounts and dates that are plainly stated, and nothing else."""

import pytest

from orchestrator import documents
from orchestrator.documents import told
from orchestrator.documents.matter import Matter
from tests.orchestrator.documents import matters
from tests.orchestrator.documents.matters import TODAY, matter

NONE = Matter(on=TODAY)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        (
            "借条",
            "帮我写一张借条,出借人张三,借款人李四,借5万元,2026年12月31日前还清",
            {"lender_name": "张三", "borrower_name": "李四", "principal": "50000元", "due_on": "2026年12月31日"},
        ),
        (
            "房屋租赁合同",
            "写个租房合同,房东王大明,租客叫李小红,月租3500元,押金7000元,租期一年,2026年12月1日起租",
            {
                "landlord_name": "王大明",
                "tenant_name": "李小红",
                "rent": "3500元",
                "deposit": "7000元",
                "term": "1年",
                "started_on": "2026年12月1日",
            },
        ),
        (
            "民事起诉状",
            "原告是张三,住在北京市海淀区学院路1号。被告:李四,住址是上海市徐汇区某路2号",
            {
                "claimant_name": "张三",
                "claimant_address": "北京市海淀区学院路1号",
                "respondent_name": "李四",
                "respondent_address": "上海市徐汇区某路2号",
            },
        ),
        ("民事起诉状", "我叫欧阳明,我住在南京市鼓楼区某街3号", {
            "claimant_name": "欧阳明", "claimant_address": "南京市鼓楼区某街3号",
        }),
        ("答辩状", "我叫张三", {"respondent_name": "张三"}),
        ("劳动仲裁申请书", "公司叫某某科技有限公司", {"respondent_name": "某某科技有限公司"}),
        ("催告函", "对方是任强", {"receiver_name": "任强"}),
        ("欠条", "对方欠我货款3万元", {"owed": "30000元"}),
        # Words that look like names are none.
        ("民事起诉状", "被告于去年3月借的钱,被告曾经还过,原告关于利息没有要求,被告人不在", {}),
        ("借条", "借款人不还钱,出借人要求他还", {}),
        ("民事起诉状", "我是来咨询的,我叫他还钱", {}),
    ],
)  # fmt: skip
def test_what_is_plainly_stated_is_read(name: str, text: str, values: dict[str, str]) -> None:
    assert told.values(documents.find(name), text, NONE, TODAY) == values


def test_the_client_is_who_the_facts_say() -> None:
    lent, borrowed = matter(matters.LENT), matter(matters.BORROWED)
    note = documents.find("借条")
    assert told.people(note, "我叫张三", lent) == {"lender_name": "张三"}
    assert told.people(note, "我叫张三", borrowed) == {"borrower_name": "张三"}
    assert told.people(note, "我叫张三", NONE) == {}


@pytest.mark.parametrize(
    ("text", "fills"),
    [
        ("原告是张三", True),
        ("我叫张三,我住在南京市鼓楼区某街3号", True),
        ("被告李四不还钱怎么办?", False),
        ("谢谢", False),
        ("诉讼费要多少", False),
    ],
)
def test_a_statement_of_names_goes_on_with_the_paper_and_a_question_does_not(text: str, fills: bool) -> None:
    assert told.fills(documents.find("民事起诉状"), text, NONE) is fills
