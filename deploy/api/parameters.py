"""The parameters of a chat completion as OpenAI's API has them: which are taken, which refused, and by which model.

A consultation (`lexhub`, `lexhub-normal`) decides for itself how its models are asked: temperature, top_p, top_k,
min_p, the penalties, seed and the limits of tokens have no effect on it. What would change the meaning of its answer
when ignored is refused: `stop`, `n`, `logit_bias`, `logprobs`, `response_format`. The experts take them all, except
that `keyword` always answers in its own JSON.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from deploy.api.errors import ApiError
from models import structured
from models.contracts import BadRequest, Sampling

MODELS = {
    "lexhub": "法律咨询(专业模式:必要时追问)",
    "lexhub-normal": "法律咨询(普通模式:直接答复)",
    "dialogue": "对话模型(专家直连)",
    "keyword": "关键词模型(专家直连)",
}
EXPERTS = ("dialogue", "keyword")
REFUSED = ("tools", "tool_choice", "functions", "function_call", "audio", "web_search_options")
REFUSED_IN_CONSULTATIONS = ("stop", "logit_bias", "logprobs", "top_logprobs")
IGNORED_IN_CONSULTATIONS = (
    "temperature",
    "top_p",
    "max_tokens",
    "max_completion_tokens",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "top_k",
    "min_p",
    "repetition_penalty",
)
MOST_CHOICES = 16


class Part(BaseModel):
    """A part of a message. Only text is taken; a refusal is what an assistant said instead of one."""

    type: str = Field(max_length=60)
    text: str | None = None


class ChatMessage(BaseModel):
    """One message. The content of assistant messages is not trusted: it only counts the rounds."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None
    tool_calls: list[Any] | None = None
    function_call: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The text of all parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text is not None)
        return self.content or ""

    def require_text(self, number: int) -> None:
        """Raise ApiError for a message that is no text: of a tool, with images or sound, or empty where none may be."""
        if self.role in ("tool", "function") or self.tool_calls or self.function_call:
            raise ApiError("unsupported_parameter", f"不支持工具调用,而第 {number} 条消息是工具的。", "messages")
        for part in self.content if isinstance(self.content, list) else []:
            if part.type not in ("text", "refusal"):
                told = f"只接受文字,而第 {number} 条消息中有 {part.type}。请用文字写出图片或文件中与问题有关的内容。"
                raise ApiError("unsupported_parameter", told, "messages")
            if part.type == "text" and part.text is None:
                raise ApiError("invalid_request", f"第 {number} 条消息中有一段没有 text。", "messages")
        if self.content is None and self.role != "assistant":
            raise ApiError("invalid_request", f"第 {number} 条消息没有 content。", "messages")


class StreamOptions(BaseModel):
    """What a stream tells besides; other options are ignored."""

    include_usage: bool = False


class SchemaFormat(BaseModel):
    """A named JSON schema; the output follows it whether or not `strict` says so."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str | None = None
    schema_: dict[str, Any] = Field(alias="schema")
    strict: bool | None = None


class ResponseFormat(BaseModel):
    """The form of the output: text, any JSON object, or JSON of a schema."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: SchemaFormat | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.type == "json_schema" and self.json_schema is None:
            raise ValueError("json_schema is missing")
        return self

    @property
    def schema_(self) -> dict[str, Any] | None:
        """The JSON schema of the output; None for text."""
        if self.json_schema is not None and self.type == "json_schema":
            return self.json_schema.schema_
        return {"type": "object"} if self.type == "json_object" else None


def _listed(stop: Any) -> Any:
    return [stop] if isinstance(stop, str) else stop


