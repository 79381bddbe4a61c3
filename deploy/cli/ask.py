"""`lexhub ask`: a whole consultation in the terminal, streamed, without a server."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.prompt import Prompt

if TYPE_CHECKING:
    from deploy.settings import Settings

console = Console(highlight=False)


def ask(
    question: Annotated[str, typer.Argument(help="您的问题")],
    profile: Annotated[str, typer.Option(help="配置")] = "embedded",
    model: Annotated[list[str] | None, typer.Option(help="角色=模型(可重复),同 lexhub serve")] = None,
    mode: Annotated[str, typer.Option(help="professional 或 normal")] = "professional",
    yes: Annotated[bool, typer.Option("--yes", help="不提问、不确认,直接按已知事实回答")] = False,
) -> None:
    """在终端里完成一次咨询。"""
    from deploy import casting, checkpoints, settings

    loaded = settings.load(profile, {"roles": casting.parsed(model or ())})
    checkpoints.prepare(loaded, lambda line: console.print(line, style="dim", markup=False))
    asyncio.run(_consult(question, loaded, "normal" if mode == "normal" else "professional", yes))


async def _consult(question: str, loaded: "Settings", mode: str, yes: bool) -> None:
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.types import Command

    from deploy import local
    from orchestrator import graph
    from orchestrator.contracts import UserMessage
    from orchestrator.state import turn

    services = local.services(loaded)
    compiled = graph.build(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "terminal"}}
    message = UserMessage(content=question).cleaned()
    given: Any = {"mode": mode, "auto_confirm": yes}
    number = 0
    while True:
        number += 1
        begun = turn(message.model_dump(mode="json", exclude_none=True), number)
        snapshot = await compiled.aget_state(config)
        source: Any = Command(resume=begun) if snapshot.interrupts else {**given, **begun}
        async for event in compiled.astream(source, config, context=services, stream_mode="custom"):
            _show(event)
        snapshot = await compiled.aget_state(config)
        if not snapshot.interrupts:
            return
        message = UserMessage.model_validate(_answer(snapshot.interrupts[0].value, yes)).cleaned()


def _show(event: dict[str, Any]) -> None:
    if event["kind"] == "delta":
        console.print(event["data"]["text"], end="", markup=False)
    elif event["kind"] == "plan":
        console.print(f"〔{event['data']['route']} · {event['data']['domain']}〕", style="dim")


def _answer(reply: dict[str, Any], yes: bool) -> dict[str, Any]:
    """The message that answers the reply's questions or confirms its facts."""
    if reply["status"] == "question":
        given = {}
        for question in reply["questions"]:
            if yes:
                given[question["id"]] = "跳过"
                continue
            console.print(f"\n{question['text']}", style="bold")
            console.print(f"({question['why']})", style="dim", markup=False)
            for part in (question, question["beside"]):
                if part:
                    console.print(f"可选:{' / '.join(part['options'])}", style="dim", markup=False)
            given[question["id"]] = Prompt.ask(">", default="不清楚")
        return {"reply": given}
    console.print("\n请核对事实:", style="bold")
    for fact in reply["facts"]:
        console.print(
            f"  {fact['id']}  {fact['label']}:{fact['value']}{'(已更正)' if fact['changed'] else ''}", markup=False
        )
    if yes:
        return {"confirm": {"ok": True}}
    said = Prompt.ask("直接回车表示正确;更正请写 编号=内容", default="")
    if "=" not in said:
        return {"confirm": {"ok": True}}
    id, _, value = said.partition("=")
    return {"confirm": {"ok": False, "changes": {id.strip(): value.strip()}}}
