"""Assembly: from settings to a Serve application, and what stops a start."""

import shutil
from pathlib import Path

import pytest

from deploy import app, server, serving, settings
from retrievers.contracts import CorruptIndex


def test_one_deployment_for_each_part(tmp_path: Path) -> None:
    built = app.build_app({**settings.load("embedded", {"home": str(tmp_path)}).model_dump(mode="json")})
    assert built._bound_deployment.name == "ingress"
    cards, places, models, retriever, article = built._bound_deployment.init_args[1:6]
    assert (models, retriever, article) == ({}, None, None)  # the ingress hosts them itself
    assert places == dict.fromkeys(cards, "ingress")
    apart = app.build_app(settings.load("cluster", {"home": str(tmp_path)}).model_dump(mode="json"))
    hosted = {name: one._bound_deployment.name for name, one in apart._bound_deployment.init_args[3].items()}
    searching, reading = apart._bound_deployment.init_args[4:6]
    assert searching._bound_deployment.name == "retriever" and reading is None
    assert hosted["qwen3-8b"] == "model-dialogue" and hosted["composer"] == "model-composer"


def test_a_damaged_corpus_stops_the_start_with_its_name(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "corpora", tmp_path / "corpora")
    damaged = next((tmp_path / "corpora" / "laws" / "generations").glob("*/passages.sqlite"))
    damaged.write_bytes(damaged.read_bytes()[:-4096])
    with pytest.raises(CorruptIndex, match="passages"):
        server.check_home(settings.load("embedded", {"home": str(tmp_path)}))


def test_a_taken_port_is_said() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(settings.BadSettings, match="LEXHUB_PORT"):
            server._port_is_free("127.0.0.1", taken.getsockname()[1])


def test_the_reason_of_a_failed_start_is_the_error_at_its_end() -> None:
    trace = (
        "Replica failed to start.\n  File x, line 3\nmodels.contracts.ModelUnavailable: tiny cannot be loaded: cut\n"
    )
    assert serving.reason(["Deploying failed.", trace]) == "tiny cannot be loaded: cut"
    assert serving.reason(["a  b\nRuntimeError: c"]) == "a b RuntimeError: c"


def test_replicas_of_a_cluster_are_placed_and_updated_as_told(tmp_path: Path) -> None:
    told = {"labels": {"tier": "web"}, "per_node": 1, "replicas": 2, "most": 6, "surge": 50, "cpus": 2}
    args = settings.load("cluster", {"home": str(tmp_path), "ingress": told, "limits": {"turn": 90, "model": 40}})
    built = app.build_app(args.model_dump(mode="json"))._bound_deployment
    assert built.ray_actor_options == {"num_cpus": 2, "num_gpus": 0, "label_selector": {"tier": "web"}}
    assert built._replica_config.max_replicas_per_node == 1
    scaling = built._deployment_config.autoscaling_config
    assert (scaling.min_replicas, scaling.max_replicas) == (2, 6)
    assert built._deployment_config.max_surge_percent == 50
    # What goes finishes what it has in hand, as long as that may take.
    assert built._deployment_config.graceful_shutdown_timeout_s == 90


def test_without_a_cluster_the_way_to_one_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ray

    from deploy import cluster

    def none(**more: object) -> None:
        raise ConnectionError("Could not find any running Ray instance.")

    monkeypatch.setattr(ray, "init", none)
    with pytest.raises(settings.BadSettings, match="ray start --head"):
        cluster.deploy(settings.load("cluster", {"home": str(tmp_path)}))
