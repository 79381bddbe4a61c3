"""授权委托书: for a lawsuit (special powers named one by one) or for any other errand."""

from orchestrator.documents import forms
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.parties import signer, signer_line
from orchestrator.documents.template import DATE_LINE, Template, clause, signature
from orchestrator.domains.pack import Says
from orchestrator.papers.paper import Block, Items

PRINCIPAL = signer("principal", "委托人", "授权人")
AGENT = signer("agent", "受托人", "代理人", "委托", "授权")
RELATION = Gap(id="relation", label="受托人与委托人的关系", hint="例如“近亲属”“单位工作人员”“律师”")
AFFAIR = Gap(
    id="affair", label="委托事项", hint="例如“原告张三与被告李四民间借贷纠纷一案的第一审程序”“办理某处房屋的过户”"
)
TERM = Gap(id="term", label="委托期限", kind="duration", hint="例如“至该案审理终结”")
SPECIAL = ("代为承认诉讼请求", "代为放弃诉讼请求", "代为变更诉讼请求", "代为进行和解", "代为提起反诉", "代为提起上诉")


def fill(matter: Matter) -> tuple[Block, ...]:
    """The authorisation."""
    known = matter.known(AFFAIR)
    affair = known or (f"{forms.cause(matter)}一案,{matter[AFFAIR]}" if matter.causes else matter[AFFAIR])
    return (
        clause(signer_line(matter, "委托人", PRINCIPAL)),
        clause(signer_line(matter, "受托人", AGENT)),
        clause(f"受托人与委托人的关系:{matter[RELATION]}。"),
        clause(f"委托人委托受托人办理下列事项:{affair}。"),
        clause("代理权限(勾选,没有勾选的权限不在授权范围内):"),
        Items(
            rows=(
                "一般代理:代为起诉、应诉,提供证据,参加庭审和调解,签收法律文书",
                *(f"特别授权:{power}" for power in SPECIAL),
                "其他事项:代为签署和领取与委托事项有关的文件",
                "可以转委托",
            ),
            marks="box",
        ),
        clause(f"委托期限:{matter[TERM]}。"),
        *signature("委托人(签名或盖章):", DATE_LINE),
    )


def notes(matter: Matter) -> tuple[Says, ...]:
    """What the principal must mind."""
    return (
        Says(
            text="诉讼用的委托书由委托人签名或者盖章后交给法院;只写“全权代理”不够:"
            "承认、放弃、变更诉讼请求,和解,反诉,上诉,都要逐项写明特别授权",
            articles=("民事诉讼法#62",),
        ),
        Says(
            text="可以委托一至二人;除律师、基层法律服务工作者外,近亲属、工作人员和社区、单位、社会团体推荐的公民也可以",
            articles=("民事诉讼法#61",),
        ),
        Says(
            text="其他事项的委托书要写明代理人的姓名、代理事项、权限和期限,并由委托人签名或者盖章",
            articles=("民法典#165",),
        ),
        Says(text="转委托要取得委托人的同意或者追认", articles=("民法典#169",)),
        Says(text="离婚案件有代理人的,本人仍要出庭;确实无法出庭的必须提交书面意见", articles=("民事诉讼法#65",)),
    )


TEMPLATE = Template(
    name="授权委托书",
    title="授权委托书",
    about="委托他人代为诉讼或办理其他事情,特别授权逐项勾选",
    says=(r"(授权)?委托书", r"授权书", r"代理(授权|委托)"),
    gaps=(*PRINCIPAL, *AGENT, RELATION, AFFAIR, TERM),
    fill=fill,
    notes=notes,
    me=lambda matter: "principal_name",
)
