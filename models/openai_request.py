"""A request as an OpenAI-compatible server wants it. Knows nothing of connections."""

from typing import Any, Literal

from models.contracts import GenerationRequest, Sampling

Structured = Literal["json_schema", "json_object", "prompt", "none"]
# What only some servers know goes out when it differs from the default alone. Temperature is always told: its default
# is greedy here, and 1 in OpenAI's API.
OPTIONAL = (
    "top_p",
    "top_k",
    "min_p",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "seed",
)
_PLAIN = Sampling()


def body(request: GenerationRequest, model: str, structured: Structured, limit: str) -> dict[str, Any]:
    """The JSON of a streaming chat completion. `limit` names the field that takes the most new tokens."""
    sampling = request.sampling
    made: dict[str, Any] = {
        "model": model,
        "messages": [{"role": row.role, "content": row.content} for row in request.messages],
        "temperature": sampling.temperature,
        limit: sampling.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    for name in OPTIONAL:
        if (value := getattr(sampling, name)) != getattr(_PLAIN, name):
            made[name] = value
    if sampling.stop:
        made["stop"] = list(sampling.stop)
    if sampling.logit_bias:
        made["logit_bias"] = {str(token): bias for token, bias in sampling.logit_bias.items()}
    if sampling.logprobs is not None:
        made["logprobs"] = True
        if sampling.logprobs:
            made["top_logprobs"] = sampling.logprobs
    if request.schema_ is not None and structured == "json_schema":
        form = {"name": "output", "schema": request.schema_, "strict": True}
        made["response_format"] = {"type": "json_schema", "json_schema": form}
    if request.schema_ is not None and structured == "json_object":
        made["response_format"] = {"type": "json_object"}
    return made
