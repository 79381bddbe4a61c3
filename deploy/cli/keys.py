"""`lexhub keys`: the API keys in the database of a profile, whether or not its server runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console

if TYPE_CHECKING:
    from deploy.accounts.keys import Key
    from orchestrator.storage.database import Database

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
T = TypeVar("T")
Profile = Annotated[str, typer.Option(help="配置;密钥存放在它的会话数据库里")]
Id = Annotated[str, typer.Argument(help="密钥的编号,以 lxh_ 开头")]
SHOWN_ONCE = "请立即保存,它不会再次显示:"


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="名称,如使用它的系统或部门")],
    scope: Annotated[
        list[str] | None, typer.Option(help="consult、experts、admin、metrics,可重复;默认 consult 和 experts")
    ] = None,
    corpus: Annotated[list[str] | None, typer.Option(help="可以查看的内部文件库,可重复")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="多少天后失效")] = None,
    per_minute: Annotated[int | None, typer.Option(min=1, help="每分钟至多多少次请求")] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help="每日至多多少词元(北京时间)")] = None,
    per_month: Annotated[int | None, typer.Option(min=1, help="每月至多多少词元(北京时间)")] = None,
    profile: Profile = "embedded",
) -> None:
    """新建密钥;有了第一个密钥,本机调用也需要密钥。"""
    from pydantic import ValidationError

    from deploy.accounts.account import Allowance
    from deploy.accounts.keys import Keys
    from deploy.settings import BadSettings
    from deploy.shapes.keys import DAY_S, NewKey

    given = {"name": name, "corpora": corpus or [], "days": days}
    try:
        wanted = NewKey.model_validate({**given, **({"scopes": scope} if scope else {})})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSettings(f"{first['loc'][0]}: {first['msg']}") from error
    expires = None if days is None else time.time() + days * DAY_S
    allowance = Allowance(per_minute, per_day, per_month)

    async def made(database: "Database") -> "tuple[Key, str]":
        return await Keys(database).create(name, tuple(wanted.scopes), tuple(wanted.corpora), allowance, expires)

    key, text = _with(profile, made)
    console.print(f"已新建密钥 {key.account.id}({name})。{SHOWN_ONCE}", markup=False)
    console.print(text, markup=False)


@app.command("list")
def listed(profile: Profile = "embedded") -> None:
    """列出数据库中的密钥(不含配置文件 api_keys 中的)。"""
    from deploy.accounts.keys import Keys

    for key in _with(profile, lambda database: Keys(database).list()):
        console.print(_line(key), markup=False)


@app.command()
def revoke(id: Id, profile: Profile = "embedded") -> None:
    """作废密钥;运行中的服务在两秒之内不再接受它。"""
    from deploy.accounts.keys import Keys

    key = _with(profile, lambda database: Keys(database).revoke(id))
    console.print(f"已作废 {key.account.id}({key.account.name})。", markup=False)


@app.command()
def rotate(
    id: Id,
    overlap: Annotated[int, typer.Option(min=0, max=10_080, help="旧的密钥还能用多少分钟")] = 0,
    profile: Profile = "embedded",
) -> None:
    """更换密钥;编号、会话和用量不变。"""
    from deploy.accounts.keys import Keys

    key, text = _with(profile, lambda database: Keys(database).rotate(id, overlap * 60.0))
    console.print(f"已更换 {key.account.id}({key.account.name})的密钥。{SHOWN_ONCE}", markup=False)
    console.print(text, markup=False)


@app.command()
def usage(
    key: Annotated[str | None, typer.Argument(help="只看这个密钥(编号,或配置文件中的名称)")] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="最近多少天")] = 31,
    csv: Annotated[bool, typer.Option("--csv", help="以 CSV 输出")] = False,
    profile: Profile = "embedded",
) -> None:
    """用量:按日、密钥、接口、模型。"""
    from deploy.accounts import quotas
    from deploy.accounts import usage as uses
    from deploy.accounts.keys import Keys
    from deploy.shapes.usage import Row

    last = date.fromisoformat(quotas.day(time.time()))
    first = last - timedelta(days=days - 1)

    async def reported(database: "Database") -> list[Row]:
        names = {one.account.id: one.account.name for one in await Keys(database).list()}
        return await uses.report(database, names, first.isoformat(), last.isoformat(), key)

    rows = _with(profile, reported)
    if csv:
        typer.echo(uses.as_csv(rows), nl=False)
        return
    for row in rows:
        used = (
            f"请求 {row.requests} 次"
            if not row.model
            else (f"{row.model}:{row.calls} 次,输入 {row.prompt_tokens},输出 {row.completion_tokens}")
        )
        console.print(f"{row.day}  {row.key}({row.name})  {row.route}  {used}", markup=False)


def _with(profile: str, work: "Callable[[Database], Awaitable[T]]") -> T:
    """What `work` gives with the profile's database open. Raises BadSettings, StorageFailed, UnknownKey."""
    from deploy import settings
    from deploy.storage import open_database

    async def opened() -> T:
        database = await open_database(settings.load(profile))
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(opened())


def _line(key: "Key") -> str:
    account, allowance = key.account, key.account.allowance
    limits = [
        f"{count} {unit}"
        for count, unit in (
            (allowance.per_minute, "次/分钟"),
            (allowance.per_day, "词元/日"),
            (allowance.per_month, "词元/月"),
        )
        if count is not None
    ]
    state = "已作废" if key.revoked else "已过期" if not key.open(time.time()) else "有效"
    told = [
        f"{account.id}  {account.name}  {state}",
        f"权限 {'、'.join(account.scopes)}",
        f"上限 {'、'.join(limits) or '无'}",
        f"新建 {_day(key.created)}",
        f"失效 {_day(account.expires)}",
        f"最近使用 {_day(key.used)}",
    ]
    if account.corpora:
        told.append(f"文件库 {'、'.join(account.corpora)}")
    return ";".join(told)


def _day(at: float | None) -> str:
    return "—" if at is None else datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")