class ChatRequest(BaseModel):
    """对话补全的参数,同 OpenAI;另有常见的扩展 top_k、min_p、repetition_penalty。

    咨询模型(lexhub、lexhub-normal)自行决定如何调用模型:temperature、top_p、top_k、min_p、seed、max_tokens、
    max_completion_tokens、presence_penalty、frequency_penalty、repetition_penalty 对它们不起作用;stop、logit_bias、
    logprobs、n、response_format 不能照办,会被拒绝。专家模型(dialogue、keyword)全部支持,温度默认为 0;keyword 的输出
    格式是固定的 JSON。`dialogue:名称` 使用该名称的 LoRA 适配器。未列出的参数不起作用;图片、工具调用等做不到的会被拒绝。
    """

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=200)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=-1)
    min_p: float | None = Field(default=None, ge=0, le=1)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    repetition_penalty: float | None = Field(default=None, gt=0, le=10)
    logit_bias: dict[int, Annotated[float, Field(ge=-100, le=100)]] | None = Field(default=None, max_length=1024)
    logprobs: bool | None = None
    top_logprobs: int | None = Field(default=None, ge=0, le=20)
    max_tokens: int | None = Field(default=None, ge=1, le=32768)
    max_completion_tokens: int | None = Field(default=None, ge=1, le=32768)
    n: int | None = Field(default=None, ge=1, le=MOST_CHOICES)
    stop: Annotated[list[Annotated[str, Field(min_length=1)]] | None, BeforeValidator(_listed)] = Field(
        default=None, max_length=4
    )
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    response_format: ResponseFormat | None = None

    @property
    def expert(self) -> str:
        """The model without the adapter's name."""
        return self.model.partition(":")[0]

    @property
    def adapter(self) -> str | None:
        """The adapter that the model's name asks for: `dialogue:NAME`."""
        return self.model.partition(":")[2] or None

    @property
    def choices(self) -> int:
        """How many answers are asked for."""
        return self.n or 1

    @property
    def schema_(self) -> dict[str, Any] | None:
        """The JSON schema that the output must follow; None for text."""
        return self.response_format.schema_ if self.response_format else None

    def sampling(self, choice: int) -> Sampling:
        """How to sample the choice of that number: each has a seed of its own, counted from the one given."""
        given = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": None if self.top_k == -1 else self.top_k,  # as vLLM's clients say that it is off
            "min_p": self.min_p,
            "presence_penalty": self.presence_penalty,
            "frequency_penalty": self.frequency_penalty,
            "repetition_penalty": self.repetition_penalty,
            "logit_bias": self.logit_bias,
            "logprobs": (self.top_logprobs or 0) if self.logprobs else None,
            "max_tokens": self.max_completion_tokens or self.max_tokens,
            "stop": tuple(self.stop or ()),
            "seed": None if self.seed is None else self.seed + choice,
        }
        return Sampling.model_validate({name: value for name, value in given.items() if value is not None})

    def require_possible(self) -> None:
        """Raise ApiError for a model that there is not, and for what the model asked for cannot honour."""
        known = self.expert in MODELS and (self.model == self.expert or (self.expert in EXPERTS and self.adapter))
        if not known:
            raise ApiError("no_such_model", f"没有模型 {self.model[:40]};可用:{'、'.join(MODELS)}。", "model")
        for name in REFUSED:
            if (self.model_extra or {}).get(name) not in (None, "none", [], {}, ""):
                raise ApiError("unsupported_parameter", f"不支持参数 {name}。", name)
        for number, message in enumerate(self.messages, 1):
            message.require_text(number)
        if self.top_logprobs is not None and not self.logprobs:
            raise ApiError("invalid_request", "top_logprobs 需要 logprobs 为 true。", "top_logprobs")
        if self.expert not in EXPERTS:
            self._require_consultation()
        elif self.expert == "keyword" and self.response_format and self.response_format.type == "json_schema":
            raise ApiError(
                "unsupported_parameter", "keyword 的输出格式是固定的,不接受 json_schema。", "response_format"
            )
        if self.schema_ is not None:
            try:
                structured.require(self.schema_)
            except BadRequest as error:
                raise ApiError("invalid_request", f"JSON Schema 无效:{error}", "response_format") from error

    def _require_consultation(self) -> None:
        asked = [name for name in REFUSED_IN_CONSULTATIONS if getattr(self, name)]
        if self.choices > 1:
            asked.append("n")
        if self.schema_ is not None:
            asked.append("response_format")
        if asked:
            raise ApiError("unsupported_parameter", f"咨询模型 {self.model} 不支持参数 {asked[0]}。", asked[0])
