"""`lexhub serve`: the server of a profile, until Ctrl-C."""

from typing import Annotated, Any

import typer
from rich.console import Console


def serve(
    profile: Annotated[str, typer.Option(help="embedded、cpu、gpu、cluster,或配置文件路径")] = "embedded",
    model: Annotated[
        list[str] | None,
        typer.Option(help="角色=模型(可重复):dialogue、keyword、planner、article;模型是卡片名、文件夹或 hub 名称"),
    ] = None,
    port: Annotated[int | None, typer.Option(help="端口(默认 8000 或 $LEXHUB_PORT)")] = None,
) -> None:
    """启动服务(Ray Serve),按 Ctrl-C 停止。配置 cluster 则交给正在运行的 Ray 集群,命令随即结束。"""
    from deploy import casting, cluster, server, settings

    console = Console(highlight=False)
    given: dict[str, Any] = {"roles": casting.parsed(model or ())}
    loaded = settings.load(profile, given | ({"port": port} if port else {}))
    console.print(f"正在启动律枢({loaded.profile}),数据目录 {loaded.home} …")

    if loaded.profile == "cluster":
        nodes = cluster.deploy(loaded)
        console.print(f"已就绪:{nodes} 个节点在端口 {loaded.port} 接受请求;停止用 serve shutdown")
        return

    def ready(url: str, seconds: float) -> None:
        console.print(f"已就绪:{url}(用时 {seconds:.1f} 秒);接口文档 {url}/docs;按 Ctrl-C 停止")

    server.serve(loaded, ready, lambda line: console.print(line, markup=False))
    console.print("已停止。")
