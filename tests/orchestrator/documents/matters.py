"""Realistic matters, read by the real packs, and the text of the papers made from them."""

from collections.abc import Mapping
from datetime import date

from orchestrator import documents, facts, opinion, reasoning
from orchestrator.contracts import Opinion
from orchestrator.documents.matter import Matter
from orchestrator.domains import packs
from orchestrator.papers.paper import Items, Paper, Table

TODAY = date(2026, 11, 20)

LENT = (
    "民间借贷",
    "朋友李四去年3月向我借了3万2,写了借条,微信转账的,说好年底还,到现在一分没还,没有约定利息,没有担保人。",
)
BORROWED = ("民间借贷", "我向王五借了5万,打了借条,当时先扣了5000利息,实际到手4万5,他现在起诉我,月息3分。")
WAGES = ("劳动", "公司拖欠我三个月工资一共2万4,没签合同,干了一年半,上个月没有理由口头把我辞退了,月薪8000。")
EMPLOYER = ("劳动", "我是公司老板,员工严重违纪被我们辞退,现在去申请仲裁要违法解除赔偿。")
DIVORCE = ("婚姻家庭", "我想离婚,对方不同意,他家暴我,孩子5岁一直跟我,有一套婚后买的房子,存款20万。")
AGREED = ("婚姻家庭", "我们都同意离婚,孩子归我,没有房子要分,存款20万怎么分?")
CRASH = ("交通事故", "我骑电动车被汽车撞了,对方全责,住院20天,医疗费3万5,车有交强险和商业险,月收入6000,误工两个月。")
HIT = ("交通事故", "我开车撞了一个行人,我全责,我的车有交强险和商业险,已经垫付了2万,他要起诉我。")
FEES = ("物业", "我是业主,物业公司起诉我欠物业费6000元,物业服务长期很差,垃圾没人管,我有照片证据。")
DEPOSIT = ("房屋租赁", "我租房到期退租了,房东不退押金3000元,说房屋设施损坏,其实是正常使用的旧损,房租每月2500元。")
LANDLORD = ("房屋租赁", "我是房东,租客拖欠房租三个月一共9000元,催了也不交,月租3000元。")
GOODS = ("合同", "我公司卖给对方一批钢材,对方拖欠货款12万一直不付,有合同,约定了违约金。")
FAKE = ("消费维权", "我在网上买了一个包,花了3000元,收到是假货,商家承认了。")
HEIRS = ("继承", "我父亲去世了,没有遗嘱,哥哥占着房子不肯分给我,我是女儿。")
BITTEN = ("人身损害", "我在小区被邻居没拴绳的狗咬伤,医疗费2800元,他不肯赔。")
SLANDER = ("侵权名誉", "有人在微信群里造谣我出轨,截图传了很多人,我要他道歉赔偿。")
PREGNANT = ("婚姻家庭", "老婆怀孕了,我想起诉离婚,可以吗?")
FINED = ("行政", "城管罚了我5000元,我觉得不合理,想起诉。")

STORIES = (
    LENT,
    BORROWED,
    WAGES,
    EMPLOYER,
    DIVORCE,
    AGREED,
    PREGNANT,
    CRASH,
    HIT,
    FEES,
    DEPOSIT,
    LANDLORD,
    GOODS,
    FAKE,
    HEIRS,
    BITTEN,
    SLANDER,
)


def matter(told: tuple[str, str], values: Mapping[str, str] | None = None) -> Matter:
    """The matter of a session that told this story and has its opinion."""
    field, story = told
    pack = packs()[field]
    causes = reasoning.recognise(pack, story)
    assert causes, story
    elements = [element for element in pack.elements if any(element.id in cause.elements for cause in causes)]
    known = facts.extract(elements, story, TODAY)
    plan = opinion.full(pack, causes, known, {}, [], TODAY)
    made = Opinion(plan=plan, answer="……", citations=(), facts=tuple(known.values()), question=story, on=TODAY)
    return Matter.of(made, values or {})


def paper(name: str, told: tuple[str, str] | None = None, values: Mapping[str, str] | None = None) -> Paper:
    """The paper of this matter, or of no session at all."""
    given = matter(told, values) if told else Matter(on=TODAY, values=values or {})
    return documents.written(documents.find(name), given, "s1", "某公司")


def text(made: Paper) -> str:
    """All texts of a paper, a line each; the cells of a row are joined by bars."""
    rows: list[str] = []
    for block in made.blocks:
        if isinstance(block, Items):
            rows += block.rows
        elif isinstance(block, Table):
            rows += [" | ".join(row) for row in (block.header, *block.rows) if row]
        elif block.kind != "rule":
            rows.append(block.text)
    return "\n".join(rows)


def signed(made: Paper) -> str:
    """The part of a paper that is signed: all before the notes."""
    return text(made).partition("填写说明（不属于文书正文")[0]
