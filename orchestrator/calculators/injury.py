"""人身损害赔偿 and 交通事故赔偿: item by item, then who pays how much."""

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
from orchestrator.calculators.parts.harm import (
    HARM,
    Items,
    dependants,
    factor_of,
    losses,
    published,
    treatment,
    yearly,
)
from orchestrator.calculators.parts.harm_inputs import DEAD, DISABLED, HURT, INPUTS, ROAD

RULES = "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释"
POLICY = "机动车交通事故责任强制保险条例"
SINCE = date(2022, 5, 1)  # acts from this day fall under the present interpretation
INCOME, SPENDING, WAGE = "urban_income_year", "urban_spending_year", "average_wage_month"
LIMITS = {"limit_medical": "compulsory_medical", "limit_disability": "compulsory_disability"}
FIXED = {"对方全责": Decimal(1), "同等责任": Decimal("0.5"), "我方全责": Decimal(0)}
_DEPENDANTS = ("child_age", "second_child_age", "parent_age", "second_parent_age")
_PAIRS = (
    ("hospital", "meal_rate"),
    ("leave", "income"),
    ("care", "care_rate"),
    ("parent_age", "siblings"),
    ("second_parent_age", "siblings"),
)
_OPEN = (
    ("leave", "误工费"),
    ("care", "护理费"),
    ("hospital", "住院伙食补助费"),
    ("nutrition", "营养费"),
    ("transport", "交通费"),
    ("mental", "精神损害抚慰金"),
)


def _work(given: Given) -> Calculation:
    outcome = DISABLED if "grade" in given and "outcome" not in given else given.choice("outcome", "")
    _demand(outcome, given)
    draft = Draft()
    items = _items(outcome, given, draft)
    draft.line("损失合计", f"{yuan(items.treatment)} + {yuan(items.rest)}", yuan(items.total), "民法典#1179")
    share = _share(given, draft)
    if given.choice("event") == ROAD and given.choice("against", "机动车") == "机动车":
        total = _road(items, share, given, draft)
    else:
        total = cents(items.total * share)
        working = f"{yuan(items.total)} × {shown(share * 100)}%"
        draft.line("对方承担", working, yuan(total), "民法典#1165", "民法典#1173")
    if "paid" in given:
        paid = given.decimal("paid")
        draft.line("扣除已付", f"{yuan(total)} - {yuan(paid)}", yuan(max(total - paid, Decimal(0))))
        total = max(total - paid, Decimal(0))
    _remarks(outcome, given, draft)
    summary = f"按您说的情况,一共可以要求赔 {yuan(total)}(全部损失 {yuan(items.total)})。"
    return draft.finished("injury", "人身损害赔偿", summary, total)


def _demand(outcome: str, given: Given) -> None:
    """Raise MissingInputs for all that this case still needs, the most decisive first."""
    missing = [id for id in ("event",) if id not in given]
    if not outcome:
        missing.append("outcome")
    if outcome == DISABLED and "grade" not in given and "factor" not in given:
        missing.append("grade")
    if outcome in (DISABLED, DEAD):
        missing += ["age"] if "age" not in given else []
        missing += ["urban_income"] if published(given, "urban_income", INCOME) is None else []
        if any(id in given for id in _DEPENDANTS) and published(given, "urban_spending", SPENDING) is None:
            missing.append("urban_spending")
    if outcome == DEAD and published(given, "average_wage", WAGE) is None:
        missing.append("average_wage")
    if outcome == HURT and "medical" not in given:
        missing.append("medical")
    pairs = _PAIRS[:3] if outcome == HURT else _PAIRS
    missing += [other for one, other in pairs if one in given and other not in given and not _dropped(one, given)]
    if "event" in given and given.choice("event") == ROAD:
        missing += _demand_road(given)
    elif "fault" in given and given.choice("fault") not in FIXED and "share" not in given:
        missing.append("share")
    if missing:
        raise MissingInputs(*dict.fromkeys(missing))


