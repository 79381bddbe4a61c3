"""models.backends.composer: an answer plan in words."""

from models.backends import composer
from models.contracts import AnswerPlan, Due, GenerationRequest, Ground, Message, Source, Step, Worked, Working

QUOTED = Source(id="劳动合同法#47", name="《劳动合同法》第四十七条", excerpt="经济补偿按年限支付。", quoted=True)
WORKED = Worked(
    title="经济补偿金",
    summary="应付 63000 元。",
    inputs=("月工资:9000元",),
    lines=(
        Working(label="月数", working="3 年 2 个月", result="3.5 个月", sources=(QUOTED,)),
        Working(label="数额", working="9000 元 × 3.5 个月 × 2", result="63000 元"),
    ),
    assumed=("按今天离职计算。",),
    notes=("一年内申请仲裁。",),
)


async def written(plan: AnswerPlan) -> str:
    request = GenerationRequest(messages=(Message(role="user", content="问"),), plan=plan)
    return "".join([chunk.text async for chunk in composer.build({}).generate(request)])


async def test_a_quotation_is_given_once_and_its_article_named_again() -> None:
    grounds = tuple(Ground(says=says, sources=(QUOTED,)) for says in ("每满一年一个月", "不满六个月半个月"))
    text = await written(AnswerPlan(kind="full", field="劳动", conclusions=("有补偿。",), grounds=grounds))
    assert text.count("“经济补偿按年限支付。”") == 1
    assert text.count("《劳动合同法》第四十七条") == 2
    assert "不满六个月半个月——《劳动合同法》第四十七条(同上)" in text


async def test_calculations_stand_between_conclusions_and_grounds() -> None:
    plan = AnswerPlan(
        kind="full",
        field="劳动",
        conclusions=("属于违法解除。",),
        calculations=(WORKED,),
        grounds=(Ground(says="赔偿金", sources=(QUOTED,)),),
    )
    text = await written(plan)
    places = [text.index(part) for part in ("属于违法解除", "应付 63000 元", "1. 月数", "2. 数额", "四、法律依据")]
    assert places == sorted(places)
    assert "1. 月数:3 年 2 个月 = 3.5 个月——《劳动合同法》第四十七条" in text
    assert "- 按今天离职计算。" in text


async def test_a_calculation_alone_names_its_inputs_and_quotes_its_articles() -> None:
    plan = AnswerPlan(
        kind="calculation", field="劳动", calculations=(WORKED,), grounds=(Ground(says="", sources=(QUOTED,)),)
    )
    text = await written(plan)
    assert "- 月工资:9000元" in text
    assert "《劳动合同法》第四十七条:“经济补偿按年限支付。”" in text
    assert "初步结论" not in text


async def test_a_step_says_the_last_day_and_whether_it_is_over() -> None:
    due = Due(iso="2026-11-04", event="收到的日期", began="2026-10-20", past=False)
    steps = (
        Step(what="上诉", deadline="十五日内", due=(due,)),
        Step(what="复议", deadline="六十日内"),
        Step(what="拍照"),
    )
    text = await written(AnswerPlan(kind="full", field="行政", conclusions=("可以上诉。",), steps=steps))
    assert "上诉【期限：十五日内;从收到的日期(2026-10-20)算,到2026-11-04为止】" in text
    assert "复议【期限：六十日内】" in text
    assert "拍照【" not in text
    over = Step(what="上诉", deadline="十五日内", due=(due.model_copy(update={"past": True}),))
    assert "到2026-11-04为止,这一天已过" in await written(AnswerPlan(kind="full", field="行政", steps=(over,)))
