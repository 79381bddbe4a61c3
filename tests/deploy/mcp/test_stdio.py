"""`lexhub mcp` as a process of its own, with the SDK's client."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from deploy.mcp import within
from tests.deploy.mcp.conftest import refused, told

STORY = "我借给朋友五万元,他不还"
ROOT = Path(__file__).parents[3]
# Read by Python before anything else: whatever leaves this machine ends the process.
GUARD = """
import os, socket
connect = socket.socket.connect
def guarded(self, address):
    if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1")):
        os._exit(77)
    connect(self, address)
socket.socket.connect = guarded
"""


@pytest.fixture
def environment(own_home: Path, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join((str(tmp_path / "guard"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "LEXHUB_HOME": str(own_home)}


def command(environment: dict[str, str], *arguments: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable, args=["-m", "deploy.cli", "mcp", *arguments], env=environment, cwd=str(ROOT)
    )


@pytest.mark.long
async def test_a_consultation_over_the_standard_streams(environment: dict[str, str]) -> None:
    async with Client(command(environment)) as made:
        assert (await told(made, "get_article", law="劳动合同法", number="82"))["article"]["status"] == "in_force"
        first = await told(made, "consult", content=STORY)
        assert first["status"] == "question"
        answer = await told(made, "consult", consultation=first["consultation"], content="没有借条", questions="skip")
        assert answer["status"] == "answer"
        assert (await refused(made, "get_article", law="民法典", number="9999"))["code"] == "no_such_article"
        assert (await refused(made, "consult", consultation="nobody", content="x"))["code"] == "session_not_found"
    # What was said is in the home, for the same user's next agent.
    async with Client(command(environment)) as again:
        further = await told(again, "consult", consultation=first["consultation"], content="他失踪了怎么办?")
        assert further["consultation"] == first["consultation"]
    async with Client(command(environment, "--subject", "somebody")) as other:
        gone = await refused(other, "consult", consultation=first["consultation"], content="x")
        assert gone["code"] == "session_not_found"


def test_nothing_but_messages_is_printed_and_the_end_of_input_is_the_end(environment: dict[str, str]) -> None:
    messages: list[dict[str, Any]] = [
        {
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"},
            },
        },
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "mcp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(json.dumps(one) + "\n" for one in messages) + "not json\n")
    process.stdin.flush()
    heard = [json.loads(process.stdout.readline()) for _ in range(2)]
    rest, _ = process.communicate(timeout=60)
    assert {one["id"] for one in heard} == {1, 2}
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest.splitlines())
    assert process.returncode == 0


@pytest.mark.long
async def test_a_server_elsewhere_is_asked_with_a_key(url: str, environment: dict[str, str]) -> None:
    given = {**environment, "LEXHUB_API_KEY": "mine"}
    async with Client(command(given, "--url", url)) as made:
        assert (await told(made, "get_article", law="民法典", number="1079"))["reaches"]
        assert (await told(made, "consult", content=STORY, questions="skip"))["status"] == "answer"
    async with Client(command({**environment, "LEXHUB_API_KEY": "wrong"}, "--url", url)) as made:
        assert (await refused(made, "find_articles", query=STORY))["code"] == "invalid_api_key"
    async with Client(command(given, "--url", "http://127.0.0.1:9")) as made:
        assert (await refused(made, "find_articles", query=STORY))["code"] == "unreachable"


async def test_damaged_settings_are_told_on_standard_error(environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli", "mcp", "--profile", "nothing",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT,
    )  # fmt: skip
    out, error = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert b"bad_settings" in error


def test_the_address_inside_is_nobodys() -> None:
    assert within.BASE.endswith(".internal")
