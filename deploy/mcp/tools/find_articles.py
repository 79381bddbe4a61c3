"""`find_articles`: the articles that govern a question."""

from typing import Annotated

from pydantic import Field

from deploy.mcp.passages import Article
from deploy.mcp.tool import Asked, Told, Tool
from deploy.sdk import AsyncLexhub
from deploy.shapes.values import Day
from orchestrator.contracts import Text


class Question(Asked):
    """A question in everyday words."""

    query: Annotated[Text, Field(description="要解决的问题或经过,用日常语言写即可。")]
    as_of: Day | None = Field(default=None, description="按哪一天的法律(YYYY-MM-DD);不填为今天。")
    top: int = Field(default=8, ge=1, le=30, description="最多几条。")


class Found(Article):
    """A found article; `score` orders them."""

    score: float


class Articles(Told):
    """The articles, best first."""

    articles: list[Found]
    keywords: list[str] = Field(description="检索所用的法律关键词。")
    lacking: list[str] = Field(default=[], description="检索中没能用上的部分,应当告诉用户。")


async def run(client: AsyncLexhub, asked: Question) -> Articles:
    """Search. Raises LexhubError."""
    found = await client.search_articles(asked.query, as_of=asked.as_of, top=asked.top)
    return Articles(
        articles=[Found(**Article.of(hit.passage).model_dump(), score=round(hit.score, 4)) for hit in found.hits],
        keywords=[term.term for term in found.keywords],
        lacking=list(found.hits[0].lacking) if found.hits else [],
    )


TOOL = Tool(
    name="find_articles",
    title="检索法条",
    description=(
        "按日常语言的问题检索中国法律条文,返回最相关的条文、版本和效力状态。只检索,不作结论;要结论请用 consult。"
        "kind 为 digest 的是要旨,不能当作原文引用。"
    ),
    asked=Question,
    told=Articles,
    run=run,
)
