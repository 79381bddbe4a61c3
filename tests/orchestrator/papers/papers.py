"""A paper with every kind of block, and a hostile one, for the tests of all formats."""

from datetime import date

from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table

PRODUCER = 'A "引号"\n<某> & 公司'
EMOJI = "气死我了😡👨‍👩‍👧!"
CONTROLS = "一\x00二\x0b三\x1b[31m四\u202e五\ufffe六"


def paper(*blocks: Block, title: str = "法律咨询报告") -> Paper:
    return Paper(title=title, on=date(2026, 11, 20), id="会话-1", producer=PRODUCER, blocks=blocks)


WHOLE = paper(
    Heading(text="一、咨询的问题"),
    Quote(text="他借了三万二,\n不还。"),
    Heading(text="经过", level=2),
    Paragraph(text="先说结论:可以起诉。", strong=True),
    Paragraph(text="原告(签名):【待填:签名】", align="right"),
    Paragraph(text="此致某某人民法院", indent=True),
    Items(rows=("借条原件", "转账记录")),
    Items(rows=("先催要", "再起诉"), marks="number"),
    Items(rows=("身份证", "户口簿"), marks="box"),
    Rule(),
    Table(header=("事实", "内容"), rows=(("借款本金", "32000元"), ("备注", "第一行\n第二行")), widths=(1, 3)),
    Table(rows=(("案由", "民间借贷"), ("法院", "某某区法院"))),
    Heading(text="二、尾部"),
)
SENTENCES = (
    "一、咨询的问题", "他借了三万二,", "不还。", "经过", "先说结论：可以起诉。", "原告（签名）：【待填：签名】", "此致某某人民法院", "借条原件", "转账记录",
    "先催要", "再起诉", "身份证", "户口簿", "事实", "内容", "借款本金", "32000元", "备注", "第一行", "第二行", "案由", "民间借贷",
    "法院", "某某区法院", "二、尾部",
)  # fmt: skip

MARKS = "# 不是标题\n- 不是列表\n1. 也不是\n> 不是引用\n*斜体* **粗体** `代码` [链接](http://evil.example) <b>标签</b> a|b &lt; ~~删~~"
HOSTILE = paper(
    Heading(text=f"标题 # <i>{CONTROLS}</i>\n第二行"),
    Paragraph(text=MARKS),
    Paragraph(text=EMOJI),
    Quote(text=f"{MARKS}\n```\n{CONTROLS}{EMOJI}"),
    Items(rows=(MARKS, CONTROLS), marks="number"),
    Table(header=("甲|乙", "`丙`"), rows=((MARKS, "长" * 3000), ("x" * 3000, ""), ("少一格",), ("1", "2", "多一格"))),
    Table(rows=()),
    Table(header=("只有表头",), rows=()),
    Table(rows=((), ())),
    Items(rows=()),
    Paragraph(text=""),
    Heading(text="", level=3),
    Quote(text=""),
    title="--- 标题: [x] # <b>",
)
