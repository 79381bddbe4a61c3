"""What the calculator of personal injury asks for, and how it is read from a message."""

from orchestrator.domains.pack import Choice, Element, Kind
from orchestrator.domains.traffic import DOMAIN as TRAFFIC

ROAD, OTHER = "机动车交通事故", "其他人身损害"
HURT, DISABLED, DEAD = "受伤,没有伤残", "构成伤残", "死亡"
GRADES = tuple(f"{numeral}级" for numeral in "一二三四五六七八九十")

_SO = r"(一共|总共|大概|大约|已经|已|共|花了|花|就|都|是|为|按|每天|一天|每日|标准|给|要|能|算)*"
_NOT_HURT = r"(?!\d{1,3}周?岁[^。;]{0,4}(被|让|遭|出|走路|骑|坐))"  # whose age it is: the one hurt, not a dependant


def _item(id: str, label: str, question: str, why: str, *near: str, kind: Kind = "amount") -> Element:
    return Element(id=id, label=label, question=question, why=why, kind=kind, near=near)


def _number(id: str, label: str, question: str, why: str, *near: str) -> Element:
    return _item(id, label, question, why, *near, kind="number")


def _road(id: str) -> Element:
    return TRAFFIC.element(id)


def _grade(number: int, name: str) -> Choice:
    said = rf"(?<![\d十])(?<!轻伤)(?<!重伤)({name[:-1]}|{number})级(?!医院|甲|风|台风|地震|工伤)"
    return Choice(value=name, says=(said,), short=(f"{name}伤残", f"{number}级", f"{number}级伤残"))


