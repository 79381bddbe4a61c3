"""劳动: what an employee asks of the arbitration commission, and what an employer answers."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import Is

EMPLOYEE = Is("side", "员工")

PLEADINGS = (
    Pleading(
        field="劳动",
        stands=(
            Stand(side="claimant", when=(EMPLOYEE,)),
            Stand(side="respondent", when=(Is("side", "用人单位"),)),
        ),
        requests=(
            Request(
                text="裁决{respondent}支付拖欠的工资{owed}",
                causes=("wages",),
                when=(Is("pay_issue", "拖欠不发"),),
                articles=("劳动合同法#30",),
            ),
            Request(
                text="裁决{respondent}补发扣减的工资",
                causes=("wages",),
                when=(Is("pay_issue", "扣钱罚款", "单方降薪或停工"),),
                articles=("劳动合同法#30",),
            ),
            Request(
                text="裁决{respondent}支付违法解除劳动合同的赔偿金",
                causes=("dismissal", "maternity"),
                when=(Is("ended", "单位让我走"), Is("reason", "没有理由或只是口头")),
                articles=("劳动合同法#48", "劳动合同法#87"),
            ),
            Request(
                text="裁决{respondent}支付解除或终止劳动合同的经济补偿",
                causes=("dismissal",),
                when=(Is("ended", "单位让我走", "合同到期不续签"), Is("reason", "裁员、撤岗或关停")),
                articles=("劳动合同法#46", "劳动合同法#47"),
            ),
            Request(
                text="裁决{respondent}支付解除劳动合同的经济补偿",
                causes=("leave",),
                when=(Is("quit_kind", "单位有错,被迫离职"),),
                articles=("劳动合同法#38", "劳动合同法#46", "劳动合同法#47"),
            ),
            Request(
                text="裁决{respondent}支付未订立书面劳动合同的二倍工资差额",
                causes=("no_contract",),
                when=(Is("paper", "一直没签"),),
                articles=("劳动合同法#82",),
            ),
            Request(
                text="裁决{respondent}支付加班工资",
                causes=("overtime",),
                when=(Is("ot_kind", "平时下班后", "周末休息日", "法定节假日", "几种都有"),),
                articles=("劳动法#44",),
            ),
            Request(
                text="裁决{respondent}支付应休未休年休假的工资",
                causes=("overtime",),
                when=(Is("annual", "没休年假"),),
                articles=("职工带薪年休假条例#5",),
            ),
            Request(
                text="裁决{respondent}按工伤保险待遇的项目和标准支付费用",
                causes=("injury",),
                when=(Is("insured", "没交"), Is("recognised", "已认定工伤")),
                articles=("工伤保险条例#62",),
            ),
            Request(
                text="裁决{respondent}出具解除或终止劳动合同的证明,办理档案和社会保险关系转移手续",
                causes=("dismissal", "leave"),
                articles=("劳动合同法#50",),
            ),
        ),
        answers=(
            Request(
                text="{claimant}严重违反规章制度,解除劳动合同合法",
                causes=("employer",),
                when=(Is("fire_ground", "严重违纪"),),
                articles=("劳动合同法#39",),
            ),
            Request(text="{claimant}的请求已超过仲裁时效", articles=("劳动争议调解仲裁法#27",)),
        ),
        omitted=("offer", "penalty", "settled", "boss_issue", "claim"),
        speaker="claimant",
    ),
)
