"""What every will says and every testator must mind."""

from orchestrator.documents.matter import Gap
from orchestrator.domains.pack import Says

TESTATOR = (
    Gap(id="testator_name", label="立遗嘱人姓名", kind="name", cues=("立遗嘱人", "遗嘱人")),
    Gap(id="testator_birth", label="立遗嘱人出生日期"),
    Gap(id="testator_number", label="立遗嘱人身份证号码"),
    Gap(id="testator_address", label="立遗嘱人住址", kind="place", cues=("立遗嘱人", "遗嘱人")),
)
ESTATE = Gap(id="estate", label="财产清单", hint="房屋写坐落和权属证号,存款写开户行和账号,车辆写车牌号")
HEIRS = Gap(id="heirs", label="由谁继承哪些财产", hint="写明每个人的姓名、与您的关系、身份证号码和得到的财产或份额")
EXECUTOR = Gap(id="executor", label="遗嘱执行人", hint="没有指定的写“不指定”")
EXPLAINED = "遗嘱执行人:"


def notes_for_all() -> tuple[Says, ...]:
    """The cautions that hold for every form of will."""
    return (
        Says(
            text="只能处分自己的个人财产;夫妻共同所有的财产,先分出配偶的一半",
            articles=("民法典#1133", "民法典#1153"),
        ),
        Says(text="要为缺乏劳动能力又没有生活来源的继承人保留必要的份额", articles=("民法典#1141",)),
        Says(
            text="没有完全行为能力的人所立、受欺诈或者胁迫所立、伪造的遗嘱无效,被篡改的内容也无效",
            articles=("民法典#1143",),
        ),
        Says(text="立有几份遗嘱、内容相抵触的,以最后一份为准,所以日期一定要写清", articles=("民法典#1142",)),
    )
