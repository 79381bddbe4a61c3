"""`lexhub train dialogues`: consultations as dialogues for `lexhub train lora`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console(highlight=False)


def dialogues(
    out: Annotated[Path, typer.Option(help="写到哪个文件(JSONL)")],
    consented: Annotated[
        list[Path] | None, typer.Option(help="当事人同意用于训练的咨询(导出接口给出的 JSON),可多次;给了就只用这些")
    ] = None,
    url: Annotated[str | None, typer.Option(help="服务地址(默认本机 8000 或 $LEXHUB_PORT)")] = None,
    key: Annotated[str | None, typer.Option(envvar="LEXHUB_API_KEY", help="API 密钥")] = None,
    scripts: Annotated[Path | None, typer.Option(help="当事人脚本的文件夹(默认自带的,均为虚构)")] = None,
    field: Annotated[list[str] | None, typer.Option(help="只用这个领域(可重复)")] = None,
) -> None:
    """由咨询记录写出训练用的对话:按脚本扮演当事人咨询运行中的服务,或用当事人同意的导出文件。

    没有答复的、引用有误的咨询不写入。身份证号、手机号等有固定形式的身份信息换成占位符;姓名、地址没有固定形式,请自行核查。
    """
    from deploy.cli import consulting, jsonl
    from deploy.clients import dialogues as made
    from deploy.clients import scripts as written

    if consented:
        rows = [made.exported(path) for path in consented]
        left_out = []
    else:
        clients = written.load(scripts or written.SHIPPED, field or ())
        spoken = [client for client in clients if client.route == "consult"]
        where = url or f"http://127.0.0.1:{os.environ.get('LEXHUB_PORT', '8000')}"
        _, held = asyncio.run(consulting.hold(where, key, spoken))
        found = [(one.played.client.id, made.of(one)) for one in held]
        rows = [row for _, row in found if row is not None]
        left_out = [id for id, row in found if row is None]
    console.print(f"已写入 {jsonl.write(out, rows)} 段对话:{out}", markup=False, soft_wrap=True)
    if left_out:
        console.print(
            f"没有答复或引用有误,未写入 {len(left_out)} 段:{'、'.join(left_out)}", markup=False, soft_wrap=True
        )
