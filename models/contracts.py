"""What the rest of the house may know of models: a request, a stream of chunks, cards, errors.

Pydantic and the standard library only. A *model* is a neural model (or the embedded composer in its place).
"""

from collections.abc import AsyncIterator, Collection
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

Ability = Literal["plan", "keywords", "articles", "facts", "dialogue"]
NEEDED: tuple[Ability, ...] = ("plan", "keywords", "articles", "dialogue")  # facts are also read by rule
ABILITIES: tuple[Ability, ...] = (*NEEDED, "facts")
FinishReason = Literal["stop", "length", "cancelled"]


class ModelError(Exception):
    """Any failure of this package; `code` is stable, positional arguments only so that it survives pickling."""

    code = "model_failed"


class ModelUnavailable(ModelError):
    """The model cannot be loaded or reached now; another candidate or a later try may do."""

    code = "model_unavailable"


class OutOfMemory(ModelUnavailable):
    """The device had no memory left for this request; the model itself goes on or is replaced."""

    code = "model_out_of_memory"


class ModelOverloaded(ModelError):
    """The model's queue is full."""

    code = "model_overloaded"


class DeadlineExceeded(ModelError):
    """The request's deadline passed before the model was done."""

    code = "deadline_exceeded"


class ContextLengthExceeded(ModelError):
    """The messages do not fit the model's context."""

    code = "context_length_exceeded"


class BadRequest(ModelError):
    """The model cannot serve this request at all (no schema support, no log-probabilities)."""

    code = "bad_model_request"


class NoSuchAdapter(BadRequest):
    """The model does not have the adapter that the request names."""

    code = "no_such_adapter"


class BadOutput(ModelError):
    """The model answered, but not in the form that the request demanded."""

    code = "bad_model_output"


class BadCard(ModelError):
    """A model card, or its options, cannot be understood; the message names the card and what is wrong."""

    code = "bad_model_card"


class BadCheckpoint(ModelError):
    """Weights cannot be converted as they are; the message, in Chinese, names the file or tensor and the reason."""

    code = "bad_checkpoint"


class ConversionFailed(ModelError):
    """A conversion ended for a reason outside its weights: no room left, no memory, killed."""

    code = "conversion_failed"


