"""The calculators directly: what there is, what each needs, and a calculation with every step and its articles."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse

from deploy.api import errors
from deploy.api.calling import Used
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from deploy.shapes.calculators import CalculatorInfo, InputInfo, Result, Values
from orchestrator import payments
from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import Calculator, Input, MissingInputs
from orchestrator.domains.pack import Element, Kind

router = APIRouter(prefix="/v1/calculators", tags=["calculators"])
Expert = Annotated[Caller, Depends(caller("experts"))]
UNITS: dict[Kind, str] = {
    "amount": "元",
    "duration": "月",
    "date": "YYYY-MM-DD",
    "number": "",
    "rate": "%/年",
    "payments": payments.FORM,
    "choice": "",
}


@router.get("")
async def available(who: Expert) -> list[CalculatorInfo]:
    """可用的计算器和各自的数据项。"""
    return [_info(one) for one in calculators().values()]


@router.post("/{name}", response_model=Result)
async def calculate(name: str, given: Values, who: Expert, used: Used) -> Result | JSONResponse:
    """计算。缺数据时返回 `missing_inputs`,并在 `missing` 中列出还要什么。"""
    if (calculator := calculators().get(name)) is None:
        raise ApiError("no_such_calculator", f"没有这个计算器;目前有:{'、'.join(calculators())}。", "name")
    values = {id: _value(calculator, id, value) for id, value in given.values.items()}
    try:
        made = calculator.calculate(values, used.rates(), given.on or used.today(), given.place)
    except MissingInputs as error:
        missing = [_input(calculator.element(id)) for id in error.ids]
        shown = errors.body(error.code, f"还缺少:{'、'.join(one.label for one in missing)}。")
        shown["error"]["missing"] = [one.model_dump() for one in missing]
        return JSONResponse(shown, status_code=errors.STATUS[error.code])
    return Result(calculation=made, articles=list(await used.library.passages(list(made.articles), None)))


def _info(calculator: Calculator) -> CalculatorInfo:
    inputs = [_input(element) for element in calculator.inputs]
    return CalculatorInfo(
        name=calculator.name,
        title=calculator.title,
        about=calculator.about,
        fields=list(calculator.fields),
        inputs=inputs,
    )


def _input(element: Element) -> InputInfo:
    return InputInfo(
        id=element.id,
        label=element.label,
        kind=element.kind,
        unit=UNITS[element.kind],
        question=element.question,
        why=element.why,
        choices=[choice.value for choice in element.choices],
    )


def _value(calculator: Calculator, id: str, value: Decimal | str) -> Input:
    """The value in the type of its input. Raises ApiError naming the input."""
    try:
        kind = calculator.element(id).kind
    except KeyError as error:
        known = "、".join(element.id for element in calculator.inputs)
        raise ApiError("bad_input", f"没有「{id}」这一项;可以给的是:{known}。", id) from error
    try:
        if kind == "date":
            return date.fromisoformat(str(value))
        return str(value) if kind in ("choice", "payments") else Decimal(str(value))
    except (ValueError, InvalidOperation) as error:
        wanted = "日期(YYYY-MM-DD)" if kind == "date" else "数字"
        raise ApiError("bad_input", f"「{id}」应为{wanted}。", id) from error
