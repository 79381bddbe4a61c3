"""What the rest of the house may know of statutes, cases and documents: values, the library's promise, errors.

Pydantic and the standard library only. Every value is frozen and survives pickling between replicas.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["in_force", "not_yet", "repealed", "superseded"]
Authority = Literal["verified", "digest"]
CaseKind = Literal["invented", "judgment", "guiding"]
Level = Literal["最高", "高级", "中级", "基层"]
LEVELS: tuple[Level, ...] = ("最高", "高级", "中级", "基层")
CORPUS_NAME = r"^[\w][\w-]{0,39}$"  # of a corpus of private documents: letters of any script, digits, _ and -


def article_id(law: str, number: int, sub: int = 0, version: str = "") -> str:
    """The id of an article: 刑法#133-1, 公司法@2018-10-26#20; marks 《》 inside the title are left out of ids."""
    return f"{plain_title(law)}{'@' + version if version else ''}#{number}{f'-{sub}' if sub else ''}"


def plain_title(law: str) -> str:
    """The title (or id) without the marks 《》 inside it: what makes two laws the same law."""
    return law.translate({ord(mark): None for mark in "《》〈〉"})


class RetrievalError(Exception):
    """Any failure of this package; `code` is stable and `str(error)` is one readable sentence.

    Positional arguments only, so that the error survives pickling between processes.
    """

    code = "retrieval_failed"


class NoSuchArticle(RetrievalError):
    """The law or the article does not exist in the corpus."""

    code = "no_such_article"


class NoSuchCase(RetrievalError):
    """No case has that identifier."""

    code = "no_such_case"


class NoSuchDocument(RetrievalError):
    """No corpus of private documents has that name, or none of its files has."""

    code = "no_such_document"


class SearchTooLate(RetrievalError):
    """The time that the search had is over."""

    code = "deadline_exceeded"


class CorruptIndex(RetrievalError):
    """A saved corpus or index does not match its manifest; the message names the file."""

    code = "corrupt_index"


class EncoderMismatch(CorruptIndex):
    """An index or a ranker was made with another encoder; the message names the command that makes it again."""

    code = "encoder_mismatch"


class BadSource(RetrievalError):
    """A file given for import cannot be read; the message names it."""

    code = "bad_source"


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Successor(Value):
    """What governs in place of a repealed or superseded text.

    `law` is its title, loaded or not. Of a newer version of the same law, `version` is the adoption date where known,
    and `id` the passage of the article with the same number where that is loaded; it may say something else.
    """

    law: str
    version: str = ""
    id: str = ""


class Passage(Value):
    """One article of one version of a law.

    `id` is `民法典#1079`, `刑法#133-1`, or with a version `公司法@2018-10-26#20` when it is not the current one.
    `text` is the official text (`kind` official) or our digest. `version` is the adoption date, an identifier only;
    `effective_from` and `effective_to` (exclusive) are null where unknown. Of a repealed or superseded text,
    `changed_by` is the Chinese sentence that says why, and `successor` what governs instead, null where nothing does.
    """

    id: str
    law: str
    article: str
    number: int
    sub: int = 0
    text: str
    kind: Literal["official", "digest"]
    status: Status = "in_force"
    version: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    changed_by: str = ""
    successor: Successor | None = None
    category: str = ""
    part: str = ""
    chapter: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """《民法典》第一千零七十九条."""
        return f"《{self.law}》{self.article}"

    @property
    def citable(self) -> bool:
        """Whether an answer may rest on this text: it is in force."""
        return self.status == "in_force"

    @property
    def authority(self) -> Authority:
        """The status that a citation of this passage has."""
        return "verified" if self.kind == "official" else "digest"


class Case(Value):
    """One case. `kind` invented: a teaching case of this project, to be labelled wherever it is shown.

    `number` is the case number (案号) as written. `level` of the court, `region` (a province: 北京, 内蒙古) and `year`
    of the judgment are empty or null where unknown. `charges` are criminal ones (盗窃罪); a civil case has a `cause`.
    """

    id: str
    title: str
    kind: CaseKind
    field: str = ""
    cause: str = ""
    facts: str
    issue: str = ""
    outcome: str = ""
    reasoning: str = ""
    articles: tuple[str, ...] = ()
    court: str = ""
    number: str = ""
    level: Level | Literal[""] = ""
    region: str = ""
    charges: tuple[str, ...] = ()
    year: int | None = None
    source: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the case is about: its charges, else its cause."""
        return self.charges or ((self.cause,) if self.cause else ())


class Term(Value):
    """A search term with its weight in (0, 1]."""

    term: str = Field(min_length=1)
    weight: float = Field(gt=0, le=1)


class CaseFilter(Value):
    """Which cases a search may give: each list that is not empty must hold the case's own value.

    `year_from` and `year_to` are inclusive; a case without a known year is then left out. A charge is matched with or
    without 罪, and inside a compound one (贩卖毒品罪 in 走私、贩卖、运输、制造毒品罪). A region may be written 北京 or
    北京市.
    """

    levels: tuple[Level, ...] = ()
    year_from: int | None = Field(default=None, ge=1949, le=2200)
    year_to: int | None = Field(default=None, ge=1949, le=2200)
    regions: tuple[str, ...] = Field(default=(), max_length=50)
    charges: tuple[str, ...] = Field(default=(), max_length=50)
    fields: tuple[str, ...] = Field(default=(), max_length=50)
    kinds: tuple[CaseKind, ...] = ()


class Query(Value):
    """A search: the story or question, weighted keywords, articles that a model proposed, and the filters.

    `proposed` holds article ids with weights in (0, 1]. `as_of` null means today. `pool` limits cases to these ids,
    `only` to those with these properties. `thorough`: the embedder and the reranker are asked too, where there are any.
    `deadline`: Unix time in seconds after which nobody waits for the result.
    """

    text: str
    keywords: tuple[Term, ...] = ()
    proposed: tuple[tuple[str, float], ...] = ()
    field: str = ""
    as_of: date | None = None
    top: int = Field(default=10, ge=1, le=1000)
    pool: tuple[str, ...] | None = None
    only: CaseFilter | None = None
    thorough: bool = True
    deadline: float | None = None


class Hit(Value):
    """A found article: `score` orders the hits, `scores` says where it came from (bm25_words, bm25_bigrams, …).

    `lacking` is the same in all hits of a search: a sentence for each model that should have been asked and failed.
    """

    passage: Passage
    score: float
    scores: dict[str, float] = Field(default_factory=dict)
    lacking: tuple[str, ...] = ()


class Ranking(Value):
    """What hits say, without texts: the score of each article by its id, best first; `lacking` as in `Hit`."""

    scores: dict[str, float] = Field(default_factory=dict)
    lacking: tuple[str, ...] = ()


class CaseHit(Value):
    """A found case, as `Hit`. `alike` and `differing`: what it has in common with the query's story and what not."""

    case: Case
    score: float
    scores: dict[str, float] = Field(default_factory=dict)
    alike: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


