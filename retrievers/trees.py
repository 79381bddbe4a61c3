"""LightGBM, loaded when it is first needed: trees as plain text, for whoever ranks."""

import ctypes
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def lightgbm() -> Any:
    """The library. Machines without OpenMP's runtime have it in torch, under the name that LightGBM asks for."""
    try:
        import lightgbm as library
    except OSError:
        spec = find_spec("torch")
        if spec is None or spec.origin is None:
            raise
        ctypes.CDLL(str(Path(spec.origin).parent / "lib" / "libgomp.so.1"), mode=ctypes.RTLD_GLOBAL)
        import lightgbm as library
    return library