def _dropped(id: str, given: Given) -> bool:
    """Whether this half of a pair is left out: nobody can be asked for the other half, and the rest has its figure."""
    other = dict(_PAIRS[:3]).get(id)
    return given.assuming and id in given and other is not None and other not in given


def _demand_road(given: Given) -> list[str]:
    missing = []
    if "share" not in given:
        if "fault" not in given:
            missing += [] if given.assuming else ["fault"]
        elif given.choice("fault") not in FIXED:
            missing.append("share")
    if given.choice("against", "机动车") == "机动车" and not (given.assuming and _all_by_other(given)):
        missing += [id for id in LIMITS if _limit(id, given) is None]
    return missing


def _all_by_other(given: Given) -> bool:
    """Whether the other side bears everything, so that no limit of insurance changes the sum."""
    if "share" in given:
        return given.decimal("share") == 100
    return given.choice("fault", "对方全责") == "对方全责"


def _limit(id: str, given: Given) -> tuple[Decimal, str] | None:
    """A limit of compulsory insurance: as told or, for a driver at fault, from the tables. None when unknown."""
    if id in given:
        return given.decimal(id), "您提供"
    faultless = given.choice("fault", "") == "我方全责"
    rate = None if faultless else given.rates.at(LIMITS[id], given.today)
    return None if rate is None else (rate.value, rate.source)


def _items(outcome: str, given: Given, draft: Draft) -> Items:
    care = treatment(given, draft)
    rest = losses(given, draft)
    if outcome == HURT:
        return Items(care, rest)
    income = published(given, "urban_income", INCOME)
    assert income is not None  # demanded before
    factor = factor_of(given, draft) if outcome == DISABLED else None
    rest += yearly(given, income, factor, draft)
    if any(id in given for id in _DEPENDANTS):
        spending = published(given, "urban_spending", SPENDING)
        assert spending is not None
        rest += dependants(given, spending, Decimal(1) if factor is None else factor, draft)
    if outcome == DEAD:
        wage = published(given, "average_wage", WAGE)
        assert wage is not None
        funeral = cents(wage[0] * 6)
        working = f"上一年度职工月平均工资 {yuan(wage[0])}({wage[1]})× 6 个月"
        draft.line("丧葬费", working, yuan(funeral), f"{HARM}#14", f"{HARM}#22", "民法典#1179")
        rest += funeral
    draft.assumed.append("城镇居民收入、支出和平均工资用的是一审法庭辩论终结时上一统计年度的数字。")
    return Items(care, rest)


def _share(given: Given, draft: Draft) -> Decimal:
    """The other side's share of what is not insured, 0 to 1."""
    if "share" in given:
        share = given.decimal("share")
        if share > 100:
            raise BadInput("对方承担的百分比不超过 100")
        return share / 100
    if "fault" not in given:
        draft.assumed.append("对方承担全部责任;受害人自己也有过错的,会相应减少。")
        return Decimal(1)
    fault = given.choice("fault")
    if fault == "同等责任":
        draft.assumed.append("同等责任按各一半;机动车与行人、非机动车之间,各地常让机动车多担一些。")
    return FIXED[fault]


