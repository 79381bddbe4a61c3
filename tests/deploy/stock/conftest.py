"""The real API on a real socket for stock clients: one with the embedded models and keys, one with a language model."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from deploy import settings
from deploy.api import build_api
from models.contracts import ModelCard
from orchestrator.services import Services
from tests.deploy.sockets import served
from tests.models import tiny
from tests.orchestrator.doubles import Pool, card

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
MORE = "没约定利息,还款日是2025年3月,上个月微信上催过他还钱,他承认是借的,一分没还过,借去做生意,没有担保人,还没起诉"
KEY, HURRIED = "sk-stock", "sk-hurried"


def _key(name: str, text: str, **more: object) -> dict[str, object]:
    return {"name": name, "sha256": hashlib.sha256(text.encode()).hexdigest(), **more}


@pytest.fixture(scope="session")
def base_url(shared: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded models; KEY may do what clients do, HURRIED only once a minute."""
    keys = [_key("stock", KEY), _key("hurried", HURRIED, per_minute=1)]
    given = {"home": str(tmp_path_factory.mktemp("stock")), "api_keys": keys}
    with served(build_api(settings.load("embedded", given), shared)) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="session")
def tiny_card(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    """A tiny random language model of the local backend: it says nonsense, but in the form that a schema asks for."""
    folder = tiny.checkpoint(tmp_path_factory.mktemp("tiny"), context=4096)
    return card("tiny", "dialogue", backend="transformers_local", options={"model": str(folder), "dtype": "float32"})


@pytest.fixture(scope="session")
def language_url(shared: Services, tiny_card: ModelCard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The expert `dialogue` on that language model."""
    given = {"home": str(tmp_path_factory.mktemp("language")), "api_keys": [_key("stock", KEY)]}
    services = replace(shared, models=Pool(tiny_card))
    with served(build_api(settings.load("embedded", given), services)) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="session")
def readable(tiny_card: ModelCard) -> dict[str, int]:
    """A bias against tokens that are no readable text: answers with those are not sent."""
    tokens = AutoTokenizer.from_pretrained(Path(str(tiny_card.options["model"])))
    said = (tokens.decode([token]) for token in range(tiny.ROWS))
    unreadable = (at for at, text in enumerate(said) if not text or not text.isprintable() or "\ufffd" in text)
    return {str(token): -100 for token in unreadable}


@pytest.fixture(autouse=True)
def _no_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No client reports to its maker, and none takes a key or an address from this machine's environment."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "false")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROXY", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
