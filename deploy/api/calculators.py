"""The calculators directly: what there is, what each needs, and a calculation with every step and its articles."""

from collections.abc import Mapping
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
    values = _values(calculator, given.values)
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


def _values(calculator: Calculator, given: Mapping[str, Decimal | str]) -> dict[str, Input]:
    """The values in the types of their inputs. Raises ApiError, which names the first that cannot be and tells of all
    of them in `faults`.
    """
    known = {element.id: element for element in calculator.inputs}
    values: dict[str, Input] = {}
    faults: dict[str, str] = {}
    for id, value in given.items():
        if id not in known:
            faults[id] = f"没有「{id}」这一项;可以给的是:{'、'.join(known)}。"
        elif (read := _value(known[id], value)) is not None:
            values[id] = read
        else:
            faults[id] = f"「{id}」应为{'日期(YYYY-MM-DD)' if known[id].kind == 'date' else '数字'}。"
    if faults:
        rows = [{"id": id, "message": message} for id, message in faults.items()]
        raise ApiError("bad_input", "".join(faults.values()), next(iter(faults)), {"faults": rows})
    return values


def _value(element: Element, value: Decimal | str) -> Input | None:
    """The value in the type of its input; None where it cannot be one."""
    try:
        if element.kind == "date":
            return date.fromisoformat(str(value))
        return str(value) if element.kind in ("choice", "payments") else Decimal(str(value))
    except (ValueError, InvalidOperation):
        return None
