"""Kinds of cases and applications that cost a court fee: how people name them, who pays first, who bears the fee."""

from enum import StrEnum

from orchestrator.domains.pack import Choice, Element

RULES = "诉讼费用交纳办法"


class Matter(StrEnum):
    """A kind of case or application; the value is what the client sees."""

    MONEY = "财产案件(要钱、要物)"
    DIVORCE = "离婚案件"
    PERSONALITY = "人格权案件(名誉、肖像、姓名等)"
    INTELLECTUAL = "知识产权民事案件"
    LABOUR = "劳动争议案件"
    ADMINISTRATIVE_SPECIAL = "商标、专利、海事行政案件"
    ADMINISTRATIVE = "其他行政案件"
    OTHER = "其他不涉及财产的案件"
    JURISDICTION = "管辖权异议(不成立时)"
    ENFORCEMENT = "申请执行"
    PRESERVATION = "申请财产保全"
    PAYMENT_ORDER = "申请支付令"
    NOTICE = "申请公示催告"
    AWARD = "申请撤销仲裁裁决或认定仲裁协议效力"
    BANKRUPTCY = "申请破产"

    @property
    def suit(self) -> bool:
        """Whether the fee is that of a trial, which can be halved."""
        return self not in (Matter.JURISDICTION, *APPLICATIONS)

    @property
    def first(self) -> str:
        """Who pays at the start."""
        if self is Matter.ENFORCEMENT:
            return "不用预交,执行后交纳"
        if self is Matter.BANKRUPTCY:
            return "不用预交,清算后交纳"
        if self is Matter.LABOUR:
            return "起诉的一方预交;追索劳动报酬的可以不预交"
        return "起诉、上诉或反诉的一方预交" if self.suit else "提出申请的一方预交"

    @property
    def bearer(self) -> str:
        """Who bears the fee in the end."""
        return BEARERS.get(self, LOSER)[0]

    @property
    def bearer_articles(self) -> tuple[str, ...]:
        """The articles on who bears it."""
        return BEARERS.get(self, LOSER)[1]

    @property
    def first_articles(self) -> tuple[str, ...]:
        """The articles on who pays first."""
        return (f"{RULES}#13",) if self is Matter.JURISDICTION else (f"{RULES}#20",)


APPLICATIONS = (
    Matter.ENFORCEMENT,
    Matter.PRESERVATION,
    Matter.PAYMENT_ORDER,
    Matter.NOTICE,
    Matter.AWARD,
    Matter.BANKRUPTCY,
)
LOSER = ("败诉方负担(胜诉方自愿承担的除外);部分胜诉的由法院分摊,调解的由双方协商", (f"{RULES}#29", f"{RULES}#31"))
BEARERS: dict[Matter, tuple[str, tuple[str, ...]]] = {
    Matter.DIVORCE: ("双方协商,协商不成由法院决定", (f"{RULES}#33",)),
    Matter.JURISDICTION: ("提出异议的一方负担", (f"{RULES}#13",)),
    Matter.ENFORCEMENT: ("被执行人负担", (f"{RULES}#38",)),
    Matter.PRESERVATION: ("申请人负担,起诉时可以列入诉讼请求", (f"{RULES}#38",)),
    Matter.PAYMENT_ORDER: (
        "债务人没有异议的由债务人负担;有异议而终结的由申请人负担,另行起诉时可以列入请求",
        (f"{RULES}#36",),
    ),
    Matter.NOTICE: ("申请人负担", (f"{RULES}#37",)),
    Matter.AWARD: ("一般由败诉方负担", (f"{RULES}#38", f"{RULES}#29")),
    Matter.BANKRUPTCY: ("从破产财产中拨付", (f"{RULES}#42",)),
}

ORDINARY = "普通程序"
SIMPLE = "简易程序(含小额诉讼)"
SETTLED = "调解结案或撤诉"
JOINED = "反诉或第三人请求合并审理"
HALVED = {SIMPLE: f"{RULES}#16", SETTLED: f"{RULES}#15", JOINED: f"{RULES}#18"}
REST = r"[\s\S]*"  # what names a special case outweighs what is said of money after it

