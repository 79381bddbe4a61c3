"""Tiny random checkpoints that embed and rerank, made on the spot."""

import json
from pathlib import Path

import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertTokenizerFast,
    Qwen3ForCausalLM,
)

from tests.models import tiny

QUERY = "Instruct: find the law\nQuery:"


def embedder(folder: Path, seed: int = 0) -> Path:
    """A Qwen3 with the modules of sentence-transformers: last token, normalised, a prompt for questions."""
    tiny.checkpoint(folder)
    if seed:
        _stirred(folder, seed)
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    rows = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": 64, "pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    prompts = {"prompts": {"query": QUERY, "document": ""}, "default_prompt_name": None}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    return folder


def yes_no(folder: Path) -> Path:
    """A Qwen3 that says yes or no, without modules or a template for pairs."""
    tiny.checkpoint(folder, context=2048)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["yes", "no"])
    tokenizer.save_pretrained(folder)
    return folder


def classifier(folder: Path, labels: int = 1) -> Path:
    """A BERT over single characters that gives each pair a score for each label."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(tiny.CORPUS) + "借钱租房还押金合同法"))]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        num_labels=labels,
    )
    model = BertForSequenceClassification(config)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    return folder


def _stirred(folder: Path, seed: int) -> None:
    """Other weights in the same checkpoint."""
    model = Qwen3ForCausalLM.from_pretrained(folder)
    torch.manual_seed(seed)
    torch.nn.init.normal_(model.model.embed_tokens.weight, std=0.3)
    model.save_pretrained(folder)
