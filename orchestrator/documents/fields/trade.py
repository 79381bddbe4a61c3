"""合同, 消费维权, 网络电商 and 知识产权."""

from orchestrator.documents.pleading import Pleading, Request, Stand
from orchestrator.domains.pack import Is

SELLER, BUYER = Is("sale_side", "卖方"), Is("sale_side", "买方")
BACK = "判令解除合同,{respondent}返还已付的{paid}"
ENDED = ("民法典#563", "民法典#566")

PLEADINGS = (
    Pleading(
        field="合同",
        stands=(
            Stand(side="claimant", causes=("sale",), when=(SELLER,)),
            Stand(side="respondent", causes=("sale",), when=(BUYER,)),
            Stand(side="claimant", causes=("building",), when=(Is("build_side", "干活的一方"),)),
            Stand(side="respondent", causes=("building",), when=(Is("build_side", "发包的一方"),)),
            Stand(side="claimant", causes=("breach",), when=(Is("breacher", "对方违约"),)),
        ),
        requests=(
            Request(
                text="判令{respondent}支付货款{owed}",
                causes=("sale",),
                when=(SELLER,),
                articles=("民法典#579", "民法典#626"),
            ),
            Request(
                text="判令{respondent}支付逾期付款的违约金{penalty}",
                causes=("sale",),
                when=(SELLER, Is("clause", "约定了")),
                articles=("民法典#585",),
            ),
            Request(
                text="判令{respondent}赔偿逾期付款的损失",
                causes=("sale",),
                when=(SELLER, Is("clause", "没有约定")),
                articles=("民法典#584",),
            ),
            Request(
                text="判令{respondent}交付货物",
                causes=("goods",),
                when=(BUYER, Is("fault", "不交货或迟交")),
                articles=("民法典#577",),
            ),
            Request(
                text=BACK,
                causes=("goods",),
                when=(BUYER, Is("usable", "根本不能用")),
                articles=("民法典#610", "民法典#566"),
            ),
            Request(
                text="判令{respondent}双倍返还定金(已付定金{earnest})",
                causes=("deposit",),
                when=(Is("dep_side", "交定金的一方"), Is("dep_kind", "定金"), Is("dep_fault", "收定金的人不履行")),
                articles=("民法典#587",),
            ),
            Request(
                text=BACK,
                causes=("breach",),
                when=(Is("breacher", "对方违约"), Is("aim", "解除合同、退钱")),
                articles=ENDED,
            ),
            Request(
                text="判令{respondent}支付欠款{owed}",
                causes=("breach",),
                when=(Is("breacher", "对方违约"), Is("aim", "付清欠款")),
                articles=("民法典#579",),
            ),
            Request(
                text="判令{respondent}继续履行合同",
                causes=("breach",),
                when=(Is("breacher", "对方违约"), Is("aim", "继续履行")),
                articles=("民法典#577",),
            ),
            Request(
                text="判令{respondent}支付工程款{owed}",
                causes=("building",),
                when=(Is("build_side", "干活的一方"),),
                articles=("民法典#579",),
            ),
            Request(text="判令{respondent}赔偿损失{loss}", needs=("loss",), articles=("民法典#584",)),
        ),
        answers=(
            Request(text="已经支付{paid},应当从所诉款项中扣除", needs=("paid",)),
            Request(
                text="货物质量不符合约定,请求减少价款",
                causes=("sale",),
                when=(BUYER, Is("excuse", "说质量有问题")),
                articles=("民法典#582",),
            ),
            Request(
                text="约定的违约金过分高于造成的损失,请求适当减少",
                when=(Is("clause", "约定了"),),
                articles=("民法典#585",),
            ),
            Request(text="诉讼时效期间已经届满", causes=("sale",), articles=("民法典#188",)),
        ),
        omitted=("paper", "aged", "big", "aim", "offered", "other_sum", "excuse", "knew"),
    ),
    Pleading(
        field="消费维权",
        stands=(Stand(side="respondent", causes=("trader",)), Stand(side="claimant")),
        requests=(
            Request(
                text="判令{respondent}退还价款{price}",
                causes=("fraud", "car_fraud", "food", "return"),
                articles=("消费者权益保护法#24",),
            ),
            Request(
                text="判令{respondent}按价款{price}的三倍增加赔偿",
                causes=("fraud", "car_fraud"),
                when=(Is("trick", "假货或以次充好", "隐瞒重要情况", "虚假宣传"),),
                articles=("消费者权益保护法#55",),
            ),
            Request(
                text="判令{respondent}支付价款{price}十倍的赔偿金",
                causes=("food",),
                when=(Is("problem", "过期", "变质或有异物", "检测不合格或有害"),),
                articles=("食品安全法#148",),
            ),
            Request(
                text="判令{respondent}退还预付款的余额{balance}",
                causes=("card",),
                when=(Is("event", "关门或跑路", "约定了可退却拖着不退", "商家变卦或服务缩水"),),
                articles=("消费者权益保护法#53",),
            ),
            Request(text="判令{respondent}赔偿医疗费{cost}", needs=("cost",), articles=("民法典#1179",)),
        ),
        answers=(
            Request(
                text="商品没有质量问题,请求缺乏事实依据",
                when=(Is("own_fault", "没有问题"),),
                causes=("trader",),
            ),
        ),
        omitted=("aware", "malice", "want", "proof"),
    ),
    Pleading(
        field="网络电商",
        stands=(Stand(side="respondent", causes=("trader",)), Stand(side="claimant")),
        requests=(
            Request(
                text="判令{respondent}退还价款{price}",
                causes=("return", "fake", "food", "order"),
                articles=("民法典#577",),
            ),
            Request(
                text="判令{respondent}按价款{price}的三倍增加赔偿",
                causes=("fake",),
                when=(Is("trick", "假货或以次充好", "隐瞒重要情况", "虚假宣传"),),
                articles=("消费者权益保护法#55",),
            ),
            Request(
                text="判令{respondent}支付价款{price}十倍的赔偿金",
                causes=("food",),
                when=(Is("problem", "过期", "变质或有异物", "检测不合格或有害"),),
                articles=("食品安全法#148",),
            ),
        ),
        omitted=("aware", "malice", "want", "parent"),
    ),
    Pleading(
        field="知识产权",
        stands=(
            Stand(side="claimant", when=(Is("role", "权利人"),)),
            Stand(side="respondent", when=(Is("role", "被指侵权的一方"),)),
        ),
    ),
    Pleading(
        field="诉讼程序",
        stands=(
            Stand(side="respondent", causes=("summoned",)),
            Stand(side="claimant", when=(Is("who", "原告"),)),
            Stand(side="respondent", when=(Is("who", "被告"),)),
        ),
    ),
)
