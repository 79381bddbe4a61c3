"""The calls to the experts: plan, keywords, articles, cases, private documents, calculators."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from deploy.sdk import reading
from deploy.sdk.calls import Call, Request
from deploy.shapes.calculators import CalculatorInfo, Result, Values
from deploy.shapes.experts import (
    Articles,
    ArticleVersions,
    Cases,
    CaseSearch,
    Corpora,
    Documents,
    DocumentSearch,
    Keywords,
    Question,
    Search,
    Story,
)
from orchestrator.contracts import Mode, Routing
from retrievers.contracts import Case, CaseFilter, Passage, Term


def route(text: str, history: Sequence[str] = (), mode: Mode = "professional") -> Call[Routing]:
    """The plan for a text and the models chosen for it; nothing is carried out."""
    asked = Question(text=text, history=list(history), mode=mode)
    return Call(Request("POST", "/v1/route", asked), reading.of(Routing))


def keywords(text: str) -> Call[Keywords]:
    """Weighted legal keywords of a story."""
    return Call(Request("POST", "/v1/keywords", Story(text=text)), reading.of(Keywords))


def search_articles(
    query: str, keywords: Sequence[Term] | None = None, field: str = "", as_of: date | None = None, top: int = 10
) -> Call[Articles]:
    """Articles for a question in everyday words, best first."""
    asked = Search.model_validate(_search(query, keywords, field, as_of, top))
    return Call(Request("POST", "/v1/articles/search", asked), reading.of(Articles))


def search_cases(
    query: str,
    keywords: Sequence[Term] | None = None,
    field: str = "",
    as_of: date | None = None,
    top: int = 10,
    filter: CaseFilter | None = None,
) -> Call[Cases]:
    """Cases like a situation, best first, each with what is alike and what differs."""
    asked = CaseSearch.model_validate({**_search(query, keywords, field, as_of, top), "filter": filter})
    return Call(Request("POST", "/v1/cases/search", asked), reading.of(Cases))


def article(law: str, number: int | str, as_of: date | None = None) -> Call[Passage]:
    """One article: `number` is 1079, or "133-1" for 第一百三十三条之一."""
    return Call(Request("GET", _article(law, number), None, _day(as_of)), reading.of(Passage))


def versions(law: str, number: int | str, as_of: date | None = None) -> Call[ArticleVersions]:
    """One article in every loaded version of its law, newest first."""
    return Call(Request("GET", f"{_article(law, number)}/versions", None, _day(as_of)), reading.of(ArticleVersions))


def case(id: str) -> Call[Case]:
    """One case in full."""
    return Call(Request("GET", f"/v1/cases/{quote(id, safe='')}"), reading.of(Case))


def corpora() -> Call[list[str]]:
    """The private corpora that the caller may see."""
    read = reading.of(Corpora)
    return Call(Request("GET", "/v1/documents"), lambda response: read(response).corpora)


def search_documents(
    query: str, keywords: Sequence[Term] | None = None, top: int = 10, corpora: Sequence[str] | None = None
) -> Call[Documents]:
    """Passages of private documents, best first."""
    asked = DocumentSearch(
        query=query,
        keywords=None if keywords is None else list(keywords),
        top=top,
        corpora=None if corpora is None else list(corpora),
    )
    return Call(Request("POST", "/v1/documents/search", asked), reading.of(Documents))


def calculators() -> Call[list[CalculatorInfo]]:
    """The calculators and what each may need."""
    return Call(Request("GET", "/v1/calculators"), reading.of(list[CalculatorInfo]))


def calculate(
    name: str, inputs: Mapping[str, Decimal | int | float | str], place: str = "", on: date | None = None
) -> Call[Result]:
    """A calculation with every step and its articles. What is missing stands in `extra["missing"]` of LexhubError."""
    values = {id: value if isinstance(value, str) else str(value) for id, value in inputs.items()}
    given = Values.model_validate({"values": values, "place": place, "on": None if on is None else on.isoformat()})
    return Call(Request("POST", f"/v1/calculators/{quote(name, safe='')}", given), reading.of(Result))


def _article(law: str, number: int | str) -> str:
    return f"/v1/articles/{quote(law, safe='')}/{quote(str(number), safe='')}"


def _day(day: date | None) -> dict[str, str | None]:
    return {"as_of": None if day is None else day.isoformat()}


def _search(query: str, keywords: Sequence[Term] | None, field: str, as_of: date | None, top: int) -> dict[str, object]:
    terms = None if keywords is None else list(keywords)
    return {"query": query, "keywords": terms, "field": field, "top": top, **_day(as_of)}
