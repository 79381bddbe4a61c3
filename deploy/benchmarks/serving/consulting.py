"""Consultations as a client holds them, from the first message to the answer and beyond."""

from typing import Any

import aiohttp

Json = dict[str, Any]
STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转的账,现在他把我拉黑了,怎么办?"
FOLLOW_UPS = ("那利息能要吗?", "诉讼时效过了没有?", "没有借条能打赢吗?", "去哪个法院起诉?", "要花多少诉讼费?")


async def begin(client: aiohttp.ClientSession) -> str:
    """The id of a new consultation."""
    async with client.post("/v1/consultations", json={}) as response:
        response.raise_for_status()
        return str((await response.json())["id"])


async def say(client: aiohttp.ClientSession, id: str, message: Json) -> Json:
    """The reply to a message."""
    async with client.post(f"/v1/consultations/{id}/messages", json=message) as response:
        response.raise_for_status()
        return dict(await response.json())


async def end(client: aiohttp.ClientSession, id: str) -> None:
    """Delete it."""
    async with client.delete(f"/v1/consultations/{id}") as response:
        response.raise_for_status()


def next_message(reply: Json, number: int) -> Json:
    """What the client says to a reply; `number` chooses the question that is asked after an answer."""
    if reply["status"] == "question":
        return {"reply": {one["id"]: one["options"][0] for one in reply["questions"]}}
    if reply["status"] == "confirm":
        return {"confirm": {"ok": True}}
    return {"content": FOLLOW_UPS[number % len(FOLLOW_UPS)]}
