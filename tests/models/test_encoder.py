"""The static encoder: trained from scratch, saved, read without torch, and the same as sentence-transformers' own."""

from pathlib import Path

import numpy as np
import pytest

from models.contracts import ModelUnavailable
from models.embedders.static import StaticEncoder
from models.training import encoder as recipe
from models.training.encoder import EncoderOptions, Pairs

TEXTS = [f"出借{thing}的人可以要求借用人归还{thing}" for thing in ("灯笼", "风筝", "纸船", "陶罐", "竹椅", "草帽")]
SAID = [f"{thing}被拿走了不还我怎么办" for thing in ("灯笼", "风筝", "纸船", "陶罐", "竹椅", "草帽")]
OPTIONS = EncoderOptions(vocabulary=300, dimensions=16, batch=6, steps=40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("encoder")
    cutter = recipe.tokenizer(iter(TEXTS + SAID), OPTIONS)
    rows = [(said, text, text) for said, text in zip(SAID, TEXTS, strict=True)]
    seen: list[tuple[int, int]] = []
    made = recipe.train(cutter, {"asked": Pairs(rows, 1.0)}, OPTIONS, lambda *step: seen.append(step))
    recipe.save(made, path, OPTIONS, {"asked": len(rows)})
    assert seen[-1] == (40, 40)
    return path


def test_questions_find_their_texts(folder: Path) -> None:
    encoder = StaticEncoder(folder)
    near = encoder.encode(SAID) @ encoder.encode(TEXTS).T
    assert near.argmax(axis=1).tolist() == list(range(6))
    assert near.shape == (6, 6) and encoder.dimensions == 16
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1, atol=1e-5)


def test_a_text_without_a_known_token_has_no_direction(folder: Path) -> None:
    assert not StaticEncoder(folder).encode(["", "。。。"]).any()


def test_sentence_transformers_reads_the_same_vectors(folder: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    module = StaticEmbedding.load(str(folder))
    theirs = module(module.preprocess(TEXTS))["sentence_embedding"].detach().float().numpy()
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    np.testing.assert_allclose(StaticEncoder(folder).encode(TEXTS), theirs, atol=2e-3)


def test_the_digest_names_the_weights_and_a_damaged_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    assert StaticEncoder(tmp_path).digest == StaticEncoder(folder).digest
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-7])
    with pytest.raises(ModelUnavailable, match="train encoder"):
        StaticEncoder(tmp_path)
    with pytest.raises(ModelUnavailable):
        StaticEncoder(tmp_path / "absent")


def test_numbers_are_one_sign_and_marks_are_none(folder: Path) -> None:
    encoder = StaticEncoder(folder)
    same = encoder.encode(["借了3天", "借了12.5天", "借了,3天!"])
    np.testing.assert_allclose(same[0], same[1], atol=1e-6)
    np.testing.assert_allclose(same[0], same[2], atol=1e-6)


def test_the_shipped_encoder_knows_what_people_mean() -> None:
    encoder = StaticEncoder()
    asked, wage, divorce = encoder.encode(["老板不给我发工资", "用人单位拖欠劳动报酬", "夫妻感情确已破裂准予离婚"])
    assert asked @ wage > asked @ divorce + 0.1
