"""vLLM, where it is installed: its offline engine on the same checkpoint and prompts, without a cache of beginnings."""

import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Figures, Load, median


def installed() -> bool:
    """Whether vLLM can be imported."""
    return find_spec("vllm") is not None


def measure(folder: Path, loads: Sequence[Load], repeat: int) -> list[Figures]:
    """Every load `repeat` times; the median run of each. Only rates: offline, vLLM answers when all are done."""
    from vllm import LLM, SamplingParams  # type: ignore[import-not-found]

    longest = max(load.prompt + load.new for load in loads)
    engine = LLM(
        model=str(folder),
        max_model_len=longest,
        max_num_seqs=max(load.requests for load in loads),
        enable_prefix_caching=False,
        trust_remote_code=False,
    )
    prompts = Prompts(folder)
    measured = []
    for load in loads:
        params = SamplingParams(temperature=0.0, max_tokens=load.new, ignore_eos=True)
        runs = []
        for at in range(repeat + 1):
            asked = [{"prompt_token_ids": prompts.ids(text)} for text in prompts.texts(load)]
            began = time.perf_counter()
            outputs = engine.generate(asked, params, use_tqdm=False)
            seconds = time.perf_counter() - began
            made = sum(len(one.outputs[0].token_ids) for one in outputs)
            if at:  # the first warms up
                runs.append(Figures(load, seconds, made / seconds, None, None, None, None, None))
        measured.append(median(runs))
    return measured
