"""Embedders: a tiny Qwen3 with pooling of its own, and plain encoders without."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from models.contracts import ModelUnavailable
from models.embedders import transformers_pooled
from models.embedders.transformers_pooled import PooledEmbedder
from models.readers import EmbedderOptions
from tests.models import tiny_readers

TEXTS = ["公司拖欠工资怎么办?", "你好", "离婚", "你好,我想咨询一下离婚的问题。" * 3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_readers.embedder(tmp_path_factory.mktemp("embedder"))


@pytest.fixture(scope="module")
def embedder(folder: Path) -> PooledEmbedder:
    return PooledEmbedder(EmbedderOptions(model=str(folder), device="cpu"))


def test_vectors_have_length_one_and_a_batch_is_what_each_text_gives_alone(embedder: PooledEmbedder) -> None:
    found = embedder.passages(TEXTS)
    assert found.shape == (4, embedder.dimensions) == (4, 64)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    alone = np.concatenate([embedder.passages([text]) for text in TEXTS])
    np.testing.assert_allclose(found, alone, atol=1e-5)
    assert embedder.passages([]).shape[0] == 0


def test_a_vector_is_the_last_state_of_prompt_and_question(folder: Path, embedder: PooledEmbedder) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

    def by_hand(text: str) -> np.ndarray:  # type: ignore[type-arg]
        with torch.inference_mode():
            last = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0, -1].numpy()
        return np.asarray(last / np.linalg.norm(last))

    np.testing.assert_allclose(embedder.questions(["你好"])[0], by_hand(f"{tiny_readers.QUERY}你好"), atol=1e-5)
    np.testing.assert_allclose(embedder.passages(["你好"])[0], by_hand("你好"), atol=1e-5)
    other = PooledEmbedder(EmbedderOptions(model=str(folder), device="cpu", prompt="问:"))
    np.testing.assert_allclose(other.questions(["你好"])[0], by_hand("问:你好"), atol=1e-5)
    assert other.digest == embedder.digest, "the prompt of questions does not touch what is stored"


def test_fewer_dimensions_are_the_first_ones_at_length_one(folder: Path, embedder: PooledEmbedder) -> None:
    cut = PooledEmbedder(EmbedderOptions(model=str(folder), device="cpu", dimensions=16))
    whole = embedder.passages(TEXTS)[:, :16]
    np.testing.assert_allclose(cut.passages(TEXTS), whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-5)
    assert cut.digest != embedder.digest
    with pytest.raises(ModelUnavailable, match="64 dimensions, 128"):
        PooledEmbedder(EmbedderOptions(model=str(folder), device="cpu", dimensions=128))


def test_the_digest_is_of_weights_and_pooling_not_of_the_place(folder: Path, tmp_path: Path) -> None:
    known = transformers_pooled.digest(EmbedderOptions(model=str(folder)))
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert transformers_pooled.digest(EmbedderOptions(model=str(copied), dtype="bfloat16", batch=3)) == known
    pooling = copied / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("lasttoken", "cls_token"))
    assert transformers_pooled.digest(EmbedderOptions(model=str(copied))) != known
    stirred = tiny_readers.embedder(tmp_path / "stirred", seed=5)
    assert transformers_pooled.digest(EmbedderOptions(model=str(stirred))) != known


def test_a_plain_encoder_is_pooled_by_its_mean(tmp_path: Path) -> None:
    folder = tiny_readers.classifier(tmp_path)
    found = PooledEmbedder(EmbedderOptions(model=str(folder), device="cpu")).passages(["借钱还钱"])[0]
    tokens = AutoTokenizer.from_pretrained(folder)("借钱还钱", return_tensors="pt")
    with torch.inference_mode():
        mean = AutoModel.from_pretrained(folder).eval()(**tokens).last_hidden_state[0].mean(dim=0).numpy()
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=1e-5)


def test_what_is_not_there_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match=r"hf download Qwen/Qwen3-Embedding-0\.6B"):
        PooledEmbedder(EmbedderOptions(model="Qwen/Qwen3-Embedding-0.6B", download=False))
    with pytest.raises(ModelUnavailable, match="no folder"):
        PooledEmbedder(EmbedderOptions(model=str(tmp_path / "none")))


def test_pickles_and_code_of_a_checkpoint_are_refused(folder: Path, tmp_path: Path) -> None:
    pickled = Path(shutil.copytree(folder, tmp_path / "pickled"))
    (pickled / "3_Dense").mkdir()
    (pickled / "3_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelUnavailable, match=r"3_Dense/pytorch_model\.bin is not safetensors"):
        PooledEmbedder(EmbedderOptions(model=str(pickled), device="cpu"))
    for weights in (only := Path(shutil.copytree(folder, tmp_path / "only"))).glob("*.safetensors"):
        weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(ModelUnavailable, match="safetensors"):
        PooledEmbedder(EmbedderOptions(model=str(only), device="cpu"))
    coded = Path(shutil.copytree(folder, tmp_path / "coded"))
    ran = tmp_path / "ran"
    (coded / "own.py").write_text(f"import pathlib; pathlib.Path({str(ran)!r}).touch()\nclass Own: ...\n")
    modules = coded / "modules.json"
    modules.write_text(modules.read_text().replace("sentence_transformers.models.Normalize", "own.Own"))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        PooledEmbedder(EmbedderOptions(model=str(coded), device="cpu"))
    assert not ran.exists()
