"""Stored sessions on the command line: `lexhub sessions key`, `seal`, `purge`, `stats`."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from deploy.settings import Settings

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)
Profile = Annotated[str, typer.Option(help="配置:内置名称或 .yaml 文件")]
PLAIN = "明文"


@app.command()
def key(id: Annotated[str, typer.Option(help="密钥的名称(字母、数字、_、-)")] = "k1") -> None:
    """生成一个新的存储密钥。把输出放进环境变量 LEXHUB_STORAGE_KEYS;轮换时新的放最前面,旧的留在后面。"""
    from deploy.settings import BadSettings
    from orchestrator.storage.sealing import Sealing, new_key

    made = new_key(id)
    try:
        Sealing.parse(made)
    except ValueError as error:
        raise BadSettings("the id of a key has 1 to 32 letters, digits, _ and -") from error
    print(made)


@app.command()
def seal(profile: Profile = "embedded") -> None:
    """用第一个密钥加密全部已存的会话:明文的和用旧密钥加密的。完成后旧密钥可以去掉。"""
    from deploy import settings

    raise typer.Exit(asyncio.run(_seal(settings.load(profile))))


@app.command()
def purge(
    days: Annotated[float, typer.Option("--older-than", min=0, help="最后一轮对话在多少天以前")],
    profile: Profile = "embedded",
) -> None:
    """删除很久没有对话的会话及其全部数据。"""
    from deploy import settings

    asyncio.run(_purge(settings.load(profile), days))


@app.command()
def stats(profile: Profile = "embedded") -> None:
    """会话数据库的概况:各表的行数,以及它们是用哪个密钥加密的。"""
    from deploy import settings

    asyncio.run(_stats(settings.load(profile)))


async def _seal(settings: "Settings") -> int:
    from deploy.settings import BadSettings
    from deploy.storage import open_database
    from orchestrator.storage.resealing import reseal

    database = await open_database(settings)
    try:
        if not database.sealing.sealed:
            raise BadSettings("LEXHUB_STORAGE_KEYS is not set; make a key with `lexhub sessions key`")
        changed, refused = await reseal(database)
    finally:
        await database.close()
    console.print(f"重新加密 {changed} 行。")
    for id in refused:
        console.print(f"拒绝:会话 {id} 的数据被改动过,或者缺少它的密钥。", markup=False)
    return 2 if refused else 0


async def _purge(settings: "Settings", days: float) -> None:
    from deploy.storage import open_database
    from orchestrator.storage.sessions import SessionStore

    database = await open_database(settings)
    store = SessionStore(database)
    try:
        console.print(f"删除 {await store.purge(time.time() - days * 86_400)} 个会话。")
    finally:
        await store.close()
        await database.close()


async def _stats(settings: "Settings") -> None:
    from deploy.storage import open_database
    from orchestrator.storage.resealing import seals

    database = await open_database(settings)
    try:
        for table, found in (await seals(database)).items():
            told = ",".join(f"{id or PLAIN} {count}" for id, count in sorted(found.items()))
            console.print(f"{table:12} {sum(found.values())} 行{f'({told})' if told else ''}", markup=False)
    finally:
        await database.close()
