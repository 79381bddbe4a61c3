"""A checkpoint on its device with the batch that runs it: which attention, which cache, which graphs."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import torch
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from transformers import ContinuousBatchingConfig

from models.contracts import ModelUnavailable
from models.local import attention, formats
from models.local.batching import Batch
from models.local.choosing import Chooser
from models.local.grammar import Grammars
from models.local.loading import Checkpoint, Dtype, choose_device, load, locate
from models.local.quantisation import Quantisation
from models.local.sizing import PAGE, cache_tokens

if TYPE_CHECKING:
    from models.local.adapters import Adapters

logger = logging.getLogger("lexhub")


class Options(BaseModel):
    """`model`: a folder, or a name on the hub (`hub`: its address, when it is a mirror). `sha256`: the only files that
    may be loaded, hex by name, as `lexhub models pin` prints them. `ignore_code`: take transformers' own class though
    the checkpoint brings code. `quantisation`: the weights in 8 or 4 bits. `fast`: what happens on a GPU without flash
    attention; `graphs`: whether decoding steps are CUDA graphs there. `threads`: of a CPU, by default its cores,
    whatever Ray has set for the process. `context` limits the model's own. `cache_bytes`, or `cache_tokens`: how much
    of all requests the cache holds; on a GPU the default is the share `memory` of what is free. `batch_tokens`: the
    most tokens a step reads. `queue`: requests at once, past them ModelOverloaded.
    `template`: values for the chat template. `format`: a format of ours in the template's place. `adapters`: folders of
    LoRA adapters, or names on the hub, by the names that requests give; `adapter_slots` of them are loaded at a time,
    each of a rank up to `adapter_rank`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    revision: str | None = None
    sha256: dict[str, Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(default_factory=dict)
    ignore_code: bool = False
    hub: str | None = None
    download: bool = True
    device: str = "auto"
    dtype: Dtype = "auto"
    quantisation: Quantisation = "none"
    attention: Literal["auto", "sdpa", "paged|eager", "flash_attention_2", "flash_attention_3"] = "auto"
    fast: Literal["warn", "required", "any"] = "warn"
    graphs: bool = True
    threads: int | None = Field(default=None, ge=1)
    context: int | None = Field(default=None, ge=16)
    cache_tokens: int | None = Field(default=None, ge=PAGE)
    cache_bytes: int | None = Field(default=None, ge=1)
    memory: float = Field(default=0.8, gt=0, le=1)
    batch_tokens: int | None = Field(default=None, ge=16)
    queue: int = Field(default=64, ge=1)
    template: dict[str, Any] = Field(default_factory=dict)
    format: Annotated[str, AfterValidator(formats.known)] | None = None
    adapters: dict[Annotated[str, Field(pattern=r"^[\w.-]+$")], str] = Field(default_factory=dict)
    adapter_slots: int = Field(default=4, ge=1)
    adapter_rank: int = Field(default=16, ge=1)


class Engine:
    """A loaded checkpoint with its running batch. `context`: the most tokens of a request, said and to come."""

    def __init__(self, options: Options) -> None:
        """Load and start. Raises ModelUnavailable with the reason when that fails."""
        device = choose_device(options.device)
        if device == "cpu":
            torch.set_num_threads(options.threads or os.cpu_count() or 1)
        folder = locate(options.model, options.revision, options.hub, options.download)
        paged = options.attention == "auto"
        chat_format = formats.find(options.format) if options.format else None
        implementation = "sdpa" if paged else options.attention
        self.checkpoint: Checkpoint = load(
            folder,
            device,
            options.dtype,
            implementation,
            options.context,
            chat_format,
            quantised=options.quantisation,
            sha256=options.sha256,
            ignore_code=options.ignore_code,
        )
        slow = _slow(self.checkpoint, options.attention)
        if slow and options.fast == "required":
            raise ModelUnavailable(f"{options.model}: {slow}, and its card requires the fast path")
        if slow and options.fast == "warn":
            logger.warning("%s will be SLOW on this device: %s", options.model, slow)
        if paged and attention.suits(self.checkpoint.model):
            attention.install(self.checkpoint.model)
        self.grammars = Grammars(self.checkpoint)
        self.chooser = Chooser(self.grammars)
        self.adapters = _adapters(options, folder, self.checkpoint) if options.adapters else None
        graphs = options.graphs and not slow and options.quantisation != "int8"
        config = _config(options, self.checkpoint, graphs)
        rows = self.adapters.rows if self.adapters is not None else None
        self.batch = Batch(self.checkpoint, self.chooser, config, rows)
        self.batch.run()
        # A request that the whole cache cannot hold would end the batch for everybody.
        held = int(self.batch.continuous_batching_config.num_blocks) * PAGE
        self.context = min(self.checkpoint.context, held)


def _adapters(options: Options, base: Path, checkpoint: Checkpoint) -> "Adapters":
    from models.local.adapters import Adapters  # peft takes seconds to import

    folders = {
        name: locate(model, None, options.hub, options.download) for name, model in sorted(options.adapters.items())
    }
    return Adapters(folders, base, checkpoint, options.adapter_slots, options.adapter_rank)


def _slow(checkpoint: Checkpoint, wanted: str) -> str:
    """Why this checkpoint does not run on the fast path of its device; empty when it does, and on a CPU."""
    model = checkpoint.model
    if model.device.type == "cpu" or "flash" in wanted:
        return ""
    if wanted != "auto" or not attention.suits(model):
        return f"attention {wanted} is not paged flash attention"
    size = getattr(model.config.get_text_config(), "head_dim", None) or 64
    error = attention.flash_error(model.device, model.dtype, size)
    return error and f"torch's flash attention for packed sequences cannot be used: {error}"


def _config(options: Options, checkpoint: Checkpoint, graphs: bool) -> ContinuousBatchingConfig:
    on_cpu = checkpoint.model.device.type == "cpu"
    tokens = options.cache_tokens
    if tokens is None and options.cache_bytes is not None:
        most = options.queue * checkpoint.context
        tokens = min(cache_tokens(checkpoint.model.config, options.cache_bytes, checkpoint.model.dtype), most)
    if tokens is None and on_cpu:
        tokens = min(4 * checkpoint.context, 16384)
    return ContinuousBatchingConfig(
        page_size=PAGE,
        num_blocks=None if tokens is None else max(1, tokens // PAGE),
        max_batch_tokens=options.batch_tokens or (1024 if on_cpu else None),
        max_memory_percent=options.memory,
        max_requests_per_batch=options.queue,
        # Keys are shared by the tokens they were made from, whichever adapter made them.
        allow_block_sharing=not options.adapters,
        use_async_batching=False,  # a grammar must know the token before
        use_cuda_graph=(False, graphs and not on_cpu),  # prompts come in every length, a graph of each would not pay
        auto_switch_to_flash=False,  # the kernels would come from the hub
    )
