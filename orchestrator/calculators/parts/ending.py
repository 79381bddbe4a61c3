"""How a job ends, as the calculator of severance tells the cases apart: what each gives, how it is recognised."""

from dataclasses import dataclass
from typing import Literal

from orchestrator.calculators.parts.employment import job_element, local_wage_element
from orchestrator.domains.pack import Choice, Element

LAW, RULES, LABOUR_LAW = "劳动合同法", "劳动合同法实施条例", "劳动法"

AGREED, UNABLE, LAYOFF = "单位提出,协商一致解除", "不胜任、医疗期满或情况重大变化", "经济性裁员"
EXPIRED, CLOSED, FORCED = "合同到期单位不续或降低条件", "单位破产、关闭或解散", "单位有错,我被迫解除"
UNLAWFUL, DISPUTED = "单位违法解除或终止", "被单位辞退,说不清是否合法"
RESIGNED, DECLINED, MISCONDUCT = "我自己辞职", "到期单位同等条件续签,我不续", "严重违纪等,单位依法解除"
NOTICED, UNNOTICED = "提前三十日书面通知了", "没有提前通知"
OVER, NOT_OVER, SKIP = "超过了", "没有超过", "先按没有超过算"

FIRED = r"(辞退|开除|解雇|解聘|(?<!仲)裁|炒|辞了|劝退|优化)"
ENDINGS = r"(解除|终止|辞退|开除|解雇|裁员|裁掉|裁)"


@dataclass(frozen=True)
class Reason:
    """What an end of the job gives: N, 2N, both to be told apart, or nothing; by which articles."""

    gives: Literal["N", "2N", "both", ""]
    articles: tuple[str, ...]
    before_2008: bool = False  # whether the Labour Law of 1995 already gave compensation for it
    text: str = ""


REASONS = {
    AGREED: Reason("N", (f"{LAW}#36", f"{LAW}#46"), True),
    UNABLE: Reason("N", (f"{LAW}#40", f"{LAW}#46"), True),
    LAYOFF: Reason("N", (f"{LAW}#41", f"{LAW}#46"), True),
    EXPIRED: Reason("N", (f"{LAW}#44", f"{LAW}#46")),
    CLOSED: Reason("N", (f"{LAW}#44", f"{LAW}#46")),
    FORCED: Reason("N", (f"{LAW}#38", f"{LAW}#46")),
    UNLAWFUL: Reason("2N", (f"{LAW}#48", f"{LAW}#87")),
    DISPUTED: Reason("both", (f"{LAW}#46", f"{LAW}#87"), True),
    RESIGNED: Reason("", (f"{LAW}#37", f"{LAW}#46"), text="自己辞职、单位又没有法定过错的,不在应付经济补偿的情形里"),
    DECLINED: Reason("", (f"{LAW}#46",), text="单位维持或者提高条件续签、劳动者不同意的,期满终止不付经济补偿"),
    MISCONDUCT: Reason("", (f"{LAW}#39", f"{LAW}#46"), text="依法以严重违纪等理由解除的,不在应付经济补偿的情形里"),
}

