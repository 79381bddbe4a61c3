"""抚养费: the monthly range by income and number of children, and what is left until eighteen."""

from datetime import date
from decimal import Decimal

from orchestrator.calculators.calculator import (
    BadInput,
    Calculation,
    Calculator,
    Given,
    MissingInputs,
    cents,
    shown,
    yuan,
)
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.periods import age_on, birthday, months_after, shown_day
from orchestrator.domains.pack import Choice, Element

FAMILY = "最高人民法院关于适用民法典婚姻家庭编的解释（一）"
STEADY, UNSTEADY = "有固定收入", "没有固定收入"
LOW, HIGH, MOST = Decimal("0.2"), Decimal("0.3"), Decimal("0.5")
MOST_CHILDREN = 20
GROWN = 18

INPUTS = (
    Element(
        id="steady",
        label="出钱一方的收入",
        why="有没有固定收入,算的基数不同",
        question="出抚养费的一方有固定收入吗?",
        choices=(
            Choice(
                value=STEADY,
                says=(r"(?<!没有)(?<!没)(?<!无)(固定|稳定)(的)?(工作|收入)", r"(月薪|工资)"),
                short=("有", "固定"),
            ),
            Choice(
                value=UNSTEADY,
                says=(
                    r"(没有?|无)(固定|稳定)(的)?(工作|收入)[\s\S]*",
                    r"(打零工|自由职业|做(点)?(小)?生意|个体户|跑(网约车|滴滴)|年收入)[\s\S]*",
                ),
                short=("没有", "不固定"),
            ),
        ),
    ),
    Element(
        id="income",
        label="出钱一方月总收入",
        why="一般按月总收入的比例给",
        question="出抚养费的一方每月总收入(含奖金、津贴)多少?",
        kind="amount",
        near=(
            r"(工资|月薪|薪水|(?<!年)收入|月入|每?个?月(能)?(挣|赚|拿|收入))(大概|大约|是|有|才|只有|到手|差不多|约)*",
        ),
    ),
    Element(
        id="year_income",
        label="出钱一方当年总收入",
        why="没有固定收入的按当年总收入或者同行业平均收入",
        question="出抚养费的一方今年总收入多少?(说不清的,填同行业平均年收入)",
        kind="amount",
        near=(r"(年收入|一年(能)?(挣|赚|收入)|年薪|全年)(大概|大约|是|有|才|只有|差不多|约)*",),
    ),
    Element(
        id="children",
        label="一共负担几个子女",
        why="两个以上的比例可以提高",
        question="出抚养费的一方一共要负担几个未成年子女的抚养费?",
        kind="number",
        near=(r"(?=[\d一二两三四五六七八九]个?(孩子|小孩|娃|子女|儿子|女儿))", r"(孩子|子女)(一共|共|有)+"),
    ),
    Element(
        id="born_on",
        label="子女出生日期",
        why="一般给到十八周岁",
        question="孩子的出生日期是哪天?",
        kind="date",
        near=(r"(出生|生日|生的|出世)(于|是|在)*", r"(孩子|儿子|女儿)(是)?(?=(19|20)\d\d年)"),
    ),
    Element(
        id="child_age",
        label="子女年龄",
        why="一般给到十八周岁",
        question="孩子现在多少周岁?",
        kind="number",
        near=(r"(?=[\d一二三四五六七八九十]{1,3}个?周?岁)", r"(孩子|儿子|女儿|小孩|娃)(今年|现在|才|刚|快)+"),
    ),
    Element(
        id="agreed",
        label="约定或判决的每月数额",
        why="用来算还要给多少",
        question="协议或者判决写明每月多少?",
        kind="amount",
        near=(
            r"(协议|约定|判(了|决)?|说好|写明)[^,。;]{0,8}(每个?月|一个?月)?(给|付)?",
            r"抚养费(每个?月|一个?月)(是|给)?",
        ),
    ),
)


def _work(given: Given) -> Calculation:
    draft = Draft()
    income = _income(given, draft)
    count = given.decimal("children", Decimal(1))
    if not 1 <= count <= MOST_CHILDREN or count % 1:
        raise BadInput("子女数应是 1 以上的整数")
    if "children" not in given:
        draft.assumed.append("只负担一个子女的抚养费。")
    months = _months(given, draft)
    low, high = cents(income * LOW), cents(income * (HIGH if count == 1 else MOST))
    if count == 1:
        working = f"{yuan(income)} × 20% 至 30%"
        draft.line("每月抚养费", working, f"{yuan(low)}至 {yuan(high)}", f"{FAMILY}#49", "民法典#1085")
    else:
        working = f"{yuan(income)} × 20% 至 50%(两个以上子女比例可以适当提高,一般不超过 50%)"
        draft.line(
            f"{shown(count)} 个子女每月合计", working, f"{yuan(low)}至 {yuan(high)}", f"{FAMILY}#49", "民法典#1085"
        )
        each = f"{yuan(low / count)}至 {yuan(high / count)}"
        draft.line("平均每个子女每月", f"÷ {shown(count)}", each, f"{FAMILY}#49")
    if months == 0:
        draft.notes.append("已满十八周岁、仍在读高中以下或者丧失劳动能力等不能独立生活的,还可以要求父母给付。")
        summary = "孩子已满十八周岁,一般不再给付抚养费。"
        return draft.finished("child_support", "抚养费", summary, Decimal(0))
    total = _left(given, months, (low / count, high / count), draft)
    _remarks(given, months, draft)
    who = "" if count == 1 else f"{shown(count)} 个孩子合计"
    summary = f"按您说的收入,抚养费{who}一般每月 {yuan(low)}至 {yuan(high)}。"
    if "agreed" in given and total is not None:
        summary = f"按每月 {yuan(given.decimal('agreed'))},到孩子十八周岁还要给 {yuan(total)}。"
    return draft.finished("child_support", "抚养费", summary, total)


