"""房屋租赁, 物业 and 房产买卖."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import Is

TENANT, LANDLORD = Is("side", "租客"), Is("side", "房东")
OWNER, MANAGER = Is("side", "业主或住户"), Is("side", "物业公司")

PLEADINGS = (
    Pleading(
        field="房屋租赁",
        stands=(
            Stand(side="claimant", causes=("deposit", "repair", "earnest"), when=(TENANT,)),
            Stand(side="respondent", causes=("deposit", "repair", "earnest"), when=(LANDLORD,)),
            Stand(side="claimant", causes=("arrears",), when=(TENANT, Is("out_issue", "换锁断水电赶人"))),
            Stand(side="respondent", causes=("arrears",), when=(LANDLORD, Is("out_issue", "换锁断水电赶人"))),
            Stand(side="claimant", causes=("arrears",), when=(LANDLORD,)),
            Stand(side="respondent", causes=("arrears",), when=(TENANT,)),
        ),
        requests=(
            Request(
                text="判令{respondent}返还押金{deposit}",
                causes=("deposit",),
                when=(TENANT,),
                articles=("民法典#577",),
            ),
            Request(
                text="判令{respondent}双倍返还定金(已付定金{earnest})",
                causes=("earnest",),
                when=(TENANT, Is("breach_by", "出租一方反悔")),
                articles=("民法典#587",),
            ),
            Request(
                text="判令{respondent}履行维修义务,或者负担维修费用{repair_cost}",
                causes=("repair",),
                when=(TENANT, Is("noticed", "通知了但不修")),
                articles=("民法典#712", "民法典#713"),
            ),
            Request(
                text="判令{respondent}支付拖欠的租金{arrears}",
                causes=("arrears",),
                when=(LANDLORD, Is("out_issue", "拖欠租金")),
                articles=("民法典#721", "民法典#722"),
            ),
            Request(
                text="判令解除双方的租赁合同,{respondent}腾退并返还房屋",
                causes=("arrears",),
                when=(LANDLORD, Is("urged", "书面催过,给了期限")),
                articles=("民法典#722",),
            ),
            Request(
                text="判令{respondent}腾退并返还房屋",
                causes=("arrears",),
                when=(LANDLORD, Is("out_issue", "到期不搬")),
                articles=("民法典#733",),
            ),
            Request(
                text="判令{respondent}恢复房屋的正常使用并赔偿损失",
                causes=("arrears",),
                when=(TENANT, Is("out_issue", "换锁断水电赶人")),
                articles=("民法典#577", "民法典#708"),
            ),
            Request(
                text="判令解除双方的租赁合同,{respondent}返还剩余租金和押金{deposit}",
                causes=("early",),
                when=(TENANT, Is("quit_why", "对方违约或房子住不了")),
                articles=("民法典#563", "民法典#566"),
            ),
        ),
        answers=(
            Request(
                text="房屋损坏超出正常使用的旧损,相应费用应从押金中扣除",
                causes=("deposit",),
                when=(LANDLORD, Is("wear", "使用不当弄坏的")),
                articles=("民法典#714",),
            ),
            Request(
                text="房屋需要维修而未维修,请求相应减少租金",
                causes=("arrears",),
                when=(TENANT,),
                unless=(Is("out_issue", "拖欠租金", "到期不搬"),),
                articles=("民法典#713",),
            ),
        ),
        omitted=("penalty", "want_buy"),
    ),
    Pleading(
        field="物业",
        stands=(
            Stand(side="claimant", causes=("fee",), when=(MANAGER,)),
            Stand(side="respondent", causes=("fee",), when=(OWNER,)),
            Stand(side="claimant", causes=("cut", "decor", "income", "safety", "parking"), when=(OWNER,)),
            Stand(side="respondent", causes=("cut", "decor", "income", "safety"), when=(MANAGER,)),
        ),
        requests=(
            Request(
                text="判令{respondent}支付物业费{fee_sum}",
                causes=("fee",),
                when=(MANAGER,),
                articles=("民法典#944",),
            ),
            Request(
                text="判令{respondent}支付违约金{late_fee}",
                causes=("fee",),
                when=(MANAGER,),
                needs=("late_fee",),
                articles=("民法典#585",),
            ),
            Request(
                text="判令{respondent}恢复供水、供电、供热、供燃气,并赔偿损失{loss}",
                causes=("cut",),
                when=(OWNER, Is("cut_why", "催物业费")),
                articles=("民法典#944",),
            ),
            Request(
                text="判令{respondent}返还装修押金{deposit_sum}",
                causes=("decor",),
                when=(OWNER, Is("decor_issue", "押金不退")),
                articles=("民法典#577",),
            ),
            Request(
                text="判令{respondent}赔偿损失{loss}",
                causes=("safety", "living"),
                when=(OWNER,),
                articles=("民法典#1165",),
            ),
        ),
        answers=(
            Request(
                text="物业服务长期严重不达标,应当相应减少物业费",
                causes=("fee",),
                when=(OWNER, Is("bad_service", "长期严重不达标,有证据")),
                articles=("民法典#577", "民法典#582"),
            ),
            Request(
                text="所诉物业费的诉讼时效期间已经届满的部分,不应支持",
                causes=("fee",),
                when=(OWNER, Is("urged", "没催过")),
                articles=("民法典#188",),
            ),
        ),
        omitted=("fee_stage",),
    ),
    Pleading(
        field="房产买卖",
        requests=(
            Request(
                text="判令解除合同,{respondent}返还已付房款{paid}",
                when=(Is("want", "解除合同要赔偿"),),
                causes=("breach",),
                articles=("民法典#563", "民法典#566"),
            ),
            Request(
                text="判令{respondent}继续履行合同,协助办理房屋过户",
                when=(Is("want", "继续履行"),),
                causes=("breach",),
                articles=("民法典#577",),
            ),
            Request(
                text="判令{respondent}支付违约金{penalty}",
                causes=("breach", "late"),
                needs=("penalty",),
                articles=("民法典#585",),
            ),
            Request(
                text="判令{respondent}双倍返还定金(已付定金{earnest})",
                causes=("earnest",),
                when=(Is("side", "买方"), Is("word", "定金"), Is("off_why", "卖方反悔不卖或涨价")),
                articles=("民法典#587",),
            ),
        ),
    ),
)
