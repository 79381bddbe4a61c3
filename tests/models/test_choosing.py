"""models.local.choosing: sampling as OpenAI's parameters say, row by row, on whole batches."""

import math
from collections import Counter
from typing import Any

import pytest
import torch
from llguidance import LLMatcher

from models.contracts import Sampling
from models.local import choosing
from models.local.choosing import Choice, Chooser


class Letters:
    """Stands for Grammars: a token's bytes are its number."""

    def bytes_of(self, token: int) -> bytes:
        return str(token).encode()

    def allowed(self, matchers: list[LLMatcher], device: torch.device) -> torch.Tensor:
        raise AssertionError("no grammar here")


def chooser(*sampling: dict[str, Any], prompt: tuple[int, ...] = ()) -> tuple[Chooser, list[str]]:
    made = Chooser(Letters())  # type: ignore[arg-type]
    names = [f"r{at}" for at in range(len(sampling))]
    made.choices = {
        name: Choice(Sampling.model_validate(one), None, prompt) for name, one in zip(names, sampling, strict=True)
    }
    return made, names


def drawn(scores: list[float], times: int = 4000, **sampling: Any) -> dict[int, float]:
    """How often each token is chosen."""
    made, names = chooser(*({"temperature": 1.0, "seed": seed, **sampling} for seed in range(times)))
    count = Counter(made.choose(torch.tensor([scores] * times), names).tolist())
    return {token: number / times for token, number in count.items()}


def softmax(scores: list[float]) -> list[float]:
    powers = [math.exp(score) for score in scores]
    return [power / sum(powers) for power in powers]


SCORES = [2.0, 1.0, 0.5, -1.0, -3.0]


def test_the_highest_score_is_taken_without_a_temperature() -> None:
    made, names = chooser({"temperature": 0.0, "logprobs": 0})
    assert made.choose(torch.tensor([SCORES]), names).tolist() == [0]
    # A request that nobody knows any more is greedy too.
    assert made.choose(torch.tensor([SCORES, SCORES[::-1]]), ["gone", "too"]).tolist() == [0, 4]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_come_as_often_as_the_softmax_says(temperature: float) -> None:
    often = drawn(SCORES, temperature=temperature)
    for token, chance in enumerate(softmax([score / temperature for score in SCORES])):
        assert often.get(token, 0.0) == pytest.approx(chance, abs=0.03)


@pytest.mark.parametrize(
    ("cut", "kept"),
    [({"top_k": 2}, {0, 1}), ({"top_p": 0.7}, {0, 1}), ({"top_p": 0.01}, {0}), ({"min_p": 0.2}, {0, 1, 2})],
)
def test_unlikely_tokens_are_cut_and_the_others_keep_their_shares(cut: dict[str, Any], kept: set[int]) -> None:
    often = drawn(SCORES, **cut)
    assert set(often) == kept
    whole = sum(softmax(SCORES)[token] for token in kept)
    for token in kept:
        assert often[token] == pytest.approx(softmax(SCORES)[token] / whole, abs=0.03)


def test_the_cuts_are_the_same_where_only_a_part_of_the_vocabulary_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    scores = (3 * torch.randn(200)).tolist()
    asked: list[dict[str, Any]] = [{"top_k": 20}, {"top_p": 0.5}, {"top_p": 0.999}, {"min_p": 0.05}, {"top_k": 90}]
    whole = [drawn(scores, 300, **cut) for cut in asked]
    monkeypatch.setattr(choosing, "LIKELIEST", 32)
    assert [drawn(scores, 300, **cut) for cut in asked] == whole


def test_a_seed_is_the_requests_own() -> None:
    def said(*seeds: int) -> list[list[int]]:
        made, names = chooser(*({"temperature": 1.5, "seed": seed} for seed in seeds))
        rows = torch.tensor([SCORES] * len(seeds))
        steps = [made.choose(rows.clone(), names).tolist() for _ in range(30)]
        return [list(column) for column in zip(*steps, strict=True)]

    together = said(1, 2, 1)
    assert together[0] == together[2] == said(1)[0] != together[1]


def test_penalties_count_what_was_said() -> None:
    made, names = chooser(
        {"frequency_penalty": 0.6}, {"presence_penalty": 1.2}, {"repetition_penalty": 3.0}, prompt=(0,)
    )
    rows = torch.tensor([SCORES] * 3)
    steps = [made.choose(rows.clone(), names).tolist() for _ in range(4)]
    # 2.0 → 1.4 → .8 → below 1.0; present once → .8 for good; the prompt counts at once: 2.0 / 3
    assert [row[0] for row in steps] == [0, 0, 1, 0]
    assert [row[1] for row in steps] == [0, 1, 0, 0]
    assert [row[2] for row in steps] == [1, 0, 0, 0]


def test_a_bias_forbids_or_forces_a_token() -> None:
    made, names = chooser({"logit_bias": {0: -100, 99: 100}}, {"logit_bias": {4: 100}})
    assert made.choose(torch.tensor([SCORES, SCORES]), names).tolist() == [1, 4]


def test_log_probabilities_are_those_of_the_choice() -> None:
    made, names = chooser({"logprobs": 2}, {"logprobs": 0, "temperature": 0.5, "seed": 3})
    made.choose(torch.tensor([SCORES, SCORES]), names)
    (greedy,), (warm,) = (made.choices[name].told for name in names)
    logs = [math.log(chance) for chance in softmax(SCORES)]
    assert greedy.token == b"0"
    assert greedy.logprob == pytest.approx(logs[0], abs=1e-5)
    assert [(one.token, pytest.approx(one.logprob, abs=1e-5)) for one in greedy.top] == [
        (b"0", logs[0]),
        (b"1", logs[1]),
    ]
    halved = [math.log(chance) for chance in softmax([score / 0.5 for score in SCORES])]
    assert warm.logprob == pytest.approx(halved[int(warm.token)], abs=1e-5)
    assert warm.top == ()
