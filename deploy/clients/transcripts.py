"""A consultation as Markdown for human readers: what was said, turn by turn, and at the end how it was judged."""

from typing import Any

from deploy.clients.player import Consultation, Exchange
from deploy.clients.scoring import GROUPS


def markdown(held: Consultation) -> str:
    """The transcript. The verdict of the machine comes last, so that readers may judge for themselves first."""
    client = held.played.client
    lines = [f"# {client.id}({client.field})", "", f"当事人:{client.who}", ""]
    for number, exchange in enumerate(held.exchanges, 1):
        lines += [f"## 第 {number} 轮({exchange.ms:.0f} 毫秒)", ""]
        lines += [f"> {said}" for said in exchange.said]
        lines += ["", *_replied(exchange), ""]
    lines += ["---", "", "## 机器评分", ""]
    reasons = held.played.reasons()
    lines += [f"- {GROUPS[group]}:{';'.join(told)}" for group, told in reasons.items()] or ["- 没有发现问题"]
    if client.holds_back:
        lines += ["", "隐去的事实(加粗的会改变律师的意见):", ""]
        lines += [f"- {f'**{one.fact}**' if one.decisive else one.fact}:{one.says}" for one in client.holds_back]
    lines += ["", f"应引法条:{'、'.join(client.must_cite)}"] if client.must_cite else []
    return "\n".join(lines) + "\n"


def _replied(exchange: Exchange) -> list[str]:
    reply = exchange.reply
    if not reply:
        return ["(没有回复)"]
    lines = [f"〔{reply['status']} · {reply['route']} · {reply['domain']}〕", ""]
    if reply["answer"]:
        lines += [reply["answer"], "", *(f"- 《{row['law']}》{row['article']}" for row in reply["citations"])]
    if reply["status"] == "question":
        lines += [f"{at}. {one['text']}({one['why']})" for at, one in enumerate(reply["questions"], 1)]
    elif reply["status"] == "confirm":
        lines += ["请核对:", "", *(_fact(fact) for fact in reply["facts"])]
    return lines


def _fact(fact: dict[str, Any]) -> str:
    return f"- {fact['label']}:{fact['value']}"
