"""The article role as a deployment of its own, with tiny random checkpoints."""

from pathlib import Path

import psutil
import pytest
import torch
import yaml

from deploy.article import PassageEmbedder
from deploy.learned import knowledge
from deploy.settings import PROFILES
from models.readers import EmbedderOptions
from retrievers import ingest
from tests.models import tiny_readers
from tests.serve.conftest import Launch

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(400)]


def test_a_search_asks_the_role_and_lives_on_without_it(launch: Launch, server_home: Path, tmp_path: Path) -> None:
    encoder, reranker = tiny_readers.embedder(tmp_path / "encoder"), tiny_readers.classifier(tmp_path / "reranker")
    options = EmbedderOptions(model=str(encoder), device="cpu")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model only waits for its threads
    try:
        ingest.rebuild(server_home, knowledge(), embedder=PassageEmbedder(options))
    finally:
        torch.set_num_threads(threads)
    profile = yaml.safe_load((PROFILES / "embedded.yaml").read_text("utf-8"))
    arguments = profile["applications"][0]["args"]
    arguments["article"] = {
        "encoder": {"model": str(encoder), "device": "cpu"},
        "reranker": {"model": str(reranker), "device": "cpu"},
    }
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(profile, allow_unicode=True))
    server = launch(str(tmp_path / "own.yaml"))
    with server.client() as client:

        def search() -> list[dict[str, object]]:
            answer = client.post("/v1/articles/search", json={"query": "朋友借钱不还,借条上没写利息"})
            assert answer.status_code == 200, answer.text
            return list(answer.json()["hits"])

        hits = search()
        assert hits[0]["lacking"] == []
        assert {"reranker", "ranker"} <= hits[0]["scores"].keys()  # type: ignore[attr-defined]
        named = "ServeReplica:lexhub:article"
        [replica] = [one for one in server.family() if one.is_running() and named in " ".join(one.cmdline())]
        replica.suspend()  # as when a device hangs: it neither answers nor dies
        try:
            without = search()
        finally:
            replica.resume()
        assert len(without) == len(hits)
        assert len(without[0]["lacking"]) == 2  # type: ignore[arg-type]
    server.stop()
    assert not psutil.pid_exists(replica.pid)
