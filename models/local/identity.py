"""Which checkpoint a folder holds, told without reading gigabytes: an adapter fits the base it was trained on."""

import hashlib
from pathlib import Path

from models.contracts import ModelUnavailable


def base_digest(folder: Path) -> str:
    """SHA-256 over config.json and the names and sizes of the folder's safetensors, as 64 hexadecimal digits.

    Raises ModelUnavailable for a folder without either. The weights themselves are not read.
    """
    config, weights = folder / "config.json", sorted(folder.glob("*.safetensors"))
    if not config.is_file() or not weights:
        raise ModelUnavailable(f"{folder.name} holds no checkpoint (config.json and *.safetensors)")
    digest = hashlib.sha256(config.read_bytes())
    for path in weights:
        digest.update(f"\n{path.name} {path.stat().st_size}".encode())
    return digest.hexdigest()
