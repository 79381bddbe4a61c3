"""What a checkpoint must hold by its configuration, as transformers builds it; nothing of the checkpoint is run."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoConfig, AutoModelForCausalLM
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from models.contracts import BadCheckpoint
from models.conversion.reading import read_json

SHOWN = 5  # names in a message


class Architecture:
    """The causal language model that a folder's config.json describes, without weights.

    `tied` maps each tensor that stands for another one to that one; `embeddings` are those with a row for each token.
    Raises BadCheckpoint for one that transformers does not have itself, or that is quantised.
    """

    def __init__(self, folder: Path) -> None:
        self.settings = read_json(folder / "config.json")
        refuse_code(folder / "config.json", self.settings)
        kind = self.settings.get("model_type")
        if kind not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
            raise BadCheckpoint(
                f"架构 {kind} 不在 transformers 之中,这里不能运行;可由别的服务器提供,再用 http_endpoint 接入"
            )
        if "quantization_config" in self.settings:
            raise BadCheckpoint("量化过的检查点不能转换,请用未量化的权重")
        try:
            self.config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
            with torch.device("meta"):
                model = AutoModelForCausalLM.from_config(copy.deepcopy(self.config), trust_remote_code=False)
        except Exception as error:
            # A configuration can be wrong in as many ways as there are architectures.
            raise BadCheckpoint(f"config.json 不能用: {' '.join(str(error).split())[:300]}") from error
        self.name = type(model).__name__
        self.tied: dict[str, str] = dict(model.all_tied_weights_keys)
        ends = (model.get_input_embeddings(), model.get_output_embeddings())
        self.embeddings = {
            f"{name}.{parameter}"
            for name, module in model.named_modules()
            if any(module is end for end in ends)
            for parameter, _ in module.named_parameters(recurse=False)
        }

    def untied(self, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The tensors without those that only repeat the one they are tied to."""
        return {name: tensor for name, tensor in tensors.items() if not self._repeats(name, tensors)}

    def check(self, tensors: Mapping[str, tuple[torch.Size, torch.dtype]]) -> None:
        """Raise BadCheckpoint unless the shapes are what the architecture loads, no tensor missing or left over."""
        # Loading without data, so that transformers' own renaming and joining (experts) decides what fits.
        state = {name: torch.empty(shape, dtype=dtype, device="meta") for name, (shape, dtype) in tensors.items()}
        try:
            _, found = MODEL_FOR_CAUSAL_LM_MAPPING[type(self.config)].from_pretrained(
                None,
                config=copy.deepcopy(self.config),
                state_dict=state,
                device_map="meta",
                ignore_mismatched_sizes=True,
                output_loading_info=True,
            )
        except RuntimeError as error:
            raise BadCheckpoint(f"张量与架构 {self.name} 不符: {' '.join(str(error).split())[:300]}") from error
        faults = []
        if found["missing_keys"]:
            faults.append(f"缺少 {named(found['missing_keys'])}")
        if found["unexpected_keys"]:
            faults.append(f"多出 {named(found['unexpected_keys'])}")
        if found["mismatched_keys"]:
            rows = (f"{name}(文件 {list(ours)},架构 {list(its)})" for name, ours, its in found["mismatched_keys"])
            faults.append(f"形状不符 {named(rows)}")
        if faults:
            raise BadCheckpoint(f"张量与架构 {self.name} 不符: {';'.join(faults)}")

    def loaded(self, tensors: dict[str, torch.Tensor], dtype: torch.dtype) -> Any:
        """A model in `dtype` with these tensors, which `check` has passed."""
        return MODEL_FOR_CAUSAL_LM_MAPPING[type(self.config)].from_pretrained(
            None, config=copy.deepcopy(self.config), state_dict=dict(tensors), dtype=dtype
        )

    def written(self, dtype: str, rows: int) -> dict[str, Any]:
        """config.json for weights of `dtype` and `rows` tokens; all else is kept."""
        kept = {name: value for name, value in self.settings.items() if name != "torch_dtype"}
        grown = {} if rows == self.config.get_text_config().vocab_size else {"vocab_size": rows}
        return {**kept, "architectures": [self.name], "dtype": dtype, **grown}

    def _repeats(self, name: str, tensors: dict[str, torch.Tensor]) -> bool:
        other = tensors.get(self.tied.get(name, ""))
        if other is None or other.shape != tensors[name].shape:
            return False
        return other.data_ptr() == tensors[name].data_ptr() or torch.equal(other, tensors[name])


def refuse_code(path: Path, settings: Mapping[str, Any]) -> None:
    """Raise BadCheckpoint when a JSON file of a checkpoint asks for the checkpoint's own Python code."""
    if "auto_map" in settings:
        raise BadCheckpoint(
            f"{path.name} 要求运行检查点自带的代码(auto_map),这里从不运行;"
            "如果确知它与 transformers 自带的实现相同,请删去 auto_map 再转换"
        )


def named(names: Iterable[str]) -> str:
    """The names in one line, the first few of them when there are many."""
    rows = sorted(names)
    return "、".join(rows[:SHOWN]) + (f" 等 {len(rows)} 个" if len(rows) > SHOWN else "")
