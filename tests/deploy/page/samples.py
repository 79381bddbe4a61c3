"""A consultation as the API tells it, for the views."""

from datetime import date

from models.contracts import SimilarCase
from orchestrator.contracts import Citation, Fact, InternalPassage, Question, TraceEntry
from retrievers.contracts import Case, Passage, Successor

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
QUESTIONS = (
    Question(
        id="debtor",
        text="知道借款人的身份证号、住址和名下财产(房子、车、存款、单位)吗?现在还联系得上吗?",
        why="起诉要有身份信息,能不能拿到钱要看财产线索",
        options=("知道身份和财产线索", "知道身份,不知道财产", "身份或下落不清楚", "不清楚", "跳过"),
    ),
    Question(
        id="admitted",
        text="对方在聊天、短信或电话里承认过这笔钱是借的吗?催过他吗?",
        why="没有借条时,对方承认“是借的”的记录最要紧",
        options=("承认过", "没有承认或改口", "不清楚", "跳过"),
        beside=Question(
            id="demand",
            text="催过他吗?",
            why="没有约定还款日的,时效看催要",
            options=("催过或对方承诺过", "没有催过", "不清楚", "跳过"),
        ),
    ),
)
FACTS = (
    Fact(id="side", label="您的身份", value="出借人", source="story"),
    Fact(id="principal", label="借款本金", value="50000元", number=50000, source="story"),
    Fact(id="proof", label="借款凭证", value="只有转账或聊天记录", source="story"),
    Fact(id="due", label="还款期限", value="约定了,已到期", source="story"),
    Fact(id="lent_on", label="借款日", value="2024年3月15日", iso="2024-03-15", source="confirm", changed=True),
    Fact(
        id="debtor",
        label="借款人的身份和财产",
        value="只知道他在一家装修公司上班,别的都不太清楚",
        source="reply",
        read=False,
    ),
    Fact(id="returned", label="已还的钱", value="不清楚", source="reply"),
)
_LENDING = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
CITATIONS = (
    Citation(id="民法典#675", law="民法典", article="第六百七十五条", version="2020-05-28", quote="借款人应当按照约定的期限返还借款。", status="verified"),
    Citation(id=f"{_LENDING}#16", law=_LENDING, article="第十六条", version="2020-12-29", digest="只凭转账凭证起诉,被告说是还旧账的,应当举证。", status="digest"),
    Citation(id="民法典#1064", law="民法典", article="第一千零六十四条", version="2020-05-28", digest="夫妻共同债务的范围。", status="digest"),
    Citation(id="刑法#133-1", law="刑法", article="第一百三十三条之一", version="2023-12-29", digest="危险驾驶。", status="digest"),
    Citation(id="民事诉讼法#225", law="民事诉讼法", article="第二百二十五条", version="2023-09-01", digest="支付令。", status="digest"),
)  # fmt: skip
CASES = (
    SimilarCase(
        id="教学案例-民间借贷-01", title="只有转账记录,被告说是还旧账却拿不出证据", label="教学案例,虚构,非真实裁判",
        outcome="处理结果:尤某返还金某80000元,利息因无约定不予支持。",
        alike="案由同为「民间借贷纠纷」;借款凭证同为「只有转账或聊天记录」", differs="",
    ),
    SimilarCase(
        id="教学案例-民间借贷-10", title="到期三年多才起诉,借款人提出时效抗辩", label="教学案例,虚构,非真实裁判",
        outcome="处理结果:驳回凌某的诉讼请求。", alike="案由同为「民间借贷纠纷」;您的身份同为「出借人」",
        differs="借款凭证不同:您是「只有转账或聊天记录」,该案是「有借条或书面合同」",
    ),
)  # fmt: skip
CASE = Case(
    id="教学案例-民间借贷-01", title="只有转账记录,被告说是还旧账却拿不出证据", kind="invented", field="民间借贷",
    cause="民间借贷纠纷", facts="金某转给尤某80000元,备注“借款”。尤某到期没有还。", issue="转账是不是借款",
    outcome="尤某返还金某80000元。", reasoning="尤某说是还旧账,没有证据。", articles=("民法典#675",), year=2024,
)  # fmt: skip
ARTICLE = Passage(
    id="民法典#675", law="民法典", article="第六百七十五条", number=675, kind="official", version="2020-05-28",
    text="借款人应当按照约定的期限返还借款。对借款期限没有约定或者约定不明确,依据本法第五百一十条的规定仍不能确定的,借款人可以随时返还;贷款人可以催告借款人在合理期限内返还。",
    effective_from=date(2021, 1, 1), part="第三编 合同", chapter="第十二章 借款合同", category="法律", source="国家法律法规数据库",
)  # fmt: skip
OLD = Passage(
    id="合同法#206", law="合同法", article="第二百零六条", number=206, kind="digest", status="repealed", version="1999-03-15",
    text="借款期限没有约定的,借款人可以随时还,贷款人可以催告。", effective_from=date(1999, 10, 1), effective_to=date(2021, 1, 1),
    changed_by="《合同法》自2021年1月1日起由《民法典》取代。", successor=Successor(law="民法典", id="民法典#675"),
)  # fmt: skip
TRACE = (
    TraceEntry(step="keywords", note="关键词:民间借贷、返还借款", model="neighbour-keyword", ms=203.2),
    TraceEntry(step="articles", note="检索到60条法条", ms=80.7),
    TraceEntry(step="dialogue", note="健康,排队0", model="composer", ms=2404.2),
    TraceEntry(step="verify", note="引用24条:0条为官方原文,24条为要旨", ms=0.4),
)
DOCUMENTS = (
    InternalPassage(
        corpus="handbook", file="员工手册.docx", place="第三章 考勤 > 第十二条", quote="迟到三次扣当月全勤奖。"
    ),
)
ANSWER = """### 一、初步结论

根据您说的(出借人;本金50000元;只有转账或聊天记录),我的初步看法是:

1. 约定的还款日已经过了,您现在就可以要求对方归还50000元。
2. 没有借条,凭转账记录也可以起诉;但对方若说这是还以前的钱,并拿出证据,您还要继续证明确实是借款。

### 二、法律依据

1. 约好了还款日的,借款人应当按期归还——《民法典》第六百七十五条:“借款人应当按照约定的期限返还借款。”
2. 只凭转账凭证起诉的举证责任——《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第十六条,要旨(非原文)。

### 三、下一步

- **保存证据**:转账记录、聊天记录的原件。
- **发一条催款消息**,写明金额和期限。

本内容由人工智能生成（AI生成），仅供参考，不构成律师意见。
"""
