"""Rerankers: yes against no of a causal model, and sequence classifiers."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

from models.contracts import DeadlineExceeded, ModelUnavailable
from models.readers import RerankerOptions
from models.rerankers.cross_encoder import CrossReranker
from tests.models import tiny, tiny_readers

QUESTION = "公司拖欠工资怎么办?"
TEXTS = ["你好", "离婚的问题。" * 5, "用人单位应当支付工资。"]
# Written out as the model's authors publish it.
PROMPT = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided."
    ' Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n<Instruct>: {wanted}\n'
    "<Query>: {question}\n<Document>: {text}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_readers.yes_no(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossReranker:
    return CrossReranker(RerankerOptions(model=str(folder), device="cpu", batch=2))


def test_a_causal_models_score_is_yes_against_no(folder: Path, reranker: CrossReranker) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    yes, no = tokenizer.convert_tokens_to_ids(["yes", "no"])

    def by_hand(text: str, wanted: str) -> float:
        prompt = PROMPT.format(wanted=wanted, question=QUESTION, text=text)
        ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
        with torch.inference_mode():
            logits = model(**ids).logits[0, -1]
        return float(torch.softmax(logits[[yes, no]], 0)[0])

    plain = "Given a web search query, retrieve relevant passages that answer the query"
    np.testing.assert_allclose(reranker.scores(QUESTION, TEXTS), [by_hand(text, plain) for text in TEXTS], atol=1e-5)
    told = CrossReranker(RerankerOptions(model=str(folder), device="cpu", instruction="Find the law"))
    np.testing.assert_allclose(
        told.scores(QUESTION, TEXTS), [by_hand(text, "Find the law") for text in TEXTS], atol=1e-5
    )


def test_scores_keep_the_order_of_the_texts(reranker: CrossReranker) -> None:
    found = reranker.scores(QUESTION, TEXTS)
    assert found == pytest.approx([reranker.scores(QUESTION, [text])[0] for text in TEXTS], abs=1e-5)
    assert len(set(found)) == 3
    assert all(0 <= score <= 1 for score in found)
    assert reranker.scores(QUESTION, []) == []


def test_a_long_text_is_cut_and_the_question_about_it_is_not(reranker: CrossReranker) -> None:
    long = reranker.scores("甲" * 9000, ["乙" * 9000])
    assert long == reranker.scores("甲" * 9000, ["乙" * 9000 + "丙"])
    assert 0 <= long[0] <= 1


def test_a_classifiers_score_is_the_sigmoid_of_its_logit(tmp_path: Path) -> None:
    folder = tiny_readers.classifier(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        wanted = [
            float(torch.sigmoid(model(**tokenizer("借钱", text, return_tensors="pt")).logits[0, 0])) for text in TEXTS
        ]
    found = CrossReranker(RerankerOptions(model=str(folder), device="cpu")).scores("借钱", TEXTS)
    assert found == pytest.approx(wanted, abs=1e-5)


def test_nothing_is_read_past_the_deadline(reranker: CrossReranker) -> None:
    with pytest.raises(DeadlineExceeded, match="0 of 3"):
        reranker.scores(QUESTION, TEXTS, deadline=time.time() - 1)


def test_what_is_no_reranker_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="3 scores"):
        CrossReranker(RerankerOptions(model=str(tiny_readers.classifier(tmp_path / "three", labels=3)), device="cpu"))
    with pytest.raises(ModelUnavailable, match="'yes'"):
        CrossReranker(RerankerOptions(model=str(tiny.checkpoint(tmp_path / "mute")), device="cpu"))