MATTER = Element(
    id="matter",
    label="案件或申请的种类",
    why="不同案件的收费标准不同",
    question="是哪一类案件或申请?",
    choices=(
        Choice(
            value=Matter.MONEY,
            says=(
                r"(借钱|借款|欠款|欠钱|欠我|货款|工程款|租金|房款|债|讨要|追讨|要回|还钱|标的|索赔|赔偿|合同)",
                r"(起诉|打官司|立案|告)[^。;]{0,14}(万|元|块)",
                r"(万|元|块)[^。;]{0,12}(起诉|打官司|立案|诉讼费)",
            ),
            short=("财产案件", "要钱", "要钱的", "欠款", "借款"),
        ),
        Choice(value=Matter.DIVORCE, says=(rf"离婚(?!后){REST}",), short=("离婚",)),
        Choice(
            value=Matter.PERSONALITY,
            says=(rf"(名誉|肖像|姓名权|荣誉权|人格权|隐私|网暴|诽谤|辱骂){REST}",),
            short=("名誉权", "人格权"),
        ),
        Choice(
            value=Matter.INTELLECTUAL,
            says=(rf"(知识产权|商标|专利|著作权|版权)(?![^,。;]{{0,4}}行政){REST}",),
            short=("知识产权",),
        ),
        Choice(
            value=Matter.LABOUR,
            says=(rf"(劳动(争议|纠纷|仲裁|合同|案件|官司)|拖欠工资|工资|经济补偿|加班费|工伤){REST}",),
            short=("劳动", "劳动争议"),
        ),
        Choice(value=Matter.ADMINISTRATIVE_SPECIAL, says=(rf"(商标|专利|海事)[^,。;]{{0,4}}行政{REST}",)),
        Choice(
            value=Matter.ADMINISTRATIVE,
            says=(
                rf"(?<!商标)(?<!专利)(?<!海事)(行政(诉讼|案件|官司)|民告官|告(政府|公安|行政机关|村委会|街道办)){REST}",
            ),
            short=("行政", "行政诉讼"),
        ),
        Choice(
            value=Matter.OTHER,
            says=(r"(抚养权|探望权|收养|确认(无效|身份|亲子)|相邻|排除妨害)",),
            short=("其他", "不涉及钱"),
        ),
        Choice(value=Matter.JURISDICTION, says=(rf"管辖(权)?异议{REST}",)),
        Choice(value=Matter.ENFORCEMENT, says=(rf"((申请|强制)执行|执行(费|申请)){REST}",), short=("执行",)),
        Choice(value=Matter.PRESERVATION, says=(rf"(保全|查封|冻结){REST}",), short=("保全", "财产保全")),
        Choice(value=Matter.PAYMENT_ORDER, says=(rf"支付令{REST}",), short=("支付令",)),
        Choice(value=Matter.NOTICE, says=(rf"公示催告{REST}",), short=("公示催告",)),
        Choice(value=Matter.AWARD, says=(rf"(撤销仲裁|撤裁|仲裁协议(的)?效力){REST}",)),
        Choice(value=Matter.BANKRUPTCY, says=(rf"破产{REST}",), short=("破产",)),
    ),
)
AMOUNT = Element(
    id="amount",
    label="涉及的金额",
    why="按金额分段累计收费(离婚按财产总额,人格权按赔偿额,执行、保全按申请的数额)",
    question="涉及的金额(财产总额)是多少?(不涉及财产的填0)",
    kind="amount",
    near=(
        r"(标的|金额|数额|财产|存款|房产|房子|赔偿|索赔|起诉|要求|请求|执行|保全|冻结|查封|支付令|欠|借|工程款|货款|本金)"
        r"(额|了|款|我|给|他|她|对方|的|是|有|共|一共|总共|值|要|分割|钱|费)*",
    ),
    sole=True,
)
COURSE = Element(
    id="course",
    label="程序",
    why="适用简易程序、调解、撤诉和合并审理的反诉减半收取",
    question="适用哪种程序、怎样结案?",
    choices=(
        Choice(value=ORDINARY, says=(r"普通程序",), short=("普通",)),
        Choice(value=SIMPLE, says=(r"简易程序|小额诉讼|小额程序|速裁",), short=("简易", "小额")),
        Choice(
            value=SETTLED,
            says=(r"(法院|庭前|诉讼|达成)?调解(结案|成功|成了|了)|撤诉|撤回起诉",),
            short=("调解", "撤诉"),
        ),
        Choice(value=JOINED, says=(r"反诉|有独立请求权的第三人",), short=("反诉",)),
    ),
)
SAYS = (
    r"(诉讼费|受理费|立案费|案件受理费|起诉费|保全费|执行费|申请费|上诉费|打官司的费用)[^,。;?!]{0,6}(怎么算|多少|怎么收|谁出|谁交|谁承担|标准)?",
    r"(起诉|打官司|立案|上诉|离婚|保全|申请执行|强制执行|支付令)[^。;?!]{0,24}(要|需要|得|该)?(交|花|收)(给法院)?[^,。;?!]{0,3}(多少|几多)(钱|费)?",
    r"(起诉|打官司|立案|上诉|申请执行|强制执行|支付令|保全)(离婚|费|费用)?(大概|一般)?(要|需要|得)?(多少|几多)(钱|费用?)",
    r"法院[^。;?!]{0,10}(收|交)[^,。;?!]{0,3}(多少|几多)(钱|费)?",
)