def _income(given: Given, draft: Draft) -> Decimal:
    """The monthly income that the percentages are of. Raises MissingInputs."""
    if given.choice("steady", STEADY) == UNSTEADY and "income" not in given:
        year = given.decimal("year_income")
        income = cents(year / 12)
        working = f"没有固定收入,当年总收入(或同行业平均收入){yuan(year)} ÷ 12"
        draft.line("折合每月收入", working, yuan(income), f"{FAMILY}#49")
    elif "income" in given:
        income = given.decimal("income")
        draft.assumed.append("您说的是出钱一方的月总收入(工资、奖金、津贴等合计)。")
    elif "year_income" in given:
        income = cents(given.decimal("year_income") / 12)
        draft.line("折合每月收入", f"{yuan(given.decimal('year_income'))} ÷ 12", yuan(income), f"{FAMILY}#49")
    else:
        raise MissingInputs("income")
    if not income:
        raise BadInput("没有收入的不能按比例算;可以用其财物折抵抚养费,或者按同行业平均收入再算")
    return income


def _months(given: Given, draft: Draft) -> int | None:
    """Months of payment until eighteen, a begun month counted whole; None when the age is not known."""
    if "born_on" in given:
        born = given.day("born_on")
        age_on(born, given.today)  # refuses a birth to come
        until = birthday(born, GROWN)
        months = _payments(given.today, until)
        if months:
            working = f"{shown_day(born)}出生,{shown_day(until)}满十八周岁;从今天起,不足一个月按一个月"
            draft.line("还要给的时间", working, f"{months} 个月", f"{FAMILY}#53")
        else:
            draft.line("是否还要给", f"{shown_day(until)}已满十八周岁", "一般不再给", f"{FAMILY}#53")
        return months
    if "child_age" in given:
        age = given.decimal("child_age")
        if age > 120:
            raise BadInput(f"年龄 {shown(age)} 岁不合常理,请核对")
        months = max(0, int((GROWN - age) * 12))
        draft.line("还要给的时间", f"现在 {shown(age)} 周岁,到十八周岁", f"约 {months} 个月", f"{FAMILY}#53")
        draft.assumed.append("按整周岁估算,填出生日期可以算到月。")
        return months
    return None


def _payments(today: date, until: date) -> int:
    """Monthly payments that fall due from today until the day before `until`."""
    count = max(0, (until.year - today.year) * 12 + until.month - today.month - 1)
    while months_after(today, count) < until:
        count += 1
    return count


def _left(given: Given, months: int | None, bounds: tuple[Decimal, Decimal], draft: Draft) -> Decimal | None:
    """What one child is still to get: of the agreed sum where there is one, else the range is only shown."""
    if months is None:
        draft.notes.append("补充孩子的出生日期,可以算出到十八周岁一共还要给多少。")
        return None
    if "agreed" in given:
        total = cents(given.decimal("agreed") * months)
        draft.line("到十八周岁合计", f"{yuan(given.decimal('agreed'))} × {months} 个月", yuan(total), f"{FAMILY}#53")
        return total
    low, high = (yuan(bound * months) for bound in bounds)
    draft.line("这个孩子到十八周岁合计", f"每月数额 × {months} 个月", f"{low}至 {high}", f"{FAMILY}#53", f"{FAMILY}#50")
    return None


def _remarks(given: Given, months: int | None, draft: Draft) -> None:
    if months is not None and months <= 24:
        draft.notes.append("十六周岁以上、以自己的劳动收入为主要生活来源并能维持当地一般生活水平的,父母可以停止给付。")
    draft.notes.append("比例只是一般标准:还要看孩子的实际需要、双方的负担能力和当地生活水平,有特殊情况可以提高或降低。")
    draft.notes.append("双方协议优先;原定数额不够当地实际生活水平,或者孩子患病、上学需要增加的,可以另行起诉要求增加。")
    draft.notes.append("抚养费包括生活费、教育费、医疗费;要求支付抚养费不受诉讼时效限制。")


CALCULATOR = Calculator(
    name="child_support",
    title="抚养费",
    about="按出钱一方的收入和子女数算每月抚养费的一般范围,以及到十八周岁还要给多少。",
    fields=("婚姻家庭",),
    says=(
        r"抚养费[^。;]{0,24}(多少|怎么算|怎么定|标准|比例|几千|几百|计算|合理吗)",
        r"(给|付|出|要|拿|判|算|计算)(一?下)?(多少|几)?[^,。;]{0,6}抚养费(?=[^。;]{0,24}(多少|怎么算|标准|合适))",
        r"(多少|算|计算)[^,。;]{0,4}抚养费",
        r"(离婚|孩子)[^。;]{0,20}(每个?月|一个?月)(要|得|该|应该|需要)*(给|付|出)(孩子|他|她|我)?多少",
    ),
    inputs=INPUTS,
    work=_work,
)
