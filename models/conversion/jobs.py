"""What a conversion is asked and what it tells: plain values that cross the process boundary as JSON. No torch here."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.contracts import BadCheckpoint, Value

Kind = Literal["checkpoint", "delta", "lora"]
Dtype = Literal["bfloat16", "float16", "float32", "keep"]
Progress = Callable[[int, int, str], None]  # done, of how many, of what

ADAPTER_CONFIG = "adapter_config.json"
RECORD = "CONVERSION.json"


class Job(Value):
    """Make `out`, an empty folder, of `source`: a checkpoint, a delta to `base`, or an adapter of `base`.

    `shard_bytes`: the most bytes of a weights file, unless one tensor alone is larger.
    """

    kind: Kind
    source: Path
    base: Path | None
    out: Path
    dtype: Dtype
    shard_bytes: int = Field(gt=0)


class Origin(Value):
    """A folder that weights came from: its name, and the SHA-256 (hex) of each of its weights files."""

    name: str
    files: dict[str, str]


class Record(Value):
    """What CONVERSION.json says. `dtype` is that of most of the weights; `size` in bytes."""

    kind: Kind
    source: Origin
    base: Origin | None
    dtype: str
    tensors: int
    size: int
    torch: str
    transformers: str
    peft: str | None


class Converted(Value):
    """A finished conversion: its record, the SHA-256 (hex) of each file as a card pins it, notes for the user."""

    record: Record
    pins: dict[str, str]
    notes: tuple[str, ...]


def recognised(kind: Kind | Literal["auto"], source: Path, base: Path | None) -> Kind:
    """The kind, told by the files when it is `auto`. Raises BadCheckpoint when it does not go with `base`."""
    adapter = (source / ADAPTER_CONFIG).is_file()
    found: Kind = kind if kind != "auto" else "lora" if adapter else "delta" if base else "checkpoint"
    if found == "lora" and not adapter:
        raise BadCheckpoint(f"{source.name} 里没有 {ADAPTER_CONFIG},不是 peft 适配器")
    if found == "checkpoint" and adapter:
        raise BadCheckpoint(f"{source.name} 是 peft 适配器,不是完整的检查点;请用 --kind lora 并以 --base 给出底座")
    if found == "checkpoint" and base is not None:
        raise BadCheckpoint("完整的检查点不需要底座;差值权重请用 --kind delta")
    if found != "checkpoint" and base is None:
        what = "差值权重" if found == "delta" else "LoRA 适配器"
        raise BadCheckpoint(f"{what}要并入底座,请用 --base 给出底座的文件夹")
    return found
