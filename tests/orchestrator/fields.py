"""A small invented field of law for tests: the ferry, where a plank is lent and lost."""

from datetime import date

from orchestrator.asking import listed
from orchestrator.contracts import UNCLEAR, Fact
from orchestrator.domains.pack import AtLeast, Below, Cause, Choice, Do, Domain, Element, Finding, Is, IsNot, Says
from orchestrator.facts import extract
from orchestrator.reasoning import decide, recognise
from orchestrator.steps.clarify import A_TURN, TURNS


def played(pack: Domain, story: str, today: date) -> tuple[list[str], dict[str, str], list[str]]:
    """Causes, facts (id to value) and the element ids asked over the turns, each answered 不清楚."""
    causes = recognise(pack, story)
    active = {id for cause in causes for id in cause.elements}
    told = {id: fact.value for id, fact in extract(pack.elements, story, today).items() if id in active}
    return [cause.id for cause in causes], told, [id for turn in rounds(pack, story, today) for id in turn]


FERRY = Domain(
    name="合同",
    label="渡船",
    cautions=("不要自己拆船。",),
    elements=(
        Element(
            id="side",
            label="您的身份",
            why="双方权利不同",
            question="您是船主还是乘客?",
            choices=(
                Choice(value="船主", says=(r"我是船主", r"坐我的船"), short=("开船的",)),
                Choice(value="乘客", says=(r"我是乘客", r"我坐船"), short=("坐船的",)),
            ),
        ),
        Element(
            id="paper",
            label="书面约定",
            why="没有书面的要另找证据",
            question="写过字据吗?",
            choices=(
                Choice(value="有字据", says=(r"(写|签)(了|过)?字据", r"有字据"), short=("写了",)),
                Choice(value="没有字据", says=(r"(没|没有)(写|签)(过)?字据", r"口头"), short=("没写",)),
            ),
        ),
        Element(
            id="fare",
            label="船费",
            why="计算基数",
            question="船费多少?",
            kind="amount",
            near=(r"船费", r"票"),
            sole=True,
        ),
        Element(
            id="damage", label="损失", why="赔偿基数", question="损失多少?", kind="amount", near=(r"损失", r"坏了")
        ),
        Element(
            id="kept",
            label="占用时间",
            why="超期加倍",
            question="占用了多久?",
            kind="duration",
            near=(r"占用", r"用了"),
        ),
        Element(id="due", label="约定日", why="时效", question="约定哪天?", kind="date", near=(r"约定", r"说好")),
        Element(id="people", label="人数", why="分摊", question="几个人?", kind="number", near=(r"一共", r"总共")),
        Element(
            id="mood",
            label="心情",
            why="",
            question="心情好吗?",
            choices=(Choice(value="好", says=(r"高兴",)), Choice(value="不好", says=(r"(不|没)高兴", r"生气"))),
        ),
    ),
    causes=(
        Cause(
            id="plank",
            name="租船纠纷(木板丢失)",
            strong=(r"木板(丢|不见)",),
            cues=(r"木板", r"船"),
            elements=("side", "paper", "fare", "damage", "kept", "due", "people", "mood"),
            findings=(
                Finding(
                    when=(Is("side", "乘客"), Is("paper", "有字据")), concludes="乘客凭字据索赔{damage}。", weight=9
                ),
                Finding(when=(Is("side", "乘客"), Is("paper", "没有字据")), concludes="先补字据。", weight=8),
                Finding(
                    when=(Is("side", "船主"), AtLeast("kept", 3)),
                    concludes="占用{kept},已满三个月,加倍。",
                    otherwise="加倍收费",
                    weight=7,
                ),
                Finding(when=(Is("side", "船主"), Below("due", 36)), concludes="约定日{due}起没过三年。", weight=6),
                Finding(when=(IsNot("mood", "好"),), concludes="先消消气。", weight=3),
                Finding(
                    steps=(Do(what="拍下船的照片", where="码头"),),
                    evidence=("船票(证明坐过船)",),
                    grounds=(Says(text="租火种要写字据。", articles=("星火租赁法#1",)),),
                    weight=2,
                ),
            ),
        ),
        Cause(
            id="light",
            name="灯塔纠纷",
            strong=(r"灯塔不亮",),
            cues=(r"灯", r"船"),
            elements=("side", "people"),
            findings=(
                Finding(when=(AtLeast("people", 10),), concludes="人多,灯要亮。", weight=5),
                Finding(concludes="先点灯。", weight=1),
            ),
            governing=("月光法#7",),
        ),
    ),
)


def rounds(pack: Domain, story: str, today: date) -> list[list[str]]:
    """The ids of the elements asked about turn by turn, when the client answers 不清楚 to everything."""
    causes = recognise(pack, story)
    active = {id for cause in causes for id in cause.elements}
    facts = {id: fact for id, fact in extract(pack.elements, story, today).items() if id in active}
    turns: list[list[str]] = []
    for _ in range(TURNS):
        wanted = listed(pack, causes, decide(causes, facts, today), facts, story)[:A_TURN]
        if not wanted:
            break
        turns.append([element.id for element in wanted])
        for element in wanted:
            facts[element.id] = Fact(id=element.id, label=element.label, value=UNCLEAR, source="reply")
    return turns
