"""The operator's API: models join and leave, traffic is drained, weighted, pinned, tried out, ordered, rolled back.

All of it without a restart, at every replica within about a second; each change is a revision that says who and why.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from deploy.api import live
from deploy.api.calling import Used
from deploy.api.errors import ApiError
from deploy.api.guard import Caller, caller
from deploy.api.live import Controlled
from deploy.shapes.admin import (
    Body,
    Chain,
    Decisions,
    Joining,
    Models,
    Name,
    Pinning,
    Policy,
    Revisions,
    Rollback,
    Trial,
    Weight,
    Why,
)
from models.contracts import Ability, ModelCard
from orchestrator.traffic import Pin, Revision, Traffic, read

router = APIRouter(prefix="/v1/admin", tags=["admin"])
Admin = Annotated[Caller, Depends(caller("admin"))]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/models")
async def models(who: Admin, used: Used, control: Controlled) -> Models:
    """全部模型:卡片、部署状态、负载、断路器;还没有起来或正在移除的也在内。"""
    places = await control.places()
    cards = {**control.known(), **{card.name: card for card in used.models.cards()}}
    rows = [_row(card, control.joined(card.name), live.row(card, used.models, places)) for card in cards.values()]
    gone = [{"name": name, "state": place.state} for name, place in places.items() if name not in cards]
    return Models(models=[*rows, *gone], revision=control.revision.revision)


@router.post("/models", status_code=202)
async def join(wanted: Joining, who: Admin, used: Used, control: Controlled) -> dict[str, Any]:
    """加入一个模型,不重启;部署好之前不接请求,状态见 GET。"""
    scaling = wanted.deployment.model_dump(exclude_none=True)
    name = await control.join(wanted.card, scaling, who.key)
    return await model(name, who, used, control)


@router.get("/models/{name}")
async def model(name: str, who: Admin, used: Used, control: Controlled) -> dict[str, Any]:
    """一个模型。"""
    listed = await models(who, used, control)
    for row in listed.models:
        if row["name"] == name:
            return dict(row)
    raise ApiError("no_such_model", f"没有部署名为 {name[:60]} 的模型。", "name")


@router.delete("/models/{name}", status_code=202)
async def leave(name: str, who: Admin, control: Controlled) -> dict[str, Any]:
    """移除一个加入的模型;先要停用。正在处理的请求会做完。"""
    await control.leave(name, who.key)
    return {"name": name, "state": "removing"}


@router.post("/models/{name}/drain")
async def drain(name: str, who: Admin, control: Controlled, given: Body | None = None) -> Revision:
    """停用:不再接新请求。"""
    return await control.change(lambda policy: policy.drain(name), who.key, _why(given))


@router.post("/models/{name}/resume")
async def resume(name: str, who: Admin, control: Controlled, given: Body | None = None) -> Revision:
    """恢复接请求。"""
    return await control.change(lambda policy: policy.resume(name), who.key, _why(given))


@router.put("/models/{name}/weight")
async def weigh(name: str, given: Weight, who: Admin, control: Controlled) -> Revision:
    """权重:有权重的模型之间按权重分流,同一会话总是同一个模型。"""
    return await control.change(lambda policy: policy.weigh(name, given.weight), who.key, given.why)


@router.put("/models/{name}/canary")
async def try_out(name: str, given: Trial, who: Admin, control: Controlled) -> Revision:
    """灰度:百分之几的会话先用这个模型,其余会话最后才用它;它失败时由别的模型接替。"""
    return await control.change(lambda policy: policy.try_out(name, given.percent), who.key, given.why)


@router.put("/pins")
async def pin(given: Pinning, who: Admin, control: Controlled) -> Revision:
    """固定:某种能力(可限于某领域、某密钥)先用这个模型。"""
    wanted = Pin(ability=given.ability, model=given.model, field=given.field, key=given.key)
    return await control.change(lambda policy: policy.pin(wanted), who.key, given.why)


@router.delete("/pins")
async def unpin(
    ability: Ability, who: Admin, control: Controlled, field: Name = "", key: Name = "", why: Why = ""
) -> Revision:
    """取消固定:能力、领域、密钥与当初固定时相同的那一条。"""

    def change(policy: Traffic) -> Traffic:
        made = policy.unpin(ability, field, key)
        if made == policy:
            raise ApiError("no_such_pin", "没有这样的固定。")
        return made

    return await control.change(change, who.key, why)


@router.put("/chains/{ability}")
async def chain(ability: Ability, given: Chain, who: Admin, control: Controlled) -> Revision:
    """某种能力的候选顺序:先按此依次尝试,再轮到其他模型。"""
    return await control.change(lambda policy: policy.chain(ability, given.models), who.key, given.why)


@router.get("/traffic")
async def traffic(who: Admin, control: Controlled) -> Revision:
    """现行策略。"""
    return control.revision


@router.put("/traffic")
async def replace(given: Policy, who: Admin, control: Controlled) -> Revision:
    """整个换成另一份策略。"""
    return await control.change(lambda _: read(given.policy), who.key, given.why)


@router.get("/revisions")
async def revisions(who: Admin, control: Controlled, limit: Limit = 50) -> Revisions:
    """策略的各个版本,新的在前。"""
    return Revisions(revisions=await control.revisions(limit))


@router.post("/rollback")
async def roll_back(given: Rollback, who: Admin, control: Controlled) -> Revision:
    """回到某一版策略;本身是新的一版。"""
    return await control.roll_back(given.revision, who.key, given.why)


@router.get("/decisions")
async def decisions(who: Admin, used: Used, limit: Limit = 100) -> Decisions:
    """这个副本最近的模型选择,新的在前:选了谁、为什么、别的为什么没有选、结果如何。"""
    return Decisions(decisions=used.models.watch.decisions.latest(limit))


def _row(card: ModelCard, joined: bool, shown: dict[str, Any]) -> dict[str, Any]:
    told = card.model_dump(mode="json", exclude={"options"})
    return {**told, **shown, "joined": joined}


def _why(given: Body | None) -> str:
    return given.why if given else ""
