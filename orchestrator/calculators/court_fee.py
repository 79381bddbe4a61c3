"""诉讼费: what a court charges for a case or an application, who pays first, and who bears it in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from orchestrator.calculators.calculator import BadInput, Calculation, Calculator, Given, MissingInputs, cents, yuan
from orchestrator.calculators.parts.brackets import brackets, climb
from orchestrator.calculators.parts.draft import Draft
from orchestrator.calculators.parts.suits import AMOUNT, COURSE, HALVED, MATTER, ORDINARY, SAYS, Matter

NAME, TITLE = "court_fee", "诉讼费"
RULES = "诉讼费用交纳办法"
SUIT, APPLICATION = f"{RULES}#13", f"{RULES}#14"
ONCE = "最高人民法院关于适用民事诉讼法的解释#206"
PROPERTY = brackets(
    (10_000, "2.5"),
    (100_000, "2"),
    (200_000, "1.5"),
    (500_000, "1"),
    (1_000_000, "0.9"),
    (2_000_000, "0.8"),
    (5_000_000, "0.7"),
    (10_000_000, "0.6"),
    (20_000_000, "0.5"),
)
ENFORCEMENT = brackets((10_000, "1.5"), (500_000, "1"), (5_000_000, "0.5"), (10_000_000, "0.1"))
PRESERVATION = brackets((1_000, "1"), (100_000, "0.5"))
DIVORCE = brackets((200_000, "0.5"))
PERSONALITY = brackets((50_000, "1"), (100_000, "0.5"))
PRESERVATION_MOST = Decimal(5_000)
BANKRUPTCY_MOST = Decimal(300_000)
LEAST = Decimal(50)  # of a property suit and of an enforcement


@dataclass(frozen=True, slots=True)
class Fee:
    """From `low` to `high` yuan, the same where no province decides."""

    low: Decimal
    high: Decimal

    @property
    def fixed(self) -> bool:
        """Whether it is one sum."""
        return self.low == self.high

    def __str__(self) -> str:
        return yuan(self.low) if self.fixed else f"{yuan(self.low)}至 {yuan(self.high)}"


Working = Callable[[Draft, Decimal], Fee]


def property_suit(draft: Draft, amount: Decimal) -> Fee:
    """A suit over money or things, by the amount in dispute."""
    return _same(climb(draft, amount, PROPERTY, LEAST, SUIT))


def work(given: Given) -> Calculation:
    """The fee. Raises MissingInputs for the kind of case and the amount where it counts."""
    given.need("matter")
    matter = Matter(given.choice("matter"))
    draft = Draft()
    working, needs_amount = WORKINGS[matter]
    if needs_amount and "amount" not in given:
        raise MissingInputs("amount")
    amount = given.decimal("amount", Decimal(0))
    if matter is Matter.MONEY and amount == 0:
        raise BadInput("财产案件的金额要大于 0")
    fee = working(draft, amount)
    if matter.suit:
        fee = _halved(draft, fee, given.choice("course", ORDINARY), "course" in given)
    if not fee.fixed:
        draft.notes.append("这是全国规定的幅度,具体数额由省、自治区、直辖市在幅度内确定,以受理法院的通知为准。")
    draft.line("由谁先交", matter.value, matter.first, *matter.first_articles)
    draft.line("最后由谁承担", matter.value, matter.bearer, *matter.bearer_articles)
    if matter is Matter.MONEY:
        _beside(draft, amount)
    if matter.suit:
        draft.notes.append("收到交费通知次日起7日内要交清,经济困难的可以申请司法救助(缓交、减交或免交)。")
        draft.notes.append("上诉只按不服一审判决的那部分数额交;鉴定、公告、评估等费用另付,律师费不在诉讼费里。")
    return draft.finished(NAME, TITLE, f"{matter.value}:要交 {fee}。", fee.low if fee.fixed else None)


def _same(amount: Decimal) -> Fee:
    return Fee(cents(amount), cents(amount))


def _flat(low: int, high: int, article: str) -> Working:
    def fee(draft: Draft, amount: Decimal) -> Fee:
        made = Fee(Decimal(low), Decimal(high))
        draft.line("按件交纳", "每件", str(made), article)
        return made

    return fee


def _divorce(draft: Draft, amount: Decimal) -> Fee:
    draft.line("离婚本身", "每件50元至300元;财产不超过20万元的不另交", "50 元至 300 元", SUIT)
    more = climb(draft, amount, DIVORCE, Decimal(0), SUIT)
    return Fee(50 + cents(more), 300 + cents(more))


def _personality(draft: Draft, amount: Decimal) -> Fee:
    draft.line("人格权本身", "每件100元至500元;赔偿不超过5万元的不另交", "100 元至 500 元", SUIT)
    more = climb(draft, amount, PERSONALITY, Decimal(0), SUIT)
    return Fee(100 + cents(more), 500 + cents(more))


def _intellectual(draft: Draft, amount: Decimal) -> Fee:
    return property_suit(draft, amount) if amount else _flat(500, 1000, SUIT)(draft, amount)


def _enforcement(draft: Draft, amount: Decimal) -> Fee:
    if not amount:
        return _flat(50, 500, APPLICATION)(draft, amount)
    return _same(climb(draft, amount, ENFORCEMENT, LEAST, APPLICATION))


def _preservation(draft: Draft, amount: Decimal) -> Fee:
    fee = climb(draft, amount, PRESERVATION, Decimal(30), APPLICATION)
    if fee > PRESERVATION_MOST:
        draft.line("保全费封顶", f"{yuan(fee)} 超过 5000 元", yuan(PRESERVATION_MOST), APPLICATION)
    return _same(min(fee, PRESERVATION_MOST))


def _payment_order(draft: Draft, amount: Decimal) -> Fee:
    whole = property_suit(draft, amount).low
    draft.line("支付令按财产案件的三分之一", f"{yuan(whole)} × 1/3", yuan(whole / 3), APPLICATION)
    return _same(whole / 3)


def _bankruptcy(draft: Draft, amount: Decimal) -> Fee:
    half = property_suit(draft, amount).low / 2
    fee = min(half, BANKRUPTCY_MOST)
    draft.line("破产案件减半,最高30万元", f"财产案件的费用减半为 {yuan(half)}", yuan(fee), APPLICATION)
    return _same(fee)


def _halved(draft: Draft, fee: Fee, course: str, told: bool) -> Fee:
    if course == ORDINARY:
        if not told:
            draft.assumed.append("按普通程序判决结案计算;适用简易程序(包括小额诉讼)、调解或撤诉的减半")
        return fee
    half = Fee(cents(fee.low / 2), cents(fee.high / 2))
    draft.line(f"{course}:减半", f"{fee} ÷ 2,只减半一次", str(half), HALVED[course], ONCE)
    return half


def _beside(draft: Draft, amount: Decimal) -> None:
    preservation, enforcement = _preservation(Draft(), amount), _enforcement(Draft(), amount)
    draft.notes.append(
        f"同样数额要申请财产保全的,另交 {preservation};胜诉后对方不履行而申请执行的,执行费 {enforcement},不用您预交。"
    )


WORKINGS: dict[Matter, tuple[Working, bool]] = {
    Matter.MONEY: (property_suit, True),
    Matter.DIVORCE: (_divorce, True),
    Matter.PERSONALITY: (_personality, True),
    Matter.INTELLECTUAL: (_intellectual, True),
    Matter.LABOUR: (_flat(10, 10, SUIT), False),
    Matter.ADMINISTRATIVE: (_flat(50, 50, SUIT), False),
    Matter.ADMINISTRATIVE_SPECIAL: (_flat(100, 100, SUIT), False),
    Matter.OTHER: (_flat(50, 100, SUIT), False),
    Matter.JURISDICTION: (_flat(50, 100, SUIT), False),
    Matter.ENFORCEMENT: (_enforcement, True),
    Matter.PRESERVATION: (_preservation, True),
    Matter.PAYMENT_ORDER: (_payment_order, True),
    Matter.NOTICE: (_flat(100, 100, APPLICATION), False),
    Matter.AWARD: (_flat(400, 400, APPLICATION), False),
    Matter.BANKRUPTCY: (_bankruptcy, True),
}

CALCULATOR = Calculator(
    name=NAME,
    title=TITLE,
    about="按案件种类和数额计算受理费、保全费、执行费、支付令等的申请费,并说明由谁先交、由谁承担",
    fields=("诉讼程序", "民间借贷", "婚姻家庭", "合同", "侵权名誉", "知识产权", "劳动"),
    says=SAYS,
    inputs=(MATTER, AMOUNT, COURSE),
    work=work,
)
