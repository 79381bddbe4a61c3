"""The embedded small models: an n-gram classifier that answers as a planner or an article model.

Needs no GPU, no torch and no download. Each answer is JSON of the form in `models.schemas`. Knows nothing of what
its labels mean: which articles exist and which routes there are was learned.
"""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import cn2an
from pydantic import BaseModel, ConfigDict, Field

from models.contracts import ModelUnavailable
from models.ngrams import Classifier
from models.replies import Reply, Replying

WEIGHTS = Path(__file__).parent.parent / "weights"
HEADS = {"plan": ("route", "field"), "articles": ("articles", "stories")}


class Options(BaseModel):
    """`weights`: a folder of models/weights, or a path. `top`: how many articles at most. `least`: the lowest weight
    that is still given. `earlier`: what an earlier user message counts against the one after it; `leaning`: the same
    for the field, where the message alone makes no field more likely than `unclear`. `sure`: the cosine from which the
    best article has weight 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Literal["plan", "articles"]
    weights: str = Field(min_length=1)
    top: int = Field(default=10, ge=1, le=32)
    least: float = Field(default=0.05, ge=0.001, le=1)
    earlier: float = Field(default=0.3, ge=0, le=1)
    leaning: float = Field(default=0.7, ge=0, le=1)
    unclear: float = Field(default=0.85, ge=0, le=1)
    sure: float = Field(default=0.12, gt=0, le=1)


def build(options: dict[str, Any]) -> "NgramModel":
    """The model; its weights are read at the first use. Raises pydantic's ValidationError for bad options."""
    return NgramModel(Options.model_validate(options))


class NgramModel(Replying):
    """A Generator of plans or articles. A planner also reads the earlier messages."""

    def __init__(self, options: Options, classifier: Classifier | None = None) -> None:
        """`classifier` in place of the weights that the options name: training tries models that are not saved."""
        self._options = options
        self._given = classifier

    def answer(self, texts: tuple[str, ...]) -> Reply:
        """As `Replying.answer`."""
        return self._plan(texts) if self._options.task == "plan" else self._articles(texts)

    async def check(self) -> None:
        """Load the weights. Raises ModelUnavailable when they are missing or lack a head of the task."""
        self._classifier  # noqa: B018 - reading the property loads

    @cached_property
    def _classifier(self) -> Classifier:
        classifier = self._given or Classifier.load(WEIGHTS / self._options.weights)
        missing = [head for head in HEADS[self._options.task] if head not in classifier.layout.heads]
        if missing:
            raise ModelUnavailable(f"the n-gram model {self._options.weights} has no head {', '.join(missing)}")
        return classifier

    def _plan(self, texts: tuple[str, ...]) -> Reply:
        reply: Reply = {}
        [(_, alone)] = self._classifier.ranked("field", texts[-1:], top=1)
        for head in HEADS["plan"]:
            earlier = (
                self._options.leaning if head == "field" and alone <= self._options.unclear else self._options.earlier
            )
            weights = [earlier**age for age in reversed(range(len(texts)))]
            ranked = self._classifier.ranked(head, texts, weights)
            reply[head] = ranked[0][0]
            reply[f"{head}_scores"] = {label: round(score, 4) for label, score in ranked}
        return reply

    def _articles(self, texts: tuple[str, ...]) -> Reply:
        rows = []
        for label, weight in self.articles(texts[-1]).items():
            law, _, number = label.partition("#")
            rows.append({"law": law, "article": _article(number), "weight": weight})
        return {"articles": rows}

    def articles(self, text: str) -> dict[str, float]:
        """Article id → weight, best first: what an article model answers, before it is put into words."""
        scores: dict[str, float] = {}
        for head in HEADS["articles"]:  # what it is like among short questions, and among long stories
            for label, score in self._classifier.ranked(head, [text], top=2 * self._options.top):
                scores[label] = scores.get(label, 0.0) + score
        ranked = sorted(scores.items(), key=lambda row: (-row[1], row[0]))[: self._options.top]
        unit = max(ranked[0][1], self._options.sure)
        weights = {label: round(score / unit, 4) for label, score in ranked}
        return {label: weight for label, weight in weights.items() if weight >= self._options.least}


def _article(number: str) -> str:
    """The heading of an article's number: 1079 → 第一千零七十九条, 133-1 → 第一百三十三条之一."""
    main, _, sub = number.partition("-")
    heading = f"第{_chinese(main)}条"
    return f"{heading}之{_chinese(sub)}" if sub else heading


@lru_cache(maxsize=4096)
def _chinese(number: str) -> str:
    text = str(cn2an.an2cn(int(number), "low"))
    return text[1:] if text.startswith("一十") else text