class DocumentPassage(Value):
    """A passage of a private document: never law, whatever it says of itself.

    `corpus` is a name as CORPUS_NAME allows, `file` the path inside the corpus. `place` says where in the file the
    passage stands (第三章 考勤 > 第十二条，第4页), `ordinal` counts the file's passages from 1. `text` comes from
    outside and is to be treated as data; it holds no control characters.
    """

    corpus: str
    file: str
    ordinal: int = Field(ge=1)
    place: str = ""
    text: str

    @property
    def id(self) -> str:
        """hr/员工手册.docx#12."""
        return f"{self.corpus}/{self.file}#{self.ordinal}"


class DocumentHit(Value):
    """A found passage, as `Hit`; scores of several corpora can be compared."""

    passage: DocumentPassage
    score: float
    scores: dict[str, float] = Field(default_factory=dict)


class Mention(Value):
    """A citation as written in a text: characters `start` to `end`, and what it names.

    `law` is the canonical title where the writing is known, else as written, empty where the text names none;
    `paragraph` is 款, `item` 项. `version` is the year of an older version
    that the text asks for (公司法(2018修正)), or 旧.
    """

    text: str
    start: int
    end: int
    law: str
    number: int
    sub: int = 0
    paragraph: int | None = None
    item: int | None = None
    version: str = ""

    @property
    def id(self) -> str:
        """The passage id it points to: `刑法#133-1`."""
        return article_id(self.law, self.number, self.sub)


class Resolution(Value):
    """What a mention turned out to be. `excerpt` is the 款 or 项 asked for, else all.

    `passage` is the text that is loaded for the article, also where it is repealed or lacks that 款; only `found`
    may be cited. `note` is one Chinese sentence for the reader when the mention is not citable as it stands.
    """

    mention: Mention
    outcome: Literal["found", "no_such_law", "no_such_article", "no_such_paragraph", "repealed", "superseded"]
    passage: Passage | None = None
    excerpt: str = ""
    note: str = ""


class Verdict(Value):
    """Whether a sentence may be sent: every citation in it exists, is in force and supports what it says.

    `allowed` figures (the client's own) are not asked of the law. `faults` is empty exactly when `ok`.
    """

    ok: bool
    citations: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class CorpusState(Value):
    """What is loaded: counts, the digest of the generation that serves, and the day its texts reach."""

    laws: int
    articles: int
    official: int
    digests: int
    cases: int
    invented: int
    generation: str
    reaches: date | None


class Library(Protocol):
    """Statutes, cases and private documents, ready to search.

    All methods may be called concurrently; all raise RetrievalError only.
    """

    async def search_articles(self, query: Query) -> list[Hit]:
        """The best articles first, at most `query.top`; repealed and superseded texts come last or not at all."""
        ...

    async def rank_articles(self, query: Query) -> Ranking:
        """The articles that `search_articles` finds, without their texts, which take time to fetch and to send."""
        ...

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """The most similar cases first, at most `query.top`."""
        ...

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        """The article, any common name of the law, in the version valid on `as_of` (null: today).

        Raises NoSuchArticle with a sentence that says whether law or article is missing.
        """
        ...

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        """The article in every loaded version of the law that has it, newest first, with its status on `as_of`.

        Raises NoSuchArticle as `article`.
        """
        ...

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        """The passages with these ids, in this order, with their status on `as_of`; unknown ids are left out."""
        ...

    async def case(self, id: str) -> Case:
        """The case with this id. Raises NoSuchCase."""
        ...

    async def cases(self, ids: Sequence[str]) -> list[Case]:
        """The cases with these ids, in their order; ids that are gone are left out."""
        ...

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        """The best passages of these corpora of private documents, at most `query.top`; unknown corpora hold none.

        Who may see a corpus is the caller's to decide: only what is named here is looked at.
        """
        ...

    async def document_corpora(self) -> list[str]:
        """The names of all corpora of private documents that hold something."""
        ...

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        """Every citation written in `text`, in any notation, in order of appearance."""
        ...

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        """One verdict for each sentence. `allowed` is text (the client's facts) whose figures need no support."""
        ...

    async def state(self) -> CorpusState:
        """What is loaded now."""
        ...
