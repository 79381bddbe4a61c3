"""The model that an adapter is trained for: its words (cheap), then its frozen weights with a fresh adapter on them."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from pydantic import AfterValidator, Field
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, GenerationConfig

from models.contracts import ModelUnavailable, Value
from models.local import folders, formats, pins
from models.local.architectures import require_causal
from models.local.identity import base_digest
from models.local.loading import Checkpoint, choose_device, locate
from models.local.prompting import disarmed, prompt_ids
from models.training.lora.recipe import BadTraining, Recipe
from models.training.lora.rendering import Writer


class Base(Value):
    """Where the base is, as in a card of `transformers_local`: a folder or a name on the hub, and what its chat
    template is given, or the format of ours that stands in the template's place.
    """

    model: str = Field(min_length=1)
    revision: str | None = None
    hub: str | None = None
    ignore_code: bool = False
    sha256: dict[str, str] = Field(default_factory=dict)
    download: bool = True
    device: str = "auto"
    template: dict[str, Any] = Field(default_factory=dict)
    format: Annotated[str, AfterValidator(formats.known)] | None = None

    @property
    def name(self) -> str:
        """What to call it in public: the hub's name, or the name of its folder without the path."""
        return folder.name if (folder := Path(self.model).resolve()).is_dir() else self.model


@dataclass(frozen=True, slots=True)
class Words:
    """A base without weights: its folder and digest, who writes its prompts, and the tokens that it can hold."""

    folder: Path
    digest: str
    writer: Writer
    context: int


def words(base: Base) -> Words:
    """The base's folder and format. Raises ModelUnavailable when it is not there or cannot be used."""
    folder = locate(base.model, base.revision, base.hub, base.download)
    require_causal(folders.title(folder), folders.inspect(folder, base.ignore_code))
    pins.verify(folder, base.sha256)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False).get_text_config()
        said = GenerationConfig.from_pretrained(folder) if (folder / "generation_config.json").is_file() else config
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelUnavailable(f"{folder.name} cannot be loaded: {_line(error)}") from error
    chat_format = formats.find(base.format) if base.format else None
    if chat_format is None and not tokenizer.chat_template:
        raise ModelUnavailable(f"{folder.name} has no chat template in its tokenizer; name a format")
    if chat_format is not None and chat_format.bos and tokenizer.bos_token_id is None:
        raise ModelUnavailable(f"{folder.name} has no first token, which its format begins with")
    if not getattr(tokenizer, "is_fast", False):
        raise ModelUnavailable(f"{folder.name} has no fast tokenizer (tokenizer.json)")
    given = getattr(said, "eos_token_id", None)
    ends = [token for token in (*(given if isinstance(given, list) else [given]), tokenizer.eos_token_id)]
    known = tuple(dict.fromkeys(token for token in ends if token is not None))
    if not known:
        raise ModelUnavailable(f"{folder.name} names no token that ends an answer")
    context = int(getattr(config, "max_position_embeddings", None) or tokenizer.model_max_length)
    # Writing a prompt takes no weights.
    bare = Checkpoint(None, tokenizer, known, context, chat_format)
    writer = Writer(
        lambda messages: prompt_ids(bare, messages, base.template), lambda text: disarmed(bare, text), tokenizer, known
    )
    return Words(folder, base_digest(folder), writer, context)


def adapted(folder: Path, name: str, device: str, recipe: Recipe) -> Any:
    """The frozen base of `folder` with a fresh adapter, a PeftModel on `device` ("auto" takes a GPU if there is one).

    bfloat16 on a GPU that has it, else float32; the adapter itself is float32. Raises ModelUnavailable when it cannot
    be loaded, BadTraining when no layer has the names of `recipe.targets`.
    """
    device = choose_device(device)
    dtype = torch.bfloat16 if device != "cpu" and torch.cuda.is_bf16_supported() else torch.float32
    four_bits = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=dtype,
            attn_implementation="sdpa",
            device_map={"": device},
            quantization_config=four_bits if recipe.quantised else None,
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelUnavailable(f"{folder.name} cannot be loaded: {_line(error)}") from error
    model.config.use_cache = False
    if recipe.quantised:
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if recipe.checkpointing:
        # transformers 5.23 renamed it; 5.17 knows the old name only.
        enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
        enable({"use_reentrant": False})
    torch.manual_seed(recipe.seed)
    targets = recipe.targets[0] if recipe.targets == ("all-linear",) else list(recipe.targets)
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules=targets,
        task_type="CAUSAL_LM",
    )
    try:
        with warnings.catch_warnings():
            # peft 0.21 still asks by the name that transformers 5.23 renamed.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
            model = get_peft_model(model, config)
    except ValueError as error:
        raise BadTraining(f"targets {', '.join(recipe.targets)}: {_line(error)}") from error
    model.peft_config["default"].base_model_name_or_path = name
    return model


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:400]
