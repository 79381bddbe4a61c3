"""What a tool is: a name, words for the model that reads them, typed input and output, and the calls that it makes.

Tools know the public API through its client alone: they hold no law, and decide nothing about who may call.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from deploy.sdk import AsyncLexhub
from orchestrator.contracts import Reply

NOTICE: str = Reply.model_fields["notice"].default
REACHES = "所收录的法条截至哪一天;此后的修改请以官方公布为准。null 表示未知。"


class Asked(BaseModel):
    """Base of all inputs: unknown names are refused, so that a misspelt argument is not a silent default."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """Base of all outputs: the label that AI-made content carries, and the day to which the law reaches."""

    notice: str = Field(default=NOTICE, description="必须随结果一并展示给用户的提示。")
    reaches: date | None = Field(default=None, description=REACHES)


@dataclass(frozen=True)
class Tool:
    """One tool. `run` may raise LexhubError, which its caller is told with its stable code.

    `keeps`: a call leaves something behind at the server; all others only read.
    """

    name: str
    title: str
    description: str
    asked: type[Asked]
    told: type[Told]
    run: Callable[[AsyncLexhub, Any], Awaitable[Told]]
    keeps: bool = False
