from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from deploy.benchmarks.engine import checkpoints, vocabulary
from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Load
from tests.deploy.benchmarks.shapes import TINY


def test_transformers_loads_what_was_written(checkpoint: Path) -> None:
    model, loading = AutoModelForCausalLM.from_pretrained(checkpoint, use_safetensors=True, output_loading_info=True)
    assert not loading["missing_keys"] and not loading["unexpected_keys"]
    assert sum(one.numel() for one in model.parameters()) == TINY.parameters
    assert model.dtype == torch.float32


def test_a_random_model_never_ends_by_itself(checkpoint: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(checkpoint, use_safetensors=True)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    end = tokenizer.eos_token_id
    assert model.generation_config.eos_token_id == end
    prompt = torch.tensor([Prompts(checkpoint).ids("甲乙丙")])
    made = model.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=100)
    assert made.shape[1] == prompt.shape[1] + 100
    scores = model(prompt).logits[0]
    assert scores[:, -len(vocabulary.SPECIALS) :].abs().max() == 0
    assert (scores[1:].max(dim=-1).values > 0).all()  # alone, the first token, a special one, says nothing


def test_separate_embeddings_in_half_precision(tmp_path: Path) -> None:
    shape = replace(TINY, tied=False, dtype="bfloat16")
    folder = checkpoints.make(shape, tmp_path / "untied", "cpu")
    model, loading = AutoModelForCausalLM.from_pretrained(folder, dtype="auto", output_loading_info=True)
    assert not loading["missing_keys"] and not loading["unexpected_keys"]
    assert model.dtype == torch.bfloat16
    assert sum(one.numel() for one in model.parameters()) == shape.parameters
    ends = slice(-len(vocabulary.SPECIALS), None)
    assert model.get_output_embeddings().weight[ends].abs().max() == 0
    assert model.get_input_embeddings().weight[ends].abs().max() > 0


def test_large_checkpoints_are_written_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SHARD", 1_000_000)
    folder = checkpoints.make(TINY, tmp_path / "many", "cpu")
    files = sorted(folder.glob("*.safetensors"))
    assert len(files) > 1
    _, loading = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, output_loading_info=True)
    assert not loading["missing_keys"]
    before = [file.stat().st_mtime_ns for file in files]
    checkpoints.make(TINY, folder, "cpu")
    assert [file.stat().st_mtime_ns for file in files] == before


@pytest.mark.parametrize("size", [21_700, 22_400, 40_000])
def test_a_vocabulary_has_the_size_asked_for_and_keeps_text(size: int) -> None:
    tokenizer = vocabulary.tokenizer(size)
    assert len(tokenizer) == size
    text = 'hello {"term":"拖欠工资"}\n第三行,一二三。😀'
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_random_tokens_read_as_text_and_end_lines() -> None:
    tokenizer = vocabulary.tokenizer(30_000)
    texts = [tokenizer.decode([id]) for id in range(len(tokenizer))]
    whole = [text for text in texts if "�" not in text]
    assert len(whole) > 0.95 * len(texts)
    assert sum("\n" in text for text in texts) == pytest.approx(30_000 / vocabulary.LINE, rel=0.02)


def test_a_vocabulary_too_small_for_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="needs at least"):
        vocabulary.tokenizer(1000)


def test_prompts_have_exactly_the_tokens_asked_for_and_differ(checkpoint: Path) -> None:
    prompts = Prompts(checkpoint)
    texts = [*prompts.texts(Load(64, 8, 3)), *prompts.texts(Load(64, 8, 3))]
    assert {len(prompts.ids(text)) for text in texts} == {64}
    assert len({text[:8] for text in texts}) == 6
    with pytest.raises(ValueError, match="chat template"):
        prompts.texts(Load(8, 8, 1))