INPUTS = (
    Element(
        id="ended",
        label="怎么离开的",
        why="由谁、因为什么结束,决定是 N、N+1、2N 还是没有",
        question="劳动关系是怎么结束的?",
        choices=(
            Choice(
                value=UNLAWFUL,
                says=(
                    rf"(违法|非法){ENDINGS}[\s\S]*",
                    r"2\s*[Nn](?![a-zA-Z])[\s\S]*",
                    rf"(无故|无缘无故|没有?(任何)?(正当)?(理由|原因)(就)?(被|把我|将我)?){FIRED}[\s\S]*",
                    r"(怀孕|孕期|产假|哺乳期)[^。;]{0,12}(辞退|开除|解雇|裁)[\s\S]*",
                ),
                short=("违法辞退", "违法解除", "2N"),
            ),
            Choice(
                value=UNABLE,
                says=(
                    r"[Nn]\s*(\+|加)\s*[1一][\s\S]*",
                    r"代通知金[\s\S]*",
                    r"(不能?胜任|医疗期满|客观情况|情况重大变化)[\s\S]*",
                ),
                short=("不胜任", "N+1"),
            ),
            Choice(
                value=AGREED,
                says=(
                    r"协商(一致)?(解除|离职)",
                    r"(公司|单位|老板|领导|人事)[^,。;]{0,6}(找我|跟我|和我)?(协商|谈)(解除|离职|离开)",
                ),
                short=("协商解除", "协商一致"),
            ),
            Choice(
                value=LAYOFF,
                says=(r"(经济性|大规模|批量|集体)裁员", r"(?<!被)(公司|单位|厂里?)(要|在|这次|搞|说|因为)*裁员"),
                short=("裁员",),
            ),
            Choice(
                value=EXPIRED,
                says=(
                    r"合同[^。;我]{0,8}(到期|期满)[^。;我]{0,16}(不|没|拒绝)[^。;我]{0,4}(续|签)(签|订)?",
                    r"(公司|单位|老板|厂里?)[^,。;我]{0,6}(不|没|拒绝|不再|不愿意?|不肯)(跟我|和我|给我)?续(签|订)?",
                ),
                short=("到期不续", "不续签"),
            ),
            Choice(
                value=FORCED,
                says=(
                    r"(被迫|被逼)(解除|离职|辞职|走)",
                    r"(拖欠|欠薪|克扣|欠|没给?我?(交|缴|买)社保|不(交|缴)社保)[^。;]{0,16}(离职|辞职|解除)",
                ),
                short=("被迫离职", "被迫解除"),
            ),
            Choice(
                value=CLOSED,
                says=(r"(公司|单位|厂|店|企业)[^,。;]{0,4}(破产|倒闭|关门|关闭|解散|注销|吊销)",),
                short=("倒闭", "破产"),
            ),
            Choice(
                value=DISPUTED,
                says=(
                    rf"被(公司|单位|老板|厂里?|领导)?(给)?{FIRED}",
                    rf"(把|将)我(给)?{FIRED}",
                    r"(辞退|开除|解雇|裁)(了)?我",
                    rf"(公司|单位|老板)(要|想|突然|今天|昨天)*{FIRED}",
                ),
                short=("被辞退", "被开除", "被裁"),
            ),
            Choice(
                value=RESIGNED,
                says=(r"(我|自己|主动|自愿)(想|要|主动|自己|自愿|提出?)*(辞职|离职)",),
                short=("自己辞职", "主动离职"),
            ),
            Choice(value=DECLINED, says=(r"我(自己)?(不想|不愿意?|不|拒绝|没)(再)?续(签|订)?",), short=("我不续",)),
            Choice(value=MISCONDUCT, short=("违纪", "严重违纪")),
        ),
    ),
    job_element(
        "monthly_wage", "离职前十二个月平均每月应发工资(含奖金、津贴)是多少?", "补偿按离职前十二个月的平均应发工资算"
    ),
    job_element("worked", "在这家单位一共干了几年几个月?", "每满一年一个月工资"),
    job_element("hired_on", "哪天入职的?", "2008年以前的工龄要分段算"),
    job_element("left_on", "哪天离职(最后工作日)?", "工龄算到离职那天"),
    Element(
        id="notice",
        label="是否提前通知",
        why="没有提前三十日通知的,多付一个月工资",
        question="单位提前三十日书面通知您了吗?",
        choices=(
            Choice(
                value=NOTICED,
                says=(r"提前(了)?(30|三十|一个)(多)?(天|日|月)[^,。;没]{0,6}(通知|告知|说)",),
                short=("提前了", "通知了", "有"),
            ),
            Choice(
                value=UNNOTICED,
                says=(
                    r"[Nn]\s*(\+|加)\s*[1一]",
                    r"代通知金",
                    r"(没|没有|未)提前(30|三十|一个)?(天|日|月)?(书面)?(通知|说)",
                    r"(当天|当场|立刻|马上|第二天)[^,。;]{0,8}(走|离开|离职|不用来)",
                ),
                short=("没提前", "没通知", "没有"),
            ),
        ),
    ),
    Element(
        id="last_month_wage",
        label="上一个月的工资",
        why="代通知金按上一个月的工资算",
        question="解除前上一个月的工资是多少?",
        kind="amount",
        near=(r"(上个月|上月|最后一个月|上一个月)(的)?(工资|发了|到手)?(是|有)?",),
    ),
    Element(
        id="over_cap",
        label="月工资是否超过当地平均工资三倍",
        why="超过的,按三倍封顶,年限最多十二年",
        question="您的月工资超过当地上年度职工月平均工资的三倍了吗?",
        choices=(
            Choice(
                value=NOT_OVER,
                says=(r"(没|没有|未|不)(有)?超过?[^,。;]{0,10}(三倍|3倍)", r"(低于|不到)[^,。;]{0,10}(三倍|3倍)"),
                short=("没超过", "不超过", "没有"),
            ),
            Choice(
                value=OVER,
                says=(r"(?<!不)(?<!没)(?<!没有)(超过?|高于|超出)(了)?[^,。;]{0,12}(三倍|3倍)",),
                short=("超过", "超了"),
            ),
            Choice(value=SKIP, short=("先不管", "按没超过算")),
        ),
    ),
    local_wage_element("月工资超过它三倍的,补偿按三倍封顶"),
    Element(
        id="minimum_wage",
        label="当地最低工资",
        why="平均工资低于最低工资的,按最低工资算",
        question="当地每月最低工资标准是多少?",
        kind="amount",
        near=(r"最低工资(标准)?(是|为)?",),
    ),
)
