"""What the tests of models share: requests, and a small trained classifier."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models.contracts import Chunk, GenerationRequest, Generator, Message
from models.training.ngram import TrainingOptions, train
from models.training.sources import Example

Ask = Callable[..., GenerationRequest]

WAGES = ["公司拖欠我工资三个月", "老板不发工资怎么办", "单位一直拖着工资不给", "工资被扣了能要回来吗"]
DIVORCE = ["我想离婚", "老公出轨了我要离婚", "分居两年能离婚吗", "离婚孩子归谁"]
THANKS = ["谢谢你", "你好呀", "今天天气不错", "再见"]


def ask(*texts: str, **values: object) -> GenerationRequest:
    """A request of user messages."""
    messages = tuple(Message(role="user", content=text) for text in texts)
    return GenerationRequest.model_validate({"messages": messages, **values})


async def collect(model: Generator, request: GenerationRequest) -> tuple[str, list[Chunk]]:
    """The whole text, and the chunks it came in."""
    chunks = [chunk async for chunk in model.generate(request)]
    return "".join(chunk.text for chunk in chunks), chunks


async def first(stream: AsyncIterator[Chunk]) -> Chunk:
    """The next chunk of a stream."""
    return await anext(stream)


@pytest.fixture(scope="session")
def ngram_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier for every task of the n-gram backend, trained on a dozen sentences."""
    folder = tmp_path_factory.mktemp("weights")
    law = [*((text, "劳动") for text in WAGES), *((text, "婚姻家庭") for text in DIVORCE)]
    examples = {
        "route": [Example(text, {"consult": 1.0}) for text, _ in law]
        + [Example(text, {"smalltalk": 1.0}) for text in THANKS],
        "field": [Example(text, {field: 1.0}) for text, field in law],
        "articles": [Example(text, {"劳动合同法#85": 1.0}) for text in WAGES]
        + [Example(text, {"民法典#1079": 1.0, "刑法#133-1": 0.1}) for text in DIVORCE],
        "stories": [Example(f"去年的事了，{text}，愁死人", {"劳动法#91": 1.0}) for text in WAGES],
    }
    kinds = {"articles": "centroid", "stories": "centroid"}
    options = TrainingOptions.model_validate({"buckets": 4096, "kinds": kinds})
    train(examples, options).save(folder, "试验模型", "十二句话", {"route": {"top1": 1.0}})
    return folder
