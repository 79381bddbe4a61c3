"""Trains what `knowledge` holds, on the corpus of a home: translations, others' questions, the ranker.

A question must not find itself among the questions asked before: the features of training questions are computed
with those of their own fold left out, once in random folds and once in folds of neighbouring questions (whole topics
left out), so that the ranker learns both how far to trust what it knows and what to do without.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrievers import tokenise
from retrievers.contracts import Term
from retrievers.encoding import Encoder
from retrievers.ranking import asked as asked_index
from retrievers.ranking.asked import Asked, AskedIndex, hashed
from retrievers.ranking.features import FEATURES, Features, asking
from retrievers.ranking.knowledge import Knowledge, LearnedQuestion
from retrievers.ranking.places import Places
from retrievers.ranking.ranker import Linear, Ranker
from retrievers.ranking.texts import Texts
from retrievers.ranking.translation import Translation, keys
from retrievers.tokenise import Tokeniser
from retrievers.trees import lightgbm

INNER = 8  # folds in which training questions are left out
SEED = 7
TREES = 150
SYNTHETIC = 0.5  # against a question that somebody asked: more costs those, less the laws nobody asks about
_LAMBDAMART = {
    "objective": "lambdarank", "num_leaves": 8, "learning_rate": 0.05, "min_data_in_leaf": 50,
    "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10,
    "lambdarank_truncation_level": 20, "seed": SEED, "deterministic": True, "force_row_wise": True, "verbose": -1,
    "num_threads": 1,
}  # fmt: skip

Floats = NDArray[np.float32]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the positions of the articles that govern it, and what the models said to it.

    `keywords` and `proposed` (position → weight) must come from models that did not learn this question.
    """

    text: str
    articles: tuple[str, ...]
    positions: tuple[int, ...]
    keywords: tuple[Term, ...] = ()
    proposed: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Ground:
    """What training stands on: the loaded corpus, our own words on articles, and the models that do not learn here."""

    texts: Texts
    places: Places
    own: tuple[Asked, ...]
    translation: Translation
    prior: Floats
    late: NDArray[np.bool_]
    same: NDArray[np.int64]
    cutter: Tokeniser
    encoder: Encoder

    def features(self, questions: Sequence[Labelled], folder: Path) -> Features:
        """With these questions (and our own words) as what was asked before; `folder` takes the index."""
        learned = [self._asked(question) for question in questions]
        asked_index.build([*self.own, *learned], self.places, self.encoder.dimensions, folder)
        return Features(self.texts, AskedIndex(folder, self.places), self.places, self.translation, self.prior)

    def _asked(self, question: Labelled) -> Asked:
        words, bigrams = self.cutter.words(question.text), tokenise.bigrams(question.text)
        [vector] = self.encoder.encode([question.text])
        return Asked(question.positions, hashed(words), hashed(bigrams), vector, learned=True)

    def candidates(self, features: Features, question: Labelled, helped: bool) -> "Judged":
        """The candidates of one question, with what the models said or without."""
        keywords = question.keywords if helped else ()
        proposed = dict(question.proposed) if helped else {}
        asked = asking(question.text, keywords, self.cutter, self.encoder)
        found, matrix = features.candidates(asked, proposed, late=self.late, same=self.same)
        return Judged(found, matrix, np.isin(found, question.positions))


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of a question: positions, features, and which of them govern it."""

    positions: NDArray[np.int64]
    features: Floats
    governs: NDArray[np.bool_]


def translation(pairs: Sequence[tuple[str, str]], cutter: Tokeniser) -> Translation:
    """Learned from (our question or digest, article)."""
    cut = [(keys(cutter.words(said)), keys(cutter.words(text))) for said, text in pairs]
    return Translation.train([pair for pair in cut if pair[0] and pair[1]])


def train(
    ground: Ground, questions: Sequence[Labelled], progress: Progress, synthetic: Sequence[Labelled] = ()
) -> Ranker:
    """The ranker for a corpus where these questions were asked before. Seeded and single-threaded: reproducible.

    `synthetic` questions count SYNTHETIC each: they tell of the laws that nobody asked about.
    """
    judged = list(_judged(ground, questions, progress))
    asked = len(judged)
    with tempfile.TemporaryDirectory() as folder:
        features = ground.features(questions, Path(folder))
        judged += [
            one for one in (ground.candidates(features, q, helped=False) for q in synthetic) if one.governs.any()
        ]
    weights = np.repeat([1.0] * asked + [SYNTHETIC] * (len(judged) - asked), [len(one.governs) for one in judged])
    matrix = np.concatenate([one.features for one in judged])
    governs = np.concatenate([one.governs for one in judged])
    sizes = [len(one.governs) for one in judged]
    library = lightgbm()
    data = library.Dataset(matrix, governs.astype(np.int32), weight=weights, group=sizes, feature_name=list(FEATURES))
    trees = library.train(_LAMBDAMART, data, TREES)
    linear = _linear(judged)
    return _calibrated(Ranker(linear, trees), judged[:asked])


def _judged(ground: Ground, questions: Sequence[Labelled], progress: Progress) -> Iterator[Judged]:
    draw = np.random.default_rng(SEED)
    random = draw.permutation(len(questions)) % INNER
    topics = np.arange(len(questions)) * INNER // max(len(questions), 1)
    done = 0
    for helped, folds in ((True, random), (False, topics)):
        for fold in range(INNER):
            kept = [question for question, at in zip(questions, folds, strict=True) if at != fold]
            out = [question for question, at in zip(questions, folds, strict=True) if at == fold]
            with tempfile.TemporaryDirectory() as folder:
                features = ground.features(kept, Path(folder))
                for question in out:
                    judged = ground.candidates(features, question, helped)
                    if judged.governs.any():
                        yield judged
                    done += 1
                    progress(done, 2 * len(questions), "训练排序")


def _linear(judged: Sequence[Judged]) -> Linear:
    """A linear model by listwise softmax (Cao et al. 2007, Learning to Rank: ListNet, top-one)."""
    import torch

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    whole = np.concatenate([one.features for one in judged])
    mean, deviation = whole.mean(axis=0), whole.std(axis=0) + 1e-6
    longest = max(len(one.governs) for one in judged)
    features = torch.zeros(len(judged), longest, len(FEATURES))
    wanted = torch.zeros(len(judged), longest)
    absent = torch.full((len(judged), longest), -1e9)
    for row, one in enumerate(judged):
        count = len(one.governs)
        features[row, :count] = torch.tensor((one.features - mean) / deviation)
        wanted[row, :count] = torch.tensor(one.governs / one.governs.sum())
        absent[row, :count] = 0
    weight = torch.zeros(len(FEATURES), requires_grad=True)
    epochs, rate = 25, 0.02
    optimiser = torch.optim.AdamW([weight], lr=rate, weight_decay=1e-4)
    for epoch in range(epochs):
        order = torch.randperm(len(judged))
        for start in range(0, len(judged), 64):
            some = order[start : start + 64]
            likely = torch.log_softmax(features[some] @ weight + absent[some], 1)
            optimiser.zero_grad()
            (-(wanted[some] * likely).sum(1).mean()).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - (epoch + 1) / epochs) + 1e-5
    numbers: dict[str, Any] = {
        "mean": mean.tolist(),
        "deviation": deviation.tolist(),
        "weight": weight.detach().tolist(),
    }
    return Linear(features=FEATURES, **numbers)


def _calibrated(ranker: Ranker, judged: Sequence[Judged]) -> Ranker:
    """With spreads that give both models the same say, and a logistic curve fitted to what they have learned from."""
    from scipy.optimize import minimize

    linear = ranker.linear
    scored = [linear.scores(one.features) for one in judged]
    trees = [ranker.trees.predict(one.features, num_threads=1) for one in judged]
    spreads = {
        "spread_linear": float(np.mean([row.std() for row in scored])),
        "spread_trees": float(np.mean([row.std() for row in trees])),
    }
    evened = Ranker(linear.model_copy(update=spreads), ranker.trees)
    score = np.concatenate([evened.averaged(one.features) for one in judged])
    governs = np.concatenate([one.governs for one in judged])

    # Platt's targets: a little less than certain, so that the curve stays finite where the classes part cleanly.
    yes, no = int(governs.sum()), int((~governs).sum())
    wanted = np.where(governs, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(curve: NDArray[np.float64]) -> float:
        margin = curve[0] * score + curve[1]
        return float((np.logaddexp(0, margin) - wanted * margin).mean())

    slope, offset = minimize(loss, np.array([1.0, -3.0]), method="Nelder-Mead").x
    calibrated = evened.linear.model_copy(update={"slope": float(slope), "offset": float(offset)})
    return Ranker(calibrated, ranker.trees)


def knowledge(ground: Ground, questions: Sequence[Labelled], ranker: Ranker) -> Knowledge:
    """What is shipped: the ranker with what it was trained to use."""
    learned = []
    for question in questions:
        words, bigrams = ground.cutter.words(question.text), tokenise.bigrams(question.text)
        [vector] = ground.encoder.encode([question.text])
        learned.append(LearnedQuestion(question.articles, hashed(words), hashed(bigrams), vector))
    return Knowledge(ground.encoder, tuple(learned), ground.translation, ranker)
