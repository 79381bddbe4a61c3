"""交通事故, 人身损害, 医疗损害 and 侵权名誉: what is lost, item by item, and what is answered."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import Condition, Is, IsNot

LOSSES = ("民法典#1179",)
GRIEF = ("民法典#1183",)
PAYS = "判令{respondent}赔偿"


def _body(causes: tuple[str, ...], *when: Condition) -> tuple[Request, ...]:
    """What an injured person may claim, with the field's own elements for what is known of it."""
    return (
        Request(text=PAYS + "医疗费{medical}", causes=causes, when=when, articles=LOSSES),
        Request(text=PAYS + "误工费(月收入{income},误工{leave})", causes=causes, when=when, articles=LOSSES),
        Request(text=PAYS + "护理费、营养费、交通费、住院伙食补助费(住院{stay})", causes=causes, articles=LOSSES),
        Request(text=PAYS + "精神损害抚慰金", causes=causes, articles=GRIEF),
    )


PLEADINGS = (
    Pleading(
        field="交通事故",
        stands=(
            Stand(side="respondent", causes=("liable",)),
            Stand(side="claimant", causes=("injury", "death", "damage")),
            Stand(side="claimant", causes=("insurer",)),
            Stand(side="respondent", causes=("offence",), when=(Is("camp", "肇事一方"),)),
        ),
        requests=(
            *_body(("injury",), Is("harm", "有人受伤")),
            Request(
                text=PAYS + "残疾赔偿金",
                causes=("injury",),
                when=(Is("disability", "已评上伤残"),),
                articles=LOSSES,
            ),
            Request(text=PAYS + "丧葬费和死亡赔偿金", causes=("death",), articles=LOSSES),
            Request(text=PAYS + "精神损害抚慰金", causes=("death",), articles=GRIEF),
            Request(
                text=PAYS + "车辆维修费{repair}",
                causes=("damage", "injury"),
                needs=("repair",),
                articles=("民法典#1208",),
            ),
            Request(
                text="判令承保的保险公司在交强险、商业三者险的限额内先行赔付",
                causes=("injury", "death", "damage"),
                when=(Is("insured", "有交强险和商业险", "只有交强险"),),
                articles=("民法典#1213",),
            ),
            Request(text="判令{respondent}按保险合同给付保险金", causes=("insurer",), articles=("民法典#577",)),
        ),
        answers=(
            Request(
                text="事故车辆投保了保险,请求先由保险公司在限额内赔付",
                causes=("liable",),
                when=(Is("my_insured", "有交强险和商业险", "只有交强险"),),
                articles=("民法典#1213",),
            ),
            Request(
                text="已经垫付{paid},应当从赔偿款中扣除",
                causes=("liable",),
                needs=("paid",),
            ),
            Request(
                text="系执行工作任务造成损害,由用人单位承担责任",
                causes=("liable",),
                when=(Is("duty", "替单位干活时"),),
                articles=("民法典#1191",),
            ),
            Request(
                text="{claimant}对事故有过错,请求减轻{respondent}的责任",
                causes=("liable",),
                when=(Is("fault", "对方全责", "对方主责", "同等责任"),),
                articles=("民法典#1173",),
            ),
        ),
        omitted=("offer", "settled", "role", "commute"),
    ),
    Pleading(
        field="人身损害",
        stands=(
            Stand(side="claimant", when=(Is("side", "受害一方"),)),
            Stand(side="respondent", when=(Is("side", "被要求赔偿一方"),)),
        ),
        requests=(
            *_body((), Is("side", "受害一方")),
            Request(
                text=PAYS + "残疾赔偿金",
                causes=("losses",),
                when=(Is("injury", "已评上伤残"),),
                articles=LOSSES,
            ),
            Request(text=PAYS + "财物损失{things}", needs=("things",), articles=("民法典#1165",)),
        ),
        answers=(
            Request(text="已经支付{paid},应当从赔偿款中扣除", needs=("paid",)),
            Request(
                text="{claimant}自己也有过错,请求减轻{respondent}的责任",
                when=(Is("share", "自己也有过错"),),
                articles=("民法典#1173",),
            ),
            Request(
                text="{claimant}先动手,{respondent}是正当防卫",
                causes=("fight",),
                when=(Is("blows", "被打后为自卫还击"),),
                articles=("民法典#181",),
            ),
        ),
        omitted=("offer", "settled", "waiver", "police"),
    ),
    Pleading(
        field="医疗损害",
        stands=(
            Stand(side="respondent", causes=("provider",)),
            Stand(side="claimant", causes=("treatment", "consent", "product", "cosmetic", "birth", "care")),
        ),
        requests=(
            *_body(("treatment", "product", "birth", "care"), IsNot("outcome", "没有实际伤害")),
            Request(
                text="判令{respondent}对诊疗过错造成的损害承担赔偿责任",
                causes=("treatment", "consent", "birth"),
                articles=("民法典#1218",),
            ),
        ),
        omitted=("offer", "settled", "excuse"),
    ),
    Pleading(
        field="侵权名誉",
        stands=(
            Stand(side="claimant", when=(Is("side", "受侵害的一方"),)),
            Stand(side="respondent", when=(Is("side", "被追究的一方"),)),
        ),
        requests=(
            Request(
                text="判令{respondent}立即停止侵害",
                when=(Is("side", "受侵害的一方"),),
                articles=("民法典#995",),
            ),
            Request(
                text="判令{respondent}消除影响、恢复名誉、赔礼道歉",
                causes=("defame", "privacy", "portrait", "name"),
                when=(Is("side", "受侵害的一方"),),
                articles=("民法典#995", "民法典#1000"),
            ),
            Request(text="判令{respondent}赔偿经济损失{loss}", needs=("loss",), articles=("民法典#1182",)),
            Request(text="判令{respondent}赔偿精神损害抚慰金", articles=GRIEF),
        ),
    ),
)
