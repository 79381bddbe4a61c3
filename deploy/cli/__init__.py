"""The command line `lexhub`: one module for each command, heavy imports inside the commands."""

import sys

import typer

from deploy.cli import (
    ask,
    bench,
    doctor,
    documents,
    evaluate,
    ingest,
    keys,
    mcp,
    models,
    route,
    search,
    serve,
    sessions,
    size,
    top,
    train,
)

app = typer.Typer(name="lexhub", help="律枢:自托管的法律咨询服务", no_args_is_help=True, pretty_exceptions_enable=False)
app.command("serve")(serve.serve)
app.command("ask")(ask.ask)
app.command("route")(route.route)
app.command("mcp")(mcp.mcp)
app.command("doctor")(doctor.doctor)
app.command("top")(top.top)
app.command("size")(size.size)
app.add_typer(search.app, name="search", help="检索法条、案例或内部文件(单条或批量 JSONL)")
app.add_typer(ingest.app, name="ingest", help="导入法律法规、案例或内部文件")
app.add_typer(documents.app, name="documents", help="内部文件")
app.add_typer(sessions.app, name="sessions", help="已存的会话:加密、删除、概况")
app.add_typer(models.app, name="models", help="模型卡片与权重;live:运行中的服务的模型")
app.add_typer(keys.app, name="keys", help="API 密钥、限额与用量")
app.add_typer(train.app, name="train", help="训练内置小模型,或语言模型的 LoRA 适配器")
app.add_typer(evaluate.app, name="eval", help="质量评测")
app.add_typer(bench.app, name="bench", help="测量")


def main() -> None:
    """Run the command line; errors of ours are one line on stderr and exit status 2."""
    from deploy.settings import BadSettings
    from models.contracts import ModelError
    from orchestrator.contracts import ConsultationError
    from retrievers.contracts import RetrievalError

    try:
        app()
    except (BadSettings, ConsultationError, ModelError, RetrievalError) as error:
        print(f"lexhub: {error.code}: {error}", file=sys.stderr)
        sys.exit(2)
