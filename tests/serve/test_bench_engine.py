"""The clients of `lexhub bench engine` against a real server with a tiny random checkpoint as its dialogue model."""

import shutil
from pathlib import Path

import pytest

from deploy.benchmarks.engine import checkpoints, client, server
from deploy.benchmarks.engine.apart import apart
from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Load
from tests.deploy.benchmarks.shapes import TINY

pytestmark = [pytest.mark.serve, pytest.mark.long]


def test_concurrent_streams_of_the_whole_server(server_home: Path, tmp_path: Path) -> None:
    checkpoint = checkpoints.make(TINY, tmp_path / "tiny", "cpu")
    home = tmp_path / "home"
    shutil.copytree(server_home, home)
    load = Load(prompt=48, new=100, requests=2)
    with server.running(server.profile(home, checkpoint, [load], gpus=0)) as url:
        answers = apart(client.ask, url, Prompts(checkpoint).texts(load), load.new)
    assert len(answers) == 2
    for answer in answers:
        assert answer.characters >= load.new  # a token is one or two characters
        assert answer.timeline.sent < answer.timeline.arrivals[0] <= answer.timeline.arrivals[-1]
