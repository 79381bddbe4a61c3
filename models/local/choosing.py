"""Chooses the next token of every request of a batch from the model's scores: penalties, grammar, sampling.

Whole rows of a batch are worked on together, on the device that holds the scores; a token a row comes back.
"""

import random
from collections import Counter
from collections.abc import Sequence

import torch
from llguidance import LLMatcher
from torch import Tensor

from models.contracts import Chosen, Likely, Sampling
from models.local.grammar import Grammars

LIKELIEST = 1024  # how many tokens are sorted; the whole vocabulary is only where these do not hold enough


class Choice:
    """How one request's tokens are chosen, and what was chosen so far.

    `error` says why its grammar could not go on, `told` has the log-probabilities of all tokens, if they are asked for.
    """

    def __init__(self, sampling: Sampling, matcher: LLMatcher | None, prompt: Sequence[int]) -> None:
        self.sampling = sampling
        self.matcher = matcher
        self.error = ""
        self.told: list[Chosen] = []
        self._said: Counter[int] = Counter()
        self._prompt = frozenset(prompt) if sampling.repetition_penalty != 1 else frozenset()
        self._random = random.Random(sampling.seed)

    @property
    def needed(self) -> bool:
        """Whether the highest score will not do."""
        asked = self.sampling
        return self.matcher is not None or asked.temperature > 0 or asked.logprobs is not None or self.shifts

    @property
    def shifts(self) -> bool:
        """Whether single scores are changed before anything else."""
        asked = self.sampling
        penalties = asked.presence_penalty or asked.frequency_penalty or asked.repetition_penalty != 1
        return bool(penalties or asked.logit_bias)

    def shift(self, scores: Tensor) -> None:
        """Apply the penalties and biases to `scores` [vocabulary], in place."""
        asked = self.sampling
        if asked.repetition_penalty != 1 and (met := self._ids({*self._prompt, *self._said}, scores)) is not None:
            old = scores[met]
            scores[met] = torch.where(old > 0, old / asked.repetition_penalty, old * asked.repetition_penalty)
        if (asked.presence_penalty or asked.frequency_penalty) and self._said:
            # In the order of the counter, twice.
            times = torch.tensor(list(self._said.values()), device=scores.device, dtype=scores.dtype)
            ids = torch.tensor(list(self._said), device=scores.device)
            scores[ids] -= asked.presence_penalty + asked.frequency_penalty * times
        for token, bias in asked.logit_bias.items():
            if token < len(scores):
                scores[token] += bias

    def draw(self) -> float:
        """A number from 0 up to 1, the next of the request's own seed."""
        return self._random.random()

    def took(self, token: int) -> None:
        """Learn which token was chosen."""
        self._said[token] += 1
        if self.matcher is not None and not self.matcher.is_stopped() and not self.matcher.consume_token(token):
            self.error = f"the grammar refused a token: {' '.join(self.matcher.get_error().split())[:300]}"

    @staticmethod
    def _ids(tokens: set[int], scores: Tensor) -> Tensor | None:
        return torch.tensor(sorted(tokens), device=scores.device) if tokens else None


