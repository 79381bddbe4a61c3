"""Assembly: from settings to a Serve application, and what stops a start."""

import shutil
from pathlib import Path

import pytest

from deploy import app, server, settings
from retrievers.contracts import CorruptIndex


def test_one_deployment_for_each_part(tmp_path: Path) -> None:
    built = app.build_app({**settings.load("embedded", {"home": str(tmp_path)}).model_dump(mode="json")})
    assert built._bound_deployment.name == "ingress"


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
    assert server.reason(["Deploying failed.", trace]) == "tiny cannot be loaded: cut"
    assert server.reason(["a  b\nRuntimeError: c"]) == "a b RuntimeError: c"
