"""`lexhub mcp`: the tools for agents on standard input and output."""

import asyncio
from typing import Annotated

import typer


def mcp(
    url: Annotated[str, typer.Option(help="使用运行中的服务,如 http://127.0.0.1:8000;不填则在本进程内提供")] = "",
    profile: Annotated[str, typer.Option(help="配置(在本进程内提供时)")] = "embedded",
    model: Annotated[list[str] | None, typer.Option(help="角色=模型(可重复),同 lexhub serve")] = None,
    subject: Annotated[str, typer.Option(help="咨询属于哪个用户;不同用户互相看不到")] = "mcp",
) -> None:
    """MCP 服务(标准输入输出):检索法条和案例、咨询、计算。密钥取自环境变量 LEXHUB_API_KEY。"""
    import logging
    from functools import partial

    from deploy import casting, checkpoints, logs, settings
    from deploy.mcp import stdio

    logs.install()
    logging.getLogger("lexhub").setLevel(logging.WARNING)  # clients show standard error to their users
    if url:
        asyncio.run(stdio.serve(partial(stdio.elsewhere, url, settings.own_key(), subject)))
        return
    loaded = settings.load(profile, {"roles": casting.parsed(model or ())})
    checkpoints.prepare(loaded, lambda line: typer.echo(line, err=True))
    asyncio.run(stdio.serve(partial(stdio.own, loaded, subject)))
