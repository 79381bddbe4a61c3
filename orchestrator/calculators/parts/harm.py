"""Items of damages for personal injury: years by age, disability, death, dependants, care and lost earnings."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orchestrator.calculators.calculator import BadInput, Given, cents, shown, yuan
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.harm_inputs import GRADES

HARM = "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释"
OLDEST = 120
MONTH = 30  # days


@dataclass(frozen=True)
class Items:
    """Damages in yuan: treatment (what the insurers' medical limit is for) and all else."""

    treatment: Decimal
    rest: Decimal

    @property
    def total(self) -> Decimal:
        """All damages."""
        return self.treatment + self.rest


def age_of(given: Given, id: str) -> int:
    """Completed years of age. Raises BadInput beyond a human life."""
    age = given.decimal(id)
    if age > OLDEST:
        raise BadInput(f"年龄 {shown(age)} 岁不合常理,请核对")
    return int(age)


def years_by_age(age: int) -> int:
    """Twenty years; from sixty on one less for each year of age; five from seventy-five on."""
    if age >= 75:
        return 5
    return 20 - max(0, age - 60)


def days_of(given: Given, id: str) -> Decimal:
    """A duration given in months as whole days, thirty a month."""
    return (given.decimal(id) * MONTH).quantize(Decimal(1), ROUND_HALF_UP)


def published(given: Given, id: str, kind: str) -> tuple[Decimal, str] | None:
    """A published figure and where it is from: as told, else from the tables of rates; None when nobody knows it."""
    if id in given:
        return given.decimal(id), "您提供"
    rate = given.rates.at(kind, given.today, given.place) if given.place else None
    return None if rate is None else (rate.value, f"{rate.place},{rate.source}")


def factor_of(given: Given, draft: Draft) -> Decimal:
    """The share of the full sum that the degree of disability gives."""
    if "factor" in given:
        factor = given.decimal("factor")
        if not 0 < factor <= 100:
            raise BadInput("赔偿系数应大于 0、不超过 100")
        return factor / 100
    grade = GRADES.index(given.choice("grade")) + 1
    draft.assumed.append(
        f"{GRADES[grade - 1]}伤残的系数按 {(11 - grade) * 10}%(一级 100%,每低一级减 10%);这是审判中通行的做法,"
        "司法解释只说按丧失劳动能力程度或者伤残等级,没有规定百分比;几处伤残的系数由法院确定。"
    )
    return Decimal(11 - grade) / 10


def treatment(given: Given, draft: Draft) -> Decimal:
    """Medical bills, meals in hospital, nutrition."""
    total = _paid(given, "medical", "医疗费", "按票据", draft, f"{HARM}#6", "民法典#1179")
    if "hospital" in given and "meal_rate" in given:
        days, rate = days_of(given, "hospital"), given.decimal("meal_rate")
        meals = cents(days * rate)
        draft.line("住院伙食补助费", f"{shown(days)} 天 × {yuan(rate)}", yuan(meals), f"{HARM}#10", "民法典#1179")
        total += meals
    return total + _paid(given, "nutrition", "营养费", "参照医疗机构的意见", draft, f"{HARM}#11", "民法典#1179")


def losses(given: Given, draft: Draft) -> Decimal:
    """Lost earnings, care, travel, mental distress, devices."""
    total = Decimal(0)
    if "leave" in given and "income" in given:
        days, income = days_of(given, "leave"), given.decimal("income")
        lost = cents(income * days / MONTH)
        draft.line("误工费", f"每月 {yuan(income)} ÷ 30 × {shown(days)} 天", yuan(lost), f"{HARM}#7", "民法典#1179")
        draft.assumed.append("误工费每月按三十天折算;误工时间有医疗机构证明,伤残的不超过定残日前一天。")
        total += lost
    if "care" in given and "care_rate" in given:
        days, rate = days_of(given, "care"), given.decimal("care_rate")
        people = given.decimal("carers", Decimal(1))
        if given.decimal("care") > 20 * 12:
            raise BadInput("护理期限最长不超过二十年,请核对")
        cost = cents(days * rate * people)
        working = f"{shown(days)} 天 × {yuan(rate)} × {shown(people)} 人"
        draft.line("护理费", working, yuan(cost), f"{HARM}#8", "民法典#1179")
        total += cost
    total += _paid(given, "transport", "交通费", "按正式票据", draft, f"{HARM}#9", "民法典#1179")
    total += _paid(given, "device", "残疾辅助器具费", "普通适用器具的合理费用", draft, f"{HARM}#13", "民法典#1179")
    articles = ("民法典#1183", f"{HARM}#23")
    return total + _paid(given, "mental", "精神损害抚慰金", "您主张的数额,由法院酌定", draft, *articles)


def yearly(given: Given, income: tuple[Decimal, str], factor: Decimal | None, draft: Draft) -> Decimal:
    """残疾赔偿金 with a factor, 死亡赔偿金 without: yearly income × years by age (× factor)."""
    age = age_of(given, "age")
    years = years_by_age(age)
    amount = cents(income[0] * years * (1 if factor is None else factor))
    article = f"{HARM}#15" if factor is None else f"{HARM}#12"
    shrunk = {True: "七十五周岁以上按五年", False: "按二十年,六十周岁以上每增加一岁减一年"}[age >= 75]
    draft.line("赔偿年限", f"{age} 周岁:{shrunk}", f"{years} 年", article)
    scaled = "" if factor is None else f" × {shown(factor * 100)}%"
    draft.line(
        "死亡赔偿金" if factor is None else "残疾赔偿金",
        f"上一年度城镇居民人均可支配收入 {yuan(income[0])}({income[1]})× {years} 年{scaled}",
        yuan(amount),
        article,
        f"{HARM}#22",
        "民法典#1179",
    )
    return amount


def dependants(given: Given, spending: tuple[Decimal, str], factor: Decimal, draft: Draft) -> Decimal:
    """被扶养人生活费: year by year each one's share, together at most the yearly spending."""
    spans = _spans(given, draft)
    total, done = Decimal(0), 0
    for end in sorted({years for years, _ in spans}):
        portion = sum((1 / supporters for years, supporters in spans if years >= end), Decimal(0)) * factor
        amount = cents(spending[0] * min(portion, Decimal(1)) * (end - done))
        shares = " + ".join(f"1/{shown(supporters)}" for years, supporters in spans if years >= end)
        scale = f"({shares})× {shown(factor * 100)}%" if portion <= 1 else "1(年总额封顶)"
        draft.line(
            f"被扶养人生活费(第 {done + 1} 至 {end} 年)",
            f"人均消费支出 {yuan(spending[0])}({spending[1]})× {scale} × {end - done} 年",
            yuan(amount),
            f"{HARM}#17",
            f"{HARM}#16",
        )
        total, done = total + amount, end
    if factor < 1 and len(spans) > 1:
        draft.notes.append("被扶养人有数人的,年赔偿总额封顶按乘系数以后算;有的法院先封顶再乘系数,结果可能少一些。")
    return total


def _spans(given: Given, draft: Draft) -> list[tuple[int, Decimal]]:
    """Years and number of supporters of each dependant."""
    spans = []
    for id in ("child_age", "second_child_age"):
        if id in given:
            age = age_of(given, id)
            if age < 18:
                spans.append((18 - age, Decimal(2)))
            else:
                draft.notes.append("已满十八周岁的子女,除丧失劳动能力又没有其他生活来源的以外,不算被扶养人。")
    if spans:
        draft.assumed.append("未成年子女由父母二人扶养,算到十八周岁。")
    for id in ("parent_age", "second_parent_age"):
        if id in given:
            children = given.decimal("siblings")
            if children < 1 or children % 1:
                raise BadInput("赡养父母的子女数至少是 1(含受害人)")
            spans.append((years_by_age(age_of(given, id)), children))
    if any(id in given for id in ("parent_age", "second_parent_age")):
        draft.assumed.append("父母丧失劳动能力又没有其他生活来源,没有别的扶养人。")
    return spans


def _paid(given: Given, id: str, label: str, how: str, draft: Draft, *articles: str) -> Decimal:
    if id not in given:
        return Decimal(0)
    amount = cents(given.decimal(id))
    draft.line(label, how, yuan(amount), *articles)
    return amount
