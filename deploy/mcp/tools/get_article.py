"""`get_article`: one article in full, by law and number."""

import re
from typing import Annotated

from pydantic import Field

from deploy.mcp.passages import Article
from deploy.mcp.tool import Asked, Told, Tool
from deploy.sdk import AsyncLexhub, LexhubError
from deploy.shapes.values import Day
from orchestrator.contracts import TEXT
from retrievers import numerals

_N = f"[{numerals.DIGITS}]{{1,12}}"
_NUMBER = re.compile(rf"第?\s*({_N})\s*条?(?:\s*[之-]\s*({_N}))?\s*条?")


class Which(Asked):
    """The article that is wanted."""

    law: Annotated[str, Field(max_length=200, pattern=TEXT, description="法律名称或通行简称,如 民法典、劳动合同法。")]
    number: Annotated[
        str, Field(max_length=40, description="条号:1079、第一千零七十九条、133-1 或 第一百三十三条之一。")
    ]
    as_of: Day | None = Field(default=None, description="按哪一天有效的版本(YYYY-MM-DD);不填为今天。")


class Shown(Told):
    """The article."""

    article: Article


async def run(client: AsyncLexhub, asked: Which) -> Shown:
    """Look it up. Raises LexhubError."""
    found = await client.article(asked.law, plain(asked.number), as_of=asked.as_of)
    return Shown(article=Article.of(found))


def plain(written: str) -> str:
    """The number as the API takes it: 1079 or 133-1. Raises LexhubError for what is no number of an article."""
    match = _NUMBER.fullmatch(written.strip())
    try:
        if match is None:
            raise ValueError(written)
        number, sub = numerals.to_int(match[1]), numerals.to_int(match[2]) if match[2] else 0
    except ValueError as error:
        raise LexhubError(
            "invalid_request", "条号应为数字,如 1079、第一千零七十九条 或 133-1。", 400, "number"
        ) from error
    return f"{number}-{sub}" if sub else str(number)


TOOL = Tool(
    name="get_article",
    title="查一条法条",
    description=(
        "按法律名称和条号精确查一条中国法律条文,返回文本、版本、施行日期和效力状态;没有这一条时返回 no_such_article,"
        "不要自行编写条文。"
    ),
    asked=Which,
    told=Shown,
    run=run,
)
