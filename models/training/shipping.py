"""Writes a trained model as it ships: tensors, what they mean, and the model card."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import save_file


def write(
    folder: Path, tensors: Mapping[str, NDArray[Any]], card: Sequence[str], labels: Mapping[str, Any] | None = None
) -> None:
    """Write model.safetensors, README.md with the lines of `card`, and `labels` as labels.json where they are given.

    The folder is made if needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # safetensors leaves it readable to its maker only
    (folder / "README.md").write_text("\n".join(card), "utf-8")
    if labels is not None:
        (folder / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=1) + "\n", "utf-8")
