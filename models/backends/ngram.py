"""The embedded small models: an n-gram classifier that answers as a planner, a keyword or an article model.

Needs no GPU, no torch and no download. Each answer is JSON of the form in `models.schemas`. Knows nothing of what
its labels mean: which articles exist and which routes there are was learned.
"""

import json
import time
from collections.abc import AsyncIterator, Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import cn2an
from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError
from pydantic import BaseModel, ConfigDict, Field

from models.contracts import (
    BadOutput,
    BadRequest,
    Chunk,
    DeadlineExceeded,
    GenerationRequest,
    ModelUnavailable,
    Usage,
)
from models.ngrams import Classifier, normalise

WEIGHTS = Path(__file__).parent.parent / "weights"
HEADS = {"plan": ("route", "field"), "keywords": ("terms",), "articles": ("articles",)}
PIECE = 64  # characters a chunk
MOST = 64  # labels that are looked at: more than any answer holds

Reply = dict[str, Any]


class Options(BaseModel):
    """`weights`: a folder of models/weights, or a path. `top`: how many terms or articles at most. `least`: the
    lowest weight that is still given. `earlier`: what an earlier user message counts against the one after it.
    `literal`: the least weight of a vocabulary term that stands in the text itself. `sure`: the cosine from which the
    best label of a centroid head has weight 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Literal["plan", "keywords", "articles"]
    weights: str = Field(min_length=1)
    top: int = Field(default=12, ge=1, le=32)
    least: float = Field(default=0.05, ge=0.001, le=1)
    earlier: float = Field(default=0.3, ge=0, le=1)
    literal: float = Field(default=0.6, gt=0, le=1)
    sure: float = Field(default=0.12, gt=0, le=1)


def build(options: dict[str, Any]) -> "NgramModel":
    """The model; its weights are read at the first use. Raises pydantic's ValidationError for bad options."""
    return NgramModel(Options.model_validate(options))


class NgramModel:
    """A Generator. Its usage counts characters; sampling has no effect, since the answer is always the whole JSON."""

    def __init__(self, options: Options, classifier: Classifier | None = None) -> None:
        """`classifier` in place of the weights that the options name: training tries models that are not saved."""
        self._options = options
        self._given = classifier
        tasks: dict[str, Callable[[tuple[str, ...]], Reply]] = {
            "plan": self._plan,
            "keywords": self._keywords,
            "articles": self._articles,
        }
        self.answer = tasks[options.task]

    async def check(self) -> None:
        """Load the weights. Raises ModelUnavailable when they are missing or lack a head of the task."""
        self._classifier  # noqa: B018 - reading the property loads

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the JSON answer to the last user message; a planner also reads the earlier ones."""
        if request.adapter is not None:
            raise BadRequest("the n-gram models have no adapters")
        texts = tuple(message.content for message in request.messages if message.role == "user")
        if not texts:
            raise BadRequest("there is no user message to classify")
        if request.deadline is not None and time.time() > request.deadline:
            raise DeadlineExceeded("the deadline passed before the n-gram model was asked")
        reply = self.answer(texts)
        if request.schema_ is not None:
            _fits(reply, request.schema_)
        text = json.dumps(reply, ensure_ascii=False)
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
        for piece in pieces[:-1]:
            yield Chunk(text=piece)
        usage = Usage(prompt_tokens=sum(map(len, texts)), completion_tokens=len(text))
        yield Chunk(text=pieces[-1], finish_reason="stop", usage=usage)

    @cached_property
    def _classifier(self) -> Classifier:
        classifier = self._given or Classifier.load(WEIGHTS / self._options.weights)
        missing = [head for head in HEADS[self._options.task] if head not in classifier.layout.heads]
        if missing:
            raise ModelUnavailable(f"the n-gram model {self._options.weights} has no head {', '.join(missing)}")
        return classifier

    @cached_property
    def _vocabulary(self) -> dict[str, str]:
        """Every term by what it would be in normalised text."""
        return {normalise(term): term for term in self._classifier.layout.heads["terms"].labels}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._vocabulary), default=0)

    def _plan(self, texts: tuple[str, ...]) -> Reply:
        weights = [self._options.earlier**age for age in reversed(range(len(texts)))]
        reply: Reply = {}
        for head in HEADS["plan"]:
            ranked = self._classifier.ranked(head, texts, weights)
            reply[head] = ranked[0][0]
            shown = ranked if head == "route" else ranked[:5]
            reply[f"{head}_scores"] = {label: round(score, 4) for label, score in shown}
        return reply

    def _keywords(self, texts: tuple[str, ...]) -> Reply:
        weights = self._relative("terms", texts[-1])
        for term in self._standing(normalise(texts[-1])):
            weights[term] = max(weights.get(term, 0.0), self._options.literal)
        best = sorted(weights.items(), key=lambda row: -row[1])[: self._options.top]
        return {"keywords": [{"term": term, "weight": weight} for term, weight in best]}

    def _standing(self, plain: str) -> list[str]:
        """The terms that stand in the text."""
        ends = ((start, end) for start in range(len(plain)) for end in range(start + 1, start + self._longest + 1))
        parts = dict.fromkeys(plain[start:end] for start, end in ends)
        return [self._vocabulary[part] for part in parts if part in self._vocabulary]

    def _articles(self, texts: tuple[str, ...]) -> Reply:
        rows = []
        for label, weight in self.articles(texts[-1]).items():
            law, _, number = label.partition("#")
            rows.append({"law": law, "article": _article(number), "weight": weight})
        return {"articles": rows}

    def articles(self, text: str) -> dict[str, float]:
        """Article id → weight, best first: what an article model answers, before it is put into words."""
        return dict(list(self._relative("articles", text).items())[: self._options.top])

    def _relative(self, head: str, text: str) -> dict[str, float]:
        """Labels with at least the least weight, best first. The best of a ridge head has weight 1."""
        ranked = self._classifier.ranked(head, [text], top=MOST)
        best = ranked[0][1]
        kind = self._classifier.layout.heads[head].kind
        unit = best if kind == "ridge" else max(best, self._options.sure)
        weights = {label: round(score / unit, 4) for label, score in ranked}
        return {label: weight for label, weight in weights.items() if weight >= self._options.least}


def _article(number: str) -> str:
    """The heading of an article's number: 1079 → 第一千零七十九条, 133-1 → 第一百三十三条之一."""
    main, _, sub = number.partition("-")
    heading = f"第{_chinese(main)}条"
    return f"{heading}之{_chinese(sub)}" if sub else heading


def _chinese(number: str) -> str:
    text = str(cn2an.an2cn(int(number), "low"))
    return text[1:] if text.startswith("一十") else text


def _fits(reply: Reply, schema: dict[str, Any]) -> None:
    problem = next(iter(_validator(json.dumps(schema, sort_keys=True)).iter_errors(reply)), None)
    if problem is not None:
        raise BadOutput(f"the n-gram model cannot answer in the schema asked for: {problem.message}")


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    """The validator of a schema, whose own check costs more than all else that an answer needs."""
    try:
        return Draft202012Validator(json.loads(schema), retriever=_refused)
    except (ValidationError, ReferencingError) as error:
        reason = getattr(error, "message", str(error))
        raise BadRequest(f"the request's JSON schema is itself not valid: {reason}") from error


def _refused(reference: str) -> Any:
    """A schema is read alone: nothing that it refers to is fetched from a network or a disk."""
    raise ValueError(f"{reference} lies outside the schema")
