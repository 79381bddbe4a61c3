"""婚姻家庭 and 继承: divorce with what follows from it, support, betrothal gifts, estates."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import Is

FAMILY = "最高人民法院关于适用民法典婚姻家庭编的解释（一）"

PLEADINGS = (
    Pleading(
        field="婚姻家庭",
        stands=(
            Stand(
                side="claimant",
                causes=("support",),
                when=(Is("support_side", "出抚养费的一方"), Is("support_issue", "想减少或停付")),
            ),
            Stand(side="respondent", causes=("support",), when=(Is("support_side", "出抚养费的一方"),)),
            Stand(side="respondent", causes=("visit",), when=(Is("visit_side", "带孩子的一方"),)),
            Stand(side="respondent", causes=("betrothal",), when=(Is("bride_side", "收彩礼的一方"),)),
            Stand(side="respondent", causes=("elder",), when=(Is("elder_side", "我被要求赡养"),)),
            Stand(side="respondent", causes=("divorce",), when=(Is("stage", "对方要离,我不想离"),)),
            Stand(side="claimant", causes=("divorce",), when=(Is("stage", "我想离,对方不同意", "法院判过不准离"),)),
            Stand(side="claimant", causes=("support",), when=(Is("support_side", "要抚养费的一方"),)),
            Stand(side="claimant", causes=("visit",), when=(Is("visit_side", "看不到孩子的一方"),)),
            Stand(side="claimant", causes=("betrothal",), when=(Is("bride_side", "给彩礼的一方"),)),
            Stand(side="claimant", causes=("elder",), when=(Is("elder_side", "我是老人"),)),
        ),
        requests=(
            Request(
                text="判令准予{claimant}与{respondent}离婚",
                causes=("divorce",),
                when=(Is("stage", "我想离,对方不同意", "法院判过不准离"),),
                articles=("民法典#1079",),
            ),
            Request(
                text="判令婚生子女由{claimant}直接抚养",
                causes=("divorce", "custody"),
                articles=("民法典#1084",),
            ),
            Request(
                text="判令{respondent}按月支付子女抚养费,直至子女能够独立生活",
                causes=("divorce", "custody"),
                articles=("民法典#1085",),
            ),
            Request(
                text="依法分割夫妻共同财产",
                causes=("divorce", "property"),
                articles=("民法典#1087",),
            ),
            Request(
                text="判令{respondent}给付{claimant}离婚经济补偿",
                causes=("divorce", "property"),
                when=(Is("homework", "主要由我承担"),),
                articles=("民法典#1088",),
            ),
            Request(
                text="判令{respondent}给予{claimant}适当的经济帮助",
                causes=("divorce", "property"),
                when=(Is("hard", "有年老、残疾、重病等困难"),),
                articles=("民法典#1090",),
            ),
            Request(
                text="判令{respondent}支付离婚损害赔偿",
                causes=("divorce", "property"),
                when=(Is("fault", "家庭暴力或虐待", "与别人同居或重婚"),),
                articles=("民法典#1091",),
            ),
            Request(
                text="判令{respondent}对隐藏、转移、挥霍的夫妻共同财产少分或者不分",
                causes=("assets",),
                when=(Is("issue", "转移或隐藏财产", "打赏、赌博等挥霍"),),
                articles=("民法典#1092",),
            ),
            Request(
                text="判令变更抚养关系,子女改由{claimant}直接抚养",
                causes=("custody",),
                when=(Is("custody_stage", "离婚后想变更"),),
                articles=("民法典#1084",),
            ),
            Request(
                text="判令{respondent}支付拖欠的抚养费(每月{monthly},拖欠{unpaid})",
                causes=("support",),
                when=(Is("support_side", "要抚养费的一方"), Is("support_issue", "定好了却不给")),
                articles=("民法典#1067", "民法典#1085"),
            ),
            Request(
                text="判令{respondent}自起诉之日起按月支付抚养费",
                causes=("support",),
                when=(Is("support_side", "要抚养费的一方"), Is("support_issue", "还没定数额")),
                articles=("民法典#1067", "民法典#1085"),
            ),
            Request(
                text="判令{respondent}协助{claimant}探望子女",
                causes=("visit",),
                when=(Is("visit_side", "看不到孩子的一方"),),
                articles=("民法典#1086",),
            ),
            Request(
                text="判令{respondent}返还彩礼{bride_price}",
                causes=("betrothal",),
                when=(Is("gift_kind", "彩礼"), Is("bride_side", "给彩礼的一方")),
                articles=(f"{FAMILY}#5",),
            ),
            Request(
                text="判令{respondent}支付赡养费{alimony}",
                causes=("elder",),
                when=(Is("elder_side", "我是老人"),),
                articles=("民法典#1067",),
            ),
            Request(
                text="请求撤销{claimant}与{respondent}的婚姻",
                causes=("validity",),
                when=(Is("defect", "隐瞒重大疾病", "被胁迫结婚"),),
                articles=("民法典#1052", "民法典#1053"),
            ),
            Request(
                text="请求确认{claimant}与{respondent}的婚姻无效",
                causes=("validity",),
                when=(Is("defect", "对方早已有配偶", "近亲或没到结婚年龄"),),
                articles=("民法典#1051",),
            ),
        ),
        answers=(
            Request(
                text="夫妻感情没有破裂,不同意离婚",
                causes=("divorce",),
                when=(Is("stage", "对方要离,我不想离"),),
                articles=("民法典#1079",),
            ),
            Request(text="同意离婚,对子女抚养和财产分割的意见另见下文", causes=("divorce",)),
            Request(
                text="双方已办理结婚登记并共同生活,彩礼不应返还",
                causes=("betrothal",),
                when=(Is("registered", "领了证"), Is("lived", "一起生活时间较长")),
                articles=(f"{FAMILY}#5",),
            ),
            Request(
                text="探望不利于子女身心健康,请求中止探望",
                causes=("visit",),
                when=(Is("harm", "有伤害孩子的情况"),),
                articles=("民法典#1086",),
            ),
        ),
        omitted=("violence_proof", "missing", "income", "since", "found_on"),
    ),
    Pleading(
        field="继承",
        stands=(
            Stand(side="claimant", causes=("debt",), when=(Is("debt_side", "债主"),)),
            Stand(side="respondent", causes=("debt",), when=(Is("debt_side", "家属(继承人)"),)),
        ),
        requests=(
            Request(
                text="依法分割被继承人的遗产,{claimant}应得的份额归{claimant}所有",
                causes=("statutory", "grab"),
                when=(Is("will", "没有遗嘱"),),
                articles=("民法典#1123", "民法典#1130"),
            ),
            Request(
                text="判令按照遗嘱继承遗产",
                causes=("will", "statutory"),
                when=(Is("will", "有遗嘱"),),
                articles=("民法典#1123", "民法典#1133"),
            ),
            Request(
                text="判令{respondent}在所得遗产实际价值范围内清偿债务{debt_sum}",
                causes=("debt",),
                when=(Is("debt_side", "债主"),),
                articles=("民法典#1161",),
            ),
        ),
        answers=(
            Request(
                text="没有继承遗产或者已放弃继承,不承担清偿责任",
                causes=("debt",),
                when=(Is("took", "没有拿遗产或放弃继承"),),
                articles=("民法典#1161",),
            ),
            Request(
                text="只在所得遗产实际价值的范围内清偿",
                causes=("debt",),
                when=(Is("took", "继承了遗产"),),
                articles=("民法典#1161",),
            ),
        ),
    ),
)