class Value(BaseModel):
    """Base of all values here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Value):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Sampling(Value):
    """How to sample, as in OpenAI's API; a backend that lacks one of these raises BadRequest rather than ignore it.

    `max_tokens` counts new tokens; temperature 0 is greedy. `top_k` 0 and `min_p` 0 are off. The penalties lower the
    scores of tokens already said: `presence_penalty` once, `frequency_penalty` for each time (both subtracted),
    `repetition_penalty` divides and also counts the prompt (1 is off). `logit_bias` is by token id. `logprobs`: how
    many of the likeliest tokens are told beside each chosen one; None tells nothing.
    """

    temperature: float = Field(default=0.0, ge=0, le=2)
    top_p: float = Field(default=1.0, gt=0, le=1)
    top_k: int = Field(default=0, ge=0)
    min_p: float = Field(default=0.0, ge=0, le=1)
    presence_penalty: float = Field(default=0.0, ge=-2, le=2)
    frequency_penalty: float = Field(default=0.0, ge=-2, le=2)
    repetition_penalty: float = Field(default=1.0, gt=0, le=10)
    logit_bias: dict[int, float] = {}
    logprobs: int | None = Field(default=None, ge=0, le=20)
    max_tokens: int = Field(default=1024, ge=1, le=32768)
    stop: tuple[str, ...] = ()
    seed: int | None = None


class Source(Value):
    """An article that an answer may cite: `name` is 《民法典》第一千零七十九条, `excerpt` what is shown of it.

    `quoted` is true for official text (shown in quotation marks), false for a digest (shown as 要旨,非原文).
    """

    id: str
    name: str
    excerpt: str
    quoted: bool


class Ground(Value):
    """One reason of the answer: what the law says for these facts, and the articles that say it."""

    says: str
    sources: tuple[Source, ...]


class Due(Value):
    """The last day of a period: `iso` (a day, month or year), counted from `began`, the date of `event`."""

    iso: str
    event: str
    began: str
    past: bool


class Step(Value):
    """One thing to do: what, where, and by when (empty when no deadline applies); `due` as far as it can be counted."""

    what: str
    where: str = ""
    deadline: str = ""
    due: tuple[Due, ...] = ()

    @property
    def until(self) -> str:
        """The deadline with the last days as counted."""
        days = (
            f"从{one.event}({one.began})算,到{one.iso}为止"
            + (",这一天已过,请马上核对有没有中断、顺延" if one.past else "")
            for one in self.due
        )
        return ";".join([self.deadline, *days])


class Branch(Value):
    """An open fact: `question` in a few words, and what follows from each answer (如果 `when`,则 `then`)."""

    question: str
    ways: tuple[tuple[str, str], ...]


class Working(Value):
    """One step of a calculation: what is worked out, with which figures, what it gives, by which articles."""

    label: str
    working: str
    result: str
    sources: tuple[Source, ...] = ()


class Worked(Value):
    """A calculation as an answer shows it: the figure in one sentence, what it was made from, and every step.

    `assumed` are the things taken for granted, `notes` what else the client must know.
    """

    title: str
    summary: str
    inputs: tuple[str, ...]
    lines: tuple[Working, ...]
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class SimilarCase(Value):
    """A case shown beside the answer. `label` says what it is (教学案例,虚构) and is always shown."""

    id: str
    title: str
    label: str
    outcome: str
    alike: str = ""
    differs: str = ""


class AnswerPlan(Value):
    """An answer as data, made by the orchestrator; a dialogue model puts it into words and adds no law.

    `kind` full is a professional answer, brief one turn of normal mode, lookup an article shown, calculation a figure
    worked out, open a question that no field pack covers. `corrections` (of the client's false premises) and `notices`
    (laws that changed after the corpus was made) are written by the orchestrator itself, ahead of the model's text.
    """

    kind: Literal["full", "brief", "lookup", "calculation", "open"]
    field: str
    cause: str = ""
    facts: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    conclusions: tuple[str, ...] = ()
    calculations: tuple[Worked, ...] = ()
    grounds: tuple[Ground, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    unknowns: tuple[Branch, ...] = ()
    cases: tuple[SimilarCase, ...] = ()


class GenerationRequest(Value):
    """A request to any model.

    `task` says what is asked: an LLM backend frames plan, keywords, articles and facts with its prompt files, and
    dialogue with a `plan` likewise; dialogue without a plan is a plain conversation. `schema_` (JSON key `schema`): a
    JSON schema that the whole output must satisfy. `plan`: the answer plan to put into words. `deadline`: Unix time in
    seconds. `session`: requests that begin alike share one, so that they are asked of a replica that remembers it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = ""
    task: Ability = "dialogue"
    messages: tuple[Message, ...] = Field(min_length=1)
    sampling: Sampling = Sampling()
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    adapter: str | None = None
    plan: AnswerPlan | None = None
    deadline: float | None = None
    session: str = ""


class Usage(Value):
    """Token counts; a backend without tokens counts characters."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Likely(Value):
    """A token that could have come here: its bytes (a token may hold half a character) and log-probability."""

    token: bytes
    logprob: float


class Chosen(Likely):
    """The token that came, and the likeliest ones in its place, best first."""

    top: tuple[Likely, ...] = ()


class Chunk(Value):
    """A piece of output. The last chunk of a stream, and no other, has a `finish_reason` (and its usage).

    `tokens` are those made since the chunk before, when `Sampling.logprobs` asks for them; their bytes, joined over
    the stream, are the text and whatever a stop string or an end token cut off. The log-probabilities are those of
    the scores that the token was chosen from, after grammar, penalties and temperature.
    """

    text: str = ""
    tokens: tuple[Chosen, ...] = ()
    finish_reason: FinishReason | None = None
    usage: Usage | None = None


class Generator(Protocol):
    """A model that can be asked. Concurrent calls are safe; every error is a ModelError."""

    def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the output. Closing the iterator cancels the work; an empty stream never happens."""
        ...

    async def check(self) -> None:
        """Return when the model can serve; raise ModelUnavailable with the reason when it cannot."""
        ...


@runtime_checkable
class Hosted(Generator, Protocol):
    """A Generator that lives in this process: when its `check` fails, another process must take its place."""

    async def load(self) -> None:
        """Load the model, unless that has happened. Raises ModelUnavailable with the reason when it cannot be."""
        ...


@runtime_checkable
class Adaptable(Generator, Protocol):
    """A Generator with adapters in this process, loaded when a request names one, as many at a time as it has slots."""

    @property
    def adapters(self) -> Collection[str]:
        """The names that a request may give."""
        ...

    @property
    def adapter_slots(self) -> int:
        """How many are loaded at a time."""
        ...


class CacheShape(Value):
    """What decides how much cache a token takes: `sliding` of the `layers` keep the last `window` tokens only."""

    layers: int = Field(ge=1)
    kv_heads: int = Field(ge=1)
    head_dim: int = Field(ge=1)
    sliding: int = Field(default=0, ge=0)
    window: int = Field(default=0, ge=0)


class Size(CacheShape):
    """The figures of a checkpoint from which its memory follows, so that they are known before its files are here.

    `parameters`: all of them, tied ones once; `linear`: those in linear layers but the last, which int8 and 4-bit
    loading make smaller. `dtype` is the checkpoint's own, `context` the most tokens it takes.
    """

    parameters: int = Field(ge=1)
    linear: int = Field(ge=0)
    heads: int = Field(ge=1)
    hidden: int = Field(ge=1)
    intermediate: int = Field(ge=1)
    vocab: int = Field(ge=1)
    context: int = Field(ge=1)
    dtype: Literal["float32", "bfloat16", "float16"] = "bfloat16"


class ModelCard(Value):
    """A model that can be chosen: what it is able to do, and what that costs.

    `backend` is a file name in models/backends, `options` are its `build` arguments. `fields` empty means all
    fields of law. `cost` is relative: the cheapest candidate with the same fit wins. `outside` marks an endpoint
    that leaves the operator's machines: identity data is masked before it is asked.
    """

    name: str
    label: str
    backend: str
    abilities: tuple[Ability, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()
    cost: float = Field(default=1.0, ge=0)
    rank: int = 0
    outside: bool = False
    licence: str = ""
    size: Size | None = None
    options: dict[str, Any] = {}
