"""自书遗嘱: a draft that the testator copies by hand from the first word to the last."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import DATE_LINE, Template, clause, clauses, signature
from orchestrator.documents.will import ESTATE, EXECUTOR, EXPLAINED, HEIRS, TESTATOR, notes_for_all
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block

ABOUT = Gap(id="wishes", label="其他愿望", hint="没有的写“无”")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The text to be copied."""
    name, born, number, home = (matter[gap] for gap in TESTATOR)
    return (
        clause(f"立遗嘱人:{name},{born}出生,身份证号码:{number},住址:{home}。"),
        clause("我神志清醒,自愿立下本遗嘱,对我的个人财产作如下安排:"),
        clauses(
            f"我的财产:{matter[ESTATE]}。",
            f"我去世后,上述财产这样继承:{matter[HEIRS]}。",
            f"{EXPLAINED}{matter[EXECUTOR]}。",
            f"其他愿望:{matter[ABOUT]}。",
        ),
        *signature("立遗嘱人(亲笔签名):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """The form, which decides whether the will counts."""
    return (
        Says(
            text="这份稿子不能直接签名使用:请从第一个字到最后一个字亲笔抄写,由本人签名,并写明年、月、日",
            articles=("民法典#1134",),
        ),
        Says(
            text="打印出来签名的是打印遗嘱,要有两个以上见证人在场见证,遗嘱人和见证人在每一页签名并注明年、月、日",
            articles=("民法典#1136",),
        ),
        *notes_for_all(),
    )


TEMPLATE = Template(
    name="自书遗嘱",
    title="遗嘱(自书遗嘱底稿)",
    about="自己亲笔写的遗嘱的底稿,要全文手抄",
    says=(r"(自书|自己写的?|手写的?|亲笔)遗嘱", r"遗嘱"),
    fields=("继承",),
    gaps=(*TESTATOR, ESTATE, HEIRS, EXECUTOR, ABOUT),
    fill=fill,
    notes=notes,
    me=lambda matter: "testator_name",
)
