"""An opinion as a consultation leaves it, for the tests of what is made from it."""

from datetime import date
from typing import Any

from models.contracts import AnswerPlan, Branch, Ground, SimilarCase, Source, Step
from orchestrator.contracts import Citation, Fact, Opinion

RULE = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"


def opinion(**changes: Any) -> Opinion:
    """A full opinion; `changes` are to its plan."""
    plan = AnswerPlan(
        kind="full",
        field="民间借贷",
        cause="民间借贷纠纷(讨还借款)",
        conclusions=("您可以要求归还32000元。", "利息要不到。"),
        grounds=(
            Ground(
                says="借款人应当按期归还。",
                sources=(Source(id="民法典#675", name="《民法典》第六百七十五条", excerpt="…", quoted=True),),
            ),
            Ground(
                says="", sources=(Source(id="民法典#676", name="《民法典》第六百七十六条", excerpt="…", quoted=False),)
            ),
        ),
        steps=(Step(what="起诉|或申请\n支付令", where="法院", deadline="三年内"), Step(what="保全")),
        evidence=("借条原件(证明借款的金额和约定)", "转账记录"),
        risks=("超过三年对方可以抗辩。",),
        assumptions=("您对「担保人」不清楚",),
        unknowns=(Branch(question="担保人", ways=(("担保人为「有」", "可以找他"),)),),
        cases=(
            SimilarCase(id="c1", title="借船案", label="教学案例,虚构,非真实裁判", outcome="还钱", alike="都有借条"),
        ),
        corrections=("《民法典》没有第9999条。",),
        notices=("增值税暂行条例已被取代。",),
    )
    return Opinion(
        plan=plan.model_copy(update=changes),
        answer="……",
        citations=(
            Citation(
                id="民法典#675",
                law="民法典",
                article="第六百七十五条",
                version="2020-05-28",
                quote="借款人应当返还。\n第二款。",
                status="verified",
            ),
            Citation(
                id="民法典#676",
                law="民法典",
                article="第六百七十六条",
                version="",
                digest="逾期要付利息。",
                status="digest",
            ),
        ),
        facts=(
            Fact(id="principal", label="借款本金", value="32000元", number=32000, source="story"),
            Fact(id="note", label="备注", value="a|b\nc", source="confirm"),
        ),
        question="他借了三万二\n不还",
        on=date(2026, 11, 20),
    )
