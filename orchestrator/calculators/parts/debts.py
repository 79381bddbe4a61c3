"""Inputs that calculators of debts share."""

from orchestrator.domains.lending import DOMAIN
from orchestrator.domains.pack import Element
from orchestrator.payments import FORM

UNTIL = Element(
    id="until",
    label="算到哪天",
    why="利息按天计算,算到哪天决定天数",
    question="利息算到哪天?(不填就算到今天)",
    kind="date",
    near=(r"(算|计算|计|算利息|截止|截|暂计)(到|至)", r"截止|为止", r"(还清|付清|给清)(了|的)?(?=[。,;!?]|$)"),
)
ELAPSED = Element(
    id="elapsed",
    label="经过的时间",
    why="没有具体日期时,按经过的时间推算",
    question="到现在(或到还清)一共多久了?",
    kind="duration",
    near=(
        r"(借|欠|用|拖|逾期|超期|过期|晚|迟)(款|钱|付|履行)?(了|已经?|有|满)+",
        r"(到现在|至今|如今|现在)(已经?)?(有|是|快)?",
        r"(?<=[年月天周])多?了",
    ),
)
PAYMENTS = Element(
    id="payments",
    label="还款明细",
    why="每次还款先抵利息再抵本金,日期和数额都影响余额",
    question=f"每次还款是哪天、多少?(如:{FORM})",
    kind="payments",
    near=(
        r"(?<!没)(?<!没有)(还|付|归还|偿还|履行)(款|给|清)?(了|过)(我|他|她|对方|本金|利息|一笔|货款|人家)*",
        r"(已经?|又|陆续|先|只)(还|付)(我|他|她|对方|本金|利息)*",
        r"(给|转)(了|过)(我|他|她|对方)?(利息|本金)",
        r"(执行|划扣|扣划)(到|回来?|了)+",
    ),
)
RETURNED = DOMAIN.element("returned").model_copy(
    update={"why": "已还的先抵利息再抵本金", "question": "一共已经还了多少?(没还过填0)"}
)
