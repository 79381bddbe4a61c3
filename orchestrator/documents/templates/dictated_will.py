"""代书遗嘱: written by one of two witnesses at least, for a testator who cannot write it all."""

from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import DATE_LINE, Template, clause, clauses, signature
from orchestrator.documents.will import ESTATE, EXECUTOR, EXPLAINED, HEIRS, TESTATOR, notes_for_all
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block

SCRIBE = Gap(id="scribe_name", label="代书人(见证人)姓名", kind="name", cues=("代书人",))
SCRIBE_NUMBER = Gap(id="scribe_number", label="代书人身份证号码")
WITNESS = Gap(id="witness_name", label="另一位见证人姓名", kind="name", cues=("见证人",))
WITNESS_NUMBER = Gap(id="witness_number", label="另一位见证人身份证号码")
PLACE = Gap(id="place", label="立遗嘱的地点")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The will as the scribe writes it down."""
    name, born, number, home = (matter[gap] for gap in TESTATOR)
    return (
        clause(f"立遗嘱人:{name},{born}出生,身份证号码:{number},住址:{home}。"),
        clause(f"代书人(见证人):{matter[SCRIBE]},身份证号码:{matter[SCRIBE_NUMBER]}。"),
        clause(f"见证人:{matter[WITNESS]},身份证号码:{matter[WITNESS_NUMBER]}。"),
        clause(f"立遗嘱人神志清醒,自愿在{matter[PLACE]}口述本遗嘱,由代书人当场记录,两位见证人全程在场。内容如下:"),
        clauses(
            f"立遗嘱人的个人财产:{matter[ESTATE]}。",
            f"立遗嘱人去世后,上述财产这样继承:{matter[HEIRS]}。",
            f"{EXPLAINED}{matter[EXECUTOR]}。",
        ),
        clause("以上内容由代书人向立遗嘱人宣读,立遗嘱人确认无误。"),
        *signature("立遗嘱人(签名):", DATE_LINE, "代书人(签名):", DATE_LINE, "见证人(签名):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """The form, which decides whether the will counts."""
    return (
        Says(
            text="要有两个以上见证人从头到尾在场,由其中一人代书;遗嘱人、代书人和其他见证人都要签名,注明年、月、日",
            articles=("民法典#1135",),
        ),
        Says(
            text="继承人、受遗赠人以及与他们有利害关系的人不能作见证人,没有完全行为能力、没有见证能力的人也不能",
            articles=("民法典#1140",),
        ),
        Says(
            text="由代书人手写;打印的按打印遗嘱办理,遗嘱人和见证人要在每一页签名并注明年、月、日",
            articles=("民法典#1136",),
        ),
        *notes_for_all(),
    )


TEMPLATE = Template(
    name="代书遗嘱",
    title="遗嘱(代书遗嘱)",
    about="由见证人代写的遗嘱,至少两位见证人在场",
    says=(r"代书遗嘱", r"(别人|他人|帮[^。,;]{0,4})(代|代为|帮忙)?写的?遗嘱", r"替[^。,;]{0,6}写(一?份)?遗嘱"),
    fields=("继承",),
    gaps=(*TESTATOR, SCRIBE, SCRIBE_NUMBER, WITNESS, WITNESS_NUMBER, PLACE, ESTATE, HEIRS, EXECUTOR),
    fill=fill,
    notes=notes,
)
