"""What `lexhub train lora` writes is what a card's `adapters` take."""

from pathlib import Path

import pytest

from models.backends import transformers_local
from models.contracts import ModelUnavailable, Sampling
from tests.models import tiny
from tests.models.conftest import ask, collect
from tests.models.training.conftest import TAUGHT, Made


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")
async def test_an_adapter_trained_here_is_served_on_its_base_only(
    folder: Path, made: Made, held_out: Path, tmp_path: Path
) -> None:
    out = tmp_path / "adapter"
    made(out, held_out, epochs=40, batch=8, accumulate=1, learning_rate=2e-2, dropout=0.0, rank=16)
    options = {"model": str(folder), "dtype": "float32", "adapters": {"taught": str(out)}}
    model = transformers_local.build(options)
    for question, answer in TAUGHT.items():
        asked = ask(question, sampling=Sampling(max_tokens=40))
        assert (await collect(model, asked.model_copy(update={"adapter": "taught"})))[0] == answer
        assert (await collect(model, asked))[0] != answer
    await model.aclose()
    other = tiny.checkpoint(tmp_path / "other", context=64)
    with pytest.raises(ModelUnavailable, match="another base"):
        await transformers_local.build({**options, "model": str(other)}).load()
