"""What a request says of itself beyond its content: its id, whose it is, and until when an answer is of use."""

import time
from typing import Annotated

from fastapi import Depends, Header, Request

from deploy.api.guard import Caller
from orchestrator.services import Call, Services

LONGEST_S = 3600
LONGEST_ID = 64  # characters of a request id that are kept
TOLD = "客户端最多等多少秒;到时仍未完成即以 504 deadline_exceeded 结束。不长于服务的 limits.turn。"
Timeout = Annotated[float, Header(alias="Lexhub-Timeout", ge=0.1, le=LONGEST_S, description=TOLD)]


async def call(request: Request, timeout: Timeout = LONGEST_S) -> Call:
    """The call that this request makes. It comes after the caller among a route's parameters, which it reads."""
    state = request.scope.get("state", {})
    who: Caller | None = state.get("caller")
    return Call(
        request=state.get("request_id", "")[:LONGEST_ID],
        key=who.key if who else "",
        deadline=time.time() + timeout,
        corpora=who.corpora if who else (),
    )


Calling = Annotated[Call, Depends(call)]


async def services(request: Request, calling: Calling) -> Services:
    """The services of this replica, for this request."""
    held: Services = request.app.state.services
    return held.serving(calling)


Used = Annotated[Services, Depends(services)]
