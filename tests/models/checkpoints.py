"""Tiny random checkpoints of the architectures that cards name, with the two kinds of tokenizers, made on the spot."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from tokenizers.trainers import BpeTrainer
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

CONTEXT = 512
BYTES = range(3, 259)  # SentencePiece's tokens for single bytes; at random they are no characters
CORPUS = (
    "你好,我想咨询一下离婚的问题。",
    "公司拖欠工资怎么办?先收集证据,再申请劳动仲裁。",
    "### Human: hello\n### Assistant: hello",
    "Consult:\n请讲\nResponse:\n好的",
)


def byte_level(folder: Path, specials: Sequence[str], end: str, template: str) -> None:
    """A tokenizer.json over bytes, as Qwen, LLaMA 3 and GLM have, with a chat template."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=380,
        special_tokens=list(specials),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end)
    fast.chat_template = template
    fast.save_pretrained(folder)


def pieces(folder: Path, settings: dict[str, Any]) -> None:
    """A tokenizer.model and no tokenizer.json, as LLaMA 1 and InternLM3 have. Tokens 0 to 2 are <unk>, <s>, </s>."""
    written = BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 3),
        model_writer=written,
        model_type="bpe",
        vocab_size=380,
        hard_vocab_limit=False,
        byte_fallback=True,
        character_coverage=1.0,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        num_threads=1,
        minloglevel=2,
    )
    (folder / "tokenizer.model").write_bytes(written.getvalue())
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")


def reader(folder: Path) -> sentencepiece.SentencePieceProcessor:
    """SentencePiece's own reading of the tokenizer.model in `folder`."""
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))


def network(folder: Path, kind: str, ends: list[int], silent: range = range(0), **changes: Any) -> None:
    """A random network of transformers' model type `kind`; its answers end with one of `ends`, never say `silent`."""
    values = {
        "vocab_size": 448,  # more rows than tokens, as real checkpoints have
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "max_position_embeddings": CONTEXT,
        "bos_token_id": None,
        "eos_token_id": ends,
        "pad_token_id": None,
    }
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **values | changes))
    # Larger weights than the usual ones, so that the most likely tokens differ from place to place.
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    with torch.no_grad():
        model.get_output_embeddings().weight[list(silent)] = 0
    model.generation_config.eos_token_id = ends
    model.save_pretrained(folder)


def remote(folder: Path, **code: str) -> None:
    """Let config.json name code of the checkpoint itself, as on the hub; it must never be looked for."""
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"auto_map": code}), "utf-8")
