"""The experts on the wire: keywords, articles, cases and private documents, each asked directly."""

from pydantic import BaseModel, ConfigDict, Field

from deploy.shapes.values import Day
from orchestrator.contracts import Mode, Text
from retrievers.contracts import CaseFilter, CaseHit, DocumentHit, Hit, Passage, Term


class Question(BaseModel):
    """A text with its history (the client's earlier messages, oldest first)."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    history: list[Text] = Field(default=[], max_length=20)
    mode: Mode = "professional"


class Story(BaseModel):
    """A text to find keywords for."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class Search(BaseModel):
    """A search. `keywords` null: the keyword model is asked for them; an empty list: none are used."""

    model_config = ConfigDict(extra="forbid")

    query: Text
    keywords: list[Term] | None = Field(default=None, max_length=50)
    field: str = Field(default="", max_length=20)
    as_of: Day | None = None
    top: int = Field(default=10, ge=1, le=100)


class CaseSearch(Search):
    """A search for cases; `filter` limits them by court level, year, region, charge, field and kind."""

    filter: CaseFilter | None = None


class Keywords(BaseModel):
    """Weighted terms, and the model that gave them."""

    keywords: list[Term]
    model: str


class Articles(BaseModel):
    """Found articles, best first, and the keywords they were found with."""

    hits: list[Hit]
    keywords: list[Term]


class ArticleVersions(BaseModel):
    """One article of a law in every loaded version that has it, newest first."""

    law: str
    number: int
    sub: int
    versions: list[Passage]


class Cases(BaseModel):
    """Found cases, best first. A case of kind `invented` is a teaching case: no such judgment exists.

    `alike` and `differing` of a hit compare the case with the query's text, element by element.
    """

    hits: list[CaseHit]
    keywords: list[Term]


class DocumentSearch(BaseModel):
    """A search in private documents. `keywords` as in other searches; `corpora` null: in all the caller may see."""

    model_config = ConfigDict(extra="forbid")

    query: Text
    keywords: list[Term] | None = Field(default=None, max_length=50)
    top: int = Field(default=10, ge=1, le=100)
    corpora: list[str] | None = Field(default=None, max_length=50)


class Documents(BaseModel):
    """Found passages, best first, and the keywords they were found with. Their text is not law, and was not checked."""

    hits: list[DocumentHit]
    keywords: list[Term]


class Corpora(BaseModel):
    """The names of the private corpora that the caller may see."""

    corpora: list[str]
