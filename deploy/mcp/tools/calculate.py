"""`calculate`: amounts, periods and fees, each step with the articles that say so."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from deploy.mcp.passages import Article
from deploy.mcp.tool import Asked, Told, Tool
from deploy.sdk import AsyncLexhub
from deploy.shapes.values import Day
from orchestrator.calculators.calculator import Calculation

NAME = r"^[a-z0-9_]{0,60}$"


class Sum(Asked):
    """What is to be worked out."""

    name: str = Field(default="", pattern=NAME, description="计算器的名称;不填则列出全部计算器和各自的数据项。")
    values: dict[str, Decimal | str] = Field(
        default={},
        max_length=60,
        description="数据项 → 值。金额用元,期间用月,日期写 YYYY-MM-DD,选项用列出的原词。不知道的不要编造。",
    )
    place: Annotated[str, Field(max_length=60, description="适用哪个省市的标准。")] = ""
    on: Day | None = Field(default=None, description="按哪一天计算(YYYY-MM-DD);不填为今天。")


class Input(BaseModel):
    """One value that a calculator takes."""

    id: str
    label: str
    kind: str
    unit: str
    question: str
    choices: list[str]


class Calculator(BaseModel):
    """A calculator; which inputs it needs depends on their values."""

    name: str
    title: str
    about: str
    inputs: list[Input]


class Worked(Told):
    """The calculation with its steps, or the list of calculators."""

    calculation: Calculation | None = Field(default=None, description="结果、每一步的算式和依据。")
    articles: list[Article] = Field(default=[], description="计算所依据的条文。")
    calculators: list[Calculator] = Field(default=[], description="没有给出名称时:全部计算器。")


async def run(client: AsyncLexhub, asked: Sum) -> Worked:
    """Work it out, or list what there is. Raises LexhubError, among them `missing_inputs`."""
    if not asked.name:
        return Worked(calculators=[Calculator.model_validate(one.model_dump()) for one in await client.calculators()])
    made = await client.calculate(asked.name, asked.values, place=asked.place, on=asked.on)
    return Worked(calculation=made.calculation, articles=[Article.of(one) for one in made.articles])


TOOL = Tool(
    name="calculate",
    title="法律计算",
    description=(
        "经济补偿、诉讼费、利息、工伤、抚养费、诉讼时效等的计算,逐步列出算式和所依据的法条。先不带参数调用一次,"
        "查看有哪些计算器和数据项;缺数据时返回 missing_inputs,请向用户询问,不要编造。"
    ),
    asked=Sum,
    told=Worked,
    run=run,
)