class Chooser:
    """Chooses for a batch. `choices` holds the requests that need more than the highest score, by their name."""

    def __init__(self, grammars: Grammars) -> None:
        self.choices: dict[str, Choice] = {}
        self._grammars = grammars

    def choose(self, scores: Tensor, names: Sequence[str]) -> Tensor:
        """The tokens [rows] for `scores` [rows, vocabulary] (float, changed in place) of the requests `names`."""
        # A request that was cancelled meanwhile has no choice any more, and nobody reads its tokens.
        rows = {row: self.choices[name] for row, name in enumerate(names) if name in self.choices}
        for row, choice in rows.items():
            if choice.shifts:
                choice.shift(scores[row])
        self._bind(scores, {row: choice.matcher for row, choice in rows.items() if choice.matcher is not None})
        tokens = scores.argmax(-1)
        if warm := [row for row, choice in rows.items() if choice.sampling.temperature > 0]:
            chosen = [rows[row] for row in warm]
            scores[warm] /= _column([choice.sampling.temperature for choice in chosen], scores)
            tokens[warm] = _sampled(scores[warm], chosen)
        if rows:
            ids = tokens.tolist()
            self._tell(scores, ids, rows)
            for row, choice in rows.items():
                choice.took(ids[row])
        return tokens

    def _bind(self, scores: Tensor, matchers: dict[int, LLMatcher]) -> None:
        if matchers:
            allowed = self._grammars.allowed(list(matchers.values()), scores.device)
            scores[list(matchers)] = scores[list(matchers)].masked_fill(~allowed, float("-inf"))

    def _tell(self, scores: Tensor, ids: Sequence[int], rows: dict[int, Choice]) -> None:
        """Note the log-probabilities of the chosen tokens where they are asked for."""
        asked = {row: most for row, choice in rows.items() if (most := choice.sampling.logprobs) is not None}
        if not asked:
            return
        logs = scores[list(asked)].log_softmax(-1)
        best = logs.topk(max(1, *asked.values()), dim=-1)
        mine = logs.gather(1, torch.tensor([[ids[row]] for row in asked], device=logs.device)).squeeze(1)
        told = zip(asked.items(), mine.tolist(), best.values.tolist(), best.indices.tolist(), strict=True)
        for (row, most), chance, values, tokens in told:
            # What a grammar forbids has no logarithm; there is nothing to tell of it.
            top = tuple(
                Likely(token=self._grammars.bytes_of(token), logprob=value)
                for value, token in zip(values[:most], tokens[:most], strict=True)
                if value > float("-inf")
            )
            rows[row].told.append(Chosen(token=self._grammars.bytes_of(ids[row]), logprob=chance, top=top))


def _sampled(scores: Tensor, choices: Sequence[Choice]) -> Tensor:
    """A token of each row [rows], drawn from the softmax of `scores` cut to its top_k, top_p and min_p.

    The draw is by the inverse of the cumulative distribution, with one number of each request's own seed.
    """
    asked = [choice.sampling for choice in choices]
    chances = scores.softmax(-1)
    places = None
    if any(one.top_p < 1 or one.top_k or one.min_p for one in asked):
        top_p = _column([one.top_p for one in asked], chances)
        min_p = _column([one.min_p for one in asked], chances)
        top_k = _column([one.top_k or chances.shape[1] for one in asked], chances)
        ordered, places = _ordered(chances, top_p, min_p, top_k)
        # A token stays while those before it have less than top_p; the first always does.
        before = ordered.cumsum(-1) - ordered
        rank = torch.arange(ordered.shape[1], device=ordered.device)
        chances = ordered.masked_fill((before >= top_p) | (rank >= top_k) | (ordered < min_p * ordered[:, :1]), 0)
    summed = chances.double().cumsum(-1)
    wanted = _column([choice.draw() for choice in choices], summed) * summed[:, -1:]
    # Never beyond the last token that has any chance.
    wanted = torch.minimum(wanted, summed[:, -1:].nextafter(torch.zeros_like(wanted)))
    found = torch.searchsorted(summed, wanted, right=True)
    return (found if places is None else places.gather(1, found)).squeeze(1)


def _ordered(chances: Tensor, top_p: Tensor, min_p: Tensor, top_k: Tensor) -> tuple[Tensor, Tensor]:
    """The chances in falling order, as many as can matter, with their tokens."""
    if chances.shape[1] > LIKELIEST:
        best = chances.topk(LIKELIEST, dim=-1)
        enough = (
            (best.values.sum(-1, keepdim=True) >= top_p)
            | (top_k <= LIKELIEST)
            | (best.values[:, -1:] < min_p * best.values[:, :1])
        )
        if bool(enough.all()):
            return best.values, best.indices
    whole = chances.sort(dim=-1, descending=True)
    return whole.values, whole.indices


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    return torch.tensor(values, device=like.device, dtype=like.dtype)[:, None]