def _road(items: Items, share: Decimal, given: Given, draft: Draft) -> Decimal:
    """What insurer and driver pay: compulsory insurance within its limits, the share of the rest."""
    medical, disability = _limit("limit_medical", given), _limit("limit_disability", given)
    if "against" not in given:
        draft.assumed.append("对方是机动车;对方是自行车、电动自行车等的,没有交强险。")
    if medical is None or disability is None:  # as `_demand_road` allows where the sum is the same
        draft.line(
            "对方承担",
            f"{yuan(items.total)}:先由交强险在限额内赔,不足的由商业险按合同、再由侵权人赔",
            yuan(items.total),
            "民法典#1213",
            "道路交通安全法#76",
        )
        return items.total
    uninsured = given.choice("insured", "") == "没有交强险"
    payer = "投保义务人在交强险限额内" if uninsured else "交强险"
    articles = (f"{RULES}#16",) if uninsured else ("民法典#1213", f"{POLICY}#23", "道路交通安全法#76")
    first = min(items.treatment, medical[0])
    second = min(items.rest, disability[0])
    draft.line(
        f"{payer}(医疗费用)", f"{yuan(items.treatment)},限额 {yuan(medical[0])}({medical[1]})", yuan(first), *articles
    )
    draft.line(
        f"{payer}(死亡伤残)", f"{yuan(items.rest)},限额 {yuan(disability[0])}({disability[1]})", yuan(second), *articles
    )
    draft.assumed.append(
        "医疗费、伙食补助费、营养费归入医疗费用限额,其余归入死亡伤残限额;这是交强险条款的通常分法,以保单为准。"
    )
    left = items.total - first - second
    over = cents(left * share)
    both = given.choice("insured", "") == "有交强险和商业险"
    who = "商业险按合同赔,不足的由侵权人赔" if both else "侵权人(有商业险的先由商业险按合同赔)"
    working = f"({yuan(items.total)} - {yuan(first + second)})× {shown(share * 100)}%"
    draft.line(f"超出部分:{who}", working, yuan(over), "民法典#1213", "道路交通安全法#76")
    draft.notes.append("可以请求精神损害抚慰金在交强险里优先赔;起诉时把交强险的保险公司列为共同被告。")
    if share == 0:
        draft.notes.append("对方是机动车而您是行人或者骑非机动车的,对方没有过错也要在不超过百分之十的范围内赔。")
    return first + second + over


def _remarks(outcome: str, given: Given, draft: Draft) -> None:
    left = [
        label
        for id, label in _OPEN
        if (id not in given or _dropped(id, given)) and not (outcome == DEAD and id == "nutrition")
    ]
    if outcome != HURT and not any(id in given for id in _DEPENDANTS):
        left.append("被扶养人生活费")
    if left:
        draft.notes.append(f"没有计入、符合条件可以补充后重算的:{'、'.join(left)}。")
    if "happened_on" in given and given.day("happened_on") < SINCE:
        draft.notes.append("2022年5月1日前发生的侵权适用当时的解释,收入标准可能不同,这里的结果只能参考。")
    else:
        draft.assumed.append("侵权行为发生在2022年5月1日以后。")
    if outcome == DISABLED:
        draft.notes.append("伤残但实际收入没有减少,或者等级较轻但严重影响就业的,法院可以调整残疾赔偿金。")
    draft.notes.append("车辆、物品的损失另算;上班时间受的伤另有工伤待遇。")


CALCULATOR = Calculator(
    name="injury",
    title="人身损害、交通事故赔偿",
    about="受伤、伤残、死亡能赔多少:逐项算出来,再按责任比例和交强险算谁赔多少。",
    fields=("人身损害", "交通事故"),
    says=(
        r"(伤残|残疾)(?![^,。;]{0,4}(津贴|补助金))[^。;]{0,40}(赔|补偿)[^,。;]{0,8}(多少|几万|什么|哪些)?",
        r"(?<!工伤)(?<!工伤的)(人身损害|人身伤害|交通事故|车祸|死亡|残疾)(的)?(赔偿|赔偿金|赔多少|怎么赔)",
        r"(?<!工亡)(死亡赔偿金|残疾赔偿金|丧葬费|被扶养人生活费|误工费|护理费|营养费|伙食补助)[^,。;]{0,10}",
        r"(被[^,。;]{0,6}(撞|打伤|咬|砸)|打伤|摔伤|撞伤|车祸|医药费|医疗费|住院)[^。;]{0,60}(赔|能要|能拿|可以要)[^,。;]{0,6}(多少|几万|哪些)(赔偿)?",
        r"(撞死|被撞死|撞(了)?人|交通事故|车祸)[^。;]{0,60}(赔)[^,。;]{0,6}(多少|几万|哪些)",
    ),
    inputs=INPUTS,
    work=_work,
)