INPUTS = (
    Element(
        id="event",
        label="事情的种类",
        why="机动车事故先由交强险赔",
        question="是机动车交通事故,还是其他的人身损害(打伤、摔伤、狗咬等)?",
        choices=(
            Choice(
                value=ROAD,
                says=(
                    r"(车祸|交通事故|交强险|三者险|追尾|肇事|交警|全责|主责|次责|主要责任|次要责任|同等责任)",
                    r"(汽车|轿车|货车|摩托|公交|出租|小车|大车|(?<!电动)(?<!电瓶)(?<!自行)(?<!单)车)[^,。;]{0,6}(撞|轧|碾|压|刮)",
                ),
                short=("交通事故", "车祸"),
            ),
            Choice(
                value=OTHER,
                says=(
                    r"(打伤|被打|打架|殴打|狗咬|咬伤|摔伤|滑倒|坠落|砸伤|烫伤|触电|溺水|被[^,。;车]{0,4}(咬|砸|推倒))",
                ),
                short=("其他", "打伤", "摔伤", "狗咬"),
            ),
        ),
    ),
    Element(
        id="outcome",
        label="伤情结果",
        why="受伤、伤残和死亡,能要的项目不同",
        question="结果是受伤没有伤残、构成伤残,还是死亡?",
        choices=(
            Choice(
                value=HURT,
                says=(r"(不|没有?|未|够不上|评不上)(构成|评上?|达到)?(伤残|残疾|评残)", r"(皮外伤|软组织挫伤|轻微伤)"),
                short=("受伤", "没有伤残", "没评残"),
            ),
            Choice(
                value=DISABLED,
                says=(
                    r"(?<!轻伤)(?<!重伤)([一二三四五六七八九十]|10|[1-9])级(伤残|残)",
                    r"(评|鉴定|构成)(上|为|成|了)*[^,。没]{0,3}(伤残|残疾)",
                ),
                short=("伤残", "评残了"),
            ),
            Choice(
                value=DEAD,
                says=(r"(去世|死亡|身亡|撞死|死了|没抢救过来|抢救无效|遇难|过世|人没了)[\s\S]*",),
                short=("去世", "死亡"),
            ),
        ),
    ),
    Element(
        id="grade",
        label="伤残等级",
        why="残疾赔偿金按等级算",
        question="鉴定为几级伤残?(有几处的填最重的一处)",
        choices=tuple(_grade(number, name) for number, name in enumerate(GRADES, 1)),
    ),
    _number(
        "factor",
        "赔偿系数(百分数)",
        "鉴定或法院确定的赔偿系数是百分之几?",
        "有几处伤残或者当地另有算法的,按这个系数",
        r"(赔偿|伤残)系数(是|为)*(百分之)?",
    ),
    _number(
        "age",
        "受害人年龄",
        "受害人定残(去世)时多少周岁?",
        "六十周岁以上的,赔偿年限递减",
        r"(今年|现年|年龄|年纪|当时)(是|为|才|都|已经|已)*",
        r"周?岁",
    ),
    _item(
        "medical",
        "医疗费",
        "医疗费一共多少(凭票据)?",
        "按实际发生的算",
        rf"(医药费|医疗费|住院费|手术费|治疗费|药费|看病){_SO}",
    ),
    _item(
        "hospital",
        "住院时间",
        "住院多少天?",
        "伙食补助按住院天数算",
        rf"住(了|过)*(医)?(院|ICU|icu)(了|{_SO[1:-2]})*",
        kind="duration",
    ),
    _item(
        "meal_rate",
        "伙食补助标准(元/天)",
        "当地住院伙食补助每天多少元?",
        "可以参照当地机关出差伙食补助标准",
        rf"(住院)?伙食(补助|补贴)?费?{_SO}",
    ),
    _item(
        "leave",
        "误工时间",
        "医院证明要休息多久(伤残的,算到定残前一天)?",
        "误工费按误工时间算",
        r"(误工|休息|没上班|没法上班|病假|不能上班|休养|卧床)(了|期|时间|是|为|从|要|开了?)*",
        kind="duration",
    ),
    _item(
        "income",
        "每月少的收入",
        "每月实际少了多少收入?(没有固定收入的,填最近三年的月平均,证明不了的填同行业上年度月平均工资)",
        "误工费按减少的收入算",
        rf"(月薪|月收入|(?<!平均)工资|(?<!支配)收入|月入|每个?月挣|一个月挣){_SO}",
    ),
    _item(
        "care", "护理时间", "需要护理多久?", "护理费按护理期限算", r"护理(期|了|时间|天数|是|为|要)*", kind="duration"
    ),
    _item(
        "care_rate",
        "护理费标准(元/天)",
        "护理一天多少钱?(家人有收入的填其误工的日收入,请护工的填护工价)",
        "护理费按这个标准算",
        rf"(护理费|护工费?|护理){_SO}",
    ),
    _number("carers", "护理人数", "医院或者鉴定意见写的护理人数是几人?", "原则上一人", r"护理人(员)?(数)?(是|为)*"),
    _item("nutrition", "营养费", "营养费一共多少?", "参照医疗机构的意见", rf"营养费{_SO}"),
    _item("transport", "交通费", "就医的交通费一共多少(凭票据)?", "按实际发生的算", rf"(交通费|打车费|车费){_SO}"),
    _item(
        "device",
        "残疾辅助器具费",
        "假肢、轮椅等辅助器具一共多少钱?",
        "按普通适用器具算",
        rf"(辅助器具费?|假肢|轮椅|拐杖){_SO}",
    ),
    _item(
        "mental",
        "精神损害抚慰金",
        "想要多少精神损害抚慰金?",
        "由法院按过错、后果等酌定",
        rf"精神(损害|损失|抚慰)(抚慰|赔偿)?金?费?{_SO}",
    ),
    _item(
        "urban_income",
        "城镇居民人均可支配收入",
        "受诉法院所在省份公布的上一年度城镇居民人均可支配收入是多少元(一年)?",
        "残疾、死亡赔偿金按它算",
        rf"(人均)?可支配收入{_SO}",
    ),
    _item(
        "urban_spending",
        "城镇居民人均消费支出",
        "受诉法院所在省份公布的上一年度城镇居民人均消费支出是多少元(一年)?",
        "被扶养人生活费按它算",
        rf"消费(性)?支出{_SO}",
    ),
    _item(
        "average_wage",
        "职工月平均工资",
        "受诉法院所在省份公布的上一年度职工月平均工资是多少元?",
        "丧葬费按六个月算",
        rf"(社平|平均)工资{_SO}",
    ),
    _number(
        "child_age",
        "被扶养子女的年龄",
        "第一个未成年子女多少周岁?",
        "被扶养人生活费算到十八周岁",
        rf"(孩子|儿子|女儿|小孩|娃|老大|大的)(今年|现在|才|刚)*{_NOT_HURT}",
    ),
    _number(
        "second_child_age",
        "第二个子女的年龄",
        "第二个未成年子女多少周岁?",
        "同上",
        r"(老二|二宝|小的|小儿子|小女儿)(今年|现在|才|刚)*",
    ),
    _number(
        "parent_age",
        "被扶养父(母)的年龄",
        "没有劳动能力又没有收入的父亲或母亲多少周岁?",
        "被扶养人生活费按年龄算",
        rf"(父亲|母亲|爸爸?|妈妈?|爹|娘)(今年|现在|都|已经)*{_NOT_HURT}",
    ),
    _number("second_parent_age", "另一位被扶养父母的年龄", "另一位没有劳动能力又没有收入的父母多少周岁?", "同上"),
    _number(
        "siblings",
        "赡养父母的子女数",
        "父母一共有几个子女(含受害人)?",
        "受害人只负担自己的一份",
        r"(兄弟姐妹|兄妹|姐弟|弟兄|子女)(一共|共|有)*",
    ),
    _road("fault"),
    _number(
        "share",
        "对方承担的百分比",
        "对方应承担百分之多少的责任?",
        "交强险以外的部分按这个比例",
        r"[%%]",
        r"百分之",
        r"承担(责任)?",
    ),
    _road("against"),
    _road("insured"),
    _item(
        "limit_medical",
        "交强险医疗费用限额",
        "交强险的医疗费用赔偿限额是多少?(保单上有;对方无责的填无责任限额)",
        "医疗费等先在这个限额里赔",
        rf"医疗费用(赔偿)?限额{_SO}",
    ),
    _item(
        "limit_disability",
        "交强险死亡伤残限额",
        "交强险的死亡伤残赔偿限额是多少?(保单上有;对方无责的填无责任限额)",
        "伤残、误工等先在这个限额里赔",
        rf"死亡伤残(赔偿)?限额{_SO}",
    ),
    _item(
        "paid",
        "对方已付的钱",
        "对方或者保险公司已经付了多少?",
        "已付的要扣除",
        r"(垫付|已经?付|先付|给过|已经?给|赔了|付了)(了|过)*",
    ),
    _item(
        "happened_on",
        "出事日期",
        "哪天出的事?",
        "2022年5月1日以后的适用现行解释",
        r"(出事|发生|事发|被撞|被打|受伤|车祸|事故)(了|是|在|于|的)*",
        kind="date",
    ),
)
